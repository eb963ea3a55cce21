"""Expectations: identities from textbooks, their mutants, and questions that stay open."""

import pickle
import time
from itertools import product

import pytest
import sympy as sp

from derivations import D, decide, relu
from derivations.kernel.expectation import answer
from derivations.kernel.expectation.laws import CHECKED_MOMENTS
from derivations.random import (
    Bernoulli,
    Beta,
    Binomial,
    Cov,
    Density,
    Discrete,
    E,
    Exponential,
    Gamma,
    Geometric,
    Normal,
    Poisson,
    Prob,
    Uniform,
    Var,
    dirichlet,
    distributed,
    family,
    iid,
    independent,
    multinomial,
    paired,
    random,
    uncorrelated,
)

Sum, Eq, R = sp.Sum, sp.Eq, sp.Rational
mu, a, b, c, t, f = sp.symbols("mu a b c t f", real=True)
s2, eta2 = sp.symbols("s2 eta2", nonnegative=True)
lam, rate, shape, beta, p, eps, alpha0 = sp.symbols(
    "lam rate shape beta p eps alpha0", positive=True
)
q = sp.Symbol("q", positive=True)
n, m = sp.symbols("n m", integer=True, positive=True)
i, j, k = sp.symbols("i j k", integer=True)
mus, ss, w = (sp.IndexedBase(name) for name in ("mus", "ss", "w"))

X, Y, Z = random("X"), random("Y"), random("Z")
U = random("U", mean=mu, variance=s2)
V = random("V", mean=0, variance=eta2)
SYM = random("S", mean=0, variance=s2, symmetric=True)
CON = random("C", mean=0, symmetric=True, continuous=True)
SKEWED = random("K", mean=mu, symmetric=True)
POS = random("T", positive=True)
x = iid("x", mean=mu, variance=s2)
y = iid("y")
W = iid("W", mean=0)
H = iid("H")
A, B = paired("A", "B")
ind = family("I", mean=lambda i: mus[i], variance=lambda i: ss[i])
M2 = iid("M", mean=0)
layer, other_layer = (Sum(M2[row, k] * H[k], (k, 1, n)) for row in (1, 2))

bar = Sum(x[i], (i, 1, n)) / n
squares = Sum((x[i] - bar) ** 2, (i, 1, n))
pair_bars = Sum(A[i], (i, 1, n)) / n, Sum(B[i], (i, 1, n)) / n
noise = independent(V, Z)
both = independent(X, Y)
weights = independent(W, H)
one_of = (k >= 1, k <= n)

N = random("N", Normal(mu, s2))
G = random("G", Gamma(shape, rate))
BIN = random("Bin", Binomial(n, p))
BER = random("Ber", Bernoulli(p))
POI = random("Poi", Poisson(lam))
GEO = random("Geo", Geometric(p))
UNI = random("Uni", Uniform(a, b))
EXP = random("Exp", Exponential(rate))
BET = random("Bet", Beta(shape, beta))
alphas, ps = sp.IndexedBase("alpha", positive=True), sp.IndexedBase("p", positive=True)
DIR = dirichlet("Dir", alphas, m)
MUL = multinomial("Mul", n, ps)
total = Sum(alphas[j], (j, 1, m))
MASK = random("M", Bernoulli(p))
trials = iid("trials", Bernoulli(p))
count = Sum(trials[i], (i, 1, n))
OTHER = random("Other", Poisson(rate))
values, masses = sp.IndexedBase("values"), sp.IndexedBase("masses")
NAMED = random("Named", Discrete(values, masses, m))
density, z = sp.Function("density"), sp.Symbol("z", real=True)
EVEN = random("Even", Density(density), mean=0, symmetric=True)


def named_sum(term):
    return Sum(term * masses[i], (i, 1, m))


def named_integral(term, low=-sp.oo, high=sp.oo):
    return sp.Integral(term * density(z), (z, low, high))


TRUE = [
    # linearity, variance, covariance
    (E(a * X + b * Y + c), a * E(X) + b * E(Y) + c),
    (Var(a * X + b), a**2 * Var(X)),
    (Var(X), E(X**2) - E(X) ** 2),
    (Var(X), E((X - E(X)) ** 2)),
    (E((X - E(X)) ** 2), E(X**2 + E(X) ** 2 - 2 * X * E(X))),
    (Cov(X, Y), E((X - E(X)) * (Y - E(Y)))),
    (Cov(X, X), Var(X)),
    (Cov(a * X + b * Y, Z), a * Cov(X, Z) + b * Cov(Y, Z)),
    (Cov(a * X + b, c * Y - 1), a * c * Cov(X, Y)),
    (Var(X + Y), Var(X) + Var(Y) + 2 * Cov(X, Y)),
    (Var(X - Y), Var(X) + Var(Y) - 2 * Cov(X, Y)),
    (Var(c), 0),
    (E(Sum(w[i] * y[i], (i, 1, n))), Sum(w[i], (i, 1, n)) * E(y[1])),
    # independence
    (E(X * Y), E(X) * E(Y), both),
    (Var(X + Y), Var(X) + Var(Y), both),
    (Var(X - Y), Var(X) + Var(Y), both),
    (E(X**2 * sp.exp(Y)), E(X**2) * E(sp.exp(Y)), both),
    (Var(X * Y), E(X) ** 2 * Var(Y) + E(Y) ** 2 * Var(X) + Var(X) * Var(Y), both),
    (E(X * Y * Z), E(X) * E(Y) * E(Z), independent(X, Y, Z)),
    (E(X * Y * Z), E(X * Y) * E(Z), independent((X, Y), Z)),
    (Var(X + Y), Var(X) + Var(Y), uncorrelated(X, Y)),
    (Var(X + Y), Var(X) + Var(Y) + 2 * c, Eq(Cov(X, Y), c)),
    (E(x[1] * x[2]), mu**2),
    (E(x[1] ** 2), mu**2 + s2),
    (Cov(x[i], x[j]), sp.KroneckerDelta(i, j) * s2),
    # samples of symbolic size
    (E(bar), mu),
    (Var(bar), s2 / n),
    (E(bar**2), mu**2 + s2 / n),
    (Var(Sum(x[i], (i, 1, n))), n * s2),
    (sp.Limit(Var(bar), n, sp.oo, "-"), 0),
    (E(squares / (n - 1)), s2),
    (E(squares / n), (n - 1) * s2 / n),
    (E(squares / (n - 1)), Var(x[1])),
    (E(Sum(x[i] ** 2 + bar**2 - 2 * x[i] * bar, (i, 1, n))), n * (E(x[1] ** 2) - E(bar**2))),
    (Cov(x[k], bar), s2 / n, *one_of),
    (Var(x[k] - bar), (n - 1) * s2 / n, *one_of),
    (E(Sum((x[i] - mu) ** 2, (i, 1, n)) / n), s2),
    (Cov(*pair_bars), Cov(A[1], B[1]) / n),
    (
        E(Sum((A[i] - pair_bars[0]) * (B[i] - pair_bars[1]), (i, 1, n)) / (n - 1)),
        Cov(A[1], B[1]),
    ),
    (Var(Sum(ind[i], (i, 1, n))), Sum(ss[i], (i, 1, n))),
    (E(Sum(w[i] * ind[i], (i, 1, n))), Sum(w[i] * mus[i], (i, 1, n))),
    (Var(Sum(w[i] * x[i], (i, 1, n))), s2 * Sum(w[i] ** 2, (i, 1, n))),
    # conditioning
    (E(E(X, given=Y)), E(X)),
    (E(Y * E(X, given=Y)), E(X * Y)),
    (Var(X), E(Var(X, given=Y)) + Var(E(X, given=Y))),
    (Cov(X, Z), E(Cov(X, Z, given=Y)) + Cov(E(X, given=Y), E(Z, given=Y))),
    (E(X * Y, given=Y), Y * E(X, given=Y)),
    (E(X, given=Y), E(X), both),
    (E(E(X, given=(Y, Z)), given=Y), E(X, given=Y)),
    (Cov(X - E(X, given=Y), Y**2), 0),
    # estimators and prediction
    (E((X - c) ** 2), (E(X) - c) ** 2 + Var(X)),
    (E((f + V - Z) ** 2), (f - E(Z)) ** 2 + Var(Z) + eta2, noise),
    (
        E((Y - sp.tanh(X)) ** 2),
        E((Y - E(Y, given=X)) ** 2) + E((E(Y, given=X) - sp.tanh(X)) ** 2),
    ),
    # symmetry and rectifiers
    (E(SYM**3), 0),
    (E(SYM**5 * sp.cos(SYM)), 0),
    (E((SKEWED - mu) ** 3), 0),
    (E(relu(SYM) ** 2), s2 / 2),
    (E(relu(SYM)), E(sp.Abs(SYM)) / 2),
    (E(sp.Heaviside(CON) ** 2), R(1, 2)),
    (E(sp.Piecewise((CON, CON > 0), (0, True)) ** 2), Var(CON) / 2),
    (Prob(CON > 0), R(1, 2)),
    (Prob(c < X), 1 - Prob(c >= X)),
    # initialization, normalization, dropout, momentum
    (Var(Sum(W[i] * H[i], (i, 1, n))), n * Var(W[1]) * E(H[1] ** 2), weights),
    (Var(Sum(W[i] * H[i], (i, 1, n))), n * Var(W[1]) * Var(H[1]), weights, Eq(E(H[1]), 0)),
    (Var(W[1] * H[1]), E(W[1] ** 2) * E(H[1] ** 2), weights),
    (E(W[1] * H[1]), 0, weights),
    (Var(Sum(W[i] * relu(y[i]), (i, 1, n))), n * Var(W[1]) * E(relu(y[1]) ** 2), independent(W, y)),
    (E((X - E(X)) / sp.sqrt(Var(X) + eps)), 0),
    (Var((X - E(X)) / sp.sqrt(Var(X) + eps)), Var(X) / (Var(X) + eps)),
    (Var(b + c * (X - E(X)) / sp.sqrt(s2)), c**2, Eq(Var(X), s2)),
    (E(MASK * X / p), E(X), independent(MASK, X)),
    (Var(MASK * X / p), Var(X) / p + (1 - p) / p * E(X) ** 2, independent(MASK, X)),
    (E((1 - beta) * Sum(beta**i * x[n - i], (i, 0, n - 1))), (1 - beta**n) * mu),
    (E((1 - beta) * Sum(beta ** (n - i) * y[i] ** 2, (i, 1, n))), (1 - beta**n) * E(y[1] ** 2)),
    (E((1 - beta) / (1 - beta**n) * Sum(beta ** (n - i) * x[i], (i, 1, n))), mu),
    # layers with a matrix of weights
    (Var(layer), n * Var(M2[1, 1]) * E(H[1] ** 2), independent(M2, H)),
    (Var(layer), E(H[1] ** 2), independent(M2, H), Eq(Var(M2[1, 1]), 1 / n)),
    (Cov(layer, other_layer), 0, independent(M2, H)),
    # higher moments of sums
    (E(Sum(W[i], (i, 1, n)) ** 4), n * E(W[1] ** 4) + 3 * n * (n - 1) * Var(W[1]) ** 2),
    (
        Var(Sum((y[i] - E(y[1])) ** 2, (i, 1, n)) / n),
        (E((y[1] - E(y[1])) ** 4) - Var(y[1]) ** 2) / n,
    ),
    # distributions
    (E(N), mu),
    (Var(N), s2),
    (E((N - mu) ** 4), 3 * s2**2),
    (E(sp.exp(t * N)), sp.exp(mu * t + s2 * t**2 / 2)),
    (Var(sp.exp(N)), (sp.exp(s2) - 1) * sp.exp(2 * mu + s2)),
    (Var(BER), p * (1 - p)),
    (E(BER**7 - BER), 0),
    (E(c**BER), 1 - p + c * p),
    (E(BIN), n * p),
    (Var(BIN), n * p * (1 - p)),
    (E(count), n * p),
    (Var(count), n * p * (1 - p)),
    (E(POI**2), lam + lam**2),
    (Var(POI), lam),
    (E(sp.exp(t * POI)), sp.exp(lam * (sp.exp(t) - 1))),
    (E(GEO), 1 / p),
    (Var(GEO), (1 - p) / p**2),
    (E(UNI), (a + b) / 2),
    (Var(UNI), (b - a) ** 2 / 12),
    (Var(random("u", Uniform(-a, a))), a**2 / 3),
    (Var(EXP), 1 / rate**2),
    (D(E(sp.exp(t * EXP)), t), rate / (rate - t) ** 2),
    (Var(G), shape / rate**2),
    (E(BET), shape / (shape + beta)),
    (Var(BET), shape * beta / ((shape + beta) ** 2 * (shape + beta + 1))),
    (E(DIR[1]), alphas[1] / total),
    (Cov(DIR[1], DIR[2]), -alphas[1] * alphas[2] / (total**2 * (total + 1))),
    (Var(MUL[1]), n * ps[1] * (1 - ps[1])),
    (Cov(MUL[1], MUL[2]), -n * ps[1] * ps[2]),
    (Prob(Eq(POI, 3)), lam**3 * sp.exp(-lam) / 6),
    (E(POI * (POI - 1) * (POI - 2)), lam**3),
    (E(POI * OTHER), lam * rate, independent(POI, OTHER)),
    # functions of a variable, and products and exponentials of samples
    (E(sp.exp(t * count)), (1 - p + p * sp.exp(t)) ** n),
    (E(sp.Product(x[i], (i, 1, n))), mu**n),
    (Prob(random("z", Normal(0, beta)) <= 0), R(1, 2)),
    (E(sp.tanh(random("z", Normal(0, beta)))), 0),
    # masses and densities that are only named
    (Var(NAMED), named_sum((values[i] - E(NAMED)) ** 2)),
    (named_sum((values[i] - E(NAMED)) ** 2), E(NAMED**2) - E(NAMED) ** 2),
    (named_sum(1), 1, distributed(NAMED)),
    (E(relu(EVEN) ** 2), named_integral(relu(z) ** 2)),
    (
        named_integral(relu(z) ** 2),
        named_integral(relu(z) ** 2, -sp.oo, 0) + named_integral(relu(z) ** 2, 0, sp.oo),
        distributed(EVEN),
    ),
    (named_integral(relu(z) ** 2, 0), named_integral(z**2, 0), distributed(EVEN)),
    (named_integral(z**2, 0), named_integral(z**2) / 2, distributed(EVEN)),
    (named_integral(z**2) / 2, Var(EVEN) / 2),
]

FALSE = [
    (E(a * X + b), a * E(X)),
    (Var(a * X + b), a * Var(X)),
    (Var(a * X + b), a**2 * Var(X) + b),
    (Var(X), E(X**2)),
    (Var(X), E(X) ** 2 - E(X**2)),
    (E(X**2), E(X) ** 2),
    (E(X * Y), E(X) * E(Y)),
    (E(X * Y), E(X) * E(Y), uncorrelated(X, Z)),
    (E(X**2 * Y), E(X**2) * E(Y), uncorrelated(X, Y)),
    (Var(X + Y), Var(X) + Var(Y)),
    (Var(X - Y), Var(X) - Var(Y), both),
    (Var(X * Y), Var(X) * Var(Y), both),
    (Cov(X, Y), E(X * Y)),
    (E(X * Y * Z), E(X) * E(Y) * E(Z), independent(X, Y)),
    (E(X / Y), E(X) / E(Y), independent(X, POS)),
    (E(sp.exp(X)), sp.exp(E(X))),
    (E(X), X),
    (bar, mu),
    (E(bar), n * mu),
    (Var(bar), s2),
    (Var(bar), s2 / n**2),
    (E(squares / n), s2),
    (E(squares / (n - 1)), (n - 1) * s2 / n),
    (E(squares / (n - 2)), s2, n > 2),
    (E(bar**2), mu**2),
    (Cov(x[i], x[j]), s2),
    (Cov(x[i], x[j]), 0),
    (Cov(*pair_bars), Cov(A[1], B[1])),
    (E(X, given=Y), E(X)),
    (Var(X), E(Var(X, given=Y))),
    (Var(X), Var(E(X, given=Y))),
    (E((X - c) ** 2), (E(X) - c) ** 2),
    (E((f + V - Z) ** 2), (f - E(Z)) ** 2 + Var(Z), noise, eta2 > 0),
    (E((f + V - Z) ** 2), (f - E(Z)) ** 2 + Var(Z) + eta2),
    (E(U**3), 0),
    (E(relu(SYM) ** 2), s2),
    (E(relu(SYM)) ** 2, s2 / 2),
    (E(relu(CON)), 0),
    (Var(Sum(W[i] * H[i], (i, 1, n))), n * Var(W[1]) * Var(H[1]), weights),
    (Var(Sum(W[i] * H[i], (i, 1, n))), Var(W[1]) * E(H[1] ** 2), weights),
    (Var((X - E(X)) / sp.sqrt(Var(X) + eps)), 1),
    (E(MASK * X), E(X), independent(MASK, X)),
    (Var(MASK * X / p), Var(X), independent(MASK, X)),
    (E((1 - beta) * Sum(beta**i * x[n - i], (i, 0, n - 1))), mu),
    (Var(BER), p),
    (Var(count), n * p),
    (Var(BIN), n * p),
    (Var(POI), lam**2),
    (E(GEO), (1 - p) / p),
    (E(N**2), s2),
    (N, mu),
    (Var(UNI), (b - a) ** 2 / 6),
    (E(EXP**2), 1 / rate**2),
    (Var(G), shape / rate),
    (E(DIR[1]), alphas[1]),
    (Cov(MUL[1], MUL[2]), 0),
    (Prob(c <= X), 1 - Prob(c >= X)),
    (E(POI * X), lam * E(X)),
    (E(POI * OTHER), lam * rate),
    (Var(POI + OTHER), lam + rate),
    (E(sp.exp(t * count)), 1 - p + p * sp.exp(t)),
    (E(sp.Product(x[i], (i, 1, n))), n * mu),
    (named_sum(values[i] ** 2), E(NAMED) ** 2),
    (named_sum(1), 2, distributed(NAMED)),
    (named_integral(z**2, 0), named_integral(z**2), distributed(EVEN)),
    (named_integral(relu(z) ** 2), Var(EVEN)),
    (Var(layer), Var(M2[1, 1]) * E(H[1] ** 2), independent(M2, H)),
    (Var(layer), E(H[1] ** 2), independent(M2, H), Eq(Var(M2[1, 1]), 2 / n)),
    (E(Sum(W[i], (i, 1, n)) ** 4), n * E(W[1] ** 4) + 6 * n * (n - 1) * Var(W[1]) ** 2),
    # the mean of the sample stands outside the expectation
    ((E(Sum(x[i] ** 2, (i, 1, n))) - n * bar**2) / (n - 1), s2),
]

OPEN = [
    (E(sp.log(sp.cosh(POI))), lam),
    (E(E(X, given=X + Y)), E(X)),
    (E(Sum(X / sp.factorial(i), (i, 0, sp.oo))), sp.E * E(X)),
]


def ask(lhs, rhs, *given, relation="=", budget=2.0):
    return answer(sp.sympify(lhs), sp.sympify(rhs), relation, given, time.thread_time() + budget)


@pytest.mark.parametrize("question", TRUE, ids=str)
def test_identities_are_proved(question):
    verdict = ask(*question)
    assert verdict.proved, verdict.sentence()


@pytest.mark.parametrize("question", FALSE, ids=str)
def test_mutants_are_refuted(question):
    verdict = ask(*question)
    assert verdict.refuted, verdict.sentence()
    assert verdict.witness.lhs != verdict.witness.rhs


@pytest.mark.parametrize("question", OPEN, ids=str)
def test_what_is_beyond_the_rules_stays_open(question):
    verdict = ask(*question)
    assert verdict.unknown, verdict.sentence()
    assert verdict.reason


@pytest.mark.parametrize(
    ("lhs", "relation", "rhs"),
    [(Var(X), ">=", 0), (E(X**2), ">=", E(X) ** 2), (E(SYM**4), ">=", 0), (E(X), "!=", E(X) + 1)],
    ids=str,
)
def test_inequalities_are_proved(lhs, relation, rhs):
    assert ask(lhs, rhs, relation=relation).proved


@pytest.mark.parametrize(
    ("lhs", "relation", "rhs"),
    [(E(X), ">=", 0), (Var(X), ">", 0), (Var(X), "<=", E(X**2) - 1), (E(X), "!=", E(Y))],
    ids=str,
)
def test_wrong_inequalities_are_refuted(lhs, relation, rhs):
    assert ask(lhs, rhs, relation=relation).refuted


def test_a_question_without_randomness_is_not_ours():
    assert ask(a + b, b + a) is None


def test_independence_must_be_declared_and_is_named():
    assert ask(E(X * Y), E(X) * E(Y)).refuted
    assert "X, Y independent (declared)" in ask(E(X * Y), E(X) * E(Y), both).evidence


def test_pairwise_independence_is_not_taken_for_mutual_independence():
    pairs = (independent(X, Y), independent(Y, Z), independent(X, Z))
    assert not ask(E(X * Y * Z), E(X) * E(Y) * E(Z), *pairs).proved


def test_the_witness_can_be_checked_by_hand():
    verdict = ask(E(squares / n), s2)
    point = dict(verdict.witness.point)
    size, variance = int(point["n"]), R(point["s2"])
    values = [R(v) for v in point["x"].split("draws of ")[1].split(" with")[0].split(" or ")]
    assert "with probability 1/2 each" in point["x"]
    biased = [
        sum((v - R(sum(sample), size)) ** 2 for v in sample) / size
        for sample in product(values, repeat=size)
    ]
    assert R(verdict.witness.lhs) == R(sum(biased), len(biased)) != variance
    assert R(verdict.witness.rhs) == variance


def test_a_random_quantity_is_not_its_mean():
    verdict = ask(E(X), X)
    point = dict(verdict.witness.point)
    assert verdict.witness.rhs == point["the outcome X"] != verdict.witness.lhs


def test_what_rests_on_the_table_of_moments_says_so():
    assert any("not as given" in line for line in ask(Var(POI), lam**2).evidence)


def test_a_divergent_expectation_is_not_given_a_value():
    assert not ask(E(sp.exp(2 * rate * EXP)), -1).proved


def test_the_condition_of_a_generating_function_is_recorded():
    verdict = ask(E(sp.exp(t * EXP)), rate / (rate - t))
    assert verdict.proved
    assert "rate > t" in verdict.conditions or "t < rate" in verdict.conditions


def test_a_past_deadline_is_answered_at_once():
    started = time.thread_time()
    verdict = answer(E(squares / n), s2 + 0, "=", (), started - 1)
    assert verdict.unknown
    assert time.thread_time() - started < 0.2


def test_one_name_with_two_declarations_is_two_variables():
    first, second = random("X", mean=0), random("X", mean=1)
    assert first != second
    assert not ask(first, second).proved
    assert ask(E(first) + 1, E(second)).proved


def test_variables_survive_pickling():
    assert pickle.loads(pickle.dumps(E(G * x[i]))) == E(G * x[i])


def test_contradictory_declarations_are_refused():
    with pytest.raises(ValueError, match="settles the moments"):
        random("X", Poisson(lam), mean=lam)
    with pytest.raises(ValueError, match="must be constant"):
        random("X", mean=Y)
    with pytest.raises(ValueError, match="in common"):
        independent(X, (X, Y))
    with pytest.raises(TypeError, match="not declared as random"):
        independent(X, a)


u = sp.Symbol("u", positive=True)
LAWS = [
    (Normal(mu, eps), (), t),
    (Binomial(n, p), (p < 1,), t),
    (Poisson(lam), (), t),
    (Geometric(p), (p < 1,), -sp.log(1 - p) - u),
    (Uniform(a, b), (a < b,), t),
    (Exponential(rate), (), rate - u),
    (Gamma(shape, rate), (), rate - u),
    (Beta(shape, beta), (), None),
]


@pytest.mark.parametrize("k", range(CHECKED_MOMENTS + 1))
@pytest.mark.parametrize(("law", "given", "_"), LAWS, ids=lambda v: str(v))
def test_moments_follow_from_the_density(law, given, _, k):
    assert_follows(law, given, lambda x: x**k, law.moment(k))


@pytest.mark.parametrize(("law", "given", "at"), LAWS[:-1], ids=lambda v: str(v))
def test_generating_functions_follow_from_the_density(law, given, at):
    assert_follows(law, given, lambda x: sp.exp(at * x), law.mgf(at))


def test_bernoulli_follows_from_its_two_probabilities():
    law = Bernoulli(p)
    for k in range(1, CHECKED_MOMENTS + 1):
        assert sum(x**k * law.density(x) for x in (0, 1)) == law.moment(k)
    assert sp.expand(sum(sp.exp(t * x) * law.density(x) for x in (0, 1)) - law.mgf(t)) == 0


def assert_follows(law, given, function, expected):
    calculus = pytest.importorskip("derivations.kernel.calculus")
    x = sp.Symbol("x", real=True, integer=True if law.discrete else None)
    total = sp.Sum if law.discrete else sp.Integral
    weighted = total(function(x) * law.density(x), (x, *law.support()))
    found = calculus.closed(weighted, given, time.thread_time() + 10)
    verdict = decide(found.value, expected, "=", given, 10)
    assert verdict.proved, verdict.sentence()


def test_dirichlet_moments_are_those_of_beta_for_two_categories():
    first, second = dirichlet("D", alphas, 2)[1], dirichlet("D", alphas, 2)[2]
    beta_law = Beta(alphas[1], alphas[2])
    for k in range(4):
        assert ask(E(first**k), beta_law.moment(k)).proved
    assert ask(Cov(first, second), -Var(first)).proved


def test_multinomial_moments_are_those_of_binomial_for_one_category():
    for k in range(4):
        assert ask(E(MUL[1] ** k), Binomial(n, ps[1]).moment(k)).proved
    assert ask(E(MUL[1] * MUL[2]), n * (n - 1) * ps[1] * ps[2]).proved

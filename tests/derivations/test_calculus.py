"""The calculus rung: true values are proved, false ones never, and each proof checks again."""

import time

import pytest
import sympy as sp
from flint import fmpq
from sympy import (
    Abs,
    Derivative,
    E,
    Function,
    Integral,
    Limit,
    Max,
    Piecewise,
    Rational,
    Sum,
    atan,
    binomial,
    cos,
    erf,
    exp,
    factorial,
    gamma,
    log,
    oo,
    pi,
    sin,
    sqrt,
    tan,
    tanh,
)

from derivations.functions import sigmoid, softplus
from derivations.kernel import calculus, limits
from derivations.kernel.antiderivatives import antiderivative
from derivations.kernel.calculus import closed, enclosure, remainder, same
from derivations.kernel.certificates import Antiderivative, Equality, Telescoper, equal
from derivations.kernel.field import GiveUp
from derivations.kernel.hypergeometric import recurrence, telescoper

x, t, m, b, y, z, h, tau = sp.symbols("x t m b y z h tau", real=True)
lo, hi = sp.symbols("lo hi", real=True)
a, c, s, lam, al, be, nu = sp.symbols("a c s lambda alpha beta nu", positive=True)
p, q = sp.symbols("p q", positive=True)
k, n, r = sp.symbols("k n r", integer=True, nonnegative=True)
N = sp.Symbol("N", integer=True, positive=True)
f, g = Function("f"), Function("g")

NORMAL = exp(-((x - m) ** 2) / (2 * s**2)) / sqrt(2 * pi * s**2)
PHI = exp(-(x**2) / 2) / sqrt(2 * pi)
EXPONENTIAL = lam * exp(-lam * x)
GAMMA = lam**al * x ** (al - 1) * exp(-lam * x) / gamma(al)
BETA = x ** (al - 1) * (1 - x) ** (be - 1) * gamma(al + be) / (gamma(al) * gamma(be))
LAPLACE = exp(-Abs(x - m) / c) / (2 * c)
POISSON = lam**k * exp(-lam) / factorial(k)
BINOMIAL = binomial(n, k) * p**k * (1 - p) ** (n - k)
GIVEN = (lo < hi, p < 1)


def deadline():
    return time.thread_time() + 5


def proves(node, value):
    """Whether the closed form is proved, its certificates hold, and it is the given value."""
    result = closed(node, GIVEN, deadline())
    assert all(certificate.recheck() for certificate in result.certificates)
    return equal(result.value, value, deadline())


TRUE_INTEGRALS = [
    (x**2, 0, 1, Rational(1, 3)),
    (1 / (hi - lo), lo, hi, 1),
    (x / (hi - lo), lo, hi, (lo + hi) / 2),
    (x**2 / (hi - lo), lo, hi, (lo**2 + lo * hi + hi**2) / 3),
    (2 * (x - lo) / (hi - lo) ** 2, lo, hi, 1),
    (NORMAL, -oo, oo, 1),
    (x * NORMAL, -oo, oo, m),
    (x**2 * NORMAL, -oo, oo, m**2 + s**2),
    ((x - m) ** 4 * NORMAL, -oo, oo, 3 * s**4),
    (exp(t * x) * NORMAL, -oo, oo, exp(m * t + s**2 * t**2 / 2)),
    (x**6 * PHI, -oo, oo, 15),
    (Abs(x) * PHI, -oo, oo, sqrt(2 / pi)),
    (Max(x, 0) ** 2 * PHI, -oo, oo, Rational(1, 2)),
    (x * PHI, a, oo, exp(-(a**2) / 2) / sqrt(2 * pi)),
    (NORMAL * log(NORMAL), -oo, oo, -log(2 * pi * s**2) / 2 - Rational(1, 2)),
    (EXPONENTIAL, 0, oo, 1),
    (x * EXPONENTIAL, 0, oo, 1 / lam),
    (x**2 * EXPONENTIAL, 0, oo, 2 / lam**2),
    (EXPONENTIAL, c, oo, exp(-lam * c)),
    (EXPONENTIAL, 0, c, 1 - exp(-lam * c)),
    (exp(t * x) * EXPONENTIAL, 0, oo, lam / (lam - t)),
    (GAMMA, 0, oo, 1),
    (x * GAMMA, 0, oo, al / lam),
    (x**2 * GAMMA, 0, oo, al * (al + 1) / lam**2),
    (log(x) * GAMMA, 0, oo, sp.polygamma(0, al) - log(lam)),
    (BETA, 0, 1, 1),
    (x * BETA, 0, 1, al / (al + be)),
    (x**2 * BETA, 0, 1, al * (al + 1) / ((al + be) * (al + be + 1))),
    (log(x) * BETA, 0, 1, sp.polygamma(0, al) - sp.polygamma(0, al + be)),
    (LAPLACE, -oo, oo, 1),
    (x**2 * exp(-Abs(x)), -oo, oo, 4),
    (al * x ** (al - 1) * exp(-(x**al)), 0, oo, 1),
    (al * c**al / x ** (al + 1), c, oo, 1),
    (1 / (pi * (1 + (x - m) ** 2)), -oo, oo, 1),
    (
        (1 + x**2 / nu) ** (-(nu + 1) / 2),
        -oo,
        oo,
        sqrt(nu * pi) * gamma(nu / 2) / gamma((nu + 1) / 2),
    ),
    (log(x), 0, 1, -1),
    (x * log(x), 0, 1, -Rational(1, 4)),
    (1 / sqrt(x), 0, 1, 2),
    (1 / sqrt(1 - x**2), -1, 1, pi),
    (sqrt(a**2 - x**2), -a, a, pi * a**2 / 2),
    (exp(-a * x) * sin(b * x), 0, oo, b / (a**2 + b**2)),
    (sin(x) ** 2, 0, pi, pi / 2),
    (1 / cos(x) ** 2, 0, pi / 4, 1),
    (tan(x), 0, pi / 4, log(2) / 2),
    (x**3 * cos(x), -1, 1, 0),
    (Abs(x - 1), 0, 3, Rational(5, 2)),
    (Piecewise((x, x < 1), (2 - x, True)), 0, 2, 1),
    (sigmoid(x) * (1 - sigmoid(x)), -oo, oo, 1),
    (sigmoid(x), 0, b, softplus(b) - log(2)),
    (1 / (1 + exp(x)), 0, oo, log(2)),
    (exp(-sqrt(x)), 0, oo, 2),
    (1 / (x**2 - 1), 2, oo, log(3) / 2),
    (x * atan(x), 0, 1, pi / 4 - Rational(1, 2)),
    (1 / (1 + x**2) ** 2, -oo, oo, pi / 2),
    (x * exp(-(x**2)), 0, oo, Rational(1, 2)),
    (exp(-x) * x**3, 0, oo, 6),
]


@pytest.mark.parametrize(("integrand", "low", "high", "value"), TRUE_INTEGRALS, ids=str)
def test_integral_is_proved(integrand, low, high, value):
    assert proves(Integral(integrand, (x, low, high)), value)


FALSE_INTEGRALS = [
    (x**2, 0, 1, Rational(1, 2)),
    (x * NORMAL, -oo, oo, s),
    (x**2 * NORMAL, -oo, oo, s**2),
    (exp(t * x) * NORMAL, -oo, oo, exp(m * t + s**2 * t**2)),
    (EXPONENTIAL, c, oo, 1 - exp(-lam * c)),
    (x**2 * EXPONENTIAL, 0, oo, 1 / lam**2),
    (x * GAMMA, 0, oo, al * lam),
    (x * BETA, 0, 1, be / (al + be)),
    (Abs(x) * PHI, -oo, oo, 0),
    (Max(x, 0) ** 2 * PHI, -oo, oo, 1),
    (log(x), 0, 1, 1),
    (1 / sqrt(1 - x**2), -1, 1, pi / 2),
    (sin(x) ** 2, 0, pi, pi),
    (Abs(x - 1), 0, 3, Rational(3, 2)),
    (sigmoid(x) * (1 - sigmoid(x)), -oo, oo, Rational(1, 2)),
    (x**3 * cos(x), 0, 1, 0),
]


@pytest.mark.parametrize(("integrand", "low", "high", "value"), FALSE_INTEGRALS, ids=str)
def test_wrong_value_is_not_proved(integrand, low, high, value):
    assert not proves(Integral(integrand, (x, low, high)), value)


@pytest.mark.parametrize(
    ("integrand", "low", "high"),
    [
        (1 / x, 0, 1),
        (1 / x, -1, 1),  # the odd integrand's symmetry does not make it converge
        (1 / x**2, -1, 1),  # -1/x takes the values 1 and -1: the naive answer is -2
        (1 / x, 1, oo),
        (x, -oo, oo),
        (1 / cos(x) ** 2, 0, pi),
        (1 / (x - c), 0, 1),
        (sin(x), 0, oo),
        (exp(x), 0, oo),
        (1 / (x * log(x)), 2, oo),
        (tan(x), 0, pi),
        (1 / (x - 1) ** 2, 0, 2),
    ],
    ids=str,
)
def test_divergent_integral_has_no_value(integrand, low, high):
    with pytest.raises(GiveUp):
        closed(Integral(integrand, (x, low, high)), (), deadline())


@pytest.mark.parametrize(
    "integrand", [exp(-(x**4)) * cos(x), f(x), sin(x**2) * log(1 + x), Abs(x - b)], ids=str
)
def test_no_rule_is_said_and_not_guessed(integrand):
    with pytest.raises(GiveUp):
        closed(Integral(integrand, (x, 0, 1)), (), deadline())


@pytest.mark.parametrize(
    ("node", "conditions"),
    [
        (Integral(exp(t * x) * EXPONENTIAL, (x, 0, oo)), ("t < lambda",)),
        (Integral(x ** (-c), (x, 1, oo)), ("c > 1",)),
        (Integral(exp(-b * x), (x, 0, oo)), ("b > 0",)),
        (Integral(cos(b * x), (x, 0, pi)), ("b != 0",)),
        (Sum(z**k, (k, 0, oo)), ("z < 1", "z + 1 > 0")),
    ],
    ids=str,
)
def test_condition_is_recorded(node, conditions):
    assert set(closed(node, (), deadline()).conditions) == set(conditions)


def test_condition_that_is_given_is_not_recorded_again():
    node = Integral(exp(t * x) * EXPONENTIAL, (x, 0, oo))
    assert closed(node, (t < lam,), deadline()).conditions == ()


def test_conditions_that_exclude_each_other_prove_nothing():
    node = Integral(exp(b * x), (x, -oo, oo))
    with pytest.raises(GiveUp):
        closed(node, (), deadline())


def test_inner_integral_assumes_nothing_of_the_outer_variable():
    assert proves(Integral(x * y, (y, 0, x), (x, 0, 1)), Rational(1, 8))
    with pytest.raises(GiveUp):
        closed(Integral(1 / y**x, (y, 1, oo), (x, 0, 2)), (), deadline())


TRUE_SUMS = [
    (binomial(n, k), 0, n, 2**n),
    (k * binomial(n, k), 0, n, n * 2 ** (n - 1)),
    (k**2 * binomial(n, k), 0, n, n * (n + 1) * 2 ** (n - 2)),
    (binomial(n, k) ** 2, 0, n, binomial(2 * n, n)),
    (binomial(N, k) * binomial(n, r - k), 0, r, binomial(N + n, r)),
    (binomial(n, k) * binomial(r, k), 0, n, binomial(n + r, n)),
    (binomial(n, k) * y**k * z ** (n - k), 0, n, (y + z) ** n),
    (binomial(n, k) / (k + 1), 0, n, (2 ** (n + 1) - 1) / (n + 1)),
    ((-1) ** k * binomial(n, k) / (k + 1), 0, n, 1 / (n + 1)),
    (binomial(N, k), 1, N, 2**N - 1),
    (binomial(n + k, k) / 2**k, 0, n, 2**n),
    (BINOMIAL, 0, n, 1),
    (k * BINOMIAL, 0, n, n * p),
    (k**2 * BINOMIAL, 0, n, n * p * (1 - p) + n**2 * p**2),
    ((k - n * p) ** 2 * BINOMIAL, 0, n, n * p * (1 - p)),
    (exp(t * k) * BINOMIAL, 0, n, (1 - p + p * exp(t)) ** n),
    (POISSON, 0, oo, 1),
    (k * POISSON, 0, oo, lam),
    (k**2 * POISSON, 0, oo, lam + lam**2),
    (exp(t * k) * POISSON, 0, oo, exp(lam * (exp(t) - 1))),
    (p * (1 - p) ** (k - 1), 1, oo, 1),
    (k * p * (1 - p) ** (k - 1), 1, oo, 1 / p),
    (k**2 * p * (1 - p) ** (k - 1), 1, oo, (2 - p) / p**2),
    (exp(t * k) * p * (1 - p) ** (k - 1), 1, oo, p * exp(t) / (1 - (1 - p) * exp(t))),
    (binomial(k + N - 1, k) * p**N * (1 - p) ** k, 0, oo, 1),
    (z**k, 0, oo, 1 / (1 - z)),
    (k * z**k, 0, oo, z / (1 - z) ** 2),
    (z**k / k, 1, oo, -log(1 - z)),
    (k * z**k, 0, n, z * (1 - (n + 1) * z**n + n * z ** (n + 1)) / (1 - z) ** 2),
    (k * factorial(k), 1, N, factorial(N + 1) - 1),
    (1 / (k * (k + 1)), 1, N, N / (N + 1)),
    (1 / (k * (k + 1)), 1, oo, 1),
    (1 / k**2, 1, oo, pi**2 / 6),
    (k**3, 1, N, (N * (N + 1) / 2) ** 2),
    (1 / factorial(k), 0, oo, E),
]


@pytest.mark.parametrize(("term", "low", "high", "value"), TRUE_SUMS, ids=str)
def test_sum_is_proved(term, low, high, value):
    assert proves(Sum(term, (k, low, high)), value)


FALSE_SUMS = [
    (binomial(n, k), 0, n, 2 ** (n - 1)),
    (k * binomial(n, k), 0, n, n * 2**n),
    (binomial(n, k) ** 2, 0, n, binomial(2 * n, n + 1)),
    (binomial(N, k) * binomial(n, r - k), 0, r, binomial(N + n, r + 1)),
    (k**2 * BINOMIAL, 0, n, n * p * (1 - p)),
    (exp(t * k) * BINOMIAL, 0, n, (p + (1 - p) * exp(t)) ** n),
    (k**2 * POISSON, 0, oo, lam**2),
    (exp(t * k) * POISSON, 0, oo, exp(lam * exp(t))),
    (k * p * (1 - p) ** (k - 1), 1, oo, (1 - p) / p),
    (z**k, 0, oo, z / (1 - z)),
    (z**k, 1, oo, 1 / (1 - z)),
    (1 / (k * (k + 1)), 1, N, 1 / (N + 1)),
]


@pytest.mark.parametrize(("term", "low", "high", "value"), FALSE_SUMS, ids=str)
def test_wrong_sum_is_not_proved(term, low, high, value):
    assert not proves(Sum(term, (k, low, high)), value)


@pytest.mark.parametrize(
    ("term", "low", "high"),
    [
        (1 / k, 1, oo),
        (2**k, 0, oo),
        ((-1) ** k, 0, oo),
        (k, 0, oo),
        (1 / k, 1, N),  # the harmonic numbers have no closed form
        (f(k), 0, n),
        (binomial(n, k) ** 3, 0, n),  # its recurrence has order two
    ],
    ids=str,
)
def test_sum_without_closed_form_has_no_value(term, low, high):
    with pytest.raises(GiveUp):
        closed(Sum(term, (k, low, high)), (), deadline())


TRUE_LIMITS = [
    ((1 + 1 / n) ** n, n, oo, "-", E),
    ((1 + a / n) ** n, n, oo, "-", exp(a)),
    (log(n) / n, n, oo, "-", 0),
    (n ** (1 / n), n, oo, "-", 1),
    (factorial(n) ** (1 / n) / n, n, oo, "-", exp(-1)),
    (sqrt(n) * binomial(2 * n, n) / 4**n, n, oo, "-", 1 / sqrt(pi)),
    (sin(x) / x, x, 0, "+-", 1),
    ((1 - cos(x)) / x**2, x, 0, "+-", Rational(1, 2)),
    ((tan(x) - sin(x)) / x**3, x, 0, "+-", Rational(1, 2)),
    ((exp(x) - 1) / x, x, 0, "+-", 1),
    (x * log(x), x, 0, "+", 0),
    (log(x), x, 0, "+", -oo),
    (exp(-1 / x**2) / x**4, x, 0, "+-", 0),
    (x * sin(1 / x), x, 0, "+-", 0),
    (x**5 * exp(-x), x, oo, "-", 0),
    (x**a * exp(-x), x, oo, "-", 0),
    (log(log(x)) / log(x), x, oo, "-", 0),
    (exp(x + exp(-x)) - exp(x), x, oo, "-", 1),
    (sqrt(x**2 + x) - x, x, oo, "-", Rational(1, 2)),
    (sin(x) / x, x, oo, "-", 0),
    (Abs(x) / x, x, 0, "-", -1),
    (Max(0, x) / x, x, 0, "+", 1),
    (sigmoid(x), x, -oo, "+", 0),
    (softplus(x) - x, x, oo, "-", 0),
    (tanh(x), x, -oo, "+", -1),
    (erf(x), x, oo, "-", 1),
    (atan(x), x, -oo, "+", -pi / 2),
    ((x**2 - 1) / (x - 1), x, 1, "+-", 2),
    (x**2 / (1 - x), x, 1, "+", -oo),
    (((y + h) ** 3 - y**3) / h, h, 0, "+-", 3 * y**2),
    ((exp(y + h) - exp(y)) / h, h, 0, "+-", exp(y)),
    ((sin(y + h) - sin(y)) / h, h, 0, "+-", cos(y)),
    (exp(-a * x) * x, x, oo, "-", 0),
]


@pytest.mark.parametrize(("body", "variable", "target", "side", "value"), TRUE_LIMITS, ids=str)
def test_limit(body, variable, target, side, value):
    assert limits.value(Limit(body, variable, target, side), deadline()) == value


@pytest.mark.parametrize(
    ("body", "target", "side"),
    [
        (Abs(x) / x, 0, "+-"),
        (1 / x, 0, "+-"),
        (sin(x), oo, "-"),
        (sin(1 / x), 0, "+"),
        (x * sin(x), oo, "-"),
        (x**y, oo, "-"),  # depends on the sign of y
        (f(x), oo, "-"),
        (exp(1 / x), 0, "+-"),
    ],
    ids=str,
)
def test_limit_that_does_not_exist_or_is_not_known(body, target, side):
    with pytest.raises(GiveUp):
        limits.value(Limit(body, x, target, side), deadline())


@pytest.mark.parametrize(
    ("lhs", "rhs"),
    [
        (
            Integral(f(tau) * g(t - tau), (tau, -oo, oo)),
            Integral(f(t - tau) * g(tau), (tau, -oo, oo)),
        ),
        (Integral(f(x), (x, lo, hi)) + Integral(f(x), (x, hi, b)), Integral(f(y), (y, lo, b))),
        (Integral(f(x), (x, lo, hi)), -Integral(f(x), (x, hi, lo))),
        (Integral(f(lo + hi - x), (x, lo, hi)), Integral(f(x), (x, lo, hi))),
        (Integral(2 * x * f(x**2), (x, 0, s)), Integral(f(y), (y, 0, s**2))),
        (Integral(exp(x) * f(exp(x)), (x, 0, 1)), Integral(f(y), (y, 1, E))),
        (Integral(f(x + b), (x, -oo, oo)), Integral(f(x), (x, -oo, oo))),
        (Integral(f(s * x), (x, 0, 1)), Integral(f(x), (x, 0, s)) / s),
        (
            Integral(2 * f(x) + g(x), (x, lo, hi)),
            2 * Integral(f(x), (x, lo, hi)) + Integral(g(x), (x, lo, hi)),
        ),
        (Derivative(Integral(f(x), (x, b, t)), t), f(t)),
        (Derivative(Integral(f(x), (x, t, t**2)), t), 2 * t * f(t**2) - f(t)),
        (Derivative(Integral(exp(-t * x), (x, 0, 1)), t), Integral(-x * exp(-t * x), (x, 0, 1))),
        (Integral(PHI, (x, -oo, 0)), Integral(PHI, (x, 0, oo))),
        (Integral(f(x) ** 2, (x, -oo, 0)), Integral(f(-x) ** 2, (x, 0, oo))),
    ],
    ids=str,
)
def test_equal_integrals(lhs, rhs):
    assert same(lhs, rhs, GIVEN, deadline()).value == 0


@pytest.mark.parametrize(
    ("lhs", "rhs"),
    [
        (Integral(f(x), (x, lo, hi)), Integral(f(x), (x, hi, lo))),
        (Integral(f(x), (x, lo, hi)) + Integral(f(x), (x, b, hi)), Integral(f(y), (y, lo, b))),
        (Integral(x * f(x**2), (x, 0, s)), Integral(f(y), (y, 0, s**2))),
        (Integral(f(x + b), (x, 0, 1)), Integral(f(x), (x, 0, 1))),
        (Integral(f(-x), (x, 0, oo)), Integral(f(x), (x, 0, oo))),
        (Integral(f(x) * g(x), (x, 0, 1)), Integral(f(x), (x, 0, 1)) * Integral(g(x), (x, 0, 1))),
        (Derivative(Integral(f(x), (x, t, b)), t), f(t)),
        (Derivative(Integral(f(x), (x, b, t**2)), t), f(t**2)),
    ],
    ids=str,
)
def test_unequal_integrals_are_not_joined(lhs, rhs):
    with pytest.raises(GiveUp):
        same(lhs, rhs, GIVEN, deadline())


TRUE_REMAINDERS = [
    (sin(z) - z, Abs(z) ** 3 / 6, ()),
    (cos(z) - 1 + z**2 / 2, z**4 / 24, ()),
    (exp(z) - 1 - z - z**2 / 2, E * Abs(z) ** 3 / 6, (z >= -1, z <= 1)),
    (log(1 + z) - z, z**2 / 2, (z >= 0, z <= 1)),
    (log(1 + z) - z, 2 * z**2, (z >= -Rational(1, 2), z <= 1)),
    (sqrt(z) - 1 - (z - 1) / 2, (z - 1) ** 2 / 2, (z >= Rational(1, 2), z <= 2)),
    (sigmoid(z) - Rational(1, 2) - z / 4, Abs(z) ** 3 / 48, (z >= -1, z <= 1)),
]


@pytest.mark.parametrize(("difference", "bound", "given"), TRUE_REMAINDERS, ids=str)
def test_taylor_remainder(difference, bound, given):
    assert "Lagrange" in remainder(Abs(difference), bound, given, deadline())


@pytest.mark.parametrize(
    ("difference", "bound", "given"),
    [
        (sin(z) - z, Abs(z) ** 3 / 7, ()),
        (exp(z) - 1 - z, z**2 / 2, (z >= -1, z <= 1)),
        (exp(z) - 1 - 2 * z, E * z**2 / 2, (z >= -1, z <= 1)),
        (log(1 + z) - z, z**2 / 2, (z >= -Rational(1, 2), z <= 1)),
        (Abs(z) - z, z**2, (z >= -1, z <= 1)),
        (exp(z) - 1 - z, E * z**2 / 2, ()),
    ],
    ids=str,
)
def test_false_or_unproved_remainder(difference, bound, given):
    with pytest.raises(GiveUp):
        remainder(Abs(difference), bound, given, deadline())


def test_taylor_polynomial_and_bound():
    found = calculus.taylor(exp(z), z, sp.S.Zero, 3, (-1, 1), deadline())
    assert sp.expand(found.polynomial - (1 + z + z**2 / 2 + z**3 / 6)) == 0
    assert E < found.derivative_bound < E + Rational(1, 10)
    with pytest.raises(GiveUp):
        calculus.taylor(log(z), z, sp.S.One, 2, (0, 2), deadline())


@pytest.mark.parametrize(
    ("node", "point", "value"),
    [
        (Integral(exp(-(x**2)), (x, -oo, oo)), {}, sqrt(pi)),
        (Integral(x * EXPONENTIAL, (x, 0, oo)), {lam: fmpq(5, 2)}, Rational(2, 5)),
        (Integral(GAMMA, (x, 0, oo)), {lam: fmpq(2), al: fmpq(3, 2)}, 1),
        (Integral(Abs(x - 1), (x, 0, 3)), {}, Rational(5, 2)),
        (Integral(log(x), (x, 0, 1)), {}, -1),
        (Integral(1 / sqrt(x), (x, 0, 1)), {}, 2),
        (Integral(1 / (1 + x**2), (x, -oo, oo)), {}, pi),
        (Integral(sqrt(1 - x**2), (x, -1, 1)), {}, pi / 2),
        (Integral(sin(x) * exp(-x), (x, 0, oo)), {}, Rational(1, 2)),
        (Sum(1 / factorial(k), (k, 0, oo)), {}, E),
        (Sum(k * q**k, (k, 1, oo)), {q: fmpq(1, 3)}, Rational(3, 4)),
    ],
    ids=str,
)
def test_enclosure_holds_the_value_and_excludes_another(node, point, value):
    from derivations.kernel.balls import evaluate

    ball = enclosure(node, point, 96)
    assert ball is not None
    assert (ball - evaluate(sp.sympify(value), {}, 96)).contains(0)
    assert not (ball - evaluate(value + Rational(1, 1000), {}, 96)).contains(0)


@pytest.mark.parametrize(
    "node", [Integral(1 / x, (x, 0, 1)), Integral(1 / x**2, (x, -1, 1)), Integral(f(x), (x, 0, 1))]
)
def test_no_enclosure_where_there_is_no_value(node):
    assert enclosure(node, {}, 96) is None


def test_antiderivative_is_checked_by_differentiation():
    integrand = exp(-a * x) * cos(b * x)
    found = antiderivative(integrand, x, deadline())
    assert equal(found.diff(x), integrand, deadline())
    with pytest.raises(GiveUp):
        antiderivative(exp(-(x**4)), x, deadline())


def test_false_certificates_fail_their_recheck():
    assert not Antiderivative(x**3, x**2, x).recheck()
    assert not Telescoper(k**2, k, k).recheck()
    assert not Equality(x, y, "").recheck()


def test_telescoper_and_recurrence_are_what_they_say():
    candidate = telescoper(k * factorial(k), k, deadline())
    assert equal(candidate.subs(k, k + 1) - candidate, k * factorial(k), deadline())
    term = binomial(n, k) ** 2
    found = recurrence(term, n, k, deadline())
    step = found.multiplier * term
    left = found.here * term + found.after * term.subs(n, n + 1)
    assert equal(left, step.subs(k, k + 1) - step, deadline())


def test_deadline_is_respected():
    start = time.thread_time()
    with pytest.raises(GiveUp):
        closed(Integral(log(x) * NORMAL, (x, 0, oo)), (), start + 0.2)
    assert time.thread_time() - start < 0.6


def test_speed():
    timings = []
    for integrand, low, high, _ in TRUE_INTEGRALS:
        start = time.thread_time()
        closed(Integral(integrand, (x, low, high)), GIVEN, deadline())
        timings.append(time.thread_time() - start)
    assert max(timings) < 2

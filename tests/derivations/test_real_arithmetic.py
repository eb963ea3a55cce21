# ruff: noqa: E501 - a table of formulas reads best one to a line
"""Inequalities, roots, branches and inverse functions: proved, refuted, and left open."""

import pytest
import sympy as sp

from derivations import decide, natural, positive, real
from derivations.kernel.field import GiveUp
from derivations.kernel.reals import Reals

x, y, z, t = real("x y z t")
p, q, a, b = positive("p q a b")
n = natural("n")
v = sp.IndexedBase(sp.Symbol("v", real=True))
u = sp.IndexedBase(sp.Symbol("u", real=True))
i = sp.Symbol("i", integer=True)
total = lambda body: sp.Sum(body, (i, 1, n))  # noqa: E731
sqrt, log, exp = sp.sqrt, sp.log, sp.exp
INSIDE = [p < 1, q < 1]

TRUE = {
    "log below its tangent": (log(p), p - 1, "<=", []),
    "exp above its tangent": (exp(x), 1 + x, ">=", []),
    "arithmetic and geometric mean": (sqrt(p * q), (p + q) / 2, "<=", []),
    "three means": (3 * p * q * a, p**3 + q**3 + a**3, "<=", []),
    "Motzkin": (x**4 * y**2 + x**2 * y**4 - 3 * x**2 * y**2 + 1, 0, ">=", []),
    "Cauchy and Schwarz": (total(u[i] * v[i]) ** 2, total(u[i] ** 2) * total(v[i] ** 2), "<=", []),
    "mean square": ((total(v[i]) / n) ** 2, total(v[i] ** 2) / n, "<=", []),
    "triangle": (sp.Abs(x + y), sp.Abs(x) + sp.Abs(y), "<=", []),
    "entropy": (-p * log(p) - (1 - p) * log(1 - p), log(2), "<=", [p < 1]),
    "relative entropy": (p * log(p / q) + (1 - p) * log((1 - p) / (1 - q)), 0, ">=", INSIDE),
    "hoeffding": (sp.cosh(x), exp(x**2 / 2), "<=", []),
    "sine": (sp.sin(p), p, "<=", []),
    "cosine": (sp.cos(x), 1 - x**2 / 2, ">=", []),
    "Bernoulli": ((1 + x) ** n, 1 + n * x, ">=", [x >= -1]),
    "powers of two": (sp.Integer(2) ** n, n, ">", []),
    "minimum with no closed form": (x / (1 + exp(-x)), -sp.Rational(3, 10), ">=", []),
    "convexity": ((t * x + (1 - t) * y) ** 2, t * x**2 + (1 - t) * y**2, "<=", [t >= 0, t <= 1]),
    "max by abs": (sp.Max(x, y), (x + y + sp.Abs(x - y)) / 2, "=", []),
    "median": (sp.Max(sp.Min(x, y), sp.Min(sp.Max(x, y), z)), sp.Min(sp.Max(sp.Min(x, y), z), sp.Max(x, y)), "=", []),
    "abs under an assumption": (sp.Abs(x), x, "=", [x > 0]),
    "nested root": (sqrt(5 + 2 * sqrt(6)), sqrt(2) + sqrt(3), "=", []),
    "nested cube root": ((2 + sqrt(5)) ** sp.Rational(1, 3), (1 + sqrt(5)) / 2, "=", []),
    "root of a square": (sqrt(x**2), sp.Abs(x), "=", []),
    "arcs": (sp.asin(x) + sp.acos(x), sp.pi / 2, "=", []),
    "reciprocal arc": (sp.atan(p) + sp.atan(1 / p), sp.pi / 2, "=", []),
    "asinh": (sp.asinh(x), log(x + sqrt(x**2 + 1)), "=", []),
    "golden cosine": (sp.cos(sp.pi / 5), (1 + sqrt(5)) / 4, "=", []),
    "Machin": (4 * sp.atan(sp.Rational(1, 5)) - sp.atan(sp.Rational(1, 239)), sp.pi / 4, "=", []),
    "logit of the complement": (log((1 - p) / p), -log(p / (1 - p)), "=", [p < 1]),
}  # fmt: skip

FALSE = {
    "strict at equality": (sqrt(p * q), (p + q) / 2, "<", []),
    "Motzkin with 4": (x**4 * y**2 + x**2 * y**4 - 4 * x**2 * y**2 + 1, 0, ">=", []),
    "Bernoulli anywhere": ((1 + x) ** n, 1 + n * x, ">=", []),
    "sine beyond": (sp.sin(x), x, "<=", []),
    "cosine too flat": (sp.cos(x), 1 - x**2 / 4, ">=", []),
    "exp above the parabola": (exp(x), 1 + x + x**2 / 2, ">=", []),
    "minimum too high": (x / (1 + exp(-x)), -sp.Rational(1, 4), ">=", []),
    "root of a square without abs": (sqrt(x**2 * y**2), x * y, "=", []),
    "log split without signs": (log(x * y), log(x) + log(y), "=", []),
    "arc sum beyond": (sp.atan(p) + sp.atan(q), sp.atan((p + q) / (1 - p * q)), "=", []),
    "power of a power": ((x**2) ** sp.Rational(3, 2), x**3, "=", []),
    "abs under the wrong assumption": (sp.Abs(x), x, "=", [x < 1]),
    "nested root, other sign": (sqrt(5 - 2 * sqrt(6)), sqrt(2) - sqrt(3), "=", []),
}


@pytest.mark.parametrize("case", TRUE)
def test_true(case):
    lhs, rhs, relation, given = TRUE[case]
    verdict = decide(lhs, rhs, relation, given=given)
    assert verdict.proved, verdict


@pytest.mark.parametrize("case", FALSE)
def test_false(case):
    lhs, rhs, relation, given = FALSE[case]
    verdict = decide(lhs, rhs, relation, given=given)
    assert verdict.refuted, verdict


def deadline():
    import time

    return time.thread_time() + 1


def test_what_may_not_be_real_is_not_decided_over_the_reals():
    with pytest.raises(GiveUp, match="may not be real"):
        Reals((), deadline()).entails(log(x), x, "<=")
    with pytest.raises(GiveUp, match="may not be real"):
        Reals((), deadline()).entails(sqrt(x), x, "<=")


def test_an_assumption_is_used_and_a_weaker_one_is_not_enough():
    assert Reals([x > 2], deadline()).entails(x**2, 4, ">")
    reals = Reals([x > 1], deadline())
    assert not reals.entails(x**2, 4, ">")
    assert reals.model is not None


def test_complex_points_refute_what_holds_for_reals_only():
    c = sp.Symbol("c", complex=True)
    assert decide(log(exp(c)), c).refuted
    assert decide(sp.re(c), (c + sp.conjugate(c)) / 2).proved
    assert decide(sp.im(c), (c - sp.conjugate(c)) / 2).refuted


FACTS = [
    (log(p), p - 1, p - sp.Rational(11, 10)),
    (1 - 1 / p, log(p), log(p) - sp.Rational(1, 10)),
    (1 + x, exp(x), exp(x) - sp.Rational(1, 10)),
    (sp.Integer(0), sqrt(p), -sqrt(p)),
    (sp.sin(x) ** 2, sp.S.One, sp.Rational(9, 10)),
]


@pytest.mark.parametrize(("low", "high", "too_low"), FACTS, ids=str)
def test_each_fact_is_as_strong_as_the_theorem_and_no_stronger(low, high, too_low):
    assert Reals([], deadline()).entails(low, high, "<=")
    assert not Reals([], deadline()).entails(low, too_low, "<=")


_HIDDEN_ZERO = sqrt(3 + 2 * sqrt(2)) - 1 - sqrt(2)


@pytest.mark.parametrize("relation", ["=", "<=", ">=", "<", ">"])
@pytest.mark.parametrize(
    "nowhere",
    [
        1 / _HIDDEN_ZERO,
        7 * x + sqrt(x**2 + 1) / _HIDDEN_ZERO,
        sp.Max(x, 3) + 1 / (sp.sin(x) ** 2 + sp.cos(x) ** 2 - 1),
    ],
)
def test_nothing_is_proved_of_what_has_a_value_nowhere(nowhere, relation):
    assert not decide(1 + exp(x), nowhere, relation).proved
    assert not decide(nowhere, 7 * x, relation).proved

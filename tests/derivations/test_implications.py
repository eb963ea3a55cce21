"""Steps between equations, and claims on extrema."""

import pytest
import sympy as sp
from sympy import Eq

from derivations import compare, extremum, follows, multipliers, natural, positive, real, stationary

x, y, a, b, mu = real("x y a b mu")
p, q, h = positive("p q h")
n = natural("n")
i, j = sp.symbols("i j", integer=True)
v = sp.IndexedBase(sp.Symbol("v", real=True))
log, exp = sp.log, sp.exp

STEPS = [
    (Eq(2 * x - 4, 0), Eq(x, 2), "<=>"),
    (Eq(p * x, b), Eq(x, b / p), "<=>"),
    (Eq(a / p - (1 - a) / (1 - p), 0), Eq(p, a), "<=>"),
    (Eq(log(p), log(q)), Eq(p, q), "<=>"),
    (Eq(exp(x), exp(y)), Eq(x, y), "<=>"),
    (Eq(sp.sqrt(p), 3), Eq(p, 9), "<=>"),
    (Eq(x**3, 8), Eq(x, 2), "<=>"),
    ([Eq(x + y, 3), Eq(x - y, 1)], [Eq(x, 2), Eq(y, 1)], "<=>"),
    (Eq(x, 2), Eq(x**2, 4), "=>"),
    (Eq(x**2, 4), Eq(x, 2), "<="),
    (Eq(x * (x - 1), 0), Eq(x - 1, 0), "<="),
    (Eq(x**2, y**2), Eq(x, y), "<="),
    (Eq(sp.Abs(x), 1), Eq(x, 1), "<="),
    (Eq(x, 1), Eq(x, 3), "not"),
    (Eq(0, 0, evaluate=False), Eq(x, 1), "<="),
    (Eq(x + 1, x + 1, evaluate=False), Eq(x, 1), "<="),
    (Eq((x + 1) ** 2, x**2 + 2 * x + 1), Eq(x, y), "<="),
    (Eq(x + y, 3), Eq(x - y, 3), "not"),
]


@pytest.mark.parametrize(("before", "after", "arrow"), STEPS, ids=str)
def test_arrow(before, after, arrow):
    given = [p < 1] if before == STEPS[2][0] else []
    assert compare(before, after, given=given).arrow == arrow


def test_lost_and_gained_solutions_are_named():
    assert "lost: x = -2" in compare(Eq(x**2, 4), Eq(x, 2)).sentence()
    assert "gained: x = -2" in compare(Eq(x, 2), Eq(x**2, 4)).sentence()
    assert "lost: x = 0" in compare(Eq(x * (x - 1), 0), Eq(x - 1, 0)).sentence()


def test_a_divisor_that_may_vanish_is_a_condition():
    step = compare(Eq(a * x, b), Eq(x, b / a))
    assert "a != 0" in step.forward.conditions
    assert compare(Eq(a * x, b), Eq(x, b / a), given=[a > 0]).forward.conditions == ()


def test_an_inequality_may_follow_from_an_equation():
    assert follows(Eq(x, y**2), x >= 0).proved
    assert not follows(Eq(x, y**3), x >= 0).proved


TOTAL = sp.Sum((v[i] - mu) ** 2, (i, 1, n))
MEAN = sp.Sum(v[j], (j, 1, n)) / n


def test_the_mean_minimises_the_squared_deviations():
    assert stationary(TOTAL, {mu: MEAN}).proved
    assert extremum(TOTAL, {mu: MEAN}, "minimum", unique=True).proved
    assert extremum(TOTAL, {mu: MEAN}, "maximum").refuted
    assert stationary(TOTAL, {mu: MEAN + 1}).refuted


def test_bernoulli_likelihood():
    likelihood = a * log(p) + (1 - a) * log(1 - p)
    inside = [a > 0, a < 1]
    assert stationary(likelihood, {p: a}, given=inside).proved
    assert extremum(-q * log(p) - (1 - q) * log(1 - p), {p: q}, "minimum", given=[q < 1],
                    subject_to=[p < 1], unique=True).proved  # fmt: skip


def test_a_minimum_that_is_not_unique():
    assert extremum(sp.Abs(x) * 0 + (x**2 - 1) ** 2, {x: sp.S.One}, "minimum").proved
    assert not extremum((x**2 - 1) ** 2, {x: sp.S.One}, "minimum", unique=True).proved


def test_constrained_maximum_with_its_multiplier():
    half = {x: sp.S.Half, y: sp.S.Half}
    assert extremum(x * y, half, "maximum", subject_to=[Eq(x + y, 1)]).proved
    assert multipliers(x * y, half, [x + y - 1], [-sp.S.Half]).proved
    assert multipliers(x * y, half, [x + y - 1], [sp.S.Half]).refuted
    assert extremum(x * y, {x: 1, y: 1}, "maximum", subject_to=[Eq(x + y, 1)]).refuted


def test_the_kind_is_checked():
    with pytest.raises(ValueError, match="minimum or maximum"):
        extremum(x, {x: 0}, "best")


@pytest.mark.parametrize("side", [lambda x, u: 1 / u, lambda x, u: x / u, lambda x, u: x + 1 / u])
def test_what_has_no_value_neither_follows_nor_implies(side):
    x = real("x")
    nothing = side(x, sp.sin(x) ** 2 + sp.cos(x) ** 2 - 1)
    equation = sp.Eq(nothing, x + 1, evaluate=False)
    assert not follows(sp.Eq(8 * x, 5), equation).proved
    assert not follows(equation, sp.Eq(x, 7)).proved

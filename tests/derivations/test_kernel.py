"""The kernel on questions whose answers are known from textbooks, not from the kernel."""

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from derivations import D, Verdict, decide, positive, real, relu, sigmoid, softplus
from derivations.kernel.balls import evaluate

x, y, t, a, b = real("x y t a b")
p, q = positive("p q")
n = sp.Symbol("n", integer=True, positive=True)
k = sp.Symbol("k", integer=True)
exp, log, sqrt = sp.exp, sp.log, sp.sqrt

TRUE = [
    (D(sigmoid(t), t), sigmoid(t) * (1 - sigmoid(t))),
    (1 - sigmoid(t), sigmoid(-t)),
    (sp.tanh(x), 2 * sigmoid(2 * x) - 1),
    (D(sp.tanh(x), x), 1 - sp.tanh(x) ** 2),
    (D(softplus(x), x), sigmoid(x)),
    (softplus(x), x + softplus(-x)),
    (log(p * q), log(p) + log(q)),
    (log(p / q), log(p) - log(q)),
    (log(p**3), 3 * log(p)),
    (log(exp(x) / (1 + exp(x))), x - log(1 + exp(x))),
    (sqrt(p * q), sqrt(p) * sqrt(q)),
    (1 / (sqrt(p) + 1), (sqrt(p) - 1) / (p - 1)),
    (sqrt(8), 2 * sqrt(2)),
    (p**a * p**b, p ** (a + b)),
    (sp.sin(2 * x), 2 * sp.sin(x) * sp.cos(x)),
    (sp.sin(x + y), sp.sin(x) * sp.cos(y) + sp.cos(x) * sp.sin(y)),
    (sp.cosh(x) ** 2 - sp.sinh(x) ** 2, 1),
    ((x**3 - y**3) / (x - y), x**2 + x * y + y**2),
    (exp(x) ** 2, exp(2 * x)),
    (sqrt(exp(x)), exp(x / 2)),
    (sp.Max(x, 0) - sp.Max(-x, 0), x),
    (sp.Max(x, 0) + sp.Max(-x, 0), sp.Abs(x)),
    (sp.Max(x, y) + sp.Min(x, y), x + y),
    (sp.Limit(sigmoid(t), t, sp.oo, "-"), 1),
    (sp.Limit(sp.tanh(t), t, -sp.oo, "-"), -1),
    ((1 + 1 / x) * x, x + 1),
]
FALSE = [
    (D(sigmoid(t), t), sigmoid(t) * (1 + sigmoid(t))),
    (1 - sigmoid(t), sigmoid(t)),
    (sp.tanh(x), sigmoid(2 * x) - 1),
    (D(sp.tanh(x), x), 1 + sp.tanh(x) ** 2),
    (softplus(x), x - softplus(-x)),
    (log(p + q), log(p) + log(q)),
    (log(p * q), log(p) * log(q)),
    (sqrt(x**2), x),
    (log(x * y), log(x) + log(y)),
    (log(x**2), 2 * log(x)),
    (sqrt(p + q), sqrt(p) + sqrt(q)),
    ((x - y) ** 2, (y - x) ** 3),
    ((x - y) ** 6000, (x - y) ** 5999),
    (x / (y + 1), x / y + x),
    (a - b, b - a),
    (sp.sin(2 * x), 2 * sp.sin(x)),
    (sp.Max(x, 0), x),
    (sp.Abs(x), x),
    (D(relu(x), x), sp.Piecewise((1, x > 0), (-1, True))),
    (sp.Limit(sigmoid(t), t, sp.oo, "-"), 0),
]
INEQUALITIES = [
    (sigmoid(t) * (1 - sigmoid(t)), "<=", sp.Rational(1, 4), "proved"),
    (sigmoid(t) * (1 - sigmoid(t)), "<", sp.Rational(1, 4), "refuted"),
    (sigmoid(t), ">", 0, "proved"),
    (sigmoid(t), "<", 1, "proved"),
    (sigmoid(t), "<=", sp.Rational(1, 2), "refuted"),
    (x**2, ">=", 0, "proved"),
    (x**2, ">", 0, "refuted"),
    (x**2 + 1, ">", 2 * x, "refuted"),
    (x**2 + 1, ">=", 2 * x, "proved"),
    (sp.tanh(x), "<", 1, "proved"),
    (sp.Abs(x), ">=", x, "proved"),
    (p + 1, ">", 0, "proved"),
    (x + 1, ">", 0, "refuted"),
]


@pytest.mark.parametrize(("lhs", "rhs"), TRUE, ids=[f"{left} = {right}" for left, right in TRUE])
def test_true_equalities_are_proved(lhs, rhs):
    assert decide(lhs, rhs).proved


@pytest.mark.parametrize(("lhs", "rhs"), FALSE, ids=[f"{left} = {right}" for left, right in FALSE])
def test_false_equalities_are_refuted_with_a_witness_that_checks(lhs, rhs):
    verdict = decide(lhs, rhs)
    assert verdict.refuted
    if lhs.has(sp.Limit):
        return
    values = {name: sp.Rational(value) for name, value in verdict.witness.point}
    symbols = {s: values[s.name] for s in (lhs - rhs).free_symbols}
    # SymPy's own numbers, another road than balls, must differ at the witness too.
    formulas = {sigmoid: lambda u: 1 / (1 + exp(-u)), softplus: lambda u: log(1 + exp(u))}
    sides = [sp.S(side).doit() for side in (lhs, rhs)]
    for name, formula in formulas.items():
        sides = [side.replace(name, formula) for side in sides]
    left, right = (sp.N(side.subs(symbols), 40) for side in sides)
    assert sp.Abs(left - right) > sp.Float("1e-30") * (1 + sp.Abs(left))


@pytest.mark.parametrize(("lhs", "relation", "rhs", "status"), INEQUALITIES)
def test_inequalities(lhs, relation, rhs, status):
    assert decide(lhs, rhs, relation).status == status


def test_a_cancelled_denominator_is_a_condition():
    assert decide((x**2 - 1) / (x - 1), x + 1).conditions == ("x - 1 != 0",)


def test_a_kink_is_excluded_by_a_condition():
    verdict = decide(D(relu(x), x), sp.Piecewise((1, x > 0), (0, True)))
    assert verdict.proved
    assert verdict.conditions == ("x != 0",)


def test_positive_denominators_need_no_condition():
    assert decide(1 / (1 + exp(-t)), exp(t) / (exp(t) + 1)).conditions == ()


def test_given_relations_restrict_the_points():
    assert decide(sp.Max(a * p, p), p, given=[a > 1]).refuted
    assert not decide(sp.Max(a * p, p), a * p, given=[a > 1]).refuted


def test_what_is_true_but_out_of_reach_is_supported_and_not_proved():
    verdict = decide(sp.floor(2 * x), sp.floor(x) + sp.floor(x + sp.S.Half))
    assert verdict.supported
    assert "agree" in verdict.sentence()


def test_constants_are_ordered_by_balls_and_entries_of_families_are_not_constants():
    entry = sp.IndexedBase("w")[1]
    assert decide(sp.pi, sp.Rational(22, 7), "<").proved
    assert decide(sp.E, sp.Rational(27, 10), "<").refuted
    assert decide(entry**2 + entry, -5, ">").proved
    assert not decide(entry, -100, ">").proved
    assert not decide(-100, entry, ">").proved


def test_an_empty_domain_is_unknown():
    verdict = decide(x, x + 1, given=[x > 1, x < 0])
    assert verdict.unknown
    assert "assumptions" in verdict.reason


def test_a_sum_is_unrolled_to_refute():
    total = sp.Sum(k, (k, 1, n))
    assert decide(total, n * (n - 1) / 2).refuted
    assert not decide(total, n * (n + 1) / 2).refuted


def test_an_unbound_summation_index_is_not_swapped_with_an_inner_one():
    i, j = sp.symbols("i j", integer=True)
    double = sp.Sum(i * j**2, (j, 1, i), (i, 1, 3))
    assert evaluate(double, {}, 64).real == 1 * 1 + 2 * 5 + 3 * 14


def test_a_verdict_is_not_a_bool():
    with pytest.raises(TypeError, match="not a bool"):
        bool(decide(x, x))


def test_the_relation_is_checked():
    with pytest.raises(ValueError, match="relation must be one of"):
        decide(x, y, "~")


def test_verdicts_are_deterministic():
    def once() -> Verdict:
        verdict = decide(sp.sin(x) ** 3, sp.sin(x))
        return verdict.status, verdict.witness

    assert once() == once()


@pytest.mark.parametrize(
    "monster",
    [
        (x - a) ** 6000 + 1,
        sp.Pow(9, sp.Pow(9, 9, evaluate=False), evaluate=False),
        sum(sp.sin(x + i) ** i for i in range(1, 60)),
        sp.gamma(x) ** sp.gamma(y),
        sqrt(1 + sqrt(2 + sqrt(3 + sqrt(p)))),
    ],
    ids=lambda e: str(e)[:30],
)
def test_monsters_get_an_answer_and_no_exception(monster):
    assert decide(monster, monster + x).status in ("refuted", "unknown")


ATOMS = st.sampled_from([x, y, p, sp.Integer(2), sp.Integer(3), sp.Rational(1, 2)])


def _grow(children):
    return st.one_of(
        st.tuples(children, children).map(lambda c: c[0] + c[1]),
        st.tuples(children, children).map(lambda c: c[0] * c[1]),
        children.map(lambda c: sigmoid(c)),
        children.map(lambda c: exp(-c)),
        children.map(lambda c: c**2),
    )


EXPRESSIONS = st.recursive(ATOMS, _grow, max_leaves=6)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(EXPRESSIONS, EXPRESSIONS, EXPRESSIONS)
def test_sound_rewrites_are_never_refuted(u, v, w):
    assert not decide(u * (v + w), sp.expand(u * v) + sp.expand(u * w)).refuted
    assert not decide(sigmoid(u) * exp(v), exp(v) - exp(v) * sigmoid(-u)).refuted


@settings(max_examples=60, deadline=None, derandomize=True)
@given(EXPRESSIONS, EXPRESSIONS)
def test_mutants_are_never_proved(u, v):
    assert not decide(u + v, u + v + 1).proved
    assert not decide(u * (1 + exp(x)), u * exp(x) + 2 * u + 1 - u + 1).proved

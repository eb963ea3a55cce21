"""What is shown to people who type formulas: it is read back as the same formula."""

from itertools import pairwise

import pytest
import sympy as sp

from derivations import D, diagnose, natural, parse_expression, positive, real, sigmoid, softplus
from derivations.typed import typed
from exercises.answers import Derivation, Expression
from exercises.discover import exercises

t, x = real("t x")
p = positive("p")
n = natural("n")
i, j = sp.symbols("i j", integer=True)
v = sp.IndexedBase(sp.Symbol("v", real=True))
NAMES = {"t": t, "x": x, "p": p, "n": n, "v": v}

TYPED = {
    "D(sigma(t), t)": D(sigmoid(t), t),
    "D(x^3, x, 2)": sp.Derivative(x**3, (x, 2)),
    "sum(v[i], i, 1, n)": sp.Sum(v[i], (i, 1, n)),
    "sum(sum(v[i]*v[j], i, 1, j), j, 1, n)": sp.Sum(v[i] * v[j], (i, 1, j), (j, 1, n)),
    "prod(1/v[i], i, 1, n)": sp.Product(1 / v[i], (i, 1, n)),
    "int(exp(-p*x), x, 0, oo)": sp.Integral(sp.exp(-p * x), (x, 0, sp.oo)),
    "e*x^2/(2*p)": sp.E * x**2 / (2 * p),
    "abs(x)*softplus(t)": sp.Abs(x) * softplus(t),
    "max(t, x)": sp.Max(t, x),
    "delta(3, n)": sp.KroneckerDelta(3, n),
    "ceil(x) + floor(t)": sp.ceiling(x) + sp.floor(t),
}


@pytest.mark.parametrize("text", TYPED)
def test_it_is_written_as_people_type(text):
    assert typed(TYPED[text]) == text
    assert parse_expression(text, NAMES) == TYPED[text]


def test_an_equation_has_its_sign_between_the_sides():
    assert typed(sp.Eq(x**2, t + 1, evaluate=False)) == "x^2 = t + 1"


def test_where_sigma_is_a_symbol_the_function_has_its_other_name():
    sigma = positive("sigma")
    both = sigma * sigmoid(t)
    assert parse_expression(typed(both), {"t": t, "sigma": sigma}) == both


def bank():
    """The formulas of the bank: answers, lines of derivations, and all that these are made of."""
    for item in exercises():
        variant = item.draw("1")
        for part in item.parts:
            names = getattr(part.answer, "names", {})
            if isinstance(part.answer, Expression):
                yield part.id, names, [part.reference(variant)]
            elif isinstance(part.answer, Derivation):
                chain = part.reference(variant)
                sides = [side for line in chain.lines for side in line.split(" = ")]
                yield part.id, names, [parse_expression(side, names) for side in sides]


BANK = list(bank())


@pytest.mark.parametrize(("names", "formulas"), [b[1:] for b in BANK], ids=[b[0] for b in BANK])
def test_every_formula_of_the_bank_is_read_back(names, formulas):
    for formula in map(sp.sympify, formulas):
        for node in sp.preorder_traversal(formula):
            # A family or a bound variable alone is no formula.
            if isinstance(node, sp.Expr) and not node.is_Atom and not _is_bound(node, names):
                again = parse_expression(typed(node), names)
                # SymPy multiplies a bracket by a number before it, wherever one is typed.
                assert again == node or sp.expand_mul(again) == sp.expand_mul(node), typed(node)


def _is_bound(node, names):
    """Whether it stands under a sum or an integral whose variable is only known there."""
    known = {s for s in names.values() if isinstance(s, sp.Symbol)}
    families = {s.label for s in names.values() if isinstance(s, sp.IndexedBase)}
    return bool({s for s in node.free_symbols if s.is_Symbol} - known - families)


@pytest.mark.parametrize(("names", "formulas"), [b[1:] for b in BANK], ids=[b[0] for b in BANK])
def test_no_diagnosis_over_the_bank_speaks_of_python(names, formulas):
    for before, line in pairwise(formulas):
        said = diagnose(-sp.sympify(line), before, budget=0.02) or diagnose(2 * line, before)
        assert not any(word in said for word in ("**", "Sum(", "Derivative(", "sigmoid(", "(i, "))

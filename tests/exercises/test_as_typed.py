"""Solutions in LaTeX show each step as it was typed, and mean what it means."""

import re

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from derivations.parse import parse_equations, parse_expression
from exercises.answers import Derivation, Erratum
from exercises.discover import exercises
from exercises.formats.as_typed import as_typed

X, Y = sp.symbols("x y", real=True)
NAMES = {"x": X, "y": Y, "z": sp.IndexedBase("z"), "n": sp.Symbol("n", integer=True)}
PARTS = [
    part
    for item in exercises()
    for part in item.parts
    if isinstance(part.answer, Derivation | Erratum)
]


def read(text, names):
    """What the grader reads in a formula or an equation."""
    limits = r"_\{\w+ = "  # of a sum in LaTeX; no equation
    if "=" in re.sub(limits, "", text):
        return parse_equations(text, names)[0].expression
    return parse_expression(text, names)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.id)
def test_lines_of_the_bank_are_read_back_as_they_were_typed(part):
    for seed in range(3):
        reference = part.reference(part.exercise.draw(seed))
        for line in (*reference.lines, getattr(reference, "right", reference.lines[-1])):
            set_ = as_typed(line, part.answer.names)
            assert set_, line
            assert read(f"${set_}$", part.answer.names) == read(line, part.answer.names), set_


@pytest.mark.parametrize(
    ("typed", "latex"),
    [
        ("0 + 1*x", r"0 + 1 x"),
        ("x - (x - 1)", r"x - \left(x - 1\right)"),
        ("2*3*x", r"2 \cdot 3 x"),
        ("4*1/(1 + x)*y", r"\frac{4 \cdot 1}{1 + x} y"),
        ("-(1*x + 0)", r"-\left(1 x + 0\right)"),
        ("(-x)^2 - -x", r"\left(-x\right)^{2} - \left(-x\right)"),
        ("exp(x)^2", r"\left(e^{x}\right)^{2}"),
        ("D(x*y, x)*2", r"\left(\frac{\partial}{\partial x} \left(x y\right)\right) \cdot 2"),
        ("D(x^2, x, 2)", r"\frac{\mathrm{d}^{2}}{\mathrm{d} x^{2}} x^{2}"),
        ("sum(z[i] + 1, i, 1, n)", r"\sum_{i = 1}^{n} \left({z}_{i} + 1\right)"),
        ("int(exp(-x), x, 0, oo)", r"\int_{0}^{\infty} e^{-x} \, \mathrm{d} x"),
        ("2*x <= x + x", r"2 x \le x + x"),
        ("log(2*x)/sqrt(y)", r"\frac{\log\left(2 x\right)}{\sqrt{y}}"),
    ],
)
def test_each_step_stays(typed, latex):
    assert as_typed(typed, NAMES) == latex


@pytest.mark.parametrize("text", ["x +", "", "x = y = 1", "sum(x, i)"])
def test_what_is_no_formula_is_not_set(text):
    assert as_typed(text, NAMES) == ""


LEAVES = st.sampled_from(["x", "y", "2", "3", "0.5", "z[1]"])
FORMULAS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from("+-*/"), inner),
        st.builds("{} {} {}".format, LEAVES, st.sampled_from("+-*"), inner),
        st.builds("(-{})".format, inner),
        st.builds("({})^2".format, inner),
        st.builds("{}({})".format, st.sampled_from(["exp", "tanh", "sigma", "abs"]), inner),
        st.builds("D({}, x)".format, inner),
        st.builds("sum({}, i, 1, n)".format, inner),
    ),
    max_leaves=6,
)


@given(FORMULAS)
def test_any_formula_is_read_back_with_the_same_value(typed):
    latex = as_typed(typed, NAMES)
    try:
        before = parse_expression(typed, NAMES)
    except ValueError:
        return  # divided by zero
    after = parse_expression(f"${latex}$", NAMES)
    at = {X: sp.Rational(1, 3), Y: sp.Rational(2, 7), NAMES["z"][1]: sp.Rational(3, 5)}
    assert before == after or sp.simplify((before - after).subs(at).doit()) == 0, latex

"""Numbers, arrays, mended lines and forms: what they earn and what is said."""

import numpy as np
import pytest
import sympy as sp

from exercises.answers import Array, Erratum, Expression, Fault, Number
from exercises.core import Exercise
from grader.mark import mark_part
from grader.student import InProcess

t = sp.Symbol("t", real=True)


def part_of(answer, reference, points=3, mistakes=()):
    ex = Exercise("An exercise")
    ex.variant(lambda v: {})

    def value():
        """What is it?"""
        return reference

    part = ex.part(points=points, answer=answer)(value)
    for slip, credit in mistakes:
        part.mistake(credit=credit, help="a known slip")(_constant(slip))
    return part


def _constant(value):
    def slip():
        return value

    return slip


def marked(part, answer):
    return mark_part(part, {}, InProcess({part.name: answer}))


THIRD = sp.Rational(1, 3)
NUMBERS = [
    (Number("y"), THIRD, "1/3", 3, ""),
    (Number("y"), THIRD, 1 / 3, 3, ""),
    (Number("y"), THIRD, 0.333, 0, "not the number"),
    (Number("y"), THIRD, "sum(factorial(k), k, 1, 5000)", 0, "write the number itself"),
    (Number("y"), THIRD, "exp(exp(exp(exp(9))))", 0, "write the number itself"),
    (Number("y"), THIRD, "1/(sqrt(3 + 2sqrt(2)) - 1 - sqrt(2))", 0, ""),
    (Number("y", rtol=1e-2), THIRD, 0.333, 3, ""),
    (Number("y", digits=3), THIRD, 0.333, 3, ""),
    (Number("y", digits=3), THIRD, 0.33, 0, "rounded too far"),
    (Number("y", digits=3), sp.exp(-1), "e^(-1)", 3, ""),
    (Number("y", digits=2), sp.Rational(149, 100), 1.5, 3, ""),
    (Number("y", digits=3), sp.Rational(1245, 1000), 1.25, 3, ""),
    (Number("y", digits=3), sp.Rational(1245, 1000), 1.24, 3, ""),
    (Number("y", digits=2), sp.S.Zero, 0, 3, ""),
    (Number("y"), THIRD, None, 0, "blank"),
    (Number("y"), THIRD, True, 0, "must be a number"),
    (Number("y"), THIRD, float("nan"), 0, "nan"),
    (Number("y"), THIRD, float("inf"), 0, "not the number"),
    (Number("y"), THIRD, [1], 0, "a list"),
    (Number("y"), THIRD, "t", 0, "not known"),
    (Number("y"), THIRD, 10**400, 0, ""),
    (Number("y", rtol=0.01), sp.Integer(100), 101.0, 3, ""),
    (Number("y", rtol=0.01), sp.Integer(100), 101.01, 0, "not the number"),
    (Number("y", rtol=0.01), sp.Integer(-100), -100.9, 3, ""),
    (Number("y", rtol=0.01), sp.Rational(1, 100), 0.0102, 0, "not the number"),
    (Number("y", rtol=0.0, atol=0.5), sp.Integer(100), 100.5, 3, ""),
    (Number("y", rtol=0.0, atol=0.5), sp.Integer(100), 99.49, 0, "not the number"),
    (Number("y", rtol=0.01, atol=0.5), sp.Integer(100), 101.5, 3, ""),
    (Number("y", digits=2), sp.S.Zero, 0.004, 3, ""),
    (Number("y", digits=2), sp.S.Zero, 0.006, 0, "rounded too far"),
    (Number("y", digits=1), THIRD, 0.9, 0, "this is not the number"),
    (Number("y"), sp.oo, float("inf"), 3, ""),
    (Number("y"), -sp.oo, float("-inf"), 3, ""),
    (Number("y"), sp.oo, float("-inf"), 0, "not the number"),
    (Number("y"), sp.oo, 1e300, 0, "not the number"),
]


@pytest.mark.parametrize(("kind", "reference", "answer", "points", "said"), NUMBERS)
def test_number(kind, reference, answer, points, said):
    mark = marked(part_of(kind, reference), answer)
    assert mark.points == points
    assert said in " ".join(f.message for f in mark.findings)


def test_number_knows_its_mistakes():
    mark = marked(part_of(Number("y"), THIRD, mistakes=[(sp.Integer(3), 1)]), 3)
    assert (mark.points, mark.findings[0].diagnosis) == (1, "a known slip")


REFERENCE = np.array([[1.0, 2.0], [3.0, 4.0]])
ARRAYS = [
    (REFERENCE, 3, ""),
    ([[1, 2], [3, 4]], 3, ""),
    (REFERENCE.astype(np.float32), 3, ""),
    ([[1, 2], [3, 5]], 0, "1 of 4 entries are wrong, the first at y[1, 1] = 5"),
    ([[1, 2, 3], [3, 4, 5]], 0, "shape (2, 3); the shape should be (2, 2)"),
    ([[1, 2], [3]], 0, "array or nested lists"),
    ([["a"]], 0, "array or nested lists"),
    ("[[1, 2], [3, 4]]", 0, "a string"),
    ([[1, 2], [3, float("nan")]], 0, "entries are wrong"),
    (None, 0, "blank"),
]


@pytest.mark.parametrize(("answer", "points", "said"), ARRAYS, ids=str)
def test_array(answer, points, said):
    mark = marked(part_of(Array("y"), REFERENCE), answer)
    assert mark.points == points
    assert said in " ".join(f.message for f in mark.findings)


def test_array_knows_its_mistakes():
    mark = marked(part_of(Array("y"), REFERENCE, mistakes=[(REFERENCE.T, 1)]), REFERENCE.T.copy())
    assert (mark.points, mark.findings[0].diagnosis) == (1, "a known slip")


def test_array_knows_mistakes_of_another_shape():
    table = np.arange(6.0).reshape(2, 3)
    part = part_of(Array("y"), table, mistakes=[(table.T, 2)])
    mark = marked(part, table.T.copy())
    assert (mark.points, mark.outcome) == (2, "partial")
    assert mark.findings[0].diagnosis == "a known slip"
    assert marked(part, table).points == 3
    for other in (table.T + 1, table.reshape(3, 2), table.ravel()):
        mark = marked(part, other)
        assert mark.points == 0
        assert "the shape should be (2, 3)" in mark.findings[0].message


FAULT = Fault(
    lines=("(1 + exp(-t))^(-1)", "1/(1 + exp(-t))", "exp(t)/(1 - exp(t))", "1 - 1/(1 + exp(t))"),
    wrong=3,
    right="exp(t)/(1 + exp(t))",
    why="the sign in the denominator",
)
ERRATA = [
    ("3: exp(t)/(1 + exp(t))", 3, ""),
    ("line 3: = exp(t)/(exp(t) + 1)", 3, ""),
    ("3: exp(t)/(2 + exp(t))", 1, "not mended yet"),
    ("3: 1/(1 + exp(-t))", 1, "the line before it"),
    ("3: exp(t)/(", 1, "cannot be read"),
    ("2: exp(t)/(1 + exp(t))", 0, "line 2 follows"),
    ("9: t", 0, "there is no line 9"),
    ("three", 0, "number, a colon"),
    ("", 0, "blank"),
    (3, 0, "must be a string"),
]


def test_erratum_is_not_mended_by_an_earlier_line():
    fault = Fault(("D(t^2, t)", "2*t*D(t, t)", "3*t", "3*t + 0"), 3, "2*t", "the exponent")
    part = part_of(Erratum("y", (t,)), fault)
    assert marked(part, "3: 2t").points == 3
    mark = marked(part, "3: D(t^2, t)")
    assert (mark.points, mark.outcome) == (1, "partial")
    assert "is line 1: make the step" in mark.findings[0].message


@pytest.mark.parametrize(("answer", "points", "said"), ERRATA, ids=str)
def test_erratum(answer, points, said):
    mark = marked(part_of(Erratum("y", (t,)), FAULT), answer)
    assert mark.points == points
    assert said in " ".join(f.message for f in mark.findings)


def test_the_faulty_derivation_is_shown_with_numbers():
    instruction = Erratum("y", (t,)).instruction(FAULT)
    assert "3.  = exp(t)/(1 - exp(t))" in instruction
    assert FAULT.right not in instruction
    with pytest.raises(ValueError, match="one of 2 to 2"):
        Fault(("a", "b"), 1, "c")


FORMS = [
    (Expression("y", (t,), form="expanded"), (t + 1) ** 2, "t^2 + 2t + 1", 3, ""),
    (Expression("y", (t,), form="expanded"), (t + 1) ** 2, "(t + 1)^2", 0, "not expanded"),
    (Expression("y", (t,), form="factored"), t**2 - 1, "(t - 1)(t + 1)", 3, ""),
    (Expression("y", (t,), form="factored"), t**2 - 1, "t^2 - 1", 0, "not factored"),
    (Expression("y", (t,), functions=("sigmoid",)), 1 / (1 + sp.exp(-t)), "sigma(t)", 3, ""),
    (
        Expression("y", (t,), functions=("sigmoid",)),
        1 / (1 + sp.exp(-t)),
        "1/(1 + exp(-t))",
        0,
        "with sigmoid only: exp",
    ),
]


@pytest.mark.parametrize(("kind", "reference", "answer", "points", "said"), FORMS)
def test_form(kind, reference, answer, points, said):
    mark = marked(part_of(kind, reference), answer)
    assert mark.points == points
    assert said in " ".join(f.message for f in mark.findings)


def test_an_infinite_value_agrees_with_itself_alone():
    from grader.kinds.values import agrees

    infinite = np.array([np.inf, 1.0])
    assert agrees(infinite.copy(), infinite, 1e-9, 0) == ""
    assert agrees(np.array([3.0, 1.0]), infinite, 1e-9, 0) != ""
    assert agrees(-infinite, infinite, 1e-9, 0) != ""


@pytest.mark.parametrize("value", [np.array([1.0, 2.0]), np.zeros((0,)), np.array(0.5)])
def test_an_array_is_no_number_and_no_failure_of_ours(value):
    mark = marked(part_of(Number("half"), sp.Rational(1, 2)), value)
    assert (mark.points, mark.outcome) == (0, "wrong")
    assert "must be a number" in mark.findings[0].message


def test_an_imaginary_part_is_not_left_out():
    part = part_of(Array("pair"), np.array([1.0, 2.0]))
    mark = marked(part, np.array([1.0 + 5.0j, 2.0]))
    assert (mark.points, mark.outcome) == (0, "wrong")

"""Lines without arrows, lines with a left side of their own, names that a student gives."""

import time

import pytest
import sympy as sp

from derivations import D, ParseError, parse_chain, parse_equations, positive, real

t, a, y = real("t a y")
p = positive("p")
NAMES = {"t": t, "a": a, "y": y, "p": p}


def lines(text, read=parse_chain, **options):
    return [(line.relation, line.expression) for line in read(text, NAMES, **options)]


def refused(text, read=parse_chain, **options):
    with pytest.raises(ParseError) as caught:
        read(text, NAMES, **options)
    return caught.value


def equation(left, right):
    return sp.Eq(left, right, evaluate=False)


@pytest.mark.parametrize(
    "text",
    [
        "2*t = 4\nt = 2\n-t = -2",
        r"\begin{align} 2t &= 4 \\ t &= 2 \\ -t &= -2 \end{align}",
        "$2t = 4$\n\n$t = 2$\n\n$-t = -2$",
        r"$$2t = 4$$ and so $$t = 2$$ or also $$\Rightarrow -t = -2$$",
        r"$2t = 4 \\ \therefore t = 2 \\ \implies -t = -2$",
    ],
)
def test_equation_on_a_line_of_its_own_follows_from_the_one_before(text):
    assert lines(text, parse_equations) == [
        ("", equation(2 * t, 4)),
        ("=>", equation(t, 2)),
        ("=>", equation(-t, -2)),
    ]


def test_one_symbol_equal_to_several_things_is_equal_to_each():
    read = parse_equations("2*t = 4\nt = 4/2 = 2", NAMES)
    assert [(line.relation, line.expression) for line in read[1:]] == [("=>", equation(t, 2))] * 2
    assert [line.text for line in read] == ["2*t = 4", "t = 4/2", "t = 2"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2*t = 1 + 3 = 4 = 8/2", "another relation"),
        ("t = 2, y = 3", "<=> (equivalent) or => (follows)"),
        (r"$t = a \\ + 3 = y$", "put the + at the end"),
        ("t = 2\nand so on", "an equation is expected"),
        ("q = 3", "q is not known"),
    ],
)
def test_two_readings_of_equations_are_refused(text, words):
    assert words in refused(text, parse_equations).message


@pytest.mark.parametrize(
    "row", [r"t &= a & a &= y", r"t & a &= y", r"t &= a \quad a = y", r"t &= 2 \qquad 3 = y"]
)
def test_formulas_side_by_side_are_no_product(row):
    said = refused(rf"\begin{{align}} {row} \end{{align}}", parse_chain).message
    assert "side by side" in said


@pytest.mark.parametrize(
    "row", [r"t &= a && \text{as } a = t", r"&t &&= a", r"t &=& a", r"t &= a \quad \text{(1)}"]
)
def test_columns_that_hold_one_formula_are_read(row):
    assert lines(rf"\begin{{align}} {row} \end{{align}}") == [("", t), ("=", a)]


def test_row_that_begins_with_an_operator_goes_on_with_the_row_before():
    assert lines(r"\begin{align} t &= a \\ &\quad + y \\ &= y \\ &\quad - p \end{align}") == [
        ("", t),
        ("=", a + y),
        ("=", y - p),
    ]
    assert lines(r"$t = a \\ - y$", parse_equations) == [("", equation(t, a - y))]
    assert lines(r"$t = a \\ -t = y$", parse_equations)[1] == ("=>", equation(-t, y))
    # Typed text, and displays of their own, break at the line: a sign may begin a new formula.
    assert "begin it with =" in refused("t^2 = a\n- y").message
    assert "begin it with =" in refused("$$t^2 = a$$\n$$- y$$").message


@pytest.mark.parametrize(
    "text",
    [
        "D(t^2, t) = 2*t\nD(t^2, t) = t + t",
        "D(t^2, t) = 2*t\n2*t = t + t",
        "f(t) = t^2\nD(f(t), t) = 2*t\n= t + t",
        "f(t) = t^2\nf'(t) = 2*t\nf'(t) = t + t",
        r"$$f(t) = t^2$$ $$\frac{df(t)}{dt} = 2t$$ $$\frac{df(t)}{dt} = t + t$$",
        r"$\mathcal{L} = t^2 \\ \frac{d\mathcal{L}}{dt} = 2t = t + t$",
        r"$$\frac{dL}{dt} = \frac{d}{dt} t^2 \\ = 2t \\ \frac{dL}{dt} = t+t$$",
        "d/dt (t^2) = 2t\n= t + t",
        r"$L(t) = t^2 \\ \frac{dL}{dt} = 2t = t + t$",
    ],
)
def test_left_sides_and_names_of_ones_own(text):
    assert lines(text) == [("", D(t**2, t)), ("=", 2 * t), ("=", 2 * t)]


def test_name_defined_before_the_start_is_no_name_of_the_start():
    said = refused("u = t^2\nD(u, t) = 2*t\nu = 2*t").message
    assert "neither the start nor the line before" in said


def test_name_with_the_variable_inside_is_differentiated():
    u = sp.exp(t)
    assert lines(r"$u = e^t \\ \frac{d}{dt} 4u = 4u$") == [("", D(4 * u, t)), ("=", 4 * u)]
    said = refused(r"$u = e^t \\ \frac{d}{dt} u t = 4u$").message
    assert "whole product or its first factors" in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("t^2 = a\ny = 3", "neither the start nor the line before"),
        # a <= y and a = 3 say nothing about how y and 3 compare
        ("a <= y\na = 3", "neither the start nor the line before"),
        ("t = a\nq = 3", "q is not known"),
        ("t = a\nso that all is well", "begin it with ="),
        (r"$t = a \text{ where } s = 3$", "belongs before the start"),
    ],
)
def test_left_side_that_does_not_follow_is_refused(text, words):
    assert words in refused(text).message


def test_lines_before_something_unread_are_kept():
    error = refused(r"\begin{align} t &= t + 0 \\ &= t \\ &= \foo t \end{align}")
    assert "\\foo is not read" in error.message
    assert [line.expression for line in error.before] == [t, t, t]


def test_reason_behind_a_line_is_not_read():
    text = r"$t = t \cdot 1 \quad\text{since } \foo{1} = 1 \\ = t, \quad \text{using } p > 0$"
    assert lines(text) == [("", t), ("=", t), ("=", t)]
    # what may be the next line of the chain is no part of a reason
    assert "remark" in refused(r"$t = t \text{ since } p > 0 = a$").message


def test_condition_is_left_out_where_it_says_nothing_new():
    for condition in (
        ", p > 0",
        r"\text{for } p > 0",
        r"\forall t \in \mathbb{R}",
        r"\text{for all } t",
    ):
        assert lines(rf"$t = t \quad {condition}$") == [("", t), ("=", t)]
    below = r"$p = p, \quad \text{for } 0 < p < 1$"
    assert lines(below, given=(p < 1,)) == [("", p), ("=", p)]
    said = "does not follow from what the question assumes"
    assert said in refused(below).message
    assert lines(r"$p = p, \quad 0 < p < 1$", given=(p < 1,)) == [("", p), ("=", p)]
    assert said in refused(r"$p = p, \quad 0 < p < 1$").message
    assert lines(r"$p = \max(p, p)$") == [("", p), ("=", p)]
    assert "operator or =" in refused(r"$p = p, t = t$").message
    assert said in refused(r"$p = p, \quad \text{for } p = 1$", given=(p < 1,)).message
    assert "not read" in refused(r"$p = p \quad \text{for small } \epsilon$").message


@pytest.mark.parametrize(
    "first", ["q0 = t + 1/t\n", "q0 = 99999999999999999999\n", "q0 = (t + a)^9\n"]
)
@pytest.mark.parametrize("step", ["{0}*{0} + 1/{0}", "({0} + a)^9", "exp({0}) + {0}"])
def test_names_that_grow_are_refused_at_once(first, step):
    grown = "".join(f"q{k} = {step.format(f'q{k - 1}')}\n" for k in range(1, 100))
    start = time.perf_counter()
    refused(f"{first}{grown}t = q99")
    assert time.perf_counter() - start < 2


def test_functions_of_ones_own_that_grow_are_refused_at_once():
    grown = "".join(f"q{k}(t) = q{k - 1}(q{k - 1}(t)) + 1\n" for k in range(1, 40))
    start = time.perf_counter()
    assert "too long" in refused(f"q0(t) = t + 1/t\n{grown}t = q39(t)").message
    assert time.perf_counter() - start < 2

"""Values between limits, cases, vectors and matrices, and frames around a formula, in LaTeX."""

import time

import pytest
import sympy as sp

from derivations import (
    D,
    ParseError,
    decide,
    integer,
    natural,
    parse_chain,
    parse_expression,
    positive,
    real,
    sigmoid,
)
from derivations.matrices import Gradient, dot, frobenius, matrix, norm, scalar, vector

t, a, b = real("t a b")
r = positive("r")
n, i = natural("n"), integer("i")
f = sp.Function("f")
x = sp.IndexedBase(sp.Symbol("x", real=True))
NAMES = {"t": t, "a": a, "r": r, "n": n, "i": i, "x": x, "f": f}
u, v, A = vector("u", n), vector("v", n), matrix("A", n, n)
VECTORS = {"u": u, "v": v, "A": A, "b": b}


def read(latex, names=NAMES):
    return parse_expression(f"${latex}$", names)


def refused(latex, names=NAMES):
    with pytest.raises(ParseError) as caught:
        read(latex, names)
    return caught.value.message


VALUES = [  # with what it is worth, by hand
    (r"\left[\frac{t^3}{3}\right]_0^1", sp.Rational(1, 3)),
    (r"[t^2]^{3}_{1}", 8),
    (r"\frac{t^2}{2}\Big|_0^2", 2),
    (r"5 - 2\left. t^2 + t \right|_{0}^{2}", -7),
    (r"[a t]_{t=1}^{t=3}", 2 * a),
    (r"[t^2]_{t=0}^{t=t+1}", (t + 1) ** 2),
    (r"\left[-e^{-rt}\right]_{t=0}^{\infty}", 1),
    (r"\log t \bigg\rvert_1^2", sp.log(2)),
    (r"[t \log t - t]_0^1", -1),
    (r"\int_0^1 a t \, dt + [a t^2]_0^1", 3 * a / 2),
    (r"\int_{-r}^{r} w^2 \, dw - \left[\frac{w^3}{3}\right]_{-r}^{r}", 0),
    (r"\frac{d}{dt} t^3 \Big|_{t=2}", 12),
    (r"\left.\frac{d}{dt} \sigma(t)\right|_{t=0}", sp.Rational(1, 4)),
    (r"\left. t^2 + a \right|_{t=3}", 9 + a),
    (r"|t|\Big|_{t=-2}", 2),
]


@pytest.mark.parametrize(("latex", "worth"), VALUES)
def test_value_between_limits(latex, worth):
    assert decide(read(latex), worth).proved
    assert decide(read(latex), worth + 1).refuted


def test_value_of_an_unknown_function():
    assert read(r"f(t)|_{t=2}") == f(2)
    assert read(r"[f(t)]_{t=a}^{t=2}") == f(2) - f(a)


def test_value_is_kept_as_it_stands_until_it_is_worked_out():
    assert read(r"[t^2]_1^3").has(sp.Limit)


@pytest.mark.parametrize(
    ("latex", "words"),
    [
        (r"[a t]_0^1", "a or t; name it"),
        (r"[2]_0^1", "none that occurs"),
        (r"1 + t^2 \Big|_0^1", "whole sum before it or to its last term"),
        (r"[t]_i", "an index, or a value at one point"),
        (r"\left. t \right|", "the bar needs its limits"),
        (r"\frac{1}{t}|_{t=0}", "zero"),
        (r"[\sum_{i=1}^{n} x_i t]_{t=0}^{t=i}", "call one of them otherwise"),
        (r"[a t]_{a=0}^{t=1}", "different variables, a and t"),
        (r"\left(t\right)_0^1", r"\left[ ... \right]"),
        (r"t|_{t=\infty}", "infinity"),
    ],
)
def test_limits_with_two_readings_or_none_are_refused(latex, words):
    assert words in refused(latex)


ABSOLUTE = sp.Piecewise((t, t >= 0), (-t, True))


@pytest.mark.parametrize(
    "latex",
    [
        r"\begin{cases} t & \text{if } t \ge 0 \\ -t & \text{otherwise} \end{cases}",
        r"\begin{cases} t, & t \ge 0, \\ -t, & t < 0. \end{cases}",
        r"\begin{dcases} t & \text{for } t > 0 \\ 0 & t = 0 \\ -t & \text{else.} \end{dcases}",
        r"\left\{\begin{array}{ll} t & t \ge 0 \\ -t & t \le 0 \end{array}\right.",
        r"\begin{cases} t & 0 \le 2t \\ -t & \text{when } 0 > t \end{cases}",
        r"\begin{cases} 1 & 0 < t \text{ and } t < 9 \\ 1 & t \ge 9 \\ -1 & t \le 0 \end{cases} t",
    ],
)
def test_cases_are_the_pieces_they_name(latex):
    assert decide(read(latex), abs(t)).proved
    assert decide(read(latex), t).refuted


@pytest.mark.parametrize(
    ("latex", "words"),
    [
        (r"\begin{cases} t & t \ge 0 \\ 1 & t \le 0 \end{cases}", "at t = 0 two cases hold"),
        (r"\begin{cases} t & t > 0 \\ 0 & t < 0 \end{cases}", "no case holds at t = 0"),
        (r"\begin{cases} t & t > 0 \end{cases}", "no case holds at t = "),
        (r"\begin{cases} t & \text{else} \\ 0 & t < 0 \end{cases}", "only the last case"),
        (r"\begin{cases} t & t > a \\ 0 & \text{else} \end{cases}", "one variable"),
        (r"\begin{cases} t & t^2 > 1 \\ 0 & \text{else} \end{cases}", "compares a variable"),
        (r"\begin{cases} t & \text{maybe} \\ 0 & t < 0 \end{cases}", "'maybe' is not read"),
        (r"\begin{cases} t \\ 0 \end{cases}", "say when this case holds"),
        (r"\begin{cases} \end{cases}", "no case between"),
        (r"\begin{cases} t & t > 0", "is never closed"),
    ],
)
def test_cases_that_are_no_function_are_refused(latex, words):
    assert words in refused(latex)


def test_positive_symbol_needs_no_case_below_zero():
    read_as = read(r"\begin{cases} r & r \ge 1 \\ 1 & r < 1 \end{cases}")
    assert decide(read_as, sp.Max(r, 1)).proved


MATRICES = [
    (r"u^\top v + b", dot(u, v) + b),
    (r"\mathbf{u}^T \mathbf{v}", dot(u, v)),
    (r"u^\mathsf{T} A u", scalar(u.T * A * u)),
    (r"\lVert u \rVert^2", dot(u, u)),
    (r"\|A u - v\|_2", norm(A * u - v)),
    (r"\left\| A \right\|_F", frobenius(A)),
    (r"A^{-1} u", A.I * u),
    (r"A^{-\top} u", A.T.I * u),
    (r"\nabla_u \left(u^\top A u\right)", Gradient(scalar(u.T * A * u), u)),
    (r"\nabla_b b^2", D(b**2, b)),
    (r"\begin{pmatrix} b & 1 \\ 0 & 2 \end{pmatrix}", sp.ImmutableMatrix([[b, 1], [0, 2]])),
    (r"\begin{bmatrix} b & 1\end{bmatrix} \begin{pmatrix} 1 \\ -b\end{pmatrix} + 1", 1),
    (r"\begin{vmatrix} b & 1 \\ 3 & -b \end{vmatrix}", -(b**2) - 3),
    (r"\left\| \begin{pmatrix} 3 \\ -4 \end{pmatrix}\right\|", 5),
    (r"\left(\begin{array}{cc} 1 & b \end{array}\right)^\top", sp.ImmutableMatrix([1, b])),
]


@pytest.mark.parametrize(("latex", "meaning"), MATRICES)
def test_vectors_and_matrices(latex, meaning):
    found = read(latex, VECTORS)
    assert found == meaning or sp.expand(found - meaning) == 0


@pytest.mark.parametrize(
    ("latex", "words", "names"),
    [
        (r"u^T v", "transpose or the exponent", {**VECTORS, "T": real("T")}),
        (r"b^\top u", "no transpose", VECTORS),
        (r"\lVert b \rVert", "write |x|", VECTORS),
        (r"\lVert A \rVert", r"\lVert A \rVert_F", VECTORS),
        (r"\lVert u \rVert_1", "only the norms", VECTORS),
        (r"\lVert x \rVert^2", r"\sum_{i=1}^{n} x_i^2", NAMES),
        (r"\nabla_u u^\top A u", "whole product or its first factors", VECTORS),
        (r"\frac{u}{v}", "A^{-1}", VECTORS),
        (r"\log A", "takes a number", VECTORS),
        (r"u + b", "cannot join", VECTORS),
        (r"\begin{pmatrix} 1 & b\end{pmatrix}^{-1}", "no such power", VECTORS),
        (r"\begin{pmatrix} 1 & b \\ 2 \end{pmatrix}", "equally long", VECTORS),
    ],
)
def test_vectors_that_are_not_clear_are_refused(latex, words, names):
    assert words in refused(latex, names)


def test_frames_and_marks_say_nothing():
    text = (
        r"\begin{align} t a &\overset{(1)}{=} \underbrace{a t}_{\text{both } = 3} \\ "
        r"&\stackrel{!}{=} \boxed{t a} \qquad\blacksquare \end{align}"
    )
    assert [line.expression for line in parse_chain(text, NAMES)] == [a * t] * 3


def test_report_keeps_the_columns_of_cases_in_a_line():
    text = r"\begin{align} |t| &= \begin{cases} t & t > 0 \\ -t & t \le 0 \end{cases} \end{align}"
    line = parse_chain(text, NAMES)[1]
    assert parse_expression(line.text, NAMES) == line.expression


@pytest.mark.parametrize(
    "bomb",
    [
        r"\begin{cases} t & " * 100,
        "[" * 40 + "t" + "]_{t=0}^{t=t+1}" * 40,
        "[" * 30 + "t^2" + "]_{t=0}^{t=t^2+1}" * 30,
        r"\begin{pmatrix} t & 1 \\ a & 2\end{pmatrix}" * 80,
        r"\begin{pmatrix} t & a \\ a & t\end{pmatrix}^3" * 40,
        r"\left. t " * 60 + r"\right|_0^1" * 60,
        "t" + "|_{t=0}" * 500,
        r"t^{t^{t}}|_{t=9}",
        r"t^{99}|_{t=9^{99}}",
        r"\frac{d}{dt} t^{t^{t}}|_{t=9}",
        r"\underbrace{" * 300,
        r"\|" * 1500,
        r"\nabla_t " * 400 + "t",
        r"t \text{for } " + "t<" * 600 + "t",
        r"\boxed{" * 100 + r"\foo" + "}" * 100,
        "t а",  # the second letter is a Cyrillic one
        "t\u200b",
        "ｔ + 1",
    ],
)
def test_bombs_are_refused_at_once(bomb):
    start = time.perf_counter()
    refused(bomb)
    assert time.perf_counter() - start < 2


def test_sigmoid_of_a_bracket_keeps_its_limits():
    assert decide(read(r"[\sigma(t)]_{t=0}^{\infty}"), sp.Rational(1, 2)).proved
    assert decide(sigmoid(0), sp.Rational(1, 2)).proved

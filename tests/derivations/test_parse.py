"""Reading formulas as people type them: what they mean, what is refused, and how it is said."""

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from derivations import (
    D,
    ParseError,
    integer,
    natural,
    parse_chain,
    parse_expression,
    real,
    sigmoid,
)

t, a, mu = real("t a mu")
n, i = natural("n"), integer("i")
x = sp.IndexedBase(sp.Symbol("x", real=True))
f = sp.Function("f")
NAMES = {"t": t, "a": a, "mu": mu, "n": n, "i": i, "x": x, "f": f}

MEANINGS = [
    ("2t", 2 * t),
    ("2a t", 2 * a * t),
    ("2a(1 - a)", 2 * a * (1 - a)),
    ("(1/2)t", t / 2),
    ("-t^2", -(t**2)),
    ("2^-t", 2 ** (-t)),
    ("2^3^2", sp.Integer(512)),
    ("a - t - 1", a - t - 1),
    ("a / t / 2", a / (2 * t)),
    ("t² + 1", t**2 + 1),
    ("t⁻²", t**-2),
    ("0.1t", t / 10),
    ("e^(-t)", sp.exp(-t)),
    ("exp(-t)", sp.exp(-t)),
    ("ln(t)", sp.log(t)),
    ("log(t, 2)", sp.log(t) / sp.log(2)),
    ("sigma(t)", sigmoid(t)),
    ("σ(t)(1 − σ(t))", sigmoid(t) * (1 - sigmoid(t))),
    ("μ·2", 2 * mu),
    ("√(t)", sp.sqrt(t)),
    ("max(0, t)", sp.Max(0, t)),
    ("D(exp(2t), t)", D(sp.exp(2 * t), t)),
    ("diff(t^3, t, 2)", D(t**3, (t, 2))),
    ("x[i] + x_1 + x_i", 2 * x[i] + x[1]),
    ("sum(x[i], i, 1, n)", sp.Sum(x[i], (i, 1, n))),
    ("prod(i, i, 1, n)", sp.Product(i, (i, 1, n))),
    ("integral(e^(-t), t, 0, oo)", sp.Integral(sp.exp(-t), (t, 0, sp.oo))),
    ("f(2t)", f(2 * t)),
    ("n!", sp.factorial(n)),
    ("(t\n + 1)", t + 1),
]

REFUSED = [
    ("1/2t", 4, "brackets"),
    ("a/t(1 + a)", 4, "brackets"),
    ("e^2t", 4, "brackets"),
    ("2 3", 3, "write *"),
    ("1e-3", 1, "power of ten"),
    ("at", 1, "did you mean a*t"),
    ("aexp(t)", 1, "did you mean a*exp"),
    ("sgmoid(t)", 1, "did you mean sigmoid"),
    ("q", 1, "this question uses a, f, i, mu, n, t, x"),
    ("sin t", 5, "sin(t)"),
    ("tanh^2(t)", 5, "tanh(x)^2"),
    ("exp", 1, "exp(...)"),
    ("exp(1, 2)", 1, "1 argument"),
    ("t' + 1", 2, "D(f, x)"),
    ("|t|", 1, "abs(x)"),
    ("t[1]", 1, "no entries"),
    ("x", 1, "x[i]"),
    ("t +", 4, "ends"),
    ("(t", 1, "never closed"),
    ("t)", 2, "operator"),
    ("t * / 2", 5, "belongs"),
    ("t = 2", 3, "without ="),
    ("t ;", 3, "no place"),
    ("1/0", 2, "zero"),
    ("0^(-1)", 2, "zero"),
    ("log(0)", 1, "zero"),
    ("oo", 1, "limit"),
    ("D(t, 2)", 6, "variable"),
    ("D(t, t, 9)", 9, "1 to 6"),
    ("sum(t, i, 1)", 1, "4 arguments"),
    ("9^9^9", 2, "exponent"),
    ("((9^99)^99)^99", 8, "too large"),
    ("(t^60)^2", 7, "exponent"),
    ("factorial(10^9)", 1, "200"),
    ("gamma(10^7)", 1, "200"),
    ("1" * 31, 1, "30 digits"),
    ("(" * 80 + "t" + ")" * 80, 61, "60 levels"),
    ("+".join(["t"] * 700), 600, "600 parts"),
    ("", 1, "no formula"),
    ("t" * 5000, 1, "4000"),
]


@pytest.mark.parametrize(("text", "expected"), MEANINGS, ids=[text for text, _ in MEANINGS])
def test_meaning(text, expected):
    assert parse_expression(text, NAMES) == expected


@pytest.mark.parametrize(("text", "column", "said"), REFUSED, ids=[r[0][:20] for r in REFUSED])
def test_refusal_says_where_and_what_to_write(text, column, said):
    with pytest.raises(ParseError) as caught:
        parse_expression(text, NAMES)
    assert said in caught.value.message
    assert caught.value.column == column


def test_pointed_marks_the_column():
    with pytest.raises(ParseError) as caught:
        parse_expression("2*t + q", NAMES)
    _, shown, mark = caught.value.pointed().split("\n")
    assert shown[mark.index("^")] == "q"


def test_names_of_the_question_win():
    e, sigma = real("e sigma")
    assert parse_expression("e + sigma(1 + e)", {"e": e, "sigma": sigma}) == e + sigma * (1 + e)


def test_bound_index_shadows_and_ends():
    inside = parse_expression("sum(k^2, k, 1, n)", NAMES)
    assert inside.doit() == sp.summation(i**2, (i, 1, n))
    with pytest.raises(ParseError, match="k is not known"):
        parse_expression("sum(k^2, k, 1, n) + k", NAMES)


def test_chain_of_lines():
    text = """
    D(1/(1 + exp(-t)), t)          # the start
      = exp(-t)/(1 + exp(-t))^2

      = sigma(t)(1 -
        sigma(t)) <= 1/4
    """
    lines = parse_chain(text, NAMES)
    assert [line.relation for line in lines] == ["", "=", "=", "<="]
    assert [line.line for line in lines] == [2, 3, 5, 6]
    assert lines[1].expression == sp.exp(-t) / (1 + sp.exp(-t)) ** 2
    assert lines[1].text == "exp(-t)/(1 + exp(-t))^2"
    assert lines[2].text == "sigma(t)(1 - sigma(t))"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("t\nt + 1", 2, "begin it with ="),
        ("= t", 1, "the start"),
        ("t\n= ", 2, "ends"),
        ("t != 2", 1, "!="),
        ("t\n=> 2", 2, "=>"),
        ("# nothing", 1, "no formula"),
        ("t = q", 1, "not known"),
        ("t\n" + "= t\n" * 201, 202, "200 lines"),
        ("t\n" * 20000, 1, "20000 are read"),
    ],
)
def test_chain_refusals(text, line, said):
    with pytest.raises(ParseError) as caught:
        parse_chain(text, NAMES)
    assert said in caught.value.message
    assert abs(caught.value.line - line) <= 1


PIECES = st.sampled_from(
    [*"+-*/^()[],=<>!|'t a2n", "**", "exp(", "D(", "sum(", "x[", "σ", "²", "1e5", "9", "\n", "#"]
)


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=25).map("".join)))
def test_nothing_but_a_parse_error_escapes(text):
    for parse in (parse_expression, parse_chain):
        place = error_of(parse, text)
        assert place is None or min(place) >= 1


def error_of(parse, text):
    try:
        parse(text, NAMES)
    except ParseError as error:
        return error.line, error.column
    return None

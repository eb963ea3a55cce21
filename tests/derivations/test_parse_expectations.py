"""E, Var and Cov, typed and in LaTeX: read where a question has random variables, else not."""

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from derivations import ParseError, natural, parse_chain, parse_expression, real
from derivations.random import Cov, E, Var, iid, random

X, Y = random("X"), random("Y")
a, n = real("a"), natural("n")
W = iid("W")
i = sp.Symbol("i", integer=True)
NAMES = {"X": X, "Y": Y, "W": W, "a": a, "n": n}

MEANINGS = [
    ("E(X)", E(X)),
    ("E[X]", E(X)),
    ("E(X^2)", E(X**2)),
    ("E(X)^2", E(X) ** 2),
    ("E[X]^2", E(X) ** 2),
    ("2E(X)", 2 * E(X)),
    ("a E(X) - 1", a * E(X) - 1),
    ("E((X - E(X))^2)", E((X - E(X)) ** 2)),
    ("E[X*E[Y]]", E(X * E(Y))),
    ("Var(a*X + Y)", Var(a * X + Y)),
    ("Cov(X, Y)", Cov(X, Y)),
    ("Cov[X, Y]/Var[X]", Cov(X, Y) / Var(X)),
    ("E(a)", E(a)),
    ("E(X\n + Y)", E(X + Y)),
    ("sum(E(W[i]), i, 1, n)/n", sp.Sum(E(W[i]), (i, 1, n)) / n),
    ("Var(W_1)", Var(W[1])),
    ("e^E(X)", sp.exp(E(X))),
    (r"\mathbb{E}[X]", E(X)),
    (r"\mathbb E[X]", E(X)),
    (r"\mathbb{E}\left[X^2\right]", E(X**2)),
    (r"\mathbb{E}[X]^2", E(X) ** 2),
    (r"\mathbb{E}^2[X]", E(X) ** 2),
    (r"\mathrm{E}(X)", E(X)),
    (r"\operatorname{E}\left\{ X \right\}", E(X)),
    (r"$E[X] - E(Y)$", E(X) - E(Y)),
    (r"\mathbb{E}[XY]", E(X * Y)),
    (r"\mathbb{E}[|X|]", E(abs(X))),
    (r"\operatorname{Var}(aX + Y)", Var(a * X + Y)),
    (r"\mathrm{Var}[X]", Var(X)),
    (r"\text{Var}[X]", Var(X)),
    (r"$Var(X)$", Var(X)),
    (r"\mathrm{Cov}(X, Y)", Cov(X, Y)),
    (r"\operatorname{Cov}\left[X, Y\right]", Cov(X, Y)),
    (r"\frac{\mathrm{Cov}(X, Y)}{\mathrm{Var}(X)}", Cov(X, Y) / Var(X)),
    (r"\sum_{i=1}^{n} \mathbb{E}[W_i]", sp.Sum(E(W[i]), (i, 1, n))),
]
REFUSED = [
    ("E", 1, "needs brackets, E(...); the random variables here are X, Y, W"),
    ("E X", 1, "needs brackets"),
    ("2*Var", 3, "Var(...)"),
    ("E^2(X)", 1, "the power last: E(...)^2"),
    ("E()", 3, "nothing between"),
    ("E(X", 2, "never closed"),
    ("E(X]", 4, "expected )"),
    ("E(X, Y)", 1, "1 argument; it has 2"),
    ("Cov(X)", 1, "2 arguments; it has 1"),
    ("Cov(X, Y, a)", 1, "2 arguments; it has 3"),
    ("E(X | Y)", 5, "behind a bar"),
    ("E(W)", 3, "W[i]"),
    ("E(x)", 3, "x is not known"),
    ("EX", 1, "did you mean E(X)"),
    ("aE(X)", 1, "did you mean a*E(...)"),
    ("var(X)", 1, "did you mean Var"),
    ("E(X^101)", 4, "up to 100"),
    ("E(1/0)", 4, "zero"),
    (r"\mathbb{E} X", 1, "needs brackets"),
    (r"\mathbb{E}_X[X]", 11, "no subscript"),
    (r"\mathbb{E}^{-1}[X]", 11, "inverse function or 1/E"),
    (r"\mathbb{E}'[X]", 1, "E' is not read"),
    (r"\mathbb{E}[X \mid Y]", 14, "behind a bar"),
    (r"\mathbb{E}[X, Y]", 1, "1 argument"),
    (r"\mathbb{R}", 1, "R is not known"),
    (r"\mathbb{}", 1, "one word"),
]


def message(text, names):
    with pytest.raises(ParseError) as caught:
        parse_expression(text, names)
    return caught.value


@pytest.mark.parametrize(("text", "expected"), MEANINGS, ids=[text for text, _ in MEANINGS])
def test_meaning(text, expected):
    assert parse_expression(text, NAMES) == expected


@pytest.mark.parametrize(("text", "column", "said"), REFUSED, ids=[r[0] for r in REFUSED])
def test_refusal_says_where_and_what_to_write(text, column, said):
    error = message(text, NAMES)
    assert said in error.message
    assert error.column == column


def test_only_where_there_are_random_variables():
    x, own = real("x"), real("E")
    for text in ("E(x)", r"\mathbb{E}[x]", "E", "2*E"):
        assert message(text, {"x": x}).message == "E is not known here; this question uses x"
    assert parse_expression("2E(x - 1) + E", {"x": x, "E": own}) == 2 * own * (x - 1) + own
    assert message("Var(x)", {"x": x}).message.startswith("Var is not known here")


def test_a_name_of_the_question_stays_what_it_is():
    energy = real("E")
    names = {"X": X, "E": energy}
    assert parse_expression("E + 2E*X + Var(X)", names) == energy + 2 * energy * X + Var(X)


def test_a_family_alone_is_enough():
    assert parse_expression("E(W[1])", {"W": W}) == E(W[1])


def test_what_must_hold_of_constants_is_kept_and_of_what_is_averaged_over_is_not():
    first, inside, outside = parse_chain("Var(X/a) = E(1/X) = E(X)/E(Y)", NAMES)
    assert first.needs == (sp.Ne(a, 0),)
    assert inside.needs == ()
    assert outside.needs == (sp.Ne(E(Y), 0),)


def test_terms_that_sympy_collects_are_kept_as_typed():
    _, line = parse_chain("Var(X) = E(X^2) - 2*E(X)*E(X) + E(X)^2", NAMES)
    assert line.expression == E(X**2) - E(X) ** 2
    assert set(line.terms) == {E(X**2), -2 * E(X) ** 2, E(X) ** 2}


LEAVES = st.sampled_from([X, Y, a, sp.Integer(2), E(X), Var(Y)])
FORMULAS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda p: p[0] + p[1]),
        st.tuples(inner, inner).map(lambda p: p[0] * p[1]),
        inner.map(lambda e: e**2),
        inner.map(E),
        inner.map(Var),
        st.tuples(inner, inner).map(lambda p: Cov(*p)),
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(FORMULAS)
def test_what_is_printed_is_read_back(expression):
    for text in (str(expression), f"${sp.latex(expression)}$"):
        # SymPy multiplies 2*(X + Y) out, or not, by the order in which it is built.
        assert sp.expand(parse_expression(text, NAMES)) == sp.expand(expression)


PIECES = st.sampled_from(
    [
        *"[]()XYW_^2'|,{}a $",
        "E",
        "Var",
        "Cov(",
        "\n=",
        r"\mathbb",
        r"\mathbb{E}",
        r"\mid ",
        r"\left[",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=20).map("".join))
def test_nothing_but_a_parse_error_escapes(text):
    for parse in (parse_expression, parse_chain):
        assert error_line(parse, text) != 0


def error_line(parse, text):
    try:
        parse(text, NAMES)
    except ParseError as error:
        return error.line
    return None

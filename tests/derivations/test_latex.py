"""Reading LaTeX: what it means, where it is refused and how, and that nothing else comes out."""

import random

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
    parse_equations,
    parse_expression,
    real,
    relu,
    sigmoid,
)
from derivations.parse import parse_array

t, a, mu, y, d = real("t a mu y d")
n, i, j = natural("n"), integer("i"), integer("j")
x = sp.IndexedBase(sp.Symbol("x", real=True))
f = sp.Function("f")
w1, theta0, yhat = real("w_1 theta0 yhat")
NAMES = {
    "x": x,
    "f": f,
    **{symbol.name: symbol for symbol in (t, a, mu, n, y, i, j, w1, theta0, yhat)},
}


def read(latex, **more):
    return parse_expression(f"${latex}$", {**NAMES, **more})


def refused(latex, **more):
    with pytest.raises(ParseError) as caught:
        read(latex, **more)
    return caught.value


MEANINGS = [
    (r"\frac{1}{2}t", t / 2),
    (r"\dfrac{t}{a}\cdot a", t),
    (r"\tfrac12 t", t / 2),
    (r"\frac7t", 7 / t),
    (r"\frac t2", t / 2),
    (r"2at", 2 * a * t),
    (r"2\,a\times t", 2 * a * t),
    (r"a(1-a)", a * (1 - a)),
    (r"\left(t+1\right)\left[t-1\right]", (t + 1) * (t - 1)),
    (r"t^2e^{-t} + a^2t + e^te^a", t**2 * sp.exp(-t) + a**2 * t + sp.exp(t) * sp.exp(a)),
    (r"e^{-t^2/2}", sp.exp(-(t**2) / 2)),
    (r"\mathrm{e}^{t}", sp.exp(t)),
    (r"\mathrm e^{t}", sp.exp(t)),
    (r"\left|{t - 1}\right|", abs(t - 1)),
    (r"\left({t - 1}\right) a", (t - 1) * a),
    (r"\exp\left(-\frac{(t-\mu)^2}{2a^2}\right)", sp.exp(-((t - mu) ** 2) / (2 * a**2))),
    (r"\sigma(t)(1-\sigma(t))", sigmoid(t) * (1 - sigmoid(t))),
    (r"\sigma^2(t)", sigmoid(t) ** 2),
    (r"\sigma\left(-t\right)", sigmoid(-t)),
    (r"\operatorname{ReLU}(t)", relu(t)),
    (r"\max\{0, t\}", sp.Max(0, t)),
    (r"\log t", sp.log(t)),
    (r"\log{t} + \exp{-t} + \log{(t+a)}", sp.log(t) + sp.exp(-t) + sp.log(t + a)),
    (r"\ln(t)^2", sp.log(t) ** 2),
    (r"\log_2 t", sp.log(t) / sp.log(2)),
    (r"\sin^2 t + \cos^2 t", sp.sin(t) ** 2 + sp.cos(t) ** 2),
    (r"a \log t + t \log a", a * sp.log(t) + t * sp.log(a)),
    (r"\tanh \frac{t}{2}", sp.tanh(t / 2)),
    (r"\sqrt{t}\sqrt[3]{2}", sp.sqrt(t) * sp.Rational(2) ** sp.Rational(1, 3)),
    (r"|t| + \left|a\right| + 2\lvert y\rvert", abs(t) + abs(a) + 2 * abs(y)),
    (r"n! + \binom{n}{2}", sp.factorial(n) + sp.binomial(n, 2)),
    (r"\pi t", sp.pi * t),
    (r"w_1 + w_{1}", 2 * w1),
    (r"\theta_0", theta0),
    (r"\hat{y} + \hat y", 2 * yhat),
    (r"x_i + x_{1} + x[n]", x[i] + x[1] + x[n]),
    (r"x_{ij} + x_{i,j}", 2 * x[i, j]),
    (r"x^{(i)}", x[i]),
    (r"\delta_{ij}", sp.KroneckerDelta(i, j)),
    (r"\sum_{i=1}^{n} x_i^2 + 1", sp.Sum(x[i] ** 2, (i, 1, n)) + 1),
    (r"\sum_{i=1}^n (x_i - \mu)", sp.Sum(x[i] - mu, (i, 1, n))),
    (
        r"\prod_{i=1}^{n} a^{x_i}(1-a)^{1-x_i}",
        sp.Product(a ** x[i] * (1 - a) ** (1 - x[i]), (i, 1, n)),
    ),
    (r"\int_0^1 t^2 \, dt + a", sp.Integral(t**2, (t, 0, 1)) + a),
    (r"\int_{-\infty}^{\infty} e^{-t} \mathrm{d}t", sp.Integral(sp.exp(-t), (t, -sp.oo, sp.oo))),
    (r"\frac{d}{dt} t^2", D(t**2, t)),
    (r"\frac{d}{dt} t^2 + t", D(t**2, t) + t),
    (r"\frac{d}{dt} a t^2", D(a * t**2, t)),
    (r"\frac{d}{dt}\left(t e^{t}\right)", D(t * sp.exp(t), t)),
    (r"\frac{d}{dt}\left(t^2\right) a", a * D(t**2, t)),
    (r"\frac{\partial^2}{\partial t\,\partial a} (t^4 a)", D(t**4 * a, a, t)),
    (r"\frac{d^2 f(t)}{dt^2}", D(f(t), (t, 2))),
    (r"\frac{\mathrm{d}}{\mathrm{d}t} f(t)", D(f(t), t)),
    (r"f'(t) + f''(t)", D(f(t), t) + D(f(t), (t, 2))),
    (r"\sigma'(t)", D(sigmoid(t), t)),
    (r"\sigma'(2t)", D(sigmoid(2 * t), t) / 2),
    (r"\sigma'(0)", sigmoid(0) * (1 - sigmoid(0))),
    (r"t^2 % a remark", t**2),
    (r"\displaystyle t^2 \quad \text{for all real numbers}", t**2),
    ("μ + t", mu + t),
]


@pytest.mark.parametrize(("latex", "meaning"), MEANINGS)
def test_formula_means_what_it_prints(latex, meaning):
    assert read(latex) == meaning


REFUSED = [  # with the column, and what the message names
    (r"\lg t", 2, r"base 10 or 2; write \log_{10}(x) or \log_{2}(x)"),
    (r"a + \lg(t)", 6, "base 10 or 2"),
    (r"x^\top x_1", 3, r"\sum_{i=1}^{n} x_i"),
    (r"t^\top a", 3, "no transpose"),
    (r"\nabla f(t)", 2, r"say which variable the gradient is by, \nabla_{x}"),
    (r"\mathbb{R}", 2, "R is not known"),
    (r"\log t y", 9, r"\log(A) B or \log(A B)"),
    (r"\log t \cdot y", 9, "brackets"),
    (r"1/2t", 5, "denominator"),
    (r"t^10", 4, "{10}"),
    (r"t^ab", 4, "{ab}"),
    (r"t^-1", 4, "x^{-1}"),
    (r"t^a^y", 5, "two exponents"),
    (r"2{t+a}", 3, "do not show"),
    (r"t{+a}", 3, "do not show"),
    (r"t\color{white}{+a}", 16, "do not show"),
    (r"t \\ a", 7, "new line"),
    (r"(t \\ a)", 8, "new line"),
    (r"{ta}^2", 2, "do not show"),
    (r"\log{t+a}", 6, "do not show"),
    (r"\sin^{-1} t", 6, "inverse"),
    (r"\frac123 t", 7, "{123}"),
    (r"\frac{d}{dt} t e^{t}", 2, "whole product"),
    (r"\frac{d}{dt} t (1 + t)", 2, "whole product"),
    (r"\frac{d}{dt} 2 t e^{t}", 2, "whole product"),
    (r"\frac{d}{dt} (t + 1)(t + 2)", 2, "whole product"),
    (r"\frac{d}{dt} t \frac{t}{2}", 2, "whole product"),
    (r"\frac{dy}{dt}", 9, "symbol of its own"),
    (r"\frac{d^2}{dt} t", 2, "orders"),
    (r"\prod_{i=1}^{n} x_i a", 2, "product ends"),
    (r"\sum_i x_i", 2, "i=1"),
    (r"\sum x_1", 2, "limits"),
    (r"x_1 + \cdots + x_n", 8, "dots"),
    (r"\int_0^1 t^2", 15, "dx"),
    (r"\int t dt", 2, "limits"),
    (r"x_{12}", 3, "one index or several"),
    (r"t^{(2)}", 3, "power or a name"),
    (r"a \text{ or } t", 4, "remark"),
    (r"\foo", 2, r"\foo"),
    (r"t \approx 2", 4, "exact"),
    (r"\operatorname{softmax}(t)_1", 2, "exp(z_i) divided by"),
    (r"f(t \mid a)", 6, "given behind a bar"),
    (r"(t)'", 5, "does not say the variable"),
    (r"e^2t", 4, "{2t}"),
    (r"e^at", 4, "{at}"),
    (r"q + 1", 2, "q is not known"),
    (r"softplu(t)", 2, "did you mean softplus"),
    (r"\hat{a}", 2, "ahat"),
    (r"\gamma(t)", 2, "gamma"),
    (r"\frac{t}{", 12, "ends"),
    (r"\left(t", 2, "never closed"),
    (r"t = a", 4, "without ="),
    (r"10^{1000}", 4, "exponents may be up to"),
    (r"2^{2^{2^{2^{2}}}}", 3, "exponents"),
    ("9" * 40, 2, "30 digits"),
]


@pytest.mark.parametrize(("latex", "column", "words"), REFUSED)
def test_refusal_says_where_and_what(latex, column, words):
    error = refused(latex)
    assert (error.line, error.column) == (1, column), str(error)
    assert words in error.message


def test_sigma_is_the_symbol_of_the_question_and_is_never_guessed_when_applied():
    sigma = real("sigma")
    assert read(r"2\sigma t", sigma=sigma) == 2 * sigma * t
    assert read(r"\sigma \cdot (t - a)", sigma=sigma) == sigma * (t - a)
    said = refused(r"\sigma(t)", sigma=sigma).message
    assert r"\sigma times" in said
    assert "sigmoid" in said


def test_d_that_is_a_symbol_needs_another_sign_for_the_derivative():
    assert "partial" in refused(r"\frac{d}{dt} t", d=d).message
    assert read(r"\frac{\partial}{\partial d} d^2", d=d) == D(d**2, d)
    assert read(r"\frac{d}{2}", d=d) == d / 2


def test_two_names_for_one_subscript_are_refused():
    both = {"w1": real("w1")}
    assert "w_1 or w1" in refused("w_1", **both).message


def test_word_that_may_be_a_product_is_refused():
    words = {"at": real("at")}
    assert "product a t" in refused("at", **words).message
    assert read(r"\mathrm{at}", **words) == words["at"]


CHAIN = r"""We start with the quotient rule:
\begin{align*}
\frac{d}{dt}\sigma(t) &= \frac{e^{-t}}{(1+e^{-t})^2} && \text{quotient rule} \\
  &= \sigma(t)\,\bigl(1-\sigma(t)\bigr). \label{end}  % done, as $x$ was
\end{align*}
which holds for every $t$.
"""


def test_chain_is_read_out_of_its_prose():
    lines = parse_chain(CHAIN, NAMES, 10)
    assert [line.relation for line in lines] == ["", "=", "="]
    assert lines[0].expression == D(sigmoid(t), t)
    assert lines[2].expression == sigmoid(t) * (1 - sigmoid(t))
    assert [line.line for line in lines] == [12, 12, 13]
    assert lines[0].text == r"\frac{d}{dt}\sigma(t)"


@pytest.mark.parametrize(
    "text",
    [
        "$$t^2 = t\\cdot t = t\\, t$$",
        "\\[\nt^2 = t\\cdot t\n\\]\nand so\n\\[ = t\\,t \\]",
        "- $t^2$\n- $= t \\cdot t$\n- $= t\\,t$.\n",
        "\\begin{equation}\\begin{split} t^2 &= t\\cdot t\\\\[2pt] &= t\\,t\\end{split}"
        "\\end{equation}",
        "t^2 &= t \\cdot t \\\\ &= t\\,t",
    ],
)
def test_every_way_to_set_a_chain(text):
    assert [line.expression for line in parse_chain(text, NAMES)] == [t**2] * 3


def test_error_in_a_chain_keeps_the_lines_before_it_and_its_place_in_the_text():
    text = "Then\n$$\n\\begin{aligned}\nt &= t \\\\\n  &= \\wrong\n\\end{aligned}\n$$"
    with pytest.raises(ParseError) as caught:
        parse_chain(text, NAMES, 5)
    assert (caught.value.line, caught.value.column) == (9, 6)
    assert [line.expression for line in caught.value.before] == [t, t]
    with pytest.raises(ParseError) as caught:
        parse_chain(text.replace("\\wrong", "q"), NAMES, 5)
    assert (caught.value.line, caught.value.column) == (9, 6)
    assert [line.expression for line in caught.value.before] == [t, t]


def test_arrows_between_equations_are_those_of_typed_text():
    typed = parse_equations("2*t = 4 <=> t = 2 => t^2 = 4", NAMES)
    written = parse_equations(r"$$2t = 4 \iff t = 2 \\ \implies t^2 = 4$$", NAMES)
    assert [(a.relation, a.expression) for a in written] == [
        (b.relation, b.expression) for b in typed
    ]
    le = parse_chain(r"$t \le a \leq y$", NAMES)
    assert [line.relation for line in le] == ["", "<=", "<="]


def test_line_of_a_chain_reads_back_by_itself():
    lines = parse_chain("$2at = a(t + t)$", NAMES)
    assert [parse_expression(line.text, NAMES) for line in lines] == [2 * a * t] * 2


def test_prose_is_not_counted_as_formula():
    assert parse_expression("It is long. " * 2_000 + "\n$$t^2$$\n", NAMES) == t**2


def test_several_formulas_in_sentences_are_not_guessed_among():
    with pytest.raises(ParseError, match="lines of their own"):
        parse_expression("With $a$ we get $t$ at once", NAMES)
    assert parse_expression("The answer is $t^2$, of course", NAMES) == t**2
    assert parse_expression("With $a$ we get\n$$t$$", NAMES) == t


ARRAYS = [
    (r"$\begin{pmatrix} 1 & \frac12 \\ -3 & 0.25 \end{pmatrix}$", [[1, 0.5], [-3, 0.25]]),
    (r"\[\begin{bmatrix} 1 \\ 2 \\ \sqrt{4} \\ \end{bmatrix}\]", [1, 2, 2]),
    (r"$(1, \frac{1}{4}, e^0)$", [1, 0.25, 1]),
    ("[[1, 2], [3, 1/4]]", [[1, 2], [3, 0.25]]),
    ("[[[1], [2]]]", [[[1], [2]]]),
    ("(1 + 2)/4", 0.75),
]


@pytest.mark.parametrize(("text", "numbers"), ARRAYS)
def test_arrays_of_numbers(text, numbers):
    assert parse_array(text) == numbers


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (r"$\begin{pmatrix} 1 & 2 \\ 3 \end{pmatrix}$", "equally long"),
        (r"$\begin{pmatrix} 1 & x \end{pmatrix}$", "x is not known"),
        (r"$\begin{pmatrix} \end{pmatrix}$", "equally long"),
        (r"$\begin{pmatrix} 1 & 2$", "expected"),
        ("[1, 2", "comma"),
        ("a = [1]", "a is not known"),
        ("[1] = 2", "array"),
        ("[" * 500, "deep"),
    ],
)
def test_what_is_no_array(text, words):
    with pytest.raises(ParseError, match=words):
        parse_array(text)


def _error_of(read_text, *arguments):
    """The parse error that comes out, if one does; anything else fails the test."""
    try:
        read_text(*arguments)
    except ParseError as error:
        return error
    return None


COMMANDS = r"""\frac \sum \prod \int \sqrt \log \sin \left( \right) \left| \right| \begin{align}
\end{align} \begin{pmatrix} \end{pmatrix} \text{if} \mathrm{d} \partial \sigma \hat \\ & = { } ( )
[ ] ^ _ ' | + - * / ! , . $ $$ \[ \] % x t d e 1 23 i n f \infty {d}{dt} _{i=1}^{n}"""
PIECES = [*COMMANDS.split(), " ", "\n"]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_any_soup_of_pieces_reads_or_is_refused(text):
    for read_text in (parse_expression, parse_chain, parse_equations):
        error = _error_of(read_text, f"\\,{text}", NAMES)
        assert error is None or 1 <= error.line <= text.count("\n") + 1
        assert error is None or error.pointed()
    _error_of(parse_array, f"\\,{text}")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_any_text_reads_or_is_refused(text):
    for whole in (f"${text}$", f"\\{text}"):
        _error_of(parse_chain, whole, NAMES)


@pytest.mark.parametrize(
    "bomb",
    [
        "$" + "{" * 1500 + "$",
        "$" + r"\frac{1}{" * 300 + "$",
        "$" + r"\sqrt" * 700 + "t$",
        "$" + r"\log " * 500 + "t$",
        "$" + "t^{" * 600 + "$",
        "$" + r"\frac{d}{dt}" * 300 + "t$",
        "$" + r"\sum_{i=1}^{n}" * 250 + "t$",
        "$" + "|" * 3000 + "$",
        "$" + "," * 3900 + "$",
        "$" + r"\text{a}," * 400 + "$",
        "$" + "x_" * 1500 + "$",
        "$" * 3900,
        r"\begin{align}" * 250,
        r"\text{" * 600,
        "$" + "t'" * 1500 + "$",
        "$t$ " * 60_000,
        "$t$\n" * 60_000,
        "$" + "t + " * 60_000 + "t$",
        "\\$" * 100_000 + "$t",
    ],
)
def test_bombs_are_refused_at_once(bomb):
    import time

    start = time.perf_counter()
    with pytest.raises(ParseError):
        parse_expression(bomb, NAMES)
    assert time.perf_counter() - start < 2


def _random(draw, depth):
    if depth == 0:
        constants = (sp.Integer(draw.randint(-5, 12)), sp.Rational(draw.randint(-9, 9), 7), sp.pi)
        return draw.choice((t, a, mu, n, x[1], x[n], theta0, *constants))

    def part():
        return _random(draw, depth - 1)

    return draw.choice(
        (
            lambda: part() + part(),
            lambda: part() * part(),
            lambda: part() - part() * part(),
            lambda: part() / (1 + part() ** 2),
            lambda: part() ** draw.randint(-3, 4),
            lambda: sp.exp(part()),
            lambda: sp.log(1 + part() ** 2),
            lambda: sp.sin(part()) ** 2,
            lambda: sigmoid(part()),
            lambda: sp.sqrt(part() ** 2 + 1),
            lambda: abs(part()),
            lambda: sp.Max(0, part()),
            lambda: f(part()),
            lambda: sp.Sum(x[i] * part(), (i, 1, n)),
            lambda: sp.Product(x[i] + part(), (i, 1, n)),
            lambda: sp.Integral(part() * y, (y, 0, 1)),
            lambda: D(part() * sp.exp(t), t),
        )
    )()


def _agree(one, other):
    """Whether two expressions are one, with constant factors inside derivatives or outside."""
    return one == other or sp.expand(_differentiated(one) - _differentiated(other)) == 0


def _differentiated(expression):
    for kind in (sp.Integral, sp.Derivative):
        expression = expression.replace(
            lambda e, kind=kind: isinstance(e, kind), lambda e: e.doit()
        )
    return expression


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**9), st.integers(1, 3))
def test_what_sympy_prints_is_read_back(seed, depth):
    expression = _random(random.Random(seed), depth)
    if expression.has(sp.zoo, sp.nan, sp.oo, sp.I, sp.re):
        return
    latex = sp.latex(expression)
    error = _error_of(read, latex)
    if error is None:
        assert _agree(read(latex), expression), latex
    else:  # SymPy prints (d/dt f) g and d/dt (f g) alike
        assert "whole product" in error.message

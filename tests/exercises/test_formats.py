"""Formats: every formula is set or refused, every page of every exercise can be written."""

import ast
import inspect
import re
import sys
from xml.etree import ElementTree

import numpy as np
import pytest
import sympy as sp

from exercises.answers import Code, Gradient, Number
from exercises.discover import exercises
from exercises.formats import html, moodle, render, tex, typst
from exercises.formats.markup import (
    Formula,
    Items,
    Listing,
    MarkupError,
    Paragraph,
    Span,
    Table,
    blocks,
    spans,
)
from exercises.formats.mathml import mathml
from exercises.formats.page import Page
from exercises.formats.solution import _number
from exercises.formats.source import SourceError, defined, excerpt
from exercises.formats.typst_math import FormulaError, typst_math
from exercises.formats.typst_names import ACCENTS, DELIMITERS, OPERATORS, SPACES, STYLES, SYMBOLS
from exercises.sheet import Sheet, load_sheet
from impl.softmax import softmax

EVERY = exercises()


def page(item, solutions=False, seed=1):
    return Page(Sheet("one", item.title, (item,)), seed, solutions=solutions)


@pytest.mark.parametrize("item", EVERY, ids=lambda item: item.id)
def test_every_exercise_is_set_in_every_format(item):
    for form in render.FORMATS:
        assert render.render(page(item), form)
        if form != "moodle":
            assert render.render(page(item, solutions=True), form)


@pytest.mark.slow
@pytest.mark.parametrize("item", EVERY, ids=lambda item: item.id)
def test_every_exercise_is_set_for_many_seeds(item):
    for seed in range(2, 20):
        render.render(page(item, seed=seed, solutions=True), "pdf")
        render.render(page(item, seed=seed, solutions=True), "html")


@pytest.mark.parametrize(
    ("latex", "set_"),
    [
        (r"\frac{1}{1 + e^{-x}}", "frac(1, 1 + e^(- x))"),
        (r"x_i^{(2)}", r"x_(i)^(\( 2 \))"),
        (r"f'(x)^2", r"f^(prime) \( x \)^(2)"),
        ("10^23", "10^(2) 3"),
        (r"\hat\theta \in [0, 1)", r"hat(theta) in \[ 0 \, 1 \)"),
        (r"\left.\frac{a}{b}\right|_{x=0}", r"lr( frac(a, b) \|)_(x = 0)"),
        (r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}", 'mat(delim: "(", 1, 2; 3, 4)'),
        (r"\mathrm{softmax}(z)", r'op("softmax") \( z \)'),
        (r"x \text{ if } y", 'x" if "y'),
        (r"\operatorname*{arg\,max}_k z", 'op("arg max", limits: #true)_(k) z'),
        (r"\sqrt[3]{x}", "root(3, x)"),
        (r"a \ne b", "a eq.not b"),
    ],
)
def test_latex_becomes_typst(latex, set_):
    assert typst_math(latex) == set_


@pytest.mark.parametrize(
    "latex",
    [
        r"\foo{x}",
        r"\frac{1}",
        r"x^2^3",
        r"x_1_2",
        "{x",
        "x}",
        r"\left( x",
        r"x \right)",
        r"\begin{pmatrix} 1",
        r"\begin{tikzcd} x \end{tikzcd}",
        r"\begin{pmatrix} 1 \end{bmatrix}",
        r"\text{a $b$}",
        r"\left\foo x \right)",
        "50%",
    ],
)
def test_what_cannot_be_set_is_refused(latex):
    with pytest.raises(FormulaError) as caught:
        typst_math(latex)
    assert repr(latex) in str(caught.value)


def test_every_name_is_one_of_typst():
    import typst as compiler

    names = [*SYMBOLS.values(), *OPERATORS.values(), *SPACES.values(), *DELIMITERS.values()]
    names += [f"{accent}(x)" for accent in ACCENTS.values()]
    names += [style.replace("_", "x") for style in STYLES.values()]
    source = "\n".join(f"$ {name} $" for name in names)
    _, warnings = compiler.compile_with_warnings(source.encode())
    assert not warnings


@pytest.mark.parametrize(
    ("latex", "part"),
    [
        (r"\tanh(-3x)", '<mo form="prefix">&#x02212;</mo>'),
        (r"y \log p", '<mi>y</mi><mspace width="0.167em"/><mi>log</mi><mspace'),
        (r"\operatorname*{arg\,max}_k z", "<mtext>arg&#x000A0;max</mtext>"),
        (r"\begin{aligned} a &= b \\ &= c \end{aligned}", "<mtable"),
    ],
)
def test_mathml_is_spaced_as_tex_would(latex, part):
    assert part in mathml(latex, False)
    ElementTree.fromstring(mathml(latex, True))  # well-formed


def test_binary_minus_stays_binary():
    assert "prefix" not in mathml("(x) - 1", False)
    assert "prefix" not in mathml("a - b", False)


@pytest.mark.parametrize("latex", [r"\foo", r"\frac{1}", r"\begin{tikzcd} x & y \end{tikzcd}"])
def test_mathml_prints_no_source(latex):
    with pytest.raises(render.FormatError):
        mathml(latex, False)


def test_html_needs_nothing_from_elsewhere():
    text = render.render(Page(load_sheet("activations"), 1), "html").decode()
    assert "<math" in text
    for word in ("<script", "http:", "https:", "src=", "$"):
        assert word not in text.replace("http://www.w3.org/1998/Math/MathML", "")


def test_markup_reads_the_blocks_that_questions_use():
    text = "A **bold** $x_1$ and `a*b`.\n- one\n- two\n  lines\n\n"
    text += "$$\nx^2\n$$\n\n```python\nx = 1\n```"
    assert blocks(text) == (
        Paragraph(
            (
                Span("text", "A "),
                Span("strong", inner=(Span("text", "bold"),)),
                Span("text", " "),
                Span("math", "x_1"),
                Span("text", " and "),
                Span("code", "a*b"),
                Span("text", "."),
            )
        ),
        Items(((Span("text", "one"),), (Span("text", "two lines"),))),
        Formula("x^2"),
        Listing("x = 1", "python"),
    )
    (table,) = blocks("| a | $|x|$ |\n|---|---|\n| 1 | 2 |")
    assert isinstance(table, Table)
    assert table.rows[0][1] == (Span("math", "|x|"),)
    assert len(table.rows) == 2


@pytest.mark.parametrize("text", ["a $x", "a `b", "```\nx", "$$\nx", "# A", "![a](b)", "$$x$$ y"])
def test_markup_refuses_what_not_every_format_can_set(text):
    with pytest.raises(MarkupError):
        blocks(text)


@pytest.mark.parametrize(
    ("setter", "said"),
    [
        (html.body, "<p>1 &lt; 2 &amp; #a_b [c] 50% ~ @d</p>"),
        (typst.body, r"1 \< 2 & \#a\_b \[c\] 50% \~ \@d"),
        (tex.body, r"1 \textless{} 2 \& \#a\_b [c] 50\% \textasciitilde{} @d"),
    ],
)
def test_signs_in_text_are_themselves(setter, said):
    assert setter("1 < 2 & #a_b [c] 50% ~ @d") == said


def test_moodle_holds_numbers_with_tolerance_and_formulas_without_wildcards():
    numbers = next(item for item in EVERY if item.id == "softmax.temperature")
    root = ElementTree.fromstring(moodle.render(page(numbers)).split("\n", 1)[1])
    kinds = [question.get("type") for question in root]
    assert kinds[0] == "category"
    assert {"numerical", "shortanswer"} <= set(kinds)
    by_kind = {question.get("type"): question for question in root}
    part = next(p for p in numbers.parts if p.name == "temperature_for_odds")
    asked = next(q for q in root if part.id in (q.findtext("name/text") or ""))
    right = asked.find("answer[@fraction='100']")
    reference = float(part.reference(numbers.draw(1)))
    assert float(right.findtext("text")) == pytest.approx(reference, rel=1e-12)
    assert 0 < float(right.findtext("tolerance")) <= 0.01 * reference
    for answer in by_kind["shortanswer"].iter("answer"):
        assert "*" not in answer.findtext("text").replace("\\*", "")


def test_formula_in_moodle_is_tex():
    assert moodle._tex("a < b", display=False) == r"\(a &lt; b\)"


@pytest.mark.parametrize("item", EVERY, ids=lambda item: item.id)
def test_written_out_functions_stand_alone(item):
    variant = item.draw(1)
    for part in item.parts:
        if not isinstance(part.answer, Code | Gradient):
            continue
        source = defined(part.name, part.reference(variant), alone=True)
        assert "impl" not in {line.split()[1] for line in source.split("\n") if "import" in line}
        names = {}
        exec(source, names)
        arguments = part.answer.inputs(np.random.default_rng(0))[0]
        if isinstance(part.answer, Code):
            expected = part.reference(variant)(*arguments)
            np.testing.assert_allclose(names[part.name](*arguments), expected, rtol=1e-12)


SCALE = 3.0


def outer(factor):
    def scaled(x):
        shift = lambda y: y + factor  # noqa: E731
        return SCALE * shift(x)

    return scaled


def test_closures_and_constants_are_written_out():
    names = {}
    exec(defined("f", outer(4)), names)
    assert names["f"](1) == 15


def test_what_has_no_source_is_named():
    with pytest.raises(SourceError, match="f"):
        defined("f", eval("lambda x: x"))
    with pytest.raises(SourceError, match="object"):
        defined("f", outer(object()))


def test_missing_package_is_named_with_its_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "nbformat", None)
    with pytest.raises(render.FormatError, match=r"workings\[sheets\]"):
        render.render(Page(load_sheet("activations"), 1), "ipynb")


def test_solutions_in_moodle_are_refused():
    with pytest.raises(render.FormatError, match="no solution sheet"):
        render.render(Page(load_sheet("activations"), 1, solutions=True), "moodle")


def test_spans_flatten_line_breaks():
    assert spans("a\n b") == (Span("text", "a b"),)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (sp.Rational(9, 2), r"$$\frac{9}{2} = 4.5$$"),
        (sp.Rational(1, 3), r"$$\frac{1}{3} \approx 0.333333$$"),
        (sp.log(2), r"$$\log{\left(2 \right)} \approx 0.693147$$"),
        (7, "$$7$$"),
    ],
)
def test_exact_numbers_stand_beside_their_decimals(value, shown):
    assert _number(Number("n"), value) == shown


def test_excerpt_shows_what_is_near_and_names_the_rest():
    source, left_out = excerpt("softmax", softmax)
    full = defined("softmax", softmax)
    own = ast.parse(inspect.getsource(softmax._function))
    used = {node.id for node in ast.walk(own) if isinstance(node, ast.Name)}
    near = {name for name in used if f"def {name}(" in full}
    assert near
    assert all(f"def {name}(" in source for name in near)
    assert left_out
    for name in left_out:  # called by what softmax calls
        assert f"def {name}(" not in source
        assert re.search(rf"^(def {name}\(|class {name}\b|{name} = )", full, re.M), name


def test_source_that_changed_under_a_running_process_is_not_written_out(tmp_path, monkeypatch):
    import importlib
    import linecache
    import sys

    monkeypatch.syspath_prepend(tmp_path)
    path = tmp_path / "moved_under_us.py"
    path.write_text("def f(x):\n    return x + 1\n", encoding="utf-8")
    module = importlib.import_module("moved_under_us")
    monkeypatch.setattr(module.f, "__module__", "exercises.moved_under_us")
    assert "x + 1" in defined("f", module.f)
    for text in ("def g(x):\n    return 0\n", "a = 1\nb = 2\n", "a = (\n"):
        path.write_text(text, encoding="utf-8")
        linecache.clearcache()
        with pytest.raises(SourceError, match=r"has changed since|no source"):
            defined("f", module.f)
    del sys.modules["moved_under_us"]

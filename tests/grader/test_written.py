"""Answers in Markdown, LaTeX and notebooks' text cells, marked like those of scripts."""

import json
import time

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from derivations import parse_expression, real
from exercises.commands.sheet import sheet as sheet_command
from exercises.formats.written import latex
from exercises.sheet import load_sheet, render_answers, render_starter, sheet_names
from grader.cli import main
from grader.mark import mark_part
from grader.notebook import read as read_notebook
from grader.submission import SubmissionError
from grader.written import markdown, tex
from grader.written.document import Passage
from grader.written.student import Written

HEAD = 'SHEET = "activations"\nSEED = 1\n'
READERS = {"md": markdown.read, "tex": tex.read}
MARKDOWN = """---
sheet: activations
seed: 1
---
# Ada's sheet, week 1

## `sigmoid_derivative` (4 points)

As $t$ runs over all numbers, by the chain rule

$$
\\begin{aligned}
\\frac{d}{dt}\\frac{1}{1+e^{-4t}}
  &= \\frac{4e^{-4t}}{(1+e^{-4t})^2} && \\text{chain rule} \\\\
  &= 4 \\cdot \\frac{1}{1+e^{-4t}} \\cdot \\left(1-\\frac{1}{1+e^{-4t}}\\right) \\\\
  &= 4\\,\\sigma(4t)\\,(1-\\sigma(4t)).
\\end{aligned}
$$

### In words

The slope is largest at $0$.

## tanh_gradient

$3\\tanh^2(3x - 1) - 3$

## Code

```python
import numpy as np

def softmax(z):
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)
```
"""
LATEX = r"""% sheet: activations
% seed: 1
\documentclass{article}
\begin{document}
\section{Sheet 1} % with 100\% of the work
\subsection*{\texttt{sigmoid\_derivative} (4 points)}
By the chain rule
\begin{align*}
  \frac{d}{dt}\frac{1}{1+e^{-4t}}
  &= \frac{4e^{-4t}}{(1+e^{-4t})^2} \\
  &= 4 \cdot \frac{1}{1+e^{-4t}} \cdot \left(1-\frac{1}{1+e^{-4t}}\right) \\
  &= 4\,\sigma(4t)\,(1-\sigma(4t))
\end{align*}
\subsection*{tanh\_gradient}
\[ 3\tanh^2(3x - 1) - 3 \]
\subsection*{softmax}
It is $e^{z_i} / \sum_j e^{z_j}$.
\end{document}
This is no part of it: \subsection{tanh\_gradient} \[ 7 \]
"""


def grade(path, *options):
    result = CliRunner().invoke(main, [str(path), "--json", *map(str, options)])
    assert result.exit_code == 0, result.output
    return {part["name"]: part for part in json.loads(result.stdout)["parts"]}


def written(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_markdown_with_latex_and_code_is_graded_as_a_whole(tmp_path):
    parts = grade(written(tmp_path, "ada.md", MARKDOWN))
    full = ("sigmoid_derivative", "tanh_gradient", "softmax")
    assert [parts[name]["outcome"] for name in full] == ["right"] * 3
    assert parts["cross_entropy"]["outcome"] == "missing"


def test_latex_document_is_graded_and_functions_have_no_place_in_it(tmp_path):
    parts = grade(written(tmp_path, "ada.tex", LATEX))
    assert parts["sigmoid_derivative"]["points"] == 4
    assert parts["tanh_gradient"]["points"] == 2
    assert parts["softmax"]["outcome"] == "not-checked"  # something is written there
    assert parts["cross_entropy"]["outcome"] == "missing"
    assert ".md" in parts["cross_entropy"]["findings"][0]["message"]


def test_wrong_line_costs_what_it_costs_in_a_script(tmp_path):
    wrong = MARKDOWN.replace("&= \\frac{4e^{-4t}}", "&= -\\frac{4e^{-4t}}")
    in_words = grade(written(tmp_path, "ada.md", wrong))["sigmoid_derivative"]
    script = (
        f'{HEAD}sigmoid_derivative = """D(1/(1 + e^(-4t)), t)\n'
        "= -4e^(-4t)/(1 + e^(-4t))^2\n= 4*1/(1 + e^(-4t))*(1 - 1/(1 + e^(-4t)))\n"
        '= 4sigma(4t)(1 - sigma(4t))"""\n'
    )
    typed = grade(written(tmp_path, "ada.py", script))["sigmoid_derivative"]
    assert in_words["points"] == typed["points"] < 4
    messages = [[f["message"] for f in part["findings"]] for part in (in_words, typed)]
    assert messages[0] == messages[1]


@pytest.mark.parametrize("form", ["md", "tex"])
def test_what_cannot_be_read_is_not_checked_and_pointed_at(tmp_path, form):
    text = {"md": MARKDOWN, "tex": LATEX}[form]
    line = 1 + text[: text.index("tanh^2")].count("\n")
    column = text.split("\n")[line - 1].index("\\tanh") + 1
    path = written(tmp_path, f"ada.{form}", text.replace("\\tanh^2", "\\tangens^2"))
    part = grade(path)["tanh_gradient"]
    assert (part["outcome"], part["points"], part["flagged"]) == ("not-checked", 0, True)
    assert f"line {line}, column {column}:" in part["findings"][0]["message"]


def test_derivation_that_can_be_read_in_part_is_marked_that_far(tmp_path):
    path = written(tmp_path, "ada.md", MARKDOWN.replace("\\sigma(4t)\\,", "q\\,"))
    part = grade(path)["sigmoid_derivative"]
    assert part["outcome"] == "partial"
    assert part["flagged"]
    assert {f["severity"] for f in part["findings"]} == {"not-checked"}


@pytest.mark.parametrize("form", ["md", "tex"])
@pytest.mark.parametrize("name", sheet_names())
def test_model_answers_in_words_earn_every_point_and_blank_ones_none(name, form):
    sheet, seed = load_sheet(name), 3
    for render, share in ((render_answers, 1), (render_starter, 0)):
        document = READERS[form]("it", render(sheet, seed, form))
        assert (document.sheet, document.seed) == (name, "3")
        student = Written(document, [part.name for part in sheet.parts])
        for exercise in sheet.exercises:
            variant = exercise.draw(seed)
            for part in exercise.parts:
                mark = mark_part(part, variant, student)
                is_function = hasattr(part.answer, "signature")
                points = 0 if is_function else share * part.points
                code = render is render_answers and is_function and form == "md"
                outcome = "right" if points else "missing"
                assert mark.points == points, (part.name, mark)
                assert code or mark.outcome == outcome, (part.name, mark)


def test_model_functions_in_a_markdown_starter_run(tmp_path):
    sheet = load_sheet("activations")
    path = written(tmp_path, "model.md", render_answers(sheet, 2, "md"))
    assert {part["outcome"] for part in grade(path).values()} == {"right"}
    path = written(tmp_path, "blank.md", render_starter(sheet, 2, "md"))
    assert {part["outcome"] for part in grade(path).values()} == {"missing"}


def passages(text, read=markdown.read):
    return read("it", text).passages(["slope", "value"])


def test_markdown_sections_fences_and_comments():
    text = (
        "# slope\n<!-- a hint: $7$\n# other -->\n$x$\n## Remarks\nprose\n"
        "# 2. value (3 points)\n```\n2*x  # not a heading\n# nor this\n```\nIn words.\n"
        "# Not an answer at all\n$y$\n~~~ python\nz = 1\n~~~\n"
    )
    found = passages(text)
    assert list(found) == ["slope", "value"]
    assert found["slope"].split() == ["$x$", "prose"]
    assert found["slope"].line == 2
    assert found["value"].strip().split("\n") == ["2*x  # not a heading", "# nor this"]
    code = markdown.python(text).split("\n")
    assert [(k, line) for k, line in enumerate(code, start=1) if line] == [(16, "z = 1")]


def test_two_answers_under_one_name_are_refused_and_a_blank_one_is_not():
    with pytest.raises(SubmissionError, match="slope is answered twice, the second time at line 4"):
        passages("# slope\n$x$\n# slope\n$y$\n")
    assert passages("# slope\n\n# slope\n$y$\n")["slope"].strip() == "$y$"


def test_latex_comments_and_nested_headings():
    text = "\\section{slope}\n\\subsection{Why \\emph{so}}\n$x$ % $y$\n\\section{Else}\n$z$"
    found = passages(text, tex.read)
    assert list(found) == ["slope"]
    assert found["slope"].split() == ["$x$"]


def notebook(*cells):
    made = [{"cell_type": kind, "metadata": {}, "source": source} for kind, source in cells]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def test_notebook_takes_answers_from_text_cells_and_code_cells(tmp_path):
    text = notebook(
        ("markdown", "# The sheet\n**`tanh_gradient`** (2 points): what is it?"),
        ("code", HEAD + 'sigmoid_derivative = """\n"""\ntanh_gradient = ""'),
        ("markdown", "## tanh_gradient\n\n$$ 3\\tanh^2(3x - 1) - 3 $$"),
        ("markdown", "## sigmoid_derivative\n\nsee\n\n$$ \\wrong $$"),
        ("code", "def softmax(z):\n    import numpy as np\n    e = np.exp(z - z.max(axis=-1, "
         "keepdims=True))\n    return e / e.sum(axis=-1, keepdims=True)"),
        ("markdown", "## softmax\nWe subtract the largest."),
    )  # fmt: skip
    parts = grade(written(tmp_path, "ada.ipynb", text))
    assert parts["tanh_gradient"]["outcome"] == "right"
    assert parts["softmax"]["outcome"] == "right"
    unread = parts["sigmoid_derivative"]
    assert unread["outcome"] == "not-checked"
    assert "cell 4, line 5, column 4:" in unread["findings"][0]["message"]


def test_notebook_without_code_names_its_sheet_in_a_text_cell(tmp_path):
    text = notebook(
        ("markdown", "sheet: activations\nseed: 1\n# tanh_gradient\n$3\\tanh^2(3x-1)-3$")
    )
    assert grade(written(tmp_path, "ada.ipynb", text))["tanh_gradient"]["outcome"] == "right"
    with pytest.raises(SubmissionError, match="no code cell"):
        read_notebook("it", notebook(("markdown", "nothing")))


def test_file_that_names_no_sheet_says_what_to_add(tmp_path):
    for name, line in (("ada.md", "`sheet: activations`"), ("ada.tex", "% sheet: activations")):
        result = CliRunner().invoke(main, [str(written(tmp_path, name, "# slope\n"))])
        assert result.exit_code == 2
        assert line in result.output


def test_misspelt_heading_is_named():
    student = Written(markdown.read("it", "# tanh_gradeint\n$x$"), ["tanh_gradient"])
    part = next(p for p in load_sheet("activations").parts if p.name == "tanh_gradient")
    mark = mark_part(part, {}, student)
    assert mark.outcome == "missing"
    assert "did you mean tanh_gradient where you wrote tanh_gradeint" in mark.findings[0].message


def mark_of(sheet, name, text, seed=1):
    """The mark for one part whose passage is this text."""
    for exercise in load_sheet(sheet).exercises:
        for part in exercise.parts:
            if part.name == name:
                document = markdown.read("it", f"# {name}\n{text}\n")
                return mark_part(part, exercise.draw(seed), Written(document, [name]))
    raise AssertionError(name)


def _erratum():
    exercise = next(
        e for e in load_sheet("errata").exercises if e.parts[0].name == "sigmoid_slope_mended"
    )
    return exercise.parts[0].reference(exercise.draw(1))


@pytest.mark.parametrize(
    "form", ["{n}: ${x}$", "$${n}: = {x}$$", "Line **{n}**: $= {x}$.", "line {n}. \\[{x}\\]"]
)
def test_erratum_in_words(form):
    fault = _erratum()
    assert fault.wrong == 3
    right = latex(parse_expression(fault.right, {"x": real("x")}))
    mark = mark_of("errata", "sigmoid_slope_mended", form.format(n=3, x=right))
    assert mark.outcome == "right", mark
    mark = mark_of("errata", "sigmoid_slope_mended", form.format(n=3, x=f"-{right}"))
    assert (mark.outcome, mark.points) == ("partial", 1)
    mark = mark_of("errata", "sigmoid_slope_mended", form.format(n=3, x="\\wrong"))
    assert (mark.outcome, mark.flagged) == ("partial", True)
    mark = mark_of("errata", "sigmoid_slope_mended", form.format(n=2, x=right))
    assert mark.outcome == "wrong"


def test_array_and_number_in_words():
    (exercise,) = (
        e for e in load_sheet("softmax").exercises if e.parts[0].name == "softmax_by_hand"
    )
    first, second, third = exercise.parts[0].reference(exercise.draw(1))
    for text in (
        f"$$\\begin{{pmatrix}} {first} \\\\ {second} \\\\ {third} \\end{{pmatrix}}$$",
        f"$({first}, {second}, {third})$",
        f"[{first}, {second}, {third}]",
        f"`[{first}, {second}, {third}]`",
    ):
        assert mark_of("softmax", "softmax_by_hand", text).outcome == "right", text
    swapped = f"$({second}, {first}, {third})$"
    assert mark_of("softmax", "softmax_by_hand", swapped).outcome in ("wrong", "partial")
    for text in ("$(1, 2$", "I do not know", "$\\begin{pmatrix} x \\end{pmatrix}$"):
        assert mark_of("softmax", "softmax_by_hand", text).outcome == "not-checked", text
    assert mark_of("entropy", "weather_entropy", "$\\frac{7}{4}$ bits").outcome == "right"
    assert mark_of("entropy", "weather_entropy", "1.75").outcome == "right"
    assert mark_of("entropy", "weather_entropy", "$\\frac{4}{7}$").outcome == "wrong"


@pytest.mark.parametrize("form", ["md", "tex"])
def test_starter_is_written_by_the_command_and_never_over_work(tmp_path, form):
    arguments = ["errata", "-o", str(tmp_path), "--starter", form]
    assert CliRunner().invoke(sheet_command, arguments).exit_code == 0
    again = CliRunner().invoke(sheet_command, arguments)
    assert again.exit_code != 0
    assert f"submission.{form}" in again.output
    assert {part["outcome"] for part in grade(tmp_path / f"submission.{form}").values()} == {
        "missing"
    }


def test_folder_takes_written_hand_ins_and_leaves_the_questions(tmp_path):
    for student, name, text in (
        ("ada", "answers.md", MARKDOWN),
        ("ada", "sheet.md", "# The questions"),
        ("grace", "submission.py", 'SHEET = "activations"\nSEED = 1\n'),
        ("grace", "notes.md", "my notes"),
        ("alan", "work.tex", LATEX),
    ):
        (tmp_path / student).mkdir(exist_ok=True)
        (tmp_path / student / name).write_text(text, encoding="utf-8")
    result = CliRunner().invoke(main, [str(tmp_path), "--json", "--jobs", "1", "--no-cache"])
    assert result.exit_code == 0, result.output
    rows = [json.loads(line) for line in result.stdout.splitlines() if line.startswith("{")]
    assert {row["submission"] for row in rows} == {
        "ada/answers.md",
        "grace/submission.py",
        "alan/work.tex",
    }


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_a_document_or_a_problem_with_one(text):
    for read in READERS.values():
        try:
            found = passages(f"# slope\n\\section{{value}}\n{text}", read)
        except SubmissionError:
            continue
        assert all(isinstance(passage, Passage) for passage in found.values())


@pytest.mark.parametrize(
    "text",
    [
        "# " + " " * 200_000 + "x",
        "#" * 200_000,
        "# slope\n" * 50_000,
        "```\n" * 50_000,
        "``` " + " " * 100_000 + "`",
        "<!--" * 50_000,
        "\\section{" * 20_000,
        "\\section{slope}\n" * 20_000,
        "%" * 200_000,
        "sheet:" + " " * 200_000,
        "".join(f"# slop{k}\n\\section{{valu{k}}}\n" for k in range(9_000)),
        "\\" * 200_000,
    ],
)
def test_documents_made_to_be_slow_are_not(text):
    start = time.perf_counter()
    for read in READERS.values():
        try:
            passages(text, read)
        except SubmissionError:
            continue
    assert time.perf_counter() - start < 2

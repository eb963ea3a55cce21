"""Derivations as students write them, in written_derivations.md, marked in every kind of file."""

import json
import re
from pathlib import Path

import pytest

from exercises.discover import exercise
from grader.mark import mark_part
from grader.notebook import read as read_notebook
from grader.student import InProcess
from grader.written import markdown, tex
from grader.written.student import Written

CORPUS = (Path(__file__).parent / "written_derivations.md").read_text(encoding="utf-8")
FOUND = re.findall(r"^# (\S+): (.*)\n([^#]*)", CORPUS, re.MULTILINE)
CASES = [
    pytest.param(*case, id=f"{number}-{case[0]}") for number, case in enumerate(FOUND, start=1)
]


def question(exercise_id):
    """The exercise's derivation, and its variant with seed 1."""
    found = exercise(exercise_id)
    part = next(p for p in found.parts if type(p.answer).__name__ == "Derivation")
    return part, found.draw(1)


def documents(name, text):
    """The text as a Markdown file, as a LaTeX file, and as a cell of a notebook."""
    yield markdown.read("it", f"# {name}\n{text}")
    escaped = name.replace("_", "\\_")
    yield tex.read("it", f"\\section*{{{escaped}}}\n{text}\n\\end{{document}}")
    cell = {"cell_type": "markdown", "metadata": {}, "source": f"# {name}\n{text}"}
    head = {"cell_type": "markdown", "metadata": {}, "source": "sheet: one\nseed: 1"}
    cells = {"cells": [head, cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    yield read_notebook("it", json.dumps(cells))


def marked(part, variant, document):
    return mark_part(part, variant, Written(document, [part.answer.name]))


def check(mark, wanted):
    said = [(f.severity, f.line, f.message) for f in mark.findings]
    if wanted == "right":
        assert (mark.outcome, mark.points) == ("right", mark.out_of), said
    elif wanted.startswith("wrong"):
        first = next(f for f in mark.findings if f.severity == "wrong")
        assert first.line == int(wanted.split()[-1]), said
        assert first.witness, said
        assert mark.points < mark.out_of
    else:
        words = wanted.removeprefix("not checked, ")
        assert "wrong" not in {severity for severity, *_ in said}, said
        assert any(words in f.message for f in mark.findings if f.severity == "not-checked"), said
        assert mark.flagged


def test_the_corpus_is_read_as_a_whole():
    assert len(FOUND) == CORPUS.count("\n# ") + 1 >= 50


@pytest.mark.parametrize(("exercise_id", "wanted", "text"), CASES)
def test_derivation_is_marked_for_what_it_says(exercise_id, wanted, text):
    part, variant = question(exercise_id)
    first = next(documents(part.answer.name, text))
    check(marked(part, variant, first), wanted)


@pytest.mark.parametrize(("exercise_id", "wanted", "text"), CASES[::6])
def test_kind_of_file_changes_nothing(exercise_id, wanted, text):
    part, variant = question(exercise_id)
    marks = [marked(part, variant, d) for d in documents(part.answer.name, text)]
    for mark in marks:
        check(mark, wanted)
    script = mark_part(part, variant, InProcess({part.answer.name: text.strip()}))
    assert {mark.points for mark in (*marks, script)} == {marks[0].points}


# What is behind a line never makes it right: a reason with a claim, a condition, a definition.
COIN = r"\frac{d}{dp}\left(5\log p+3\log(1-p)\right)"


@pytest.mark.parametrize(
    "line",
    [
        r"= 0 \quad\text{for } p = \frac58",
        r"= 0 \quad\text{if } p > 2",
        r"= 0, \text{ where } p = \frac58",
        r"= 0 \text{ on } \{5/8\}",
    ],
)
def test_condition_does_not_make_a_wrong_line_right(line):
    part, variant = question("estimators.coin_solved")
    text = f"$${COIN} {line} \\\\ p = \\frac58$$"
    mark = marked(part, variant, next(documents(part.answer.name, text)))
    assert mark.points == 0
    assert mark.outcome == "not-checked"


def test_name_of_ones_own_cannot_stand_for_the_answer():
    part, variant = question("activations.sigmoid_derivative")
    text = r"$$g = 4\sigma(4t)(1-\sigma(4t)) \\ g = g = g$$"
    mark = marked(part, variant, next(documents(part.answer.name, text)))
    assert mark.points <= mark.out_of * part.answer.credit.answer

"""A self-contained HTML page: part by part, no scripts, readable by a screen reader."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from grader.grading import Report
from grader.outcome import MarkedLine, PartMark
from grader.report import hints_cost

HERE = Path(__file__).parents[1] / "templates"
SAID = {"right": "follows", "wrong": "does not follow", "not-checked": "not checked"}


def render(reports: Sequence[Report]) -> str:
    """The reports one below the other, a table of all before them when there are several."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(HERE, encoding="utf-8"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["hints_cost"] = hints_cost
    page = environment.get_template("report.html.j2")
    return page.render(reports=reports, formula=formula, said=SAID)


def formula(mark: PartMark, line: MarkedLine) -> Any:
    """A line of a derivation as MathML; empty when it is no formula in the part's names."""
    from markupsafe import Markup

    from derivations import ParseError
    from exercises.discover import exercise
    from exercises.formats.mathml import mathml
    from exercises.formats.render import FormatError

    exercise_id, _, function = mark.part_id.rpartition(".")
    try:
        answers = {part.function_name: part.answer for part in exercise(exercise_id).parts}
        latex = _latex(line.text, getattr(answers[function], "names", {}))
        # What comes out is made of our own formula, never of the student's text.
        return Markup(mathml(latex, display=True))
    except (ParseError, FormatError, ValueError, KeyError):
        return ""


def _latex(text: str, names: Any) -> str:
    from sympy import latex

    from derivations import parse_chain
    from derivations.parse import parse_equations

    lines = parse_chain(text, names)
    if len(lines) > 1:  # a = b is one line where lines are equations
        lines = parse_equations(text, names)
    # SymPy sets no space between d/dx and what is differentiated.
    return re.sub(
        r"(\\frac\{(?:d|\\partial)[^{}]*\}\{[^{}]*\})", r"\1\\,", latex(lines[0].expression)
    )

"""A self-contained HTML page: part by part, no scripts, readable by a screen reader."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from grader.grading import Report

HERE = Path(__file__).parents[1] / "templates"


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
    return environment.get_template("report.html.j2").render(reports=reports)

"""Reports for other programs: each file writes one format from the same marks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module

from grader.grading import Report

# The name on the command line, and the module that writes it.
FORMATS: Mapping[str, str] = {
    "json": "json_lines",
    "junit": "junit",
    "csv": "spreadsheet",
    "gradescope": "gradescope",
    "moodle": "moodle",
    "canvas": "canvas",
    "html": "page",
}


def write(name: str, reports: Sequence[Report]) -> str:
    """The reports in a format."""
    module = import_module(f"grader.formats.{FORMATS[name]}")
    render: Callable[[Sequence[Report]], str] = module.render
    return render(reports)

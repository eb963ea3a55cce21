"""CSV: a row a submission, a column a part."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from grader.grading import Report


def render(reports: Sequence[Report]) -> str:
    """Submission, sheet, seed, points, percent, what a person should look at, and each part."""
    parts = dict.fromkeys(mark.name for report in reports for mark in report.marks)
    head = ["submission", "sheet", "seed", "points", "out_of", "percent", "flagged", *parts]
    return rows([head, *([*_first(r), *_points(r, parts)] for r in reports)])


def rows(lines: Iterable[Sequence[object]]) -> str:
    """The lines as CSV; text that a spreadsheet would run as a formula is quoted for it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    for line in lines:
        writer.writerow([_harmless(cell) for cell in line])
    return buffer.getvalue().rstrip("\n")


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@\t\r" and cell else cell


def _first(report: Report) -> list[object]:
    flagged = " ".join(mark.name for mark in report.marks if mark.flagged)
    total = [report.points, report.out_of, report.percent, flagged]
    return [report.submission, report.sheet, report.seed, *total]


def _points(report: Report, parts: Iterable[str]) -> list[object]:
    earned = {mark.name: mark.points for mark in report.marks}
    return [earned.get(name, "") for name in parts]

"""Canvas's gradebook import: one assignment column, points possible in the second row."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from grader.formats.spreadsheet import rows
from grader.grading import Report


def render(reports: Sequence[Report]) -> str:
    """One row a submission; the file's name without its ending is the SIS user id."""
    first = reports[0]
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", first.title]
    lines: list[list[object]] = [list(head), ["Points Possible", "", "", "", "", first.out_of]]
    for report in reports:
        stem = PurePath(report.submission).stem
        lines.append([stem, "", stem, "", "", report.points])
    return rows(lines)

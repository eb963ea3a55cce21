"""Moodle's grade import: identification, grade and feedback as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from grader.formats.spreadsheet import rows
from grader.formats.words import feedback
from grader.grading import Report


def render(reports: Sequence[Report]) -> str:
    """One row a submission; the file's name without its ending is the ID number."""
    lines = [["ID number", "Grade", "Feedback comments"]]
    for report in reports:
        said = "\n".join(f"{m.name}: {m.points:g}/{m.out_of}\n{feedback(m)}" for m in report.marks)
        lines.append([PurePath(report.submission).stem, f"{report.points:g}", said.strip()])
    return rows(lines)

"""Canvas's gradebook import: one assignment column, points possible in the second row.

Canvas finds a student by the SIS user id, and an assignment by its title. When it does not know the
title it asks whether to make a new assignment. The points are those that count, after lateness.
"""

from __future__ import annotations

from collections.abc import Sequence

from grader.formats import one_sheet
from grader.formats.spreadsheet import rows
from grader.grading import Report
from grader.roster import Person


def render(reports: Sequence[Report], absent: Sequence[Person]) -> str:
    """One row a student, whose identity is the SIS user id; 0 for who handed in nothing."""
    first = one_sheet(reports, "canvas")
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", first.title]
    lines: list[list[object]] = [list(head), ["Points Possible", "", "", "", "", first.out_of]]
    lines += [[r.student, "", r.student, "", "", f"{r.counted:g}"] for r in reports]
    lines += [[p.name or p.student, "", p.student, "", "", 0] for p in absent]
    return rows(lines)

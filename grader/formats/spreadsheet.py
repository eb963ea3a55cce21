"""CSV: a row a student, a column a part."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from grader.formats import NOTHING
from grader.grading import Report
from grader.roster import Person

FORMULA = ("=", "+", "-", "@", "\t", "\n", "＝", "＋", "－", "＠")
HEAD = (
    "submission", "student", "sheet", "seed", "points", "out_of", "percent", "counted", "days_late",
    "flagged", "note",
)  # fmt: skip


def render(
    reports: Sequence[Report],
    absent: Sequence[Person] = (),
    missed: Sequence[tuple[str, str]] = (),
) -> str:
    """Whose it is, points and percent, what a person should look at, and each part's points.

    `points` are as earned, `counted` what lateness leaves of them. Who handed in nothing has 0
    points, of as many as the sheet has when all are on one sheet; who handed in what could not be
    graded has none yet.
    """
    parts = dict.fromkeys(mark.name for report in reports for mark in report.marks)
    sheets = {(report.sheet, report.out_of) for report in reports}
    sheet, out_of = next(iter(sheets)) if len(sheets) == 1 else ("", "")
    blank: list[object] = [""] * len(parts)
    return rows(
        [
            [*HEAD, *parts],
            *([*_first(report), *_points(report, parts)] for report in reports),
            *(["", p.student, sheet, "", 0, out_of, 0, 0, "", "", NOTHING, *blank] for p in absent),
            *(
                ["", student, *[""] * (len(HEAD) - 3), f"not graded: {reason}", *blank]
                for student, reason in missed
            ),
        ]
    )


def rows(lines: Iterable[Sequence[object]]) -> str:
    """The lines as CSV; text that a spreadsheet would run as a formula is quoted for it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    for line in lines:
        writer.writerow([_harmless(cell) for cell in line])
    return buffer.getvalue().rstrip("\n")


def _harmless(cell: object) -> object:
    """The cell; a number that is written out is one, whatever its sign."""
    if isinstance(cell, str):  # a lone carriage return ends a row, and nothing would quote it
        cell = cell.replace("\r\n", "\n").replace("\r", "\n")
    if not isinstance(cell, str) or not cell.lstrip(" ").startswith(FORMULA) or _is_number(cell):
        return cell
    return f"'{cell}"


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdecimal() and text.isascii()


def _first(report: Report) -> list[object]:
    flagged = " ".join(mark.name for mark in report.marks if mark.flagged)
    note = "; ".join(filter(None, (report.stopped, *report.remarks)))
    total = [f"{report.points:g}", report.out_of, f"{report.percent:g}", f"{report.counted:g}"]
    whose = [report.submission, report.student, report.sheet, report.seed]
    return [*whose, *total, report.lateness.days, flagged, note]


def _points(report: Report, parts: Iterable[str]) -> list[object]:
    earned = {mark.name: f"{mark.points:g}" for mark in report.marks}
    return [earned.get(name, "") for name in parts]

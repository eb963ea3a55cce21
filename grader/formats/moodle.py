"""Moodle's grade import: identification, grade and feedback as CSV.

On the import page map `ID number` to the users' field that the students' identities are (it may be
the user name or the address just as well), and the other two to the grade item. The grade is the
points that count, after lateness.
"""

from __future__ import annotations

from collections.abc import Sequence

from grader.formats import NOTHING, one_sheet
from grader.formats.spreadsheet import rows
from grader.formats.words import feedback, of_all
from grader.grading import Report
from grader.roster import Person


def render(reports: Sequence[Report], absent: Sequence[Person]) -> str:
    """One row a student; 0 for who handed in nothing."""
    one_sheet(reports, "moodle")
    lines = [["ID number", "Grade", "Feedback comments"]]
    for report in reports:
        said = [f"{m.name}: {m.points:g}/{m.out_of}\n{feedback(m)}" for m in report.marks]
        whole = "\n".join([*of_all(report), *said]).strip()
        lines.append([report.student, f"{report.counted:g}", whole])
    lines += [[person.student, "0", NOTHING] for person in absent]
    return rows(lines)

"""Two renderings of one result: what a student sees of it, and what a teacher sees.

Marks hold no reference answer. It is worked out anew for who may see it: a teacher, or a student
whose sheet says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from exercises.answers import Code, Erratum, Expression, Gradient
from grader.grading import Report
from grader.outcome import Finding, Notes, PartMark

if TYPE_CHECKING:
    from exercises.sheet import Sheet

View = Literal["student", "teacher"]
VIEWS: tuple[View, ...] = ("student", "teacher")
# Of a verdict; its evidence may hold the normal form of the reference.
FOR_STUDENTS = ("status", "witness", "conditions", "reason")


def seen(report: Report, view: View, now: datetime | None = None) -> Report:
    """The report as somebody may see it.

    Args:
        report: the marks.
        view: who looks at it.
        now: the time at which a student looks; this moment by default.
    """
    from exercises.sheet import load_sheet

    sheet = load_sheet(report.sheet)
    parts = {part.id: (part, item) for item in sheet.exercises for part in item.parts}
    show = view == "teacher" or reveals(sheet, now)
    marks = []
    for mark in report.marks:
        part, item = parts[mark.part_id]
        kept = mark if view == "teacher" else _for_student(mark, part)
        if show:
            kept = replace(kept, notes=_notes(part, item.draw(report.seed), mark, view))
        marks.append(kept)
    return replace(report, marks=tuple(marks))


def reveals(sheet: Sheet, now: datetime | None = None) -> bool:
    """Whether a sheet shows its students the reference answers at a time.

    Args:
        sheet: the sheet; its `reveal` is "never", "always" or "after due".
        now: the time; this moment by default.
    """
    if sheet.reveal == "after due" and sheet.due is not None:
        from exercises.deadline import moment

        return (now or datetime.now(UTC)) > moment(sheet.due, sheet.timezone)
    return sheet.reveal == "always"


def _for_student(mark: PartMark, part: Any) -> PartMark:
    hidden = isinstance(part.answer, Expression | Erratum)
    findings = tuple(_plain(finding, hidden=hidden) for finding in mark.findings)
    return replace(mark, findings=findings, notes=None)


def _plain(finding: Finding, *, hidden: bool) -> Finding:
    """A finding without what gives the reference away.

    Args:
        finding: what was found.
        hidden: whether the witness compares with a reference that the student is not given. The
            value of a constant answer is the answer, so that only the student's own is shown.
    """
    if finding.verdict is None:
        return finding
    said = {name: finding.verdict[name] for name in FOR_STUDENTS if name in finding.verdict}
    if not (hidden and said.get("witness")):
        return replace(finding, verdict=said)
    witness = {name: value for name, value in said["witness"].items() if name != "lhs"}
    where = ", ".join(f"{name} = {value}" for name, value in witness["point"].items())
    place = f"at {where}, " if where else ""
    words = f"{place}yours is {witness['rhs']}, and the answer is not"
    return replace(finding, witness=words, verdict={**said, "witness": witness})


def _notes(part: Any, variant: Mapping[str, Any], mark: PartMark, view: View) -> Notes:
    from exercises.formats.solution import answer_source
    from exercises.formats.source import excerpt

    if isinstance(part.answer, Code | Gradient):
        reference, _ = excerpt(part.name, part.reference(variant))
    else:
        reference = answer_source(part, variant)
    if view == "student":
        return Notes(reference)
    mistakes = tuple(f"{m.name.replace('_', ' ')} ({m.credit}): {m.help}" for m in part.mistakes)
    return Notes(reference, mistakes, mark.seconds)

"""What a report counts for: points of the gradebook, hints that were read earlier, lateness.

One rule holds for everything that is printed or written: `points` are those earned, less what hints
cost, after a person's overrides; `counted` is what lateness leaves of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from grader.grading import Report
from grader.hand_in import HandIn
from grader.outcome import Finding, PartMark
from grader.policies import lateness, timing

if TYPE_CHECKING:
    from grader.book import Book
    from grader.book_entry import Entry


def counted(item: HandIn, report: Report) -> Report:
    """A report with its lateness, where there is no gradebook."""
    from exercises.sheet import SheetError

    try:
        received, terms = timing(report.sheet, item.received, item.path)
    except SheetError:  # gone since the report was made
        return report
    return replace(report, lateness=lateness(terms, received))


def recorded(book: Book, item: HandIn, report: Report) -> Report:
    """Put a report into a gradebook, the same attempt once, and give it as it stands there.

    Hints that an earlier attempt was given are charged to a new one; an attempt that is in the book
    keeps its points.
    """
    digest = sha256(item.all_content() + report.seed.encode()).hexdigest()
    received, terms = timing(report.sheet, item.received, item.path)
    new = charged(report, book.hints_read(item.student, report.sheet))
    data = new.as_dict()
    for late in ("counted", "days_late"):  # an extension may change it; the book works it out
        del data[late]
    book.record(item.student, digest, data, received, terms)
    shown = {mark.name: len(mark.hints) for mark in report.marks if mark.hints}
    book.note_hints(item.student, report.sheet, shown)
    return _as_kept(new, book.attempt_of(item.student, report.sheet, digest))


def charged(report: Report, read: Mapping[str, int]) -> Report:
    """A report with the price of hints that were read before it was handed in.

    Args:
        report: the marks, with the price of the hints that they give.
        read: how many hints of each part were given earlier.
    """
    if not read:
        return report
    from exercises.sheet import load_sheet

    sheet = load_sheet(report.sheet)
    if sheet.hints == "listed":  # free: everybody has read them
        return report
    prices = {part.id: part.hint_prices for part in sheet.parts}
    marks = (
        _charged(mark, read.get(mark.name, 0), sum(prices[mark.part_id][: read.get(mark.name, 0)]))
        for mark in report.marks
    )
    return replace(report, marks=tuple(marks))


def _charged(mark: PartMark, count: int, price: float) -> PartMark:
    earned = mark.points + mark.hint_cost
    cost = min(earned, round(price * mark.out_of, 2))
    if cost <= mark.hint_cost:
        return mark
    hints = "1 hint was" if count == 1 else f"{count} hints were"
    said = f"{hints} read before this was handed in: {cost:g} taken off the points"
    return replace(
        mark,
        points=round(earned - cost, 2),
        hint_cost=cost,
        findings=(*mark.findings, Finding("note", said)),
    )


def _as_kept(report: Report, entry: Entry) -> Report:
    """A report with the points that its attempt has in the gradebook, and why they differ."""
    reasons = {change.part: change.reason for change in entry.overrides}
    marks = []
    for mark in report.marks:
        points = entry.parts.get(mark.name, mark.points)
        if mark.name in reasons:
            said = f"set to {points:g} points by a person: {reasons[mark.name]}"
        elif points != mark.points:
            said = f"this was marked before, and keeps its {points:g} points in the gradebook"
            if mark.hints:
                said += "; hints are charged to what is handed in from now on"
        else:
            marks.append(mark)
            continue
        noted = (*mark.findings, Finding("note", said))
        marks.append(replace(mark, points=points, findings=noted))
    return replace(report, marks=tuple(marks), lateness=entry.lateness)

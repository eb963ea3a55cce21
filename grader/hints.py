"""Hints that a student asks for while a submission is graded, and what they cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from grader.grading import Report
from grader.outcome import PartMark

TO_BE_HELPED = ("wrong", "partial", "missing")


def with_hints(report: Report, count: int) -> Report:
    """The report with the first hints of each part that is not right, and their price taken off.

    Hints that the sheet lists are free: everybody has read them.

    Args:
        report: the marks.
        count: how many hints a part.
    """
    from exercises.sheet import load_sheet

    sheet = load_sheet(report.sheet)
    parts = {part.id: part for part in sheet.parts}
    free = sheet.hints == "listed"
    helped = (_helped(mark, parts, count, free) for mark in report.marks)
    return replace(report, marks=tuple(helped))


def _helped(mark: PartMark, parts: Mapping[str, Any], count: int, free: bool) -> PartMark:
    part = parts[mark.part_id]
    hints = part.hints[:count]
    if mark.outcome not in TO_BE_HELPED or not hints:
        return mark
    # A part without points pays nothing: there is nothing to pay with.
    price = 0.0 if free else sum(part.hint_prices[:count])
    cost = min(mark.points, round(price * mark.out_of, 2))
    left = round(mark.points - cost, 2)
    return replace(mark, points=left, hints=hints, hint_cost=cost)

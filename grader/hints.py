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

    Args:
        report: the marks.
        count: how many hints a part.
    """
    from exercises.sheet import load_sheet

    parts = {part.id: part for part in load_sheet(report.sheet).parts}
    return replace(report, marks=tuple(_helped(mark, parts, count) for mark in report.marks))


def _helped(mark: PartMark, parts: Mapping[str, Any], count: int) -> PartMark:
    part = parts[mark.part_id]
    hints = part.hints[:count]
    if mark.outcome not in TO_BE_HELPED or not hints:
        return mark
    # A part without points pays nothing: there is nothing to pay with.
    cost = min(mark.points, round(sum(part.hint_prices[:count]) * mark.out_of, 2))
    left = round(mark.points - cost, 2)
    return replace(mark, points=left, hints=hints, hint_cost=cost)

"""Marking one hand-in, from its files to its report; what a worker of a class is sent to do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from grader.opening import Asked, choose, opened
from grader.student import clean

if TYPE_CHECKING:
    from grader.grading import Report
    from grader.hand_in import HandIn


def grade_file(
    item: HandIn,
    sheet: str | None,
    seed: str | None,
    hints: int = 0,
    allow_weak: bool = False,
    secret: bytes = b"",
) -> Report:
    """The report on one hand-in.

    Args:
        item: the hand-in.
        sheet: which sheet, if not the one that it names.
        seed: which variant, if neither the one that it names nor the student's own.
        hints: how many hints to give of each part that is not right.
        allow_weak: run code even where it cannot be kept apart.
        secret: of the course, from which the students' own seeds are made.

    Raises:
        SubmissionError: it cannot be graded.
    """
    from grader.grading import grade

    # The child starts before the marking is imported: both take about as long.
    found = opened(item, Asked(sheet, seed, secret), allow_weak=allow_weak)
    with found.submission as submission:
        twice = choose(submission, files=bool(item.beside))
        report = grade(item.name, found.sheet, found.seed, submission)
    # The names of files stand in them.
    remarks = tuple(clean(remark, 500) for remark in (*found.remarks, *twice))
    report = replace(report, student=item.student, remarks=remarks)
    if not hints:
        return report
    from grader.hints import with_hints

    return with_hints(report, hints)

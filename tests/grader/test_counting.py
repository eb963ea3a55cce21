"""Hints that were read earlier are paid for once, and never twice for the same."""

import pytest

from exercises.sheet import load_sheet
from grader.counting import charged
from grader.grading import Report
from grader.outcome import PartMark

PART = load_sheet("errata").parts[0]  # two hints, each a tenth of 3 points


def report(points, hint_cost):
    mark = PartMark(PART.id, "mended", points, 3, "partial", hint_cost=hint_cost)
    return Report("a.py", "errata", "Errata", "1", (mark,), "", "default")


@pytest.mark.parametrize(
    ("points", "paid", "read", "left", "cost"),
    [
        (3.0, 0.0, 0, 3.0, 0.0),
        (3.0, 0.0, 1, 2.7, 0.3),
        (3.0, 0.0, 2, 2.4, 0.6),
        (2.7, 0.3, 1, 2.7, 0.3),  # paid for now: the same hint costs nothing more
        (2.7, 0.3, 2, 2.4, 0.6),
        (2.4, 0.6, 1, 2.4, 0.6),
        (0.5, 0.0, 2, 0.0, 0.5),  # no more than was earned
    ],
)
def test_what_was_read_before_is_charged_once(points, paid, read, left, cost):
    (mark,) = charged(report(points, paid), {"mended": read} if read else {}).marks
    assert (mark.points, mark.hint_cost) == (pytest.approx(left), pytest.approx(cost))
    assert bool(mark.findings) == (cost > paid)

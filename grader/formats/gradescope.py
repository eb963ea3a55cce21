"""Gradescope's results.json: a test a part, with its score and feedback."""

from __future__ import annotations

import json
from collections.abc import Sequence

from grader.formats.words import feedback
from grader.grading import Report
from grader.submission import SubmissionError


def render(reports: Sequence[Report]) -> str:
    """The results of one submission.

    Raises:
        SubmissionError: several submissions; Gradescope runs the grader for each of them.
    """
    if len(reports) != 1:
        raise SubmissionError("--format gradescope is for one submission; give one file")
    (report,) = reports
    tests = [
        {
            "name": mark.name,
            "score": mark.points,
            "max_score": mark.out_of,
            "status": "passed" if mark.outcome == "right" else "failed",
            "output": feedback(mark),
            "visibility": "visible",
        }
        for mark in report.marks
    ]
    result = {"score": report.points, "output": report.stopped, "tests": tests}
    return json.dumps(result, ensure_ascii=False, indent=2)

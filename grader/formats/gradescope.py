"""Gradescope's results.json: a test a part, with its score and feedback."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from grader.formats.words import feedback, of_all
from grader.grading import Report
from grader.outcome import PartMark
from grader.submission import SubmissionError


def render(reports: Sequence[Report]) -> str:
    """The results of one submission.

    Raises:
        SubmissionError: several submissions; Gradescope runs the grader for each of them.
    """
    if len(reports) != 1:
        raise SubmissionError("--format gradescope is for one submission; give one file")
    (report,) = reports
    result = {
        "score": report.counted,
        "output": "\n".join(of_all(report)),
        "output_format": "text",
        "test_output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": {
            "sheet": report.sheet,
            "seed": report.seed,
            "isolation": report.isolation,
            "to_look_at": [mark.name for mark in report.marks if mark.flagged],
        },
        "tests": [_test(number, mark) for number, mark in enumerate(report.marks, start=1)],
    }
    return json.dumps(result, ensure_ascii=False, indent=2)


def _test(number: int, mark: PartMark) -> dict[str, Any]:
    """One part. What was not checked, or failed on our side, is neither passed nor failed."""
    test: dict[str, Any] = {
        "name": mark.name,
        "number": str(number),
        "score": mark.points,
        "max_score": mark.out_of,
        "output": feedback(mark),
        "visibility": "visible",
        "extra_data": {"outcome": mark.outcome},
    }
    if mark.outcome not in ("not-checked", "failed"):
        test["status"] = "passed" if mark.outcome == "right" else "failed"
    return test

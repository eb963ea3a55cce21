"""JSON: one object for one submission, one object a line for several."""

from __future__ import annotations

import json
from collections.abc import Sequence

from grader.grading import Report


def render(reports: Sequence[Report]) -> str:
    """The reports with all their fields; grader/README.md lists them."""
    if len(reports) == 1:
        return json.dumps(reports[0].as_dict(), ensure_ascii=False, indent=2)
    return "\n".join(json.dumps(report.as_dict(), ensure_ascii=False) for report in reports)

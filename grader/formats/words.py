"""Findings as plain text, for formats whose feedback is a string."""

from __future__ import annotations

from grader.grading import Report
from grader.outcome import Finding, PartMark
from grader.report import hints_cost


def feedback(mark: PartMark) -> str:
    """Everything that was found on a part, one line a fact."""
    lines = [line for finding in mark.findings for line in _lines(finding)]
    lines += [f"hint: {' '.join(hint.split())}" for hint in mark.hints]
    if mark.hints:
        lines.append(hints_cost(mark))
    if mark.notes is not None:
        lines += ["the reference:", *(f"  {line}" for line in mark.notes.reference.splitlines())]
    return "\n".join(lines)


def of_all(report: Report) -> list[str]:
    """What is said of a hand-in as a whole: where it stopped, remarks, and what lateness costs."""
    lines = [report.stopped] if report.stopped else []
    lines += report.remarks
    if report.lateness.days:
        late = f"{report.points:g} points count {report.counted:g}"
        lines.append(f"{report.lateness}: {late}")
    return lines


def _lines(finding: Finding) -> list[str]:
    lines = [finding.message]
    if finding.text and finding.text not in finding.message:
        lines.append(f"  {finding.text}")
    if finding.witness:
        lines.append(f"  {finding.witness}")
    for label, text in (
        ("input", finding.input),
        ("expected", finding.expected),
        ("given", finding.given),
        ("look at", finding.diagnosis),
    ):
        if text:
            lines.append(f"  {label}: {text}")
    return lines

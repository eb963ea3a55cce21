"""Findings as plain text, for formats whose feedback is a string."""

from __future__ import annotations

from grader.outcome import Finding, PartMark


def feedback(mark: PartMark) -> str:
    """Everything that was found on a part, one line a fact."""
    return "\n".join(line for finding in mark.findings for line in _lines(finding))


def _lines(finding: Finding) -> list[str]:
    lines = [finding.message]
    if finding.text and finding.text not in finding.message:
        lines.append(f"  {finding.text}")
    for label, text in (
        ("input", finding.input),
        ("expected", finding.expected),
        ("given", finding.given),
        ("at", finding.witness.removeprefix("at ")),
        ("look at", finding.diagnosis),
    ):
        if text:
            lines.append(f"  {label}: {text}")
    return lines

"""What marking a part comes to: points, an outcome, and findings that say why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Outcome = Literal["right", "partial", "wrong", "missing", "failed", "not-checked"]
Severity = Literal["wrong", "note", "not-checked", "failed"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing said about an answer.

    Attributes:
        severity: wrong (the answer is), not-checked (nothing is known, and why), failed (our
            checker did), or note.
        message: what was found, as a sentence.
        line: the line of a derivation, from 1, or of the file when the message says so.
        text: that line as the student wrote it.
        witness: a point that refutes, in words.
        diagnosis: the slip that it probably was.
        input: the smallest input at which a function fails.
        expected: the right value there.
        given: the student's value there.
        verdict: the kernel's verdict, as plain data.
    """

    severity: Severity
    message: str
    line: int | None = None
    text: str = ""
    witness: str = ""
    diagnosis: str = ""
    input: str = ""
    expected: str = ""
    given: str = ""
    verdict: dict[str, Any] | None = None

    def as_dict(self) -> dict[str, Any]:
        """The finding as plain data, without the fields that say nothing."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {name: value for name, value in values.items() if value not in ("", None)}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one kind of answer says of one part, before it is put into the sheet."""

    points: float
    outcome: Outcome
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class PartMark:
    """The mark for one part."""

    part_id: str
    name: str
    points: float
    out_of: int
    outcome: Outcome
    findings: tuple[Finding, ...] = field(default=())

    @property
    def flagged(self) -> bool:
        """Whether a person should look at it."""
        return self.outcome in ("failed", "not-checked") or any(
            f.severity in ("failed", "not-checked")
            or (f.verdict or {}).get("status") == "supported"
            for f in self.findings
        )

    def as_dict(self) -> dict[str, Any]:
        """The mark as plain data for JSON."""
        return {
            "part": self.part_id,
            "name": self.name,
            "points": self.points,
            "out_of": self.out_of,
            "outcome": self.outcome,
            "flagged": self.flagged,
            "findings": [finding.as_dict() for finding in self.findings],
        }


def wrong(message: str, **details: Any) -> Judgement:
    """No points, and one reason."""
    return Judgement(0.0, "wrong", (Finding("wrong", message, **details),))

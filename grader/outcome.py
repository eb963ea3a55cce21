"""What marking a part comes to: points, an outcome, and findings that say why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Outcome = Literal["right", "partial", "wrong", "missing", "failed", "not-checked"]
LineOutcome = Literal["right", "wrong", "not-checked"]
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
        timed: whether it rests on a measured time.
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
    timed: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The finding as plain data, without the fields that say nothing."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {name: value for name, value in values.items() if value not in ("", None, False)}


@dataclass(frozen=True, slots=True)
class MarkedLine:
    """One line of a derivation as it was handed in, and how it was marked.

    Attributes:
        number: from 1.
        relation: how it follows from the line before; empty on the first.
        text: as typed.
        outcome: right, wrong, or not-checked.
    """

    number: int
    relation: str
    text: str
    outcome: LineOutcome

    def as_dict(self) -> dict[str, Any]:
        """The line as plain data."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one kind of answer says of one part, before it is put into the sheet."""

    points: float
    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    lines: tuple[MarkedLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Notes:
    """What only a teacher sees of a part, or a student whose sheet shows the answers.

    Attributes:
        reference: the right answer, as it stands in a submission.
        mistakes: the slips that the exercise knows, each with its points.
        seconds: how long the marking took.
    """

    reference: str
    mistakes: tuple[str, ...] = ()
    seconds: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """The notes as plain data, without those that say nothing."""
        return {
            "reference": self.reference,
            **({"mistakes": list(self.mistakes)} if self.mistakes else {}),
            **({} if self.seconds is None else {"seconds": round(self.seconds, 4)}),
        }


@dataclass(frozen=True, slots=True)
class PartMark:
    """The mark for one part.

    Attributes:
        part_id: the exercise's id and the part's.
        name: the variable or function that answers it.
        points: what was earned, less what the hints cost.
        out_of: what could be earned.
        outcome: what it came to.
        findings: why.
        lines: of a derivation, the lines as they were marked.
        hints: the hints that were asked for.
        hint_cost: the points that they cost.
        seconds: how long the marking took.
        notes: what this reader may see besides; nothing is kept with the marks.
    """

    part_id: str
    name: str
    points: float
    out_of: int
    outcome: Outcome
    findings: tuple[Finding, ...] = field(default=())
    lines: tuple[MarkedLine, ...] = ()
    hints: tuple[str, ...] = ()
    hint_cost: float = 0.0
    seconds: float = field(default=0.0, compare=False)
    notes: Notes | None = None

    @classmethod
    def from_fields(cls, data: dict[str, Any]) -> PartMark:
        """The mark that `dataclasses.asdict` took apart."""
        made = {
            "findings": tuple(Finding(**finding) for finding in data["findings"]),
            "lines": tuple(MarkedLine(**line) for line in data["lines"]),
            "hints": tuple(data["hints"]),
            "notes": data["notes"] and Notes(**data["notes"]),
        }
        return cls(**{**data, **made})

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
            **({"lines": [line.as_dict() for line in self.lines]} if self.lines else {}),
            **({"hints": list(self.hints), "hint_cost": self.hint_cost} if self.hints else {}),
            **(self.notes.as_dict() if self.notes else {}),
        }


def wrong(message: str, **details: Any) -> Judgement:
    """No points, and one reason."""
    return Judgement(0.0, "wrong", (Finding("wrong", message, **details),))

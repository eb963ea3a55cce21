"""What a gradebook says of one attempt, and which attempt of several counts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from grader.policies import Lateness, Policy, Terms, lateness

EVERYBODY = "*"


@dataclass(frozen=True, slots=True)
class Override:
    """A person's points for a part, in place of the grader's."""

    part: str
    points: float
    reason: str
    made: datetime


@dataclass(frozen=True, slots=True)
class Extension:
    """A later due time for a student, or for everybody."""

    student: str
    sheet: str
    until: datetime
    reason: str
    made: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One attempt with its overrides applied.

    Attributes:
        attempt: its number.
        student: who handed it in.
        sheet: the sheet.
        points: the points after overrides, before lateness.
        out_of: the points that could be had.
        graded: when it was graded.
        received: when it was handed in, if that is known.
        lateness: how late that was, after extensions.
        terms: the sheet's deadlines when it was graded.
        report: the report as it was written, as plain data.
        overrides: the overrides, the latest last.
    """

    attempt: int
    student: str
    sheet: str
    points: float
    out_of: int
    graded: datetime
    received: datetime | None
    lateness: Lateness
    terms: Terms
    report: dict[str, Any]
    overrides: tuple[Override, ...]

    @property
    def counted(self) -> float:
        """The points that count: less what lateness costs."""
        return self.lateness.of(self.points)

    @property
    def parts(self) -> dict[str, float]:
        """Each part's points after overrides."""
        return _earned(self.report, self.overrides)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What was said of the hand-in as a whole; older books know nothing of it."""
        return tuple(self.report.get("remarks", ()))

    @property
    def flagged(self) -> tuple[str, ...]:
        """The parts that a person should look at and has not overridden."""
        done = {override.part for override in self.overrides}
        parts = self.report["parts"]
        return tuple(p["name"] for p in parts if p["flagged"] and p["name"] not in done)


def chosen(entries: Sequence[Entry], policy: Policy | None) -> Entry:
    """The attempt that counts of one student's at one sheet; the latest's sheet decides how."""
    if (policy or entries[-1].terms.attempts) == "latest":
        return max(entries, key=lambda e: (e.received or e.graded, e.attempt))
    return max(entries, key=lambda e: (e.counted, e.points, -e.attempt))


def entry_of(
    row: Any, changed: tuple[Override, ...], until: Mapping[tuple[str, str], datetime]
) -> Entry:
    """A row of the table of attempts as an entry.

    Args:
        row: the row.
        changed: its overrides, the latest last.
        until: when the extensions of a student and a sheet end.
    """
    report = json.loads(row.report)
    terms = Terms.from_dict(json.loads(row.terms)) if row.terms else Terms()
    ends = [until[w, row.sheet] for w in (row.student, EVERYBODY) if (w, row.sheet) in until]
    return Entry(
        row.id,
        row.student,
        row.sheet,
        sum(_earned(report, changed).values()),
        row.out_of,
        row.graded,
        row.received,
        lateness(terms, row.received, max(ends, default=None)),
        terms,
        report,
        changed,
    )


def _earned(report: dict[str, Any], changed: Sequence[Override]) -> dict[str, float]:
    earned = {part["name"]: float(part["points"]) for part in report["parts"]}
    return earned | {override.part: override.points for override in changed}

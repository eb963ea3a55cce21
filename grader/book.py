"""The gradebook: attempts, marks and overrides, kept in a database through SQLAlchemy.

An attempt is keyed by student, sheet and the content of the submission: grading the same file twice
adds nothing, and an interrupted batch goes on where it stopped. Marks are never changed; a person's
override stands beside them with its reason.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import (
    Column,
    DateTime,
    Float,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    create_engine,
    select,
)

Policy = Literal["best", "latest"]
metadata = MetaData()
attempts = Table(
    "attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("student", String(200), nullable=False, index=True),
    Column("sheet", String(200), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("points", Float, nullable=False),
    Column("out_of", Integer, nullable=False),
    Column("report", Text, nullable=False),
    Column("graded", DateTime(timezone=True), nullable=False),
    UniqueConstraint("student", "sheet", "digest"),
)
overrides = Table(
    "overrides",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("attempt", ForeignKey("attempts.id"), nullable=False),
    Column("part", String(200), nullable=False),
    Column("points", Float, nullable=False),
    Column("reason", Text, nullable=False),
    Column("made", DateTime(timezone=True), nullable=False),
)


class BookError(ValueError):
    """The gradebook cannot do what was asked; the message says why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One attempt with its overrides applied.

    Attributes:
        attempt: its number.
        student: who handed it in.
        sheet: the sheet.
        points: the points after overrides.
        out_of: the points that could be had.
        graded: when it was graded.
        report: the report as it was written, as plain data.
        overrides: part, points and reason of each override, the latest last.
    """

    attempt: int
    student: str
    sheet: str
    points: float
    out_of: int
    graded: datetime
    report: dict[str, Any]
    overrides: tuple[tuple[str, float, str], ...]

    @property
    def flagged(self) -> tuple[str, ...]:
        """The parts that a person should look at and has not overridden."""
        done = {part for part, _, _ in self.overrides}
        parts = self.report["parts"]
        return tuple(p["name"] for p in parts if p["flagged"] and p["name"] not in done)


class Book:
    """A gradebook; the URL is SQLAlchemy's, a plain path is an SQLite file."""

    def __init__(self, url: str) -> None:
        self.engine = create_engine(url if "://" in url else f"sqlite:///{url}")
        metadata.create_all(self.engine)

    def known(self, student: str, sheet: str, digest: str) -> bool:
        """Whether this very submission has been graded."""
        same = (
            (attempts.c.student == student)
            & (attempts.c.sheet == sheet)
            & (attempts.c.digest == digest)
        )
        with self.engine.connect() as connection:
            return connection.execute(select(attempts.c.id).where(same)).first() is not None

    def record(self, student: str, digest: str, report: dict[str, Any]) -> bool:
        """Keep an attempt; False when this very submission is in the book already."""
        if self.known(student, report["sheet"], digest):
            return False
        with self.engine.begin() as connection:
            connection.execute(
                attempts.insert().values(
                    student=student,
                    sheet=report["sheet"],
                    digest=digest,
                    points=report["points"],
                    out_of=report["out_of"],
                    report=json.dumps(report, ensure_ascii=False),
                    graded=datetime.now(UTC),
                )
            )
        return True

    def entries(self, student: str | None = None, sheet: str | None = None) -> tuple[Entry, ...]:
        """All attempts, oldest first, with their overrides."""
        query = select(attempts).order_by(attempts.c.id)
        if student is not None:
            query = query.where(attempts.c.student == student)
        if sheet is not None:
            query = query.where(attempts.c.sheet == sheet)
        with self.engine.connect() as connection:
            changed: dict[int, list[tuple[str, float, str]]] = {}
            for row in connection.execute(select(overrides).order_by(overrides.c.id)):
                changed.setdefault(row.attempt, []).append((row.part, row.points, row.reason))
            return tuple(_entry(row, changed.get(row.id, [])) for row in connection.execute(query))

    def counting(self, policy: Policy = "best", sheet: str | None = None) -> tuple[Entry, ...]:
        """The attempt that counts for each student and sheet: the best one, or the latest."""
        chosen: dict[tuple[str, str], Entry] = {}
        for entry in self.entries(sheet=sheet):
            key = (entry.student, entry.sheet)
            if policy == "latest" or key not in chosen or entry.points > chosen[key].points:
                chosen[key] = entry
        return tuple(chosen[key] for key in sorted(chosen))

    def override(self, attempt: int, part: str, points: float, reason: str) -> Entry:
        """Set a part's points for a reason; the mark itself stays in the book.

        Raises:
            BookError: no such attempt or part, points out of range, or no reason.
        """
        entry = next((e for e in self.entries() if e.attempt == attempt), None)
        if entry is None:
            raise BookError(f"there is no attempt {attempt}; `grade book` lists them")
        parts = {p["name"]: p["out_of"] for p in entry.report["parts"]}
        if part not in parts:
            raise BookError(f"attempt {attempt} has no part {part}; it has {', '.join(parts)}")
        if not 0 <= points <= parts[part]:
            raise BookError(f"{part} is worth 0 to {parts[part]} points; got {points:g}")
        if not reason.strip():
            raise BookError("an override needs a reason")
        with self.engine.begin() as connection:
            connection.execute(
                overrides.insert().values(
                    attempt=attempt,
                    part=part,
                    points=points,
                    reason=reason.strip(),
                    made=datetime.now(UTC),
                )
            )
        return next(e for e in self.entries() if e.attempt == attempt)


def _entry(row: Any, changed: Sequence[tuple[str, float, str]]) -> Entry:
    report = json.loads(row.report)
    earned = {part["name"]: part["points"] for part in report["parts"]}
    earned.update({part: points for part, points, _ in changed})
    return Entry(
        row.id,
        row.student,
        row.sheet,
        sum(earned.values()),
        row.out_of,
        row.graded,
        report,
        tuple(changed),
    )

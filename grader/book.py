"""The gradebook: attempts, marks and overrides, kept in a database through SQLAlchemy.

An attempt is keyed by student, sheet and the content of the submission: grading the same file
twice adds nothing, and an interrupted batch goes on where it stopped. Nobody changes a mark; a
person's override stands beside it with its reason. Only a mark in which the grader itself failed
is replaced when the same file is marked again, and the report that it replaces is kept.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from sqlalchemy import ColumnElement, Connection, func, select, update
from sqlalchemy.exc import IntegrityError

from grader.book_entry import Entry, Extension, Override, chosen, entry_of
from grader.book_schema import (
    MAX_NAME,
    WAIT_SECONDS,
    BookError,
    attempts,
    explained,
    extensions,
    hints,
    opened,
    overrides,
    replaced,
)
from grader.policies import Policy, Terms

__all__ = ["Book", "BookError"]


class Book:
    """A gradebook; the URL is SQLAlchemy's, a plain path is an SQLite file.

    Args:
        url: where it is.
        create: whether a file is made when there is none.
        wait: the seconds to wait while another program writes to the file.

    Raises:
        BookError: it cannot be opened, is no gradebook, or was made by a newer version. Every
            method raises it when the database cannot be used.
    """

    def __init__(self, url: str, *, create: bool = True, wait: float = WAIT_SECONDS) -> None:
        self.engine = opened(url, create, wait)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    def record(
        self,
        student: str,
        digest: str,
        report: dict[str, Any],
        received: datetime | None = None,
        terms: Terms | None = None,
    ) -> bool:
        """Keep an attempt; False when this very submission is in the book already.

        It is kept when this returns, and however many programs keep the same one it is kept once.

        Args:
            student: who handed it in.
            digest: of what was handed in.
            report: the report as plain data.
            received: when it was handed in.
            terms: what the sheet says of deadlines.
        """
        student = _storable(student, "the student")
        values = {
            "student": student,
            "sheet": _storable(report["sheet"], "the sheet"),
            "digest": digest,
            "points": report["points"],
            "out_of": report["out_of"],
            "report": json.dumps(report),
            "graded": datetime.now(UTC),
            "received": received,
            "terms": json.dumps((terms or Terms()).as_dict()),
        }
        with explained(self.engine.url):
            try:
                with self.engine.begin() as connection:
                    connection.execute(attempts.insert().values(values))
            except IntegrityError:
                with self.engine.begin() as connection:
                    _mark_again(connection, values, report)
                return False
        return True

    def entries(self, student: str | None = None, sheet: str | None = None) -> tuple[Entry, ...]:
        """All attempts, oldest first, with their overrides."""
        conditions = []
        if student is not None:
            conditions.append(attempts.c.student == _storable(student, "the student"))
        if sheet is not None:
            conditions.append(attempts.c.sheet == sheet)
        return self._entries(*conditions)

    def entry(self, attempt: int) -> Entry:
        """The attempt of a number.

        Raises:
            BookError: there is none.
        """
        # Numbers end there on PostgreSQL, which refuses to look further.
        found = self._entries(attempts.c.id == attempt) if abs(attempt) < 2**31 else ()
        if not found:
            raise BookError(f"there is no attempt {attempt}; `grade book history` lists them")
        return found[0]

    def attempt_of(self, student: str, sheet: str, digest: str) -> Entry:
        """The attempt of a submission that is in the book.

        Raises:
            BookError: it is not.
        """
        found = self._entries(_same(student, sheet, digest))
        if not found:
            raise BookError(f"what {student} handed in for {sheet} is no longer in the gradebook")
        return found[0]

    def hints_read(self, student: str, sheet: str) -> dict[str, int]:
        """How many hints of each part a student was given so far."""
        of = (hints.c.student == _storable(student, "the student")) & (hints.c.sheet == sheet)
        with self._reading() as connection:
            most = func.max(hints.c["count"]).label("most")
            found = select(hints.c.part, most).where(of).group_by(hints.c.part)
            return {row.part: row.most for row in connection.execute(found)}

    def note_hints(self, student: str, sheet: str, given: Mapping[str, int]) -> None:
        """Keep that a student was given the first hints of some parts, so many of each."""
        read = self.hints_read(student, sheet) if given else {}
        made = datetime.now(UTC)
        rows = [
            {
                "student": _storable(student, "the student"),
                "sheet": sheet,
                "part": part,
                "count": count,
                "made": made,
            }
            for part, count in given.items()
            if count > read.get(part, 0)
        ]
        if rows:
            with self._writing() as connection:
                connection.execute(hints.insert(), rows)

    def counting(self, policy: Policy | None = None, sheet: str | None = None) -> tuple[Entry, ...]:
        """The attempt that counts for each student and sheet.

        Args:
            policy: the best one (by the points that count) or the latest to be handed in; without
                it, what the sheet says.
            sheet: only this sheet.
        """
        groups: dict[tuple[str, str], list[Entry]] = {}
        for entry in self.entries(sheet=sheet):
            groups.setdefault((entry.student, entry.sheet), []).append(entry)
        return tuple(chosen(groups[key], policy) for key in sorted(groups))

    def students(self) -> tuple[str, ...]:
        """Everybody who handed something in."""
        with self._reading() as connection:
            found = connection.execute(select(attempts.c.student).distinct()).scalars()
            return tuple(sorted(found))

    def override(self, attempt: int, part: str, points: float, reason: str) -> Entry:
        """Set a part's points for a reason; the mark itself stays in the book.

        Raises:
            BookError: no such attempt or part, points out of range, or no reason.
        """
        parts = {p["name"]: p["out_of"] for p in self.entry(attempt).report["parts"]}
        if part not in parts:
            close = difflib.get_close_matches(part, parts, 1)
            meant = f"; did you mean {close[0]}?" if close else ""
            raise BookError(
                f"attempt {attempt} has no part {part}; it has {', '.join(parts)}{meant}"
            )
        if not 0 <= points <= parts[part]:
            raise BookError(f"{part} is worth 0 to {parts[part]} points; got {points:g}")
        values = {"attempt": attempt, "part": part, "points": points}
        self._keep(overrides, values, _reason(reason, "an override"))
        return self.entry(attempt)

    def extend(self, student: str, sheet: str, until: datetime, reason: str) -> None:
        """Give a student, or everybody, more time for a sheet; the latest extension holds.

        Raises:
            BookError: there is no reason, or a name is too long.
        """
        values = {
            "student": _storable(student, "the student"),
            "sheet": _storable(sheet, "the sheet"),
            "until": until,
        }
        self._keep(extensions, values, _reason(reason, "an extension"))

    def extensions(self) -> tuple[Extension, ...]:
        """All extensions, oldest first."""
        with self._reading() as connection:
            rows = connection.execute(select(extensions).order_by(extensions.c.id))
            return tuple(Extension(r.student, r.sheet, r.until, r.reason, r.made) for r in rows)

    def _keep(self, table: Any, values: dict[str, Any], reason: str) -> None:
        with self._writing() as connection:
            made = datetime.now(UTC)
            connection.execute(table.insert().values(**values, reason=reason, made=made))

    def _entries(self, *conditions: ColumnElement[bool]) -> tuple[Entry, ...]:
        changed: dict[int, list[Override]] = {}
        with self._reading() as connection:
            found = connection.execute(select(attempts).where(*conditions).order_by(attempts.c.id))
            rows = found.all()
            for row in connection.execute(
                select(overrides).join(attempts).where(*conditions).order_by(overrides.c.id)
            ):
                override = Override(row.part, row.points, row.reason, row.made)
                changed.setdefault(row.attempt, []).append(override)
        until = {(e.student, e.sheet): e.until for e in self.extensions()} if rows else {}
        return tuple(entry_of(row, tuple(changed.get(row.id, ())), until) for row in rows)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with explained(self.engine.url), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with explained(self.engine.url), self.engine.begin() as connection:
            yield connection


def _same(student: str, sheet: str, digest: str) -> ColumnElement[bool]:
    return (
        (attempts.c.student == _storable(student, "the student"))
        & (attempts.c.sheet == sheet)
        & (attempts.c.digest == digest)
    )


def _mark_again(connection: Connection, values: dict[str, Any], report: dict[str, Any]) -> None:
    """Put a new report in the place of one in which the grader failed; never one with less."""
    same = _same(values["student"], values["sheet"], values["digest"])
    row = connection.execute(select(attempts.c.id, attempts.c.report).where(same)).one()
    before = json.loads(row.report)
    if _failures(report) >= _failures(before) or report["points"] < before["points"]:
        return
    # Only where it still is the report that was read: another program may have been faster.
    unchanged = (attempts.c.id == row.id) & (attempts.c.report == row.report)
    fresh = {key: values[key] for key in ("points", "report", "graded")}
    if connection.execute(update(attempts).where(unchanged).values(fresh)).rowcount:
        connection.execute(
            replaced.insert().values(attempt=row.id, report=row.report, made=values["graded"])
        )


def _failures(report: dict[str, Any]) -> int:
    return sum(part["outcome"] == "failed" for part in report["parts"])


def _reason(text: str, what: str) -> str:
    if not text.strip():
        raise BookError(f"{what} needs a reason")
    return text.strip()


def _storable(name: str, what: str) -> str:
    """A name that every database can keep; a file's name may hold bytes that are no text."""
    name = name.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")
    if not name or len(name) > MAX_NAME:
        raise BookError(f"{what} must have a name of 1 to {MAX_NAME} characters; got {name[:60]!r}")
    return name

"""One run over what was handed in: whose it is, what was kept, what is graded, what is recorded."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from grader.batch import Done, Grade, Result, Ungraded, graded
from grader.grading import Report
from grader.hand_ins import HandIn, hand_ins
from grader.policies import read_moment, timing
from grader.roster import Person, by_pattern, by_roster, read_roster, strangers

if TYPE_CHECKING:
    from grader.book import Book
    from grader.cache import Cache

GradeAll = Callable[[Sequence[HandIn], Grade, Done], list[Result]]


@dataclass(frozen=True)
class Class:
    """What was handed in, and by whom.

    Attributes:
        found: the hand-ins, in order.
        people: the roster, if there is one.
        absent: who is on the roster and handed in nothing.
        strangers: the hand-ins of nobody on the roster.
    """

    found: tuple[HandIn, ...]
    people: tuple[Person, ...] = ()
    absent: tuple[Person, ...] = ()
    strangers: tuple[HandIn, ...] = ()


@dataclass
class Run:
    """What came of a class.

    Attributes:
        results: of each hand-in, in order: a report, or why there is none.
        seconds: of each that was graded now: its name and how long it took.
        wall: how long all of it took.
        recalled: how many reports came from the cache.
    """

    results: list[Result] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    wall: float = 0.0
    recalled: int = 0

    @property
    def reports(self) -> list[Report]:
        """The reports."""
        return [result for result in self.results if isinstance(result, Report)]

    @property
    def ungraded(self) -> list[Ungraded]:
        """What was not graded."""
        return [result for result in self.results if isinstance(result, Ungraded)]

    @property
    def interrupted(self) -> bool:
        """Whether it was ended before everything was graded."""
        return not all(item.reached for item in self.ungraded)

    def kept(self, found: Sequence[HandIn]) -> Iterator[tuple[HandIn, Report]]:
        """The hand-ins that were graded, each with its report."""
        for item, result in zip(found, self.results, strict=True):
            if isinstance(result, Report):
                yield item, result

    def slowest(self, count: int = 3) -> list[tuple[str, float]]:
        """The hand-ins that took longest."""
        return sorted(self.seconds.items(), key=lambda item: (-item[1], item[0]))[:count]


def gathered(
    paths: Sequence[Path],
    pattern: re.Pattern[str] | None,
    roster: Path | None,
    received: str = "",
) -> Class:
    """What was handed in, under the students' identities.

    Args:
        paths: files, folders and archives.
        pattern: finds the student in a name.
        roster: the class's file.
        received: when all of it was handed in, unless the roster says when somebody did.

    Raises:
        SubmissionError: there is nothing to grade, or the roster cannot be read.
        MomentError: what was given is no time.
    """
    found = hand_ins(paths)
    if received:
        read_moment(received)
        found = tuple(replace(item, received=received) for item in found)
    if pattern is not None:
        found = by_pattern(found, pattern)
    if roster is None:
        return Class(found)
    people = read_roster(roster)
    found, absent = by_roster(found, people)
    return Class(found, people, absent, strangers(found, people))


def run(
    found: Sequence[HandIn],
    grade: Grade,
    jobs: int,
    *,
    grade_all: GradeAll | None = None,
    cache: Cache | None = None,
    book: Book | None = None,
    done: Callable[[Result], None] = lambda _: None,
) -> Run:
    """Grade a class; each result is kept as soon as it is there.

    Args:
        found: what was handed in.
        grade: grades one.
        jobs: how many processes.
        grade_all: grades many; on this machine's cores by default.
        cache: reports of earlier runs.
        book: the gradebook that the reports go into.
        done: told of each result.
    """
    start = time.perf_counter()
    grade_all = grade_all or partial(_here, jobs)
    outcome = Run()
    results: dict[int, Result] = {}

    def settle(k: int, result: Result) -> None:
        results[k] = result
        if book is not None and isinstance(result, Report):
            record(book, found[k], result)
        done(result)

    for k, item in enumerate(found if cache else ()):
        if cache is not None and (report := cache.find(item)) is not None:
            settle(k, report)
    outcome.recalled = len(results)
    rest = [k for k in range(len(found)) if k not in results]

    def graded_now(n: int, result: Result, seconds: float) -> None:
        if cache is not None and isinstance(result, Report):
            cache.keep(found[rest[n]], result)
        outcome.seconds[result.submission if isinstance(result, Report) else result.name] = seconds
        settle(rest[n], result)

    fresh = grade_all([found[k] for k in rest], grade, graded_now)
    results.update(zip(rest, fresh, strict=True))
    outcome.results = [results[k] for k in range(len(found))]
    outcome.wall = time.perf_counter() - start
    return outcome


def record(book: Book, item: HandIn, report: Report) -> None:
    """Put a report into a gradebook; the same attempt once."""
    digest = sha256(item.content() + report.seed.encode()).hexdigest()
    received, terms = timing(report.sheet, item.received, item.path)
    book.record(item.student, digest, report.as_dict(), received, terms)


def _here(jobs: int, found: Sequence[HandIn], grade: Grade, done: Done) -> list[Result]:
    return graded(found, grade, jobs, done)

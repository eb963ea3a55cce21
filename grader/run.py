"""One run over what was handed in: whose it is, what was kept, what is graded, what is recorded."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from grader.batch import Done, Grade, Result, Ungraded, graded, not_reached, undisturbed
from grader.counting import counted, recorded
from grader.gradescope_export import on_autograder
from grader.grading import Report
from grader.hand_in import HandIn
from grader.hand_ins import hand_ins, one_hand_in
from grader.policies import read_moment
from grader.refusal import RefusalError
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

    def missed(self, found: Sequence[HandIn]) -> list[tuple[str, str]]:
        """Who handed in what could not be graded, and why."""
        return [
            (item.student, result.reason)
            for item, result in zip(found, self.results, strict=False)
            if isinstance(result, Ungraded) and result.reached
        ]

    def slowest(self, count: int = 3) -> list[tuple[str, float]]:
        """The hand-ins that took longest."""
        return sorted(self.seconds.items(), key=lambda item: (-item[1], item[0]))[:count]


def gathered(
    paths: Sequence[Path],
    pattern: re.Pattern[str] | None,
    roster: Path | None,
    received: str = "",
    *,
    alone: Path | None = None,
) -> Class:
    """What was handed in, under the students' identities.

    Args:
        paths: files, folders and archives.
        pattern: finds the student in a name.
        roster: the class's file.
        received: when all of it was handed in, unless the roster says when somebody did.
        alone: the folder of a Gradescope autograder, where all of it is one hand-in.

    Raises:
        SubmissionError: there is nothing to grade, or the roster cannot be read.
        MomentError: what was given is no time.
    """
    if alone is not None:
        found = on_autograder(one_hand_in(paths), alone)
    else:
        found = hand_ins(paths, strays=roster is not None)
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


def course_secret(file: Path | None, roster: Path | None) -> bytes:
    """The secret from which students' seeds are made; nothing when none is to be used.

    Raises:
        RefusalError: it cannot be read, or there is no roster to say who is who.
    """
    if file is not None and roster is None:
        raise RefusalError(
            "--secret needs --roster: a student's own variant follows from how the roster names "
            "the student"
        )
    from exercises.seeds import ENVIRONMENT, SecretError, read_secret

    if file is None and (roster is None or not os.environ.get(ENVIRONMENT, "").strip()):
        return b""
    try:
        return read_secret(file)
    except SecretError as error:
        raise RefusalError(str(error)) from error


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

    An interrupt ends the work; what was done by then is kept.

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
    sharing = _sharing(found)

    def settle(first: int, result: Result) -> None:
        for k in sharing[first]:
            results[k] = settled(found[k], result, book) if isinstance(result, Report) else result
            done(results[k])

    rest = list(sharing)
    try:
        for k in sharing if cache is not None else ():
            if cache is not None and (report := cache.find(found[k])) is not None:
                with undisturbed():
                    settle(k, report)
        outcome.recalled = len(results)
        rest = [k for k in sharing if k not in results]

        def graded_now(n: int, result: Result, seconds: float) -> None:
            if cache is not None and isinstance(result, Report):
                cache.keep(found[rest[n]], result)
            name = result.submission if isinstance(result, Report) else result.name
            outcome.seconds[name] = seconds
            settle(rest[n], result)

        grade_all([found[k] for k in rest], grade, graded_now)
    except KeyboardInterrupt:
        pass
    outcome.results = [results.get(k) or not_reached(item) for k, item in enumerate(found)]
    outcome.wall = time.perf_counter() - start
    return outcome


def _sharing(found: Sequence[HandIn]) -> dict[int, list[int]]:
    """The first of those who handed something in together, with the others; the rest alone."""
    first: dict[str, int] = {}
    sharing: dict[int, list[int]] = {}
    for k, item in enumerate(found):
        alone = not item.group or bool(item.seed)  # seeds of their own: variants of their own
        sharing.setdefault(k if alone else first.setdefault(item.group, k), []).append(k)
    return sharing


def settled(item: HandIn, report: Report, book: Book | None = None) -> Report:
    """A report as it stands for one student: recorded, if there is a gradebook."""
    own = replace(report, student=item.student)
    return counted(item, own) if book is None else recorded(book, item, own)


def _here(jobs: int, found: Sequence[HandIn], grade: Grade, done: Done) -> list[Result]:
    return graded(found, grade, jobs, done)

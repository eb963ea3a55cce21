"""Grading one submission: which sheet, which variant, and every part of it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from grader.outcome import PartMark
from grader.policies import Lateness
from grader.submission import SubmissionError

if TYPE_CHECKING:
    from grader.sandbox import Sandbox
    from grader.student import Failure
    from grader.written.student import Written

# These two lines are read as text: they must be known before, and even if, the file does not run.
_SHEET = re.compile(r"""^SHEET\s*=\s*(?P<quote>["'])(?P<value>[^"'\n]{0,100})(?P=quote)""", re.M)
_SEED = re.compile(
    r"""^SEED\s*=\s*(?P<quote>["']?)(?P<value>[^"'\n#]{1,64}?)(?P=quote)\s*(?:#.*)?$""", re.M
)


@dataclass(frozen=True, slots=True)
class Report:
    """The marks for one submission.

    Attributes:
        submission: the file's name.
        sheet: the sheet's name.
        title: its title.
        seed: the variant that was drawn, as written in the submission.
        marks: one for each part, in the sheet's order.
        stopped: why the file stopped while it was loaded, or nothing.
        isolation: how the submission's code was kept apart.
        student: who handed it in, when that is known.
        cached: whether this is the report of an earlier run on the same content.
        remarks: what is to be said of the hand-in as a whole; a person should look at it.
        lateness: how late it was and what that costs, once that is known.
        steady: False when a time limit or a lost process had a hand in it, so that another run
            might say something else.
    """

    submission: str
    sheet: str
    title: str
    seed: str
    marks: tuple[PartMark, ...]
    stopped: str
    isolation: str
    student: str = ""
    cached: bool = False
    remarks: tuple[str, ...] = ()
    lateness: Lateness = field(default=Lateness(), compare=False)
    steady: bool = True

    @property
    def counted(self) -> float:
        """The points that count: less what lateness costs."""
        return self.lateness.of(self.points)

    @property
    def to_look_at(self) -> tuple[str, ...]:
        """What a person should look at: parts, and the hand-in when something is said of it."""
        whole = ("the hand-in",) if self.remarks else ()
        return (*whole, *(mark.name for mark in self.marks if mark.flagged))

    @property
    def points(self) -> float:
        """The points of all parts."""
        return sum(mark.points for mark in self.marks)

    @property
    def out_of(self) -> int:
        """The points that could be had."""
        return sum(mark.out_of for mark in self.marks)

    @property
    def percent(self) -> float:
        """The points as a percentage, to one decimal."""
        return round(100 * self.points / self.out_of, 1)

    def as_dict(self) -> dict[str, Any]:
        """The report as plain data for JSON; the fields are listed in grader/README.md."""
        return {
            "submission": self.submission,
            "student": self.student or None,
            "sheet": self.sheet,
            "seed": self.seed,
            "points": self.points,
            "out_of": self.out_of,
            "percent": self.percent,
            "counted": self.counted,
            "days_late": self.lateness.days,
            "stopped": self.stopped or None,
            "remarks": list(self.remarks),
            "isolation": self.isolation,
            "cached": self.cached,
            "parts": [mark.as_dict() for mark in self.marks],
        }


def named_in(source: str) -> tuple[str, str]:
    """The sheet and the seed that code names; nothing where it names none."""
    found = (pattern.search(source) for pattern in (_SHEET, _SEED))
    sheet, seed = ("" if match is None else match["value"].strip() for match in found)
    return sheet, seed


def sheet_and_seed(name: str, source: str, sheet: str | None, seed: str | None) -> tuple[str, str]:
    """The sheet and the seed that a submission names, unless they are given.

    Raises:
        SubmissionError: it names none.
    """
    sheet = _named(name, source, _SHEET, sheet, 'which sheet it answers: SHEET = "activations"')
    seed = _named(name, source, _SEED, seed, "which variant it answers: SEED = 1")
    return sheet, seed


def _named(name: str, source: str, pattern: re.Pattern[str], given: str | None, what: str) -> str:
    if given is not None:
        return given
    found = pattern.search(source)
    if found is None:
        meaning, line = what.split(": ")
        raise SubmissionError(
            f"{name}: does not say {meaning}; add the line {line} as on your sheet, or use "
            f"--{line.split()[0].lower()}"
        )
    return found["value"].strip()


def grade(
    name: str,
    sheet_name: str,
    seed: str,
    sandbox: Sandbox | Written,
    progress: Callable[[str], None] = lambda _: None,
) -> Report:
    """Mark every part of a submission that its sandbox is loading.

    Args:
        name: the file's name, for the report.
        sheet_name: which sheet.
        seed: which variant.
        sandbox: the submission, started.
        progress: told each part's name before it is marked.

    Raises:
        SubmissionError: there is no such sheet, or the submission is not Python.
    """
    from exercises.sheet import SheetError, load_sheet
    from grader.mark import mark_part

    try:
        sheet = load_sheet(sheet_name)
    except SheetError as error:
        raise SubmissionError(f"{name}: {error}") from error
    sandbox.load()
    if sandbox.stopped is not None and sandbox.stopped.kind == "syntax":
        # Nothing of such a file can run: a table of zeros would hide the one thing to mend.
        raise SubmissionError(f"{name}: {_syntax(sandbox.stopped)}")
    marks = []
    for exercise in sheet.exercises:
        variant = exercise.draw(seed)
        for part in exercise.parts:
            progress(part.name)
            start = time.perf_counter()
            mark = mark_part(part, variant, sandbox)
            marks.append(replace(mark, seconds=time.perf_counter() - start))
    stopped = _stopped(sandbox.stopped)
    return Report(
        name,
        sheet.name,
        sheet.title,
        seed,
        tuple(marks),
        stopped,
        sandbox.isolation,
        # What a measured time has cost, another run may give back.
        steady=sandbox.steady and not any(f.timed for mark in marks for f in mark.findings),
    )


def _syntax(failure: Failure) -> str:
    shown = f"\n    {failure.text}" if failure.text else ""
    place = "" if failure.line is None else f"line {failure.line} "
    return f"{place}is not Python: {failure.message}{shown}"


def _stopped(failure: Failure | None) -> str:
    return "" if failure is None else f"the file {failure.sentence()}"

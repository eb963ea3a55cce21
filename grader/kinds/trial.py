"""One call of a student's function, held against the reference."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.kinds import values
from grader.kinds.shrink import SearchOver, Shrinker
from grader.kinds.structure import Structure
from grader.outcome import Finding
from grader.student import Reply, Student

FATAL = ("timeout", "crash", "output", "protocol", "gone")
NUDGE = 1e-7  # relative to 1 + abs(x)
STEADY = 1e-4


@dataclass(frozen=True)
class Trial:
    """One call: what went in, what should have come out, and what came.

    Attributes:
        args: the arguments.
        want: the reference's value.
        reply: the student's.
        problem: what is wrong with it, as the end of a sentence; nothing when it is right.
    """

    args: Sequence[Any]
    want: Any
    reply: Reply
    problem: str

    @property
    def fatal(self) -> bool:
        """Whether the submission's process was lost over it."""
        return self.reply.failure is not None and self.reply.failure.kind in FATAL

    @property
    def not_run(self) -> bool:
        """Whether the call was never made: its time was used up before."""
        return self.reply.failure is not None and self.reply.failure.kind == "gone"

    @property
    def sort(self) -> str:
        """The problem without its particulars: the exception's type, or what does not fit."""
        return re.split("[:(]", self.problem, maxsplit=1)[0]

    def finding(self, answer: Any, message: str = "") -> Finding:
        """What a student reads of it."""
        failure = self.reply.failure
        expected, given = values.show_both(
            self.want, self.reply.value, getattr(answer, "returns", ())
        )
        return Finding(
            "wrong",
            message or f"{answer.name} {self.problem}",
            input=values.show_inputs(answer.arguments, self.args),
            expected=expected,
            given="" if failure else given,
            line=failure.line if failure else None,
        )


def tried(
    answer: Any, student: Student, args: Sequence[Any], want: Any, rtol: float, atol: float
) -> Trial:
    """Call the student's function; its value has to agree with the one wanted."""
    reply = student.call(answer.name, args)
    if reply.failure is not None:
        problem = reply.failure.sentence()
    else:
        returns = getattr(answer, "returns", ())
        problem = values.agrees(reply.value, want, rtol, atol, returns)
    return Trial(args, want, reply, problem)


def smallest(
    structure: Structure,
    args: Sequence[Any],
    trial: Trial,
    failing: Callable[[Sequence[Any]], Trial | None],
) -> Trial:
    """The trial of the smallest input that fails in the same way, from one that does.

    Args:
        structure: what must stay true of the inputs.
        args: the input that fails.
        trial: how it fails.
        failing: tries another input; None when it does not fail, or should not be asked about.
    """
    if trial.fatal:
        return trial  # each further try would cost a process

    def alike(args: Sequence[Any]) -> Trial | None:
        found = failing(args)
        if found is not None and found.fatal:
            raise SearchOver
        return found if found is not None and found.sort == trial.sort else None

    return Shrinker(structure, args, trial, alike).run()


def reference_at(answer: Any, reference: Callable[..., Any], args: Sequence[Any]) -> Any:
    """The reference's value at inputs of the grader's own making, or None where it has none."""
    try:
        with np.errstate(all="ignore"):
            if not answer.accepts(values.owned(args)):
                return None
            return reference(*values.owned(args))
    except Exception:  # whatever it says: this input is not one to ask about
        return None


def steady(answer: Any, reference: Callable[..., Any], args: Sequence[Any], want: Any) -> bool:
    """Whether the reference hardly moves when its inputs do: no tie, jump or kink is here."""
    scale = 1.0 + values.largest(want)
    for side in (1.0, -1.0):
        directions = np.random.default_rng(0)
        nudged = [_nudged(value, side, directions) for value in args]
        value = reference_at(answer, reference, nudged)
        if value is None or values.agrees(value, want, 0.0, STEADY * scale, _names(want)):
            return False
    return True


def _names(want: Any) -> Sequence[str]:
    return [""] * len(want) if isinstance(want, tuple) else ()


def _nudged(value: Any, side: float, directions: np.random.Generator) -> Any:
    if not isinstance(value, np.ndarray) or value.dtype.kind != "f":
        return value
    pattern = side * directions.uniform(-1.0, 1.0, size=value.shape)  # equal ones come apart
    return value + (NUDGE * pattern * (1.0 + np.abs(value))).astype(value.dtype)

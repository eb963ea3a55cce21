"""How a function's cost grows: timed beside the reference, in ratios and never in seconds."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader import frames
from grader.kinds import values
from grader.kinds.trial import Trial, tried
from grader.outcome import Finding
from grader.student import Student

REPEATED = 3
REFERENCE_REPEATED = 8  # it is quick, and when it is disturbed a loop seems cheap
GROWING = 2.0  # times the ratio at the size before


@dataclass(frozen=True)
class Measured:
    """One size: how many times as long as the reference the function takes.

    Attributes:
        size: how large the input is.
        ratio: of the fastest calls of each; a call that was stopped counts until then.
        trial: a call that went wrong, or else the last one.
    """

    size: int
    ratio: float
    trial: Trial

    @property
    def stopped(self) -> bool:
        """Whether it ran so long that the grader did not wait for its end."""
        failure = self.trial.reply.failure
        return failure is not None and failure.kind == "timeout"

    @property
    def times(self) -> str:
        """The ratio in words, to two figures: it is a measurement."""
        least = "more than" if self.stopped else "about"
        return f"{least} {float(f'{self.ratio:.2g}'):,.0f} times"


def too_slow(answer: Any, reference: Callable[..., Any], student: Student) -> Finding | None:
    """What to say of a function that is far slower than the reference, and ever more so.

    One call at the largest size acquits. To convict takes the fastest of several calls at two
    sizes: the ratio must be over the limit at both, or over it at the larger one and growing.
    """
    growth = answer.growth
    *_, middle, top = growth.sizes
    large = _measured(answer, reference, student, top)
    if large.trial.not_run:
        return None
    if large.trial.problem and not large.stopped:
        said = f"{answer.name} {large.trial.problem}, for n = {top:,}"
        return large.trial.finding(answer, said)
    if large.ratio < growth.factor:
        return None
    small = _measured(answer, reference, student, middle)
    if small.trial.not_run:
        return None
    growing = large.ratio >= GROWING * small.ratio
    if not (growing or small.stopped or small.ratio >= growth.factor):
        return None
    return Finding(
        "wrong",
        f"{answer.name} is right for small inputs, but slow: for n = {top:,} it takes "
        f"{large.times} as long as a vectorised solution ({small.times} for n = {middle:,})",
        diagnosis=f"Look for a loop over the {growth.over}: can NumPy do it in one operation?",
        timed=True,
    )


def _measured(answer: Any, reference: Callable[..., Any], student: Student, size: int) -> Measured:
    growth = answer.growth
    args = growth.at(np.random.default_rng(), size)
    want, ours = _timed(reference, args)
    theirs = np.inf
    for _ in range(REPEATED):
        trial = tried(answer, student, args, want, answer.rtol, answer.atol)
        theirs = min(theirs, trial.reply.seconds)
        if trial.problem or theirs < growth.factor * ours:
            break
    return Measured(size, theirs / ours, trial)


def _timed(reference: Callable[..., Any], args: Sequence[Any]) -> tuple[Any, float]:
    """The reference's value, and the processor's time for it with the same transport."""
    headers, body = frames.encode_all(args)
    best = np.inf
    for _ in range(REFERENCE_REPEATED):
        start = time.thread_time()
        frames.called(reference, headers, body)
        best = min(best, time.thread_time() - start)
    return reference(*values.plain(args)), best

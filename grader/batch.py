"""Grading a class: every hand-in, on several cores, nothing lost."""

from __future__ import annotations

import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.util import Finalize

from grader.grading import Report
from grader.hand_in import HandIn
from grader.isolation.pool import close_all
from grader.submission import SubmissionError


@dataclass(frozen=True, slots=True)
class Ungraded:
    """A hand-in that could not be graded, and why.

    Attributes:
        name: how it is called.
        reason: why.
        ours: whether it was a failure of ours, not of the hand-in.
        reached: False when grading was interrupted before it was done.
    """

    name: str
    reason: str
    ours: bool = False
    reached: bool = True


Result = Report | Ungraded
Grade = Callable[[HandIn], Report]
Done = Callable[[int, Result, float], None]


def graded(
    hand_ins: Sequence[HandIn],
    grade: Grade,
    jobs: int,
    done: Done = lambda *_: None,
) -> list[Result]:
    """Each hand-in's report, in their order whatever finishes first.

    An interrupt ends the work; what was done by then is kept.

    Args:
        hand_ins: what was handed in.
        grade: grades one; it travels to other processes.
        jobs: how many processes.
        done: told of each when it is done: its index, what came of it, and the seconds it took.
    """
    results: dict[int, Result] = {}

    def settle(k: int, result: Result, seconds: float) -> None:
        if k not in results:
            with undisturbed():
                done(k, result, seconds)
                results[k] = result

    try:
        if jobs == 1 or len(hand_ins) <= 1:
            for k, item in enumerate(hand_ins):
                settle(k, *_timed(grade, item))
        else:
            _in_parallel(hand_ins, grade, min(jobs, len(hand_ins)), settle)
    except KeyboardInterrupt:
        pass
    return [results.get(k) or not_reached(item) for k, item in enumerate(hand_ins)]


def not_reached(item: HandIn) -> Ungraded:
    """What is said of a hand-in that an interrupt came before."""
    return Ungraded(item.name, "grading was interrupted before it", reached=False)


def graded_here(grade: Grade, item: HandIn) -> Result:
    """One hand-in's report, or why there is none; never raises."""
    try:
        return grade(item)
    except SubmissionError as error:
        said = str(error)
        for name in (item.name, item.file):
            said = said.removeprefix(f"{name}: ")
        return Ungraded(item.name, said)
    except Exception as error:
        return failure(item, error)


def failure(item: HandIn, error: BaseException) -> Ungraded:
    """A failure of ours on one hand-in."""
    return Ungraded(item.name, f"{type(error).__name__}: {error}", ours=True)


def _in_parallel(hand_ins: Sequence[HandIn], grade: Grade, jobs: int, settle: Done) -> None:
    lost = _pooled(range(len(hand_ins)), hand_ins, grade, jobs, settle)
    # A process that dies takes its pool with it: those left are graded one by one, so that the one
    # that does it again costs only itself.
    for k in lost:
        if _pooled([k], hand_ins, grade, 1, settle):
            said = "the process that graded it was lost, twice"
            settle(k, Ungraded(hand_ins[k].name, said, ours=True), 0.0)


def _pooled(
    which: Iterable[int], hand_ins: Sequence[HandIn], grade: Grade, jobs: int, settle: Done
) -> list[int]:
    """Grade some in a pool of processes; those that were lost with it are given back."""
    pool = ProcessPoolExecutor(jobs, initializer=_begin_worker)
    futures: dict[Future[tuple[Result, float]], int] = {}
    lost = []
    try:
        for k in which:
            try:
                futures[pool.submit(_timed, grade, hand_ins[k])] = k
            except BrokenProcessPool:
                lost.append(k)
        for future in as_completed(futures):
            k = futures[future]
            try:
                result, seconds = future.result()
            except BrokenProcessPool:
                lost.append(k)
                continue
            except Exception as error:
                result, seconds = failure(hand_ins[k], error), 0.0
            settle(k, result, seconds)
    except KeyboardInterrupt:
        pool.shutdown(cancel_futures=True)  # what is being graded now is finished and kept
        for future, k in futures.items():
            if future.done() and not future.cancelled() and future.exception() is None:
                settle(k, *future.result())
        raise
    finally:
        pool.shutdown(cancel_futures=True)
    return sorted(lost)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Put an interrupt off until a result is kept: what is reported is in the book, too."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came:
        raise KeyboardInterrupt


def _begin_worker() -> None:
    """What a worker does first.

    Ctrl-C reaches every process of the terminal: the grader decides, and a worker finishes the
    hand-in that it is at. It ends without `atexit`, so what it keeps warm is ended this way.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Finalize(None, close_all, exitpriority=0)


def _timed(grade: Grade, item: HandIn) -> tuple[Result, float]:
    start = time.perf_counter()
    return graded_here(grade, item), time.perf_counter() - start


@dataclass(frozen=True, slots=True)
class Summary:
    """What a class came to.

    Attributes:
        means: each part's mean points and what it is out of.
        slips: the commonest findings with how many had them.
        mean: the mean percentage.
    """

    means: tuple[tuple[str, float, int], ...]
    slips: tuple[tuple[str, int], ...]
    mean: float


def summary(reports: Sequence[Report]) -> Summary:
    """Means of the parts and the commonest slips."""
    points: dict[str, list[float]] = {}
    out_of: dict[str, int] = {}
    slips: Counter[str] = Counter()
    for report in reports:
        for mark in report.marks:
            points.setdefault(mark.name, []).append(mark.points)
            out_of[mark.name] = mark.out_of
            slips.update({f"{mark.name}: {f.diagnosis}" for f in mark.findings if f.diagnosis})
    means = tuple((name, sum(p) / len(p), out_of[name]) for name, p in points.items())
    mean = sum(report.percent for report in reports) / len(reports) if reports else 0.0
    return Summary(means, tuple(slips.most_common(5)), mean)

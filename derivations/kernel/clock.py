"""A hard stop: what runs too long is interrupted, wherever it is.

The rungs look at their deadline themselves; this is for the long steps in between, which belong to
SymPy and look at nothing. Only the main thread of a process can be interrupted so; in others a
question may overrun its budget by one such step.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

REPEAT = 0.02
UNINTERRUPTED = ("gc_callback", "__del__")  # what is raised there is printed and lost


class OutOfTimeError(BaseException):
    """The budget is spent; no `except Exception` on the way may hide it."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise `OutOfTimeError` in the block after so many seconds of CPU time.

    A profiling timer that is running already, ours or another's, goes on afterwards.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "SIGPROF"):
        yield
        return
    handler = signal.signal(signal.SIGPROF, _stop)
    started = time.process_time()
    # It repeats: an exception inside a finaliser would be swallowed by Python.
    before, interval = signal.setitimer(signal.ITIMER_PROF, max(1e-3, seconds), REPEAT)
    if before and before < seconds:  # the outer one ends first and keeps its own handler
        signal.signal(signal.SIGPROF, handler)
        signal.setitimer(signal.ITIMER_PROF, before, interval)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, handler)
        if before:
            left = before - (time.process_time() - started)
            signal.setitimer(signal.ITIMER_PROF, max(1e-3, left), interval)


def _stop(_signum: int, frame: Any) -> None:
    if frame is None or frame.f_code.co_name not in UNINTERRUPTED:
        raise OutOfTimeError

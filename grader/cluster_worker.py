"""What runs on a worker of a cluster: one submission at a time, in a process of its own.

A worker's threads only pass work on: each submission is graded in the main thread of a separate
*clerk*, where the kernel's time limits hold and where a crash costs one submission and no worker. A
clerk is kept for the next submission and ends with its worker, whose end closes its pipe.
"""

from __future__ import annotations

import contextlib
import hashlib
import multiprocessing
import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from multiprocessing.connection import Connection
from pathlib import Path

ROOMS = ("derivations", "impl", "exercises", "grader")
LIBRARIES = ("workings", "sympy", "python-flint", "z3-solver", "numpy")
ENDINGS = {".py", ".toml", ".j2", ".csv"}
_idle: list[_Clerk] = []
_lock = threading.Lock()


class ClerkLostError(RuntimeError):
    """The process that graded a submission ended; the message says how."""


@cache
def fingerprint() -> dict[str, str]:
    """What marks depend on beside the submission: versions, and a digest of each room's files."""
    found = {name: version(name) for name in LIBRARIES}
    root = Path(__file__).parent.parent
    for room in ROOMS:
        total = hashlib.sha256()
        for path in sorted((root / room).rglob("*")):
            if path.suffix in ENDINGS and path.is_file():
                inside = path.relative_to(root).as_posix()
                total.update(inside.encode() + b"\0" + path.read_bytes())
        found[f"the files of {room}"] = total.hexdigest()[:12]
    return found


def differences(theirs: dict[str, str]) -> tuple[str, ...]:
    """What another machine has that this one has not, as sentences; none when they agree."""
    mine = fingerprint()
    return tuple(
        f"{name}: {theirs.get(name, 'nothing')} there, {mine.get(name, 'nothing')} here"
        for name in mine | theirs
        if theirs.get(name) != mine.get(name)
    )


def grade_there(question: bytes, name: str, expected: dict[str, str]) -> tuple[bytes, float]:
    """Grade a hand-in on the worker where this runs.

    Args:
        question: how to grade, and what was handed in, pickled: a scheduler and a worker pass it
            on without reading it.
        name: how the hand-in is called.
        expected: the fingerprint of the machine that asks.

    Returns:
        The result, pickled, and the seconds that it took.

    Raises:
        ClerkLostError: the process that graded it ended.
    """
    if differing := differences(expected):
        from grader.batch import Ungraded

        there = "; ".join(differing)
        said = f"a worker that came later has another version of workings: {there}"
        return pickle.dumps(Ungraded(name, said, ours=True)), 0.0
    start = time.perf_counter()
    with _leased() as clerk:
        return clerk.ask(question), time.perf_counter() - start


class _Clerk:
    """A process that grades what it is sent, one after the other."""

    def __init__(self) -> None:
        self.pipe, theirs = multiprocessing.Pipe()
        code = "from grader.cluster_worker import serve; serve()"
        number = theirs.fileno()
        # A Ctrl-C in the worker's terminal is the worker's to answer.
        self.process = subprocess.Popen(
            [sys.executable, "-c", code, str(number)],
            pass_fds=[number],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        theirs.close()

    def ask(self, question: bytes) -> bytes:
        try:
            self.pipe.send_bytes(question)
            return self.pipe.recv_bytes()
        except (EOFError, OSError) as error:
            code = self.process.wait(10)
            how = f"signal {-code}" if code < 0 else f"exit code {code}"
            raise ClerkLostError(f"the grading process ended ({how})") from error

    def close(self) -> None:
        self.pipe.close()
        self.process.kill()
        self.process.wait()


@contextlib.contextmanager
def _leased() -> Iterator[_Clerk]:
    """A clerk of one's own: an idle one, or a new one; a lost one is not kept."""
    with _lock:
        clerk = _idle.pop() if _idle else None
    clerk = clerk or _Clerk()
    try:
        yield clerk
    except BaseException:
        clerk.close()
        raise
    with _lock:
        _idle.append(clerk)


def serve() -> None:
    """The clerk's own loop, until its worker is gone."""
    from grader.batch import graded_here

    pipe = Connection(int(sys.argv[1]))
    # Nothing that grading starts may hold the pipe open after the worker.
    os.set_inheritable(pipe.fileno(), False)
    with contextlib.suppress(EOFError, ConnectionError):
        while True:
            pipe.send_bytes(pickle.dumps(graded_here(*pickle.loads(pipe.recv_bytes()))))

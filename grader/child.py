"""The program in the sandbox: loads one submission and answers with values.

Forked from the zygote and locked down before it reads a word of a submission. It holds no reference
answer, and the grader believes nothing that it says but the values themselves.
"""

from __future__ import annotations

import builtins
import os
import signal
import sys
import types
from collections.abc import Callable
from typing import Any, NoReturn

from grader import frames

NAME = "submission.py"
GRACE = 0.8  # of the time allowed: then the child interrupts itself, so that other parts are kept
OURS = frozenset({"derivations", "exercises", "grader", "impl"})
MAX_NAMES = 500


class _NotOurs:
    """Says so when a submission imports the packages that hold the answers."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> None:  # noqa: ARG004
        if name.partition(".")[0] in OURS:
            raise ImportError(f"a submission cannot import {name}: write the function yourself")


class OverTime(BaseException):
    """Raised inside the submission shortly before the grader would kill the process."""


def _interrupt(signum: int, frame: Any) -> None:  # noqa: ARG001 - a signal handler's arguments
    raise OverTime


class Child:
    """One loaded submission, answering requests on one file descriptor."""

    def __init__(self, fd: int) -> None:
        self.fd = fd
        self.module = types.ModuleType("submission")
        self.seconds = 0.0
        self.lines: list[str] = []

    def serve(self) -> None:
        """Answer until the grader closes the channel."""
        self.send({"hello": True})
        while True:
            request, body = frames.read(self.receive)
            reply, data = self.answer(request, body)
            for stream in (sys.stdout, sys.stderr):
                try:
                    stream.flush()
                except BaseException:
                    continue
            self.send({**reply, "id": request["id"]}, data)

    def answer(self, request: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
        """The reply to one request; what the submission raises is part of it."""
        data = bytearray()
        self.seconds = request["seconds"]
        signal.signal(signal.SIGALRM, _interrupt)
        signal.setitimer(signal.ITIMER_REAL, GRACE * self.seconds)
        try:
            if request["op"] == "load":
                return self.load(body.decode()), b""
            value = vars(self.module)[request["name"]]
            if request["op"] == "call":
                return frames.called(value, request["args"], body)
            return {"value": frames.encode(value, data)}, bytes(data)
        except BaseException as error:
            return {"failure": self.failure(error)}, b""
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    def load(self, source: str) -> dict[str, Any]:
        """Run the submission; names defined before an error count."""
        self.lines = source.splitlines()
        sys.modules["submission"] = self.module
        self.module.__file__ = NAME
        reply: dict[str, Any] = {}
        try:
            code = compile(source, NAME, "exec", dont_inherit=True)
        except BaseException as error:
            return {"failure": {**self.failure(error), "kind": "syntax"}, "names": {}}
        try:
            exec(code, vars(self.module))  # the sandbox exists for this line
        except BaseException as error:
            reply["failure"] = self.failure(error)
        found = [name for name in vars(self.module) if not str(name).startswith("_")][:MAX_NAMES]
        kinds = {}
        for name in found:
            value = vars(self.module)[name]
            kinds[str(name)[:100]] = "function" if callable(value) else type(value).__name__[:60]
        return {**reply, "names": kinds}

    def failure(self, error: BaseException) -> dict[str, Any]:
        """What was raised, and the last line of the submission that it came through."""
        kind = "exit" if isinstance(error, SystemExit | KeyboardInterrupt) else "raised"
        kind = "timeout" if isinstance(error, OverTime) else kind
        line, text = None, ""
        if isinstance(error, SyntaxError) and error.filename == NAME:
            line, message = error.lineno, str(error.msg)
        else:
            try:
                message = str(error)
            except BaseException:
                message = ""
            trace = error.__traceback__
            while trace is not None:
                if trace.tb_frame.f_code.co_filename == NAME:
                    line = trace.tb_lineno
                trace = trace.tb_next
        if line is not None and 0 < line <= len(self.lines):
            text = self.lines[line - 1].strip()
        return {
            "kind": kind,
            "error": type(error).__name__[:60],
            "message": message[:300],
            "line": line,
            "text": text[:200],
        }

    def send(self, header: dict[str, Any], body: bytes = b"") -> None:
        """Write one frame."""
        data = memoryview(frames.pack(header, body))
        while data:
            data = data[os.write(self.fd, data) :]

    def receive(self, count: int) -> bytes:
        """Read exactly so many bytes; the end of the channel is the end of the child."""
        data = bytearray()
        while len(data) < count:
            piece = os.read(self.fd, min(count - len(data), 1 << 16))
            if not piece:
                os._exit(0)
            data += piece
        return bytes(data)


def serve(fd: int, reseed: Callable[[], object]) -> NoReturn:
    """Answer on a descriptor until the grader closes it; this process is locked down already.

    Args:
        fd: the channel.
        reseed: gives NumPy's global generator a state that no other child has.
    """
    reseed()
    # Without the site module Python lacks these two, and a NameError would puzzle.
    builtins.exit = builtins.quit = sys.exit  # type: ignore[assignment]
    sys.meta_path.insert(0, _NotOurs)
    try:
        Child(fd).serve()
    finally:
        os._exit(1)

"""The grader's end of the sandbox: starts children, asks them, and outlives them.

Every verdict on a child is the grader's own knowledge (it stopped it, and why); nothing rests on
what the child says of itself. A child that is lost is replaced by a fresh one, so that the other
parts of the submission are still marked.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from grader import frames
from grader.isolation import host, levels, pool, ways
from grader.process import Limits, LostError, Process
from grader.student import Failure, Reply, clean
from grader.submission import SubmissionError

MAX_RESTARTS = 12
POLICY = ways.Policy()
ALLOW_WEAK = "WORKINGS_ALLOW_WEAK_ISOLATION"
SLOW_TO_IMPORT = {"sympy": re.compile(r"^\s*(?:import\b.*|from\s+)\bsympy\b", re.M)}


class WeakIsolationError(SubmissionError):
    """This machine cannot keep a submission apart, and nobody has said that it need not."""

    def __init__(self, hello: host.Hello) -> None:
        gaps = ", ".join(levels.missing(hello.refused))
        super().__init__(
            "nothing was run: on this machine a submission can be kept apart only weakly (not "
            f"refused: {gaps}). `grade doctor` says why. If you trust whoever wrote the file, add "
            f"--allow-weak-isolation or set {ALLOW_WEAK}=1"
        )


class Sandbox:
    """One submission in its child. Use as a context; the child starts at once.

    Attributes:
        names: what the submission defines, once loaded.
        stopped: why loading ended early, if it did.
        output: the first 64 kB that the submission printed.
        steady: False once a time limit was met or a child was lost: another run may go otherwise.
        isolation: how the submission is kept apart, by what was refused: strong, default or weak;
            nothing before it is loaded.
    """

    def __init__(
        self, source: str, limits: Limits | None = None, *, allow_weak: bool | None = None
    ) -> None:
        """Start the child.

        Args:
            source: the submission's text.
            limits: what it may use.
            allow_weak: run it even where the self-test finds gaps; else the environment decides.
        """
        self.source = source
        self.allow_weak = os.environ.get(ALLOW_WEAK) == "1" if allow_weak is None else allow_weak
        self.isolation = ""
        self.steady = True
        self.limits = limits or Limits()
        self.names: Mapping[str, str] = {}
        self.stopped: Failure | None = None
        self.output = bytearray()
        self._spent = 0.0
        self._restarts = 0
        self._loaded = False
        self._closed = False
        self._warm = [name for name, imported in SLOW_TO_IMPORT.items() if imported.search(source)]
        self._host = pool.lease(POLICY)
        self._child: Process | None = self._start()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the child; the sandbox can still be read."""
        self._stop()
        if not self._closed:
            self._closed = True
            pool.give_back(self._host)

    def load(self) -> Sandbox:
        """Wait until the submission has run; `names` and `stopped` say what came of it.

        Raises:
            WeakIsolationError: it was not run, since it could not be kept apart.
        """
        if self._loaded:
            return self
        try:
            self._load(self._child or self._start())
        except LostError as lost:
            self.stopped = lost.failure
            self._lose()
        except BaseException:
            self.close()
            raise
        self._loaded = True
        return self

    def text(self, name: str) -> Reply:
        """The value of a variable."""
        return self._ask({"op": "value", "name": name})

    def call(self, name: str, args: Sequence[Any]) -> Reply:
        """What a function returns; the arguments cross as copies."""
        headers, body = frames.encode_all(args)
        return self._ask({"op": "call", "name": name, "args": headers}, body)

    def _ask(self, request: dict[str, Any], body: bytes = b"") -> Reply:
        if not self._loaded:
            raise RuntimeError("Sandbox: load() first")
        if self._spent > self.limits.total:
            said = f"was not run: the submission used up its {self.limits.total:g} s"
            return Reply(failure=Failure("gone", said))
        start = time.monotonic()
        try:
            child = self._revived()
            request = {**request, "seconds": self.limits.call}
            watch = child.stopwatch()
            reply, data = child.ask(request, body, self.limits.call, "the call")
            answer = self._reply(reply, data)
            # Who was stopped has used up the whole time, however little of it on the processor.
            stopped = answer.failure is not None and answer.failure.kind == "timeout"
            return replace(answer, seconds=time.monotonic() - start if stopped else watch())
        except LostError as lost:
            self._lose()
            return Reply(failure=lost.failure, seconds=time.monotonic() - start)
        finally:
            self._spent += time.monotonic() - start

    def _reply(self, reply: dict[str, Any], data: bytes) -> Reply:
        if "failure" in reply:
            return Reply(failure=self._failure(reply["failure"]))
        after = reply.get("after", [])
        try:
            if not isinstance(after, list):
                raise frames.FrameError("a list of values is expected")
            value, *changed = frames.decode_all([reply.get("value"), *after], data)
            return Reply(value, after=changed or None)
        except frames.FrameError as error:
            raise LostError(Failure("protocol", "interfered with the sandbox")) from error

    def _failure(self, said: Any) -> Failure:
        if not isinstance(said, dict):
            raise LostError(Failure("protocol", "interfered with the sandbox"))
        kind, name = str(said.get("kind")), clean(str(said.get("error")), 60)
        message, line = clean(str(said.get("message"))), said.get("line")
        words = f"{name}: {message}" if message else name
        self.steady = self.steady and kind != "timeout"
        if kind == "timeout":
            words = "was stopped: it ran too long"
        elif kind == "exit":
            words = "ended the program by a call to exit (remove that call)"
        elif kind != "syntax":
            words = f"raised {words}"
        if name == "MemoryError":
            words = f"ran out of memory (the limit is {self.limits.memory >> 20} MB)"
        if kind not in ("exit", "syntax", "timeout"):
            kind = "raised"
        line = line if type(line) is int and 0 < line < 10**7 else None
        return Failure(kind, words, line, clean(str(said.get("text") or ""), 200))

    def _start(self) -> Process:
        if self._host.broken:
            self._host.close()
            self._host = pool.lease(POLICY)
        self._child = Process(self._host, self.limits, self.output, self._warm, self.allow_weak)
        return self._child

    def _load(self, child: Process) -> None:
        allowed = child.started(self.limits.start)
        if self._host.hello is not None:
            self.isolation = self._host.hello.level
            if not allowed:
                raise WeakIsolationError(self._host.hello)
        child.hello(self.limits.start)
        request = {"op": "load", "seconds": self.limits.load}
        child.send(request, self.source.encode(), self.limits.load)
        reply, _ = child.receive(self.limits.load, "loading the file")
        if "failure" in reply:
            self.stopped = self._failure(reply["failure"])
        names = reply.get("names")
        if not isinstance(names, dict):
            raise LostError(Failure("protocol", "interfered with the sandbox"))
        self.names = {clean(str(k), 100): clean(str(v), 60) for k, v in names.items()}

    def _revived(self) -> Process:
        if self._child is None:
            if self._restarts >= MAX_RESTARTS or not self.names:
                said = "was not run: the submission cannot be loaded again"
                raise LostError(Failure("gone", said))
            self._restarts += 1
            child = self._start()
            self._load(child)
            return child
        return self._child

    def _lose(self) -> None:
        """Give up a child that did not answer as it should."""
        self.steady = False
        self._stop()

    def _stop(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child = None

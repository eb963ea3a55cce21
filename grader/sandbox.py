"""The grader's end of the sandbox: starts children, asks them, and outlives them.

Every verdict on a child is the grader's own knowledge (it stopped it, and why); nothing rests on
what the child says of itself. A child that is lost is replaced by a fresh one, so that the other
parts of the submission are still marked.
"""

from __future__ import annotations

import os
import re
import select
import signal
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader import frames
from grader.isolation import host, levels, pool
from grader.student import Failure, Reply, clean
from grader.submission import SubmissionError

OUTPUT_KEPT = 64 << 10
MAX_RESTARTS = 12
POLICY = host.Policy()
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


@dataclass(frozen=True, slots=True)
class Limits:
    """What a submission may use: seconds by the wall clock, and bytes."""

    start: float = 20.0
    load: float = 3.0
    call: float = 2.0
    total: float = 20.0
    memory: int = 2 << 30
    output: int = 1 << 20
    files: int = 4 << 20


class _LostError(Exception):
    """The child gave no reply and is not to be asked again."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


class Sandbox:
    """One submission in its child. Use as a context; the child starts at once.

    Attributes:
        names: what the submission defines, once loaded.
        stopped: why loading ended early, if it did.
        output: the first 64 kB that the submission printed.
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
        self._child: _Process | None = self._start()

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
        try:
            self._load(self._child or self._start())
        except _LostError as lost:
            self.stopped = lost.failure
            self._stop()
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
            reply, data = child.ask(request, body, self.limits.call, "the call")
            return self._reply(reply, data)
        except _LostError as lost:
            self._stop()
            return Reply(failure=lost.failure)
        finally:
            self._spent += time.monotonic() - start

    def _reply(self, reply: dict[str, Any], data: bytes) -> Reply:
        if "failure" in reply:
            return Reply(failure=self._failure(reply["failure"]))
        try:
            return Reply(frames.decode(reply.get("value"), data))
        except frames.FrameError as error:
            raise _LostError(Failure("protocol", "interfered with the sandbox")) from error

    def _failure(self, said: Any) -> Failure:
        if not isinstance(said, dict):
            raise _LostError(Failure("protocol", "interfered with the sandbox"))
        kind, name = str(said.get("kind")), clean(str(said.get("error")), 60)
        message, line = clean(str(said.get("message"))), said.get("line")
        words = f"{name}: {message}" if message else name
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

    def _start(self) -> _Process:
        if self._host.broken:
            self._host.close()
            self._host = pool.lease(POLICY)
        self._child = _Process(self._host, self.limits, self.output, self._warm, self.allow_weak)
        return self._child

    def _load(self, child: _Process) -> None:
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
            raise _LostError(Failure("protocol", "interfered with the sandbox"))
        self.names = {clean(str(k), 100): clean(str(v), 60) for k, v in names.items()}

    def _revived(self) -> _Process:
        if self._child is None:
            if self._restarts >= MAX_RESTARTS or not self.names:
                said = "was not run: the submission cannot be loaded again"
                raise _LostError(Failure("gone", said))
            self._restarts += 1
            child = self._start()
            self._load(child)
            return child
        return self._child

    def _stop(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child = None


class _Process:
    """One child with its channel and its output."""

    def __init__(
        self,
        zygote: host.Host,
        limits: Limits,
        output: bytearray,
        warm: Sequence[str],
        allow_weak: bool,
    ) -> None:
        self.host, self.limits, self.output = zygote, limits, output
        self.printed = 0
        self.number = 0
        caps = {
            "memory": limits.memory,
            "cpu": int(limits.total + limits.load) + 2,
            "files": limits.files,
        }
        self.channel, theirs = socket.socketpair()
        self.pipe, written = os.pipe()
        self.open_pipe = True
        try:
            zygote.start(theirs, written, caps, warm, allow_weak)
        finally:
            theirs.close()
            os.close(written)

    def ask(
        self, request: dict[str, Any], body: bytes, seconds: float, what: str
    ) -> tuple[dict[str, Any], bytes]:
        """Send a request and wait for its reply."""
        self.send(request, body, seconds)
        return self.receive(seconds, what)

    def send(self, request: dict[str, Any], body: bytes, seconds: float) -> None:
        """Send a numbered request."""
        self.number += 1
        self.channel.settimeout(seconds)
        try:
            self.channel.sendall(frames.pack({**request, "id": self.number}, body))
        except OSError as error:
            raise _LostError(self._end()) from error

    def started(self, seconds: float) -> bool:
        """Wait until the child has been forked; False if it may not be run."""
        return self.host.started(seconds)

    def hello(self, seconds: float) -> None:
        """Wait until the child is ready; the submission's clock starts here.

        Raises:
            ZygoteError: it could not lock itself down; a failure of ours.
        """
        try:
            self._frame(time.monotonic() + seconds, seconds, "starting")
        except _LostError as lost:  # nothing of the submission has been read yet
            raise host.ZygoteError(f"the child {lost.failure.message}") from lost

    def receive(self, seconds: float, what: str) -> tuple[dict[str, Any], bytes]:
        """The reply to the last request."""
        reply, body = self._frame(time.monotonic() + seconds, seconds, what)
        if reply.get("id") != self.number:
            raise _LostError(Failure("protocol", "interfered with the sandbox"))
        return reply, body

    def _frame(self, deadline: float, seconds: float, what: str) -> tuple[dict[str, Any], bytes]:
        def receive(count: int) -> bytes:
            data = bytearray()
            while len(data) < count:
                self._wait(deadline, seconds, what)
                try:
                    piece = self.channel.recv(min(count - len(data), 1 << 16))
                except OSError as error:
                    raise _LostError(self._end()) from error
                if not piece:
                    raise _LostError(self._end())
                data += piece
            return bytes(data)

        try:
            return frames.read(receive)
        except frames.FrameError as error:
            raise _LostError(Failure("protocol", "interfered with the sandbox")) from error

    def _wait(self, deadline: float, seconds: float, what: str) -> None:
        """Drain the output until the channel can be read or the child has ended."""
        while True:
            watched = select.poll()
            watched.register(self.channel, select.POLLIN)
            if self.open_pipe:
                watched.register(self.pipe, select.POLLIN)
            if self.host.child is not None:
                watched.register(self.host.child, select.POLLIN)
            left = deadline - time.monotonic()
            ready = {handle for handle, _ in watched.poll(max(0.0, 1000 * left))}
            if self.open_pipe and self.pipe in ready:
                self._drain()
            if self.channel.fileno() in ready:
                return
            if self.host.child in ready:
                raise _LostError(self._end())
            if left <= 0:
                raise _LostError(Failure("timeout", f"was stopped: {what} took over {seconds:g} s"))

    def _drain(self) -> None:
        piece = os.read(self.pipe, 1 << 16)
        if not piece:
            self.open_pipe = False
        self.printed += len(piece)
        self.output += piece[: max(0, OUTPUT_KEPT - len(self.output))]
        if self.printed > self.limits.output:
            said = f"was stopped: it printed more than {self.limits.output >> 10} kB"
            raise _LostError(Failure("output", said))

    def _end(self) -> Failure:
        """How the child ended, as the process that reaped it says."""
        ended = self.host.end(0.5)
        if ended.how == "exit":
            return Failure("crash", f"ended the process (exit code {ended.number})")
        if ended.how != "signal":
            return Failure("protocol", "closed the grader's channel")
        name = signal.Signals(ended.number).name
        why = " (recursion too deep, or memory)" if name == "SIGSEGV" else ""
        return Failure("crash", f"crashed the process with {name}{why}")

    def kill(self) -> None:
        """End the child."""
        self.host.end()
        self.channel.close()
        os.close(self.pipe)

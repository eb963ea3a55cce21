"""One child of the sandbox as the grader sees it: a channel, what it prints, and a deadline."""

from __future__ import annotations

import os
import select
import signal
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from grader import frames
from grader.isolation import host
from grader.student import Failure

OUTPUT_KEPT = 64 << 10


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


class LostError(Exception):
    """The child gave no reply and is not to be asked again."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


class Process:
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

    def stopwatch(self) -> Callable[[], float]:
        """Start a watch on the child's processor time; calling it gives the seconds since.

        The kernel keeps that clock, so that no submission can set it. Where there is none, the
        wall's is read, and it never counts for less.
        """
        clock, wall = self.host.processor_clock, time.monotonic()
        used = _read(clock)

        def seconds() -> float:
            now, passed = _read(clock), time.monotonic() - wall
            return passed if used is None or now is None else min(passed, now - used)

        return seconds

    def ask(
        self, request: dict[str, Any], body: bytes, seconds: float, what: str
    ) -> tuple[dict[str, Any], bytes]:
        """Send a request and wait for its reply."""
        self.send(request, body, seconds)
        return self.receive(seconds, what)

    def send(self, request: dict[str, Any], body: bytes, seconds: float) -> None:
        """Send a numbered request; what may be printed counts anew for each."""
        self.number += 1
        self.printed = 0
        self.channel.settimeout(seconds)
        try:
            self.channel.sendall(frames.pack({**request, "id": self.number}, body))
        except OSError as error:
            raise LostError(self._end()) from error

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
        except LostError as lost:  # nothing of the submission has been read yet
            raise host.ZygoteError(f"the child {lost.failure.message}") from lost

    def receive(self, seconds: float, what: str) -> tuple[dict[str, Any], bytes]:
        """The reply to the last request."""
        reply, body = self._frame(time.monotonic() + seconds, seconds, what)
        if reply.get("id") != self.number:
            raise LostError(Failure("protocol", "interfered with the sandbox"))
        return reply, body

    def _frame(self, deadline: float, seconds: float, what: str) -> tuple[dict[str, Any], bytes]:
        def receive(count: int) -> bytes:
            data = bytearray()
            while len(data) < count:
                self._wait(deadline, seconds, what)
                try:
                    piece = self.channel.recv(min(count - len(data), 1 << 16))
                except OSError as error:
                    raise LostError(self._end()) from error
                if not piece:
                    raise LostError(self._end())
                data += piece
            return bytes(data)

        try:
            return frames.read(receive)
        except frames.FrameError as error:
            raise LostError(Failure("protocol", "interfered with the sandbox")) from error

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
                raise LostError(self._end())
            if left <= 0:
                raise LostError(Failure("timeout", f"was stopped: {what} took over {seconds:g} s"))

    def _drain(self) -> None:
        piece = os.read(self.pipe, 1 << 16)
        if not piece:
            self.open_pipe = False
        self.printed += len(piece)
        self.output += piece[: max(0, OUTPUT_KEPT - len(self.output))]
        if self.printed > self.limits.output:
            said = f"was stopped: it printed more than {self.limits.output >> 10} kB"
            raise LostError(Failure("output", said))

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


def _read(clock: int | None) -> float | None:
    if clock is not None:
        with suppress(OSError):
            return time.clock_gettime(clock)
    return None

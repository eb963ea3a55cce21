"""The grader's end of a zygote: has children forked, kills them, and hears how they ended."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader import frames
from grader.isolation import ways
from grader.isolation.launch import Launched, launch
from grader.isolation.levels import Level
from grader.isolation.ways import Policy

ANSWER_SECONDS = 5.0


class ZygoteError(RuntimeError):
    """The zygote did not start, or is gone: a failure of ours, never of the submission."""


@dataclass(frozen=True, slots=True)
class Hello:
    """What the zygote found when it tried the forbidden things.

    Attributes:
        level: strong, default or weak.
        refused: the names of what was refused.
        problems: walls that could not be prepared, and why.
    """

    level: Level
    refused: frozenset[str]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended: "exit" or "signal" with a number, or "alive" when it had to be killed."""

    how: str
    number: int


class Host:
    """One zygote, which has at most one child at a time.

    Starting it returns at once, and so does `start`: the grader's own imports take as long.
    """

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.hello: Hello | None = None
        self.children = 0
        self.broken = False
        self._ways = ways.ways(policy)
        self._zygote: int | None = None
        self._child: int | None = None
        self._pending: tuple[dict[str, Any], tuple[int, int]] | None = None
        self._launched = self._next_way()

    def start(
        self,
        channel: socket.socket,
        output: int,
        caps: dict[str, int],
        warm: Sequence[str],
        allow_weak: bool,
    ) -> None:
        """Ask for a child; `started` says whether there is one."""
        request = {"op": "start", "caps": caps, "warm": list(warm), "allow_weak": allow_weak}
        # Kept until a zygote has answered: the first one may not come up, and the next is asked.
        self._pending = request, (os.dup(channel.fileno()), os.dup(output))
        self.children += 1
        self._send_pending()

    def greeting(self, seconds: float) -> Hello:
        """Wait for the zygote, trying one way after the other to start it."""
        while self.hello is None:
            with self._answering(seconds):
                try:
                    self._greet()
                except EOFError:
                    if not self._ways:
                        raise
                    ways.hopeless.add(self._way.kind)
                    self._launched.end()
                    self._launched = self._next_way()
                    self._send_pending()
        return self.hello

    def started(self, seconds: float) -> bool:
        """Wait for the child; False when the isolation is weak and that was not allowed."""
        try:
            self.greeting(seconds)
            with self._answering(seconds):
                answer = self._receive()
                if answer["started"] and sys.platform == "linux" and self.policy.fork:
                    self._child = self._handle()
        finally:
            self._forget_pending()
        return bool(answer["started"])

    @property
    def child(self) -> int | None:
        """A descriptor that becomes readable when the child has ended, where there is one."""
        return self._child

    @property
    def processor_clock(self) -> int | None:
        """The kernel's clock of the child's processor time, for `time.clock_gettime`."""
        if self._child is None:
            return None
        told = Path(f"/proc/self/fdinfo/{self._child}").read_text(encoding="ascii")
        process = int(told.partition("Pid:")[2].split()[0])
        # As clock_getcpuclockid makes it; 0 and -1: the process is out of sight, or has ended.
        return (~process << 3) | 2 if process > 0 else None

    def kill(self) -> None:
        """Kill the child at once, whatever the zygote is doing."""
        handle = self._child if self.policy.fork else self._zygote
        if handle is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(handle, signal.SIGKILL)
        elif not self.policy.fork:
            self._launched.kill_session()

    def end(self, grace: float = 0.0) -> Ended:
        """End the child after so many seconds, clear up after it, and say how it ended."""
        if self._pending is not None:  # nobody waited for it: its answer is still to come
            self._forget_pending()
            self.broken = True
            return Ended("alive", 0)
        if not self.policy.fork:
            return self._end_itself(grace)
        if grace <= 0:
            self.kill()
        try:
            with self._answering(grace + ANSWER_SECONDS):
                self._send({"op": "end", "grace": grace})
                answer = self._receive()
        except (ZygoteError, EOFError):
            self.broken = True
            self.kill()
            return Ended("alive", 0)
        finally:
            if self._child is not None:
                os.close(self._child)
                self._child = None
        self.broken = self.broken or not answer["empty"]
        return Ended(answer["how"], answer["number"])

    def close(self) -> None:
        """End the zygote with all that lives in it, and remove its folder."""
        self._forget_pending()
        self._launched.control.close()
        self.kill()
        if self.hello is None:  # not yet where it would notice, nor would what it has started
            self._launched.kill_session()
        if self._child is not None:
            os.close(self._child)
        if self._zygote is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._zygote, signal.SIGKILL)
            os.close(self._zygote)
        self._child = self._zygote = None
        self._launched.end()

    def forget(self) -> None:
        """Let go of it without a word: it belongs to the process that this one was forked from."""
        self._launched.forget()

    def _next_way(self) -> Launched:
        self._way = self._ways.pop(0)
        return launch(self._way, self.policy)

    def _greet(self) -> None:
        said = self._receive()
        self._zygote = self._handle() if sys.platform == "linux" else None
        self.hello = Hello(said["level"], frozenset(said["refused"]), tuple(said["problems"]))

    def _send_pending(self) -> None:
        if self._pending is not None:
            request, descriptors = self._pending
            self._send(request)
            with contextlib.suppress(OSError):
                socket.send_fds(self._launched.control, [b"+"], descriptors)

    def _forget_pending(self) -> None:
        if self._pending is not None:
            for descriptor in self._pending[1]:
                os.close(descriptor)
            self._pending = None

    def _send(self, header: dict[str, Any]) -> None:
        self._launched.send(frames.pack(header))

    def _receive(self) -> dict[str, Any]:
        def receive(count: int) -> bytes:
            data = bytearray()
            while len(data) < count:
                try:
                    piece = self._launched.control.recv(count - len(data))
                except ConnectionError:
                    piece = b""
                if not piece:
                    raise EOFError
                data += piece
            return bytes(data)

        return frames.read(receive)[0]

    def _handle(self) -> int:
        """The process handle that follows a frame."""
        data, handles, _, _ = socket.recv_fds(self._launched.control, 1, 1)
        if not data:
            raise EOFError
        os.set_inheritable(handles[0], False)
        return handles[0]

    @contextlib.contextmanager
    def _answering(self, seconds: float) -> Iterator[None]:
        self._launched.control.settimeout(seconds)
        try:
            yield
        except (EOFError, TimeoutError) as error:
            self.broken = True
            raise ZygoteError("the process that starts submissions did not answer") from error
        finally:
            self._launched.control.settimeout(None)

    def _end_itself(self, grace: float) -> Ended:
        """Where forking is not safe the zygote became the child, and serves once."""
        self.broken = True
        try:
            code = self._launched.process.wait(max(grace, 0.001))
        except subprocess.TimeoutExpired:
            self.kill()
            self._launched.process.wait()
            return Ended("alive", 0)
        return Ended("signal", -code) if code < 0 else Ended("exit", code)

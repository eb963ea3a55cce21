"""The grader's end of a zygote: starts it, has children forked, kills them, and keeps it warm."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader import frames
from grader.isolation import bubblewrap, scratch
from grader.isolation.levels import Level
from grader.isolation.places import DEVICES, PACKAGE, Places, places

ZYGOTE = PACKAGE / "isolation" / "zygote.py"
FLAGS = ("-I", "-S", "-B", "-X", "utf8")
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
ENVIRONMENT = {**dict.fromkeys(ONE_THREAD, "1"), "NUMBA_THREADING_LAYER": "workqueue"}
ANSWER_SECONDS = 5.0
REMOVALS = 20
FIRST_UID, UIDS = 60578, 600  # a range that neither people nor services are given


class ZygoteError(RuntimeError):
    """The zygote did not start, or is gone: a failure of ours, never of the submission."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Which walls to put up: all of them, unless a test asks what holds without one."""

    namespaces: bool = True
    landlock: bool = True
    seccomp: bool = True
    change_user: bool = True
    fork: bool = sys.platform == "linux"


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
        self._ways = _ways(policy)
        self._folder: str | None = None
        self._zygote: int | None = None
        self._child: int | None = None
        self._pending: tuple[dict[str, Any], tuple[int, int]] | None = None
        self._launch()

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
                    _hopeless.add(self._way.kind)
                    self._end_process()
                    self._launch()
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
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

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
        self._control.close()
        self.kill()
        if self.hello is None:  # not yet where it would notice, nor would what it has started
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        if self._child is not None:
            os.close(self._child)
        if self._zygote is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._zygote, signal.SIGKILL)
            os.close(self._zygote)
        self._child = self._zygote = None
        self._end_process()

    def forget(self) -> None:
        """Let go of it without a word: it belongs to the process that this one was forked from."""
        self._control.close()
        self._process.returncode = 0

    def _end_process(self) -> None:
        self._control.close()
        try:
            self._process.wait(ANSWER_SECONDS)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        for _ in range(REMOVALS):
            if self._folder is None or not Path(self._folder).is_dir():
                break
            with contextlib.suppress(OSError):  # a child that dies with its parent may still write
                scratch.empty(self._folder)
                Path(self._folder).rmdir()
        self._folder = None

    def _launch(self) -> None:
        way = self._way = self._ways.pop(0)
        here = places()
        if way.prefix:
            where = bubblewrap.SCRATCH
        else:
            where = self._folder = tempfile.mkdtemp(prefix="workings-")
        self._control, theirs = socket.socketpair()
        fd = theirs.fileno()
        with theirs:
            self._process = subprocess.Popen(
                [*way.prefix, here.python, *FLAGS, str(ZYGOTE), str(fd)],
                cwd="/",
                env=ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=None if os.environ.get("WORKINGS_DEBUG") else subprocess.DEVNULL,
                pass_fds=(fd,),
                start_new_session=True,
                umask=0o022,
            )
        config = {
            "sites": here.sites,
            "readable": here.readable,
            "listable": here.listable,
            "devices": DEVICES,
            "scratch": where,
            "capped_disk": bool(way.prefix),
            "uid": way.uid,
            "landlock": self.policy.landlock,
            "seccomp": self.policy.seccomp,
            "fork": self.policy.fork,
            "outside": {
                "reference": str(PACKAGE.parent / "exercises" / "__init__.py"),
                "folder": tempfile.gettempdir(),
                "grader": os.getpid(),
            },
        }
        self._send(config)

    def _greet(self) -> None:
        said = self._receive()
        self._zygote = self._handle() if sys.platform == "linux" else None
        self.hello = Hello(said["level"], frozenset(said["refused"]), tuple(said["problems"]))

    def _send_pending(self) -> None:
        if self._pending is not None:
            request, descriptors = self._pending
            self._send(request)
            with contextlib.suppress(OSError):
                socket.send_fds(self._control, [b"+"], descriptors)

    def _forget_pending(self) -> None:
        if self._pending is not None:
            for descriptor in self._pending[1]:
                os.close(descriptor)
            self._pending = None

    def _send(self, header: dict[str, Any]) -> None:
        # A zygote that is gone is noticed when it does not answer.
        with contextlib.suppress(OSError):
            self._control.sendall(frames.pack(header))

    def _receive(self) -> dict[str, Any]:
        def receive(count: int) -> bytes:
            data = bytearray()
            while len(data) < count:
                try:
                    piece = self._control.recv(count - len(data))
                except ConnectionError:
                    piece = b""
                if not piece:
                    raise EOFError
                data += piece
            return bytes(data)

        return frames.read(receive)[0]

    def _handle(self) -> int:
        """The process handle that follows a frame."""
        data, handles, _, _ = socket.recv_fds(self._control, 1, 1)
        if not data:
            raise EOFError
        os.set_inheritable(handles[0], False)
        return handles[0]

    @contextlib.contextmanager
    def _answering(self, seconds: float) -> Iterator[None]:
        self._control.settimeout(seconds)
        try:
            yield
        except (EOFError, TimeoutError) as error:
            self.broken = True
            raise ZygoteError("the process that starts submissions did not answer") from error
        finally:
            self._control.settimeout(None)

    def _end_itself(self, grace: float) -> Ended:
        """Where forking is not safe the zygote became the child, and serves once."""
        self.broken = True
        try:
            code = self._process.wait(max(grace, 0.001))
        except subprocess.TimeoutExpired:
            self.kill()
            self._process.wait()
            return Ended("alive", 0)
        return Ended("signal", -code) if code < 0 else Ended("exit", code)


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to start a zygote: within bubblewrap or not, and as whom."""

    prefix: tuple[str, ...] = ()
    uid: int | None = None

    @property
    def kind(self) -> tuple[bool, bool]:
        """What decides whether it works on this machine."""
        return bool(self.prefix), self.uid is not None


_hopeless: set[tuple[bool, bool]] = set()
_uids = 0


def _ways(policy: Policy) -> list[_Way]:
    """The ways to try, strongest first."""
    global _uids
    here: Places = places()
    root = sys.platform == "linux" and os.geteuid() == 0
    _uids += 1
    uid = FIRST_UID + (os.getpid() + _uids) % UIDS if root and policy.change_user else None
    if not here.open_to_others:
        uid = None  # another user could not import anything
    ways = []
    bwrap = bubblewrap.program() if policy.namespaces and sys.platform == "linux" else None
    if bwrap is not None:
        if uid is not None:
            ways.append(_Way(tuple(bubblewrap.prefix(bwrap, here, False)), uid))
        ways.append(_Way(tuple(bubblewrap.prefix(bwrap, here, True))))
    ways.append(_Way(uid=uid if here.reached_by_others else None))
    return [way for way in ways if way.kind not in _hopeless] or ways[-1:]

"""The warm process that forks one locked-down child for each submission.

Run as `python -I -S -B zygote.py FD` with an empty environment. It holds no reference answer and
no submission: the source goes from the grader to the child alone.
"""

from __future__ import annotations

import fcntl
import gc
import importlib
import os
import signal
import socket
import sys
import time
import types
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

CONTROL = 30
ENDED_PAUSE = 0.002
WIPE_SECONDS = 1.0
SELFTEST_SECONDS = 5.0


class Zygote:
    """Answers the grader on one socket: start a child, end it."""

    def __init__(self, control: socket.socket) -> None:
        self.control = control
        self.child = 0
        self.warm: set[str] = set()
        from grader import child, frames
        from grader.isolation import levels, lockdown, scratch, selftest

        self.frames, self.levels, self.lockdown = frames, levels, lockdown
        self.scratch, self.selftest, self.serve_child = scratch, selftest, child.serve
        self.config, _ = frames.read(self.receive)
        self.walls = lockdown.Walls(self.config["scratch"], self.config["uid"])
        self.problems: list[str] = []

    def serve(self) -> None:
        """Prepare the walls, test them, then answer until the grader is gone."""
        self._prepare()
        refused = self._tested()
        level = self.levels.level(refused)
        hello = {"level": level, "refused": sorted(refused), "problems": self.problems}
        self.send(hello)
        if sys.platform == "linux":
            socket.send_fds(self.control, [b"+"], [os.pidfd_open(os.getpid())])
        while True:
            request, _ = self.frames.read(self.receive)
            if request["op"] == "start":
                _, (channel, output), _, _ = socket.recv_fds(self.control, 1, 2)
                if level == "weak" and not request["allow_weak"]:
                    self.send({"started": False})
                else:
                    self._start(request, channel, output)
                os.close(channel)
                os.close(output)
            else:
                self.send(self._end(float(request["grace"])))

    def _prepare(self) -> None:
        os.environ.update({"HOME": self.walls.scratch, "TMPDIR": self.walls.scratch})
        if self.walls.uid is not None:
            os.chown(self.walls.scratch, self.walls.uid, self.walls.uid)
        sys.path.extend(self.config["sites"])
        sys.argv[:] = ["submission.py"]
        if self.config["landlock"]:
            from grader.isolation import landlock

            folders = (self.config["readable"], self.config["listable"], self.config["devices"])
            self._try(
                "landlock",
                lambda: self._set_files(landlock.ruleset(*folders, self.walls.scratch)),
            )
        if self.config["seccomp"]:
            from grader.isolation import syscalls

            self._try("seccomp", lambda: self._set_calls(syscalls.allow_list()))
        import numpy.random  # paid for before the clock of any submission starts

        self.reseed = numpy.random.seed
        for name in [name for name in sys.modules if name.partition(".")[0] == "grader"]:
            del sys.modules[name]  # a submission that imports them is told why it cannot
        gc.collect()
        gc.freeze()

    def _set_files(self, rules: Any) -> None:
        self.walls.files = rules

    def _set_calls(self, rules: Any) -> None:
        self.walls.calls = rules
        _ = rules.program  # assembled once, here

    def _try(self, name: str, make: Callable[[], None]) -> None:
        try:
            make()
        except Exception as error:  # whatever the reason, the self-test will show the gap
            self.problems.append(f"{name}: {type(error).__name__}: {error}")

    def _tested(self) -> set[str]:
        refused = set(self.selftest.seen_from_inside(self.config["outside"]))
        if self.config["capped_disk"]:
            refused.add("disk")
        ours, theirs = socket.socketpair()
        caps = {"memory": 1 << 30, "cpu": 10, "files": 1 << 20}

        def attempt() -> None:
            tell = lambda name: os.write(self.lockdown.CHANNEL, f"{name}\n".encode())  # noqa: E731
            self.selftest.run(self.config["outside"], caps["memory"], tell)

        if not self.config["fork"]:
            return refused
        self._fork(caps, theirs.fileno(), theirs.fileno(), attempt)
        theirs.close()
        ours.settimeout(SELFTEST_SECONDS)
        told = b""
        with ours, suppress(OSError):
            while piece := ours.recv(4096):
                told += piece
        self._end(0.0)
        return refused | set(told.decode().split())

    def _start(self, request: Mapping[str, Any], channel: int, output: int) -> None:
        for name in request["warm"]:
            if name not in self.warm:
                self.warm.add(name)
                with suppress(Exception):
                    importlib.import_module(name)
                gc.freeze()
        if not self.config["fork"]:
            self.send({"started": True})
            self.lockdown.lock(self.walls, request["caps"], channel, output, None)
            self.serve_child(self.lockdown.CHANNEL, self.reseed)
        self._fork(
            request["caps"],
            channel,
            output,
            lambda: self.serve_child(self.lockdown.CHANNEL, self.reseed),
        )
        self.send({"started": True})
        if sys.platform == "linux":
            handle = os.pidfd_open(self.child)
            socket.send_fds(self.control, [b"+"], [handle])
            os.close(handle)

    def _fork(
        self, caps: Mapping[str, int], channel: int, output: int, then: Callable[[], object]
    ) -> None:
        parent = os.getpid()
        self.child = os.fork()
        if self.child == 0:
            try:
                self.lockdown.lock(self.walls, caps, channel, output, parent)
                then()
            finally:
                os._exit(1)

    def _end(self, grace: float) -> dict[str, Any]:
        """Wait so long for the child to end by itself, then end it, and empty its folder."""
        if not self.child:
            return {"how": "none", "number": 0, "empty": True}
        until = time.monotonic() + grace
        flags = os.WEXITED | os.WNOWAIT | os.WNOHANG
        while os.waitid(os.P_PID, self.child, flags) is None and time.monotonic() < until:
            time.sleep(ENDED_PAUSE)
        alive = os.waitid(os.P_PID, self.child, flags) is None
        with suppress(ProcessLookupError):
            os.kill(self.child, signal.SIGKILL)
        _, status = os.waitpid(self.child, 0)
        self.child = 0
        self._end_stragglers()
        empty = self.scratch.empty(self.walls.scratch, WIPE_SECONDS)
        if alive:
            return {"how": "alive", "number": 0, "empty": empty}
        how = "exit" if os.WIFEXITED(status) else "signal"
        number = os.WEXITSTATUS(status) if how == "exit" else os.WTERMSIG(status)
        return {"how": how, "number": number, "empty": empty}

    def _end_stragglers(self) -> None:
        """Where processes are not refused, those that a child left have become ours."""
        if self.walls.calls is not None:
            return
        deadline = time.monotonic() + WIPE_SECONDS
        while time.monotonic() < deadline:
            with suppress(OSError):
                for process in _children(os.getpid()):
                    os.kill(process, signal.SIGKILL)
            try:
                os.waitpid(-1, 0)
            except ChildProcessError:
                return

    def send(self, header: dict[str, Any]) -> None:
        """Write one frame."""
        self.control.sendall(self.frames.pack(header))

    def receive(self, count: int) -> bytes:
        """Read exactly so many bytes; when the grader is gone, so is everything here."""
        data = bytearray()
        while len(data) < count:
            try:
                piece = self.control.recv(count - len(data))
            except ConnectionError:  # it left without reading our last answer
                piece = b""
            if not piece:
                self._leave()
            data += piece
        return bytes(data)

    def _leave(self) -> NoReturn:
        with suppress(Exception):
            self._end(0.0)
            os.chdir("/")
            Path(self.walls.scratch).rmdir()
        os._exit(0)


def _children(parent: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                if int(fields[1]) == parent:
                    found.append(int(entry.name))
    return found


def main(descriptor: int) -> None:
    """Make the package importable without its neighbours, then serve."""
    if sys.platform == "linux":
        import ctypes

        pr_set_child_subreaper = 36
        ctypes.CDLL(None).prctl(pr_set_child_subreaper, 1, 0, 0, 0)
    control = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, CONTROL)
    # Every child has its channel here: nothing that it needs before may take the number.
    os.dup2(os.open(os.devnull, os.O_RDONLY), 3)
    package = types.ModuleType("grader")
    package.__path__ = [str(Path(__file__).resolve().parents[1])]
    sys.modules["grader"] = package
    Zygote(socket.socket(fileno=control)).serve()


if __name__ == "__main__":
    main(int(sys.argv[1]))

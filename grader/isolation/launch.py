"""Starting the process of a zygote, and ending it with what it leaves behind."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from grader import frames
from grader.isolation import bubblewrap, scratch
from grader.isolation.places import DEVICES, PACKAGE, places
from grader.isolation.ways import Policy, Way

ZYGOTE = PACKAGE / "isolation" / "zygote.py"
FLAGS = ("-I", "-S", "-B", "-X", "utf8")
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
ENVIRONMENT = {**dict.fromkeys(ONE_THREAD, "1"), "NUMBA_THREADING_LAYER": "workqueue"}
END_SECONDS = 5.0
REMOVALS = 20


@dataclass(frozen=True, slots=True)
class Launched:
    """The process of a zygote.

    Attributes:
        process: the process, the first of its session.
        control: the grader's end of the socket between them.
        folder: the scratch folder that was made for it, if any.
    """

    process: subprocess.Popen[bytes]
    control: socket.socket
    folder: str | None

    def send(self, data: bytes) -> None:
        """Send bytes; a zygote that is gone is noticed when it does not answer."""
        with contextlib.suppress(OSError):
            self.control.sendall(data)

    def kill_session(self) -> None:
        """Kill the process and all of its session."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def end(self) -> None:
        """End the process, which leaves when its socket is closed, and remove its folder."""
        self.control.close()
        try:
            self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill_session()
            self.process.wait()
        for _ in range(REMOVALS):
            if self.folder is None or not Path(self.folder).is_dir():
                break
            with contextlib.suppress(OSError):  # a child that dies with its parent may still write
                scratch.empty(self.folder)
                Path(self.folder).rmdir()

    def forget(self) -> None:
        """Let go of it without a word: it belongs to the process that this one was forked from."""
        self.control.close()
        self.process.returncode = 0


def launch(way: Way, policy: Policy) -> Launched:
    """Start a zygote, which then tries the forbidden things and greets."""
    here = places()
    folder = None if way.prefix else tempfile.mkdtemp(prefix="workings-")
    control, theirs = socket.socketpair()
    fd = theirs.fileno()
    with theirs:
        process = subprocess.Popen(
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
        "scratch": folder or bubblewrap.SCRATCH,
        "capped_disk": bool(way.prefix),
        "uid": way.uid,
        "landlock": policy.landlock,
        "seccomp": policy.seccomp,
        "fork": policy.fork,
        "outside": {
            "reference": str(PACKAGE.parent / "exercises" / "__init__.py"),
            "folder": tempfile.gettempdir(),
            "grader": os.getpid(),
        },
    }
    made = Launched(process, control, folder)
    made.send(frames.pack(config))
    return made

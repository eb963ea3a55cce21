"""What a child does to itself before it touches a submission; none of it can be undone."""

from __future__ import annotations

import ctypes
import fcntl
import os
import resource
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.isolation import syscalls

if TYPE_CHECKING:
    from landlockpy import Ruleset
    from seccompy import Filter

CHANNEL = 3
PR_SET_PDEATHSIG, PR_SET_DUMPABLE = 1, 4
CAPABILITIES_VERSION_3 = 0x20080522


@dataclass
class Walls:
    """What the zygote prepared once for all its children.

    Attributes:
        scratch: the only folder that can be written.
        uid: the user to become, when the zygote may.
        files: the Landlock rules, if there are any.
        calls: the seccomp filter, if there is one.
    """

    scratch: str
    uid: int | None = None
    files: Ruleset | None = None
    calls: Filter | None = None


def lock(
    walls: Walls, caps: Mapping[str, int], channel: int, output: int, parent: int | None
) -> None:
    """Lock this process down; the channel becomes descriptor 3, the output 1 and 2.

    Args:
        walls: what was prepared.
        caps: bytes of `memory` and of one of its `files`, seconds of `cpu`.
        channel: the socket to the grader.
        output: where printing goes.
        parent: the process with which this one dies, if it has been forked.
    """
    if parent is not None:
        os.setsid()
    _die_with(parent)
    _descriptors(channel, output)
    os.chdir(walls.scratch)
    _limit(caps, alone=walls.uid is not None)
    if walls.uid is not None:
        os.setgroups([])
        os.setresgid(walls.uid, walls.uid, walls.uid)
        os.setresuid(walls.uid, walls.uid, walls.uid)
        _die_with(parent)  # changing the user clears it
    elif sys.platform == "linux":
        _drop_capabilities()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    if walls.files is not None:
        walls.files.restrict()
    os.closerange(CHANNEL + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0] + 1024)
    if walls.calls is not None:
        syscalls.own_signals(os.getpid()).load()
        walls.calls.load()


def _die_with(parent: int | None) -> None:
    if parent is None or sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it died before the line above
        os._exit(1)


def _descriptors(channel: int, output: int) -> None:
    # Moved up first: either may hold one of the numbers that the other is to get.
    channel, output = (fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 10) for fd in (channel, output))
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.dup2(channel, CHANNEL)


def _limit(caps: Mapping[str, int], alone: bool) -> None:
    limits = {
        "AS": caps["memory"],
        "CPU": caps["cpu"],
        "FSIZE": caps["files"],
        "NOFILE": 64,
        "CORE": 0,
        "MEMLOCK": 0,
        "MSGQUEUE": 0,
    }
    if alone:  # it counts all threads of a user, so only where the user has nothing else
        limits["NPROC"] = 256
    for name, value in limits.items():
        which = getattr(resource, f"RLIMIT_{name}", None)
        if which is None:
            continue
        hard = resource.getrlimit(which)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(which, (value, value))


def _drop_capabilities() -> None:
    header = (ctypes.c_uint32 * 2)(CAPABILITIES_VERSION_3, 0)
    ctypes.CDLL(None).capset(header, (ctypes.c_uint32 * 6)())

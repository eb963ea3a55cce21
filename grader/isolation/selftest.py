"""The forbidden things, tried by a locked-down child before any submission is run.

What counts is what the kernel refuses here and now, not what its version promises.
"""

from __future__ import annotations

import errno
import mmap
import os
import signal
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any


def seen_from_inside(outside: Mapping[str, Any]) -> set[str]:
    """What is refused to the zygote itself, and so to every child of it."""
    refused = set()
    if _refused(lambda: Path(outside["reference"]).stat(), errno.ENOENT):
        refused.add("names")
    if _refused(lambda: os.kill(outside["grader"], 0), errno.ESRCH):
        refused.add("neighbours")
    if {name for _, name in socket.if_nameindex()} <= {"lo"}:
        refused.add("network")
    return refused


def run(outside: Mapping[str, Any], memory: int, tell: Callable[[str], object]) -> None:
    """Try everything in this locked-down process, and tell the name of what was refused.

    Args:
        outside: paths and processes that the grader named.
        memory: bytes, the limit that was set.
        tell: is called with each name at once, since the last attempt may not return.
    """
    attempts: dict[str, Callable[[], object]] = {
        "references": lambda: os.close(os.open(outside["reference"], os.O_RDONLY)),
        "files": lambda: os.close(os.open("/etc/passwd", os.O_RDONLY)),
        "folders": lambda: list(Path(outside["folder"]).iterdir()),
        "root": lambda: list(Path("/").iterdir()),
        "writing": lambda: _write(outside["folder"]),
        "sockets": _sockets,
        "signals": lambda: os.kill(os.getppid(), 0),
        "privileges": lambda: os.chroot("."),
        "memory": lambda: mmap.mmap(-1, memory + (1 << 20)).close(),
        "processes": _fork,
        "programs": lambda: os.execv("/bin/true", ["true"]),
    }
    for name, attempt in attempts.items():
        if _refused(attempt):
            tell(name)


def _refused(attempt: Callable[[], object], number: int | None = None) -> bool:
    try:
        attempt()
    except FileNotFoundError:
        return number in (None, errno.ENOENT)
    except (OSError, MemoryError) as error:
        return number is None or getattr(error, "errno", None) == number
    return False


def _write(folder: str) -> None:
    path = Path(folder) / f"workings-selftest-{os.getpid()}"
    path.touch(exist_ok=False)
    path.unlink()


def _sockets() -> None:
    families = [socket.AF_INET, socket.AF_INET6, socket.AF_UNIX]
    for family in families:
        with suppress(PermissionError):
            socket.socket(family, socket.SOCK_DGRAM).close()
            return
    raise PermissionError


def _fork() -> None:
    child = os.fork()
    if child == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)

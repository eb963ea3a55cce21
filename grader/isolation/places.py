"""Which folders a submission may read: Python's own, the installed packages, shared libraries."""

from __future__ import annotations

import importlib.util
import os
import sys
import sysconfig
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
HOLDING_ANSWERS = ("derivations", "exercises", "grader", "impl")
LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/share/zoneinfo")
LOADER_CACHE = "/etc/ld.so.cache"
DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")
INSIDE = (
    "child.py",
    "frames.py",
    "isolation/__init__.py",
    "isolation/landlock.py",
    "isolation/levels.py",
    "isolation/lockdown.py",
    "isolation/scratch.py",
    "isolation/selftest.py",
    "isolation/syscalls.py",
    "isolation/zygote.py",
)


@dataclass(frozen=True, slots=True)
class Places:
    """Paths as the zygote and its children are to see them.

    Attributes:
        python: the interpreter, behind every link.
        sites: folders of installed packages, for `sys.path`.
        roots: folders to read whole, but for what is hidden.
        hidden: what lies below a root and is not to be seen.
        readable: the roots taken apart around what is hidden.
        listable: the folders that had to be taken apart.
    """

    python: str
    sites: tuple[str, ...]
    roots: tuple[str, ...]
    hidden: tuple[str, ...]
    readable: tuple[str, ...]
    listable: tuple[str, ...]

    @property
    def open_to_others(self) -> bool:
        """Whether another user could read the folders, once there."""
        return all(Path(root).stat().st_mode & 0o005 == 0o005 for root in self.roots)

    @property
    def reached_by_others(self) -> bool:
        """Whether another user could get there, too."""
        above = {parent for root in self.roots for parent in Path(root).parents}
        return self.open_to_others and all(folder.stat().st_mode & 0o001 for folder in above)


@cache
def places() -> Places:
    """The paths on this machine; looked up once, since they cost a few milliseconds."""
    spec = importlib.util.find_spec("numpy")
    if spec is None or spec.origin is None:
        raise RuntimeError("NumPy is not installed")
    sites = [str(Path(spec.origin).parents[1])]
    sites += [p for p in sys.path if Path(p).name in ("site-packages", "dist-packages")]
    stdlib = sysconfig.get_paths()
    shared = [
        folder
        for folder in (f"{sys.base_exec_prefix}/lib", f"{sys.base_exec_prefix}/lib64")
        if any(Path(folder).glob("libpython*"))
    ]
    wanted = [*sites, stdlib["stdlib"], stdlib["platstdlib"], *shared, *LIBRARIES]
    roots = tuple(dict.fromkeys(str(Path(p).resolve()) for p in wanted if Path(p).is_dir()))
    outermost = tuple(r for r in roots if not any(_below(r, other) for other in roots))
    ours = [PACKAGE.parent / name for name in HOLDING_ANSWERS]
    hidden = tuple(str(p) for p in ours if any(_below(str(p), root) for root in outermost))
    readable: list[str] = []
    listable: list[str] = []
    for root in outermost:
        _around(root, hidden, readable, listable)
    return Places(
        os.path.realpath(sys.executable),
        tuple(dict.fromkeys(sites)),
        outermost,
        hidden,
        tuple(readable),
        tuple(listable),
    )


def _around(root: str, hidden: tuple[str, ...], readable: list[str], listable: list[str]) -> None:
    """Allow a folder, piece by piece where something in it is hidden."""
    if root in hidden:
        return
    if not any(_below(path, root) for path in hidden):
        readable.append(root)
        return
    listable.append(root)
    for entry in os.scandir(root):
        _around(entry.path, hidden, readable, listable)


def _below(path: str, root: str) -> bool:
    return path != root and Path(path).is_relative_to(root)

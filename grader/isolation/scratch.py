"""Emptying a folder that a submission wrote: any depth, any modes, and no link is followed."""

from __future__ import annotations

import os
import stat
import time


def empty(folder: str, seconds: float = 3600.0) -> bool:
    """Remove everything in a folder; False when the time was not enough.

    Folders are moved up to the top before they are opened, so that neither the depth of a tree nor
    the length of its paths matters. Nothing else may be writing there any more.
    """
    until = time.monotonic() + seconds
    top = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        os.fchmod(top, 0o700)
        count = 0
        while True:
            with os.scandir(top) as entries:
                names = [entry.name for entry in entries]
            if not names:
                return True
            for name in names:
                if time.monotonic() > until:
                    return False
                if not _unlinked(top, name):
                    count = _raise_contents(top, name, count, until)
    finally:
        os.close(top)


def _unlinked(parent: int, name: str) -> bool:
    """Whether the entry was something other than a folder, and is gone."""
    if stat.S_ISDIR(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode):
        return False
    os.unlink(name, dir_fd=parent)
    return True


def _raise_contents(top: int, name: str, count: int, until: float) -> int:
    """Empty one folder at the top by moving its folders beside it, then remove it."""
    os.chmod(name, 0o700, dir_fd=top)
    inner = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=top)
    try:
        with os.scandir(inner) as entries:
            below = [entry.name for entry in entries]
        for child in below:
            if time.monotonic() > until:
                return count
            if not _unlinked(inner, child):
                os.chmod(child, 0o700, dir_fd=inner)
                count = _free_number(top, count)
                os.rename(child, f".{count}", src_dir_fd=inner, dst_dir_fd=top)
    finally:
        os.close(inner)
    os.rmdir(name, dir_fd=top)
    return count


def _free_number(top: int, count: int) -> int:
    while True:
        count += 1
        try:
            os.stat(f".{count}", dir_fd=top, follow_symlinks=False)
        except FileNotFoundError:
            return count

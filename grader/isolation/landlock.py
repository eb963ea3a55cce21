"""The file wall: an adapter to Landlock, which refuses every path that is not listed."""

from __future__ import annotations

import ctypes.util
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from landlockpy import Ruleset

# The binding would look for libc by running ldconfig or gcc; it is loaded already.
ctypes.util.find_library = lambda name: None  # noqa: ARG005


def ruleset(
    readable: Iterable[str], listable: Iterable[str], writable: Iterable[str], scratch: str
) -> Ruleset:
    """Rules that a child puts on itself with `restrict()`.

    Args:
        readable: files and folders to read, with all that is below.
        listable: folders whose names may be listed, and nothing more.
        writable: devices.
        scratch: the folder in which everything but links and programs is allowed.

    Raises:
        Exception: the kernel or the package has no Landlock.
    """
    from landlockpy import AccessFS, Ruleset, Scope

    rules = Ruleset(scoped=Scope.SIGNAL | Scope.ABSTRACT_UNIX_SOCKET)
    read = AccessFS.READ_FILE | AccessFS.READ_DIR
    # Fifos and sockets would let a file outlive its reader; links could point anywhere.
    own = (
        read
        | AccessFS.WRITE_FILE
        | AccessFS.TRUNCATE
        | AccessFS.MAKE_REG
        | AccessFS.MAKE_DIR
        | AccessFS.REMOVE_FILE
        | AccessFS.REMOVE_DIR
        | AccessFS.REFER
    )
    for path in listable:
        with suppress(OSError):
            rules.allow_path(path, AccessFS.READ_DIR)
    for path in readable:
        _allow(rules, path, read)
    for path in writable:
        with suppress(OSError):
            rules.allow_path(path, AccessFS.READ_FILE | AccessFS.WRITE_FILE)
    rules.allow_path(scratch, own)
    return rules


def _allow(rules: Ruleset, path: str, read: int) -> None:
    from landlockpy import AccessFS

    with suppress(OSError):
        try:
            rules.allow_path(path, AccessFS(read))
        except OSError:  # a right on folders is refused for a plain file
            rules.allow_path(path, AccessFS.READ_FILE)

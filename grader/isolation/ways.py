"""The ways to start a zygote on this machine: within bubblewrap or not, and as whom."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass

from grader.isolation import bubblewrap
from grader.isolation.places import Places, places

FIRST_UID, UIDS = 60578, 600  # a range that neither people nor services are given


@dataclass(frozen=True, slots=True)
class Policy:
    """Which walls to put up: all of them, unless a test asks what holds without one."""

    namespaces: bool = True
    landlock: bool = True
    seccomp: bool = True
    change_user: bool = True
    fork: bool = sys.platform == "linux"


@dataclass(frozen=True, slots=True)
class Way:
    """One way to start a zygote: within bubblewrap or not, and as whom."""

    prefix: tuple[str, ...] = ()
    uid: int | None = None

    @property
    def kind(self) -> tuple[bool, bool]:
        """What decides whether it works on this machine."""
        return bool(self.prefix), self.uid is not None


hopeless: set[tuple[bool, bool]] = set()
_uids = 0


def ways(policy: Policy) -> list[Way]:
    """The ways to try, strongest first."""
    global _uids
    here: Places = places()
    root = sys.platform == "linux" and os.geteuid() == 0
    _uids += 1
    uid = FIRST_UID + (os.getpid() + _uids) % UIDS if root and policy.change_user else None
    if not here.open_to_others:
        uid = None  # another user could not import anything
    found = []
    bwrap = bubblewrap.program() if policy.namespaces and sys.platform == "linux" else None
    if bwrap is not None:
        if uid is not None:
            found.append(Way(tuple(bubblewrap.prefix(bwrap, here, False)), uid))
        found.append(Way(tuple(bubblewrap.prefix(bwrap, here, True))))
    found.append(Way(uid=uid if here.reached_by_others else None))
    return [way for way in found if way.kind not in hopeless] or found[-1:]

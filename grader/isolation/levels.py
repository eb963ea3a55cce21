"""What was really refused to a locked-down child, and the level of isolation that this makes."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

Level = Literal["strong", "default", "weak"]

DEFAULT = {
    "references": "reading the reference answers",
    "files": "reading files outside Python's own folders",
    "folders": "listing other folders",
    "writing": "writing outside its own folder",
    "sockets": "opening a socket",
    "processes": "starting a process",
    "programs": "running another program",
    "signals": "signalling other processes",
    "privileges": "acting as the administrator",
    "memory": "taking more memory than allowed",
}
STRONG = {  # the last one needs the file wall within the wall of namespaces: two, not one
    "names": "seeing which other files exist",
    "neighbours": "seeing other processes",
    "network": "seeing the machine's network",
    "disk": "filling the disk",
    "root": "listing the root folder",
}
WORDS = DEFAULT | STRONG


def level(refused: Collection[str]) -> Level:
    """The level that a set of refusals makes."""
    if not DEFAULT.keys() <= set(refused):
        return "weak"
    return "strong" if STRONG.keys() <= set(refused) else "default"


def missing(refused: Collection[str]) -> list[str]:
    """What was not refused, in words."""
    return [words for name, words in WORDS.items() if name not in refused]

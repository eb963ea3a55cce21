"""What a class's marks say of each part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from grader.book_entry import Entry

SLIPS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class PartStatistics:
    """One part of a sheet, over the attempts that count.

    Attributes:
        sheet: the sheet.
        name: the part.
        count: how many attempts.
        mean: their mean points, after overrides and before lateness.
        out_of: the points that could be had.
        full: how many have all of them.
        flagged: how many a person should still look at.
        slips: the commonest slips, with how many made them.
    """

    sheet: str
    name: str
    count: int
    mean: float
    out_of: float
    full: int
    flagged: int
    slips: tuple[tuple[str, int], ...]


def part_statistics(entries: Iterable[Entry]) -> tuple[PartStatistics, ...]:
    """The parts of each sheet, in the sheets' own order."""
    groups: dict[tuple[str, str], list[tuple[Entry, dict[str, Any]]]] = {}
    for entry in sorted(entries, key=lambda e: (e.sheet, e.attempt)):
        for part in entry.report["parts"]:
            groups.setdefault((entry.sheet, part["name"]), []).append((entry, part))
    return tuple(_of_part(*key, found) for key, found in groups.items())


def _of_part(sheet: str, name: str, found: list[tuple[Entry, dict[str, Any]]]) -> PartStatistics:
    points = [entry.parts[name] for entry, _ in found]
    out_of = [float(part["out_of"]) for _, part in found]
    slips: Counter[str] = Counter()
    for _, part in found:
        # One student makes a slip once, on however many lines.
        slips.update({f["diagnosis"] for f in part["findings"] if f.get("diagnosis")})
    return PartStatistics(
        sheet,
        name,
        len(found),
        sum(points) / len(points),
        max(out_of),
        sum(had == most for had, most in zip(points, out_of, strict=True)),
        sum(name in entry.flagged for entry, _ in found),
        tuple(slips.most_common(SLIPS_SHOWN)),
    )

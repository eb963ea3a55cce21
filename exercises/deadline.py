"""When a sheet is due, and what lateness costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ATTEMPTS = ("best", "latest")
_BOUNDS = {"percent_per_day": 100, "days": 365, "grace_minutes": 24 * 60}


@dataclass(frozen=True, slots=True)
class Late:
    """What handing in after the due time costs.

    Attributes:
        percent_per_day: what each day that has begun takes, of the points earned.
        days: how many such days are accepted; what comes later counts nothing.
        grace_minutes: how long after the due time still counts as in time.
    """

    percent_per_day: float = 0.0
    days: int = 365
    grace_minutes: int = 0

    def __post_init__(self) -> None:
        for name, most in _BOUNDS.items():
            value = getattr(self, name)
            if not 0 <= value <= most:
                raise ValueError(f"late.{name} must lie between 0 and {most}; got {value}")

    def in_words(self) -> str:
        """What a student should know, as a sentence."""
        days = f"{self.days} day{'' if self.days == 1 else 's'}"
        said = [f"more than {days} late counts nothing" if self.days else "late counts nothing"]
        if self.percent_per_day and self.days:
            said.insert(
                0, f"each day late that has begun takes {self.percent_per_day:g} % of the points"
            )
        if self.grace_minutes:
            said.append(f"the first {self.grace_minutes} minutes are not late")
        text = "; ".join(said)
        return f"{text[0].upper()}{text[1:]}."


def late_of(table: Mapping[str, Any]) -> Late:
    """The late policy of a sheet's table, such as { percent_per_day = 10, days = 3 }.

    Raises:
        ValueError: a key is unknown, or its value is no number in range.
    """
    for key, value in table.items():
        if key not in _BOUNDS:
            raise ValueError(f"late has no key {key}; it has {', '.join(_BOUNDS)}")
        whole = key != "percent_per_day"
        if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
            kind = "a whole number" if whole else "a number"
            raise ValueError(f"late.{key} must be {kind}; got {value!r}")
    if "percent_per_day" not in table and "days" not in table:
        raise ValueError("late must say percent_per_day, days or both")
    return Late(**table)


def is_zone(name: object) -> bool:
    """Whether this is a time zone's name, such as Europe/Berlin."""
    try:
        return isinstance(name, str) and bool(ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def moment(said: date, zone: str = "") -> datetime:
    """A due date or time as one moment, in UTC.

    Args:
        said: a date (it ends with that day) or a time, with or without its own zone.
        zone: the course's time zone; without it, the one of this machine.
    """
    if not isinstance(said, datetime):
        said = datetime.combine(said + timedelta(days=1), time())
    if said.tzinfo is None and zone:
        said = said.replace(tzinfo=ZoneInfo(zone))
    return said.astimezone(UTC)

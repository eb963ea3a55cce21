"""What counts: how late an attempt was, what that costs, and which attempt is taken."""

from __future__ import annotations

import contextlib
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from exercises.deadline import Late, moment
from grader.refusal import RefusalError

if TYPE_CHECKING:
    from exercises.sheet import Sheet

Policy = Literal["best", "latest"]
DAY = timedelta(days=1)


class MomentError(RefusalError):
    """A date or a time cannot be read; the message shows how one is written."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a sheet said of deadlines when an attempt was graded; kept with the attempt.

    Attributes:
        due: until when it was in time, in UTC.
        late: what lateness costs, if anything.
        attempts: which attempt counts.
    """

    due: datetime | None = None
    late: Late | None = None
    attempts: Policy = "best"

    def as_dict(self) -> dict[str, Any]:
        """The terms as plain data."""
        return {
            "due": self.due and self.due.isoformat(),
            "late": self.late and asdict(self.late),
            "attempts": self.attempts,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Terms:
        """The terms of plain data."""
        due, late = data["due"], data["late"]
        return cls(
            datetime.fromisoformat(due) if due else None,
            Late(**late) if late else None,
            data["attempts"],
        )


@dataclass(frozen=True, slots=True)
class Lateness:
    """How late an attempt was, and what that costs.

    Attributes:
        days: the days that had begun since it was due; 0 is in time.
        percent: what it loses of the points earned.
        refused: whether it came too late to count at all.
    """

    days: int = 0
    percent: float = 0.0
    refused: bool = False

    def of(self, points: float) -> float:
        """What is left of the points earned."""
        return points * (100 - self.percent) / 100

    def __str__(self) -> str:
        if not self.days:
            return "in time"
        count = f"{self.days} day{'s' if self.days > 1 else ''} late"
        if self.refused:
            return f"{count}, too late to count"
        return f"{count}, less {self.percent:g} %" if self.percent else count


def timing(sheet: str, said: str, file: Path | None) -> tuple[datetime | None, Terms]:
    """When something was handed in, if that is known, and the terms of its sheet.

    Args:
        sheet: the sheet's name.
        said: the time that a person gave, or nothing; in the sheet's time zone if it names none.
        file: the file that was handed in; the time of its last change stands in for a missing one.

    Raises:
        MomentError: what the person gave is no time.
    """
    from exercises.sheet import load_sheet

    found = load_sheet(sheet)
    received = None
    if said:
        received = read_moment(said, found.timezone)
    elif file is not None:
        with contextlib.suppress(OSError):
            received = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    return received, terms_of(found)


def terms_of(sheet: Sheet) -> Terms:
    """What a sheet says of deadlines and attempts."""
    due = moment(sheet.due, sheet.timezone) if sheet.due else None
    return Terms(due, sheet.late, "latest" if sheet.attempts == "latest" else "best")


def lateness(terms: Terms, received: datetime | None, extended: datetime | None = None) -> Lateness:
    """How late something was that was received then.

    Args:
        terms: what the sheet said.
        received: when it was handed in; when that is unknown, it was in time.
        extended: until when the student had an extension; one that ends before the sheet is due
            changes nothing.
    """
    if terms.due is None or received is None:
        return Lateness()
    late = terms.late or Late()
    due = max(terms.due, extended or terms.due)
    if received <= due + timedelta(minutes=late.grace_minutes):
        return Lateness()
    days = -((due - received) // DAY)
    if days > late.days:
        return Lateness(days, 100.0, refused=True)
    return Lateness(days, min(100.0, late.percent_per_day * days))


def read_moment(text: str, zone: str = "") -> datetime:
    """A date, which ends with its day, or a time that a person wrote, in UTC.

    Raises:
        MomentError: it is neither.
    """
    try:
        return moment(_date_or_time(text), zone)
    except (ValueError, OverflowError) as error:
        raise MomentError(
            f"{text!r} is no date; write 2027-05-10, 2027-05-10T18:00, or with a time zone "
            "2027-05-10T18:00+02:00"
        ) from error


def _date_or_time(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return datetime.fromisoformat(text)

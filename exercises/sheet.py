"""A sheet: some exercises under one title, asked in order."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from exercises import deadline
from exercises.core import Exercise, ExerciseError, Part
from exercises.discover import suggest

HERE = Path(__file__).parent
RESERVED = ("SHEET", "SEED")
REVEALS = ("never", "always", "after due")
HINTS = ("listed", "on request")


class SheetError(ValueError):
    """A sheet is unknown or badly made; the message says which, and what to do."""


@dataclass(frozen=True)
class Sheet:
    """Exercises in the order they are asked.

    Attributes:
        name: the file's name under `exercises/sheets`, without its ending.
        title: the heading that students see.
        exercises: in the order they are asked.
        course: the course that asks.
        opens: the first day, or moment, to work on it.
        due: the last one.
        policies: sentences on lateness, collaboration and the like, as Markdown.
        timezone: the zone of times that name none; nothing means that of the machine.
        late: what lateness costs, if anything is said of it.
        attempts: which attempt counts, the best or the latest.
        reveal: when students' reports show the reference answers: never, always, or after due.
        hints: listed on the sheet, where everybody reads them free of charge, or on request, from
            `grade --hints`, at their price.
    """

    name: str
    title: str
    exercises: tuple[Exercise, ...]
    course: str = ""
    opens: date | None = None
    due: date | None = None
    policies: tuple[str, ...] = ()
    timezone: str = ""
    late: deadline.Late | None = None
    attempts: str = "best"
    reveal: str = "never"
    hints: str = "listed"

    def __post_init__(self) -> None:
        names = [part.name for part in self.parts]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise SheetError(f"sheet {self.name}: two parts ask for {', '.join(twice)}")
        if taken := sorted(set(names) & set(RESERVED)):
            raise SheetError(
                f"sheet {self.name}: {', '.join(taken)} names the sheet, not an answer"
            )
        if self.opens and self.due and _day(self.opens) > _day(self.due):
            raise SheetError(f"sheet {self.name}: it is due before it opens")
        if self.late and not self.due:
            raise SheetError(f"sheet {self.name}: late needs a due date")
        if self.reveal == "after due" and not self.due:
            raise SheetError(f'sheet {self.name}: reveal = "after due" needs a due date')

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts of all exercises, in order."""
        return tuple(part for item in self.exercises for part in item.parts)

    @property
    def points(self) -> int:
        """The points of all parts."""
        return sum(part.points for part in self.parts)

    @property
    def minutes(self) -> int:
        """How long all of it takes, rounded to five minutes: an estimate."""
        return max(5, 5 * round(sum(item.minutes for item in self.exercises) / 5))


def sheet_names() -> tuple[str, ...]:
    """The names of all sheets, sorted."""
    return tuple(sorted(path.stem for path in (HERE / "sheets").glob("*.toml")))


def load_sheet(name: str) -> Sheet:
    """The sheet of a name.

    Raises:
        SheetError: it is unknown, its file is malformed, or it names an unknown exercise.
    """
    # The name comes from a submission: it is looked up in a list and never becomes a path.
    known = sheet_names()
    if name not in known:
        raise SheetError(f"no sheet is called {name!r}{suggest(name, known)}")
    return _loaded(name)


def render_sheet(sheet: Sheet, seed: str | int) -> str:
    """The questions of a seed, as Markdown with LaTeX between dollar signs."""
    from exercises.formats.page import Page
    from exercises.formats.render import render

    return render(Page(sheet, seed), "md").decode()


def render_starter(sheet: Sheet, seed: str | int, form: str = "py") -> str:
    """A submission with every answer blank, as py, md or tex."""
    return _submission(sheet, seed, form, answered=False)


def render_answers(sheet: Sheet, seed: str | int, form: str = "py") -> str:
    """The submission that earns every point, as py, md or tex; for teachers."""
    return _submission(sheet, seed, form, answered=True)


def _submission(sheet: Sheet, seed: str | int, form: str, answered: bool) -> str:
    from exercises.formats.page import Page
    from exercises.formats.render import filled
    from exercises.formats.written import filters

    name = f"submission.{form}"
    page = Page(sheet, seed)
    return filled(f"{name}.j2", filters(form), page=page, answered=answered, file=name)


@cache
def _loaded(name: str) -> Sheet:
    from exercises.sheet_file import read_sheet

    place = f"exercises/sheets/{name}.toml"
    try:
        table = tomllib.loads((HERE / "sheets" / f"{name}.toml").read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise SheetError(f"{place}: {error}") from error
    try:
        return read_sheet(name, table)
    except (SheetError, ExerciseError) as error:
        raise SheetError(f"{place}: {error}") from error


def _day(moment: date) -> tuple[int, ...]:
    # A day and a moment cannot be compared, and a moment may or may not know its time zone.
    return moment.timetuple()[:3]

"""A sheet: some exercises under one title, asked in order."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

from exercises import deadline
from exercises.core import Exercise, ExerciseError, Part
from exercises.course import COURSE, exercises_folder, sheet_files
from exercises.discover import suggest

HERE = Path(__file__).parent
RESERVED = ("SHEET", "SEED")
REVEALS = ("never", "always", "after due")
HINTS = ("listed", "on request")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")  # it stands in submissions and file names


class SheetError(ValueError):
    """A sheet is unknown or badly made; the message says which, and what to do."""


@dataclass(frozen=True)
class Sheet:
    """Exercises in the order they are asked.

    Attributes:
        name: the file's name without its ending.
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
        own: whether a course keeps it for itself, so that its students cannot grade it.
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
    own: bool = False

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
    """The names of all sheets, the course's own among them, sorted."""
    return tuple(sorted({*_bank(), *sheet_files()}))


def load_sheet(name: str) -> Sheet:
    """The sheet of a name.

    Raises:
        SheetError: it is unknown, its file is malformed, or it names an unknown exercise.
    """
    # The name comes from a submission: it is looked up in lists and never becomes a path.
    bank, own = _bank(), sheet_files()
    if (path := own.get(name, bank.get(name))) is None:
        raise SheetError(
            f"no sheet is called {name!r}{suggest(name, sheet_names())}; a sheet that a course "
            f"keeps for itself is given by its file, such as week1.toml, or {COURSE} names its "
            "folder"
        )
    if name in bank and path.resolve() != bank[name].resolve():
        raise SheetError(f"{path}: the bank has a sheet {name}, too; give yours another name")
    if NAME.fullmatch(name) is None:
        raise SheetError(
            f"{path}: the name of a sheet has up to 64 letters, digits, - and _; rename the file"
        )
    return _loaded(name, path, exercises_folder())


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

    page = Page(sheet, seed, starter=form)
    return filled(f"submission.{form}.j2", filters(form), page=page, answered=answered)


def _bank() -> dict[str, Path]:
    return {path.stem: path for path in (HERE / "sheets").glob("*.toml")}


@cache
def _loaded(name: str, path: Path, _exercises: Path | None) -> Sheet:
    from exercises.sheet_file import read_sheet

    place = f"exercises/sheets/{path.name}" if path.is_relative_to(HERE) else str(path)
    try:
        made = read_sheet(name, tomllib.loads(path.read_text(encoding="utf-8")))
        return replace(made, own=not path.is_relative_to(HERE))
    except OSError as error:
        raise SheetError(f"cannot read {place}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SheetError(f"cannot read {place}: it is not UTF-8 text") from error
    except (SheetError, ExerciseError, tomllib.TOMLDecodeError) as error:
        raise SheetError(f"{place}: {error}") from error


def _day(moment: date) -> tuple[int, ...]:
    # A day and a moment cannot be compared, and a moment may or may not know its time zone.
    return moment.timetuple()[:3]

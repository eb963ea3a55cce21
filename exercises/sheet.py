"""A sheet: some exercises under one title, and the two files that a student gets."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from exercises.core import Exercise, ExerciseError, Part
from exercises.discover import exercise, suggest

HERE = Path(__file__).parent
RESERVED = ("SHEET", "SEED")


class SheetError(ValueError):
    """A sheet is unknown or badly made; the message says which, and what to do."""


@dataclass(frozen=True)
class Sheet:
    """Exercises in the order they are asked.

    Attributes:
        name: the file's name under `exercises/sheets`, without its ending.
        title: the heading that students see.
        exercises: in the order they are asked.
    """

    name: str
    title: str
    exercises: tuple[Exercise, ...]

    def __post_init__(self) -> None:
        names = [part.name for part in self.parts]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise SheetError(f"sheet {self.name}: two parts ask for {', '.join(twice)}")
        if taken := sorted(set(names) & set(RESERVED)):
            raise SheetError(
                f"sheet {self.name}: {', '.join(taken)} names the sheet, not an answer"
            )

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts of all exercises, in order."""
        return tuple(part for item in self.exercises for part in item.parts)

    @property
    def points(self) -> int:
        """The points of all parts."""
        return sum(part.points for part in self.parts)


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
    return _rendered("sheet.md.j2", sheet, seed)


def render_starter(sheet: Sheet, seed: str | int) -> str:
    """A submission with every answer blank, as Python source."""
    return _rendered("submission.py.j2", sheet, seed)


@cache
def _loaded(name: str) -> Sheet:
    place = f"exercises/sheets/{name}.toml"
    try:
        table = tomllib.loads((HERE / "sheets" / f"{name}.toml").read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise SheetError(f"{place}: {error}") from error
    title, ids = table.pop("title", None), table.pop("exercises", None)
    if not isinstance(title, str) or not isinstance(ids, list) or not ids:
        raise SheetError(f"{place}: needs a title and a list of exercises")
    if table:
        raise SheetError(f"{place}: unknown key {', '.join(table)}")
    try:
        return Sheet(name, title, tuple(exercise(id) for id in ids))
    except ExerciseError as error:
        raise SheetError(f"{place}: {error}") from error


def _rendered(template: str, sheet: Sheet, seed: str | int) -> str:
    drawn = [(item, item.draw(seed)) for item in sheet.exercises]
    return str(_environment().get_template(template).render(sheet=sheet, seed=seed, drawn=drawn))


@cache
def _environment() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(HERE / "templates", encoding="utf-8"),
        undefined=StrictUndefined,
        autoescape=False,  # Markdown and Python, not HTML
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["python"] = repr
    return environment

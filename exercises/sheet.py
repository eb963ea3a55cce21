"""A sheet: some exercises under one title, in a small TOML file.

title = "Classifiers"
course = "Machine learning, spring"       # this and what follows may be left out
opens = 2027-05-03
due = 2027-05-10T23:59:00
total = 14                                # checked against the sum of the parts
timezone = "Europe/Berlin"                # of a due time without one; else the grader's own
late = { percent_per_day = 10, days = 3 } # of the points, each day begun; later counts nothing
attempts = "latest"                       # or "best": which one counts
reveal = "after due"                      # or "always", "never": when reports show the answers
policies = ["Work in pairs if you like."]
exercises = [
  "softmax.stable_softmax",               # an exercise by its id, or some of a topic
  { topic = "activations", count = 2, level = [1, 2] },
]
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from exercises import deadline
from exercises.core import Exercise, ExerciseError, Part
from exercises.discover import exercise, exercise_ids, suggest

HERE = Path(__file__).parent
RESERVED = ("SHEET", "SEED")
REVEALS = ("never", "always", "after due")


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
    place = f"exercises/sheets/{name}.toml"
    try:
        table = tomllib.loads((HERE / "sheets" / f"{name}.toml").read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise SheetError(f"{place}: {error}") from error
    try:
        return _sheet(name, table)
    except (SheetError, ExerciseError) as error:
        raise SheetError(f"{place}: {error}") from error


def _sheet(name: str, table: Mapping[str, Any]) -> Sheet:
    _check(table, _KEYS, "")
    if not table.get("title") or not table.get("exercises"):
        raise SheetError("needs a title and a list of exercises")
    late = _late(table["late"]) if "late" in table else None
    made = Sheet(
        name,
        table["title"],
        _ordered(_chosen(name, table["exercises"])),
        table.get("course", ""),
        table.get("opens"),
        table.get("due"),
        (*table.get("policies", ()), *([late.in_words()] if late else ())),
        table.get("timezone", ""),
        late,
        table.get("attempts", "best"),
        table.get("reveal", "never"),
    )
    if (total := table.get("total", made.points)) != made.points:
        raise SheetError(f"total = {total}, and its parts are worth {made.points} together")
    return made


def _late(table: Mapping[str, Any]) -> deadline.Late:
    try:
        return deadline.late_of(table)
    except ValueError as error:
        raise SheetError(str(error)) from error


def _chosen(sheet: str, entries: list[Any]) -> tuple[Exercise, ...]:
    """The exercises that the entries name, first those named one by one."""
    named = {entry: exercise(entry) for entry in entries if isinstance(entry, str)}
    chosen: list[Exercise] = []
    taken = list(named.values())
    for entry in entries:
        if isinstance(entry, str):
            chosen.append(named[entry])
            continue
        found = _of_topic(sheet, entry, taken)
        chosen += found
        taken += found
    return tuple(chosen)


def _ordered(chosen: tuple[Exercise, ...]) -> tuple[Exercise, ...]:
    from exercises.prerequisites import misplaced

    if said := misplaced(chosen):
        raise SheetError(said)
    return chosen


def _of_topic(sheet: str, entry: Mapping[str, Any], taken: list[Exercise]) -> list[Exercise]:
    """Some exercises of a topic, none of them taken and no two with one answer's name.

    Everybody gets the same: they are ranked by a hash of the sheet and their ids, so that the
    choice depends on no order in which exercises were written.
    """
    _check(entry, _ENTRY_KEYS, "an entry of exercises: ")
    if "topic" not in entry:
        raise SheetError("an entry of exercises needs a topic")
    topic, count = entry["topic"], entry.get("count", 1)
    topics = sorted({id.split(".")[0] for id in exercise_ids()})
    if topic not in topics:
        raise SheetError(f"no topic is called {topic!r}{suggest(topic, topics)}")
    if count < 1:
        raise SheetError(f"the count of {topic} must be 1 or more; it is {count}")
    from exercises.prerequisites import in_order

    levels = _levels(entry)
    found: list[Exercise] = []
    for id in sorted(exercise_ids(), key=lambda id: sha256(f"{sheet}\n{id}".encode()).digest()):
        names = {part.name for item in (*taken, *found) for part in item.parts}
        if len(found) < count and id.startswith(f"{topic}."):
            item = exercise(id)
            if item.level in levels and item not in taken and names.isdisjoint(_names(item)):
                found.append(item)
    if len(found) < count:
        at = f" at level {' or '.join(map(str, levels))}" if "level" in entry else ""
        raise SheetError(f"{topic} has {len(found)} exercises to choose from{at}, not {count}")
    return in_order(found)


def _levels(entry: Mapping[str, Any]) -> list[int]:
    level = entry.get("level", [1, 2, 3])
    levels = [level] if isinstance(level, int) else list(level)
    if not levels or not set(levels) <= {1, 2, 3}:
        raise SheetError(f"a level is 1, 2 or 3, or a list of these; got {level}")
    return levels


def _names(item: Exercise) -> Iterator[str]:
    return (part.name for part in item.parts)


def _day(moment: date) -> tuple[int, ...]:
    # A day and a moment cannot be compared, and a moment may or may not know its time zone.
    return moment.timetuple()[:3]


def _check(table: Any, keys: Mapping[str, tuple[str, Callable[[Any], bool]]], where: str) -> None:
    if not isinstance(table, Mapping):
        raise SheetError(f"{where}must be an id or a table with a topic; got {table!r}")
    for key, value in table.items():
        if key not in keys:
            raise SheetError(f"{where}unknown key {key}{suggest(key, tuple(keys))}")
        meaning, holds = keys[key]
        if not holds(value):
            raise SheetError(f"{where}{key} must be {meaning}; got {value!r}")


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and "\n" not in value


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


_KEYS: Mapping[str, tuple[str, Callable[[Any], bool]]] = {
    "title": ("text in one line", _is_text),
    "course": ("text in one line", _is_text),
    "opens": ("a date, such as 2027-05-03", lambda v: isinstance(v, date)),
    "due": ("a date, such as 2027-05-10T23:59:00", lambda v: isinstance(v, date)),
    "total": ("a whole number", _is_count),
    "policies": (
        "a list of sentences",
        lambda v: isinstance(v, list) and all(map(_is_text, v)),
    ),
    "timezone": ("the name of a time zone, such as Europe/Berlin", deadline.is_zone),
    "late": (
        "a table, such as { percent_per_day = 10, days = 3 }",
        lambda v: isinstance(v, dict),
    ),
    "attempts": ("best or latest", lambda v: v in deadline.ATTEMPTS),
    "reveal": ("never, always or after due", lambda v: v in REVEALS),
    "exercises": (
        "a list of exercises: ids, or tables with a topic",
        lambda v: isinstance(v, list) and all(isinstance(e, str | dict) for e in v),
    ),
}
_ENTRY_KEYS: Mapping[str, tuple[str, Callable[[Any], bool]]] = {
    "topic": ("the name of a topic", _is_text),
    "count": ("a whole number", _is_count),
    "level": (
        "1, 2 or 3, or a list of these",
        lambda v: _is_count(v) or (isinstance(v, list) and all(map(_is_count, v))),
    ),
}

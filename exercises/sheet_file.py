"""The small TOML file that a sheet is written in.

title = "Classifiers"
course = "Machine learning, spring"       # this and what follows may be left out
opens = 2027-05-03
due = 2027-05-10T23:59:00
total = 14                                # checked against the sum of the parts
timezone = "Europe/Berlin"                # of a due time without one; else the grader's own
late = { percent_per_day = 10, days = 3 } # of the points, each day begun; later counts nothing
attempts = "latest"                       # or "best": which one counts
reveal = "after due"                      # or "always", "never": when reports show the answers
hints = "on request"                      # at a price, from grade --hints; or "listed": free
policies = ["Work in pairs if you like."]
exercises = [
  "softmax.stable_softmax",               # an exercise by its id, or some of a topic
  { topic = "activations", count = 2, level = [1, 2] },
]
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from exercises import deadline
from exercises.core import Exercise
from exercises.discover import exercise, exercise_ids, suggest, topics
from exercises.sheet import HINTS, REVEALS, Sheet, SheetError


def read_sheet(name: str, table: Mapping[str, Any]) -> Sheet:
    """The sheet that a table describes.

    Raises:
        SheetError: a key is unknown, or a value is not what it should be.
        ExerciseError: it names an unknown exercise.
    """
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
        table.get("hints", "listed"),
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
    if topic not in topics():
        raise SheetError(f"no topic is called {topic!r}{suggest(topic, topics())}")
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
    "hints": ("listed or on request", lambda v: v in HINTS),
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

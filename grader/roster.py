"""Whose hand-in it is: a pattern for names, or the class's roster.

A roster is a CSV file (UTF-8, comma or semicolon) with the columns

| column | meaning |
|---|---|
| `student` | the identity that the marks are kept under: a login, an id number, an address |
| `name` | the person's name, if the files carry that: "Ada Lovelace" or "Lovelace, Ada" |
| `file` | the file or folder that the person handed in, if its name tells neither |
| `received` | when the person handed in, such as 2027-05-10T18:00, unless the file's time is it |
| `seed` | the variant that the person was given, on which a hand-in that names another is marked |

Only `student` must be there; other columns are left alone.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path

from grader.hand_in import HandIn
from grader.policies import MomentError, read_moment
from grader.student import clean
from grader.submission import SubmissionError, read_bytes

MAX_ROSTER = 4 << 20
COLUMNS = ("student", "name", "file", "received", "seed")


@dataclass(frozen=True, slots=True)
class Person:
    """One line of a roster."""

    student: str
    name: str = ""
    file: str = ""
    received: str = ""
    seed: str = ""


def by_pattern(found: Sequence[HandIn], pattern: re.Pattern[str]) -> tuple[HandIn, ...]:
    """The hand-ins with the students that a pattern finds in their names.

    Args:
        found: the hand-ins.
        pattern: with a group called student.
    """
    named = []
    for item in found:
        match = pattern.search(item.name)
        student = (match["student"] or "").strip() if match else ""
        if student:
            named.append(replace(item, student=clean(student, 200)))
        else:
            said = f"{item.name}: the --student-pattern finds no student in this name"
            named.append(replace(item, problem=item.problem or said))
    return _one_each(named)


def by_roster(
    found: Sequence[HandIn], roster: Sequence[Person]
) -> tuple[tuple[HandIn, ...], tuple[Person, ...]]:
    """The hand-ins under the identities of a roster, and who handed in nothing.

    A hand-in of nobody on the roster keeps the name that it has; a file that may be anybody's, by
    its place and kind, is left out unless it is somebody's by its name.
    """
    owners: dict[str, list[Person]] = {}
    for person in roster:
        for key in _keys(person):
            owners.setdefault(key, []).append(person)
    named: list[HandIn] = []
    seen: set[str] = set()
    for item in found:
        people = _owners(item, owners)
        seen |= {person.student for person in people}
        if len(people) > 1:
            who = " or ".join(person.student for person in people)
            said = f"{item.name}: could be of {who}; say whose it is in the roster's column file"
            named.append(replace(item, problem=item.problem or said))
        else:
            named += [_of(person, item) for person in people] or [item]
    absent = tuple(person for person in roster if person.student not in seen)
    return _one_each(item for item in named if item.listed or not item.stray), absent


def _of(person: Person, item: HandIn) -> HandIn:
    return replace(
        item,
        student=person.student,
        received=person.received or item.received,
        seed=person.seed,
        listed=True,
    )


def strangers(found: Sequence[HandIn], roster: Sequence[Person]) -> tuple[HandIn, ...]:
    """The hand-ins of nobody on the roster."""
    known = {person.student for person in roster}
    return tuple(item for item in found if item.student not in known and not item.problem)


def read_roster(path: Path) -> tuple[Person, ...]:
    """The people of a roster file.

    Raises:
        SubmissionError: it cannot be read; the message names the line.
    """
    try:
        text = read_bytes(path, MAX_ROSTER).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SubmissionError(
            f"{path.name}: is not UTF-8 text; save the roster as CSV UTF-8"
        ) from error
    head = text.partition("\n")[0]
    rows = csv.DictReader(StringIO(text), delimiter=";" if ";" in head else ",", strict=True)
    try:
        return tuple(_people(path.name, rows))
    except csv.Error as error:
        raise SubmissionError(f"{path.name}: line {rows.line_num}: {error}") from error


def _people(file: str, rows: csv.DictReader[str]) -> Iterator[Person]:
    columns = {(name or "").strip().casefold(): name for name in rows.fieldnames or ()}
    if "student" not in columns:
        found = ", ".join(columns) or "nothing"
        raise SubmissionError(
            f"{file}: line 1: needs a column called student (and may have name and file); "
            f"it has {found}"
        )
    first: dict[str, int] = {}
    for row in rows:
        values = {c: (row.get(columns.get(c, ""), "") or "").strip() for c in COLUMNS}
        if not any(value for key, value in row.items() if key is not None):
            continue
        line = rows.line_num
        if None in row:
            raise SubmissionError(f"{file}: line {line}: has more cells than line 1 has columns")
        if not values["student"]:
            raise SubmissionError(f"{file}: line {line}: the column student is empty")
        before = first.setdefault(_folded(values["student"]), line)
        if before != line:
            raise SubmissionError(
                f"{file}: line {line}: {values['student']} is on line {before} already"
            )
        if values["received"]:
            try:
                read_moment(values["received"])
            except MomentError as error:
                raise SubmissionError(f"{file}: line {line}: {error}") from error
        yield Person(**{key: clean(value, 200) for key, value in values.items()})
    if not first:
        raise SubmissionError(f"{file}: lists nobody")


def _owners(item: HandIn, owners: dict[str, list[Person]]) -> list[Person]:
    """Who a hand-in belongs to: a file that the roster names outranks what its name tells."""
    parts = [item.name, *item.name.split("/")[:1], item.file]
    who = (item.student, *item.labels)
    for label in [*(f"file:{part}" for part in parts), *(f"who:{name}" for name in who)]:
        kind, _, text = label.partition(":")
        if people := owners.get(f"{kind}:{_folded(text)}"):
            return people
    return []


def _keys(person: Person) -> set[str]:
    """What a file may call a person; Canvas runs the names together, the last one first."""
    keys = {f"who:{_folded(person.student)}"}
    if person.file:
        keys.add(f"file:{_folded(person.file)}")
    if person.name:
        last, comma, first = person.name.partition(",")
        words = f"{first} {last}".split() if comma else person.name.split()
        words = words or [person.name]
        spellings = {
            person.name,
            " ".join(words),
            "".join(words),
            "".join([words[-1], *words[:-1]]),
            f"{words[-1]}, {' '.join(words[:-1])}",
        }
        keys |= {f"who:{_folded(text)}" for text in spellings}
    return keys


def _folded(text: str) -> str:
    """The text as names are compared: no case, one space, accents in one form."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _one_each(items: Iterable[HandIn]) -> tuple[HandIn, ...]:
    """The hand-ins; those that turn out to be several of one student are not graded."""
    every = tuple(items)
    # A scan beside something that can be marked is not a second submission.
    marked = {item.student for item in every if not item.unread}
    found = [item for item in every if not (item.unread and item.student in marked)]
    of: dict[str, list[HandIn]] = {}
    for item in found:
        of.setdefault(item.student, []).append(item)
    return tuple(
        replace(item, problem=item.problem or _several(item.student, of[item.student]))
        for item in found
    )


def _several(student: str, items: Sequence[HandIn]) -> str:
    if len(items) == 1:
        return ""
    return f"{student}: holds several submissions ({', '.join(i.name for i in items)}); keep one"

"""The list of a class: a CSV file with one student a row."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

# What may be the name of a folder on every system, and nothing that leaves the folder.
_ID = re.compile(r"[A-Za-z0-9_@+=,-][A-Za-z0-9_@+=,.-]{0,63}(?<!\.)")


class RosterError(ValueError):
    """A roster cannot be used; the message names the row and what must hold."""


@dataclass(frozen=True, slots=True)
class Student:
    """One row of a roster."""

    id: str
    name: str = ""

    @property
    def shown(self) -> str:
        """The student as the sheet's heading says it."""
        return f"{self.name} ({self.id})" if self.name else self.id


def read_roster(path: Path) -> tuple[Student, ...]:
    """The students of a roster, in its order.

    Raises:
        RosterError: it cannot be read, has no column `student`, names nobody, names somebody twice,
            or holds a name that cannot be a folder.
    """
    try:
        # Spreadsheets write a byte order mark.
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        said = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise RosterError(f"cannot read {path}: {said}") from error
    first = text.partition("\n")[0]
    separator = ";" if first.count(";") > first.count(",") else ","
    reader = csv.DictReader(text.splitlines(), delimiter=separator, restval="")
    columns = {column.strip().lower(): column for column in reader.fieldnames or () if column}
    if "student" not in columns:
        found = ", ".join(columns) or "nothing"
        raise RosterError(f"{path.name}: the first row must name a column student; it has {found}")
    students: dict[str, Student] = {}
    for row in reader:
        id = row[columns["student"]].strip()
        name = " ".join(row[columns["name"]].split()) if "name" in columns else ""
        if not id and not name:
            continue
        if _ID.fullmatch(id) is None:
            raise RosterError(
                f"{path.name}, line {reader.line_num}: {id!r} cannot be the name of a folder; "
                "use up to 64 letters, digits and - _ . @ + = ,"
            )
        # Two names that differ in case alone are one folder on some systems.
        if id.lower() in students:
            raise RosterError(f"{path.name}, line {reader.line_num}: {id} is listed twice")
        students[id.lower()] = Student(id, name)
    if not students:
        raise RosterError(f"{path.name}: it names no student")
    return tuple(students.values())

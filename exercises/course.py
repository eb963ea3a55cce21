"""What a course keeps in a folder of its own: sheets, and exercises in a folder beside them.

    course/week1.toml                       the sheet week1
    course/exercises/knots/trefoil.py       the exercise knots.trefoil

The files of exercises are Python and run with the rights of whoever makes sheets or grades. So the
folder is named by that person, on the command line or in the environment. A submission never names
a file or a folder, and nothing is looked for in the folder one happens to be in.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

COURSE = "WORKINGS_COURSE"
EXERCISES = "WORKINGS_EXERCISES"
BESIDE = "exercises"


@contextmanager
def using(sheets: Path | None = None, exercises: Path | None = None) -> Iterator[None]:
    """Use a course's own folders for a while; in processes that are started meanwhile, too.

    Args:
        sheets: the folder of its sheets; as before when not given.
        exercises: the folder of its exercises, when that is not the one beside the sheets.
    """
    before = {name: os.environ.get(name) for name in (COURSE, EXERCISES)}
    # Processes that are started anew find the folders in the environment.
    for name, folder in ((COURSE, sheets), (EXERCISES, exercises)):
        if folder is not None:
            os.environ[name] = str(folder.absolute())
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def sheet_files() -> dict[str, Path]:
    """The course's own sheets, by name."""
    folder = _folder(COURSE)
    return {path.stem: path for path in sorted(folder.glob("*.toml"))} if folder else {}


def exercises_folder() -> Path | None:
    """Where the course keeps its exercises, if it says so and that is not the bank itself."""
    beside = _folder(COURSE)
    found = _folder(EXERCISES) or (beside / BESIDE if beside else None)
    return None if found and found.resolve() == Path(__file__).parent.resolve() else found


def exercise_files() -> dict[str, Path]:
    """The course's own exercises, by id; those whose name starts with _ are none."""
    folder = exercises_folder()
    found = sorted(folder.glob("*/*.py")) if folder else []
    return {f"{p.parent.name}.{p.stem}": p for p in found if p.name[0] != "_"}


def digest() -> str:
    """What marks depend on in the course's folders, as a few digits; nothing without a course."""
    files = (*sheet_files().values(), *exercise_files().values())
    total = sha256()
    for path in files:
        total.update(f"{path.parent.name}/{path.name}".encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:12] if files else ""


def _folder(name: str) -> Path | None:
    said = os.environ.get(name, "").strip()
    return Path(said) if said else None

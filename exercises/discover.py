"""Finds the exercises by walking the package; there is no list to keep."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path

from exercises.core import Exercise, ExerciseError

HERE = Path(__file__).parent
NO_TOPICS = frozenset({"commands", "formats", "gallery"})  # packages that hold no exercises


def exercise_ids() -> tuple[str, ...]:
    """The ids of all exercises, sorted; nothing is imported for it."""
    # Modules beside this one are the engine; exercises stand in the topics' packages.
    packages = {found.name for found in pkgutil.iter_modules([str(HERE)]) if found.ispkg}
    topics = packages - NO_TOPICS
    return tuple(sorted(id for topic in topics for id in _below(HERE / topic, topic)))


def exercise(exercise_id: str) -> Exercise:
    """The exercise of an id.

    Raises:
        ExerciseError: there is none, or its module does not define `ex`.
    """
    known = exercise_ids()
    if exercise_id not in known:
        raise ExerciseError(f"no exercise is called {exercise_id!r}{suggest(exercise_id, known)}")
    found = getattr(import_module(f"exercises.{exercise_id}"), "ex", None)
    if not isinstance(found, Exercise):
        raise ExerciseError(f"exercises/{exercise_id.replace('.', '/')}.py must define `ex`")
    if found.id != exercise_id:
        raise ExerciseError(f"{exercise_id}: `ex` is the exercise {found.id}, imported")
    return found


def exercises() -> tuple[Exercise, ...]:
    """All exercises, in the order of their ids."""
    return tuple(exercise(exercise_id) for exercise_id in exercise_ids())


def suggest(wanted: str, known: Sequence[str]) -> str:
    """The known names nearest to a wrong one, as the end of a sentence."""
    close = get_close_matches(wanted, known, n=3, cutoff=0.5)
    return f"; did you mean {' or '.join(close)}?" if close else f"; known: {', '.join(known)}"


def _below(folder: Path, prefix: str) -> Iterator[str]:
    for found in pkgutil.iter_modules([str(folder)]):
        name = f"{prefix}.{found.name}"
        if found.ispkg:
            yield from _below(folder / found.name, name)
        else:
            yield name

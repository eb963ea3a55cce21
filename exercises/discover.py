"""Finds the exercises by walking the package and the course's own folder; there is no list."""

from __future__ import annotations

import pkgutil
import re
import sys
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from keyword import iskeyword
from pathlib import Path
from types import ModuleType

from exercises.core import Exercise, ExerciseError
from exercises.course import exercise_files
from exercises.declaration import place

HERE = Path(__file__).parent
NO_TOPICS = frozenset({"commands", "formats", "gallery"})  # packages that hold no exercises
NAME = re.compile(r"[a-z][a-z0-9_]*")


def exercise_ids() -> tuple[str, ...]:
    """The ids of all exercises, the course's own among them, sorted; nothing is imported for it."""
    return tuple(sorted({*_bank_ids(), *exercise_files()}))


def topics() -> tuple[str, ...]:
    """The topics that have exercises, sorted."""
    return tuple(sorted({topic_of(id) for id in exercise_ids()}))


def topic_of(exercise_id: str) -> str:
    """The topic of an id: its first word."""
    return exercise_id.partition(".")[0]


def exercise(exercise_id: str) -> Exercise:
    """The exercise of an id.

    Raises:
        ExerciseError: there is none, its file cannot be run or does not define `ex`, or a course's
            own one has the name of another; the message says which file, and the line.
    """
    known = exercise_ids()
    if exercise_id not in known:
        raise ExerciseError(f"no exercise is called {exercise_id!r}{suggest(exercise_id, known)}")
    own = exercise_files().get(exercise_id)
    file = str(own) if own else f"exercises/{exercise_id.replace('.', '/')}.py"
    if own:
        _check_name(exercise_id, own)
    try:
        module = _own(exercise_id, own) if own else import_module(f"exercises.{exercise_id}")
    except Exception as error:
        raise ExerciseError(told(error, file)) from error
    found = getattr(module, "ex", None)
    if not isinstance(found, Exercise):
        raise ExerciseError(f"{file} must define `ex`, an Exercise")
    if found.id != exercise_id:
        raise ExerciseError(f"{file}: `ex` is the exercise {found.id}, imported")
    return found


def exercises() -> tuple[Exercise, ...]:
    """All exercises, in the order of their ids.

    Raises:
        ExerciseError: one of them cannot be read.
    """
    return tuple(exercise(exercise_id) for exercise_id in exercise_ids())


def readable(ids: Sequence[str]) -> tuple[list[Exercise], list[str]]:
    """The exercises of some ids that can be read, and what is wrong with the others."""
    found, problems = [], []
    for id in ids:
        try:
            found.append(exercise(id))
        except ExerciseError as error:
            problems.append(str(error))
    return found, problems


def told(error: BaseException, file: str = "") -> str:
    """An error that an exercise's file has raised, in words: where, and what.

    Args:
        error: what was raised.
        file: how that file is called, where no line of an exercise is to be found in the error.
    """
    where = place(error, is_exercise)
    line = f", line {where[1]}" if where else ""
    shown = where[0] if where and not file else file
    # Our own messages stand by themselves; of Python's, the type is half of the message.
    kind = "" if isinstance(error, ExerciseError) else f"{type(error).__name__}: "
    said = error.msg if isinstance(error, SyntaxError) else str(error)
    return f"{shown}{line}: {kind}{said}" if shown else f"{kind}{said}"


def is_exercise(file: str) -> bool:
    """Whether a file is one of an exercise, in the bank or the course's own."""
    path = Path(file)
    if path in exercise_files().values():
        return True
    return (
        path.is_relative_to(HERE)
        and ".".join(path.relative_to(HERE).with_suffix("").parts) in _bank_ids()
    )


def is_engine(topic: str) -> bool:
    """Whether a name belongs to the engine, so that it can be no topic."""
    held = {topic_of(id) for id in _bank_ids()}
    return topic not in held and ((HERE / topic).exists() or (HERE / f"{topic}.py").exists())


def is_name(text: str) -> bool:
    """Whether a topic or an exercise may be called so."""
    return NAME.fullmatch(text) is not None and not iskeyword(text)


def suggest(wanted: str, known: Sequence[str]) -> str:
    """The known names nearest to a wrong one, as the end of a sentence."""
    close = get_close_matches(wanted, known, n=3, cutoff=0.5)
    return f"; did you mean {' or '.join(close)}?" if close else f"; known: {', '.join(known)}"


def _check_name(exercise_id: str, file: Path) -> None:
    """Hold that a course's own exercise can be called as it is."""
    if exercise_id in _bank_ids():
        raise ExerciseError(
            f"{file}: the bank has an exercise {exercise_id}, too; give yours another name"
        )
    topic, _, name = exercise_id.partition(".")
    if is_engine(topic):
        raise ExerciseError(f"{file}: {topic} is part of the engine; choose another topic")
    if not (is_name(topic) and is_name(name)):
        raise ExerciseError(
            f"{file}: the names of the folder and the file must be small letters, digits and _, "
            "such as knots/trefoil.py"
        )


@cache
def _own(exercise_id: str, file: Path) -> ModuleType:
    """The module of a course's own exercise, run from its file."""
    spec = spec_from_file_location(f"exercises.{exercise_id}", file)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[spec.name]
        raise
    return module


def _bank_ids() -> tuple[str, ...]:
    # Modules beside this one are the engine; exercises stand in the topics' packages.
    packages = {found.name for found in pkgutil.iter_modules([str(HERE)]) if found.ispkg}
    bank = packages - NO_TOPICS
    return tuple(sorted(id for topic in bank for id in _below(HERE / topic, topic)))


def _below(folder: Path, prefix: str) -> Iterator[str]:
    for found in pkgutil.iter_modules([str(folder)]):
        name = f"{prefix}.{found.name}"
        if found.ispkg:
            yield from _below(folder / found.name, name)
        else:
            yield name

"""What should be done before what: topics and exercises that an exercise builds on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from graphlib import CycleError, TopologicalSorter

from exercises.core import Exercise, ExerciseError
from exercises.discover import exercise_ids, suggest


def needed(item: Exercise, ids: Sequence[str] | None = None) -> tuple[str, ...]:
    """The ids of the exercises that one builds on; a topic stands for all of its own.

    Raises:
        ExerciseError: a prerequisite is neither an exercise nor a topic, or the exercise itself.
    """
    known = exercise_ids() if ids is None else ids
    found: dict[str, None] = {}
    for name in item.prerequisites:
        meant = [id for id in known if id == name or id.startswith(f"{name}.")]
        if not meant:
            names = tuple({*known, *(id.split(".")[0] for id in known)})
            raise ExerciseError(
                f"{item.id}: the prerequisite {name!r} is neither an exercise nor a topic"
                f"{suggest(name, names)}"
            )
        if item.id in meant:
            raise ExerciseError(f"{item.id}: the prerequisite {name!r} holds the exercise itself")
        found |= dict.fromkeys(meant)
    return tuple(found)


def check_no_cycle(items: Iterable[Exercise]) -> None:
    """Hold that no exercise comes before itself.

    Raises:
        ExerciseError: some exercises wait for one another; it names them in a circle.
    """
    every = tuple(items)
    ids = tuple(item.id for item in every)
    try:
        TopologicalSorter({item.id: needed(item, ids) for item in every}).prepare()
    except CycleError as error:
        circle = " needs ".join(reversed(error.args[1]))
        raise ExerciseError(f"prerequisites run in a circle: {circle}") from error


def in_order(items: Iterable[Exercise]) -> list[Exercise]:
    """Exercises with each one behind those it builds on, and otherwise in the order given."""
    waiting, placed = list(items), []
    while waiting:
        ids = {item.id for item in waiting}
        free = next(item for item in waiting if ids.isdisjoint(needed(item)))
        waiting.remove(free)
        placed.append(free)
    return placed


def misplaced(items: Sequence[Exercise]) -> str:
    """The first exercise of a list that comes before one it builds on, in words; or nothing."""
    later = [item.id for item in items]
    for item in items:
        later.remove(item.id)
        if before := [id for id in needed(item) if id in later]:
            return f"{item.id} builds on {before[0]}, which comes after it; exchange the two"
    return ""

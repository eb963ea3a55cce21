"""An exercise and its parts, declared by decorators in one file.

The file's place is the exercise's id: `exercises/softmax/stable_softmax.py` is
`softmax.stable_softmax`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from exercises.answers import Array, Expression, Kind, Number
from exercises.declaration import ExerciseError, Function, Variant, factor, signed
from exercises.figure import Figure
from exercises.part import Mistake, Part
from exercises.variant import Draws

__all__ = [
    "Exercise",
    "ExerciseError",
    "Function",
    "Mistake",
    "Part",
    "Variant",
    "factor",
    "signed",
]


CARRIED = (Number, Array, Expression)  # answers from which a later part can be computed
LONGEST = 240
# Minutes for one point: an estimate for planning a sheet, not a measurement.
_PACE = {"Number": 2.0, "Array": 2.5, "Expression": 2.5, "Derivation": 2.5, "Code": 3.0}
_PACE |= {"Gradient": 3.5, "Erratum": 1.5}
_SLOWER = {1: 1.0, 2: 1.15, 3: 1.3}


class Exercise:
    """One question, drawn anew for each seed.

    Attributes:
        title: what it is about, in a few words.
        claims: the ledger ids of what the notes say on it.
        level: 1 (routine) to 3 (a challenge).
        prerequisites: ids of exercises, or topics, that one should have done before.
        picture: drawn for the question, or none.
    """

    def __init__(
        self,
        title: str,
        claims: Sequence[str] = (),
        level: int = 1,
        prerequisites: Sequence[str] = (),
        minutes: int | None = None,
    ) -> None:
        if isinstance(prerequisites, str):
            raise ExerciseError(f"{title!r}: prerequisites must be a list; got {prerequisites!r}")
        if minutes is not None and not 1 <= minutes <= LONGEST:
            raise ExerciseError(f"{title!r}: minutes must be from 1 to {LONGEST}; got {minutes}")
        self.title = title
        self.claims = tuple(claims)
        self.level = level
        self.prerequisites = tuple(prerequisites)
        self.parts: tuple[Part, ...] = ()
        self.picture: Figure | None = None
        self._minutes = minutes
        self._draw: Function | None = None
        self._module = ""

    @property
    def id(self) -> str:
        """The module's path below `exercises`.

        Raises:
            ExerciseError: nothing is declared yet, so no module is known.
        """
        if not self._module:
            raise ExerciseError(f"the exercise {self.title!r} has neither a variant nor a part")
        return self._module.removeprefix("exercises.")

    def variant(self, function: Function) -> Function:
        """Declare what is drawn: a function of `Draws` that returns names and values.

        Raises:
            ExerciseError: the exercise has one already.
        """
        self._module = function.__module__
        if self._draw is not None:
            raise ExerciseError(f"{self.id}: an exercise has one variant function, found a second")
        self._draw = function
        return function

    def figure(self, alt: str) -> Callable[[Function], Function]:
        """Declare the picture of the question: the function draws on a Matplotlib `Axes`.

        Its first argument is `axes`, the others are names of the variant.

        Args:
            alt: what is drawn, for those who do not see it; may name values of the variant, and
                must give no answer away.

        Raises:
            ExerciseError: there is one already, or it is not said what it shows.
        """

        def declare(function: Function) -> Function:
            self._module = function.__module__
            if self.picture is not None or not alt.strip():
                raise ExerciseError(f"{self.id}: one figure, with a text in its place (alt=...)")
            self.picture = Figure(function, alt)
            return function

        return declare

    def part(
        self,
        points: int,
        answer: Kind,
        after: Part | Sequence[Part] = (),
        share: float = 1.0,
    ) -> Callable[[Function], Part]:
        """Declare a part: the docstring is the question, the returned value the reference.

        Args:
            points: what the right answer is worth.
            answer: the kind of answer asked for.
            after: earlier parts of this exercise that the answer is worked out from. The function
                takes their answers as arguments, named like the functions that declare them. A
                student whose earlier answer was wrong is marked from it: error carried forward.
            share: which fraction of the points what follows from a wrong answer earns.

        Raises:
            ExerciseError: the points are not positive, the name is taken, or an earlier part is
                not of this exercise or has an answer that nothing can be computed from.
        """
        earlier = (after,) if isinstance(after, Part) else tuple(after)

        def declare(function: Function) -> Part:
            self._module = function.__module__
            _check_earlier(self, function, earlier, share)
            if points < 1:
                raise ExerciseError(f"{self.id}: {answer.name} must be worth 1 or more: {points}")
            if answer.name in {part.name for part in self.parts}:
                raise ExerciseError(f"{self.id}: two parts ask for {answer.name!r}")
            declared = Part(self, function, points, answer, earlier, share)
            self.parts += (declared,)
            return declared

        return declare

    def draw(self, seed: str | int) -> dict[str, Any]:
        """The variant of a seed: the same on every machine, and for 1 as for "1"."""
        return {} if self._draw is None else dict(self._draw(Draws(self.id, seed)))

    @property
    def points(self) -> int:
        """The points of all parts."""
        return sum(part.points for part in self.parts)

    @property
    def minutes(self) -> int:
        """How long it takes: as declared, or else estimated from its parts and its level."""
        if self._minutes is not None:
            return self._minutes
        work = sum(part.points * _PACE.get(type(part.answer).__name__, 2.0) for part in self.parts)
        return max(2, round(work * _SLOWER[self.level]))

    def __repr__(self) -> str:
        return f"<Exercise {self._module.removeprefix('exercises.') or self.title}>"


def _check_earlier(
    exercise: Exercise, function: Function, earlier: tuple[Part, ...], share: float
) -> None:
    where = f"{exercise.id}.{function.__name__}"
    for part in earlier:
        if part not in exercise.parts:
            raise ExerciseError(f"{where}: {part.id} is no earlier part of this exercise")
        if not isinstance(part.answer, CARRIED):
            kind = type(part.answer).__name__
            raise ExerciseError(f"{where}: nothing can be computed from {part.id}, a {kind}")
        if part.function_name not in inspect.signature(function).parameters:
            raise ExerciseError(
                f"{where}: comes after {part.function_name} and must take its answer as the "
                f"argument {part.function_name}"
            )
    if earlier and not 0 < share <= 1:
        raise ExerciseError(f"{where}: share must be above 0 and at most 1; got {share}")

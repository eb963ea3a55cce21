"""An exercise and its parts, declared by decorators in one file.

The file's place is the exercise's id: `exercises/softmax/stable_softmax.py` is
`softmax.stable_softmax`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from exercises.answers import Kind
from exercises.variant import Draws

Function = Callable[..., Any]
Variant = Mapping[str, Any]


class ExerciseError(ValueError):
    """An exercise is declared wrongly; the message names it and says what must hold."""


class Mistake:
    """A slip that students make, worth part of the points.

    Attributes:
        name: the function that gives the wrong answer.
        credit: the points that it still earns.
        help: what the student is told; it must not give the answer away.
    """

    def __init__(self, function: Function, credit: int, help: str) -> None:
        self.name = function.__name__
        self.credit = credit
        self.help = help
        self._function = function

    def value(self, variant: Variant) -> Any:
        """The wrong answer, of the same sort as the reference."""
        return _called(self._function, variant)

    def __repr__(self) -> str:
        return f"<Mistake {self.name}>"


class Part:
    """What one mark is given for. The docstring is the question, the value the reference."""

    def __init__(self, exercise: Exercise, function: Function, points: int, answer: Kind) -> None:
        self.exercise = exercise
        self.points = points
        self.answer = answer
        self.mistakes: tuple[Mistake, ...] = ()
        self.hints: tuple[str, ...] = ()
        self._function = function
        self._docstring = _docstring(function)

    @property
    def id(self) -> str:
        """The exercise's id and the function's name."""
        return f"{self.exercise.id}.{self._function.__name__}"

    @property
    def name(self) -> str:
        """The variable or function that a submission defines."""
        return self.answer.name

    def text(self, variant: Variant) -> str:
        """The question, as Markdown with LaTeX between dollar signs.

        Raises:
            jinja2.UndefinedError: the docstring names something that the variant lacks.
        """
        return str(_environment().from_string(self._docstring).render(variant))

    def reference(self, variant: Variant) -> Any:
        """The right answer; its type is the answer kind's."""
        return _called(self._function, variant)

    def instruction(self, variant: Variant) -> str:
        """How to write the answer down."""
        return self.answer.instruction(self.reference(variant))

    def mistake(self, credit: int, help: str) -> Callable[[Function], Mistake]:
        """Declare a slip: the decorated function gives the wrong answer for a variant.

        Raises:
            ExerciseError: the credit is not between nothing and less than the full points.
        """

        def declare(function: Function) -> Mistake:
            if not 0 <= credit < self.points:
                raise ExerciseError(
                    f"{self.id}: a mistake's credit must be from 0 to {self.points - 1}; "
                    f"{function.__name__} has {credit}"
                )
            declared = Mistake(function, credit, help)
            self.mistakes += (declared,)
            return declared

        return declare

    def hint(self, function: Function) -> Function:
        """Declare a hint: the docstring of the function, the same for every variant."""
        self.hints += (_docstring(function),)
        return function

    def __repr__(self) -> str:
        return f"<Part {self.id}>"


class Exercise:
    """One question, drawn anew for each seed.

    Attributes:
        title: what it is about, in a few words.
        claims: the ledger ids of what the notes say on it.
        level: 1 (routine) to 3 (a challenge).
    """

    def __init__(self, title: str, claims: Sequence[str] = (), level: int = 1) -> None:
        self.title = title
        self.claims = tuple(claims)
        self.level = level
        self.parts: tuple[Part, ...] = ()
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

    def part(self, points: int, answer: Kind) -> Callable[[Function], Part]:
        """Declare a part: the docstring is the question, the returned value the reference.

        Raises:
            ExerciseError: the points are not positive, or the name is taken.
        """

        def declare(function: Function) -> Part:
            self._module = function.__module__
            if points < 1:
                raise ExerciseError(f"{self.id}: {answer.name} must be worth 1 or more: {points}")
            if answer.name in {part.name for part in self.parts}:
                raise ExerciseError(f"{self.id}: two parts ask for {answer.name!r}")
            declared = Part(self, function, points, answer)
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

    def __repr__(self) -> str:
        return f"<Exercise {self._module.removeprefix('exercises.') or self.title}>"


def _called(function: Function, variant: Variant) -> Any:
    """The function's value, given those of the variant's names that it asks for."""
    wanted = inspect.signature(function).parameters
    missing = [name for name in wanted if name not in variant]
    if missing:
        raise ExerciseError(
            f"{function.__module__}.{function.__name__} asks for {', '.join(missing)}; "
            f"the variant draws {', '.join(variant) or 'nothing'}"
        )
    return function(**{name: variant[name] for name in wanted})


def _docstring(function: Function) -> str:
    text = inspect.getdoc(function)
    if not text:
        raise ExerciseError(f"{function.__module__}.{function.__name__} needs a docstring")
    return text


@cache
def _environment() -> Any:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(undefined=StrictUndefined, autoescape=False)  # Markdown, not HTML
    environment.filters |= {"factor": factor, "signed": signed}
    return environment


def factor(number: Any) -> str:
    """A number as it stands before a symbol: 1 is left out, -1 is a sign."""
    return {1: "", -1: "-"}.get(number, str(number))


def signed(number: Any) -> str:
    """A number as it stands after another term: "+ 2", "- 2"."""
    return f"- {-number}" if number < 0 else f"+ {number}"

"""A part of an exercise, what one mark is given for, with its known mistakes and hints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from typing import TYPE_CHECKING, Any

from exercises.answers import Derivation, Erratum, Kind
from exercises.declaration import ExerciseError, Function, Variant, called, docstring, rendered

if TYPE_CHECKING:
    from exercises.core import Exercise

HINT_PRICE = 0.1


class Mistake:
    """A slip that students make, worth part of the points.

    Attributes:
        name: the function that gives the wrong answer.
        credit: the points that it still earns.
        help: what the student is told; it must not give the answer away.
    """

    def __init__(self, part: Part, function: Function, credit: int, help: str) -> None:
        self.name = function.__name__
        self.credit = credit
        self.help = help
        self._part = part
        self._function = function

    def value(self, variant: Variant) -> Any:
        """The wrong answer, of the same sort as the reference."""
        return called(self._function, self._part.with_earlier(variant))

    def of(self, part: Part) -> Mistake:
        """The same slip made in another copy of its part."""
        made = copy(self)
        made._part = part
        return made

    def __repr__(self) -> str:
        return f"<Mistake {self.name}>"


class Part:
    """What one mark is given for. The docstring is the question, the value the reference.

    Attributes:
        exercise: the exercise that it belongs to.
        points: what the right answer is worth.
        answer: the kind of answer asked for.
        after: the earlier parts whose answers it works on, which its function takes as arguments.
        share: which fraction of the points the right answer to a wrong earlier one still earns.
        mistakes: the slips that are known, in the order declared.
        hints: one for each place where people get stuck.
        hint_prices: what each of them costs who asks for it while grading, of the points.
    """

    def __init__(
        self,
        exercise: Exercise,
        function: Function,
        points: int,
        answer: Kind,
        after: tuple[Part, ...] = (),
        share: float = 1.0,
    ) -> None:
        self.exercise = exercise
        self.points = points
        self.answer = answer
        self.after = after
        self.share = share
        self.mistakes: tuple[Mistake, ...] = ()
        self.hints: tuple[str, ...] = ()
        self.hint_prices: tuple[float, ...] = ()
        self._function = function
        self._docstring = docstring(function)
        self._earlier: Mapping[str, Any] = {}

    @property
    def id(self) -> str:
        """The exercise's id and the function's name."""
        return f"{self.exercise.id}.{self.function_name}"

    @property
    def function_name(self) -> str:
        """The name of the function that declares it."""
        return self._function.__name__

    @property
    def name(self) -> str:
        """The variable or function that a submission defines."""
        return self.answer.name

    def text(self, variant: Variant) -> str:
        """The question, as Markdown with LaTeX between dollar signs.

        Raises:
            ExerciseError: the docstring names something that the variant lacks, or is no template.
        """
        from jinja2 import TemplateError

        try:
            return rendered(self._docstring, variant)
        except TemplateError as error:
            code = self._function.__code__
            where = f"{code.co_filename}, line {code.co_firstlineno}"
            drawn = ", ".join(variant) or "nothing"
            raise ExerciseError(
                f"{where}: the question of {self.function_name}: {error}; the variant draws {drawn}"
            ) from error

    def reference(self, variant: Variant) -> Any:
        """The right answer; its type is the answer kind's."""
        return called(self._function, self.with_earlier(variant))

    def following(self, answers: Mapping[str, Any]) -> Part:
        """This part with somebody's own earlier answers in place of the right ones.

        Args:
            answers: answers by the name of their part's function.
        """
        made = copy(self)
        made._earlier = answers
        made.mistakes = tuple(mistake.of(made) for mistake in self.mistakes)
        return made

    def with_earlier(self, variant: Variant) -> Variant:
        """The variant, and the answers to the earlier parts by the names of their functions."""
        if not self.after:
            return variant
        right = {
            part.function_name: part.reference(variant)
            for part in self.after
            if part.function_name not in self._earlier
        }
        return {**variant, **right, **self._earlier}

    def instruction(self, variant: Variant) -> str:
        """How to write the answer down."""
        said = self.answer.instruction(self.reference(variant))
        if not self.after:
            return said
        names = " and ".join(f"`{part.name}`" for part in self.after)
        return f"{said} Should {names} be wrong, what follows from it counts."

    def mistake(self, credit: int, help: str) -> Callable[[Function], Mistake]:
        """Declare a slip: the decorated function gives the wrong answer for a variant.

        Raises:
            ExerciseError: the credit is not between nothing and less than the full points, or the
                answer is of a kind whose marking would never look at it.
        """

        def declare(function: Function) -> Mistake:
            if isinstance(self.answer, Derivation | Erratum):
                kind = type(self.answer).__name__
                raise ExerciseError(
                    f"{self.id}: {function.__name__} would never be used: the marking of {kind} "
                    "answers finds the wrong line, and the slip in it, by itself; leave it out"
                )
            if not 0 <= credit < self.points:
                raise ExerciseError(
                    f"{self.id}: a mistake's credit must be from 0 to {self.points - 1}; "
                    f"{function.__name__} has {credit}"
                )
            declared = Mistake(self, function, credit, help)
            self.mistakes += (declared,)
            return declared

        return declare

    def hint(
        self, function: Function | None = None, *, price: float = HINT_PRICE
    ) -> Callable[[Function], Function] | Function:
        """Declare a hint: the docstring of the function, the same for every variant.

        Args:
            function: the function, where the decorator stands without brackets.
            price: what asking for it costs, as a share of the part's points.

        Raises:
            ExerciseError: the price is not a share from 0 to 1.
        """

        def declare(declared: Function) -> Function:
            if not 0 <= price <= 1:
                raise ExerciseError(
                    f"{self.id}: the price of a hint is a share of the points, from 0 to 1; "
                    f"{declared.__name__} has {price}"
                )
            self.hints += (docstring(declared),)
            self.hint_prices += (price,)
            return declared

        return declare if function is None else declare(function)

    def __repr__(self) -> str:
        return f"<Part {self.id}>"

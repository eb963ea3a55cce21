"""The draws behind a variant: a stream of bytes hashed from the exercise and the seed.

`random` and NumPy promise no fixed stream between versions; SHA-256 does, so a seed gives a student
the same sheet on every machine, and the grader the same reference.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256
from itertools import count
from typing import Any, TypeVar

T = TypeVar("T")
TRIES = 1000


class Draws:
    """What `@ex.variant` draws from; equal exercise and seed give equal draws, in order."""

    def __init__(self, exercise_id: str, seed: str | int) -> None:
        self._key = f"{exercise_id}\n{seed}".encode()
        self._blocks = count()

    def integer(self, low: int, high: int, exclude: Sequence[int] = ()) -> int:
        """An integer from low to high, both included, and none of those in `exclude`.

        Raises:
            ValueError: no integer is left to draw.
        """
        return self.choice([k for k in range(low, high + 1) if k not in exclude])

    def distinct_integers(self, low: int, high: int, n: int) -> tuple[int, ...]:
        """Different integers from low to high, both included, in the order drawn.

        Raises:
            ValueError: the range holds fewer than n.
        """
        if not 0 <= n <= high - low + 1:
            raise ValueError(f"distinct_integers: {n} do not fit between {low} and {high}")
        return self.shuffled(range(low, high + 1))[:n]

    def weights(self, n: int, denominator: int) -> tuple[Any, ...]:
        """Positive rationals with sum 1, each a multiple of 1/denominator.

        Raises:
            ValueError: the denominator is below n, so a weight would be zero.
        """
        from sympy import Rational

        if not 1 <= n <= denominator:
            raise ValueError(f"weights: {n} positive multiples of 1/{denominator} exceed 1")
        cuts = sorted(self.distinct_integers(1, denominator - 1, n - 1))
        ends = zip([0, *cuts], [*cuts, denominator], strict=True)
        return tuple(Rational(right - left, denominator) for left, right in ends)

    def rational(self, low: int, high: int, denominator: int) -> Any:
        """A multiple of 1/denominator from low to high, both included, in lowest terms."""
        from sympy import Rational

        return Rational(self.integer(low * denominator, high * denominator), denominator)

    def sign(self) -> int:
        """One or minus one."""
        return self.choice((-1, 1))

    def choice(self, options: Sequence[T]) -> T:
        """One of the options.

        Raises:
            ValueError: there are none.
        """
        if not options:
            raise ValueError("choice: no options to draw from")
        return options[self._below(len(options))]

    def shuffled(self, items: Sequence[T]) -> tuple[T, ...]:
        """The items in an order drawn uniformly."""
        left = list(items)
        return tuple(left.pop(self._below(len(left))) for _ in range(len(left)))

    def until(self, draw: Callable[[], T], holds: Callable[[T], bool]) -> T:
        """What `draw` draws, drawn again until it is sound: no 0/0, no tie, no second answer.

        Raises:
            ValueError: none of a thousand draws is.
        """
        for _ in range(TRIES):
            if holds(drawn := draw()):
                return drawn
        raise ValueError(f"until: none of {TRIES} draws holds what is asked for")

    def _below(self, n: int) -> int:
        """A uniform integer from 0 to n - 1."""
        # The top of the range is drawn again: a plain remainder would favour small integers.
        fair = 2**64 - 2**64 % n
        while (number := self._next()) >= fair:
            pass
        return number % n

    def _next(self) -> int:
        block = self._key + b"\n" + str(next(self._blocks)).encode()
        return int.from_bytes(sha256(block).digest()[:8], "big")

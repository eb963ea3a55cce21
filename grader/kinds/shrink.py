"""The smallest input at which something is still true, so that a student can follow it by hand.

Rows and columns are cut away and numbers made simpler, one change after the other, as long as what
makes the input interesting stays. The same question always has the same answer.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any, Generic, TypeVar

import numpy as np

from grader.kinds.structure import Place, Structure

T = TypeVar("T")
ATTEMPTS = 250
SECONDS = 1.0  # not reached unless the function is slow
SMALL = 64  # entries, up to which each is tried by itself


class SearchOver(Exception):
    """Raised when trying one more input would cost too much."""


class Shrinker(Generic[T]):
    """A search for a smaller input.

    Attributes:
        args: the smallest input so far.
        result: what `interesting` said of it.
    """

    def __init__(
        self,
        structure: Structure,
        args: Sequence[Any],
        result: T,
        interesting: Callable[[Sequence[Any]], T | None],
    ) -> None:
        """Prepare the search.

        Args:
            structure: what must stay true of the inputs.
            args: the input to begin with.
            result: what `interesting` says of it.
            interesting: what is still to be seen at a smaller input, or None when it is not. It may
                end the search by raising `SearchOver`.
        """
        self.structure = structure
        self.args = list(args)
        self.result = result
        self._interesting = interesting
        self._left = ATTEMPTS
        self._until = time.monotonic() + SECONDS

    def run(self) -> T:
        """The result at the smallest input that was found."""
        with np.errstate(all="ignore"), suppress(SearchOver):
            while self._cut() | self._simplify():
                pass
        return self.result

    def _try(self, args: list[Any]) -> bool:
        """Move to these arguments if they are legal and still interesting."""
        if self._left <= 0 or time.monotonic() > self._until or not self.structure.holds(args):
            return False
        self._left -= 1
        result = self._interesting(args)
        if result is None:
            return False
        self.args, self.result = args, result
        return True

    def _cut(self) -> bool:
        """Take slices away along each length, large ones first."""
        progress = False
        for places in self.structure.linked:
            size = self._length(places) // 2
            while size:
                start = 0
                while start < self._length(places) and self._length(places) > size:
                    stop = min(start + size, self._length(places))
                    if any(self._try(args) for args in without(self.args, places, start, stop)):
                        progress = True
                    else:
                        start = stop
                size //= 2
        return progress

    def _length(self, places: Sequence[Place]) -> int:
        i, axis = places[0]
        return int(self.args[i].shape[axis])

    def _simplify(self) -> bool:
        """Make numbers simpler: whole arguments first, then each entry."""
        progress = False
        for i, value in enumerate(self.args):
            if isinstance(value, np.ndarray):
                for simpler in _simpler_arrays(value):
                    progress |= self._replace(i, simpler)
                if value.size <= SMALL:
                    for place in np.ndindex(value.shape):
                        progress |= self._simplify_entry(i, place)
            elif type(value) is float:
                progress |= any(self._replace(i, simpler) for simpler in simpler_numbers(value))
        return progress

    def _replace(self, i: int, value: Any) -> bool:
        if cost(value) >= cost(self.args[i]):
            return False
        return self._try([*self.args[:i], value, *self.args[i + 1 :]])

    def _simplify_entry(self, i: int, place: tuple[int, ...]) -> bool:
        for number in self._numbers_for(self.args[i], place):
            changed = self.args[i].copy()
            changed[place] = number
            if self._replace(i, changed):
                return True
        return False

    @staticmethod
    def _numbers_for(array: Any, place: tuple[int, ...]) -> Iterator[float]:
        if array.dtype.kind == "f":
            yield from simpler_numbers(float(array[place]))
        elif array.dtype.kind in "iu":
            smaller = np.unique(array)
            yield from smaller[np.abs(smaller) < abs(array[place])]


def without(
    args: Sequence[Any], places: Sequence[Place], start: int, stop: int
) -> Iterator[list[Any]]:
    """The arguments without a slice along some axes; and again with rows that still sum to 1."""
    shorter = list(args)
    for i, axis in places:
        if axis is None:
            shorter[i] -= stop - start
        else:
            shorter[i] = np.delete(shorter[i], slice(start, stop), axis)
    yield shorter
    scaled, changed = list(shorter), False
    for i, axis in places:
        if axis is not None and shorter[i].dtype.kind == "f":
            total = shorter[i].sum(axis=-1, keepdims=True)
            if (total > 0).all():
                scaled[i], changed = shorter[i] / total, True
    if changed:
        yield scaled


def cost(value: Any) -> tuple[int, float]:
    """How hard a value is to read: its digits first, and then the sizes of its numbers."""
    costs = [_cost(float(number)) for number in np.ravel(value)]
    return sum(digits for digits, _ in costs), sum(size for _, size in costs)


def _cost(number: float) -> tuple[int, float]:
    if not math.isfinite(number):
        return 1, 0.0
    mantissa, _, exponent = np.format_float_scientific(number, trim="-").lstrip("-").partition("e")
    digits = len(mantissa.replace(".", "")) - (number == 0)
    fraction = 1 if number != math.floor(number) else 0
    # 1000 reads better than 800, but not 10 better than 8.
    round_number = mantissa == "1" and int(exponent) >= 2
    size = 1.0 + abs(int(exponent)) if round_number else min(abs(number), 1e12) + 1.0
    return digits + fraction + (number < 0), 0.0 if number == 0 else size


def simpler_numbers(number: float) -> list[float]:
    """Numbers to try in place of this one, simplest first."""
    if number == 0 or not math.isfinite(number):
        return []
    if abs(number) < sys.float_info.min:
        return [0.0]  # below it, powers of ten are too coarse to compute with
    sign = math.copysign(1.0, number)
    unit = sign * 10.0 ** math.floor(math.log10(abs(number)))
    tried = [0.0, 1.0, sign, 2 * sign, 10 * sign, unit, 10 * unit, round(number / unit) * unit]
    tried += [round(number, decimals) for decimals in (0, 1, 2)]
    tried = [float(f"{x:.12g}") for x in tried if math.isfinite(x)]
    return [x for x in dict.fromkeys(tried) if _cost(x) < _cost(number)]


def _simpler_arrays(array: Any) -> Iterator[Any]:
    if array.dtype.kind != "f":
        return
    yield np.zeros_like(array)
    yield np.ones_like(array)
    if array.ndim == 2 and array.shape[0] == array.shape[1]:
        yield np.eye(len(array))
    if array.ndim and array.shape[-1]:
        yield np.full_like(array, 1 / array.shape[-1])
        yield np.eye(array.shape[-1])[np.argmax(array, axis=-1)]
    for decimals in (0, 1, 2):
        rounded = np.round(array, decimals)
        yield rounded
        if array.ndim and array.shape[-1] > 1:  # what is left over goes to the last: a sum stays
            rounded[..., -1] += np.round(array.sum(axis=-1) - rounded.sum(axis=-1), 12)
            yield np.round(rounded, 12)

"""What the inputs that an exercise draws have in common, so that made ones can have it too.

An exercise says in its text what its inputs are: labels from 0 to K - 1, rows that sum to 1, as
many labels as examples. It draws inputs of which all of that is true. Whatever is true of every
drawn input is kept in the inputs that the grader makes from them: nobody is shown, or marked on, an
input that the text ruled out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np

Args: TypeAlias = Sequence[Any]
Place: TypeAlias = "tuple[int, int | None]"  # an argument, and its axis; None: its value is a size
Property: TypeAlias = Callable[[Any], bool]


def _sums_to_one(a: Any, axis: int | None) -> bool:
    return a.size > 0 and bool((abs(a.sum(axis=axis) - 1.0) <= 1e-12).all())


def _every_class(a: Any) -> bool:
    return set(a.ravel().tolist()) == set(range(int(a.max(initial=-1)) + 1))


PROPERTIES: dict[str, Property] = {
    "finite": lambda a: bool(np.isfinite(a).all()),
    "whole": lambda a: bool((a == np.floor(a)).all()),
    "not negative": lambda a: bool((a >= 0).all()),
    "positive": lambda a: bool((a > 0).all()),
    "at most 1": lambda a: bool((a <= 1).all()),
    "below 1": lambda a: bool((a < 1).all()),
    "at least 1": lambda a: bool((a >= 1).all()),
    "rows sum to 1": lambda a: a.ndim > 0 and _sums_to_one(a, -1),
    "sums to 1": lambda a: _sums_to_one(a, None),
    "sorted": lambda a: a.ndim > 0 and bool((np.diff(a, axis=0) >= 0).all()),
    "symmetric": lambda a: a.ndim == 2 and a.shape[0] == a.shape[1] and bool((a == a.T).all()),
}
CLASSES: dict[str, Property] = {"every class": _every_class}


class Structure:
    """What holds of all the inputs that an exercise drew.

    Attributes:
        linked: the axes that must keep the same length, in one list for each length; an integer
            argument that is that length is among them.
    """

    def __init__(self, inputs: Sequence[Args], example: Args) -> None:
        """Look at the inputs.

        Args:
            inputs: argument tuples, all that were drawn.
            example: the one from which others are to be made.
        """
        alike = [args for args in inputs if _signature(args) == _signature(example)]
        self.linked = _linked(alike)
        self._inputs, self._example = inputs, example

    @cached_property
    def _kept(self) -> list[list[Property]]:
        everything = [args for args in self._inputs if len(args) == len(self._example)]
        return [_common([args[i] for args in everything]) for i in range(len(self._example))]

    @cached_property
    def _values(self) -> list[Any]:
        return [_whole_numbers(value) for value in self._example]

    def holds(self, args: Args) -> bool:
        """Whether all that the drawn inputs have in common is true of these."""
        return all(
            _numeric(value) is None or all(test(_numeric(value)) for test in kept)
            for value, kept in zip(args, self._kept, strict=True)
        ) and all(
            allowed is None or np.isin(value, allowed).all()
            for value, allowed in zip(args, self._values, strict=True)
        )


def _signature(args: Args) -> list[tuple[str, int]]:
    return [(type(value).__name__, np.ndim(value)) for value in args]


def _numeric(value: Any) -> Any:
    """A number or an array as an array, and None for anything else."""
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
        return value
    return np.asarray(value) if type(value) in (int, float) else None


def _whole_numbers(value: Any) -> Any:
    """The values of an array of integers, such as labels: no others may appear; else None."""
    if isinstance(value, np.ndarray) and value.dtype.kind in "biu":
        return np.unique(value)
    return None


def _common(values: Sequence[Any]) -> list[Property]:
    arrays = [_numeric(value) for value in values]
    if any(a is None for a in arrays):
        return []
    tests = list(PROPERTIES.values())
    if all(a.dtype.kind in "biu" for a in arrays):
        tests += CLASSES.values()
    return [test for test in tests if all(test(a) for a in arrays)]


def _linked(inputs: Sequence[Args]) -> list[list[Place]]:
    """The axes whose lengths agree in every input."""
    places: dict[tuple[int, ...], list[Place]] = {}
    for i, value in enumerate(inputs[0]):
        if isinstance(value, np.ndarray):
            for axis in range(value.ndim):
                lengths = tuple(args[i].shape[axis] for args in inputs)
                places.setdefault(lengths, []).append((i, axis))
    for i, value in enumerate(inputs[0]):
        if type(value) is int:
            lengths = tuple(args[i] for args in inputs)
            if lengths in places:
                places[lengths].append((i, None))
    return list(places.values())

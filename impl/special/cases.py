"""What the special functions share: polynomials, one float type, and cases in blocks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from impl.core import Array, as_float

_BLOCK = 8192


def polynomial(coefficients: tuple[float, ...], x: Array) -> Array:
    """c_0 + c_1 x + c_2 x^2 + ..., by Horner's rule."""
    value = np.full_like(x, coefficients[-1])
    for c in coefficients[-2::-1]:
        value *= x
        value += c
    return value


def double(*arguments: Any) -> tuple[Any, ...]:
    """The arguments as float64 arrays of one shape, and after them the type of the result."""
    floats = [as_float(a) for a in arguments]
    kind = np.result_type(*floats)
    return (*np.broadcast_arrays(*(f.astype(np.float64) for f in floats)), kind)


Case = tuple[Callable[[Array], Array], Callable[[Array], Array]]


def by_cases(x: Array, *cases: Case) -> Array:
    """Each value by the first case whose condition holds for it; NaN where none does."""
    flat = x.ravel()
    value = np.full_like(flat, np.nan)
    for start in range(0, flat.size, _BLOCK):  # in the cache, where polynomials are twice as fast
        part = flat[start : start + _BLOCK]
        out = value[start : start + _BLOCK]
        left = np.ones(part.shape, bool)
        for holds, function in cases:
            here = left & holds(part)
            if here.any():
                out[here] = function(part[here])
                left &= ~here
    return value.reshape(x.shape)

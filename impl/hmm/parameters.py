"""The three arrays of a hidden Markov model, checked: pi, A and B of the notes."""

from __future__ import annotations

from typing import Any

import numpy as np

from impl.checks import finite
from impl.core import Array, ShapeError, as_float


def parameters(where: str, initial: Any, transition: Any, emission: Any) -> list[Array]:
    """pi (N,), A (N, N) and B (N, M) as float64, each row a distribution.

    Raises:
        ShapeError: the shapes do not fit together.
        ValueError: a value is negative or not finite, or a row does not sum to 1.

    Source: SU-2.77, SU-2.77.sum, SU-2.78, SU-2.79.
    """
    pi = as_float(initial).astype(np.float64)
    if pi.ndim != 1 or pi.size == 0:
        raise ShapeError(f"{where}: initial must have shape (N,), N >= 1; got {pi.shape}")
    n = len(pi)
    A = as_float(transition).astype(np.float64, order="C")
    if A.shape != (n, n):
        raise ShapeError(f"{where}: transition must have shape ({n}, {n}); got {A.shape}")
    B = as_float(emission).astype(np.float64, order="C")
    if B.ndim != 2 or len(B) != n or B.shape[1] == 0:
        raise ShapeError(f"{where}: emission must have shape ({n}, M); got {B.shape}")
    for name, array in (("initial", pi), ("transition", A), ("emission", B)):
        # A NaN or an infinity fails this too, and is then named.
        sums = np.add.reduce(array, axis=-1)
        apart = np.maximum.reduce(np.abs(sums - 1), axis=None)
        if not (np.minimum.reduce(array, axis=None) >= 0 and apart <= 1e-6):
            finite(where, name, array)
            raise ValueError(
                f"{where}: the rows of {name} must be distributions; got sums {sums} and "
                f"least value {array.min()}"
            )
    return [pi, A, B]


def observed(where: str, observations: Any, symbols: int) -> Array:
    """Symbol numbers of one sequence, shape (T,), T >= 1, from 0 to symbols - 1.

    Raises:
        ShapeError: another shape, or no observation.
        ValueError: they are not whole numbers in the range.
    """
    array = np.asarray(observations)
    if array.ndim != 1 or array.size == 0:
        raise ShapeError(f"{where}: observations must have shape (T,), T >= 1; got {array.shape}")
    if array.dtype.kind not in "iu":
        raise ValueError(f"{where}: observations must be whole numbers; got {array.dtype}")
    if array.min() < 0 or array.max() >= symbols:
        raise ValueError(
            f"{where}: observations go from 0 to {symbols - 1}; got {array.min()} to {array.max()}"
        )
    return np.ascontiguousarray(array, dtype=np.intp)


def log(probabilities: Array) -> Array:
    """The logarithm, -inf for 0."""
    with np.errstate(divide="ignore"):
        return np.log(probabilities)

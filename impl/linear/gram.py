"""Centred cross-products in one pass over the examples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from impl._kernels.loading import kernels
from impl.core import Array

_BLOCK = 1 << 16
_SAMPLE = 1000  # rows that say about where the means are
_PARTS = 16  # of the rows, shared out to threads; a fixed number, so that threads change no bit


@dataclass(frozen=True)
class CrossProducts:
    """Means of X and y, and their centred products.

    Attributes:
        mean: of the columns of X, shape (d,); zeros when nothing was centred.
        target_mean: of y.
        gram: sum of (x - mean)(x - mean)^T, shape (d, d).
        cross: sum of (x - mean)(y - target_mean), shape (d,).
        energy: sum of (y - target_mean)^2.
        count: the number of examples.
    """

    mean: Array
    target_mean: float
    gram: Array
    cross: Array
    energy: float
    count: int


def cross_products(
    X: Array, y: Array, centre: bool = True, precision: Any = np.float64
) -> CrossProducts:
    """The products of X and y, summed up in float64.

    All is moved by the mean of some examples before it is multiplied, so that a large mean costs no
    digits; what is then left of the means is small and is taken off at the end.

    Args:
        X: shape (n, d).
        y: shape (n,).
        centre: whether to take the means off.
        precision: the float type in which small blocks of rows are multiplied. Single precision is
            twice as quick; solving with its products would cost twice the digits that they lack.
    """
    n, d = X.shape
    shift = np.zeros(d + 1, precision)
    if centre:
        some = slice(None, None, max(1, n // _SAMPLE))
        shift[:d] = X[some].mean(axis=0, dtype=np.float64)
        shift[d] = y[some].mean(dtype=np.float64)
    sums = _moments(X, y, shift)
    if centre:
        off = sums[:-1, -1] / n
        squares = sums.diagonal()[:-1]
        # Where the shift was so far off that this is most of the squares, digits are lost.
        if (2 * n * off**2 > squares).any():
            shift = (shift + off).astype(precision)
            sums = _moments(X, y, shift)
            off = sums[:-1, -1] / n
        shift = shift + off
        sums[:-1, :-1] -= np.outer(n * off, off)
    energy = max(float(sums[d, d]), 0.0)
    return CrossProducts(shift[:d], float(shift[d]), sums[:d, :d], sums[:d, d], energy, n)


def _moments(X: Array, y: Array, shift: Array) -> Array:
    """The sum of z z^T over the rows z = [x, y, 1] - [shift, 0], shape (d + 2, d + 2)."""
    n, d = X.shape
    # A million values take longer to come by than the compiled loops take to load.
    compiled = kernels("moments", X.size, X) if X.flags.c_contiguous else None
    if compiled:
        width = -(-(d + 2) // 4) * 4
        parts = np.zeros((min(_PARTS, n), width, width))
        compiled.in_blocks(compiled.moments, len(parts), X, y.astype(shift.dtype), shift, parts)
        upper = np.triu(parts.sum(axis=0)[: d + 2, : d + 2])
        return upper + np.triu(upper, 1).T
    sums = np.zeros((d + 2, d + 2))
    size = max(1, _BLOCK // (d + 2))
    rows = np.ones((min(size, n), d + 2), shift.dtype)
    for start in range(0, n, size):
        block = rows[: min(size, n - start)]
        np.subtract(X[start : start + size], shift[:d], out=block[:, :d])
        np.subtract(y[start : start + size], shift[d], out=block[:, d])
        sums += block.T @ block
    return sums

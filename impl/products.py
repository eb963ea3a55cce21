"""Matrix products of tall, thin matrices."""

from __future__ import annotations

import numpy as np

from impl.core import Array

# Up to so many multiplications, BLAS works on one thread. On thin matrices a second one only waits.
_ALONE = 1 << 18
_BLOCK = 1 << 17


def thin_product(left: Array, right: Array) -> Array:
    """left @ right in float64, for a few rows and columns and a long sum between them.

    Args:
        left: shape (p, n).
        right: shape (n, q).

    Returns:
        Shape (p, q).
    """
    (p, n), q = left.shape, right.shape[1]
    step = max(1, _BLOCK // max(p, q, 1))
    alone = _ALONE // max(p * q, 1)
    if alone >= 4 * max(p, q):  # blocks are still long enough to be worth a call
        step = min(step, alone)
    total = np.zeros((p, q))
    for start in range(0, n, step):
        rows = slice(start, start + step)
        total += left[:, rows] @ right[rows]
    return total


def cross_product(rows: Array) -> Array:
    """The sum of x x^T over the rows x of shape (n, d), in float64: shape (d, d)."""
    return thin_product(rows.T, rows)

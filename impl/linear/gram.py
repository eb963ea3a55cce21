"""Centred cross-products in one pass over the examples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from impl.core import Array

_BLOCK = 1 << 16


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


def cross_products(X: Array, y: Array, centre: bool = True) -> CrossProducts:
    """The products of X and y, in float64.

    Each block is moved by the mean of the first one before it is multiplied, so that a large mean
    costs no digits; what is then left of the means is small and is taken off at the end.

    Args:
        X: shape (n, d).
        y: shape (n,).
        centre: whether to take the means off.
    """
    n, d = X.shape
    size = max(1, _BLOCK // max(d, 1))
    shift = X[:size].mean(axis=0, dtype=np.float64) if centre else np.zeros(d)
    target_shift = float(y[:size].mean(dtype=np.float64)) if centre else 0.0
    gram, cross, energy = np.zeros((d, d)), np.zeros(d), 0.0
    total, target_total = np.zeros(d), 0.0
    for start in range(0, n, size):
        block = X[start : start + size]
        target = y[start : start + size]
        if centre or block.dtype != np.float64:
            block = block - shift
            target = target - target_shift
        gram += block.T @ block
        cross += block.T @ target
        energy += float(target @ target)
        if centre:
            total += block.sum(axis=0)
            target_total += float(target.sum())
    gram -= np.outer(total, total) / n
    cross -= total * (target_total / n)
    energy -= target_total**2 / n
    return CrossProducts(
        shift + total / n, target_shift + target_total / n, gram, cross, max(energy, 0.0), n
    )

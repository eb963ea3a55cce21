"""How mixed the labels of a node are."""

from __future__ import annotations

from typing import Any

import numpy as np

from impl.core import Array, ShapeError, as_float


def gini(counts: Any) -> Array:
    """1 - sum_k p_k^2: how often two labels drawn with replacement differ.

    Args:
        counts: of the classes, shape (..., K), not negative; p is counts over their sum.

    Raises:
        ShapeError: there is no class axis.
        ValueError: a count is negative, or all are 0.

    Method: L. Breiman, J. Friedman, R. Olshen and C. Stone, Classification and Regression Trees
    (1984).
    """
    p = _shares("gini", counts)
    return np.asarray(1 - (p**2).sum(axis=-1))


def entropy(counts: Any) -> Array:
    """-sum_k p_k log p_k, in nats; a class without rows adds 0.

    Arguments and errors as in `gini`.

    Method: J. R. Quinlan, Induction of decision trees (1986).
    """
    p = _shares("entropy", counts)
    logs = np.log(np.where(p > 0, p, 1))
    return np.asarray(-(p * logs).sum(axis=-1))


def _shares(name: str, counts: Any) -> Array:
    c = as_float(counts)
    if c.ndim == 0 or c.shape[-1] == 0:
        raise ShapeError(f"{name}: counts must have shape (..., K), K >= 1; got {c.shape}")
    totals = c.sum(axis=-1, keepdims=True)
    if (c < 0).any() or not (totals > 0).all():
        raise ValueError(f"{name}: counts must be >= 0 and not all 0; got {c.tolist()}")
    return np.asarray(c / totals)

"""The class means as the notes print them, with one divisor for all."""

from __future__ import annotations

from typing import Any

import numpy as np

from impl.core import Array, as_float


def class_mean(X: Any, y: Any, label: Any) -> Array:
    """(1/n) times the sum of the examples of one class, n being the number of all examples.

    Wrong: the divisor must be the number of examples of that class, else each mean is drawn towards
    0 by the class's share. `impl.gaussian_classifier` divides by the class's own count.

    Args:
        X: shape (n, d).
        y: shape (n,).
        label: the class.

    Source: CO-gauss-mu-mle.
    """
    X = as_float(X)
    return np.asarray(X[np.asarray(y) == label].sum(axis=0) / len(X))

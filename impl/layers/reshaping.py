"""From images to features."""

from __future__ import annotations

from typing import Any

import numpy as np

from impl.core import Array, ShapeError, as_float, op


@op(example=lambda rng: (rng.normal(size=(2, 3, 2, 2)),))
def flatten(x: Any) -> Array:
    """Each example as one row: shape (n, ...) becomes (n, d).

    Raises:
        ShapeError: x is a single number.
    """
    x = as_float(x)
    if x.ndim == 0:
        raise ShapeError("flatten: x must have shape (n, ...); got a single number")
    return np.ascontiguousarray(x).reshape(len(x), int(np.prod(x.shape[1:])))


@flatten.backward
def _(x: Any, gradient: Any) -> Array:
    return np.asarray(gradient).reshape(np.shape(x))

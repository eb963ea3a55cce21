"""The one shape that a prediction and its target have.

Nothing is broadcast, for (n,) against (n, 1) would silently become (n, n).
"""

from __future__ import annotations

from typing import Any

from impl.core import Array, ShapeError, as_float


def same_shape(name: str, x: Any, y: Any, roles: tuple[str, str]) -> tuple[Array, Array]:
    """Both as floats of the first one's type, and of one shape."""
    x = as_float(x)
    y = as_float(y).astype(x.dtype, copy=False)
    if x.shape != y.shape:
        raise ShapeError(
            f"{name}: {roles[0]} and {roles[1]} must have one shape; got {x.shape} and {y.shape}"
        )
    return x, y

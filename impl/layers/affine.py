"""The affine layer z = W a + b, for examples as rows."""

from __future__ import annotations

from typing import Any

import numpy as np

from impl.core import Array, ShapeError, as_float, op


def _example(rng: np.random.Generator) -> tuple[Any, ...]:
    return rng.normal(size=(4, 3)), rng.normal(size=(2, 3)), rng.normal(size=2)


@op(example=_example, differentiable=(0, 1, 2))
def affine(x: Any, weights: Any, bias: Any) -> Array:
    """W x + b for each example x; W[j, k] leads from input k to output j, as in the notes.

    Args:
        x: shape (..., d), examples as rows.
        weights: shape (m, d).
        bias: shape (m,).

    Returns:
        Shape (..., m).

    Raises:
        ShapeError: the shapes do not fit together.

    Source: SU-3.1a, CH-5.3.e1, XU-87, CO-nn-shapes.
    """
    x, weights, bias = _arguments("affine", x, weights, bias)
    z = np.asarray(x @ weights.T)
    z += bias
    return z


@affine.backward
def _(
    x: Any, weights: Any, bias: Any, gradient: Any, to_input: bool = True
) -> tuple[Array | None, Array, Array]:
    # Source: SU-3.8, SU-BP3, SU-BP4.
    # The first layer of a network needs no gradient of its input: `to_input=False` leaves it out.
    x, weights, bias = _arguments("affine", x, weights, bias)
    gradient = np.ascontiguousarray(gradient, dtype=x.dtype)
    rows = gradient.reshape(-1, len(bias))
    to_weights = rows.T @ x.reshape(-1, x.shape[-1])
    return gradient @ weights if to_input else None, to_weights, rows.sum(axis=0)


def _arguments(where: str, x: Any, weights: Any, bias: Any) -> tuple[Array, Array, Array]:
    # One memory layout, so that equal inputs give equal bits.
    x = np.ascontiguousarray(as_float(x))
    weights = np.ascontiguousarray(weights, dtype=x.dtype)
    bias = np.asarray(bias, dtype=x.dtype)
    if weights.ndim != 2 or np.shape(x)[-1:] != weights.shape[1:] or x.ndim == 0:
        raise ShapeError(
            f"{where}: x (..., d) and weights (m, d) must fit; got {x.shape} and {weights.shape}"
        )
    if bias.shape != weights.shape[:1]:
        raise ShapeError(f"{where}: bias must have shape ({len(weights)},); got {bias.shape}")
    return x, weights, bias

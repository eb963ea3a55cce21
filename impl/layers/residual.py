"""Residual learning: a layer that learns what to add to its input."""

from __future__ import annotations

from typing import Any

import numpy as np

from impl.activations import relu
from impl.core import Array, ShapeError, as_float, op
from impl.layers.affine import affine


def _branch_example(rng: np.random.Generator) -> tuple[Any, ...]:
    return rng.normal(size=(3, 4)), rng.normal(size=(3, 4))


@op(example=_branch_example, differentiable=(0, 1))
def residual(x: Any, branch: Any) -> Array:
    """H(x) = F(x) + x, given the value F(x) of the branch: the gradient reaches x undamped.

    Args:
        x: any shape.
        branch: F(x), the same shape.

    Raises:
        ShapeError: the shapes differ.

    Source: SU-3.4-res.
    """
    x, branch = _same_shape(x, branch)
    return np.asarray(x + branch)


@residual.backward
def _(x: Any, branch: Any, gradient: Any) -> tuple[Array, Array]:
    x, _ = _same_shape(x, branch)
    gradient = np.asarray(gradient, dtype=x.dtype)
    return gradient, gradient.copy()


def _block_example(rng: np.random.Generator) -> tuple[Any, ...]:
    draw = rng.normal
    return draw(size=(3, 4)), draw(size=(5, 4)), draw(size=5), draw(size=(4, 5)), draw(size=4)


@op(example=_block_example, differentiable=(0, 1, 2, 3, 4))
def residual_block(x: Any, first: Any, first_bias: Any, second: Any, second_bias: Any) -> Array:
    """x + W2 relu(W1 x + b1) + b2: with all weights 0 it is the identity.

    Args:
        x: shape (..., d).
        first: W1, shape (h, d).
        first_bias: shape (h,).
        second: W2, shape (d, h).
        second_bias: shape (d,).

    Source: SU-3.4-res, SU-3.4-ident.
    """
    hidden = relu(affine(x, first, first_bias))
    return np.asarray(residual(x, affine(hidden, second, second_bias)))


@residual_block.backward
def _(
    x: Any, first: Any, first_bias: Any, second: Any, second_bias: Any, gradient: Any
) -> tuple[Array, ...]:
    z = affine(x, first, first_bias)
    to_hidden, to_second, to_second_bias = affine.backward(
        relu(z), second, second_bias, gradient=gradient
    )
    to_z = relu.backward(z, gradient=to_hidden)
    to_x, to_first, to_first_bias = affine.backward(x, first, first_bias, gradient=to_z)
    return to_x + gradient, to_first, to_first_bias, to_second, to_second_bias


def _same_shape(x: Any, branch: Any) -> tuple[Array, Array]:
    x = as_float(x)
    branch = np.asarray(branch, dtype=x.dtype)
    if x.shape != branch.shape:
        raise ShapeError(
            f"residual: x and branch must have one shape; got {x.shape} and {branch.shape}"
        )
    return x, branch

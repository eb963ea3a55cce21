"""Activation functions, elementwise; shapes and float types are kept, no finite input overflows.

At a kink the gradient of the left side is used, as in the notes: relu'(0) = 0.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from impl.core import Array, as_float, op


@op
def sigmoid(x: Any) -> Array:
    """1 / (1 + e^-x), a value between 0 and 1. Source: XU-3, CO-sigmoid-def."""
    x = as_float(x)
    # e^-|x| never overflows, and both quotients keep full precision in their half.
    decay = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + decay), decay / (1 + decay))


@sigmoid.backward
def _(x: Any, gradient: Any) -> Array:
    decay = np.exp(-np.abs(as_float(x)))
    return gradient * (decay / (1 + decay) ** 2)


@op
def tanh(x: Any) -> Array:
    """(e^x - e^-x) / (e^x + e^-x), a value between -1 and 1. Source: CO-tanh-def."""
    return np.tanh(as_float(x))


@tanh.backward
def _(x: Any, gradient: Any) -> Array:
    # 1 - tanh(x)^2 cancels where |x| is large; 4 e^-2|x| / (1 + e^-2|x|)^2 does not.
    decay = np.exp(-np.abs(as_float(x)))
    return gradient * (2 * decay / (1 + decay**2)) ** 2


@op(kinks=(0.0,))
def relu(x: Any) -> Array:
    """max(0, x). Source: CO-relu-def, XU-139."""
    return np.maximum(as_float(x), 0)


@relu.backward
def _(x: Any, gradient: Any) -> Array:
    return np.where(as_float(x) > 0, gradient, np.zeros_like(gradient))


@op(kinks=(0.0,))
def leaky_relu(x: Any, slope: float = 0.01) -> Array:
    """x where x > 0, and slope * x elsewhere. Source: CO-leaky-def."""
    x = as_float(x)
    return np.where(x > 0, x, _like(slope, x) * x)


@leaky_relu.backward
def _(x: Any, gradient: Any, slope: float = 0.01) -> Array:
    x = as_float(x)
    return gradient * np.where(x > 0, _like(1, x), _like(slope, x))


@op(
    kinks=(0.0,),
    example=lambda rng: (rng.normal(scale=2.0, size=(3, 4)), rng.uniform(0.1, 0.5, size=4)),
    differentiable=(0, 1),
)
def prelu(x: Any, slope: Any) -> Array:
    """x where x > 0, and slope * x elsewhere, with learned slopes.

    Args:
        x: shape (..., d).
        slope: a number, or shape (d,).

    Source: CO-leaky-def.
    """
    x = as_float(x)
    return np.where(x > 0, x, np.asarray(slope, x.dtype) * x)


@prelu.backward
def _(x: Any, slope: Any, gradient: Any) -> tuple[Array, Array]:
    x = as_float(x)
    slope = np.asarray(slope, x.dtype)
    to_x = gradient * np.where(x > 0, _like(1, x), slope)
    to_slope = np.where(x > 0, _like(0, x), gradient * x)
    extra = tuple(range(to_slope.ndim - slope.ndim))
    return to_x, np.asarray(to_slope.sum(axis=extra))


@op(kinks=(0.0,))
def elu(x: Any, alpha: float = 1.0) -> Array:
    """x where x > 0, and alpha (e^x - 1) elsewhere. Source: CO-elu-def."""
    x = as_float(x)
    return np.where(x > 0, x, _like(alpha, x) * np.expm1(np.minimum(x, 0)))


@elu.backward
def _(x: Any, gradient: Any, alpha: float = 1.0) -> Array:
    x = as_float(x)
    return gradient * np.where(x > 0, _like(1, x), _like(alpha, x) * np.exp(np.minimum(x, 0)))


@op
def softplus(x: Any) -> Array:
    """log(1 + e^x), the smooth ReLU. Source: CO-softplus-def."""
    x = as_float(x)
    return np.logaddexp(_like(0, x), x)


@softplus.backward
def _(x: Any, gradient: Any) -> Array:
    return np.asarray(gradient * sigmoid(x))


def _like(number: float, x: Array) -> Any:
    """A number in the type of x: a Python float would not change it, a float64 would."""
    return x.dtype.type(number)

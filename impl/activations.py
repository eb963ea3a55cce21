"""Activation functions, elementwise; shapes and float types are kept, no finite input overflows.

At a kink the gradient of the left side is used, as in the notes: relu'(0) = 0. With `out`, an array
of the result's shape and float type (x itself, if wanted), the result is written there; the
gradient of `relu` likewise, into the gradient that came in, if wanted.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from impl.core import Array, as_float, op, output


@op
def sigmoid(x: Any, out: Array | None = None) -> Array:
    """1 / (1 + e^-x), a value between 0 and 1. Source: XU-3, CO-sigmoid-def."""
    x = as_float(x)
    y = output("sigmoid", x, out)
    y = np.empty_like(x) if y is None else y
    # 1 / (1 + e^-|x|) or e^-|x| / (1 + e^-|x|): no overflow, and full precision in each half.
    upper = (x >= 0).astype(x.dtype)
    np.abs(x, out=y)
    np.negative(y, out=y)
    np.exp(y, out=y)
    total = y + _like(1, x)
    np.maximum(y, upper, out=y)  # quicker than a choice
    return np.divide(y, total, out=y)


@sigmoid.backward
def _(x: Any, gradient: Any) -> Array:
    decay = np.exp(-np.abs(as_float(x)))
    return gradient * (decay / (1 + decay) ** 2)


@op
def tanh(x: Any, out: Array | None = None) -> Array:
    """(e^x - e^-x) / (e^x + e^-x), a value between -1 and 1. Source: CO-tanh-def."""
    x = as_float(x)
    return np.asarray(np.tanh(x, out=output("tanh", x, out)))


@tanh.backward
def _(x: Any, gradient: Any) -> Array:
    # 1 - tanh(x)^2 cancels where |x| is large; 4 e^-2|x| / (1 + e^-2|x|)^2 does not.
    decay = np.exp(-np.abs(as_float(x)))
    return gradient * (2 * decay / (1 + decay**2)) ** 2


@op(kinks=(0.0,))
def relu(x: Any, out: Array | None = None) -> Array:
    """max(0, x). Source: CO-relu-def, XU-139."""
    x = as_float(x)
    return np.maximum(x, 0, out=output("relu", x, out))


@relu.backward
def _(x: Any, gradient: Any, out: Array | None = None) -> Array:
    inside = as_float(x) > 0
    gradient = np.asarray(gradient)
    into = output("relu.backward", gradient, out)
    if into is None:
        return np.where(inside, gradient, np.zeros_like(gradient))
    np.copyto(into, gradient)
    np.copyto(into, 0, where=~inside)
    return into


@op(kinks=(0.0,))
def leaky_relu(x: Any, slope: float = 0.01, out: Array | None = None) -> Array:
    """x where x > 0, and slope * x elsewhere. Source: CO-leaky-def."""
    x = as_float(x)
    return _joined(x, _like(slope, x) * np.minimum(x, 0), output("leaky_relu", x, out))


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
def elu(x: Any, alpha: float = 1.0, out: Array | None = None) -> Array:
    """x where x > 0, and alpha (e^x - 1) elsewhere. Source: CO-elu-def."""
    x = as_float(x)
    lower = _like(alpha, x) * np.expm1(np.minimum(x, 0))
    return _joined(x, lower, output("elu", x, out))


@elu.backward
def _(x: Any, gradient: Any, alpha: float = 1.0) -> Array:
    x = as_float(x)
    return gradient * np.where(x > 0, _like(1, x), _like(alpha, x) * np.exp(np.minimum(x, 0)))


@op
def softplus(x: Any, out: Array | None = None) -> Array:
    """log(1 + e^x), the smooth ReLU. Source: CO-softplus-def."""
    x = as_float(x)
    # log(e^0 + e^x) with the larger power taken out; quicker than `logaddexp`.
    lower = np.log1p(np.exp(-np.abs(x)))
    return _joined(x, lower, output("softplus", x, out))


@softplus.backward
def _(x: Any, gradient: Any) -> Array:
    return np.asarray(gradient * sigmoid(x))


def _joined(x: Array, lower: Array, out: Array | None) -> Array:
    """max(0, x) + lower: what x is above 0, and what is added, for a curve that bends at 0.

    A sum, because a choice at each entry takes several times as long.
    """
    y = np.asarray(np.maximum(x, 0, out=out))
    y += lower
    return y


def _like(number: float, x: Array) -> Any:
    """A number in the type of x: a Python float would not change it, a float64 would."""
    return x.dtype.type(number)

"""Losses of predicted numbers, entry by entry; at a kink the derivative is 0."""

from __future__ import annotations

from typing import Any

import numpy as np

from impl.core import Array, op
from impl.losses.shapes import same_shape


def _prediction(name: str, prediction: Any, target: Any) -> tuple[Array, Array]:
    return same_shape(name, prediction, target, ("prediction", "target"))


def _example(rng: np.random.Generator) -> tuple[Any, ...]:
    return rng.normal(scale=2.0, size=(3, 4)), rng.normal(scale=2.0, size=(3, 4))


@op(example=_example, differentiable=(0, 1))
def squared_error(prediction: Any, target: Any) -> Array:
    """(prediction - target)^2, entry by entry; shapes are kept.

    Raises:
        ShapeError: the shapes differ.

    Source: XU-95, XU-S2.1.2.d2, CO-linreg-sqerr.
    """
    a, y = _prediction("squared_error", prediction, target)
    return np.square(a - y)


@squared_error.backward
def _(prediction: Any, target: Any, gradient: Any) -> tuple[Array, Array]:
    a, y = _prediction("squared_error", prediction, target)
    to_prediction = 2 * gradient * (a - y)
    return to_prediction, -to_prediction


@op(example=_example, differentiable=(0, 1))
def half_squared_error(prediction: Any, target: Any) -> Array:
    """(prediction - target)^2 / 2, whose derivative is the plain difference; shapes are kept.

    Raises:
        ShapeError: the shapes differ.

    Source: XU-85.d1, XU-113, CH-5.5.
    """
    a, y = _prediction("half_squared_error", prediction, target)
    return np.square(a - y) / 2


@half_squared_error.backward
def _(prediction: Any, target: Any, gradient: Any) -> tuple[Array, Array]:
    a, y = _prediction("half_squared_error", prediction, target)
    to_prediction = gradient * (a - y)
    return to_prediction, -to_prediction


@op(example=_example, differentiable=(0, 1))
def absolute_error(prediction: Any, target: Any) -> Array:
    """|prediction - target|, entry by entry; the derivative is taken as 0 where they are equal.

    Raises:
        ShapeError: the shapes differ.
    """
    a, y = _prediction("absolute_error", prediction, target)
    return np.abs(a - y)


@absolute_error.backward
def _(prediction: Any, target: Any, gradient: Any) -> tuple[Array, Array]:
    a, y = _prediction("absolute_error", prediction, target)
    to_prediction = gradient * np.sign(a - y)
    return to_prediction, -to_prediction


@op(example=_example, differentiable=(0, 1))
def huber(prediction: Any, target: Any, delta: float = 1.0) -> Array:
    """r^2 / 2 where |r| <= delta, and delta (|r| - delta / 2) beyond, with r the difference.

    Raises:
        ShapeError: the shapes differ.
        ValueError: delta is not positive.

    The loss is Huber's, "Robust estimation of a location parameter" (1964).
    """
    a, y = _prediction("huber", prediction, target)
    width = a.dtype.type(_positive("huber", "delta", delta))
    distance = np.abs(a - y)
    inside = np.minimum(distance, width)  # r^2 is not formed where it could overflow
    return inside * (distance - inside / 2)


@huber.backward
def _(prediction: Any, target: Any, gradient: Any, delta: float = 1.0) -> tuple[Array, Array]:
    a, y = _prediction("huber", prediction, target)
    width = a.dtype.type(_positive("huber", "delta", delta))
    to_prediction = gradient * np.clip(a - y, -width, width)
    return to_prediction, -to_prediction


def _positive(name: str, argument: str, value: float) -> float:
    if not value > 0:
        raise ValueError(f"{name}: {argument} must be positive; got {value}")
    return value

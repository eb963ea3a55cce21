"""Losses, one value an example or an entry: neither summed nor averaged.

Prediction and target have one shape; nothing is broadcast, for (n,) against (n, 1) would silently
become (n, n). At a kink the derivative is 0.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from impl.activations import sigmoid
from impl.core import Array, ShapeError, as_float, op
from impl.regularization import smooth_labels
from impl.softmax import cross_entropy


def _pair(name: str, x: Any, y: Any, roles: tuple[str, str]) -> tuple[Array, Array]:
    """Both as floats of the first one's type, and of one shape."""
    x = as_float(x)
    y = as_float(y).astype(x.dtype, copy=False)
    if x.shape != y.shape:
        raise ShapeError(
            f"{name}: {roles[0]} and {roles[1]} must have one shape; got {x.shape} and {y.shape}"
        )
    return x, y


def _prediction(name: str, prediction: Any, target: Any) -> tuple[Array, Array]:
    return _pair(name, prediction, target, ("prediction", "target"))


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


@op(example=lambda rng: (rng.normal(scale=2.0, size=(3, 4)), rng.uniform(size=(3, 4))))
def binary_cross_entropy(logits: Any, target: Any) -> Array:
    """-(y log sigma(z) + (1 - y) log(1 - sigma(z))), from the logits z.

    Written as log(1 + e^z) - y z, which neither overflows nor takes the logarithm of a probability
    that was rounded to 0.

    Args:
        logits: any shape.
        target: y between 0 and 1, of the same shape.

    Raises:
        ShapeError: the shapes differ.
        ValueError: a target is outside [0, 1].

    Source: CO-out-ce.
    """
    z, y = _targets(logits, target)
    # max(z, 0) - y z, without the difference of two large numbers that cancel.
    linear = np.where(z > 0, z * (1 - y), -z * y)
    return np.asarray(linear + np.log1p(np.exp(-np.abs(z))))


@binary_cross_entropy.backward
def _(logits: Any, target: Any, gradient: Any) -> Array:
    z, y = _targets(logits, target)
    return np.asarray(gradient * (sigmoid(z) - y))


@op(example=lambda rng: (rng.normal(scale=2.0, size=7), rng.choice([-1.0, 1.0], size=7)))
def hinge(score: Any, label: Any) -> Array:
    """max(0, 1 - y s): nothing for a score s on the right side of the margin, else the distance.

    Args:
        score: any shape.
        label: y, -1 or 1, of the same shape.

    Raises:
        ShapeError: the shapes differ.
        ValueError: a label is neither -1 nor 1.
    """
    s, y = _signs(score, label)
    return np.maximum(0, 1 - y * s)


@hinge.backward
def _(score: Any, label: Any, gradient: Any) -> Array:
    s, y = _signs(score, label)
    return np.where(y * s < 1, -y * gradient, np.zeros_like(s))


@op(example=lambda rng: (rng.dirichlet(np.ones(4), size=3),))
def entropy(p: Any) -> Any:
    """-sum_x p(x) log p(x) over the last axis, in nats; 0 log 0 counts as 0.

    The entries are taken as they are: a sum of 1 is not asked for, so that each has a derivative.

    Args:
        p: shape (..., K), not negative.

    Raises:
        ValueError: an entry is negative.

    Source: XU-19, XU-20.
    """
    p = _masses("entropy", "p", p)
    return -_p_log_q(p, p).sum(axis=-1)


@entropy.backward
def _(p: Any, gradient: Any) -> Array:
    p = _masses("entropy", "p", p)
    return np.asarray(-np.expand_dims(gradient, -1) * (_log(p) + 1))


def _two_distributions(rng: np.random.Generator) -> tuple[Any, ...]:
    return rng.dirichlet(np.ones(4), size=3), rng.dirichlet(2 * np.ones(4), size=3)


@op(example=_two_distributions, differentiable=(0, 1))
def distribution_cross_entropy(p: Any, q: Any) -> Any:
    """-sum_x p(x) log q(x) over the last axis, in nats; infinite where q misses mass of p.

    Args:
        p: shape (..., K), not negative.
        q: the same shape, not negative.

    Raises:
        ShapeError: the shapes differ.
        ValueError: an entry is negative.

    Source: XU-21.
    """
    p, q = _two_masses("distribution_cross_entropy", p, q)
    return -_p_log_q(p, q).sum(axis=-1)


@distribution_cross_entropy.backward
def _(p: Any, q: Any, gradient: Any) -> tuple[Array, Array]:
    p, q = _two_masses("distribution_cross_entropy", p, q)
    upstream = np.expand_dims(gradient, -1)
    return -upstream * _log(q), -upstream * _ratio(p, q)


@op(example=_two_distributions, differentiable=(0, 1))
def kl_divergence(p: Any, q: Any) -> Any:
    """sum_x p(x) log(p(x) / q(x)) over the last axis, in nats; infinite where q misses mass of p.

    Args:
        p: shape (..., K), not negative.
        q: the same shape, not negative.

    Raises:
        ShapeError: the shapes differ.
        ValueError: an entry is negative.
    """
    p, q = _two_masses("kl_divergence", p, q)
    return (_p_log_q(p, p) - _p_log_q(p, q)).sum(axis=-1)


@kl_divergence.backward
def _(p: Any, q: Any, gradient: Any) -> tuple[Array, Array]:
    p, q = _two_masses("kl_divergence", p, q)
    upstream = np.expand_dims(gradient, -1)
    with np.errstate(invalid="ignore"):  # where p and q are both 0 there is no derivative: NaN
        return upstream * (_log(p) - _log(q) + 1), -upstream * _ratio(p, q)


@op(example=lambda rng: (rng.normal(scale=2.0, size=(3, 4)), rng.integers(0, 4, size=3)))
def smoothed_cross_entropy(logits: Any, labels: Any, amount: float = 0.1) -> Any:
    """Cross-entropy from logits against smoothed one-hot targets.

    Args:
        logits: shape (K,) or (n, K).
        labels: class numbers from 0, a number or shape (n,).
        amount: the probability taken from the label and shared among the other classes.

    Returns:
        A number, or shape (n,).

    Source: CO-label-smoothing.
    """
    return cross_entropy(logits, _smooth(logits, labels, amount))


@smoothed_cross_entropy.backward
def _(logits: Any, labels: Any, gradient: Any, amount: float = 0.1) -> Array:
    return np.asarray(
        cross_entropy.backward(logits, _smooth(logits, labels, amount), gradient=gradient)
    )


def _smooth(logits: Any, labels: Any, amount: float) -> Array:
    return smooth_labels(labels, classes=np.shape(logits)[-1], amount=amount)


def _positive(name: str, argument: str, value: float) -> float:
    if not value > 0:
        raise ValueError(f"{name}: {argument} must be positive; got {value}")
    return value


def _targets(logits: Any, target: Any) -> tuple[Array, Array]:
    z, y = _pair("binary_cross_entropy", logits, target, ("logits", "target"))
    if not ((y >= 0) & (y <= 1)).all():
        raise ValueError("binary_cross_entropy: targets must lie between 0 and 1")
    return z, y


def _signs(score: Any, label: Any) -> tuple[Array, Array]:
    s, y = _pair("hinge", score, label, ("score", "label"))
    if not (np.abs(y) == 1).all():
        raise ValueError("hinge: labels must be -1 or 1")
    return s, y


def _masses(name: str, argument: str, p: Any) -> Array:
    p = as_float(p)
    if p.ndim == 0:
        raise ShapeError(f"{name}: {argument} must have shape (..., K); got a single number")
    if not (p >= 0).all():
        raise ValueError(f"{name}: {argument} must not be negative or NaN; got {p.min()}")
    return p


def _two_masses(name: str, p: Any, q: Any) -> tuple[Array, Array]:
    p, q = _pair(name, p, q, ("p", "q"))
    return _masses(name, "p", p), _masses(name, "q", q)


def _log(p: Array) -> Array:
    with np.errstate(divide="ignore"):  # log 0 is -inf, which is what is meant
        return np.asarray(np.log(p))


def _p_log_q(p: Array, q: Array) -> Array:
    with np.errstate(invalid="ignore"):  # 0 times -inf, replaced on the spot
        return np.where(p == 0, p.dtype.type(0), p * _log(q))


def _ratio(p: Array, q: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(p == 0, p.dtype.type(0), p / q)

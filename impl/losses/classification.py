"""Losses of classifiers, from logits or scores and labels; at a kink the derivative is 0."""

from __future__ import annotations

from typing import Any

import numpy as np

from impl.activations import sigmoid
from impl.core import Array, op
from impl.losses.shapes import same_shape
from impl.regularization import smooth_labels
from impl.softmax import cross_entropy


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


def _targets(logits: Any, target: Any) -> tuple[Array, Array]:
    z, y = same_shape("binary_cross_entropy", logits, target, ("logits", "target"))
    if not ((y >= 0) & (y <= 1)).all():
        raise ValueError("binary_cross_entropy: targets must lie between 0 and 1")
    return z, y


def _signs(score: Any, label: Any) -> tuple[Array, Array]:
    s, y = same_shape("hinge", score, label, ("score", "label"))
    if not (np.abs(y) == 1).all():
        raise ValueError("hinge: labels must be -1 or 1")
    return s, y

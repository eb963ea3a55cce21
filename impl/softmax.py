"""Softmax over the last axis, its logarithm, and the cross-entropy loss from logits.

The maximum is subtracted first, which changes nothing and keeps every exponential at most 1.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from impl.core import Array, ShapeError, as_float, op


def _logits(name: str, logits: Any) -> Array:
    z = as_float(logits)
    if z.ndim not in (1, 2) or z.shape[-1] == 0:
        raise ShapeError(
            f"{name}: logits must be 1-D or 2-D with at least one class; got shape {z.shape}"
        )
    return z


def _example(rng: np.random.Generator) -> tuple[Any, ...]:
    return (rng.normal(scale=2.0, size=(3, 4)),)


def _example_with_labels(rng: np.random.Generator) -> tuple[Any, ...]:
    return rng.normal(scale=2.0, size=(3, 4)), rng.integers(0, 4, size=3)


def _shifted(z: Array) -> Array:
    with np.errstate(over="ignore"):  # a gap beyond the largest float is -inf, its exponential 0
        return z - z.max(axis=-1, keepdims=True)


@op(example=_example)
def softmax(logits: Any) -> Array:
    """e^z_k / sum_j e^z_j, positive and with sum 1 over the last axis.

    Args:
        logits: shape (K,) or (n, K).

    Raises:
        ShapeError: other shapes.

    Source: XU-92, CO-softmax-def.
    """
    powers = np.exp(_shifted(_logits("softmax", logits)))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


@softmax.backward
def _(logits: Any, gradient: Any) -> Array:
    p = softmax(logits)
    return np.asarray(p * (gradient - (p * gradient).sum(axis=-1, keepdims=True)))


@op(example=_example)
def log_softmax(logits: Any) -> Array:
    """z_k - log sum_j e^z_j, without taking the logarithm of a rounded softmax.

    Args:
        logits: shape (K,) or (n, K).

    Raises:
        ShapeError: other shapes.
    """
    z = _shifted(_logits("log_softmax", logits))
    return np.asarray(z - np.log(np.exp(z).sum(axis=-1, keepdims=True)))


@log_softmax.backward
def _(logits: Any, gradient: Any) -> Array:
    return np.asarray(gradient - softmax(logits) * np.sum(gradient, axis=-1, keepdims=True))


@op(example=_example_with_labels)
def cross_entropy(logits: Any, targets: Any) -> Any:
    """-sum_k y_k log softmax(z)_k for each example, from logits.

    Args:
        logits: shape (K,) or (n, K).
        targets: class numbers from 0, a number or shape (n,); or weights y of the logits' shape,
            such as one-hot rows.

    Returns:
        A number, or shape (n,): one loss an example, neither summed nor averaged.

    Raises:
        ShapeError: the shapes do not fit together.
        ValueError: a class number is not between 0 and K - 1.

    Source: CO-softmax-lossdef.
    """
    z = _logits("cross_entropy", logits)
    y = _weights(z, targets)
    # A class of weight 0 counts nothing, even where its probability is 0 in floating point.
    terms = np.where(y == 0, z.dtype.type(0), log_softmax(z))
    return -(y * terms).sum(axis=-1)


@cross_entropy.backward
def _(logits: Any, targets: Any, gradient: Any) -> Array:
    z = _logits("cross_entropy", logits)
    y = _weights(z, targets)
    return np.asarray(
        np.expand_dims(gradient, -1) * (softmax(z) * y.sum(axis=-1, keepdims=True) - y)
    )


def _weights(z: Array, targets: Any) -> Array:
    """The targets as an array of the logits' shape."""
    y = np.asarray(targets)
    if y.shape == z.shape:
        return y.astype(z.dtype)
    classes = z.shape[-1]
    if y.shape != z.shape[:-1] or y.dtype.kind not in "iu":
        raise ShapeError(
            f"cross_entropy: targets must be whole class numbers of shape {z.shape[:-1]} or "
            f"weights of shape {z.shape}; got {y.dtype} of shape {y.shape}"
        )
    if y.size and not 0 <= int(y.min()) <= int(y.max()) < classes:
        raise ValueError(
            f"cross_entropy: class numbers go from 0 to {classes - 1}; got {y.min()} to {y.max()}"
        )
    return np.asarray(np.eye(classes, dtype=z.dtype)[y])

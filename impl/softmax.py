"""Softmax over the last axis, its logarithm, and the cross-entropy loss from logits.

The maximum is subtracted first, which changes nothing and keeps every exponential at most 1.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from impl.core import Array, ShapeError, as_float, op

MANY, FEW = 1000, 32  # rows so many and so short are reduced column by column


def _logits(name: str, logits: Any) -> Array:
    z = as_float(logits)
    if z.ndim not in (1, 2) or z.shape[-1] == 0:
        raise ShapeError(
            f"{name}: logits must be 1-D or 2-D with at least one class; got shape {z.shape}"
        )
    return np.ascontiguousarray(z)


def _example(rng: np.random.Generator) -> tuple[Any, ...]:
    return (rng.normal(scale=2.0, size=(3, 4)),)


def _example_with_labels(rng: np.random.Generator) -> tuple[Any, ...]:
    return rng.normal(scale=2.0, size=(3, 4)), rng.integers(0, 4, size=3)


def _shifted(z: Array) -> Array:
    top = _along_classes(np.maximum, z)
    with np.errstate(over="ignore"):  # a gap beyond the largest float is -inf, its exponential 0
        return z - top


def _along_classes(reduction: np.ufunc, z: Array) -> Array:
    """The reduction over the last axis, which is kept."""
    if z.ndim == 2 and len(z) > MANY and z.shape[1] <= FEW:  # NumPy is slow along many short rows
        total = z[:, 0].copy()
        for column in z.T[1:]:
            reduction(total, column, out=total)
        return total[:, None]
    return np.asarray(reduction.reduce(z, axis=-1, keepdims=True))


@op(example=_example)
def softmax(logits: Any) -> Array:
    """e^z_k / sum_j e^z_j, positive and with sum 1 over the last axis.

    Args:
        logits: shape (K,) or (n, K).

    Raises:
        ShapeError: other shapes.

    Source: XU-92, CO-softmax-def.
    """
    return _probabilities(_logits("softmax", logits))


def _probabilities(z: Array) -> Array:
    powers = _shifted(z)
    np.exp(powers, out=powers)
    powers /= _along_classes(np.add, powers)
    return powers


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
    return np.asarray(z - np.log(_along_classes(np.add, np.exp(z))))


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
    y, weights = _targets(z, targets)
    if not weights:  # the logarithm is needed at one place of each row only
        rest = _shifted(z)
        at = rest.take(_own(y, z))
        return np.log(_along_classes(np.add, np.exp(rest, out=rest))[..., 0]) - at
    # A class of weight 0 counts nothing, even where its probability is 0 in floating point.
    terms = np.where(y == 0, z.dtype.type(0), log_softmax(z))
    return -(y * terms).sum(axis=-1)


@cross_entropy.backward
def _(logits: Any, targets: Any, gradient: Any) -> Array:
    z = _logits("cross_entropy", logits)
    y, weights = _targets(z, targets)
    p = _probabilities(z)
    if weights:
        p = p * y.sum(axis=-1, keepdims=True) - y
    else:
        p.reshape(-1)[_own(y, z)] -= 1
    p *= np.asarray(gradient)[..., None]
    return np.asarray(p)


def _own(y: Array, z: Array) -> Any:
    """Where the value of each example's own class stands, counted row by row."""
    return y if y.ndim == 0 else np.arange(0, z.size, z.shape[1]) + y


def _targets(z: Array, targets: Any) -> tuple[Array, bool]:
    """Class numbers for the logits, or weights of their shape; and whether they are weights."""
    y = np.asarray(targets)
    if y.shape == z.shape:
        return y.astype(z.dtype, copy=False), True
    classes = z.shape[-1]
    if y.shape != z.shape[:-1] or y.dtype.kind not in "iu":
        raise ShapeError(
            f"cross_entropy: targets must be whole class numbers of shape {z.shape[:-1]} or "
            f"weights of shape {z.shape}; got {y.dtype} of shape {y.shape}"
        )
    places = y.astype(np.intp, copy=False)
    # Read without a sign, a negative number is larger than any class.
    if y.size and np.maximum.reduce(places.view(np.uintp), axis=None) >= classes:
        raise ValueError(
            f"cross_entropy: class numbers go from 0 to {classes - 1}; got {y.min()} to {y.max()}"
        )
    return places, False

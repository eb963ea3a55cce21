"""Softmax over the last axis, its logarithm, and the cross-entropy loss from logits.

The maximum is subtracted first, which changes nothing and keeps every exponential at most 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from impl.core import Array, ShapeError, as_float, op

FEW = 32  # classes, below which NumPy is quicker along the rows' other axis
BLOCK = 2**15  # logits, which stay in the cache from one step to the next


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


def _blocks(z: Array) -> Iterator[tuple[Any, Array, int]]:
    """Some rows at a time: which, their logits, and the axis of the classes.

    Few classes come first, so that every step goes along many rows.
    """
    if z.ndim == 1:
        yield ..., z, -1
        return
    n, classes = z.shape
    step = max(1, BLOCK // classes)
    for start in range(0, n, step):
        part = slice(start, start + step)
        yield (part, z[part].T.copy(), 0) if classes <= FEW else (part, z[part], -1)


def _shifted(block: Array, axis: int) -> Array:
    top = np.maximum.reduce(block, axis=axis, keepdims=True)
    with np.errstate(over="ignore"):  # a gap beyond the largest float is -inf, its exponential 0
        return np.asarray(block - top)


def _write_probabilities(z: Array, shares: Array, out: Array) -> None:
    """Each row's softmax times its share."""
    for part, block, axis in _blocks(z):
        powers = _shifted(block, axis)
        np.exp(powers, out=powers)
        scale = shares[part] / np.add.reduce(powers, axis=axis)
        rows = powers if axis else powers.T
        np.multiply(rows, scale[..., None], out=out[part], casting="same_kind")


@op(example=_example)
def softmax(logits: Any) -> Array:
    """e^z_k / sum_j e^z_j, positive and with sum 1 over the last axis.

    Args:
        logits: shape (K,) or (n, K).

    Raises:
        ShapeError: other shapes.

    Source: XU-92, CO-softmax-def.
    """
    z = _logits("softmax", logits)
    out = np.empty_like(z)
    _write_probabilities(z, np.ones(z.shape[:-1], z.dtype), out)
    return out


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
    z = _logits("log_softmax", logits)
    out = np.empty_like(z)
    for part, block, axis in _blocks(z):
        rest = _shifted(block, axis)
        rest -= np.log(np.add.reduce(np.exp(rest), axis=axis, keepdims=True))
        out[part] = rest.T if axis == 0 else rest
    return out


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
        losses = np.empty(z.shape[:-1], z.dtype)
        for part, block, axis in _blocks(z):
            rest = _shifted(block, axis)
            own = y[part]
            if axis == 0:
                own = own * len(own) + np.arange(len(own))
            elif z.ndim == 2:
                own = own + np.arange(0, rest.size, rest.shape[1])
            at = rest.take(own)
            losses[part] = np.log(np.add.reduce(np.exp(rest, out=rest), axis=axis)) - at
        return losses[()]
    # A class of weight 0 counts nothing, even where its probability is 0 in floating point.
    terms = np.where(y == 0, z.dtype.type(0), log_softmax(z))
    return -(y * terms).sum(axis=-1)


@cross_entropy.backward
def _(logits: Any, targets: Any, gradient: Any) -> Array:
    z = _logits("cross_entropy", logits)
    y, weights = _targets(z, targets)
    if weights:
        p = softmax(z) * y.sum(axis=-1, keepdims=True) - y
        p *= np.asarray(gradient)[..., None]
        return np.asarray(p)
    shares = np.asarray(gradient)
    if shares.shape != y.shape:
        shares = np.broadcast_to(shares, y.shape)
    out = np.empty_like(z)
    _write_probabilities(z, shares, out)
    out.reshape(-1)[np.arange(0, z.size, z.shape[-1]) + y] -= shares.ravel()
    return out


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

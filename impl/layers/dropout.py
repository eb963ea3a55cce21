"""Dropout: hidden units switched off at random while training. p is the probability of a 0."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from impl.core import Array, ShapeError, as_float, op, output


def dropout_mask(
    shape: Sequence[int], p: float, rng: np.random.Generator, dtype: Any = np.float64
) -> Array:
    """Independent zeros and ones, 0 with probability p.

    Raises:
        ValueError: p is not in [0, 1).

    Source: CO-dropout-mask.
    """
    keep = 1 - _probability("dropout_mask", p)
    return (rng.random(tuple(shape)) < keep).astype(dtype)


def _example(rng: np.random.Generator) -> tuple[Any, ...]:
    return rng.normal(size=(4, 3)), dropout_mask((4, 3), 0.5, rng)


@op(example=_example)
def dropout(x: Any, mask: Any, out: Array | None = None) -> Array:
    """Plain dropout in training: x where the mask is 1, else 0; its mean is (1 - p) x.

    At test time the whole layer is on, and `dropout_at_test` scales it down to that mean.

    Args:
        x: any shape.
        mask: zeros and ones of the same shape.
        out: where to write the result; x itself, if wanted.

    Raises:
        ShapeError: the shapes differ.

    Source: CO-dropout-mask, CO-dropout-expect.
    """
    x, mask = _masked("dropout", x, mask)
    return np.asarray(np.multiply(x, mask, out=output("dropout", x, out)))


@dropout.backward
def _(x: Any, mask: Any, gradient: Any, out: Array | None = None) -> Array:
    _, mask = _masked("dropout", x, mask)
    gradient = np.asarray(gradient)
    into = output("dropout.backward", gradient, out)
    return np.asarray(np.multiply(gradient, mask, out=into))


def dropout_at_test(x: Any, p: float) -> Array:
    """Plain dropout at test time: (1 - p) x, the mean of what training saw.

    Source: CO-dropout-test.
    """
    x = as_float(x)
    return np.asarray(x * x.dtype.type(1 - _probability("dropout_at_test", p)))


@op(example=_example)
def inverted_dropout(x: Any, mask: Any, p: float = 0.5, out: Array | None = None) -> Array:
    """Inverted dropout in training: x / (1 - p) where the mask is 1; at test time nothing is done.

    Args:
        x: any shape.
        mask: zeros and ones of the same shape.
        p: the probability of a 0 that the mask was drawn with.
        out: where to write the result; x itself, if wanted.

    Raises:
        ShapeError: the shapes differ.
        ValueError: p is not in [0, 1).

    Source: CO-dropout-inverted.
    """
    x, mask = _masked("inverted_dropout", x, mask)
    keep = x.dtype.type(1 - _probability("inverted_dropout", p))
    kept = np.asarray(np.multiply(x, mask, out=output("inverted_dropout", x, out)))
    kept /= keep
    return kept


@inverted_dropout.backward
def _(x: Any, mask: Any, gradient: Any, p: float = 0.5, out: Array | None = None) -> Array:
    x, mask = _masked("inverted_dropout", x, mask)
    keep = x.dtype.type(1 - _probability("inverted_dropout", p))
    gradient = np.asarray(gradient)
    into = output("inverted_dropout.backward", gradient, out)
    kept = np.asarray(np.multiply(gradient, mask, out=into))
    return np.asarray(np.divide(kept, keep, out=into))


def _probability(where: str, p: float) -> float:
    if not 0 <= p < 1:
        raise ValueError(f"{where}: p, the probability of a 0, must lie in [0, 1); got {p}")
    return p


def _masked(where: str, x: Any, mask: Any) -> tuple[Array, Array]:
    x = as_float(x)
    mask = np.asarray(mask, dtype=x.dtype)
    if x.shape != mask.shape:
        raise ShapeError(f"{where}: mask must have the shape of x, {x.shape}; got {mask.shape}")
    return x, mask

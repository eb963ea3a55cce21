"""Entropy, cross-entropy and divergence of distributions over the last axis, in nats."""

from __future__ import annotations

from typing import Any

import numpy as np

from impl.core import Array, ShapeError, as_float, op
from impl.losses.shapes import same_shape


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


def _masses(name: str, argument: str, p: Any) -> Array:
    p = as_float(p)
    if p.ndim == 0:
        raise ShapeError(f"{name}: {argument} must have shape (..., K); got a single number")
    if not (p >= 0).all():
        raise ValueError(f"{name}: {argument} must not be negative or NaN; got {p.min()}")
    return p


def _two_masses(name: str, p: Any, q: Any) -> tuple[Array, Array]:
    p, q = same_shape(name, p, q, ("p", "q"))
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

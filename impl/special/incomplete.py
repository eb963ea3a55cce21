"""The incomplete gamma and beta functions: distribution functions of counts, times and shares."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from impl.core import Array, op
from impl.special import large_shape
from impl.special.cases import double
from impl.special.gammas import deviance, stirling_error

_TINY = 1e-300
_EPSILON = 2.0**-53


def _gamma_example(rng: np.random.Generator) -> tuple[Any, ...]:
    return rng.uniform(0.5, 8.0, size=(3, 4)), rng.uniform(0.5, 8.0, size=(3, 4))


def _beta_example(rng: np.random.Generator) -> tuple[Any, ...]:
    return (
        rng.uniform(0.5, 8.0, size=(3, 4)),
        rng.uniform(0.5, 8.0, size=(3, 4)),
        rng.uniform(0.05, 0.95, size=(3, 4)),
    )


@op(example=_gamma_example, differentiable=(1,))
def gammainc(a: Any, x: Any) -> Array:
    """The share of the gamma integral of t^(a-1) e^-t below x, between 0 and 1.

    Args:
        a: positive.
        x: at least 0.

    Returns:
        Values of the broadcast shape; NaN outside these domains.
    """
    a, x, kind = double(a, x)
    return _gamma_shares(a, x)[0].astype(kind)


@op(example=_gamma_example, differentiable=(1,))
def gammaincc(a: Any, x: Any) -> Array:
    """The share of the gamma integral above x, 1 - gammainc(a, x), with all its digits."""
    a, x, kind = double(a, x)
    return _gamma_shares(a, x)[1].astype(kind)


def _gamma_slope(a: Any, x: Any) -> Array:
    """x^(a-1) e^-x / Gamma(a)."""
    a, x, kind = double(a, x)
    return np.asarray((_gamma_front(a, x) * a / x).astype(kind))


@gammainc.backward
def _(a: Any, x: Any, gradient: Any) -> Array:
    return np.asarray(gradient * _gamma_slope(a, x))


@gammaincc.backward
def _(a: Any, x: Any, gradient: Any) -> Array:
    return np.asarray(-gradient * _gamma_slope(a, x))


def _gamma_front(a: Array, x: Array) -> Array:
    """x^a e^-x / Gamma(a + 1)."""
    with np.errstate(under="ignore"):
        return np.asarray(np.exp(-deviance(a, x) - stirling_error(a)) / np.sqrt(2 * math.pi * a))


def _gamma_shares(a: Array, x: Array) -> tuple[Array, Array]:
    shape = a.shape
    a, x = a.ravel(), x.ravel()
    lower = np.full(a.shape, np.nan)
    upper = np.full(a.shape, np.nan)
    lower[(a > 0) & (x == 0)], upper[(a > 0) & (x == 0)] = 0.0, 1.0
    lower[(a > 0) & (x == np.inf)], upper[(a > 0) & (x == np.inf)] = 1.0, 0.0
    inside = (a > 0) & (x > 0) & np.isfinite(a) & np.isfinite(x)
    large = inside & (a >= large_shape.LARGE)
    if large.any():
        lower[large], upper[large] = large_shape.gamma_shares(a[large], x[large])
        inside &= ~large
    # The fraction is the slower one, but small upper shares must not come from 1 - lower.
    below = inside & (x < np.where(a < 1, 0.5, a + 1))
    above = inside & ~below
    if below.any():
        lower[below] = _gamma_front(a[below], x[below]) * _gamma_series(a[below], x[below])
        upper[below] = 1 - lower[below]
    if above.any():
        front = _gamma_front(a[above], x[above]) * a[above]
        upper[above] = front * _gamma_fraction(a[above], x[above])
        lower[above] = 1 - upper[above]
    return lower.reshape(shape), upper.reshape(shape)


def _gamma_series(a: Array, x: Array) -> Array:
    """1 + x / (a+1) + x^2 / ((a+1)(a+2)) + ..., all terms positive."""
    total = np.ones_like(x)
    active = np.arange(x.size)
    term, partial, k = np.ones_like(x), np.ones_like(x), 0
    while active.size:
        k += 1
        term = term * (x / (a + k))
        partial = partial + term
        going = term > _EPSILON * partial
        if not going.all():
            total[active[~going]] = partial[~going]
            active, a, x = active[going], a[going], x[going]
            term, partial = term[going], partial[going]
    return total


def _gamma_fraction(a: Array, x: Array) -> Array:
    """The continued fraction of the upper integral over x^a e^-x, not for small x."""

    def step(k: int, a: Array, x: Array) -> tuple[Array, Array]:
        return k * (a - k), x + 2 * k + 1 - a

    return 1 / _lentz(x + 1 - a, step, a, x)


def _lentz(first: Array, step: Any, *arguments: Array) -> Array:
    """first + c_1 / (d_1 + c_2 / (d_2 + ...)), where step(k, ...) gives c_k and d_k.

    Method: I. J. Thompson and A. R. Barnett, Coulomb and Bessel functions (1986).
    """
    result = np.empty_like(first)
    active = np.arange(first.size)
    value = np.where(first == 0, _TINY, first)
    ratio_up, ratio_down, k = value, np.zeros_like(value), 0
    while active.size:
        k += 1
        c, d = step(k, *arguments)
        ratio_down = d + c * ratio_down
        ratio_down = 1 / np.where(ratio_down == 0, _TINY, ratio_down)
        ratio_up = d + c / ratio_up
        ratio_up = np.where(ratio_up == 0, _TINY, ratio_up)
        factor = ratio_up * ratio_down
        value = value * factor
        going = np.abs(factor - 1) > 2 * _EPSILON
        if not going.all():
            result[active[~going]] = value[~going]
            active, value = active[going], value[going]
            ratio_up, ratio_down = ratio_up[going], ratio_down[going]
            arguments = tuple(v[going] for v in arguments)
    return result


@op(example=_beta_example, differentiable=(2,))
def betainc(a: Any, b: Any, x: Any) -> Array:
    """The share of the beta integral of t^(a-1) (1-t)^(b-1) below x, between 0 and 1.

    Args:
        a: positive; the work grows with the root of the larger of a and b.
        b: positive.
        x: between 0 and 1.

    Returns:
        Values of the broadcast shape; NaN outside these domains.
    """
    a, b, x, kind = double(a, b, x)
    shape = x.shape
    a, b, x = a.ravel(), b.ravel(), x.ravel()
    value = np.full(x.shape, np.nan)
    legal = (a > 0) & (b > 0) & np.isfinite(a) & np.isfinite(b)
    value[legal & (x == 0)] = 0.0
    value[legal & (x == 1)] = 1.0
    legal &= (x > 0) & (x < 1)
    # The fraction converges fast up to about the mean; above it, the other end is looked from,
    # unless (b < 1) the value could be small even there and must not come from 1 - share.
    turn = np.where(b < 1, np.maximum((a + 1) / (a + b + 2), 0.95), (a + 1) / (a + b + 2))
    for here, swapped in ((legal & (x <= turn), False), (legal & (x > turn), True)):
        if here.any():
            front = _beta_front(a[here], b[here], x[here])
            p, q, t = a[here], b[here], x[here]
            if swapped:
                p, q, t = q, p, 1 - t
            share = front / (p * _beta_fraction(p, q, t))
            value[here] = 1 - share if swapped else share
    return value.reshape(shape).astype(kind)


@betainc.backward
def _(a: Any, b: Any, x: Any, gradient: Any) -> Array:
    a, b, x, kind = double(a, b, x)
    return np.asarray(gradient * (_beta_front(a, b, x) / (x * (1 - x))).astype(kind))


def _beta_front(a: Array, b: Array, x: Array) -> Array:
    """x^a (1 - x)^b / B(a, b)."""
    n = a + b
    gap = np.where(x < 0.5, a - n * x, n * (1 - x) - b)  # the one that rounds less
    exponent = -deviance(a, n * x, gap) - deviance(b, n * (1 - x), -gap)
    exponent += stirling_error(n) - stirling_error(a) - stirling_error(b)
    with np.errstate(under="ignore"):
        return np.asarray(np.sqrt(a / n * b / (2 * math.pi)) * np.exp(exponent))


def _beta_fraction(a: Array, b: Array, x: Array) -> Array:
    def step(k: int, a: Array, b: Array, x: Array) -> tuple[Array, Array]:
        m = k // 2
        if k % 2:
            c = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            c = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        return c, np.ones_like(x)

    return _lentz(np.ones_like(x), step, a, b, x)

"""log Gamma and its derivatives, and the pieces of densities that must not cancel."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from impl.core import Array, op
from impl.special.cases import by_cases, double, polynomial

EULER = 0.577215664901532860606512090082402431
_HALF_LOG_2PI = 0.5 * math.log(2 * math.pi)
_BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510)
# zeta(k) - 1 for k = 2 ... 39: the sum to 29, then Euler and Maclaurin's tail from 30 on.
_ZETA_MINUS_1 = tuple(
    math.fsum(
        [n**-k for n in range(2, 30)]
        + [30 ** (1 - k) / (k - 1), 30**-k / 2, k * 30 ** (-k - 1) / 12]
        + [-k * (k + 1) * (k + 2) * 30 ** (-k - 3) / 720]
        + [k * (k + 1) * (k + 2) * (k + 3) * (k + 4) * 30 ** (-k - 5) / 30240]
    )
    for k in map(float, range(2, 40))
)
_LOG_GAMMA_AT_2 = (
    0.0,
    1 - EULER,
    *((-1) ** k * z / k for k, z in enumerate(_ZETA_MINUS_1, start=2)),
)


def _positive_example(rng: np.random.Generator) -> tuple[Any, ...]:
    return (rng.uniform(0.2, 20.0, size=(3, 4)),)


@op(example=_positive_example)
def gammaln(x: Any) -> Array:
    """log |Gamma(x)|; infinite at 0, -1, -2, ... The logarithm of (x - 1)! for whole x."""
    x, kind = double(x)
    return _gammaln(x).astype(kind)


def _gammaln(x: Array) -> Array:
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        return by_cases(
            x,
            (np.isposinf, lambda v: v),
            (
                lambda v: v >= 10,
                lambda v: (v - 0.5) * np.log(v) - v + _HALF_LOG_2PI + _stirling_series(v),
            ),
            # Both zeros, at 1 and 2, are inside these two: no digits are lost near them.
            (lambda v: (v >= 1.5) & (v < 2.5), lambda v: polynomial(_LOG_GAMMA_AT_2, v - 2)),
            (
                lambda v: (v >= 0.5) & (v < 1.5),
                lambda v: polynomial(_LOG_GAMMA_AT_2, v - 1) - np.log1p(v - 1),
            ),
            (
                lambda v: v > 0,
                lambda v: _gammaln(v + 8) - np.log(np.prod([v + i for i in range(8)], 0)),
            ),
            (lambda v: (v <= 0) & (v == np.floor(v)), lambda v: np.full_like(v, np.inf)),
            (lambda v: v < 0, lambda v: np.log(np.pi / np.abs(_sin_pi(v))) - _gammaln(1 - v)),
        )


def _sin_pi(x: Array) -> Array:
    """sin(pi x) up to its sign, without rounding pi x first."""
    return np.sin(np.pi * (x - np.round(x)))


def _stirling_series(x: Array) -> Array:
    """What log Gamma has over Stirling's (x - 1/2) log x - x + log(2 pi) / 2, for x >= 10."""
    terms = tuple(b / (2 * k * (2 * k - 1)) for k, b in enumerate(_BERNOULLI, start=1))
    return polynomial(terms, (1 / x) ** 2) / x


def stirling_error(x: Array) -> Array:
    """log Gamma(x + 1) - [(x + 1/2) log x - x + log(2 pi) / 2] for x > 0, in float64."""
    return by_cases(
        x,
        (lambda v: v >= 10, _stirling_series),
        (lambda v: v > 0, lambda v: _gammaln(v + 1) - ((v + 0.5) * np.log(v) - v + _HALF_LOG_2PI)),
    )


def deviance(x: Array, mean: Array, difference: Array | None = None) -> Array:
    """x log(x / mean) - x + mean >= 0, in float64, without cancellation where x is near the mean.

    Args:
        x: at least 0.
        mean: at least 0; where it is 0 and x is not, the value is infinite.
        difference: x - mean, when it is known better than by subtracting.

    Method: C. Loader, Fast and accurate computation of binomial probabilities (2000).
    """
    x, mean = np.broadcast_arrays(x, mean)
    gap = x - mean if difference is None else difference
    # u = (x - m) / (x + m) gives log(x / m) = 2 artanh u, and
    # x log(x / m) - x + m = (x - m) u + 2 x (artanh u - u).
    with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
        u = gap / (x + mean)
        square = u * u
        tail = polynomial(tuple(1 / (2 * k + 1) for k in range(1, 10)), square)
        near = gap * u + 2 * x * u * square * tail
        ratio = x / mean
        log_ratio = np.where(np.isfinite(ratio), np.log(ratio), np.log(x) - np.log(mean))
        far = np.where(x == 0, mean, x * log_ratio - gap)
        value = np.where(np.abs(u) < 0.1, near, far)
    return np.where((gap == 0) | ((x == 0) & (mean == 0)), 0.0, value)


def xlogy(x: Any, y: Any) -> Array:
    """x log y, and 0 where x is 0 whatever y is; in float64."""
    x, y = np.broadcast_arrays(x, y)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((x == 0) & ~np.isnan(y), 0.0, x * np.log(y))


@op(example=_positive_example)
def digamma(x: Any) -> Array:
    """The derivative of log Gamma(x), accurate to 1e-14 absolutely near its zeros; NaN at poles."""
    x, kind = double(x)
    return _digamma(x).astype(kind)


def _digamma(x: Array) -> Array:
    terms = tuple(-b / (2 * k) for k, b in enumerate(_BERNOULLI, start=1))

    def shifted(v: Array) -> Array:
        return _digamma(v + 10) - sum(1 / (v + i) for i in range(10))

    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        return by_cases(
            x,
            (
                lambda v: v >= 10,
                lambda v: np.log(v) - 0.5 / v + polynomial(terms, (1 / v) ** 2) * (1 / v) ** 2,
            ),
            (lambda v: v > 0, shifted),
            (
                lambda v: (v < 0) & (v != np.floor(v)),
                lambda v: _digamma(1 - v) - np.pi / np.tan(np.pi * (v - np.round(v))),
            ),
        )


@op(example=_positive_example)
def trigamma(x: Any) -> Array:
    """The second derivative of log Gamma(x); infinite at 0, -1, -2, ..."""
    x, kind = double(x)
    return _trigamma(x).astype(kind)


def _trigamma(x: Array) -> Array:
    def asymptotic(v: Array) -> Array:
        w = (1 / v) ** 2
        return 1 / v + w / 2 + polynomial(_BERNOULLI, w) * w / v

    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        return by_cases(
            x,
            (lambda v: v >= 10, asymptotic),
            (
                lambda v: v > 0,
                lambda v: _trigamma(v + 10) + sum((1 / (v + i)) ** 2 for i in range(10)),
            ),
            (lambda v: v == np.floor(v), lambda v: np.full_like(v, np.inf)),
            (lambda v: v < 0, lambda v: (np.pi / _sin_pi(v)) ** 2 - _trigamma(1 - v)),
        )


def _tetragamma(x: Array) -> Array:
    """The third derivative of log Gamma(x), for x > 0."""
    shift = x + 10
    w = (1 / shift) ** 2
    terms = tuple((2 * k + 1) * b for k, b in enumerate(_BERNOULLI, start=1))
    value = -w - w / shift - polynomial(terms, w) * w * w
    return np.asarray(value - sum(2 * (1 / (x + i)) ** 3 for i in range(10)))


@gammaln.backward
def _(x: Any, gradient: Any) -> Array:
    return np.asarray(gradient * digamma(x))


@digamma.backward
def _(x: Any, gradient: Any) -> Array:
    return np.asarray(gradient * trigamma(x))


@trigamma.backward
def _(x: Any, gradient: Any) -> Array:
    x, kind = double(x)
    return np.asarray(gradient * _tetragamma(x).astype(kind))

"""The error function and its complement."""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np

from impl.core import Array, as_float, op
from impl.special.cases import by_cases, double, polynomial


def _real_example(rng: np.random.Generator) -> tuple[Any, ...]:
    return (rng.normal(size=(3, 4)),)


@op(example=_real_example)
def erf(x: Any) -> Array:
    """2 / sqrt(pi) times the integral of e^-t^2 from 0 to x."""
    x, kind = double(x)
    size = np.abs(x)
    value = by_cases(
        size,
        (lambda v: v < 1, _erf_series),
        (lambda v: v >= 1, lambda v: 1 - _erfc_positive(v)),
    )
    return np.copysign(value, x).astype(kind)


@op(example=_real_example)
def erfc(x: Any) -> Array:
    """1 - erf(x), with all its digits where it is tiny."""
    x, kind = double(x)
    return by_cases(
        x,
        (lambda v: np.abs(v) < 0.5, lambda v: 1 - _erf_series(v)),
        (lambda v: v >= 0, _erfc_positive),
        (lambda v: v < 0, lambda v: 2 - _erfc_positive(-v)),
    ).astype(kind)


@erf.backward
def _(x: Any, gradient: Any) -> Array:
    x = as_float(x)
    return np.asarray(gradient * (x.dtype.type(2 / math.sqrt(math.pi)) * np.exp(-x * x)))


@erfc.backward
def _(x: Any, gradient: Any) -> Array:
    return np.asarray(-erf.backward(x, gradient=gradient))


_ERF_SERIES = tuple(
    2 / math.sqrt(math.pi) * (-1) ** n / (math.factorial(n) * (2 * n + 1)) for n in range(20)
)


def _erf_series(x: Array) -> Array:
    return x * polynomial(_ERF_SERIES, x * x)


def _erfc_positive(x: Array) -> Array:
    """erfc for x >= 0: e^-x^2 times a polynomial in (x - c) / (x + c)."""
    x = np.minimum(x, 40.0)  # beyond, the value is 0 in any case
    t = (x - _CENTRE) / (x + _CENTRE)
    scaled = polynomial(_scaled_erfc(), t) / (1 + 2 * x)
    # x = h + (x - h) with h^2 exact: rounding x^2 alone would cost three digits at x = 26.
    h = np.round(x * 256) / 256
    with np.errstate(under="ignore"):
        return np.exp(-h * h) * np.exp(-(x - h) * (x + h)) * scaled


_CENTRE = 3.75


@functools.cache
def _scaled_erfc() -> tuple[float, ...]:
    """Coefficients of (1 + 2 x) e^x^2 erfc(x) in t = (x - c) / (x + c), between -1 and 1.

    The function is smooth in t up to x = infinity, so interpolating it at Chebyshev's points gives
    it to the last digits.
    """

    def value(t: float) -> float:
        x = _CENTRE * (1 + t) / (1 - t)
        if x < 6:
            square = x * x
            rest = math.fsum([*(a * b for a in _halves(x) for b in _halves(x)), -square])
            return (1 + 2 * x) * math.exp(square) * (1 + rest) * math.erfc(x)
        depth = 0.0
        for k in range(200, 0, -1):  # the continued fraction of erfc
            depth = k / 2 / (x + depth)
        return (1 + 2 * x) / (math.sqrt(math.pi) * (x + depth))

    from numpy.polynomial import chebyshev

    degree = 27
    points = np.cos(np.pi * (np.arange(degree + 1) + 0.5) / (degree + 1))
    fitted = chebyshev.chebfit(points, [value(float(t)) for t in points], degree)
    return tuple(float(c) for c in chebyshev.cheb2poly(fitted))


def _halves(x: float) -> tuple[float, float]:
    """x as a sum of two numbers whose products with each other are exact."""
    high = float(np.float32(x))
    return high, x - high

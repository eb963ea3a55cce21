"""Taylor polynomials, each with a bound on what they leave out.

Bounds are for exact arithmetic; they are rounded like any float, so allow a few units in the last
place where they are nearly 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from impl.core import Array, as_float


class Expansion(NamedTuple):
    """A polynomial's value, and how far the function can be from it."""

    value: Array
    bound: Array


def taylor_polynomial(derivatives: Sequence[float], x: Any, x0: float = 0.0) -> Array:
    """sum_i f^(i)(x0) / i! (x - x0)^i, by Horner's rule.

    Args:
        derivatives: f(x0), f'(x0), ..., f^(n)(x0).
        x: a number or an array.
        x0: the expansion point.

    Raises:
        ValueError: there is no derivative, not even the value.

    Source: SU-1.1.
    """
    if len(derivatives) == 0:
        raise ValueError("taylor_polynomial: derivatives must begin with f(x0); got none")
    step = as_float(x) - x0
    value = np.full_like(step, 0.0)
    for order in range(len(derivatives) - 1, -1, -1):
        # Dividing once a degree keeps every factorial out of the way of overflow.
        value = derivatives[order] + step * value / (order + 1)
    return np.asarray(value)


def lagrange_bound(largest: float, degree: int, x: Any, x0: float = 0.0) -> Array:
    """largest |x - x0|^(n+1) / (n+1)!, which the remainder R_n cannot exceed.

    Args:
        largest: a bound of |f^(n+1)| between x0 and x.
        degree: n, at least 0.
        x: a number or an array.
        x0: the expansion point.

    Raises:
        ValueError: degree or largest is negative.

    Source: SU-1.1.rem.
    """
    if degree < 0 or not largest >= 0:
        raise ValueError(
            f"lagrange_bound: degree and largest must not be negative; got {degree}, {largest}"
        )
    return largest * _power_over_factorial(np.abs(as_float(x) - x0), degree + 1)


def exp_taylor(x: Any, degree: int) -> Expansion:
    """1 + x + ... + x^n / n!, within e^max(x, 0) |x|^(n+1) / (n+1)! of e^x.

    Source: SU-1.2.s1.
    """
    x = _at("exp_taylor", x, degree)
    bound = np.exp(np.maximum(x, 0)) * _power_over_factorial(np.abs(x), degree + 1)
    return Expansion(taylor_polynomial([1.0] * (degree + 1), x), bound)


def sin_taylor(x: Any, degree: int) -> Expansion:
    """The polynomial of sin up to x^n; every derivative is at most 1."""
    return _periodic("sin_taylor", (0.0, 1.0, 0.0, -1.0), x, degree)


def cos_taylor(x: Any, degree: int) -> Expansion:
    """The polynomial of cos up to x^n; every derivative is at most 1."""
    return _periodic("cos_taylor", (1.0, 0.0, -1.0, 0.0), x, degree)


def log1p_taylor(x: Any, degree: int) -> Expansion:
    """x - x^2/2 + ... of log(1 + x), for -1 < x; it converges for x <= 1 only.

    The remainder is the integral of t^n / (1 + t) from 0 to x, hence at most
    |x|^(n+1) / (n+1), divided by 1 + x where x is negative.

    Raises:
        ValueError: an x is not above -1.
    """
    x = _at("log1p_taylor", x, degree)
    if not (x > -1).all():
        raise ValueError("log1p_taylor: every x must be above -1")
    value = np.zeros_like(x)
    for order in range(degree, 0, -1):
        value = x * ((-1.0) ** (order + 1) / order + value)
    bound = np.abs(x) ** (degree + 1) / (degree + 1) / np.minimum(1 + x, 1)
    return Expansion(value, bound)


def remainder(f: Callable[[Array], Any], polynomial: Callable[[Array], Any], x: Any) -> Array:
    """f(x) less its polynomial: what the polynomial leaves out. Source: SU-1.1.rem."""
    x = as_float(x)
    return np.asarray(f(x) - polynomial(x))


def exp_degree(x: float, tolerance: float) -> int:
    """The least degree whose bound for e^x is at most `tolerance`.

    Raises:
        ValueError: tolerance is not positive.

    Source: SU-1.2.
    """
    if not tolerance > 0:
        raise ValueError(f"exp_degree: tolerance must be positive; got {tolerance}")
    degree, bound = 0, math.exp(max(x, 0.0)) * abs(x)
    while bound > tolerance:
        degree += 1
        bound *= abs(x) / (degree + 1)
    return degree


def _at(where: str, x: Any, degree: int) -> Array:
    if degree < 0:
        raise ValueError(f"{where}: degree must not be negative; got {degree}")
    return as_float(x)


def _periodic(where: str, cycle: Sequence[float], x: Any, degree: int) -> Expansion:
    x = _at(where, x, degree)
    value = taylor_polynomial([cycle[k % 4] for k in range(degree + 1)], x)
    return Expansion(value, _power_over_factorial(np.abs(x), degree + 1))


def _power_over_factorial(x: Array, n: int) -> Array:
    """x^n / n!, factor by factor, so that neither overflows before the quotient does."""
    value = np.ones_like(x)
    for k in range(1, n + 1):
        value = value * (x / k)
    return value

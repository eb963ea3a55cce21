"""The incomplete gamma functions of large a, where series and fractions take sqrt(a) terms."""

from __future__ import annotations

import functools
import math
from fractions import Fraction

import numpy as np

from impl.core import Array
from impl.special.cases import polynomial
from impl.special.error import erfc
from impl.special.gammas import deviance

LARGE = 1e5
_FAR = 0.2  # beyond this eta the exponential is 0 for a >= LARGE
_ORDERS = 4
_TERMS = 14


@functools.cache
def _expansion() -> tuple[tuple[float, ...], ...]:
    """c_0, ..., c_3 as polynomials in eta, where eta^2 / 2 = mu - log(1 + mu) and mu = x / a - 1.

    c_0 = 1 / mu - 1 / eta, and c_k = c_(k-1)' / eta + s_k / mu with the s_k that leaves no pole.
    """
    size = _TERMS + 2 * _ORDERS + 2
    mu = [Fraction(0), Fraction(1)]  # from mu mu' = eta (1 + mu)
    for n in range(2, size + 2):
        products = sum((mu[i] * mu[n + 1 - i] for i in range(2, n)), Fraction(0))
        mu.append(mu[n - 1] / (n + 1) - products / 2)
    inverse = [Fraction(1)]  # of mu / eta
    for n in range(1, size + 1):
        inverse.append(-sum((mu[i + 1] * inverse[n - i] for i in range(1, n + 1)), Fraction(0)))
    c = inverse[1:]
    found = []
    for _ in range(_ORDERS):
        found.append(tuple(float(v) for v in c[:_TERMS]))
        c = [(m + 2) * c[m + 2] - c[1] * inverse[m + 1] for m in range(len(c) - 2)]
    return tuple(found)


def gamma_shares(a: Array, x: Array) -> tuple[Array, Array]:
    """The shares below and above x of the gamma integral, for a >= LARGE and x > 0.

    Method: N. Temme, The asymptotic expansion of the incomplete gamma functions (1979).
    """
    exponent = deviance(a, x)
    side = np.copysign(np.sqrt(exponent), x - a)
    eta = np.clip(side * np.sqrt(2 / a), -_FAR, _FAR)
    series = np.zeros_like(a)
    for coefficients in reversed(_expansion()):
        series = series / a + polynomial(coefficients, eta)
    with np.errstate(under="ignore"):
        rest = np.exp(-exponent) / np.sqrt(2 * math.pi * a) * series
    return 0.5 * erfc(-side) - rest, 0.5 * erfc(side) + rest

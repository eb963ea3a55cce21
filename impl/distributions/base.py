"""What every distribution offers, and how their parameters and data are checked."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from impl.core import Array, ShapeError, as_float


class Distribution:
    """A distribution with fixed parameters; subclasses are frozen and compare by parameters."""

    @property
    def mean(self) -> Any:
        """The expectation."""
        raise NotImplementedError

    @property
    def variance(self) -> Any:
        """The expected squared distance from the mean."""
        raise NotImplementedError

    @property
    def standard_deviation(self) -> float:
        """The root of the variance."""
        return math.sqrt(self.variance)

    def sample(self, rng: np.random.Generator, size: int | tuple[int, ...] | None = None) -> Any:
        """Independent draws: one when size is None, else an array of that shape."""
        raise NotImplementedError


class Discrete(Distribution):
    """A distribution on whole numbers."""

    def log_pmf(self, k: Any) -> Array:
        """The logarithm of the probability of k, elementwise; -inf where it is 0."""
        raise NotImplementedError

    def pmf(self, k: Any) -> Array:
        """The probability of k, elementwise; 0 for numbers that cannot occur."""
        return np.asarray(np.exp(self.log_pmf(k)))

    def log_likelihood(self, data: Any) -> float:
        """The logarithm of the probability of independent data."""
        return float(np.sum(self.log_pmf(data), dtype=np.float64))


class Continuous(Distribution):
    """A distribution with a density."""

    def log_pdf(self, x: Any) -> Array:
        """The logarithm of the density at x; -inf outside the support."""
        raise NotImplementedError

    def pdf(self, x: Any) -> Array:
        """The density at x; 0 outside the support."""
        with np.errstate(under="ignore", over="ignore"):
            return np.asarray(np.exp(self.log_pdf(x)))

    def log_likelihood(self, data: Any) -> float:
        """The logarithm of the density of independent data."""
        return float(np.sum(self.log_pdf(data), dtype=np.float64))


def number(where: str, name: str, value: Any, *, above: float = -math.inf) -> float:
    """A finite real number greater than a bound.

    Raises:
        ValueError: it is not; the message says where, what must hold, what came.
    """
    result = float(value)
    if not (math.isfinite(result) and result > above):
        bound = "finite" if above == -math.inf else f"finite and > {above:g}"
        raise ValueError(f"{where}: {name} must be {bound}; got {value}")
    return result


def probability(where: str, value: Any) -> float:
    """A number between 0 and 1, both included.

    Raises:
        ValueError: it is not.
    """
    result = float(value)
    if not 0 <= result <= 1:
        raise ValueError(f"{where}: p must be between 0 and 1; got {value}")
    return result


def sample_of(
    where: str, data: Any, low: float = -math.inf, high: float = math.inf, least: int = 1
) -> Array:
    """Data to fit: 1-D, at least so many, finite, within bounds; as float64.

    Raises:
        ShapeError: it is not 1-D, or too few.
        ValueError: a value is NaN, infinite or out of bounds.
    """
    x = as_float(data).astype(np.float64)
    if x.ndim != 1 or x.size < least:
        some = " with at least one value" if least else ""
        raise ShapeError(f"{where}: data must be 1-D{some}; got shape {x.shape}")
    wrong = ~np.isfinite(x) | (x < low) | (x > high)
    if wrong.any():
        place = int(np.argmax(wrong))
        raise ValueError(
            f"{where}: data must be finite and between {low:g} and {high:g}; "
            f"got {x[place]} at {place}"
        )
    return x


def counts_of(where: str, data: Any, high: float = math.inf, least: int = 1) -> Array:
    """Data to fit that count something: whole numbers from 0 on.

    Raises:
        ShapeError: it is not 1-D, or too few.
        ValueError: a value is not a whole number, or out of bounds.
    """
    k = sample_of(where, data, 0, high, least)
    if (k != np.floor(k)).any():
        place = int(np.argmax(k != np.floor(k)))
        raise ValueError(f"{where}: data must be whole numbers; got {k[place]} at {place}")
    return k


def at(x: Any) -> tuple[Array, Any]:
    """Where to evaluate, as float64, and the float type that the values shall have."""
    array = as_float(x)
    return array.astype(np.float64), array.dtype


def where_possible(x: Array, possible: Array, value: Array, kind: Any) -> Array:
    """The log-probabilities where they are defined, -inf elsewhere, and NaN for NaN."""
    return np.where(np.isnan(x), np.nan, np.where(possible, value, -np.inf)).astype(kind)

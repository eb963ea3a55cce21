"""The number of events at a constant rate."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from impl.core import Array
from impl.distributions.base import Discrete, at, counts_of, where_possible
from impl.special import deviance, gammaincc, stirling_error


@dataclass(frozen=True)
class Poisson(Discrete):
    """The number of events in an interval in which `rate` of them are expected.

    Rate 0 is allowed: no event ever.

    Raises:
        ValueError: the rate is negative or not finite.

    Source: SU-1.10, SU-1.11.
    """

    rate: float

    def __post_init__(self) -> None:
        rate = float(self.rate)
        if not (math.isfinite(rate) and rate >= 0):
            raise ValueError(f"Poisson: rate must be finite and at least 0; got {self.rate}")
        object.__setattr__(self, "rate", rate)

    @property
    def mean(self) -> float:
        """The rate. Source: SU-1.11a."""
        return self.rate

    @property
    def variance(self) -> float:
        """The rate. Source: SU-1.11c."""
        return self.rate

    def log_pmf(self, k: Any) -> Array:
        """k log(rate) - rate - log k!, to full precision for any rate."""
        k, kind = at(k)
        possible = (k == np.floor(k)) & (k >= 0) & np.isfinite(k)
        safe = np.where(possible & (k > 0), k, 1.0)
        value = (
            -deviance(safe, np.asarray(self.rate))
            - stirling_error(safe)
            - 0.5 * np.log(2 * math.pi * safe)
        )
        return where_possible(k, possible, np.where(k == 0, -self.rate, value), kind)

    def cdf(self, k: Any) -> Array:
        """The probability of at most k events."""
        k, kind = at(k)
        value = gammaincc(np.floor(np.maximum(k, 0)) + 1, self.rate)
        value = np.where(np.isposinf(k), 1.0, value)
        return np.where(np.isnan(k), np.nan, np.where(k < 0, 0.0, value)).astype(kind)

    def sample(self, rng: np.random.Generator, size: Any = None) -> Any:
        """Independent counts."""
        return rng.poisson(self.rate, size)

    @classmethod
    def fit(cls, data: Any) -> Poisson:
        """The most likely rate: the mean count.

        Raises:
            ShapeError: the data are empty or not 1-D.
            ValueError: a value is not a whole number from 0 on.
        """
        return cls(float(counts_of("Poisson.fit", data).mean()))

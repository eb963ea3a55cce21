"""The waiting time for an event that comes at a constant rate."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from impl.core import Array
from impl.distributions.base import Continuous, at, number, sample_of, where_possible


@dataclass(frozen=True)
class Exponential(Continuous):
    """A time x >= 0 with density rate e^(-rate x).

    Raises:
        ValueError: the rate is not positive and finite.

    Source: SU-1.15, SU-1.16.
    """

    rate: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "rate", number("Exponential", "rate", self.rate, above=0))

    @property
    def mean(self) -> float:
        """1 / rate. Source: SU-1.16a."""
        return 1 / self.rate

    @property
    def variance(self) -> float:
        """1 / rate^2. Source: SU-1.16b."""
        return 1 / self.rate**2

    def log_pdf(self, x: Any) -> Array:
        """log(rate) - rate x."""
        x, kind = at(x)
        with np.errstate(over="ignore"):
            return where_possible(x, x >= 0, math.log(self.rate) - self.rate * x, kind)

    def cdf(self, x: Any) -> Array:
        """The probability of a wait of at most x: 1 - e^(-rate x)."""
        x, kind = at(x)
        with np.errstate(over="ignore", under="ignore"):
            return (-np.expm1(-self.rate * np.maximum(x, 0))).astype(kind)

    def sample(self, rng: np.random.Generator, size: Any = None) -> Any:
        """Independent waiting times."""
        return rng.exponential(1 / self.rate, size)

    @classmethod
    def fit(cls, data: Any) -> Exponential:
        """The most likely rate: one over the mean.

        Raises:
            ShapeError: the data are empty or not 1-D.
            ValueError: a value is negative, or all are 0.
        """
        mean = float(sample_of("Exponential.fit", data, low=0).mean())
        if mean == 0:
            raise ValueError("Exponential.fit: data must not all be 0")
        return cls(1 / mean)

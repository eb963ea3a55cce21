"""The normal distribution of a number."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from impl.core import Array
from impl.distributions.base import Continuous, at, number, sample_of
from impl.special import erfc


@dataclass(frozen=True)
class Normal(Continuous):
    """N(mean, variance): the second parameter is sigma squared.

    Raises:
        ValueError: the mean is not finite, or the variance not positive and finite.

    Source: SU-1.14, SU-1.14.mean, SU-1.14.sd.
    """

    mean: float = 0.0
    variance: float = 1.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "mean", number("Normal", "mean", self.mean))
        object.__setattr__(self, "variance", number("Normal", "variance", self.variance, above=0))

    def log_pdf(self, x: Any) -> Array:
        """-(x - mean)^2 / (2 variance) - log(2 pi variance) / 2."""
        x, kind = at(x)
        with np.errstate(over="ignore"):
            z = (x - self.mean) / self.standard_deviation
            return (-0.5 * z * z - 0.5 * math.log(2 * math.pi * self.variance)).astype(kind)

    def cdf(self, x: Any) -> Array:
        """The probability of at most x, with all its digits far in the lower tail."""
        x, kind = at(x)
        with np.errstate(over="ignore"):
            z = (x - self.mean) / (self.standard_deviation * math.sqrt(2))
        return (0.5 * erfc(-z)).astype(kind)

    def sample(self, rng: np.random.Generator, size: Any = None) -> Any:
        """Independent draws."""
        return rng.normal(self.mean, self.standard_deviation, size)

    @classmethod
    def fit(cls, data: Any) -> Normal:
        """The most likely mean and variance: the sample's, the variance with divisor n.

        Raises:
            ShapeError: the data are empty or not 1-D.
            ValueError: all values are equal: the likelihood has no largest value.

        Source: SU-2.67.
        """
        x = sample_of("Normal.fit", data)
        if x.min() == x.max():
            raise ValueError(f"Normal.fit: data must have two different values; all are {x[0]}")
        return cls(float(x.mean()), float(x.var()))

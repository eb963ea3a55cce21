"""Every point of an interval alike."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from impl.core import Array
from impl.distributions.base import Continuous, at, number, sample_of, where_possible


@dataclass(frozen=True)
class Uniform(Continuous):
    """A number between low and high, both included, with constant density.

    Raises:
        ValueError: low < high does not hold, or one is not finite.

    Source: SU-1.12, SU-1.13.
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "low", number("Uniform", "low", self.low))
        object.__setattr__(self, "high", number("Uniform", "high", self.high, above=self.low))

    @property
    def mean(self) -> float:
        """The middle. Source: SU-1.13a."""
        return self.low + (self.high - self.low) / 2

    @property
    def variance(self) -> float:
        """The squared length over 12. Source: SU-1.13c."""
        return (self.high - self.low) ** 2 / 12

    def log_pdf(self, x: Any) -> Array:
        """-log(high - low) inside."""
        x, kind = at(x)
        inside = (x >= self.low) & (x <= self.high)
        value = np.full(x.shape, -math.log(self.high - self.low))
        return where_possible(x, inside, value, kind)

    def cdf(self, x: Any) -> Array:
        """The probability of at most x."""
        x, kind = at(x)
        return np.clip((x - self.low) / (self.high - self.low), 0, 1).astype(kind)

    def sample(self, rng: np.random.Generator, size: Any = None) -> Any:
        """Independent draws."""
        return rng.uniform(self.low, self.high, size)

    @classmethod
    def fit(cls, data: Any) -> Uniform:
        """The shortest interval that holds the data, which is the most likely one.

        Raises:
            ShapeError: the data are empty or not 1-D.
            ValueError: all values are equal: the likelihood has no largest value.
        """
        x = sample_of("Uniform.fit", data)
        if x.min() == x.max():
            raise ValueError(f"Uniform.fit: data must have two different values; all are {x[0]}")
        return cls(float(x.min()), float(x.max()))

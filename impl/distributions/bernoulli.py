"""One trial that succeeds or fails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from impl.core import Array
from impl.distributions.base import Discrete, at, counts_of, probability, where_possible
from impl.special import xlogy


@dataclass(frozen=True)
class Bernoulli(Discrete):
    """1 with probability p, and 0 with probability 1 - p.

    Raises:
        ValueError: p is not between 0 and 1.

    Source: SU-1.6, SU-1.7, XU-30.
    """

    p: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "p", probability("Bernoulli", self.p))

    @property
    def mean(self) -> float:
        """p. Source: SU-1.7a."""
        return self.p

    @property
    def variance(self) -> float:
        """p (1 - p). Source: SU-1.7c."""
        return self.p * (1 - self.p)

    def log_pmf(self, k: Any) -> Array:
        """k log p + (1 - k) log(1 - p) for k = 0 and 1."""
        k, kind = at(k)
        with np.errstate(invalid="ignore"):
            value = xlogy(k, self.p) + xlogy(1 - k, 1 - self.p)
        return where_possible(k, (k == 0) | (k == 1), value, kind)

    def cdf(self, k: Any) -> Array:
        """The probability of at most k."""
        k, kind = at(k)
        value = np.where(k < 0, 0.0, np.where(k < 1, 1 - self.p, 1.0))
        return np.where(np.isnan(k), np.nan, value).astype(kind)

    def sample(self, rng: np.random.Generator, size: Any = None) -> Any:
        """Independent draws of 0 and 1."""
        return rng.binomial(1, self.p, size)

    @classmethod
    def fit(cls, data: Any) -> Bernoulli:
        """The most likely p: the share of ones.

        Raises:
            ShapeError: the data are empty or not 1-D.
            ValueError: a value is neither 0 nor 1.

        Source: CO-coin-mle.
        """
        return cls(float(counts_of("Bernoulli.fit", data, 1).mean()))

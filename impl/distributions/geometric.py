"""The number of trials until one succeeds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from impl.core import Array
from impl.distributions.base import Discrete, at, counts_of, probability, where_possible
from impl.special import xlogy


@dataclass(frozen=True)
class Geometric(Discrete):
    """How many trials it takes until the first success, itself counted: 1, 2, 3, ...

    Raises:
        ValueError: p is not above 0 and at most 1.
    """

    p: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "p", probability("Geometric", self.p))
        if self.p == 0:
            raise ValueError("Geometric: p must be above 0, or success never comes; got 0")

    @property
    def mean(self) -> float:
        """1 / p."""
        return 1 / self.p

    @property
    def variance(self) -> float:
        """(1 - p) / p^2."""
        return (1 - self.p) / self.p**2

    def log_pmf(self, k: Any) -> Array:
        """(k - 1) log(1 - p) + log p."""
        k, kind = at(k)
        possible = (k == np.floor(k)) & (k >= 1) & np.isfinite(k)
        failures = np.where(possible, k - 1, 0.0)
        # log1p keeps the digits of a small p that 1 - p would round away.
        value = failures * math.log1p(-self.p) if self.p < 1 else xlogy(failures, 0.0)
        return where_possible(k, possible, value + math.log(self.p), kind)

    def cdf(self, k: Any) -> Array:
        """The probability of success within k trials: 1 - (1 - p)^k."""
        k, kind = at(k)
        trials = np.maximum(np.floor(k), 0)
        if self.p == 1:
            value = np.where(trials >= 1, 1.0, 0.0)
        else:
            value = -np.expm1(trials * math.log1p(-self.p))
        return np.where(np.isnan(k), np.nan, value).astype(kind)

    def sample(self, rng: np.random.Generator, size: Any = None) -> Any:
        """Independent waiting times."""
        return rng.geometric(self.p, size)

    @classmethod
    def fit(cls, data: Any) -> Geometric:
        """The most likely p: one over the mean number of trials.

        Raises:
            ShapeError: the data are empty or not 1-D.
            ValueError: a value is not a whole number from 1 on.
        """
        k = counts_of("Geometric.fit", data)
        if (k < 1).any():
            raise ValueError("Geometric.fit: data must be at least 1: the success is a trial too")
        return cls(1 / float(k.mean()))

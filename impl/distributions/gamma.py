"""The gamma distribution of a positive number."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from impl.core import Array
from impl.distributions.base import Continuous, at, number, sample_of, where_possible
from impl.special import deviance, digamma, gammainc, gammaln, stirling_error, trigamma


@dataclass(frozen=True)
class Gamma(Continuous):
    """Density proportional to x^(shape - 1) e^(-rate x) for x > 0.

    Raises:
        ValueError: shape or rate is not positive and finite.
    """

    shape: float
    rate: float = 1.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "shape", number("Gamma", "shape", self.shape, above=0))
        object.__setattr__(self, "rate", number("Gamma", "rate", self.rate, above=0))

    @property
    def mean(self) -> float:
        """shape / rate."""
        return self.shape / self.rate

    @property
    def variance(self) -> float:
        """shape / rate^2."""
        return self.shape / self.rate**2

    def log_pdf(self, x: Any) -> Array:
        """shape log(rate) + (shape - 1) log x - rate x - log Gamma(shape), without cancellation."""
        x, kind = at(x)
        a, rate = self.shape, self.rate
        inside = (x > 0) & np.isfinite(x)
        safe = np.where(inside, x, 1.0)
        if a < 1:
            with np.errstate(over="ignore"):
                value = a * math.log(rate) + (a - 1) * np.log(safe) - rate * safe
                value = value - float(gammaln(a))
        else:
            with np.errstate(over="ignore"):
                value = -deviance(np.asarray(a), rate * safe) - np.log(safe)
            value += 0.5 * math.log(a / (2 * math.pi)) - float(stirling_error(np.array([a]))[0])
        at_0 = math.log(rate) if a == 1 else (math.inf if a < 1 else -math.inf)
        return where_possible(x, inside | (x == 0), np.where(x == 0, at_0, value), kind)

    def cdf(self, x: Any) -> Array:
        """The probability of at most x."""
        x, kind = at(x)
        return gammainc(self.shape, self.rate * np.maximum(x, 0)).astype(kind)

    def sample(self, rng: np.random.Generator, size: Any = None) -> Any:
        """Independent draws."""
        return rng.gamma(self.shape, 1 / self.rate, size)

    @classmethod
    def fit(cls, data: Any) -> Gamma:
        """The most likely shape and rate.

        Raises:
            ShapeError: the data are empty or not 1-D.
            ValueError: a value is not positive, or all are equal: the likelihood has no largest
                value.

        Method: T. Minka, Estimating a gamma distribution (2002).
        """
        x = sample_of("Gamma.fit", data, low=0)
        if (x == 0).any():
            raise ValueError("Gamma.fit: data must be positive; got 0")
        if x.min() == x.max():
            raise ValueError(f"Gamma.fit: data must have two different values; all are {x[0]}")
        mean = float(x.mean())
        # log(mean) - mean(log), which is all that matters of the data beside the mean.
        ratio = x / mean
        spread = -float(
            np.where(
                ratio < 0.5, np.log(ratio), np.log1p(np.maximum((x - mean) / mean, -0.5))
            ).mean()
        )
        shape = (3 - spread + math.sqrt((spread - 3) ** 2 + 24 * spread)) / (12 * spread)
        for _ in range(100):
            slope = math.log(shape) - float(digamma(shape)) - spread
            curve = 1 / shape - float(trigamma(shape))
            proposal = 1 / (1 / shape + slope / (shape**2 * curve))
            if abs(proposal - shape) <= 1e-14 * shape:
                break
            shape = proposal
        return cls(shape, shape / mean)

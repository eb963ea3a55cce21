"""The number of successes in several trials."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from impl.core import Array
from impl.distributions.base import Discrete, at, counts_of, number, probability, where_possible
from impl.special import betainc, deviance, stirling_error


@dataclass(frozen=True)
class Binomial(Discrete):
    """How many of n independent trials succeed, each with probability p.

    Raises:
        ValueError: n is not a whole number from 0 on, or p is not between 0 and 1.

    Source: SU-1.8, SU-1.9.
    """

    n: int
    p: float

    def __post_init__(self) -> None:
        n = number("Binomial", "n", self.n, above=-1)
        if n != math.floor(n):
            raise ValueError(f"Binomial: n must be a whole number; got {self.n}")
        object.__setattr__(self, "n", int(n))
        object.__setattr__(self, "p", probability("Binomial", self.p))

    @property
    def mean(self) -> float:
        """n p. Source: SU-1.9a."""
        return self.n * self.p

    @property
    def variance(self) -> float:
        """n p (1 - p). Source: SU-1.9b."""
        return self.n * self.p * (1 - self.p)

    def log_pmf(self, k: Any) -> Array:
        """log of n over k, p^k and (1 - p)^(n - k), to full precision for any n."""
        k, kind = at(k)
        possible = (k == np.floor(k)) & (k >= 0) & (k <= self.n)
        n, p, q = float(self.n), self.p, 1 - self.p
        inner = possible & (k > 0) & (k < n) & (0 < p < 1)
        safe = np.where(inner, k, 1.0)
        rest = np.where(inner, n - k, 1.0)
        gap = safe - n * p
        value = (
            float(stirling_error(np.array([n or 1.0]))[0])
            - stirling_error(safe)
            - stirling_error(rest)
            - deviance(safe, np.asarray(n * p), gap)
            - deviance(rest, np.asarray(n * q), -gap)
            + 0.5 * (math.log(n or 1.0) - np.log(2 * math.pi * safe) - np.log(rest))
        )
        with np.errstate(divide="ignore", invalid="ignore"):
            at_0 = n * np.log1p(-p) if n else 0.0
            at_n = n * np.log(p) if n else 0.0
        ends = np.where(k == 0, at_0, np.where(k == n, at_n, -np.inf))
        return where_possible(k, possible, np.where(inner, value, ends), kind)

    def cdf(self, k: Any) -> Array:
        """The probability of at most k successes."""
        k, kind = at(k)
        whole = np.floor(k)
        inner = (whole >= 0) & (whole < self.n)
        safe = np.where(inner, whole, 0.0)
        value = betainc(np.where(inner, self.n - safe, 1.0), safe + 1, 1 - self.p)
        outer = np.where(whole < 0, 0.0, np.where(whole >= self.n, 1.0, np.nan))
        return np.where(inner, value, outer).astype(kind)

    def sample(self, rng: np.random.Generator, size: Any = None) -> Any:
        """Independent draws from 0 to n."""
        return rng.binomial(self.n, self.p, size)

    @classmethod
    def fit(cls, data: Any, n: int) -> Binomial:
        """The most likely p for a known n: the share of successes in all trials.

        Raises:
            ShapeError: the data are empty or not 1-D.
            ValueError: n < 1, or a value is not a whole number between 0 and n.
        """
        n = int(number("Binomial.fit", "n", n, above=0))
        return cls(n, float(counts_of("Binomial.fit", data, n).mean()) / n)

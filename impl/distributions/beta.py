"""The beta distribution of a probability."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from impl.core import Array
from impl.distributions.base import Continuous, at, number, sample_of, where_possible
from impl.distributions.dirichlet import most_likely_concentration
from impl.special import betainc, gammaln, xlogy


@dataclass(frozen=True)
class Beta(Continuous):
    """Density proportional to x^(a - 1) (1 - x)^(b - 1) for x between 0 and 1.

    Raises:
        ValueError: a or b is not positive and finite.
    """

    a: float
    b: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "a", number("Beta", "a", self.a, above=0))
        object.__setattr__(self, "b", number("Beta", "b", self.b, above=0))

    @property
    def mean(self) -> float:
        """a / (a + b)."""
        return self.a / (self.a + self.b)

    @property
    def variance(self) -> float:
        """a b / ((a + b)^2 (a + b + 1))."""
        total = self.a + self.b
        return self.a / total * (self.b / total) / (total + 1)

    def log_pdf(self, x: Any) -> Array:
        """(a - 1) log x + (b - 1) log(1 - x) - log B(a, b)."""
        x, kind = at(x)
        inside = (x >= 0) & (x <= 1)
        safe = np.where(inside, x, 0.5)
        a, b = np.float64(self.a), np.float64(self.b)
        constant = gammaln(a + b) - gammaln(a) - gammaln(b)
        value = xlogy(a - 1, safe) + xlogy(b - 1, 1 - safe) + constant
        return where_possible(x, inside, value, kind)

    def cdf(self, x: Any) -> Array:
        """The probability of at most x."""
        x, kind = at(x)
        return betainc(self.a, self.b, np.clip(x, 0, 1)).astype(kind)

    def sample(self, rng: np.random.Generator, size: Any = None) -> Any:
        """Independent draws."""
        return rng.beta(self.a, self.b, size)

    @classmethod
    def fit(cls, data: Any) -> Beta:
        """The most likely a and b.

        Raises:
            ShapeError: the data are empty or not 1-D.
            ValueError: a value is not strictly between 0 and 1, or all are equal.
        """
        x = sample_of("Beta.fit", data, low=0, high=1)
        if (x <= 0).any() or (x >= 1).any():
            raise ValueError("Beta.fit: data must be strictly between 0 and 1")
        if x.min() == x.max():
            raise ValueError(f"Beta.fit: data must have two different values; all are {x[0]}")
        a, b = most_likely_concentration(np.column_stack([x, 1 - x]))
        return cls(float(a), float(b))

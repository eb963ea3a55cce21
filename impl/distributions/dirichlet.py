"""The Dirichlet distribution of the probabilities of several outcomes."""

from __future__ import annotations

from typing import Any

import numpy as np

from impl.checks import design_matrix, finite
from impl.core import Array, ShapeError, as_float
from impl.distributions.base import Continuous
from impl.special import digamma, gammaln, trigamma, xlogy


class Dirichlet(Continuous):
    """Density proportional to the product of x_k^(concentration_k - 1) over shares with sum 1.

    Args:
        concentration: shape (K,) with K >= 2, positive.

    Raises:
        ShapeError: another shape.
        ValueError: a value is not positive and finite.
    """

    def __init__(self, concentration: Any) -> None:
        alpha = finite("Dirichlet", "concentration", as_float(concentration).astype(np.float64))
        if alpha.ndim != 1 or alpha.size < 2:
            raise ShapeError(
                f"Dirichlet: concentration must have shape (K,) with K >= 2; got {alpha.shape}"
            )
        if (alpha <= 0).any():
            raise ValueError(f"Dirichlet: concentration must be positive; got {alpha.min()}")
        self._alpha = alpha

    @property
    def concentration(self) -> Array:
        """The parameters, shape (K,)."""
        return self._alpha.copy()

    @property
    def mean(self) -> Array:
        """The concentrations over their sum, shape (K,)."""
        return np.asarray(self._alpha / self._alpha.sum())

    @property
    def variance(self) -> Array:
        """m (1 - m) / (1 + sum of the concentrations) with the mean m, shape (K,)."""
        return np.asarray(self.mean * (1 - self.mean) / (1 + self._alpha.sum()))

    @property
    def covariance(self) -> Array:
        """The covariance matrix, of rank K - 1: shape (K, K)."""
        m = self.mean
        return np.asarray((np.diag(m) - np.outer(m, m)) / (1 + self._alpha.sum()))

    @property
    def standard_deviation(self) -> Any:
        """The standard deviation of each share, shape (K,)."""
        return np.sqrt(self.variance)

    def log_pdf(self, x: Any) -> Array:
        """The log-density (over the first K - 1 shares) at shape (K,) or (n, K).

        It is -inf where the shares are negative or their sum is not 1 up to rounding.

        Raises:
            ShapeError: another number of shares.
        """
        shares = as_float(x)
        if shares.ndim not in (1, 2) or shares.shape[-1] != self._alpha.size:
            raise ShapeError(
                f"Dirichlet: shares must have shape (n, {self._alpha.size}); got {shares.shape}"
            )
        tolerance = 10 * self._alpha.size * float(np.finfo(shares.dtype).eps)
        shares64 = shares.astype(np.float64)
        inside = (shares64 >= 0).all(-1) & (np.abs(shares64.sum(-1) - 1) <= tolerance)
        safe = np.where(shares64 >= 0, shares64, 1.0)
        constant = float(gammaln(self._alpha.sum()) - gammaln(self._alpha).sum())
        value = xlogy(self._alpha - 1, safe).sum(axis=-1) + constant
        return np.where(inside, value, -np.inf).astype(shares.dtype)

    def sample(self, rng: np.random.Generator, size: Any = None) -> Any:
        """Independent draws, each of shape (K,)."""
        return rng.dirichlet(self._alpha, size)

    @classmethod
    def fit(cls, X: Any) -> Dirichlet:
        """The most likely concentrations.

        Args:
            X: shares as rows, shape (n, K), positive and with sum 1.

        Raises:
            ShapeError: other shapes.
            ValueError: a share is not positive, a row's sum is not 1, or all rows are equal.
        """
        X = design_matrix("Dirichlet.fit", X).astype(np.float64)
        if X.shape[1] < 2 or (X <= 0).any() or (np.abs(X.sum(axis=1) - 1) > 1e-6).any():
            raise ValueError("Dirichlet.fit: rows must be two or more positive shares of sum 1")
        if (X[0] == X).all():
            raise ValueError("Dirichlet.fit: rows must not all be equal")
        return cls(most_likely_concentration(X))

    def __repr__(self) -> str:
        return f"Dirichlet(concentration={self._alpha})"


def most_likely_concentration(X: Array) -> Array:
    """Newton's method on the concave log-likelihood, the step halved until it helps.

    Args:
        X: positive shares as rows with sum 1, shape (n, K), not all rows equal.

    Method: T. Minka, Estimating a Dirichlet distribution (2000).
    """
    logs = np.log(X).mean(axis=0)
    mean = X.mean(axis=0)
    variance = np.maximum(X.var(axis=0), 1e-300)
    alpha = mean * max(float(np.median(mean * (1 - mean) / variance)) - 1, 0.1)

    def objective(a: Array) -> float:
        return float(gammaln(a.sum()) - gammaln(a).sum() + ((a - 1) * logs).sum())

    value = objective(alpha)
    for _ in range(200):
        gradient = digamma(alpha.sum()) - digamma(alpha) + logs
        diagonal = trigamma(alpha)
        # The Hessian is trigamma(sum) - diag(trigamma): a rank-one change of a diagonal.
        common = (gradient / diagonal).sum() / (1 / trigamma(alpha.sum()) - (1 / diagonal).sum())
        step = (gradient + common) / diagonal
        if (np.abs(step) <= 1e-13 * alpha).all():
            break
        size = 1.0
        while size > 1e-12:
            proposal = alpha + size * step
            if (proposal > 0).all():
                reached = objective(proposal)
                if reached >= value - 1e-13 * abs(value):
                    break
            size /= 2
        else:
            break
        alpha, value = proposal, reached
    return np.asarray(alpha)

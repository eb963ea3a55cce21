"""The normal distribution of a vector."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from impl.checks import design_matrix, finite
from impl.core import Array, ShapeError, as_float
from impl.distributions.base import Continuous


class MultivariateNormal(Continuous):
    """N(mean, covariance) in d dimensions.

    Args:
        mean: shape (d,).
        covariance: shape (d, d), symmetric and positive definite.

    Raises:
        ShapeError: the shapes do not fit together.
        ValueError: the covariance is not symmetric, or not positive definite.

    Source: CO-gauss-model, CO-gauss-loglik.s4.
    """

    def __init__(self, mean: Any, covariance: Any) -> None:
        self._mean = finite("MultivariateNormal", "mean", as_float(mean).astype(np.float64))
        self._covariance = finite(
            "MultivariateNormal", "covariance", as_float(covariance).astype(np.float64)
        )
        d = self._mean.size
        if self._mean.ndim != 1 or d == 0 or self._covariance.shape != (d, d):
            raise ShapeError(
                "MultivariateNormal: mean must have shape (d,) and covariance (d, d); "
                f"got {self._mean.shape} and {self._covariance.shape}"
            )
        size = np.sqrt(np.abs(np.outer(np.diag(self._covariance), np.diag(self._covariance))))
        if (np.abs(self._covariance - self._covariance.T) > 1e-10 * size).any():
            raise ValueError("MultivariateNormal: covariance must be symmetric")
        try:
            self._root = np.linalg.cholesky(self._covariance)
        except np.linalg.LinAlgError as error:
            smallest = float(np.linalg.eigvalsh(self._covariance)[0])
            raise ValueError(
                "MultivariateNormal: covariance must be positive definite; "
                f"its smallest eigenvalue is {smallest:.3g}"
            ) from error

    @property
    def mean(self) -> Array:
        """The expectation, shape (d,)."""
        return self._mean.copy()

    @property
    def covariance(self) -> Array:
        """The covariance matrix, shape (d, d)."""
        return self._covariance.copy()

    @property
    def variance(self) -> Array:
        """The variance of each coordinate, shape (d,)."""
        return np.diag(self._covariance).copy()

    @property
    def standard_deviation(self) -> Any:
        """The standard deviation of each coordinate, shape (d,)."""
        return np.sqrt(self.variance)

    def log_pdf(self, x: Any) -> Array:
        """The log-density at one point of shape (d,) or at n of them, shape (n, d).

        Raises:
            ShapeError: points have another dimension.
        """
        points = as_float(x)
        if points.ndim not in (1, 2) or points.shape[-1] != self._mean.size:
            raise ShapeError(
                f"MultivariateNormal: points must have shape (n, {self._mean.size}); "
                f"got {points.shape}"
            )
        gap = np.atleast_2d(points.astype(np.float64) - self._mean)
        z = np.linalg.solve(self._root, gap.T)
        log_scale = float(np.log(np.diag(self._root)).sum())
        constant = log_scale + 0.5 * self._mean.size * math.log(2 * math.pi)
        value = -0.5 * (z * z).sum(axis=0) - constant
        return value.reshape(points.shape[:-1]).astype(points.dtype)

    def sample(self, rng: np.random.Generator, size: Any = None) -> Any:
        """Independent draws: one of shape (d,), or an array of shape size + (d,)."""
        shape = () if size is None else tuple(np.atleast_1d(size))
        z = rng.standard_normal((*shape, self._mean.size))
        return self._mean + z @ self._root.T

    @classmethod
    def fit(cls, X: Any) -> MultivariateNormal:
        """The most likely mean and covariance, with divisor n.

        Args:
            X: shape (n, d).

        Raises:
            ShapeError: other shapes.
            ValueError: the points lie in a plane of fewer dimensions, as d or fewer always do.
        """
        X = design_matrix("MultivariateNormal.fit", X).astype(np.float64)
        mean = X.mean(axis=0)
        centred = X - mean
        covariance = centred.T @ centred / X.shape[0]
        rank = int(np.linalg.matrix_rank(centred))
        if rank < X.shape[1]:
            raise ValueError(
                f"MultivariateNormal.fit: the {X.shape[0]} points must span {X.shape[1]} "
                f"dimensions around their mean; they span {rank}"
            )
        return cls(mean, covariance)

    def __repr__(self) -> str:
        return f"MultivariateNormal(mean={self._mean}, covariance={self._covariance})"

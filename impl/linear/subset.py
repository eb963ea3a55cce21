"""Least squares with few features: the L0 penalty, by trying every subset."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np

from impl.core import Array
from impl.linear.layout import Layout
from impl.linear.least_squares import residual_triangle
from impl.linear.model import LinearModel

LARGEST = 16


class BestSubset(LinearModel):
    """The minimiser of |y - X w - b|^2 + alpha times the number of features used.

    All 2^d subsets are tried, so the answer is exact and d is at most 16.

    Args:
        alpha: what each feature costs, at least 0.
        max_features: the most features; None for d.
        fit_intercept: whether to fit b, which costs nothing.
        layout: "rows" or "columns".

    Attributes:
        coef_: shape (d,), exactly 0 outside the subset.
        intercept_: a number.
        support_: the features used, in order.
        residual_sums_: for each number of features from 0 on, the least sum of squared residuals.
        supports_: the subsets that reach them.
    """

    def __init__(
        self,
        alpha: float = 0.0,
        max_features: int | None = None,
        fit_intercept: bool = True,
        layout: Layout = "rows",
    ) -> None:
        self.alpha = alpha
        self.max_features = max_features
        self.fit_intercept = fit_intercept
        self.layout: Layout = layout

    def fit(self, X: Any, y: Any) -> BestSubset:
        """The best subset for examples X and targets y of shape (n,); of ties, the smaller.

        Raises:
            ShapeError: other shapes.
            ValueError: a value is NaN or infinite, or d is above 16.
        """
        X, y = self._data(X, y)
        d = X.shape[1]
        if d > LARGEST:
            raise ValueError(
                f"BestSubset.fit: X must have at most {LARGEST} columns, as 2^d subsets are tried; "
                f"got {d}; use Lasso"
            )
        triangle, mean, target_mean = residual_triangle(X, y, self.fit_intercept)
        features, target = triangle[:, :d], triangle[:, d]
        most = d if self.max_features is None else min(self.max_features, d)
        self.residual_sums_: list[float] = []
        self.supports_: list[tuple[int, ...]] = []
        for k in range(most + 1):
            best, support = min(
                (_residual_sum(features[:, s], target), s) for s in combinations(range(d), k)
            )
            self.residual_sums_.append(best)
            self.supports_.append(support)
        costs = [r + self.alpha * k for k, r in enumerate(self.residual_sums_)]
        # An equally good smaller subset wins, also where only rounding separates them.
        slack = 1e-12 * float(target @ target)
        chosen = next(k for k, c in enumerate(costs) if c <= min(costs) + slack)
        self.support_ = self.supports_[chosen]
        coefficients = np.zeros(d)
        used = list(self.support_)
        coefficients[used] = np.linalg.lstsq(features[:, used], target, rcond=None)[0]
        self._keep(coefficients, mean, target_mean, X.dtype)
        return self


def _residual_sum(features: Array, target: Array) -> float:
    if features.shape[1] == 0:
        return float(target @ target)
    residual = target - features @ np.linalg.lstsq(features, target, rcond=None)[0]
    return float(residual @ residual)

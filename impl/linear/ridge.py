"""Least squares with squared coefficients as a penalty."""

from __future__ import annotations

from typing import Any

import numpy as np

from impl.checks import fitted, values
from impl.core import Array
from impl.linear.gram import cross_products
from impl.linear.layout import Layout, examples


class Ridge:
    """The minimiser of |y - X w - b|^2 + alpha |w|^2; the constant b is not penalised.

    One pass over the examples and a Cholesky decomposition: of d x d, or of n x n when there are
    fewer examples than features.

    Args:
        alpha: the penalty's weight, positive.
        fit_intercept: whether to fit b.
        layout: "rows" or "columns".

    Attributes:
        coef_: shape (d,).
        intercept_: a number.
    """

    coef_: Array
    intercept_: float

    def __init__(
        self, alpha: float = 1.0, fit_intercept: bool = True, layout: Layout = "rows"
    ) -> None:
        self.alpha = alpha
        self.fit_intercept = fit_intercept
        self.layout: Layout = layout

    def fit(self, X: Any, y: Any) -> Ridge:
        """The coefficients for examples X and targets y of shape (n,).

        Raises:
            ShapeError: other shapes.
            ValueError: a value is NaN or infinite, or alpha is not positive.
        """
        if not 0 < self.alpha < np.inf:
            raise ValueError(f"Ridge.fit: alpha must be positive and finite; got {self.alpha}")
        X = examples("Ridge.fit", X, self.layout)
        n, d = X.shape
        y = values("Ridge.fit", "y", y, n)
        if d <= n:
            products = cross_products(X, y, self.fit_intercept)
            mean, target_mean = products.mean, products.target_mean
            products.gram.flat[:: d + 1] += self.alpha
            coefficients = _solve(products.gram, products.cross)
        else:
            mean = X.mean(axis=0, dtype=np.float64) if self.fit_intercept else np.zeros(d)
            target_mean = float(y.mean(dtype=np.float64)) if self.fit_intercept else 0.0
            centred = X - mean
            inner = centred @ centred.T
            inner.flat[:: n + 1] += self.alpha
            coefficients = centred.T @ _solve(inner, y - target_mean)
        self.coef_ = coefficients.astype(X.dtype)
        self.intercept_ = target_mean - float(mean @ coefficients)
        return self

    def predict(self, X: Any) -> Array:
        """X coef + intercept, shape (n,)."""
        fitted(self, "coef_")
        X = examples("Ridge.predict", X, self.layout, self.coef_.size)
        return np.asarray(X @ self.coef_ + X.dtype.type(self.intercept_))


def _solve(matrix: Array, right: Array) -> Array:
    """The solution for a positive definite matrix; LU where rounding has made it indefinite."""
    try:
        root = np.linalg.cholesky(matrix)
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.solve(matrix, right))
    return np.asarray(np.linalg.solve(root.T, np.linalg.solve(root, right)))

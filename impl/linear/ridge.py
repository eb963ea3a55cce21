"""Least squares with squared coefficients as a penalty."""

from __future__ import annotations

from typing import Any

import numpy as np

from impl.core import Array
from impl.linear.gram import cross_products
from impl.linear.layout import Layout
from impl.linear.model import LinearModel


class Ridge(LinearModel):
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
        X, y = self._data(X, y)
        n, d = X.shape
        if d <= n:
            products = cross_products(X, y, self.fit_intercept)
            mean, target_mean = products.mean, products.target_mean
            products.gram.flat[:: d + 1] += self.alpha
            coefficients = _solve(products.gram, products.cross)
        else:
            mean, target_mean = self._means(X, y)
            centred = X - mean
            inner = centred @ centred.T
            inner.flat[:: n + 1] += self.alpha
            coefficients = centred.T @ _solve(inner, y - target_mean)
        self._keep(coefficients, mean, target_mean, X.dtype)
        return self


def _solve(matrix: Array, right: Array) -> Array:
    """The solution for a positive definite matrix; LU where rounding has made it indefinite."""
    try:
        root = np.linalg.cholesky(matrix)
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.solve(matrix, right))
    return np.asarray(np.linalg.solve(root.T, np.linalg.solve(root, right)))

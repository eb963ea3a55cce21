"""What all models share that predict X w + b."""

from __future__ import annotations

from typing import Any

import numpy as np

from impl.checks import finite, fitted, values
from impl.core import Array, ShapeError, as_float
from impl.linear.layout import Layout, examples


class LinearModel:
    """X w + b: checked data, means taken off, predictions and how good they are."""

    coef_: Array
    intercept_: float
    fit_intercept: bool
    layout: Layout

    def _data(self, X: Any, y: Any) -> tuple[Array, Array]:
        """The examples as rows, and their targets.

        Raises:
            ShapeError: other shapes.
            ValueError: a value is NaN or infinite.
        """
        where = f"{type(self).__name__}.fit"
        X = examples(where, X, self.layout)
        return X, values(where, "y", y, X.shape[0])

    def _means(self, X: Array, y: Array) -> tuple[Array, float]:
        """Of the columns and of the targets in float64; zeros when no constant is fitted."""
        if not self.fit_intercept:
            return np.zeros(X.shape[1]), 0.0
        return X.mean(axis=0, dtype=np.float64), float(y.mean(dtype=np.float64))

    def _keep(self, coefficients: Array, mean: Array, target_mean: float, dtype: Any) -> None:
        """The coefficients found for centred data, and the constant that they leave."""
        self.coef_ = coefficients.astype(dtype)
        self.intercept_ = target_mean - float(mean @ coefficients)

    def predict(self, X: Any) -> Array:
        """X coef + intercept, shape (n,)."""
        fitted(self, "coef_")
        X = examples(f"{type(self).__name__}.predict", X, self.layout, self.coef_.size)
        return np.asarray(X @ self.coef_ + X.dtype.type(self.intercept_))

    def score(self, X: Any, y: Any) -> float:
        """R^2: the share of the targets' variance that the predictions explain."""
        return r_squared(f"{type(self).__name__}.score", y, self.predict(X))


def r_squared(where: str, y: Any, prediction: Array) -> float:
    """1 less the squared errors' share of the squares around the mean; NaN for constant targets.

    Args:
        where: the caller, for messages.
        y: the targets, of the prediction's shape.
        prediction: shape (n,), or (n, k), whose columns are added up.

    Raises:
        ShapeError: the shapes differ.
        ValueError: a target is NaN or infinite.
    """
    y = finite(where, "y", as_float(y))
    if y.shape != prediction.shape:
        raise ShapeError(f"{where}: y must have shape {prediction.shape}; got {y.shape}")
    around = float(np.square(y - y.mean(axis=0)).sum())
    rest = float(np.square(y - prediction).sum())
    return 1 - rest / around if around > 0 else float("nan")

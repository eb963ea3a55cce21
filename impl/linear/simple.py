"""The line through points of the plane."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from impl.checks import fitted, values
from impl.core import Array, ShapeError
from impl.linear.model import r_squared


class SimpleRegression:
    """y = slope x + intercept with the least sum of squares, in closed form.

    Attributes:
        slope_, intercept_: the line.
        residual_variance_: sum of squared residuals over n - 2; NaN for two points.
        slope_error_, intercept_error_: standard errors of the two, for independent errors of equal
            variance; NaN for two points.
        r_squared_: the share of the variance of y that the line explains; NaN for a constant y.

    Source: SU-2.1, SU-2.2, CO-linreg-model.
    """

    slope_: float
    intercept_: float

    def fit(self, x: Any, y: Any) -> SimpleRegression:
        """The line.

        Args:
            x: shape (n,), with at least two different values.
            y: shape (n,).

        Raises:
            ShapeError: other shapes.
            ValueError: a value is NaN or infinite, or all x are equal.
        """
        x = values("SimpleRegression.fit", "x", x).astype(np.float64)
        y = values("SimpleRegression.fit", "y", y, x.size).astype(np.float64)
        if x.size == 0:
            raise ShapeError("SimpleRegression.fit: x must have at least two values; got none")
        if x.min() == x.max():
            raise ValueError(
                "SimpleRegression.fit: x must have two different values, or no slope fits best; "
                f"got {x.size} equal to {x[0]}"
            )
        n = x.size
        x_mean, y_mean = float(x.mean()), float(y.mean())
        dx, dy = x - x_mean, y - y_mean
        spread = float(dx @ dx)
        self.slope_ = float(dx @ dy) / spread
        self.intercept_ = y_mean - self.slope_ * x_mean
        residual = dy - self.slope_ * dx
        squares, total = float(residual @ residual), float(dy @ dy)
        self.residual_variance_ = squares / (n - 2) if n > 2 else math.nan
        self.slope_error_ = math.sqrt(self.residual_variance_ / spread)
        self.intercept_error_ = math.sqrt(self.residual_variance_ * (1 / n + x_mean**2 / spread))
        self.r_squared_ = 1 - squares / total if total > 0 else math.nan
        return self

    def predict(self, x: Any) -> Array:
        """slope x + intercept, shape (n,)."""
        fitted(self, "slope_")
        x = values("SimpleRegression.predict", "x", x)
        return np.asarray(self.slope_ * x + self.intercept_)

    def score(self, x: Any, y: Any) -> float:
        """R^2: the share of the targets' variance that the predictions explain."""
        return r_squared("SimpleRegression.score", y, self.predict(x))

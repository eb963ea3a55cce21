"""Least squares step by step: one example at a time, or all of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from impl._kernels.loading import kernels
from impl.core import Array
from impl.linear.layout import Layout
from impl.linear.model import LinearModel


class LMS(LinearModel):
    """Widrow and Hoff's rule: after each example, w <- w + rate (y - w x) x.

    The sign is minus the gradient's; the notes print the gradient's own, which climbs
    (`impl.printed.linear`).

    Args:
        learning_rate: the step; below 2 / |x|^2 for each single step to shrink its residual. None
            takes 1 / max |x|^2.
        epochs: passes over the examples.
        fit_intercept: whether to learn a constant too.
        layout: "rows" or "columns".
        rng: shuffles the examples before each pass; None keeps their order.

    Attributes:
        coef_: shape (d,).
        intercept_: a number.
        losses_: half the mean squared residual before each step, averaged over each pass.

    Source: SU-2.5a, SU-2.5-sgd, SU-2.64.
    """

    def __init__(
        self,
        learning_rate: float | None = None,
        epochs: int = 10,
        fit_intercept: bool = True,
        layout: Layout = "rows",
        rng: np.random.Generator | None = None,
    ) -> None:
        self.learning_rate = learning_rate
        self.epochs = epochs
        self.fit_intercept = fit_intercept
        self.layout = layout
        self.rng = rng

    def fit(self, X: Any, y: Any) -> LMS:
        """The coefficients after all passes.

        Raises:
            ShapeError: other shapes.
            ValueError: a value is NaN or infinite, or the steps diverge.
        """
        X, y = self._data(X, y)
        n, d = X.shape
        lengths = (X * X).sum(axis=1, dtype=np.float64) + float(self.fit_intercept)
        longest = max(float(lengths.max()), float(np.finfo(np.float64).tiny))
        rate = 1 / longest if self.learning_rate is None else float(self.learning_rate)
        compiled = kernels("linear", 2.0 * n * d * self.epochs, X, y)
        one_pass = compiled.lms_pass if compiled else _lms_pass
        theta = np.zeros(d + 1)
        self.losses_: list[float] = []
        with np.errstate(over="ignore", invalid="ignore"):
            for _ in range(self.epochs):
                order = np.arange(n) if self.rng is None else self.rng.permutation(n)
                loss = one_pass(X, y, order, theta, rate, self.fit_intercept)
                self.losses_.append(float(loss) / n)
        _still_finite("LMS.fit", theta)
        self._keep(theta[:-1], np.zeros(d), float(theta[-1]), X.dtype)
        return self


def _still_finite(where: str, theta: Array) -> None:
    if not np.isfinite(theta).all():
        raise ValueError(f"{where}: the steps diverged; learning_rate must be smaller")


def _lms_pass(X: Array, y: Array, order: Array, theta: Array, rate: float, constant: bool) -> float:
    weights = theta[:-1]
    loss = 0.0
    for i in order:
        residual = y[i] - (X[i] @ weights + theta[-1])
        weights += rate * residual * X[i]
        if constant:
            theta[-1] += rate * residual
        loss += 0.5 * float(residual) * float(residual)
    return loss


class GradientDescentRegression(LinearModel):
    """Batch gradient descent on half the mean squared residual.

    Args:
        learning_rate: the step; None takes 1 over the largest curvature, with which the loss never
            rises.
        max_iter: the most steps.
        tol: stop when the gradient's largest entry is at most this.
        fit_intercept: whether to learn a constant too.
        layout: "rows" or "columns".

    Attributes:
        coef_: shape (d,).
        intercept_: a number.
        losses_: before each step and at the end.
        converged_: whether the gradient got below tol.

    Source: CO-linreg-grad, SU-2.7, XU-54, SU-2.64.
    """

    def __init__(
        self,
        learning_rate: float | None = None,
        max_iter: int = 1000,
        tol: float = 1e-8,
        fit_intercept: bool = True,
        layout: Layout = "rows",
    ) -> None:
        self.learning_rate = learning_rate
        self.max_iter = max_iter
        self.tol = tol
        self.fit_intercept = fit_intercept
        self.layout = layout

    def fit(self, X: Any, y: Any) -> GradientDescentRegression:
        """The coefficients after the last step.

        Raises:
            ShapeError: other shapes.
            ValueError: a value is NaN or infinite, or the steps diverge.
        """
        X, y = self._data(X, y)
        n, d = X.shape
        design = np.column_stack([X, np.full(n, float(self.fit_intercept))]).astype(np.float64)
        # The loss is quadratic: its gradient needs the examples once, in these two products.
        hessian, moment = design.T @ design / n, design.T @ y / n
        energy = float(np.mean(np.square(y, dtype=np.float64)))
        curvature = float(np.linalg.eigvalsh(hessian)[-1])
        if self.learning_rate is None:
            rate = 1 / curvature if curvature > 0 else 1.0
        else:
            rate = float(self.learning_rate)
        theta = np.zeros(d + 1)
        self.losses_: list[float] = []
        self.converged_ = False
        with np.errstate(over="ignore", invalid="ignore"):
            for step in range(self.max_iter + 1):
                pull = hessian @ theta
                self.losses_.append(0.5 * float(theta @ pull - 2 * (moment @ theta) + energy))
                gradient = pull - moment
                self.converged_ = bool(np.abs(gradient).max() <= self.tol)
                if self.converged_ or step == self.max_iter:
                    break
                theta = theta - rate * gradient
        _still_finite("GradientDescentRegression.fit", theta)
        self._keep(theta[:-1], np.zeros(d), float(theta[-1]), X.dtype)
        return self

"""Least squares with absolute coefficients as a penalty."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from impl._kernels.loading import kernels
from impl.core import Array
from impl.linear.gram import CrossProducts, cross_products
from impl.linear.layout import Layout
from impl.linear.model import LinearModel


class Lasso(LinearModel):
    """The minimiser of |y - X w - b|^2 / (2 n) + alpha |w|_1, by coordinate descent.

    Sweeps go over the Gram matrix, so the examples are read once. Between sweeps, what is left
    with the signs kept is linear and is solved at a stroke. It stops by the duality gap, which
    bounds how far the objective is above its least value.

    Args:
        alpha: the penalty's weight, positive; without a penalty, use LinearRegression.
        tol: the largest gap, as a share of |y|^2 / n.
        max_iter: the most sweeps.
        fit_intercept: whether to fit b, which is not penalised.
        layout: "rows" or "columns".

    Attributes:
        coef_: shape (d,), many exactly 0.
        intercept_: a number.
        gap_: the objective is at most this far above the least one, up to rounding.
        objective_: the value reached.
        n_iter_: sweeps done.
        converged_: whether the gap got below tol.
    """

    def __init__(
        self,
        alpha: float = 1.0,
        tol: float = 1e-8,
        max_iter: int = 10_000,
        fit_intercept: bool = True,
        layout: Layout = "rows",
    ) -> None:
        self.alpha = alpha
        self.tol = tol
        self.max_iter = max_iter
        self.fit_intercept = fit_intercept
        self.layout: Layout = layout

    def fit(self, X: Any, y: Any) -> Lasso:
        """The coefficients for examples X and targets y of shape (n,).

        Warns when max_iter sweeps do not bring the gap below tol.

        Raises:
            ShapeError: other shapes.
            ValueError: a value is NaN or infinite, or alpha is not positive.
        """
        if not 0 < self.alpha < np.inf:
            raise ValueError(f"Lasso.fit: alpha must be positive and finite; got {self.alpha}")
        X, y = self._data(X, y)
        n, d = X.shape
        products = cross_products(X, y, self.fit_intercept)
        compiled = kernels("linear", 100.0 * d * d)
        sweep = compiled.lasso_sweeps if compiled else _sweeps
        w = np.zeros(d)
        pull = np.zeros(d)  # gram @ w, kept up to date by the sweeps
        goal = self.tol * products.energy / n
        self.n_iter_ = 0
        self.gap_, self.objective_ = _duality_gap(products, w, pull, self.alpha)
        while self.gap_ > goal and self.n_iter_ < self.max_iter:
            sweeps = min(10, self.max_iter - self.n_iter_)
            sweep(products.gram, products.cross, w, pull, n * self.alpha, sweeps)
            self.n_iter_ += sweeps
            w = _settled(products, w, n * self.alpha)
            pull = products.gram @ w
            self.gap_, self.objective_ = _duality_gap(products, w, pull, self.alpha)
        self.converged_ = self.gap_ <= goal
        if not self.converged_:
            warnings.warn(
                f"Lasso.fit: after {self.n_iter_} sweeps the duality gap is {self.gap_:.2g}, above "
                f"{goal:.2g}; max_iter must be larger or tol weaker",
                UserWarning,
                stacklevel=2,
            )
        self._keep(w, products.mean, products.target_mean, X.dtype)
        return self


def _sweeps(
    gram: Array, cross: Array, w: Array, pull: Array, threshold: float, sweeps: int
) -> None:
    """Minimise over one coordinate after the other; w and pull = gram @ w are changed in place."""
    curvatures, correlations = gram.diagonal().tolist(), cross.tolist()
    varying = [j for j, curvature in enumerate(curvatures) if curvature > 0]
    for _ in range(sweeps):
        for j in varying:
            old = w.item(j)
            wish = correlations[j] - pull.item(j) + curvatures[j] * old
            best = math.copysign(max(abs(wish) - threshold, 0.0), wish) / curvatures[j]
            if best != old:
                pull += (best - old) * gram[j]
                w[j] = best


def _settled(products: CrossProducts, w: Array, threshold: float) -> Array:
    """From w to the minimiser among its signs; coefficients that reach 0 on the way stay there.

    The objective falls all the way, for it is a convex parabola as long as no sign changes.
    """
    w = w.copy()
    for _ in range(w.size):
        active = np.flatnonzero(w)
        here = w[active]
        try:
            best = np.linalg.solve(
                products.gram[np.ix_(active, active)],
                products.cross[active] - threshold * np.sign(here),
            )
        except np.linalg.LinAlgError:
            break
        crossing = np.sign(best) != np.sign(here)
        if not (crossing.any() and np.isfinite(best).all()):
            if np.isfinite(best).all():
                w[active] = best
            break
        reach = np.where(crossing, here / np.where(crossing, here - best, 1.0), np.inf)
        first = int(np.argmin(reach))
        w[active] = here + reach[first] * (best - here)
        w[active[first]] = 0.0
    return w


def _duality_gap(
    products: CrossProducts, w: Array, pull: Array, alpha: float
) -> tuple[float, float]:
    """How far the objective at w can be above the least one, and the objective.

    The residual r, shrunk until no column correlates with it by more than n alpha, is feasible for
    the dual problem max (|y|^2 - |y - t|^2) / (2 n), and every dual value is a lower bound.
    """
    n = products.count
    residual_squares = max(products.energy - 2 * float(products.cross @ w) + float(w @ pull), 0.0)
    objective = residual_squares / (2 * n) + alpha * float(np.abs(w).sum())
    largest = float(np.abs(products.cross - pull).max(initial=0.0))
    limit = n * alpha
    shrink = 1.0 if largest <= limit else limit / largest
    with_target = products.energy - float(products.cross @ w)  # y . r
    dual = (2 * shrink * with_target - shrink**2 * residual_squares) / (2 * n)
    return max(objective - dual, 0.0), objective

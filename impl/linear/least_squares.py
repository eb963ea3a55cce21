"""Least squares: by QR, and by the normal equations."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from impl.checks import values
from impl.core import Array
from impl.linear.gram import CrossProducts, cross_products
from impl.linear.layout import Layout, examples
from impl.linear.model import LinearModel

_BLOCK = 1 << 17
_FEW = 1 << 12  # values: one QR takes no longer than a look at the products
_LEFT = 1e-3  # costs three of sixteen digits


class RankWarning(UserWarning):
    """Columns depend on each other: many coefficients fit equally well, and one was chosen."""


class LinearRegression(LinearModel):
    """The coefficients with the least sum of squared residuals, by QR or Cholesky.

    Where columns depend on each other, the coefficients of least length among the best ones are
    taken, and a `RankWarning` says so.

    Args:
        fit_intercept: whether the line need not go through 0.
        layout: "rows" for X of shape (n, d), "columns" for (d, n); in `predict` too.

    Attributes:
        coef_: shape (d,).
        intercept_: a number; 0 without intercept.
        rank_: of the (centred) examples, at most d.
        singular_values_: of the (centred) examples, shape (min(n, d),).
        condition_: largest over smallest singular value that counts, once all columns are brought
            to one length.
        residual_sum_: of squares.

    Source: SU-2.3, SU-2.4, SU-2.8, CO-linreg-solution, XU-77.
    """

    def __init__(self, fit_intercept: bool = True, layout: Layout = "rows") -> None:
        self.fit_intercept = fit_intercept
        self.layout: Layout = layout

    def fit(self, X: Any, y: Any) -> LinearRegression:
        """The best coefficients for examples X and targets y of shape (n,).

        Raises:
            ShapeError: other shapes.
            ValueError: a value is NaN or infinite.
        """
        X, y = self._data(X, y)
        n, d = X.shape
        triangle, mean, target_mean = residual_triangle(X, y, self.fit_intercept)
        # All that matters of the examples is now in at most d + 1 rows.
        features, target = triangle[:, :d], triangle[:, d]
        self.singular_values_ = np.linalg.svd(features, compute_uv=False)[: min(n, d)]
        # The values were rounded once, in their own type; the sums over n of them in float64.
        precision = 4 * float(np.finfo(X.dtype).eps) + max(n, d) * float(np.finfo(np.float64).eps)
        coefficients, self.rank_, self.condition_ = _shortest_solution(
            features, target, np.abs(mean) * n**0.5, precision
        )
        residual = target - features @ coefficients
        self.residual_sum_ = float(residual @ residual)
        self._keep(coefficients, mean, target_mean, X.dtype)
        if self.rank_ < d:
            warnings.warn(
                f"LinearRegression.fit: {d} columns have rank {self.rank_}; of the coefficients "
                "that fit best, the shortest were taken",
                RankWarning,
                stacklevel=2,
            )
        return self


def _shortest_solution(
    features: Array, target: Array, moved: Array, precision: float
) -> tuple[Array, int, float]:
    """The least-squares solution, the shortest one if there are many; the rank; the condition.

    Args:
        features: shape (m, d).
        target: shape (m,).
        moved: the length of what was taken off each column, whose rounding errors it has kept.
        precision: what counts as nothing, relatively.
    """
    d = features.shape[1]
    lengths = np.sqrt((features * features).sum(axis=0))
    kept = np.flatnonzero(lengths > precision * moved)
    w = np.zeros(d)
    if kept.size == 0:
        return w, 0, np.inf
    # The rank must not hang on units: it is that of columns of length one.
    scale = 1 / lengths[kept]
    left, sizes, right = np.linalg.svd(features[:, kept] * scale)
    noise = max(float((moved[kept] * scale).max()), float(sizes[0]))
    rank = int((sizes > precision * noise).sum())
    best = right[:rank].T @ ((left[:, :rank].T @ target) / sizes[:rank]) * scale
    if rank < kept.size:
        # Directions that change no prediction, in the columns' own units: best must not go there.
        basis = np.linalg.qr((right[rank:] * scale).T)[0]
        best -= basis @ (basis.T @ best)
    w[kept] = best
    return w, rank, float(sizes[0] / sizes[rank - 1])


def residual_triangle(X: Array, y: Array, centre: bool) -> tuple[Array, Array, float]:
    """R of the QR decomposition of [X, y], centred or not, in float64; and the means.

    Of many examples, R is the Cholesky root of the products where that costs hardly a digit: it
    takes a third of the time or less. Otherwise it is built up by QR, block after block.

    Args:
        X: shape (n, d).
        y: shape (n,).
        centre: whether to take the means off; they are 0 if not.
    """
    n, d = X.shape
    if X.size > _FEW and n > d:
        products = cross_products(X, y, centre)
        mean, target_mean = products.mean, products.target_mean
        root = _safe_root(products)
        if root is not None:
            return root, mean, target_mean
    else:
        mean = X.mean(axis=0, dtype=np.float64) if centre else np.zeros(d)
        target_mean = float(y.mean(dtype=np.float64)) if centre else 0.0
    size = max(4 * (d + 1), _BLOCK // (d + 1))
    triangle = np.zeros((0, d + 1))
    for start in range(0, n, size):
        rows = X[start : start + size]
        block = np.empty((rows.shape[0], d + 1))
        np.subtract(rows, mean, out=block[:, :d])
        np.subtract(y[start : start + size], target_mean, out=block[:, d])
        triangle = np.asarray(np.linalg.qr(np.concatenate([triangle, block]), mode="r"))
    return triangle, mean, target_mean


def _safe_root(products: CrossProducts) -> Array | None:
    """The upper Cholesky root of the products of [X, y]; None if rounding would show in it.

    That is where less than a thousandth of a column, or of y, is left by the columns before it.
    """
    d = len(products.cross)
    matrix = np.empty((d + 1, d + 1))
    matrix[:d, :d] = products.gram
    matrix[d, :d] = matrix[:d, d] = products.cross
    matrix[d, d] = products.energy
    lengths = np.sqrt(matrix.diagonal())
    if not lengths.all():
        return None
    try:
        root = np.linalg.cholesky(matrix / lengths / lengths[:, None])
    except np.linalg.LinAlgError:
        return None
    return root.T * lengths if (root.diagonal() ** 2 > _LEFT).all() else None


def normal_equations(
    X: Any, y: Any, fit_intercept: bool = False, layout: Layout = "rows"
) -> tuple[Array, float]:
    """The w with X^T X w = X^T y, by Cholesky; half of QR's digits where X is ill-conditioned.

    Args:
        X: shape (n, d), or (d, n) for columns, where the equations read X X^T w = X y.
        y: shape (n,).
        fit_intercept: whether to fit a constant too.
        layout: "rows" or "columns".

    Returns:
        Coefficients of shape (d,), and the constant.

    Raises:
        ShapeError: other shapes.
        ValueError: a value is NaN or infinite, or X^T X is singular to working precision.

    Source: CO-linreg-normal-eq, CO-linreg-solution, SU-2.7, SU-2.8.
    """
    X = examples("normal_equations", X, layout)
    y = values("normal_equations", "y", y, X.shape[0])
    products = cross_products(X, y, fit_intercept)
    size = np.sqrt(np.diag(products.gram))
    scaled = products.gram / np.outer(size, size) if (size > 0).all() else products.gram
    try:
        root = np.linalg.cholesky(scaled)
        # A pivot near 0 is what is left of a column after those before it explained it.
        singular = bool((np.diag(root) ** 2 <= 1e-13 * X.shape[1]).any())
    except np.linalg.LinAlgError:
        singular = True
    if singular:
        raise ValueError(
            "normal_equations: X^T X must be invertible, but columns of X depend on each other; "
            "use LinearRegression"
        )
    half = np.linalg.solve(root, products.cross / size)
    coefficients = np.linalg.solve(root.T, half) / size
    intercept = products.target_mean - float(products.mean @ coefficients)
    return coefficients.astype(X.dtype), intercept

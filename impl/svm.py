"""Support vector machines: the maximal margin by sequential minimal optimisation of the dual."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np

from impl._kernels.loading import kernels
from impl.checks import classes_and_codes, design_matrix, fitted, values
from impl.core import Array
from impl.kernels import gaussian_kernel, linear_kernel, polynomial_kernel

KINDS = {"linear": 0, "polynomial": 1, "gaussian": 2}
CACHE = 2**25  # kernel values kept


class SVM:
    """The classifier of two classes with the widest margin.

    The dual is solved two coordinates at a time: the one that violates its condition most, and
    the one with which a second-order model promises the largest gain.

    Args:
        C: the price of a row inside the margin; infinite for the hard margin of the notes.
        kernel: "linear", "polynomial", "gaussian", or a function of (n, d) and (m, d) that gives
            (n, m).
        sigma: the Gaussian kernel's width.
        degree, scale, shift: the polynomial kernel (scale x . y + shift)^degree.
        tol: the gap at which the conditions count as met.
        max_steps: the most steps of two coordinates; by default 200000 + 1000 n.

    Attributes:
        classes_: the two labels; the decision is positive for the second.
        alphas_: the multipliers of all rows, shape (n,).
        bias_: b.
        weights_: w, shape (d,), for the linear kernel only.
        support_: the rows with a positive multiplier; support_vectors_ are their values.
        dual_objective_: sum alpha - 1/2 sum alpha alpha y y K at the end.
        kkt_residual_: the largest violation of a condition, see `kkt_residuals`.
        steps_: how many steps were made.

    Method: R.-E. Fan, P.-H. Chen and C.-J. Lin, Working set selection using second order
    information for training support vector machines (2005).

    Source: SU-2.58, SU-2.56, SU-2.57, SU-2.50.
    """

    def __init__(
        self,
        C: float = 1.0,
        *,
        kernel: Literal["linear", "polynomial", "gaussian"] | Callable[[Array, Array], Array] = (
            "linear"
        ),
        sigma: float = 1.0,
        degree: int = 3,
        scale: float = 1.0,
        shift: float = 1.0,
        tol: float = 1e-6,
        max_steps: int | None = None,
    ) -> None:
        self.C = C
        self.kernel = kernel
        self.sigma = sigma
        self.degree = degree
        self.scale = scale
        self.shift = shift
        self.tol = tol
        self.max_steps = max_steps

    def fit(self, X: Any, y: Any) -> SVM:
        """Learn from rows and their labels.

        Args:
            X: shape (n, d).
            y: shape (n,), exactly two distinct labels.

        Raises:
            ShapeError: other shapes.
            ValueError: not two classes, values that are not finite, an option out of range, or no
                solution in `max_steps`: with C infinite, classes that no such surface separates.
        """
        X = design_matrix("SVM.fit", X)
        self.classes_, codes = classes_and_codes("SVM.fit", y, len(X))
        if len(self.classes_) != 2:
            raise ValueError(f"SVM.fit: y must hold two classes; got {len(self.classes_)}")
        if not self.C > 0 or not self.tol > 0:
            raise ValueError(f"SVM.fit: C and tol must be positive; got {self.C} and {self.tol}")
        if isinstance(self.kernel, str) and self.kernel not in KINDS:
            raise ValueError(f"SVM.fit: kernel must be one of {list(KINDS)}; got {self.kernel!r}")
        signs = np.where(codes == 1, 1.0, -1.0)
        self._X = X
        # Moving the rows changes neither a Gaussian kernel nor a linear boundary's direction.
        moves = self.kernel in ("linear", "gaussian")
        origin = X.mean(axis=0, dtype=np.float64) if moves else np.zeros(X.shape[1])
        rows = np.ascontiguousarray(X - origin, dtype=np.float64)
        lower = np.where(signs > 0, 0.0, -float(self.C))
        upper = np.where(signs > 0, float(self.C), 0.0)
        beta, f, self.steps_, top, low = self._solve(rows, signs, lower, upper)
        if top - low > self.tol:
            reason = "; the classes look inseparable, try a finite C" if np.isinf(self.C) else ""
            raise ValueError(
                f"SVM.fit: after {self.steps_} steps the conditions are met to {top - low:.3g}, "
                f"not to {self.tol:.3g}{reason}"
            )
        self.alphas_ = np.abs(beta)
        self.support_ = np.flatnonzero(beta)
        self.support_vectors_ = X[self.support_]
        self._beta = beta[self.support_]
        self.dual_objective_ = float(0.5 * (beta * (signs + f)).sum())
        moved_bias = 0.5 * (top + low)
        self.bias_ = float(moved_bias)
        if self.kernel == "linear":
            self.weights_ = self._beta @ rows[self.support_]
            self.bias_ = float(moved_bias - self.weights_ @ origin)
        margins = signs * (signs - f + moved_bias)
        self.kkt_residual_ = float(_residuals(self.alphas_, margins, self.C).max())
        return self

    def decision_function(self, X: Any) -> Array:
        """sum_i alpha_i y_i K(x_i, x) + b of each row, shape (m,); positive for classes_[1]."""
        fitted(self, "alphas_")
        X = design_matrix("SVM.decision_function", X, self._X.shape[1])
        if self.kernel == "linear":
            return (X @ self.weights_ + self.bias_).astype(X.dtype)
        result = np.empty(len(X))
        block = max(1, 2**22 // len(self._beta))
        for start in range(0, len(X), block):
            rows = np.asarray(X[start : start + block], np.float64)
            result[start : start + block] = self._gram(rows, self.support_vectors_) @ self._beta
        return (result + self.bias_).astype(X.dtype)

    def predict(self, X: Any) -> Array:
        """The label of each row, shape (m,); classes_[1] on the boundary. Source: SU-2.32."""
        positive = self.decision_function(X) >= 0
        return self.classes_[positive.astype(int)]

    def score(self, X: Any, y: Any) -> float:
        """The share of rows that get their own label."""
        return float(np.mean(self.predict(X) == np.asarray(y)))

    def _gram(self, X: Array, Y: Array) -> Array:
        X, Y = np.asarray(X, np.float64), np.asarray(Y, np.float64)
        if self.kernel == "linear":
            return linear_kernel(X, Y)
        if self.kernel == "polynomial":
            return polynomial_kernel(X, Y, self.degree, self.scale, self.shift)
        if self.kernel == "gaussian":
            return gaussian_kernel(X, Y, self.sigma)
        assert callable(self.kernel)
        return np.asarray(self.kernel(X, Y), np.float64)

    def _solve(self, rows: Array, signs: Array, lower: Array, upper: Array) -> Any:
        n, d = rows.shape
        self._gram(rows[:1], rows[:1])  # refuses bad options of the kernel before they are used
        limit = 200_000 + 1000 * n if self.max_steps is None else self.max_steps
        beta, f = np.zeros(n), signs.copy()
        module = kernels("margin", 20.0 * n * n * (d + 10))
        if module is None:
            steps, top, low = _smo(
                lambda i: self._gram(rows, rows[i : i + 1])[:, 0],
                signs, lower, upper, self.tol, limit, beta, f,
            )  # fmt: skip
            return beta, f, steps, top, low
        given = np.empty((0, 0))
        kind = KINDS.get(self.kernel, 3) if isinstance(self.kernel, str) else 3
        if kind == 3:
            given = np.ascontiguousarray(self._gram(rows, rows))
        scale = 0.5 / self.sigma**2 if kind == 2 else float(self.scale)
        cache = np.empty((min(n, max(2, CACHE // n)), n))
        steps, top, low = module.smo(
            (kind, scale, float(self.shift), int(self.degree)),
            rows, np.ascontiguousarray(rows.T), (rows**2).sum(axis=1), given, signs, lower, upper,
            float(self.tol), limit, cache, beta, f,
        )  # fmt: skip
        return beta, f, steps, top, low


def kkt_residuals(model: SVM, X: Any, y: Any) -> Array:
    """How far each training row is from its optimality condition, shape (n,).

    With m = y (decision): alpha = 0 needs m >= 1, 0 < alpha < C needs m = 1, alpha = C needs
    m <= 1. The residual is the distance of m from what its alpha needs.

    Args:
        model: a fitted machine.
        X: the rows that it was fitted on, shape (n, d).
        y: their labels, shape (n,).

    Raises:
        ShapeError: they are not as many.
    """
    fitted(model, "alphas_")
    X = design_matrix("kkt_residuals", X, model._X.shape[1])
    values("kkt_residuals", "alphas", model.alphas_, len(X))
    signs = np.where(np.asarray(y) == model.classes_[1], 1.0, -1.0)
    decision = model.decision_function(X.astype(np.float64))
    return _residuals(model.alphas_, signs * decision, model.C)


def geometric_margins(X: Any, y: Any, weights: Any, bias: float) -> Array:
    """Signed distances y (w . x + b) / |w| of the rows to a hyperplane, shape (n,).

    Args:
        X: shape (n, d).
        y: shape (n,), values +1 and -1.
        weights: w, shape (d,), not zero.
        bias: b.

    Raises:
        ShapeError: other shapes.
        ValueError: w is zero, or y holds other values.

    Source: SU-2.44, SU-2.45, SU-2.43.
    """
    X = design_matrix("geometric_margins", X)
    y = values("geometric_margins", "y", y, len(X))
    w = values("geometric_margins", "weights", weights, X.shape[1])
    length = float(np.linalg.norm(w))
    if length == 0 or (np.abs(y) != 1).any():
        raise ValueError(
            "geometric_margins: weights must not be zero and y must be +1 or -1; "
            f"got |w| = {length} and y = {np.unique(y)[:4]}"
        )
    return np.asarray(y * (X @ w + bias) / length)


def _residuals(alphas: Array, margins: Array, C: float) -> Array:
    short, over = np.maximum(1 - margins, 0), np.maximum(margins - 1, 0)
    return np.where(alphas == 0, short, np.where(alphas < C, short + over, over))


def _smo(
    row: Callable[[int], Array],
    y: Array,
    lower: Array,
    upper: Array,
    tol: float,
    limit: int,
    beta: Array,
    f: Array,
) -> tuple[int, float, float]:
    """Fill beta = alpha y and f = y - K beta; the steps made, and the last two extremes."""
    rows: dict[int, Array] = {}

    def kernel_row(i: int) -> Array:
        if i not in rows:
            if len(rows) * len(y) >= CACHE:
                rows.pop(next(iter(rows)))
            rows[i] = row(i)
        return rows[i]

    diagonal = np.array([row(i)[i] for i in range(len(y))])
    steps = 0
    fresh = True
    while True:
        rising = np.where(beta < upper, f, -np.inf)
        falling = np.where(beta > lower, f, np.inf)
        i = int(rising.argmax())
        top, low = float(rising[i]), float(falling.min())
        if steps >= limit or (top - low <= tol and fresh):
            return steps, top, low
        if top - low <= tol:
            f[:] = y  # the running f has gathered rounding: compute it anew, once
            for t in np.flatnonzero(beta):
                f -= beta[t] * kernel_row(int(t))
            fresh = True
            continue
        left = kernel_row(i)
        curves = np.maximum(diagonal[i] + diagonal - 2 * left, 1e-12)
        gaps = np.where(falling < top, top - f, 0.0)
        j = int((gaps * gaps / curves).argmax())
        room_up, room_down = upper[i] - beta[i], beta[j] - lower[j]
        step = min(room_up, room_down, (f[i] - f[j]) / curves[j])
        # Landing on a bound exactly keeps rounding from leaving a sliver beside it.
        beta[i] = upper[i] if step == room_up else beta[i] + step
        beta[j] = lower[j] if step == room_down else beta[j] - step
        f -= step * (left - kernel_row(j))
        steps += 1
        fresh = False

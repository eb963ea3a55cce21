"""The perceptron, in its primal and its dual form, and the bound on its mistakes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from impl._kernels.loading import kernels
from impl.checks import classes_and_codes, design_matrix, fitted, values
from impl.core import Array
from impl.kernels import linear_kernel

CHUNK = 128  # rows whose margins are kept up to date together
HELD = 256  # chunks whose products are held, 32 MiB


class _Linear:
    """What both forms share: two classes, the sign, the share of right answers."""

    rate: float
    max_epochs: int
    classes_: Array

    def decision_function(self, X: Any) -> Array:
        raise NotImplementedError

    def predict(self, X: Any) -> Array:
        """The label of each row, shape (m,); classes_[1] on the boundary. Source: SU-2.32."""
        positive = self.decision_function(X) >= 0
        return self.classes_[positive.astype(int)]

    def score(self, X: Any, y: Any) -> float:
        """The share of rows that get their own label."""
        return float(np.mean(self.predict(X) == np.asarray(y)))

    def _begin(self, X: Any, y: Any) -> tuple[Array, Array]:
        where = f"{type(self).__name__}.fit"
        X = design_matrix(where, X)
        self.classes_, codes = classes_and_codes(where, y, len(X))
        if len(self.classes_) != 2:
            raise ValueError(f"{where}: y must hold two classes; got {len(self.classes_)}")
        if not 0 < self.rate < np.inf or self.max_epochs < 1:
            raise ValueError(
                f"{where}: rate must be positive and max_epochs at least 1; "
                f"got {self.rate} and {self.max_epochs}"
            )
        return X, np.where(codes == 1, 1.0, -1.0)


class Perceptron(_Linear):
    """A separating hyperplane found by correcting one mistake at a time.

    The rows are visited in their order, again and again, from w = 0 and b = 0; a row with
    y (w . x + b) <= 0 is a mistake and adds rate y x to w and rate y to b. It ends when all rows
    are passed without a mistake, which happens if and only if a hyperplane separates the classes.

    Args:
        rate: eta; it scales w and b and changes no decision.
        max_epochs: the most passes over the rows.

    Attributes:
        classes_: the two labels; the second is +1.
        weights_: w, shape (d,).
        bias_: b.
        updates_: how often each row was a mistake, shape (n,); times rate, the dual's alpha.
        mistakes_: their sum.
        epochs_: the passes made.
        converged_: whether the last pass had no mistake.

    Source: SU-2.39-alg, SU-2.39, SU-2.38, SU-2.31.
    """

    def __init__(self, rate: float = 1.0, *, max_epochs: int = 1000) -> None:
        self.rate = rate
        self.max_epochs = max_epochs

    def fit(self, X: Any, y: Any) -> Perceptron:
        """Learn from rows, shape (n, d), and labels, shape (n,), of two classes.

        Raises:
            ShapeError: other shapes.
            ValueError: not two classes, values that are not finite, an option out of range.
        """
        X, signs = self._begin(X, y)
        rows = np.ascontiguousarray(X, dtype=np.float64)
        total = np.zeros(X.shape[1] + 1)  # w, then b
        updates = np.zeros(len(X), dtype=np.int64)
        plain = None
        epochs, clean = 0, False
        while epochs < self.max_epochs and not clean:
            module = kernels("margin", 20.0 * X.size)  # asked again, for epochs add up
            if module is None:
                plain = plain or _Epochs(rows, signs, self.rate)
                clean = plain.run(total, updates)
                epochs += 1
                continue
            made, total[-1], clean = module.epochs(
                rows, signs, float(self.rate), self.max_epochs - epochs, total[:-1], total[-1],
                updates,
            )  # fmt: skip
            epochs += int(made)
        self.weights_, self.bias_, self.updates_ = total[:-1], float(total[-1]), updates
        self.epochs_ = epochs
        self.mistakes_ = int(updates.sum())
        self.converged_ = bool((signs * (rows @ self.weights_ + self.bias_) > 0).all())
        return self

    def decision_function(self, X: Any) -> Array:
        """w . x + b of each row, shape (m,), in X's float type."""
        fitted(self, "weights_")
        X = design_matrix("Perceptron.decision_function", X, len(self.weights_))
        return (X @ self.weights_ + self.bias_).astype(X.dtype)


class DualPerceptron(_Linear):
    """The perceptron that counts mistakes: w is sum_i alpha_i y_i x_i, and only x_i . x is needed.

    With the linear kernel and the same order of rows, it makes the same mistakes as `Perceptron`.

    Args:
        rate: eta, what a mistake adds to alpha.
        kernel: a function of shapes (n, d) and (m, d) that gives (n, m); x . y by default.
        max_epochs: the most passes over the rows.

    Attributes:
        classes_: the two labels; the second is +1.
        alphas_: rate times the mistakes at each row, shape (n,).
        bias_: b, which is sum_i alpha_i y_i.
        mistakes_, epochs_, converged_: as in `Perceptron`.

    Source: SU-2.41-alg, SU-2.41, SU-2.41-cond, SU-2.40, SU-2.41-model.
    """

    def __init__(
        self,
        rate: float = 1.0,
        *,
        kernel: Callable[[Array, Array], Array] = linear_kernel,
        max_epochs: int = 1000,
    ) -> None:
        self.rate = rate
        self.kernel = kernel
        self.max_epochs = max_epochs

    def fit(self, X: Any, y: Any) -> DualPerceptron:
        """Learn from rows, shape (n, d), and labels, shape (n,), of two classes.

        The kernel of all pairs is held, n^2 numbers. Errors as in `Perceptron.fit`.
        """
        X, signs = self._begin(X, y)
        gram = np.asarray(self.kernel(X, X), dtype=np.float64)
        updates = np.zeros(len(X), dtype=np.int64)
        decision = np.zeros(len(X))
        place, clean, visited = 0, 0, 0
        limit = self.max_epochs * len(X)
        while clean < len(X) and visited < limit:
            wrong = signs[place:] * decision[place:] <= 0
            ahead = int(wrong.argmax()) if wrong.any() else len(X) - place
            ahead = min(ahead, len(X) - clean, limit - visited)
            clean, visited, place = clean + ahead, visited + ahead, place + ahead
            if place == len(X):
                place = 0
            elif clean < len(X) and visited < limit:
                updates[place] += 1
                decision += self.rate * signs[place] * (gram[place] + 1)
                clean, visited, place = 0, visited + 1, (place + 1) % len(X)
        self._X, self._signs = X, signs
        self.alphas_ = self.rate * updates
        self.bias_ = float(self.alphas_ @ signs)
        self.mistakes_ = int(updates.sum())
        self.epochs_ = -(-visited // len(X))
        self.converged_ = bool((signs * decision > 0).all())
        return self

    def decision_function(self, X: Any) -> Array:
        """sum_i alpha_i y_i K(x_i, x) + b of each row, shape (m,), in X's float type."""
        fitted(self, "alphas_")
        X = design_matrix("DualPerceptron.decision_function", X, self._X.shape[1])
        used = self.alphas_ > 0
        gram = self.kernel(X, self._X[used])
        return (gram @ (self.alphas_ * self._signs)[used] + self.bias_).astype(X.dtype)


def mistake_bound(X: Any, y: Any, weights: Any, bias: float) -> float:
    """(R / gamma)^2, which the perceptron's mistakes never exceed, whatever the order of the rows.

    R is the largest length of (x, 1) and gamma the least distance y (w . x + b) / |(w, b)|, for any
    hyperplane (w, b) that separates the rows; the widest one gives the best bound.

    Args:
        X: shape (n, d).
        y: shape (n,), values +1 and -1.
        weights: w, shape (d,).
        bias: b.

    Raises:
        ShapeError: other shapes.
        ValueError: y holds other values, or (w, b) does not separate the rows.

    Method: A. Novikoff, On convergence proofs on perceptrons (1962).

    Source: SU-2.39-conv.
    """
    X = design_matrix("mistake_bound", X)
    y = values("mistake_bound", "y", y, len(X))
    w = values("mistake_bound", "weights", weights, X.shape[1])
    if (np.abs(y) != 1).any():
        raise ValueError(f"mistake_bound: y must be +1 or -1; got {np.unique(y)[:4]}")
    least = float((y * (X @ w + bias)).min())
    if not least > 0:
        raise ValueError(f"mistake_bound: (w, b) must separate the rows; got margin {least}")
    radius = float((X.astype(np.float64) ** 2).sum(axis=1).max() + 1)
    return radius * float(w @ w + bias**2) / least**2


def perceptron_loss(X: Any, y: Any, weights: Any, bias: float) -> float:
    """-sum y (w . x + b) over the rows on the wrong side; 0 when there are none.

    Args:
        X: shape (n, d).
        y: shape (n,), values +1 and -1.
        weights: w, shape (d,).
        bias: b.

    Raises:
        ShapeError: other shapes.

    Source: SU-2.35, SU-2.35.nonneg.
    """
    X = design_matrix("perceptron_loss", X)
    y = values("perceptron_loss", "y", y, len(X))
    w = values("perceptron_loss", "weights", weights, X.shape[1])
    return float(np.maximum(-y * (X @ w + bias), 0).sum())


class _Epochs:
    """Passes over the rows with NumPy.

    Within a chunk of rows the margins y (w . x + b) are kept, and a mistake adds its products with
    the other rows, so that it takes three short calls of NumPy.
    """

    def __init__(self, X: Array, signs: Array, rate: float) -> None:
        signed = np.column_stack([X, np.ones(len(X))]) * signs[:, None]
        self._chunks = [signed[i : i + CHUNK] for i in range(0, len(X), CHUNK)]
        self._rate = rate
        self._held: dict[int, Array] = {}

    def _steps(self, chunk: int) -> Array:
        """What a mistake at each row of a chunk adds to the margins of all its rows."""
        if chunk not in self._held:
            if len(self._held) == HELD:
                self._held.clear()
            rows = self._chunks[chunk]
            steps = np.zeros((len(rows), len(rows) + 1))  # the last margin is no row's and stays
            np.matmul(self._rate * rows, rows.T, out=steps[:, :-1])
            self._held[chunk] = steps
        return self._held[chunk]

    def run(self, total: Array, updates: Array) -> bool:
        """One pass, which changes (w, b) and the rows' counts; whether it made no mistake."""
        clean = True
        for chunk, rows in enumerate(self._chunks):
            margins = np.append(rows @ total, -1.0)  # a search ends behind the last row
            place = int((margins <= 0).argmax())
            if place == len(rows):
                continue
            clean = False
            steps, mistakes = self._steps(chunk), []
            while place < len(rows):
                mistakes.append(place)
                margins += steps[place]
                place += 1
                place += int((margins[place:] <= 0).argmax())
            total += self._rate * rows[mistakes].sum(axis=0)
            updates[chunk * CHUNK + np.array(mistakes)] += 1
        return clean

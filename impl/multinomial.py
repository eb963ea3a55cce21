"""Softmax regression for any number of classes."""

from __future__ import annotations

import warnings
from types import ModuleType
from typing import Any, Literal

import numpy as np

from impl._kernels.loading import kernels
from impl.checks import design_matrix, fitted
from impl.core import Array
from impl.lbfgs import lbfgs
from impl.logistic import SeparationWarning
from impl.logistic.preparing import centred, prepared
from impl.softmax import softmax

Solver = Literal["lbfgs", "gradient", "sgd"]
_BLOCK = 1 << 16
_MANY = 256  # the compiled pass takes its time for whole blocks of about so many examples
_PARTS = 16  # of the examples, shared out to threads; a fixed number, so that threads change no bit
# Below this many products, BLAS uses one thread. Two are no faster on blocks that fit in the cache,
# and wait for each other when something else wants a core.
_ONE_THREAD = 1 << 18


class MultinomialRegression:
    """P(y = k | x) proportional to e^(w_k x + b_k), by maximum likelihood.

    Minimises the summed cross-entropy plus l2 / 2 times the sum of all squared w; b is not
    penalised. Adding the same to all w_k and b_k changes no probability: of the equally good
    coefficients, those with sum 0 over the classes are given.

    Where the scores tell all classes apart and l2 = 0, there are no best coefficients. That is
    said in a `SeparationWarning` and kept in `separable_`.

    Args:
        l2: the penalty's weight, at least 0.
        solver: "lbfgs", "gradient" (all examples a step), or "sgd" (a few examples a step).
        tol: stop when the largest entry of the gradient over n is at most this ("sgd" does not).
        max_iter: the most steps, for "sgd" the passes; None for 500, and 10,000 for "gradient".
        learning_rate: for "gradient" and "sgd"; None takes one with which the loss falls.
        batch_size: examples a step for "sgd".
        fit_intercept: whether to fit b.
        rng: shuffles the examples for "sgd"; None keeps their order.

    Attributes:
        classes_: the labels, sorted.
        coef_: w, shape (K, d).
        intercept_: b, shape (K,).
        loss_: the objective reached.
        losses_: the objective before each step ("sgd": after each pass) where a solver has it.
        n_iter_: steps taken.
        converged_: whether tol was met; False for separable classes.
        separable_: whether the coefficients classify every example rightly and l2 = 0.

    Source: CO-softmax-mle, XU-52, XU-53, XU-65, XU-76.
    """

    classes_: Array
    coef_: Array
    intercept_: Array

    def __init__(
        self,
        l2: float = 0.0,
        solver: Solver = "lbfgs",
        tol: float = 1e-6,
        max_iter: int | None = None,
        learning_rate: float | None = None,
        batch_size: int = 1,
        fit_intercept: bool = True,
        rng: np.random.Generator | None = None,
    ) -> None:
        self.l2 = l2
        self.solver: Solver = solver
        self.tol = tol
        self.max_iter = max_iter
        self.learning_rate = learning_rate
        self.batch_size = batch_size
        self.fit_intercept = fit_intercept
        self.rng = rng

    def fit(self, X: Any, y: Any) -> MultinomialRegression:
        """The coefficients for examples X of shape (n, d) and labels y of shape (n,).

        Raises:
            ShapeError: other shapes.
            ValueError: a value is NaN or infinite, there is one class only, or an option is
                unknown.
        """
        where = "MultinomialRegression.fit"
        solvers = {"lbfgs": self._lbfgs, "gradient": self._gradient, "sgd": self._sgd}
        X, self.classes_, codes = prepared(where, self, X, y, solvers)
        k, d = self.classes_.size, X.shape[1]
        self.losses_: list[float] = []
        self.n_iter_ = 0
        self.converged_ = False
        moved, centre = centred(X, self.fit_intercept and self.solver == "lbfgs")
        problem = _Problem(moved, codes, k, float(self.l2), self.fit_intercept)
        theta = solvers[self.solver](problem, np.zeros((k, d + 1)))
        theta = theta - theta.mean(axis=0)
        self.separable_ = self.l2 == 0 and problem.separated_by(theta)
        if self.separable_:
            self.converged_ = False
            warnings.warn(
                f"{where}: the classes are separable, so the likelihood has no largest value; l2 "
                "must be positive for coefficients that mean something",
                SeparationWarning,
                stacklevel=2,
            )
        self.coef_ = theta[:, :-1].astype(X.dtype)
        self.intercept_ = (theta[:, -1] - theta[:, :-1] @ centre).astype(X.dtype)
        return self

    def _lbfgs(self, problem: _Problem, theta: Array) -> Array:
        """All examples by L-BFGS, from where some of them lead and with their curvature."""
        sample = problem.sample(40)
        if sample is not None:
            near = lbfgs(
                sample.mean,
                theta.ravel(),
                tol=1e-3,
                max_iter=100,
                inverse_hessian=sample.inverse(theta),
            )
            theta = near.x.reshape(theta.shape)
        found = lbfgs(
            problem.mean,
            theta.ravel(),
            tol=self.tol,
            max_iter=self.max_iter or 500,
            inverse_hessian=(problem.sample(40) or problem).inverse(theta),
        )
        self.n_iter_, self.converged_ = found.n_iter, found.converged
        self.loss_ = found.value * problem.n
        return found.x.reshape(theta.shape)

    def _gradient(self, problem: _Problem, theta: Array) -> Array:
        rate = self.learning_rate
        if rate is None:
            rate = 1 / problem.largest_curvature()
        for _ in range(self.max_iter or 10_000):
            loss, gradient = problem.mean(theta.ravel())
            self.losses_.append(loss * problem.n)
            if np.abs(gradient).max() <= self.tol:
                self.converged_ = True
                break
            theta = theta - rate * gradient.reshape(theta.shape)
            self.n_iter_ += 1
        self.loss_ = problem.mean(theta.ravel())[0] * problem.n
        return theta

    def _sgd(self, problem: _Problem, theta: Array) -> Array:
        n = problem.n
        rate = self.learning_rate
        if rate is None:
            rate = 1 / (float((problem.X**2).sum(axis=1, dtype=np.float64).max()) + 1)
        for _ in range(self.max_iter or 500):
            order = np.arange(n) if self.rng is None else self.rng.permutation(n)
            for start in range(0, n, self.batch_size):
                gradient = problem.part(order[start : start + self.batch_size]).mean(theta.ravel())
                theta = theta - rate * gradient[1].reshape(theta.shape)
            loss, gradient_of_all = problem.mean(theta.ravel())
            self.losses_.append(loss * n)
            self.n_iter_ += 1
        self.loss_ = loss * n
        self.converged_ = bool(np.abs(gradient_of_all).max() <= self.tol)
        return theta

    def decision_function(self, X: Any) -> Array:
        """The scores w_k x + b_k, shape (n, K)."""
        fitted(self, "coef_")
        X = design_matrix("MultinomialRegression.decision_function", X, self.coef_.shape[1])
        return np.asarray(X @ self.coef_.T + self.intercept_)

    def predict_proba(self, X: Any) -> Array:
        """The probabilities of the classes, shape (n, K)."""
        return np.asarray(softmax(self.decision_function(X)))

    def predict(self, X: Any) -> Array:
        """The likeliest label of each example, shape (n,)."""
        likeliest = self.decision_function(X).argmax(axis=1)
        return np.asarray(self.classes_[likeliest])

    def score(self, X: Any, y: Any) -> float:
        """The share of examples whose label is predicted."""
        return float(np.mean(self.predict(X) == np.asarray(y)))


class _Problem:
    """The objective over n and its derivatives; theta = [w, b] has shape (K, d + 1)."""

    def __init__(self, X: Array, codes: Array, classes: int, l2: float, constant: bool) -> None:
        self.X = X
        self.codes = codes
        self.classes = classes
        self.l2 = l2
        self.constant = constant
        self.n = X.shape[0]
        self._blocks: Array | None = None

    def part(self, rows: Any) -> _Problem:
        """Some examples, the penalty in proportion."""
        X = np.ascontiguousarray(self.X[rows])
        l2 = self.l2 * X.shape[0] / self.n
        return _Problem(X, self.codes[rows], self.classes, l2, self.constant)

    def sample(self, share: int) -> _Problem | None:
        """Some examples for each parameter of a class; None when there are few."""
        stride = self.n // (share * (self.X.shape[1] + 1))
        return self.part(slice(None, None, stride)) if stride >= 2 else None

    def separated_by(self, theta: Array) -> bool:
        scores = self.X @ theta[:, :-1].T + theta[:, -1]
        own = scores[np.arange(self.n), self.codes]
        scores[np.arange(self.n), self.codes] = -np.inf
        return bool((own > scores.max(axis=1)).all())

    def mean(self, flat: Array) -> tuple[float, Array]:
        """The objective and its gradient over n, block by block while it is in the cache."""
        d = self.X.shape[1]
        theta = flat.reshape(self.classes, d + 1)
        many = self.n >= _MANY
        compiled = kernels("softmax", 20.0 * self.X.size, self.X) if many else None
        loss, gradient = self._compiled_pass(compiled, theta) if compiled else self._pass(theta)
        gradient[:, :d] += self.l2 * theta[:, :d]
        if not self.constant:
            gradient[:, d] = 0.0
        loss += 0.5 * self.l2 * float((theta[:, :d] ** 2).sum())
        return loss / self.n, gradient.ravel() / self.n

    def _compiled_pass(self, compiled: ModuleType, theta: Array) -> tuple[float, Array]:
        """The cross-entropy, summed, and its gradient."""
        d, k = self.X.shape[1], self.classes
        if self._blocks is None:  # a copy, once, for all the passes of a fit
            shape = -(-self.n // compiled.BLOCK), -(-(d + 1) // 4) * 4, compiled.BLOCK
            self._blocks = np.zeros(shape)
            compiled.in_blocks(compiled.turn, len(self._blocks), self.X, self._blocks)
        count, m, _ = self._blocks.shape
        padded = np.zeros((k, m))
        padded[:, : d + 1] = theta
        losses = np.zeros(min(_PARTS, count))
        gradients = np.zeros((len(losses), -(-k // 4) * 4, m))
        compiled.in_blocks(
            compiled.cross_entropy_pass,
            len(losses),
            *(self._blocks, self.codes, padded, losses, gradients),
        )
        return float(losses.sum()), gradients.sum(axis=0)[:k, : d + 1]

    def _pass(self, theta: Array) -> tuple[float, Array]:
        """The same on NumPy."""
        d = self.X.shape[1]
        weights, constants = np.ascontiguousarray(theta[:, :d]), theta[:, d, None]
        gradient = np.zeros_like(theta)
        size = _ONE_THREAD // (max(d, 1) * self.classes)
        if size < 256:
            size = max(1, _BLOCK // (d + self.classes))
        places = np.arange(min(size, self.n))
        loss = 0.0
        for start in range(0, self.n, size):
            block, codes = self.X[start : start + size], self.codes[start : start + size]
            # Classes as rows: sums over a few classes then add whole vectors.
            scores = weights @ block.T
            scores += constants
            scores -= scores.max(axis=0)
            at = codes, places[: codes.size]
            loss -= float(scores[at].sum())
            np.exp(scores, out=scores)
            total = scores.sum(axis=0)
            loss += float(np.log(total).sum())
            scores /= total
            scores[at] -= 1
            gradient[:, :d] += scores @ block
            gradient[:, d] += scores.sum(axis=1)
        return loss, gradient

    def inverse(self, theta: Array) -> Any:
        """A map near the inverse second derivative over n: each class by itself."""
        d = self.X.shape[1]
        p = softmax(self.X @ theta[:, :-1].T + theta[:, -1])
        blocks = np.empty((self.classes, d + 1, d + 1))
        for k in range(self.classes):
            weights = p[:, k] * (1 - p[:, k])
            weighted = self.X * weights[:, None]
            blocks[k, :d, :d] = weighted.T @ self.X
            blocks[k, :d, d] = blocks[k, d, :d] = weighted.sum(axis=0) if self.constant else 0.0
            blocks[k, d, d] = weights.sum() if self.constant else 1.0
        blocks[:, range(d), range(d)] += self.l2
        blocks /= self.n
        largest = blocks[:, range(d + 1), range(d + 1)].max(axis=1, initial=1e-8)
        blocks[:, range(d + 1), range(d + 1)] += 1e-6 * largest[:, None]
        inverses = np.linalg.inv(blocks)
        return lambda g: np.einsum("kij,kj->ki", inverses, g.reshape(self.classes, d + 1)).ravel()

    def largest_curvature(self) -> float:
        """An upper bound of the second derivative over n: diag(p) - p p^T <= 1/2."""
        design = np.column_stack([self.X, np.full(self.n, float(self.constant))])
        top = float(np.linalg.eigvalsh(design.T @ design)[-1])
        return max((0.5 * top + self.l2) / self.n, 1e-300)

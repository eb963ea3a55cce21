"""Logistic regression for two classes."""

from __future__ import annotations

import warnings
from typing import Any, Literal

import numpy as np

from impl._kernels.loading import kernels
from impl.activations import sigmoid
from impl.checks import design_matrix, fitted
from impl.core import Array
from impl.lbfgs import lbfgs
from impl.logistic.log_loss import LogLoss
from impl.logistic.preparing import centred, prepared
from impl.logistic.steps import few_newton_steps, sgd_pass

Solver = Literal["auto", "newton", "lbfgs", "gradient", "sgd"]


class SeparationWarning(UserWarning):
    """The classes can be told apart without error: the likelihood grows for ever larger w."""


class LogisticRegression:
    """P(y = 1 | x) = 1 / (1 + e^-(w x + b)), by maximum likelihood.

    Minimises sum_i log(1 + e^-(s_i (w x_i + b))) + l2 / 2 |w|^2 with s_i = 1 for the second class
    and -1 for the first; b is not penalised.

    Where a hyperplane separates the classes and l2 = 0, there is no best w. That is found, said in
    a `SeparationWarning`, and kept in `separation_`; the coefficients are those at that moment.

    Args:
        l2: the penalty's weight, at least 0.
        solver: "newton" (iteratively reweighted least squares with step halving), "lbfgs",
            "gradient" (all examples a step), "sgd" (one example a step), or "auto", which takes
            Newton for few and L-BFGS for many examples.
        tol: stop when the gradient over n is at most this ("sgd" does not): its largest entry, for
            "newton" and "lbfgs" in units in which the curvature is about 1.
        max_iter: the most steps, for "sgd" the passes; None for 100, and 10,000 for "gradient".
        learning_rate: for "gradient" and "sgd"; None takes one with which the loss falls.
        fit_intercept: whether to fit b.
        rng: shuffles the examples for "sgd"; None keeps their order.

    Attributes:
        classes_: the two labels; the second one is y = 1.
        coef_: w, shape (d,).
        intercept_: b.
        loss_: the objective reached.
        losses_: the objective before each step ("sgd": after each pass) where a solver has it.
        n_iter_: steps taken.
        converged_: whether tol was met; False for separated classes.
        separation_: None, "complete" (the hyperplane w x + b = 0 classifies all examples rightly)
            or "quasi-complete" (some examples lie on every such hyperplane; not looked for by
            "gradient" and "sgd").

    Source: SU-2.9, SU-2.15, SU-2.16, XU-26, XU-75.
    """

    classes_: Array
    coef_: Array
    intercept_: float
    loss_: float | None
    losses_: list[float]
    n_iter_: int
    converged_: bool
    separation_: str | None

    def __init__(
        self,
        l2: float = 0.0,
        solver: Solver = "auto",
        tol: float = 1e-6,
        max_iter: int | None = None,
        learning_rate: float | None = None,
        fit_intercept: bool = True,
        rng: np.random.Generator | None = None,
    ) -> None:
        self.l2 = l2
        self.solver: Solver = solver
        self.tol = tol
        self.max_iter = max_iter
        self.learning_rate = learning_rate
        self.fit_intercept = fit_intercept
        self.rng = rng

    def fit(self, X: Any, y: Any) -> LogisticRegression:
        """The coefficients for examples X of shape (n, d) and labels y of shape (n,).

        Raises:
            ShapeError: other shapes.
            ValueError: a value is NaN or infinite, there are not two classes, or an option is
                unknown.
        """
        where = "LogisticRegression.fit"
        solvers = {
            "newton": self._newton,
            "lbfgs": self._lbfgs,
            "gradient": self._gradient,
            "sgd": self._sgd,
        }
        X, self.classes_, codes = prepared(where, self, X, y, [*solvers, "auto"])
        n, d = X.shape
        if self.classes_.size != 2:
            raise ValueError(
                f"{where}: y must have two classes (for more, MultinomialRegression); "
                f"got {self.classes_.size}"
            )
        name: str = self.solver
        if name == "auto":
            name = "newton" if n * (d + 1) ** 2 < 5e6 else "lbfgs"
        self._begin()
        moved, centre = centred(X, self.fit_intercept and name in ("newton", "lbfgs"))
        problem = LogLoss(moved, codes.astype(bool), float(self.l2), self.fit_intercept)
        theta = solvers[name](problem, np.zeros(d + 1))
        if self.l2 == 0 and self.separation_ is None and problem.separated_by(theta):
            self.separation_ = "complete"
        if self.separation_ is not None:
            self.converged_ = False
            warnings.warn(
                f"{where}: the classes are separable ({self.separation_}), so the likelihood has "
                "no largest value; l2 must be positive for coefficients that mean something",
                SeparationWarning,
                stacklevel=2,
            )
        if self.loss_ is None:
            self.loss_ = problem.loss(theta)
        self.coef_ = theta[:-1].astype(X.dtype)
        self.intercept_ = float(theta[-1] - theta[:-1] @ centre)
        return self

    def _begin(self) -> None:
        self.separation_ = None
        self.loss_ = None
        self.converged_ = False
        self.losses_ = []
        self.n_iter_ = 0

    def _separation_of(self, undecided: LogLoss) -> str:
        """How far the classes are separable, given the examples that a direction leaves undecided.

        Whatever separates these completely, together with a long way in that direction, separates
        all.
        """
        if undecided.n == 0:
            return "complete"
        model = LogisticRegression(solver="newton", fit_intercept=self.fit_intercept)
        model._begin()
        model._newton(undecided, np.zeros(undecided.X.shape[1] + 1))
        return "complete" if model.separation_ == "complete" else "quasi-complete"

    def _newton(self, problem: LogLoss, theta: Array) -> Array:
        """Steps of iteratively reweighted least squares, each halved until the loss falls."""
        loss, gradient, weights = problem.with_weights(theta)
        for _ in range(self.max_iter or 100):
            self.losses_.append(loss)
            step = problem.newton_step(gradient, weights)
            moves = problem.scores(step)
            slope = float(gradient @ step)
            small = -slope <= self.tol**2 * problem.n
            if small and np.abs(moves).max() <= 1e-2:
                self.converged_ = True
                break
            size = 1.0
            while size > 1e-10:
                reached = problem.with_weights(theta + size * step)
                if reached[0] <= loss + 1e-4 * size * slope + 1e-15 * abs(loss):
                    break
                size /= 2
            else:
                self.converged_ = small
                break
            theta = theta + size * step
            loss, gradient, weights = reached
            self.n_iter_ += 1
            if problem.l2 == 0:
                if problem.separated_by(theta):
                    self.separation_ = "complete"
                    break
                # Near a maximum Newton's steps vanish. Towards one at infinity they go on, along a
                # direction that moves no example to the wrong side.
                signed = np.where(problem.positive, moves, -moves)
                if signed.max() > 0.2 and signed.min() > -1e-9 * signed.max():
                    self.separation_ = self._separation_of(
                        problem.part(signed <= 1e-9 * signed.max())
                    )
                    break
        self.loss_ = loss
        return theta

    def _lbfgs(self, problem: LogLoss, theta: Array) -> Array:
        """A fit of some of the examples by Newton's method; from there, all of them by L-BFGS."""
        sample = problem.sample(40)
        if sample is not None:
            theta = few_newton_steps(sample, theta)
        curvature = (problem.sample(80) or problem).mean_curvature(theta)
        inverse = np.linalg.inv(np.linalg.cholesky(curvature))

        # In these units the second derivative is about the identity, whatever X is measured in.
        def mean(point: Array) -> tuple[float, Array]:
            loss, gradient = problem.with_gradient(inverse.T @ point)
            return loss / problem.n, inverse @ gradient / problem.n

        found = lbfgs(
            mean,
            np.linalg.solve(inverse.T, theta),
            tol=self.tol,
            max_iter=self.max_iter or 100,
            inverse_hessian=lambda g: g,
        )
        self.n_iter_, self.converged_ = found.n_iter, found.converged
        theta, self.loss_ = inverse.T @ found.x, found.value * problem.n
        if problem.l2 == 0:
            scores = problem.scores(theta)
            if (problem.sign * scores).min() > 0:
                self.separation_ = "complete"
            elif (
                not found.converged
                or np.abs(problem.scores(inverse.T @ found.step)).max() > 1e-2
                or problem.restless(theta) > 1e-2
            ):
                # Perhaps on the way to infinity, which Newton's steps tell apart from a maximum.
                theta = self._newton(problem, theta)
        return theta

    def _gradient(self, problem: LogLoss, theta: Array) -> Array:
        rate = self.learning_rate
        if rate is None:
            rate = 1 / problem.largest_curvature()
        for _ in range(self.max_iter or 10_000):
            loss, gradient = problem.with_gradient(theta)
            self.losses_.append(loss)
            if np.abs(gradient).max() <= self.tol * problem.n:
                self.converged_ = True
                break
            theta = theta - rate / problem.n * gradient
            self.n_iter_ += 1
        return theta

    def _sgd(self, problem: LogLoss, theta: Array) -> Array:
        """theta += rate (y - h(x)) x, example by example. Source: SU-2.17."""
        X, n = problem.X, problem.n
        longest = float((X * X).sum(axis=1, dtype=np.float64).max()) + 1
        rate = 1 / longest if self.learning_rate is None else float(self.learning_rate)
        compiled = kernels("linear", 4.0 * X.size * (self.max_iter or 100))
        one_pass = compiled.logistic_sgd_pass if compiled else sgd_pass
        for _ in range(self.max_iter or 100):
            order = np.arange(n) if self.rng is None else self.rng.permutation(n)
            shrink = 1 - rate * problem.l2 / n
            one_pass(X, problem.positive, order, theta, rate, shrink, self.fit_intercept)
            self.losses_.append(problem.loss(theta))
            self.n_iter_ += 1
        gradient = problem.with_gradient(theta)[1]
        self.converged_ = bool(np.abs(gradient).max() <= self.tol * n)
        return theta

    def decision_function(self, X: Any) -> Array:
        """w x + b, the log of the odds of the second class, shape (n,)."""
        fitted(self, "coef_")
        X = design_matrix("LogisticRegression.decision_function", X, self.coef_.size)
        return np.asarray(X @ self.coef_ + X.dtype.type(self.intercept_))

    def predict_proba(self, X: Any) -> Array:
        """The probabilities of the two classes, shape (n, 2)."""
        scores = self.decision_function(X)
        return np.stack([sigmoid(-scores), sigmoid(scores)], axis=1)

    def predict(self, X: Any) -> Array:
        """The likelier label of each example, shape (n,)."""
        positive = self.decision_function(X) > 0
        return np.asarray(self.classes_[positive.astype(np.intp)])

    def score(self, X: Any, y: Any) -> float:
        """The share of examples whose label is predicted."""
        return float(np.mean(self.predict(X) == np.asarray(y)))

"""The log-loss of two classes and its derivatives, in passes over blocks of examples."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from impl._kernels.loading import kernels
from impl.core import Array

_BLOCK = 1 << 16
_PARTS = 16  # of the examples, shared out to threads; a fixed number, so that threads change no bit


class LogLoss:
    """The objective, its derivatives, and what the solvers ask of the examples."""

    def __init__(self, X: Array, positive: Array, l2: float, constant: bool) -> None:
        self.X = X
        self.positive = positive
        self.sign = np.where(positive, 1.0, -1.0)
        self.l2 = l2
        self.constant = constant
        self.n = X.shape[0]

    def scores(self, theta: Array) -> Array:
        """w x + b of each example."""
        return np.asarray(self.X @ theta[:-1] + theta[-1])

    def separated_by(self, theta: Array) -> bool:
        """Whether every example is on its own side, and none on the hyperplane."""
        return bool((self.sign * self.scores(theta)).min() > 0)

    def loss(self, theta: Array) -> float:
        """The objective."""
        margins = self.sign * self.scores(theta)
        return float(np.logaddexp(0, -margins).sum()) + self._penalty(theta)

    def _penalty(self, theta: Array) -> float:
        return 0.5 * self.l2 * float(theta[:-1] @ theta[:-1])

    def _finished(self, theta: Array, gradient: Array) -> Array:
        gradient[:-1] += self.l2 * theta[:-1]
        if not self.constant:
            gradient[-1] = 0.0
        return gradient

    def with_gradient(self, theta: Array) -> tuple[float, Array]:
        """Loss and gradient in one pass over the examples."""
        compiled = kernels("linear", 40.0 * self.X.size)
        if compiled:
            losses = np.zeros(min(_PARTS, self.n))
            gradients = np.zeros((len(losses), theta.size))
            arrays = self.X, self.positive, theta, losses, gradients
            compiled.in_blocks(compiled.logistic_pass, len(losses), *arrays)
            loss, gradient = float(losses.sum()), gradients.sum(axis=0)
        else:
            gradient = np.zeros_like(theta)
            loss = _numpy_pass(self.X, self.sign, theta, gradient)
        return loss + self._penalty(theta), self._finished(theta, gradient)

    @cached_property
    def _design(self) -> Array:
        """The examples with a column for the constant; zeros where it is not fitted."""
        design = np.empty((self.n, self.X.shape[1] + 1))
        design[:, :-1] = self.X
        design[:, -1] = float(self.constant)
        return design

    def with_weights(self, theta: Array) -> tuple[float, Array, Array]:
        """Loss, gradient, and the weight p (1 - p) of each example."""
        margins = self.sign * (self._design @ theta)
        decay = np.exp(-np.abs(margins))
        loss = float((np.log1p(decay) - np.minimum(margins, 0)).sum()) + self._penalty(theta)
        below = 1 / (1 + decay)
        away = np.where(margins >= 0, decay, 1.0) * below
        gradient = -((self.sign * away) @ self._design)
        gradient[:-1] += self.l2 * theta[:-1]
        return loss, gradient, decay * below * below

    def curvature(self, weights: Array) -> Array:
        """The second derivative, with a unit for a constant that is not fitted."""
        d = self.X.shape[1]
        hessian = (self._design * weights[:, None]).T @ self._design
        hessian.flat[: d * (d + 2) : d + 2] += self.l2
        if not self.constant:
            hessian[d, d] = 1.0
        return np.asarray(hessian)

    def newton_step(self, gradient: Array, weights: Array) -> Array:
        """The solution of H step = -gradient, the shortest where H is singular."""
        hessian = self.curvature(weights)
        # Scaled to a unit diagonal, so that what counts as singular does not hang on units.
        scale = 1 / np.sqrt(np.maximum(hessian.diagonal(), 1e-300))
        scaled = hessian * (scale[:, None] * scale)
        right = -gradient * scale
        try:
            if np.linalg.cholesky(scaled).diagonal().min() > 1e-6:
                return np.asarray(np.linalg.solve(scaled, right) * scale)
        except np.linalg.LinAlgError:
            pass
        return np.asarray(np.linalg.lstsq(scaled, right, rcond=1e-12)[0] * scale)

    def part(self, rows: Array | slice) -> LogLoss:
        """Some of the examples, the penalty in proportion."""
        X = np.ascontiguousarray(self.X[rows])
        l2 = self.l2 * X.shape[0] / self.n
        return LogLoss(X, self.positive[rows], l2, self.constant)

    def sample(self, share: int) -> LogLoss | None:
        """Some examples for each parameter, spread over all, the penalty in proportion.

        None when there are few examples.
        """
        stride = self.n // (share * (self.X.shape[1] + 1))
        if stride < 2:
            return None
        return self.part(slice(None, None, stride))

    def mean_curvature(self, theta: Array) -> Array:
        """The second derivative over n, made surely positive definite."""
        hessian = self.curvature(self.with_weights(theta)[2]) / self.n
        diagonal = hessian.diagonal()
        hessian.flat[:: hessian.shape[0] + 1] = np.where(diagonal > 0, diagonal * (1 + 1e-8), 1.0)
        return hessian

    def restless(self, theta: Array) -> float:
        """How far Newton's step for a single coefficient would still move the score of an example.

        A feature that few examples have can be far from its best coefficient, or have none, while
        its share of the gradient is small.
        """
        d = self.X.shape[1]
        gradient, curvature, largest = np.zeros(d + 1), np.zeros(d), np.zeros(d)
        compiled = kernels("linear", 40.0 * self.X.size)
        if compiled:
            compiled.logistic_curvatures(self.X, self.positive, theta, gradient, curvature, largest)
        else:
            size = max(1, _BLOCK // (d + 1))
            for start in range(0, self.n, size):
                block, sign = self.X[start : start + size], self.sign[start : start + size]
                p = 1 / (1 + np.exp(np.minimum(sign * (block @ theta[:-1] + theta[-1]), 700)))
                gradient[:-1] -= (sign * p) @ block
                curvature += (p * (1 - p)) @ (block * block)
                np.maximum(largest, np.abs(block).max(axis=0), out=largest)
        safe = np.where(curvature > 0, curvature, 1.0)
        return float((np.abs(gradient[:-1]) / safe * largest).max(initial=0.0))

    def largest_curvature(self) -> float:
        """An upper bound of the second derivative over n in any direction: p (1 - p) <= 1/4."""
        bound = self.curvature(np.full(self.n, 0.25)) / self.n
        return max(float(np.linalg.eigvalsh(bound)[-1]), 1e-300)


def _numpy_pass(X: Array, sign: Array, theta: Array, gradient: Array) -> float:
    """The log-loss; its gradient is added to `gradient`. Blocks are read twice from the cache."""
    n, d = X.shape
    size = max(1, _BLOCK // (d + 1))
    loss = 0.0
    for start in range(0, n, size):
        block, signs = X[start : start + size], sign[start : start + size]
        margins = (block @ theta[:-1] + theta[-1]) * signs
        decay = np.exp(-np.abs(margins))
        loss += float((np.log1p(decay) - np.minimum(margins, 0)).sum())
        residual = np.where(margins >= 0, decay, 1.0)
        residual /= 1 + decay
        residual *= -signs
        gradient[:-1] += residual @ block
        gradient[-1] += residual.sum()
    return loss

"""Naive Bayes with normal features."""

from __future__ import annotations

from typing import Any

import numpy as np

from impl._kernels.loading import kernels
from impl.checks import finite
from impl.core import Array, ShapeError, as_float
from impl.naive_bayes.base import NaiveBayes, smoothing


class GaussianNB(NaiveBayes):
    """Features that are normal within a class, each with its own mean and variance.

    Args:
        var_smoothing: this share of the largest variance of any feature is added to all, so that a
            feature that is constant within a class does not decide alone.

    Attributes:
        classes_: the labels, sorted.
        class_count_: examples of each class, shape (K,).
        class_log_prior_: the log of each class's share, shape (K,).
        theta_: means, shape (K, d).
        var_: variances with divisor n, smoothed, shape (K, d).

    Source: SU-2.20, SU-2.21a, SU-2.67.
    """

    theta_: Array
    var_: Array

    def __init__(self, var_smoothing: float = 1e-9) -> None:
        self.var_smoothing = var_smoothing

    def fit(self, X: Any, y: Any) -> GaussianNB:
        """Means and variances for examples X of shape (n, d) and labels y of shape (n,).

        Raises:
            ShapeError: other shapes.
            ValueError: a value is NaN or infinite, or nothing varies and nothing is smoothed.
        """
        where = "GaussianNB.fit"
        X = as_float(X)
        if X.ndim != 2 or X.shape[0] == 0:
            raise ShapeError(f"{where}: X must be 2-D with at least one row; got shape {X.shape}")
        smoothing(where, self.var_smoothing)
        codes = self._labels(X, y)
        k = self.classes_.size
        compiled = kernels("linear", 10.0 * X.size, X)
        moments = compiled.class_moments if compiled else _class_moments
        # Moments around an example of each class: squares of a large mean would lose digits.
        first = np.empty(k, np.intp)
        first[codes[::-1]] = np.arange(len(X) - 1, -1, -1)
        shift = X[first].astype(np.float64)
        for _ in range(2):
            counts, sums, squares = moments(X, codes, k, shift)
            if not np.isfinite(squares).all():
                finite(where, "X", X)
            moved = sums / counts[:, None]
            variances = np.maximum(squares / counts[:, None] - moved * moved, 0.0)
            if not (moved * moved > 1e6 * variances).any():
                break
            shift = shift + moved  # that example was far from the others
        means = shift + moved
        self._set_prior(counts)
        share = counts / len(X)
        spread = share @ (variances + (means - share @ means) ** 2)
        smoothed = variances + self.var_smoothing * float(spread.max(initial=0.0))
        if (smoothed <= 0).any():
            raise ValueError(
                f"{where}: each feature must vary within each class, or var_smoothing be positive "
                "and some feature vary"
            )
        self.theta_ = means.astype(X.dtype)
        self.var_ = smoothed.astype(X.dtype)
        return self

    def _features(self) -> int:
        return int(self.theta_.shape[1])

    def _log_likelihood(self, X: Array) -> Array:
        halves = 0.5 / self.var_.astype(np.float64)
        constants = -0.5 * np.log(2 * np.pi * self.var_.astype(np.float64)).sum(axis=1)
        scores = np.empty((X.shape[0], self.classes_.size))
        compiled = kernels("linear", 4.0 * X.size * self.classes_.size, X)
        if compiled:
            means = self.theta_.astype(np.float64)
            compiled.gaussian_scores(X, means, halves, constants, scores)
        else:
            for k, mean in enumerate(self.theta_):
                gap = X - mean
                scores[:, k] = constants[k] - (gap * gap) @ halves[k]
        return scores


def _class_moments(
    X: Array, codes: Array, classes: int, shift: Array
) -> tuple[Array, Array, Array]:
    centred = X - shift[codes]
    member = np.zeros((classes, len(X)))
    member[codes, np.arange(len(X))] = 1.0
    with np.errstate(over="ignore", invalid="ignore"):
        return member.sum(axis=1), member @ centred, member @ (centred * centred)

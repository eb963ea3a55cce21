"""Naive Bayes with features of a few values each."""

from __future__ import annotations

from typing import Any

import numpy as np

from impl.checks import finite, fitted
from impl.core import Array, ShapeError
from impl.naive_bayes.base import NaiveBayes, logarithm, smoothing


class CategoricalNB(NaiveBayes):
    """Features with a few values each: P(x_j = v | c) is counted.

    Args:
        alpha: added to the count of each value; 1 is Laplace's rule, 0 the most likely shares.

    Attributes:
        classes_, class_count_, class_log_prior_: as for `GaussianNB`.
        categories_: for each feature, the values seen in `fit`, sorted.
        feature_log_prob_: for each feature, log P(v | c) of shape (K, number of its values).

    Source: SU-2.20, SU-2.21b, SU-2.26.
    """

    categories_: list[Array]
    feature_log_prob_: list[Array]

    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = alpha

    def fit(self, X: Any, y: Any) -> CategoricalNB:
        """The shares for values X (numbers or strings) of shape (n, d) and labels y, shape (n,).

        Raises:
            ShapeError: other shapes.
            ValueError: alpha is negative.
        """
        where = "CategoricalNB.fit"
        smoothing(where, self.alpha)
        X = _table(where, X)
        codes = self._labels(X, y)
        k = self.classes_.size
        self._set_prior(np.bincount(codes, minlength=k))
        self.categories_, self.feature_log_prob_ = [], []
        for column in X.T:
            values, places = np.unique(column, return_inverse=True)
            counts = np.bincount(codes * values.size + places, minlength=k * values.size)
            smoothed = counts.reshape(k, values.size) + self.alpha
            self.categories_.append(values)
            self.feature_log_prob_.append(logarithm(smoothed / smoothed.sum(axis=1, keepdims=True)))
        return self

    def _given(self, where: str, X: Any) -> Array:
        fitted(self, "class_log_prior_")
        X = _table(f"CategoricalNB.{where}", X)
        if X.shape[1] != len(self.categories_):
            raise ShapeError(
                f"CategoricalNB.{where}: X must have {len(self.categories_)} columns; "
                f"got shape {X.shape}"
            )
        return X

    def _log_likelihood(self, X: Array) -> Array:
        total = np.zeros((X.shape[0], self.classes_.size))
        columns = zip(X.T, self.categories_, self.feature_log_prob_, strict=True)
        for j, (column, values, logs) in enumerate(columns):
            places = np.minimum(np.searchsorted(values, column), values.size - 1)
            unseen = values[places] != column
            if unseen.any():
                raise ValueError(
                    f"CategoricalNB: column {j} must hold values seen in fit; "
                    f"got {column[np.argmax(unseen)]!r}"
                )
            total += logs[:, places].T
        return total


def _table(where: str, X: Any) -> Array:
    array = np.asarray(X)
    if array.ndim != 2 or array.shape[0] == 0:
        raise ShapeError(f"{where}: X must be 2-D with at least one row; got shape {array.shape}")
    return finite(where, "X", array) if array.dtype.kind == "f" else array

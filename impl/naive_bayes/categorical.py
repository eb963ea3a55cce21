"""Naive Bayes with features of a few values each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from impl.checks import finite, fitted
from impl.core import Array, ShapeError
from impl.naive_bayes.base import NaiveBayes, logarithm, smoothing


class CategoricalNB(NaiveBayes):
    """Features with a few values each: P(x_j = v | c) is counted.

    Without `categories`, a value that `fit` has not seen is one more value of its feature, of count
    0 in every class: P(v | c) = alpha / (n_c + alpha (V + 1)) for n_c examples of the class and V
    values seen. With alpha = 0 that is 0 in every class, and only the priors are left.

    Args:
        alpha: added to the count of each value; 1 is Laplace's rule, 0 the most likely shares.
        categories: for each feature, all values that it can have; others are then refused. None
            for those seen in `fit`.

    Attributes:
        classes_, class_count_, class_log_prior_: as for `GaussianNB`.
        categories_: for each feature, its values, sorted.
        feature_log_prob_: for each feature, log P(v | c) of shape (K, number of its values).

    Source: SU-2.20, SU-2.21b, SU-2.26.
    """

    categories_: list[Array]
    feature_log_prob_: list[Array]

    def __init__(self, alpha: float = 1.0, categories: Sequence[Any] | None = None) -> None:
        self.alpha = alpha
        self.categories = categories

    def fit(self, X: Any, y: Any) -> CategoricalNB:
        """The shares for values X (numbers or strings) of shape (n, d) and labels y, shape (n,).

        Raises:
            ShapeError: other shapes, or not one list of categories a feature.
            ValueError: alpha is negative, or a value is not among the categories.
        """
        where = "CategoricalNB.fit"
        smoothing(where, self.alpha)
        X = _table(where, X)
        if self.categories is not None:
            given = self.categories if np.iterable(self.categories) else []
            lengths = [np.size(values) for values in given]
            if len(lengths) != X.shape[1] or 0 in lengths:
                raise ShapeError(
                    f"{where}: categories must be {X.shape[1]} lists, one a feature, none empty; "
                    f"got lists of lengths {lengths[:8]}"
                )
        codes = self._labels(X, y)
        k = self.classes_.size
        self._set_prior(np.bincount(codes, minlength=k))
        self.categories_, self.feature_log_prob_ = [], []
        for j, column in enumerate(X.T):
            if self.categories is None:
                values, places = np.unique(column, return_inverse=True)
            else:
                values = np.unique(np.asarray(self.categories[j]))
                places = self._places(where, j, values, column)[0]
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
            places, unseen = self._places("CategoricalNB", j, values, column)
            new = logarithm(self.alpha / (self.class_count_ + self.alpha * (values.size + 1)))
            total += np.where(unseen, new[:, None], logs[:, places]).T
        return total

    def _places(self, where: str, j: int, values: Array, column: Array) -> tuple[Array, Array]:
        """Where a column's entries stand among the feature's values, and which are not there.

        Raises:
            ValueError: one is not there, and the categories were given.
        """
        places = np.minimum(np.searchsorted(values, column), values.size - 1)
        unseen = values[places] != column
        if self.categories is not None and unseen.any():
            raise ValueError(
                f"{where}: column {j} of X must hold its categories {values.tolist()[:8]}; "
                f"got {column[unseen].tolist()[0]!r}"
            )
        return places, unseen


def _table(where: str, X: Any) -> Array:
    array = np.asarray(X)
    if array.ndim != 2 or array.shape[0] == 0:
        raise ShapeError(f"{where}: X must be 2-D with at least one row; got shape {array.shape}")
    return finite(where, "X", array) if array.dtype.kind == "f" else array

"""Naive Bayes with counted features: words, or things that are there or not."""

from __future__ import annotations

from typing import Any

import numpy as np

from impl._kernels.loading import kernels
from impl.checks import finite, fitted
from impl.core import Array, ShapeError, as_float
from impl.naive_bayes.base import NaiveBayes, logarithm, smoothing


def _class_sums(X: Array, codes: Array, classes: int) -> tuple[Array, Array, float]:
    member = np.zeros((classes, len(X)))
    member[codes, np.arange(len(X))] = 1.0
    with np.errstate(invalid="ignore"):
        return member.sum(axis=1), member @ X, float(X.min(initial=0.0))


def _is_sparse(X: Any) -> bool:
    return hasattr(X, "tocsr")


def _sparse(where: str, X: Any) -> Any:
    """A matrix of SciPy's, row by row, with its numbers as floats and its places checked."""
    rows = X.tocsr()
    if rows.dtype.kind not in "biuf":
        raise TypeError(f"{where}: X must hold real numbers; got {rows.dtype}")
    rows = rows if rows.dtype.kind == "f" else rows.astype(np.float64)
    rows.check_format()
    return rows


def _sparse_class_sums(
    data: Array, indices: Array, indptr: Array, codes: Array, classes: int, d: int
) -> Array:
    places = np.repeat(codes, np.diff(indptr)) * d + indices
    return np.bincount(places, data, classes * d).reshape(classes, d)


class _Counting(NaiveBayes):
    """Counts of features within a class, smoothed by adding alpha to each."""

    feature_count_: Array
    feature_log_prob_: Array

    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = alpha

    def _count(self, X: Any, y: Any) -> Array:
        """The sums of X within each class, with its values checked."""
        where = f"{type(self).__name__}.fit"
        smoothing(where, self.alpha)
        X = _sparse(where, X) if _is_sparse(X) else as_float(X)
        if X.ndim != 2 or X.shape[0] == 0:
            raise ShapeError(f"{where}: X must be 2-D with at least one row; got shape {X.shape}")
        codes = self._labels(X, y)
        held = X.data if _is_sparse(X) else X
        compiled = kernels("linear", 4.0 * held.size, held)
        if _is_sparse(X):
            sums_of = compiled.sparse_class_sums if compiled else _sparse_class_sums
            counts = np.bincount(codes, minlength=self.classes_.size)
            sums = sums_of(X.data, X.indices, X.indptr, codes, self.classes_.size, X.shape[1])
            least = X.data.min(initial=0.0)
        else:
            sums_of = compiled.class_sums if compiled else _class_sums
            counts, sums, least = sums_of(X, codes, self.classes_.size)
        if not np.isfinite(sums).all():
            finite(where, "X", held)
        if least < 0:
            raise ValueError(f"{where}: X must not be negative; got {least}")
        self._set_prior(counts)
        self.feature_count_ = sums
        return X

    def _features(self) -> int:
        return int(self.feature_log_prob_.shape[1])


class MultinomialNB(_Counting):
    """Counts (of words) whose total is shared out by the class: P(x | c) ~ prod_j p_cj^x_j.

    Args:
        alpha: added to each count of each class; 1 is Laplace's rule, 0 the most likely shares.

    Attributes:
        classes_, class_count_, class_log_prior_: as for `GaussianNB`.
        feature_count_: summed counts, shape (K, d).
        feature_log_prob_: log p, shape (K, d).

    Source: SU-2.20, SU-2.21.
    """

    def fit(self, X: Any, y: Any) -> MultinomialNB:
        """The shares for counts X of shape (n, d) and labels y of shape (n,).

        X may be a sparse matrix of SciPy's, here and wherever counts are asked for.

        Raises:
            ShapeError: other shapes.
            ValueError: a value is negative, NaN or infinite, or a class has no counts and alpha
                is 0.
        """
        self._count(X, y)
        smoothed = self.feature_count_ + self.alpha
        totals = smoothed.sum(axis=1, keepdims=True)
        if (totals <= 0).any():
            raise ValueError("MultinomialNB.fit: a class has no counts; alpha must be positive")
        self.feature_log_prob_ = logarithm(smoothed / totals)
        return self

    def _given(self, where: str, X: Any) -> Array:
        if not _is_sparse(X):
            return super()._given(where, X)
        fitted(self, "class_log_prior_")
        where = f"MultinomialNB.{where}"
        rows: Array = _sparse(where, X)
        if rows.shape[1] != self._features():
            raise ShapeError(
                f"{where}: X must have {self._features()} columns; got shape {rows.shape}"
            )
        finite(where, "X", np.asarray(rows.data))
        return rows

    def _log_likelihood(self, X: Array) -> Array:
        held: Any = X.data if _is_sparse(X) else X
        if (held < 0).any():
            raise ValueError("MultinomialNB: X must not be negative")
        return _weighted(X, self.feature_log_prob_)


class BernoulliNB(_Counting):
    """Features that are there or not: P(x_j = 1 | c) = p_cj.

    Args:
        alpha: added to the counts of both values; 1 is Laplace's rule, 0 the most likely shares.

    Attributes:
        classes_, class_count_, class_log_prior_: as for `GaussianNB`.
        feature_count_: ones of each feature, shape (K, d).
        feature_log_prob_: log p, shape (K, d).

    Source: SU-2.20, SU-2.21.
    """

    def fit(self, X: Any, y: Any) -> BernoulliNB:
        """The shares for X of zeros and ones, shape (n, d), and labels y of shape (n,).

        Raises:
            ShapeError: other shapes.
            ValueError: a value is neither 0 nor 1.
        """
        if _is_sparse(X):
            raise TypeError("BernoulliNB.fit: X must be dense; pass X.toarray()")
        _zeros_and_ones("BernoulliNB.fit", self._count(X, y))
        totals = self.class_count_[:, None] + 2 * self.alpha
        self.feature_log_prob_ = logarithm((self.feature_count_ + self.alpha) / totals)
        absent = self.class_count_[:, None] - self.feature_count_ + self.alpha
        self._absent_log_prob = logarithm(absent / totals)
        return self

    def _log_likelihood(self, X: Array) -> Array:
        _zeros_and_ones("BernoulliNB", X)
        return _weighted(X, self.feature_log_prob_) + _weighted(1 - X, self._absent_log_prob)


def _zeros_and_ones(where: str, X: Array) -> None:
    wrong = (X != 0) & (X != 1)
    if wrong.any():
        place = tuple(int(i) for i in np.argwhere(wrong)[0])
        raise ValueError(f"{where}: X must be 0 or 1; got {X[place]} at {place}")


def _weighted(X: Array, logs: Array) -> Array:
    """sum_j x_j logs_cj, where 0 times -inf is 0."""
    impossible = np.isneginf(logs)
    if not impossible.any():
        return np.asarray(X @ logs.T)
    value = X @ np.where(impossible, 0.0, logs).T
    return np.where(X @ impossible.T.astype(X.dtype) > 0, -np.inf, value)

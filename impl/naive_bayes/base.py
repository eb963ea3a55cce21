"""What all kinds of naive Bayes share: labels, priors, and the likeliest class."""

from __future__ import annotations

from typing import Any

import numpy as np

from impl.checks import classes_and_codes, design_matrix, fitted
from impl.core import Array
from impl.softmax import log_softmax


class NaiveBayes:
    """What all of them share: labels, priors, and the likeliest class.

    Subclasses give `_log_likelihood`, log P(x | c) for each example and class.
    """

    classes_: Array
    class_count_: Array
    class_log_prior_: Array

    def _labels(self, X: Array, y: Any) -> Array:
        name = type(self).__name__
        labels = np.asarray(y)
        codes: Array
        small = labels.dtype.kind in "iu" and labels.shape == (X.shape[0],)
        low = int(labels.min()) if small else 0
        if small and 0 <= int(labels.max()) - low < 1000:
            # Few neighbouring whole numbers are counted rather than sorted.
            wide = labels.astype(np.int64) if labels.dtype.kind == "i" else labels
            offset = (wide - wide.dtype.type(low)).astype(np.intp)
            present = np.bincount(offset) > 0
            self.classes_ = np.array([low + int(i) for i in np.flatnonzero(present)], labels.dtype)
            codes = (np.cumsum(present) - 1)[offset] if not present.all() else offset
        else:
            self.classes_, codes = classes_and_codes(f"{name}.fit", y, X.shape[0])
        return codes

    def _set_prior(self, counts: Array) -> None:
        self.class_count_ = counts.astype(np.float64)
        self.class_log_prior_ = np.log(self.class_count_ / self.class_count_.sum())

    def _log_likelihood(self, X: Array) -> Array:
        raise NotImplementedError

    def _features(self) -> int:
        raise NotImplementedError

    def _given(self, where: str, X: Any) -> Array:
        fitted(self, "class_log_prior_")
        return design_matrix(f"{type(self).__name__}.{where}", X, self._features())

    def joint_log_likelihood(self, X: Any) -> Array:
        """log P(c) + log P(x | c), shape (n, K). Source: SU-2.20."""
        X = self._given("joint_log_likelihood", X)
        return self._log_likelihood(X) + self.class_log_prior_

    def predict_log_proba(self, X: Any) -> Array:
        """log P(c | x), shape (n, K); where no class can give x, that of a guess by the priors."""
        joint = self.joint_log_likelihood(X)
        impossible = np.isneginf(joint).all(axis=1)
        joint[impossible] = self.class_log_prior_
        with np.errstate(divide="ignore"):
            return np.asarray(log_softmax(joint))

    def predict_proba(self, X: Any) -> Array:
        """P(c | x) by Bayes' rule, shape (n, K). Source: SU-2.18, SU-2.19."""
        return np.asarray(np.exp(self.predict_log_proba(X)))

    def predict(self, X: Any) -> Array:
        """The likeliest label of each example, shape (n,). Source: SU-2.20."""
        joint = self.joint_log_likelihood(X)
        impossible = np.isneginf(joint).all(axis=1)
        joint[impossible] = self.class_log_prior_
        return np.asarray(self.classes_[joint.argmax(axis=1)])

    def score(self, X: Any, y: Any) -> float:
        """The share of examples whose label is predicted."""
        return float(np.mean(self.predict(X) == np.asarray(y)))


def smoothing(where: str, alpha: float) -> float:
    """The smoothing itself, when it is a number from 0 on."""
    if not 0 <= alpha < np.inf:
        raise ValueError(f"{where}: alpha must be finite and at least 0; got {alpha}")
    return float(alpha)


def logarithm(x: Array) -> Array:
    """log x, and -inf for 0 without a warning."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(x))

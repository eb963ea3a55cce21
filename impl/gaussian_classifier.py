"""One normal distribution a class: linear and quadratic discriminant analysis."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from impl.checks import classes_and_codes, design_matrix, fitted
from impl.core import Array
from impl.products import cross_product, thin_product
from impl.softmax import log_softmax


class _GaussianClassifier:
    """What both share: means, priors, and the likeliest class.

    Args:
        priors: "empirical" for each class's share of the examples, "equal" as in the notes, or
            numbers of sum 1, shape (K,), in the order of the sorted labels.
        regularization: added to every variance as a share of the mean variance within classes, at
            least 0. It has no unit: scaling all features changes no prediction. (scikit-learn's
            `reg_param` r of QDA instead takes (1 - r) C + r I, which depends on the unit.)
    """

    classes_: Array
    means_: Array
    priors_: Array

    def __init__(self, priors: Any = "empirical", regularization: float = 0.0) -> None:
        self.priors = priors
        self.regularization = regularization

    def _start(self, X: Any, y: Any) -> tuple[Array, Array]:
        """Checks; classes, priors and means; and the examples with their own mean taken off."""
        where = f"{type(self).__name__}.fit"
        if not 0 <= self.regularization < np.inf:
            raise ValueError(
                f"{where}: regularization must be finite and at least 0; got {self.regularization}"
            )
        X = design_matrix(where, X)
        self.classes_, codes = classes_and_codes(where, y, X.shape[0])
        k = self.classes_.size
        if k < 2:
            raise ValueError(f"{where}: y must have at least two classes; got {k}")
        counts = np.bincount(codes)
        if isinstance(self.priors, str):
            known = {"empirical": counts / counts.sum(), "equal": np.ones(k) / k}
            self.priors_ = known.get(self.priors, np.zeros(0))
        else:
            self.priors_ = np.asarray(self.priors, np.float64)
        valid = self.priors_.shape == (k,) and bool((self.priors_ > 0).all())
        if not (valid and abs(self.priors_.sum() - 1) < 1e-9):
            raise ValueError(
                f"{where}: priors must be 'empirical', 'equal' or {k} positive numbers of "
                f"sum 1; got {self.priors!r}"
            )
        centre = X.mean(axis=0, dtype=np.float64)
        centred = X - centre
        member = np.zeros((k, X.shape[0]))
        member[codes, np.arange(X.shape[0])] = 1.0
        offsets = thin_product(member, centred) / counts[:, None]
        self.means_ = offsets + centre
        residual = centred - offsets[codes]
        self._ridge = self.regularization * float(np.square(residual).mean()) if X.shape[1] else 0.0
        return residual, codes

    def _factor(self, covariance: Array, of: str, rank: int) -> Array:
        """The inverse of the Cholesky root, so that its rows make the features white.

        Raises:
            ValueError: the covariance is singular.
        """
        d = covariance.shape[0]
        covariance = covariance + self._ridge * np.eye(d)
        size = np.sqrt(np.diag(covariance))
        try:
            if not (size > 0).all():
                raise np.linalg.LinAlgError
            root = np.linalg.cholesky(covariance / np.outer(size, size))
            if (np.diag(root) ** 2 <= 1e-13 * d).any():
                raise np.linalg.LinAlgError
        except np.linalg.LinAlgError:
            raise ValueError(
                f"{type(self).__name__}.fit: the covariance of {of} must be invertible: {d} "
                f"features, at most {rank} directions in the examples, some dependent or constant; "
                "regularization must be positive, and some feature vary within a class"
            ) from None
        return np.asarray(np.linalg.inv(root) / size)

    def _scores(self, X: Array) -> Array:
        raise NotImplementedError

    def decision_function(self, X: Any) -> Array:
        """log P(c) + log P(x | c) up to what all classes share, shape (n, K).

        Source: CO-gauss-test, CO-gauss-loglik.s5.
        """
        fitted(self, "means_")
        where = f"{type(self).__name__}.decision_function"
        return self._scores(design_matrix(where, X, self.means_.shape[1]))

    def predict_log_proba(self, X: Any) -> Array:
        """log P(c | x), shape (n, K)."""
        return np.asarray(log_softmax(self.decision_function(X)))

    def predict_proba(self, X: Any) -> Array:
        """P(c | x), shape (n, K)."""
        return np.asarray(np.exp(self.predict_log_proba(X)))

    def predict(self, X: Any) -> Array:
        """The likeliest label of each example, shape (n,). Source: CO-gauss-test."""
        likeliest = self.decision_function(X).argmax(axis=1)
        return np.asarray(self.classes_[likeliest])

    def score(self, X: Any, y: Any) -> float:
        """The share of examples whose label is predicted."""
        return float(np.mean(self.predict(X) == np.asarray(y)))


class LDA(_GaussianClassifier):
    """Normal classes with one covariance for all, so that they meet at hyperplanes.

    Args:
        priors: "empirical", "equal", or numbers of sum 1 of shape (K,).
        regularization: added to every variance as a share of the mean variance within classes.

    Attributes:
        classes_: the labels, sorted.
        priors_: shape (K,).
        means_: shape (K, d).
        covariance_: within classes, with divisor n, shape (d, d).
        coef_: w of the score w_k x + b_k, shape (K, d).
        intercept_: b, shape (K,).

    Source: CO-gauss-model, CO-gauss-prior, CO-gauss-mu-mle.
    """

    covariance_: Array
    coef_: Array
    intercept_: Array

    def fit(self, X: Any, y: Any) -> LDA:
        """Means and covariance for examples X of shape (n, d) and labels y of shape (n,).

        Raises:
            ShapeError: other shapes.
            ValueError: a value is NaN or infinite, there is one class, or the covariance is
                singular.
        """
        residual = self._start(X, y)[0]
        n = residual.shape[0]
        self.covariance_ = cross_product(residual) / n
        rank = min(residual.shape[1], n - self.classes_.size)
        whiten = self._factor(self.covariance_, "all classes", rank)
        # From the middle of the means, so that a common offset of all features costs no digits.
        self._centre = self.means_.mean(axis=0)
        offsets = self.means_ - self._centre
        self._weights = offsets @ whiten.T @ whiten
        self._constants = np.log(self.priors_) - 0.5 * (self._weights * offsets).sum(axis=1)
        self.coef_ = self._weights
        self.intercept_ = self._constants - self._weights @ self._centre
        return self

    def _scores(self, X: Array) -> Array:
        return np.asarray((X - self._centre) @ self._weights.T + self._constants)


class QDA(_GaussianClassifier):
    """Normal classes, each with its own covariance, so that they meet at quadrics.

    Args:
        priors: "empirical", "equal", or numbers of sum 1 of shape (K,).
        regularization: added to every variance as a share of the mean variance within classes.

    Attributes:
        classes_: the labels, sorted.
        priors_: shape (K,).
        means_: shape (K, d).
        covariances_: with the class's size as divisor, shape (K, d, d).

    Source: CO-gauss-model, CO-gauss-loglik, CO-gauss-mu-mle.
    """

    covariances_: Array

    def fit(self, X: Any, y: Any) -> QDA:
        """Means and covariances for examples X of shape (n, d) and labels y of shape (n,).

        Raises:
            ShapeError: other shapes.
            ValueError: a value is NaN or infinite, there is one class, or a covariance is
                singular, as it is for a class of d or fewer examples.
        """
        residual, codes = self._start(X, y)
        k, d = self.means_.shape
        self.covariances_ = np.empty((k, d, d))
        self._whiten = np.empty((k, d, d))
        self._constants = np.empty(k)
        for c in range(k):
            own = residual[codes == c]
            self.covariances_[c] = cross_product(own) / len(own)
            name = f"class {self.classes_[c]}"
            self._whiten[c] = self._factor(self.covariances_[c], name, min(d, len(own) - 1))
            # The determinant of L^-1 is the product of its diagonal.
            log_determinant = -2 * float(np.log(np.diag(self._whiten[c])).sum())
            self._constants[c] = math.log(self.priors_[c]) - 0.5 * log_determinant
        return self

    def _scores(self, X: Array) -> Array:
        scores = np.empty((X.shape[0], self.classes_.size))
        for c, mean in enumerate(self.means_):
            white = (X - mean) @ self._whiten[c].T
            scores[:, c] = self._constants[c] - 0.5 * (white * white).sum(axis=1)
        return scores

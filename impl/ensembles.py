"""Several models as one: bootstrap aggregating, votes and averages, for any models."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from impl.checks import classes_and_codes, design_matrix, fitted
from impl.core import Array, ShapeError


class Bagging:
    """Copies of one classifier, each fitted on its own bootstrap sample; they vote.

    A copy that takes `rng` gets a generator of its own. Of equally many votes the first label wins.

    Args:
        model: has `fit(X, y)` and `predict(X)`; it is copied, never changed.
        count: how many copies.
        rng: the random generator.

    Attributes:
        classes_: the distinct labels, sorted.
        models_: the fitted copies.
        oob_error_: the share of rows that the copies that did not see them get wrong; NaN when
            every copy saw every row.

    Source: CO-ens-bagging, CO-ens-average.
    """

    def __init__(
        self, model: Any, count: int = 10, *, rng: np.random.Generator | None = None
    ) -> None:
        self.model = model
        self.count = count
        self.rng = rng

    def fit(self, X: Any, y: Any) -> Bagging:
        """Learn from rows, shape (n, d), and labels, shape (n,).

        A sample that lacks a label altogether is drawn again, up to 100 times, and then made of all
        rows, for many classifiers refuse a single class.

        Raises:
            ShapeError: other shapes.
            ValueError: values that are not finite, or count below 1.
        """
        X = design_matrix("Bagging.fit", X)
        self.classes_, codes = classes_and_codes("Bagging.fit", y, len(X))
        if self.count < 1:
            raise ValueError(f"Bagging.fit: count must be at least 1; got {self.count}")
        rng = np.random.default_rng(0) if self.rng is None else self.rng
        labels, n = np.asarray(y), len(X)
        self.models_ = []
        votes = np.zeros((n, len(self.classes_)))
        for _ in range(self.count):
            rows = _sample(codes, len(self.classes_), rng)
            fresh = copy.deepcopy(self.model)
            if hasattr(fresh, "rng"):
                fresh.rng = rng.spawn(1)[0]
            self.models_.append(fresh.fit(X[rows], labels[rows]))
            unseen = np.setdiff1d(np.arange(n), rows)
            if unseen.size:
                predicted = np.searchsorted(self.classes_, fresh.predict(X[unseen]))
                votes[unseen, predicted] += 1
        known = votes.any(axis=1)
        wrong = votes[known].argmax(axis=1) != codes[known]
        self.oob_error_ = float(wrong.mean()) if known.any() else float("nan")
        return self

    def predict_proba(self, X: Any) -> Array:
        """The share of votes for each label, shape (m, K)."""
        fitted(self, "models_")
        return _votes(self.models_, self.classes_, np.asarray(X)) / len(self.models_)

    def predict(self, X: Any) -> Array:
        """The label with the most votes, shape (m,)."""
        best = self.predict_proba(X).argmax(axis=1)
        return self.classes_[best]

    def score(self, X: Any, y: Any) -> float:
        """The share of rows that get their own label."""
        return float(np.mean(self.predict(X) == np.asarray(y)))


class Voting:
    """Different classifiers fitted on the same rows; they vote, or average their probabilities.

    Args:
        models: each has `fit(X, y)` and `predict(X)`, for "soft" also `predict_proba(X)`; copied,
            never changed.
        rule: "hard" counts labels, "soft" averages probabilities.

    Attributes:
        classes_: the distinct labels, sorted.
        models_: the fitted copies.

    Source: CO-ens-average.
    """

    def __init__(self, models: Sequence[Any], rule: Literal["hard", "soft"] = "hard") -> None:
        self.models = models
        self.rule = rule

    def fit(self, X: Any, y: Any) -> Voting:
        """Fit a copy of every model.

        Raises:
            ShapeError: other shapes.
            ValueError: there is no model, or an unknown rule.
        """
        X = design_matrix("Voting.fit", X)
        self.classes_, _ = classes_and_codes("Voting.fit", y, len(X))
        if not self.models or self.rule not in ("hard", "soft"):
            raise ValueError(
                'Voting.fit: there must be a model, and rule must be "hard" or "soft"; '
                f"got {len(self.models)} models and {self.rule!r}"
            )
        self.models_ = [copy.deepcopy(m).fit(X, np.asarray(y)) for m in self.models]
        return self

    def predict_proba(self, X: Any) -> Array:
        """The share of votes, or the mean probability, of each label, shape (m, K)."""
        fitted(self, "models_")
        X = np.asarray(X)
        if self.rule == "soft":
            return np.mean([model.predict_proba(X) for model in self.models_], axis=0)
        return _votes(self.models_, self.classes_, X) / len(self.models_)

    def predict(self, X: Any) -> Array:
        """The label with the largest share, shape (m,); the first of equals."""
        best = self.predict_proba(X).argmax(axis=1)
        return self.classes_[best]

    def score(self, X: Any, y: Any) -> float:
        """The share of rows that get their own label."""
        return float(np.mean(self.predict(X) == np.asarray(y)))


class OneVersusOne:
    """A classifier of two classes made one of many: one copy for each pair of labels; they vote.

    Of equally many votes the first label wins.

    Args:
        model: has `fit(X, y)` for two labels and `predict(X)`; copied, never changed.

    Attributes:
        classes_: the distinct labels, sorted, at least 2.
        models_: the fitted copies, one for each pair.
    """

    def __init__(self, model: Any) -> None:
        self.model = model

    def fit(self, X: Any, y: Any) -> OneVersusOne:
        """Fit one copy on the rows of each pair of labels.

        Raises:
            ShapeError: other shapes.
            ValueError: there are fewer than two labels.
        """
        X = design_matrix("OneVersusOne.fit", X)
        self.classes_, codes = classes_and_codes("OneVersusOne.fit", y, len(X))
        k = len(self.classes_)
        if k < 2:
            raise ValueError(f"OneVersusOne.fit: y must hold at least two labels; got {k}")
        self.models_ = []
        for i in range(k):
            for j in range(i + 1, k):
                rows = (codes == i) | (codes == j)
                pair = copy.deepcopy(self.model).fit(X[rows], self.classes_[codes[rows]])
                self.models_.append(pair)
        return self

    def predict(self, X: Any) -> Array:
        """The label with the most votes, shape (m,)."""
        fitted(self, "models_")
        votes = _votes(self.models_, self.classes_, np.asarray(X))
        return self.classes_[votes.argmax(axis=1)]

    def score(self, X: Any, y: Any) -> float:
        """The share of rows that get their own label."""
        return float(np.mean(self.predict(X) == np.asarray(y)))


def average(models: Sequence[Any], X: Any) -> Array:
    """The mean of what fitted models predict, for models that predict numbers, shape (m,).

    With k errors of mean 0, equal variance and no correlation the mean's variance is 1/k of one
    model's; with errors that are all the same it is the same.

    Raises:
        ShapeError: there is no model, or their predictions differ in shape.

    Source: CO-ens-average, CO-ens-best, CO-ens-worst.
    """
    found = [np.asarray(model.predict(X)) for model in models]
    if len({p.shape for p in found}) != 1:
        raise ShapeError(
            f"average: predictions must have one shape; got {[p.shape for p in found]}"
        )
    return np.asarray(np.mean(found, axis=0))


def _votes(models: Sequence[Any], classes: Array, X: Array) -> Array:
    votes = np.zeros((len(X), len(classes)))
    for model in models:
        votes[np.arange(len(X)), np.searchsorted(classes, model.predict(X))] += 1
    return votes


def _sample(codes: Array, classes: int, rng: np.random.Generator) -> Array:
    """Rows drawn with replacement, all labels among them."""
    n = len(codes)
    for _ in range(100):
        rows = rng.integers(n, size=n)
        if np.bincount(codes[rows], minlength=classes).all():
            return rows
    return np.arange(n)

"""Judging a model on rows that it has not seen; for any model with `fit` and `predict`."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from impl.checks import classes_and_codes
from impl.core import Array, ShapeError

Split = tuple[Array, Array]


def kfold(
    n: int, folds: int = 5, *, rng: np.random.Generator | None = None, labels: Any = None
) -> Iterator[Split]:
    """Part n rows into folds of nearly equal size; each is held out once.

    Args:
        n: how many rows.
        folds: how many parts.
        rng: shuffles the rows first; without it the folds are runs of neighboring rows.
        labels: shape (n,); when given, every fold holds each label in nearly equal number.

    Yields:
        The places of the training rows and of the held-out rows, sorted.

    Raises:
        ValueError: folds is not between 2 and n.
        ShapeError: labels has another shape than (n,).

    Source: CO-kfold.
    """
    if not 2 <= folds <= n:
        raise ValueError(f"kfold: folds must be from 2 to n={n}; got {folds}")
    order = np.arange(n) if rng is None else rng.permutation(n)
    fold_of = np.empty(n, dtype=np.intp)
    if labels is None:
        for fold, part in enumerate(np.array_split(order, folds)):
            fold_of[part] = fold
    else:
        _, codes = classes_and_codes("kfold", labels, n)
        # Dealt out label by label, in turn, the folds differ by at most one of each label.
        fold_of[order[np.argsort(codes[order], kind="stable")]] = np.arange(n) % folds
    return ((np.flatnonzero(fold_of != f), np.flatnonzero(fold_of == f)) for f in range(folds))


def leave_one_out(n: int) -> Iterator[Split]:
    """Hold out each of n rows once, alone.

    Raises:
        ValueError: n is below 2, for then nothing is left to learn from.

    Source: CO-kfold.
    """
    if n < 2:
        raise ValueError(f"leave_one_out: n must be at least 2; got {n}")
    return kfold(n, n)


def cross_validate(
    model: Any,
    X: Any,
    y: Any,
    splits: int | Iterable[Split] = 5,
    *,
    score: Callable[[Array, Array], float] | None = None,
) -> Array:
    """The score of a fresh copy of the model on each held-out part, shape (folds,).

    Args:
        model: has `fit(X, y)` and `predict(X)`; it is copied, never changed.
        X: rows, shape (n, d).
        y: labels or values, shape (n,).
        splits: how many neighboring folds, or pairs of training and held-out places.
        score: of true and predicted; `accuracy` by default.

    Raises:
        ShapeError: X and y are not as long.
        TypeError: the model cannot fit or predict.

    Source: CO-kfold.
    """
    X, y = np.asarray(X), np.asarray(y)
    if X.ndim == 0 or y.ndim == 0 or len(X) != len(y):
        raise ShapeError(
            f"cross_validate: X and y must be as long; got shapes {X.shape} and {y.shape}"
        )
    if not (callable(getattr(model, "fit", None)) and callable(getattr(model, "predict", None))):
        raise TypeError(f"cross_validate: the model must have fit and predict; got {model!r}")
    judge = accuracy if score is None else score
    pairs = kfold(len(X), splits) if isinstance(splits, int) else splits
    found = []
    for train, held_out in pairs:
        fresh = copy.deepcopy(model).fit(X[train], y[train])
        found.append(float(judge(y[held_out], fresh.predict(X[held_out]))))
    return np.array(found)


def accuracy(truth: Any, predicted: Any) -> float:
    """The share of labels that are equal.

    Raises:
        ShapeError: the shapes differ or are empty.
    """
    truth, predicted = np.asarray(truth), np.asarray(predicted)
    if truth.shape != predicted.shape or truth.size == 0:
        raise ShapeError(
            "accuracy: both must have one shape, not empty; "
            f"got {truth.shape} and {predicted.shape}"
        )
    return float(np.mean(truth == predicted))

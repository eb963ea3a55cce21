"""Random forests: trees on bootstrap samples that look at few features at a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal

import numpy as np

from impl._kernels.loading import kernels
from impl.checks import classes_and_codes, design_matrix, fitted
from impl.core import Array
from impl.forest.growth import Data, Tree, grow
from impl.forest.tree import Criterion, checked_options, draw_seed


class RandomForest:
    """The average of many trees, each grown on its own bootstrap sample.

    With `max_features=None` it is bagging of plain trees.

    Args:
        trees: how many.
        criterion, max_depth, min_split, min_leaf, max_features: as in `DecisionTree`.
        bootstrap: whether each tree draws n rows with replacement, or takes all rows.
        jobs: how many threads grow trees and predict; no result depends on it.
        rng: the random generator.

    Attributes:
        classes_: the distinct labels, sorted.
        trees_: the trees' nodes.
        oob_proba_: the classes' shares by those trees that did not see the row, shape (n, K); NaN
            for a row that every tree saw, and without bootstrap.
        oob_error_: the share of rows that these get wrong, rows seen by every tree left out; NaN
            when there is none.

    Method: L. Breiman, Random forests (2001).

    Source: SU-2.13-rf, CO-ens-bagging, CO-ens-average.
    """

    def __init__(
        self,
        trees: int = 100,
        *,
        criterion: Criterion = "gini",
        max_depth: int | None = None,
        min_split: int = 2,
        min_leaf: int = 1,
        max_features: int | Literal["sqrt"] | None = "sqrt",
        bootstrap: bool = True,
        jobs: int = 1,
        rng: np.random.Generator | None = None,
    ) -> None:
        self.trees = trees
        self.criterion = criterion
        self.max_depth = max_depth
        self.min_split = min_split
        self.min_leaf = min_leaf
        self.max_features = max_features
        self.bootstrap = bootstrap
        self.jobs = jobs
        self.rng = rng

    def fit(self, X: Any, y: Any) -> RandomForest:
        """Learn from rows, shape (n, d), and labels, shape (n,).

        Raises:
            ShapeError: other shapes.
            ValueError: values that are not finite, or an option out of its range.
        """
        where = "RandomForest.fit"
        X = design_matrix(where, X)
        self.classes_, codes = classes_and_codes(where, y, len(X))
        options = checked_options(where, self, X.shape[1])
        if self.trees < 1 or self.jobs < 1:
            raise ValueError(
                f"{where}: trees and jobs must be at least 1; got {self.trees} and {self.jobs}"
            )
        rng = np.random.default_rng(0) if self.rng is None else self.rng
        n = len(X)
        data = Data.of(X, codes, len(self.classes_))
        plans = []
        for _ in range(self.trees):
            weights = np.ones(n, np.int64)
            if self.bootstrap:
                weights = np.bincount(rng.integers(n, size=n), minlength=n).astype(np.int64)
            plans.append((weights, draw_seed(rng)))

        def one(plan: tuple[Array, int]) -> Tree:
            return grow(data, plan[0], options, self.criterion == "entropy", plan[1])

        # The compiled loops are loaded before threads could do it twice.
        kernels("trees", 300.0 * n * X.shape[1] * self.trees)
        if self.jobs == 1:
            self.trees_ = [one(plan) for plan in plans]
        else:
            with ThreadPoolExecutor(self.jobs) as pool:
                self.trees_ = list(pool.map(one, plans))
        self._columns = X.shape[1]
        self._out_of_bag(X, codes, [weights for weights, _ in plans])
        return self

    def predict_proba(self, X: Any) -> Array:
        """The mean over the trees of the classes' shares in each row's leaf, shape (m, K)."""
        fitted(self, "trees_")
        X = design_matrix("RandomForest.predict_proba", X, self._columns)
        return self._sum(X, [np.arange(len(X))] * len(self.trees_)) / len(self.trees_)

    def predict(self, X: Any) -> Array:
        """The label of the largest mean share, shape (m,); the first of equals."""
        best = self.predict_proba(X).argmax(axis=1)
        return self.classes_[best]

    def score(self, X: Any, y: Any) -> float:
        """The share of rows that get their own label."""
        return float(np.mean(self.predict(X) == np.asarray(y)))

    def _sum(self, X: Array, wanted: list[Array]) -> Array:
        """The sum over the trees of the shares in the leaves, of the rows wanted of each tree."""
        total = np.zeros((len(X), len(self.classes_)))
        module = kernels("trees", 100.0 * len(X) * len(self.trees_))
        X = np.ascontiguousarray(X, dtype=np.float64)
        if module is None:
            for tree, rows in zip(self.trees_, wanted, strict=True):
                total[rows] += tree.shares[tree.leaves(X[rows])]
            return total
        add_shares = module.add_shares

        def add(start: int, stop: int) -> None:
            for tree, rows in zip(self.trees_, wanted, strict=True):
                part = rows[slice(*np.searchsorted(rows, (start, stop)))]
                add_shares(X, part, tree.packed, tree.shares, total)

        # One part a thread: the trees are larger than the rows, and every part reads them all.
        step = -(-len(X) // self.jobs)
        starts = range(0, len(X), step)
        if len(starts) == 1:
            add(0, len(X))
        else:
            with ThreadPoolExecutor(self.jobs) as pool:
                list(pool.map(add, starts, (start + step for start in starts)))
        return total

    def _out_of_bag(self, X: Array, codes: Array, weights: list[Array]) -> None:
        masks = [w == 0 for w in weights]
        times = np.sum(masks, axis=0)
        known = times > 0
        self.oob_proba_ = np.full((len(X), len(self.classes_)), np.nan)
        self.oob_error_ = float("nan")
        if known.any():
            unseen = [np.flatnonzero(mask) for mask in masks]
            self.oob_proba_[known] = self._sum(X, unseen)[known] / times[known, None]
            wrong = self.oob_proba_[known].argmax(axis=1) != codes[known]
            self.oob_error_ = float(wrong.mean())

"""One decision tree."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from impl.checks import classes_and_codes, design_matrix, fitted
from impl.core import Array
from impl.forest.growth import Data, Options, Tree, grow

Criterion = Literal["gini", "entropy"]
UNBOUNDED = 2**31 - 1


class DecisionTree:
    """Questions of the form x_j <= t that part the rows until each leaf has one label.

    At each node the question is taken that leaves the least impurity, weighted by rows; the first
    of equals. Thresholds lie halfway between neighboring values.

    Args:
        criterion: "gini", or "entropy".
        max_depth: the most questions to a leaf; None for no bound.
        min_split: the least rows a node needs to be parted.
        min_leaf: the least rows of a leaf.
        max_features: how many features to try at a node, drawn at random among those that vary;
            None for all, "sqrt" for the square root of their number.
        rng: the random generator; it matters when not all features are tried.

    Attributes:
        classes_: the distinct labels, sorted.
        tree_: the nodes.
        depth_: the most questions to a leaf.

    Method: L. Breiman, J. Friedman, R. Olshen and C. Stone, Classification and Regression Trees
    (1984).

    Source: SU-2.13-rf.
    """

    def __init__(
        self,
        criterion: Criterion = "gini",
        *,
        max_depth: int | None = None,
        min_split: int = 2,
        min_leaf: int = 1,
        max_features: int | Literal["sqrt"] | None = None,
        rng: np.random.Generator | None = None,
    ) -> None:
        self.criterion = criterion
        self.max_depth = max_depth
        self.min_split = min_split
        self.min_leaf = min_leaf
        self.max_features = max_features
        self.rng = rng

    def fit(self, X: Any, y: Any) -> DecisionTree:
        """Learn from rows, shape (n, d), and labels, shape (n,).

        Raises:
            ShapeError: other shapes.
            ValueError: values that are not finite, or an option out of its range.
        """
        X = design_matrix("DecisionTree.fit", X)
        self.classes_, codes = classes_and_codes("DecisionTree.fit", y, len(X))
        options = checked_options("DecisionTree.fit", self, X.shape[1])
        rng = np.random.default_rng(0) if self.rng is None else self.rng
        data = Data.of(X, codes, len(self.classes_))
        self.tree_: Tree = grow(
            data, np.ones(len(X), np.int64), options, self.criterion == "entropy", draw_seed(rng)
        )
        self.depth_ = self.tree_.depth()
        self._columns = X.shape[1]
        return self

    def predict_proba(self, X: Any) -> Array:
        """The shares of the classes in each row's leaf, shape (m, K)."""
        fitted(self, "tree_")
        X = design_matrix("DecisionTree.predict_proba", X, self._columns)
        return self.tree_.shares[self.tree_.leaves(X)]

    def predict(self, X: Any) -> Array:
        """The most frequent label of each row's leaf, shape (m,); the first of equals."""
        best = self.predict_proba(X).argmax(axis=1)
        return self.classes_[best]

    def score(self, X: Any, y: Any) -> float:
        """The share of rows that get their own label."""
        return float(np.mean(self.predict(X) == np.asarray(y)))


def checked_options(where: str, model: Any, columns: int) -> Options:
    """The four numbers that growth needs.

    Raises:
        ValueError: an option is out of its range.
    """
    if model.criterion not in ("gini", "entropy"):
        raise ValueError(f'{where}: criterion must be "gini" or "entropy"; got {model.criterion!r}')
    depth = UNBOUNDED if model.max_depth is None else model.max_depth
    tries = columns if model.max_features is None else model.max_features
    if tries == "sqrt":
        tries = max(1, int(np.sqrt(columns)))
    if not (depth >= 0 and model.min_split >= 2 and model.min_leaf >= 1 and 1 <= tries <= columns):
        raise ValueError(
            f"{where}: max_depth >= 0, min_split >= 2, min_leaf >= 1 and max_features from 1 to "
            f"{columns} must hold; got {depth}, {model.min_split}, {model.min_leaf} and {tries}"
        )
    return int(depth), int(model.min_split), int(model.min_leaf), int(tries)


def draw_seed(rng: np.random.Generator) -> int:
    """64 random bits."""
    return int(rng.integers(2**64, dtype=np.uint64))

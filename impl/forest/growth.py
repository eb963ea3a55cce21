"""Growing one tree, with the compiled loops or with NumPy; both make the same Gini trees."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from impl._kernels.loading import kernels
from impl.core import Array
from impl.forest import levels


@dataclass(frozen=True)
class Tree:
    """The nodes of one tree, level by level, the root first and a left child before its sibling.

    Attributes:
        feature: which feature a node asks for, -1 for a leaf, shape (nodes,).
        threshold: rows with a value of at most this go left.
        left: the left child's place, 0 for a leaf; the right child's is the next one.
        counts: how many rows of each class reach the node, shape (nodes, K).
    """

    feature: Array
    threshold: Array
    left: Array
    counts: Array

    @cached_property
    def shares(self) -> Array:
        """The classes' shares at each node, shape (nodes, K)."""
        return np.asarray(self.counts / self.counts.sum(axis=1, keepdims=True))

    @cached_property
    def packed(self) -> Array:
        """What a step down reads of a node, side by side; a leaf leads to itself, for any value."""
        leaf = self.feature < 0
        nodes = np.empty(len(leaf), [("threshold", "f8"), ("feature", "u4"), ("left", "u4")])
        nodes["threshold"] = np.where(leaf, np.inf, self.threshold)
        nodes["feature"] = np.where(leaf, 0, self.feature)
        nodes["left"] = np.where(leaf, np.arange(len(leaf)), self.left)
        return nodes

    def leaves(self, X: Array) -> Array:
        """The leaf that each row falls into, shape (m,)."""
        nodes = np.zeros(len(X), dtype=np.intp)
        rows = np.arange(len(X))
        while True:
            rows = rows[self.feature[nodes[rows]] >= 0]
            if not rows.size:
                return nodes
            at = nodes[rows]
            nodes[rows] = self.left[at] + (X[rows, self.feature[at]] > self.threshold[at])

    def depth(self) -> int:
        """The most questions between the root and a leaf."""
        depth, last = 0, 0
        # The last node of a level has the last children of all nodes up to it.
        ends = np.maximum.accumulate(np.where(self.feature >= 0, self.left + 1, 0))
        while ends[last] > last:
            depth, last = depth + 1, int(ends[last])
        return depth


@dataclass(frozen=True)
class Data:
    """Training rows, ready for many trees: columns (d, n), each one's order (d, n), labels."""

    columns: Array
    order: Array
    codes: Array
    classes: int

    @classmethod
    def of(cls, X: Array, codes: Array, classes: int) -> Data:
        """Sort every feature once."""
        columns = np.ascontiguousarray(X.T, dtype=np.float64)
        order = np.argsort(columns, axis=1, kind="stable").astype(np.int32)
        return cls(columns, order, codes.astype(np.int64), classes)


Options = tuple[int, int, int, int]


def grow(data: Data, weights: Array, options: Options, entropy: bool, seed: int) -> Tree:
    """Grow a tree on the rows of positive weight.

    Args:
        data: the rows.
        weights: how often each row counts, whole numbers, shape (n,).
        options: greatest depth, least weight to split, least weight of a leaf, features to try.
        entropy: split by entropy, else by Gini impurity.
        seed: of the generator that picks features, 64 bits.
    """
    d = len(data.columns)
    used = weights > 0
    order = data.order.copy() if used.all() else data.order[used[data.order]].reshape(d, -1)
    m = order.shape[1]
    size = 2 * m - 1
    tree = (
        np.full(size, -1, dtype=np.int32),
        np.zeros(size),
        np.zeros(size, dtype=np.int32),
        np.zeros((size, data.classes), dtype=np.int64),
    )
    table = np.zeros(0)
    if entropy:
        table = np.arange(int(weights.sum()) + 1, dtype=np.float64)
        table[1:] *= np.log(table[1:])
    module = kernels("trees", 300.0 * m * d)
    nodes = (levels if module is None else module).grow(
        data.columns, order, data.codes, weights, data.classes, options, table, np.uint64(seed),
        tree,
    )  # fmt: skip
    return Tree(*(part[:nodes].copy() for part in tree))

"""Growing one tree, with the compiled loops or with NumPy; both make the same Gini trees."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from impl._kernels.loading import kernels
from impl.core import Array

MASK = 2**64 - 1


@dataclass(frozen=True)
class Tree:
    """The nodes of one tree, the root first.

    Attributes:
        feature: which feature a node asks for, -1 for a leaf, shape (nodes,).
        threshold: rows with a value of at most this go left.
        left, right: the children's places.
        counts: how many rows of each class reach the node, shape (nodes, K).
    """

    feature: Array
    threshold: Array
    left: Array
    right: Array
    counts: Array

    def shares(self) -> Array:
        """The classes' shares at each node, shape (nodes, K)."""
        return np.asarray(self.counts / self.counts.sum(axis=1, keepdims=True))

    def leaves(self, X: Array) -> Array:
        """The leaf that each row falls into, shape (m,)."""
        nodes = np.zeros(len(X), dtype=np.intp)
        rows = np.arange(len(X))
        while True:
            rows = rows[self.feature[nodes[rows]] >= 0]
            if not rows.size:
                return nodes
            at = nodes[rows]
            low = X[rows, self.feature[at]] <= self.threshold[at]
            nodes[rows] = np.where(low, self.left[at], self.right[at])

    def depth(self) -> int:
        """The most questions between the root and a leaf."""
        depths = np.zeros(len(self.feature), dtype=int)
        for node in np.flatnonzero(self.feature >= 0):
            depths[[self.left[node], self.right[node]]] = depths[node] + 1
        return int(depths.max())


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
    order = data.order
    if not used.all():
        order = order[used[order]].reshape(d, -1)
    m = order.shape[1]
    size = 2 * m - 1
    tree = (
        np.empty(size, dtype=np.int32),
        np.zeros(size),
        np.zeros(size, dtype=np.int32),
        np.zeros(size, dtype=np.int32),
        np.zeros((size, data.classes), dtype=np.int64),
    )
    table = np.zeros(0)
    if entropy:
        table = np.arange(int(weights.sum()) + 1, dtype=np.float64)
        table[1:] *= np.log(table[1:])
    module = kernels("trees", 300.0 * m * d)
    if module is not None:
        state = np.array([seed], dtype=np.uint64)
        nodes = module.grow(
            data.columns, order.copy(), data.codes, weights, data.classes, options, table,
            state, tree,
        )  # fmt: skip
    else:
        nodes = _grow(data, order[0], weights, options, table, seed, tree)
    return Tree(*(part[:nodes].copy() for part in tree))


def _grow(
    data: Data,
    rows: Array,
    weights: Array,
    options: Options,
    table: Array,
    seed: int,
    tree: tuple[Array, Array, Array, Array, Array],
) -> int:
    """The same as the compiled loop, one node at a time."""
    deepest, least_split, least_leaf, tries = options
    feature_of, threshold_of, left_of, right_of, counts_of = tree
    features = list(range(len(data.columns)))
    stack: list[tuple[Array, int, int, Array | None]] = [(rows, 0, -1, None)]
    nodes = 0
    while stack:
        here, depth, parent, side = stack.pop()
        node = nodes
        nodes += 1
        if side is not None:
            side[parent] = node
        counts = np.bincount(data.codes[here], weights[here], data.classes).astype(np.int64)
        counts_of[node] = counts
        feature_of[node] = -1
        total = int(counts.sum())
        if counts.max() == total or depth >= deepest or total < least_split:
            continue
        best, best_feature, best_threshold, tried = -np.inf, -1, 0.0, 0
        for i in range(len(features)):
            if tried == tries:
                break
            seed, draw = _draw(seed, len(features) - i)
            features[i], features[i + draw] = features[i + draw], features[i]
            values = data.columns[features[i], here]
            if values.min() == values.max():
                continue
            tried += 1
            score, threshold = _best_cut(
                values, data.codes[here], weights[here], counts, least_leaf, table
            )
            if score > best:
                best, best_feature, best_threshold = score, features[i], threshold
        if best_feature < 0:
            continue
        feature_of[node], threshold_of[node] = best_feature, best_threshold
        low = data.columns[best_feature, here] <= best_threshold
        stack.append((here[~low], depth + 1, node, right_of))
        stack.append((here[low], depth + 1, node, left_of))
    return nodes


def _draw(seed: int, bound: int) -> tuple[int, int]:
    """The next state of splitmix64, and a whole number from 0 to bound - 1."""
    seed = (seed + 0x9E3779B97F4A7C15) & MASK
    z = ((seed ^ (seed >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return seed, ((z ^ (z >> 31)) >> 33) % bound


def _best_cut(
    values: Array, codes: Array, weights: Array, counts: Array, least: int, table: Array
) -> tuple[float, float]:
    """The purest cut's score and threshold; -inf when no cut is allowed."""
    order = np.argsort(values, kind="stable")
    values = values[order]
    hot = np.zeros((len(values), len(counts)), dtype=np.int64)
    hot[np.arange(len(values)), codes[order]] = weights[order]
    left = hot.cumsum(axis=0)[:-1]
    right = counts - left
    taken, rest = left.sum(axis=1), right.sum(axis=1)
    if len(table):
        score = (table[left].sum(axis=1) - table[taken]) + (table[right].sum(axis=1) - table[rest])
    else:
        score = (left**2).sum(axis=1) / taken + (right**2).sum(axis=1) / rest
    allowed = (values[1:] > values[:-1]) & (taken >= least) & (rest >= least)
    score = np.where(allowed, score, -np.inf)
    place = int(score.argmax())
    low, high = values[place], values[place + 1]
    threshold = 0.5 * low + 0.5 * high
    return float(score[place]), float(threshold if low <= threshold < high else low)

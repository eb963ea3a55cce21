"""Growing one tree, with the compiled loops or with NumPy; both make the same Gini trees."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from impl._kernels.loading import kernels
from impl.core import Array

MASK = 2**64 - 1
CELLS = 2**20  # class counts of the cuts that are looked at together


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
        depths = [0] * len(self.feature)
        children = zip(self.feature.tolist(), self.left.tolist(), self.right.tolist(), strict=True)
        for node, (feature, left, right) in enumerate(children):
            if feature >= 0:
                depths[left] = depths[right] = depths[node] + 1
        return max(depths)


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
        nodes = _grow(data, order, weights, options, table, seed, tree)
    return Tree(*(part[:nodes].copy() for part in tree))


def _grow(
    data: Data,
    order: Array,
    weights: Array,
    options: Options,
    table: Array,
    seed: int,
    tree: tuple[Array, Array, Array, Array, Array],
) -> int:
    """The same as the compiled loop, one node at a time and all its features at once."""
    deepest, least_split, least_leaf, tries = options
    feature_of, threshold_of, left_of, right_of, counts_of = tree
    d = len(data.columns)
    hot = np.zeros((len(weights), data.classes), dtype=np.int64)
    hot[np.arange(len(weights)), data.codes] = weights
    below = np.zeros(len(weights), dtype=bool)
    features, lines = list(range(d)), np.arange(d)[:, None]
    # What is left to do: the rows in each feature's order (none for a leaf), how many of each
    # class, the depth, and where the parent names its child.
    stack: list[tuple[Array | None, Array, int, int, Array]] = [
        (order, hot[order[0]].sum(axis=0), 0, 0, np.zeros(1, dtype=np.int32))
    ]
    nodes = 0

    def ends(counts: Array, depth: int) -> bool:
        held = counts.tolist()
        total = sum(held)
        return max(held) == total or depth >= deepest or total < least_split

    while stack:
        here, counts, depth, parent, side = stack.pop()
        node = nodes
        nodes += 1
        side[parent] = node
        counts_of[node] = counts
        feature_of[node] = -1
        if here is None or ends(counts, depth):
            continue
        values = data.columns[lines, here]
        varies = (values[:, 0] < values[:, -1]).tolist()
        tried, seed = _draw_features(features, varies, tries, seed)
        best, feature, place, low_counts = -np.inf, -1, -1, counts
        at_once = max(1, CELLS // (here.shape[1] * data.classes))
        for i in range(0, len(tried), at_once):
            part = tried[i : i + at_once]
            found = _best_cut(values[part], hot[here[part]], counts, least_leaf, table)
            if found[0] > best:
                best, feature, place, low_counts = found[0], part[found[1]], *found[2:]
        if feature < 0:
            continue
        low, high = values[feature, place], values[feature, place + 1]
        threshold = 0.5 * low + 0.5 * high
        feature_of[node] = feature
        threshold_of[node] = threshold if low <= threshold < high else low
        children = (counts - low_counts, right_of), (low_counts, left_of)
        if all(ends(held, depth + 1) for held, _ in children):
            stack.extend((None, held, depth + 1, node, side) for held, side in children)
            continue
        below[here[0]] = False
        below[here[feature, : place + 1]] = True
        goes_left = below[here]
        for (held, side), chosen in zip(children, (~goes_left, goes_left), strict=True):
            stack.append((here[chosen].reshape(d, -1), held, depth + 1, node, side))
    return nodes


def _draw_features(
    features: list[int], varies: list[bool], tries: int, seed: int
) -> tuple[list[int], int]:
    """Features that vary, in the order drawn, and the generator's next state.

    Args:
        features: all of them; they are shuffled as far as needed.
        varies: whether each has two values at the node.
        tries: how many to find.
        seed: the generator's state.
    """
    tried: list[int] = []
    for i in range(len(features)):
        if len(tried) == tries:
            break
        seed, draw = _draw(seed, len(features) - i)
        features[i], features[i + draw] = features[i + draw], features[i]
        if varies[features[i]]:
            tried.append(features[i])
    return tried, seed


def _draw(seed: int, bound: int) -> tuple[int, int]:
    """The next state of splitmix64, and a whole number from 0 to bound - 1."""
    seed = (seed + 0x9E3779B97F4A7C15) & MASK
    z = ((seed ^ (seed >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return seed, ((z ^ (z >> 31)) >> 33) % bound


def _best_cut(
    values: Array, hot: Array, counts: Array, least: int, table: Array
) -> tuple[float, int, int, Array]:
    """The purest cut: its score, its feature, the row before it, and the classes up to there.

    Of equal cuts it is the first; the score is -inf when none is allowed.

    Args:
        values: of each feature, in increasing order, shape (f, m).
        hot: the rows' weights at the place of their class, in each feature's order, (f, m, K).
        counts: of the classes, shape (K,).
        least: the least weight on either side.
        table: n log n for entropy, empty for Gini.
    """
    left = hot[:, :-1].cumsum(axis=1)
    right = counts - left
    taken = left.sum(axis=2)
    rest = counts.sum() - taken
    if len(table):
        score = (table[left].sum(axis=2) - table[taken]) + (table[right].sum(axis=2) - table[rest])
    else:
        score = np.einsum("fmk,fmk->fm", left, left) / taken
        score += np.einsum("fmk,fmk->fm", right, right) / rest
    allowed = values[:, 1:] > values[:, :-1]
    if least > 1:
        allowed &= (taken >= least) & (rest >= least)
    score[~allowed] = -np.inf
    feature, place = divmod(int(score.argmax()), score.shape[1])
    return float(score[feature, place]), feature, place, left[feature, place].copy()

"""Growing a tree with NumPy: all nodes of a level, their features and their cuts at once.

A node is too little for a call of NumPy. The rows of a level's nodes stand one node after the
other, and running sums over all of them start again at each node.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from impl.core import Array

CELLS = 2**20  # class counts of the cuts that are looked at together
STEP, FIRST, SECOND = (
    np.uint64(n) for n in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
)


class _Level(NamedTuple):
    """The nodes of one level that are to be parted, and their rows, one node after the other.

    Attributes:
        order: each feature's order of the rows, shape (d, m).
        values: the features' values in it, shape (d, m).
        counts: the nodes' class counts, shape (K, nodes).
        starts, ends: of each node's places among m.
        owner: the node that each place belongs to, shape (m,).
    """

    order: Array
    values: Array
    counts: Array
    starts: Array
    ends: Array
    owner: Array

    @classmethod
    def of(cls, order: Array, values: Array, counts: Array, held: Array) -> _Level:
        ends = held.cumsum()
        owner = np.arange(len(held)).repeat(held)
        return cls(order, values, counts, ends - held, ends, owner)


def grow(
    columns: Array,
    order: Array,
    codes: Array,
    weights: Array,
    classes: int,
    options: tuple[int, int, int, int],
    table: Array,
    seed: np.uint64,
    tree: tuple[Array, Array, Array, Array],
) -> int:
    """The same as the compiled function of this name, with its arguments."""
    deepest, least_split, least_leaf, tries = options
    d, m = order.shape
    hot = np.zeros((classes, len(codes)))  # a row's weight at its class
    hot[codes, np.arange(len(codes))] = weights
    child_of = np.empty(len(codes), dtype=np.intp)
    counts, seeds = hot.sum(axis=1)[:, None], np.array([seed], dtype=np.uint64)
    met, cuts = [counts], list[tuple[Array, ...]]()
    total = 1
    nodes = np.flatnonzero(_going(counts, least_split) & (deepest > 0))
    level = _Level.of(order, np.take_along_axis(columns, order, 1), counts, np.array([m]))
    while len(nodes):
        features = None
        if tries < d:
            draws = _draws(seeds, d + 2)
            features = _features(level, draws, tries)
        score, feature, cut, low = _best_cuts(level, hot, features, least_leaf, table)
        split = np.flatnonzero(score > -np.inf)
        f, p = feature[split], cut[split]
        cuts.append((nodes[split], f, level.values[f, p], level.values[f, p + 1]))
        made = 2 * len(split)
        children = np.empty((classes, len(split), 2))
        children[:, :, 0] = low.take(split, axis=1)
        np.subtract(level.counts.take(split, axis=1), children[:, :, 0], out=children[:, :, 1])
        counts = children.reshape(classes, made)
        met.append(counts)
        if len(cuts) == deepest:
            break
        going = np.flatnonzero(_going(counts, least_split))
        nodes = total + going
        total += made
        rank = np.full(made, len(going))  # among the children that are parted themselves
        rank[going] = np.arange(len(going))
        ranks = np.full((len(score), 2), len(going))
        ranks[split] = rank.reshape(-1, 2)
        level = _part(level, feature, cut, ranks, child_of, counts.take(going, axis=1))
        if features is not None:
            seeds = draws[d:, split].T.ravel()[going]
    return _write(tree, met, cuts)


def _part(
    level: _Level, feature: Array, cut: Array, ranks: Array, child_of: Array, counts: Array
) -> _Level:
    """The next level: each feature keeps its order within each child.

    Args:
        level: the nodes.
        feature: that each node asks for.
        cut: the place before each node's cut.
        ranks: which node of the next level its two children are; if none, their number.
        child_of: to be used, a number for each row.
        counts: of the classes in the next level's nodes.
    """
    owner, places, nodes = level.owner, np.arange(len(level.owner)), counts.shape[1]
    rows = level.order[feature.take(owner), places]
    child_of[rows] = ranks.take(2 * owner + (places > cut.take(owner)))
    # The sort is by radix for types so short.
    keys = child_of.take(level.order).astype(np.min_scalar_type(nodes))
    held = np.bincount(keys[0], minlength=nodes)[:nodes]
    kept = keys.argsort(axis=1, kind="stable")[:, : held.sum()]
    kept += np.arange(len(keys))[:, None] * len(places)
    return _Level.of(level.order.take(kept), level.values.take(kept), counts, held)


def _write(tree: tuple[Array, ...], met: list[Array], cuts: list[tuple[Array, ...]]) -> int:
    """Fill the tree; the number of its nodes.

    Args:
        tree: as in `grow`.
        met: the class counts of the nodes, level by level, shape (K, nodes).
        cuts: for each level the nodes cut, their features, and the values beside their cuts.
    """
    feature_of, threshold_of, left_of, counts_of = tree
    counts = np.concatenate(met, axis=1)
    total = counts.shape[1]
    counts_of[:total] = counts.T
    if cuts:
        nodes, feature, below, above = (np.concatenate(of) for of in zip(*cuts, strict=True))
        middle = 0.5 * below + 0.5 * above
        feature_of[nodes] = feature
        threshold_of[nodes] = np.where((below <= middle) & (middle < above), middle, below)
        left_of[nodes] = np.arange(1, total, 2)
    return total


def _going(counts: Array, least_split: int) -> Array:
    """Which nodes have rows of several classes, and enough, by counts of shape (K, nodes)."""
    sizes = np.add.reduce(counts)
    going = np.maximum.reduce(counts) < sizes
    return going if least_split <= 2 else np.asarray(going & (sizes >= least_split))


def _draws(seeds: Array, count: int) -> Array:
    """The first numbers of each seed's generator (splitmix64), shape (count, seeds)."""
    z = seeds + STEP * np.arange(1, count + 1, dtype=np.uint64)[:, None]
    z = (z ^ (z >> np.uint64(30))) * FIRST
    z = (z ^ (z >> np.uint64(27))) * SECOND
    return np.asarray(z ^ (z >> np.uint64(31)))


def _features(level: _Level, draws: Array, tries: int) -> Array:
    """The features that each node tries, in their order, shape (tries, nodes).

    They are drawn among those with two values at the node; where these do not suffice, others
    follow.
    """
    d, k = len(level.order), len(level.starts)
    draws = (draws[:d] >> np.uint64(33)).astype(np.intp)
    features, every = np.arange(d)[:, None].repeat(k, axis=1), np.arange(k)
    for i in range(d - 1):
        j = i + draws[i] % (d - i)
        features[i], features[j, every] = features[j, every], features[i].copy()
    same = level.values[:, level.starts] == level.values[:, level.ends - 1]
    kept = same[features, every].argsort(axis=0, kind="stable")[:tries]
    return np.asarray(features[kept, every])


def _best_cuts(
    level: _Level, hot: Array, features: Array | None, least: int, table: Array
) -> tuple[Array, Array, Array, Array]:
    """Each node's purest cut: score, feature, the place before it, and the classes up to there.

    Of equal cuts it is the first; the score is -inf where none is allowed.

    Args:
        level: the nodes.
        hot: the rows' weights at their class, shape (K, n).
        features: to be tried, shape (tries, nodes); None for all, in their order.
        least: the least weight on either side.
        table: n log n for entropy, empty for Gini.
    """
    order, values, counts, starts, ends, owner = level
    every = np.arange(len(starts))
    whole = counts.take(owner, axis=1)[:, None]
    tries = len(order) if features is None else len(features)
    at_once = max(1, CELLS // whole.size)
    parts = []
    for i in range(0, tries, at_once):
        chosen = slice(i, i + at_once)
        if features is None:
            rows, seen = order[chosen], values[chosen]
        else:
            feature = features[chosen].take(owner, axis=1)
            places = np.arange(len(owner))
            rows, seen = order[feature, places], values[feature, places]
        left = hot.take(rows, axis=1)
        left[:, :, starts[1:]] -= counts[:, None, :-1]  # so that the sums start again
        np.cumsum(left, axis=2, out=left)
        right = whole - left
        taken, rest = np.add.reduce(left), np.add.reduce(right)
        score = _purity(left, taken, table) + _purity(right, rest, table)
        barred = np.ones(score.shape, dtype=bool)
        np.less_equal(seen[:, 1:], seen[:, :-1], out=barred[:, :-1])
        barred[:, ends - 1] = True
        if least > 1:
            barred |= (taken < least) | (rest < least)
        score[barred] = -np.inf
        best = np.maximum.reduceat(score, starts, axis=1)
        line = best.argmax(axis=0)
        top = best[line, every]
        first = np.flatnonzero(score[line.take(owner), np.arange(len(owner))] == top.take(owner))
        cut = np.empty(len(every), dtype=np.intp)
        cut[owner[first[::-1]]] = first[::-1]  # of several, the one written last stays
        found = line + i if features is None else features[line + i, every]
        parts.append((top, found, cut, left[:, line, cut]))
    if len(parts) == 1:
        return parts[0]
    tops, found, cuts, lows = (np.stack(of) for of in zip(*parts, strict=True))
    part = tops.argmax(axis=0)
    return tops[part, every], found[part, every], cuts[part, every], lows[part, :, every].T


def _purity(counts: Array, sizes: Array, table: Array) -> Array:
    """What one side of the cuts adds to the score: K class counts of it, and their sum."""
    if len(table):
        return np.asarray(table[counts.astype(np.intp)].sum(axis=0) - table[sizes.astype(np.intp)])
    return np.asarray(np.add.reduce(counts * counts) / np.maximum(sizes, 1))

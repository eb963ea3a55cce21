"""Growing a tree on presorted features, and walking rows down.

Each feature's rows are sorted once for a whole forest. A node owns the same range in every
feature's order, and a split parts each order stably, so no node ever sorts.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def _draw(seed, i):
    """The i-th number, from 0, of a seed's generator (splitmix64)."""
    z = seed + np.uint64(i + 1) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@njit(cache=True, nogil=True)
def _draw_below(seed, i, bound):
    """The same as a whole number from 0 to bound - 1."""
    return np.int64((_draw(seed, i) >> np.uint64(33)) % np.uint64(bound))


@njit(cache=True, nogil=True)
def _best_cut(column, rows, codes, weights, counts, total, least, table, left, right):
    """The best place to cut one feature's sorted rows: its score, the rows before it, their weight.

    The score is larger when the two sides are purer; -inf when no cut is allowed.
    """
    entropy = table.shape[0] > 0
    before = after = 0.0
    for c in range(counts.shape[0]):
        left[c] = 0
        right[c] = counts[c]
        after += table[counts[c]] if entropy else counts[c] * counts[c]
    best, place, taken = -np.inf, -1, 0
    for p in range(rows.shape[0] - 1):
        row = rows[p]
        c, w = codes[row], weights[row]
        if entropy:
            before += table[left[c] + w] - table[left[c]]
            after += table[right[c] - w] - table[right[c]]
        else:
            before += w * (2 * left[c] + w)
            after += w * (w - 2 * right[c])
        left[c] += w
        right[c] -= w
        taken += w
        if column[rows[p + 1]] > column[row] and taken >= least and total - taken >= least:
            if entropy:
                score = (before - table[taken]) + (after - table[total - taken])
            else:
                score = before / taken + after / (total - taken)
            if score > best:
                best, place = score, p + 1
    return best, place


@njit(cache=True, nogil=True)
def grow(columns, order, codes, weights, classes, options, table, seed, tree):
    """Grow one tree; the number of its nodes.

    Each node has a seed of its own, so that what it draws does not depend on when it is parted.

    Args:
        columns: the features' values, shape (d, n).
        order: for each feature the tree's rows in increasing order, shape (d, m); it is parted.
        codes: class numbers of the rows, shape (n,).
        weights: how often each row counts, shape (n,).
        classes: how many classes.
        options: the greatest depth, the least weight to split, the least weight of a leaf, and
            how many features that vary to try at a node.
        table: n log n for entropy, empty for Gini.
        seed: of the generator that picks features.
        tree: feature (-1 everywhere), threshold, left child and class counts (0 everywhere) of the
            nodes, to be filled level by level.
    """
    deepest, least_split, least_leaf, tries = options
    feature_of, threshold_of, left_of, counts_of = tree
    d, m = order.shape
    features = np.arange(d)
    goes_left = np.zeros(codes.shape[0], dtype=np.uint8)
    spare = np.empty(m, dtype=order.dtype)
    left = np.empty(classes, dtype=np.int64)
    right = np.empty(classes, dtype=np.int64)
    stack = np.empty((m + 1, 4), dtype=np.int64)  # start, stop, depth, node
    seeds = np.empty(m + 1, dtype=np.uint64)
    stack[0, 0], stack[0, 1], stack[0, 2], stack[0, 3] = 0, m, 0, 0
    seeds[0] = seed
    height, nodes = 1, 1
    while height > 0:
        height -= 1
        start, stop, depth, node = stack[height]
        own_seed = seeds[height]
        counts = counts_of[node]
        for p in range(start, stop):
            row = order[0, p]
            counts[codes[row]] += weights[row]
        total, largest = 0, 0
        for c in range(classes):
            total += counts[c]
            largest = max(largest, counts[c])
        if largest == total or depth >= deepest or total < least_split:
            continue
        best, best_feature, best_place = -np.inf, -1, -1
        tried = 0
        for i in range(d):
            features[i] = i
        for i in range(d):
            if tried == tries:
                break
            if tries < d:
                j = i + _draw_below(own_seed, i, d - i)
                features[i], features[j] = features[j], features[i]
            f = features[i]
            rows = order[f, start:stop]
            column = columns[f]
            if not column[rows[stop - start - 1]] > column[rows[0]]:
                continue
            tried += 1
            score, place = _best_cut(
                column, rows, codes, weights, counts, total, least_leaf, table, left, right
            )
            if score > best:
                best, best_feature, best_place = score, f, place
        if best_feature < 0:
            continue
        rows = order[best_feature, start:stop]
        column = columns[best_feature]
        low, high = column[rows[best_place - 1]], column[rows[best_place]]
        threshold = 0.5 * low + 0.5 * high
        feature_of[node] = best_feature
        threshold_of[node] = threshold if low <= threshold < high else low
        for p in range(stop - start):
            goes_left[rows[p]] = 1 if p < best_place else 0
        for f in range(d):
            if f == best_feature:
                continue
            line = order[f]
            lefts = start
            rights = 0
            for p in range(start, stop):
                row = line[p]
                side = int(goes_left[row])
                line[lefts] = row
                spare[rights] = row
                lefts += side
                rights += 1 - side
            for p in range(rights):
                line[lefts + p] = spare[p]
        middle = start + best_place
        left_of[node] = nodes
        stack[height, 0], stack[height, 1] = middle, stop
        stack[height, 2], stack[height, 3] = depth + 1, nodes + 1
        stack[height + 1, 0], stack[height + 1, 1] = start, middle
        stack[height + 1, 2], stack[height + 1, 3] = depth + 1, nodes
        seeds[height], seeds[height + 1] = _draw(own_seed, d + 1), _draw(own_seed, d)
        height += 2
        nodes += 2
    _by_levels(nodes, feature_of, threshold_of, left_of, counts_of)
    return nodes


@njit(cache=True, nogil=True)
def _by_levels(nodes, feature_of, threshold_of, left_of, counts_of):
    """Put nodes that were numbered as they were met into the order of their levels."""
    feature, threshold = feature_of[:nodes].copy(), threshold_of[:nodes].copy()
    left, counts = left_of[:nodes].copy(), counts_of[:nodes].copy()
    queue = np.empty(nodes, dtype=np.int64)
    queue[0] = 0
    tail = 1
    for i in range(nodes):
        node = queue[i]
        feature_of[i], threshold_of[i], left_of[i] = feature[node], threshold[node], 0
        for c in range(counts.shape[1]):
            counts_of[i, c] = counts[node, c]
        if feature[node] >= 0:
            left_of[i] = tail
            queue[tail], queue[tail + 1] = left[node], left[node] + 1
            tail += 2


SIDE_BY_SIDE = 8  # rows; a step down waits for memory, and others can go on meanwhile


@njit(cache=True, nogil=True)
def add_shares(X, rows, nodes, shares, out):
    """Add the class shares of each wanted row's leaf to its line of out.

    Args:
        X: the values, shape (n, d).
        rows: the rows that are wanted.
        nodes: of the tree, packed.
        shares: of the classes at each node, shape (nodes, K).
        out: shape (n, K).
    """
    at = np.empty(SIDE_BY_SIDE, dtype=np.uint32)
    who = np.empty(SIDE_BY_SIDE, dtype=np.int64)
    for start in range(0, rows.shape[0], SIDE_BY_SIDE):
        count = min(SIDE_BY_SIDE, rows.shape[0] - start)
        for r in range(SIDE_BY_SIDE):
            who[r] = rows[start + min(r, count - 1)]
            at[r] = 0
        moved = True
        while moved:
            moved = False
            for r in range(SIDE_BY_SIDE):
                node = nodes[at[r]]
                # The side is added, not branched on: no processor guesses it well.
                after = node.left + np.uint32(X[who[r], node.feature] > node.threshold)
                moved |= after != at[r]
                at[r] = after
        for r in range(count):
            for c in range(shares.shape[1]):
                out[who[r], c] += shares[at[r], c]

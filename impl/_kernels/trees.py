"""Growing a tree on presorted features, and walking rows down.

Each feature's rows are sorted once for a whole forest. A node owns the same range in every
feature's order, and a split parts each order stably, so no node ever sorts.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def _draw(state, bound):
    """A whole number from 0 to bound - 1 (splitmix64)."""
    state[0] += np.uint64(0x9E3779B97F4A7C15)
    z = state[0]
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return np.int64((z >> np.uint64(33)) % np.uint64(bound))


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
def grow(columns, order, codes, weights, classes, options, table, state, tree):
    """Grow one tree; the number of its nodes.

    Args:
        columns: the features' values, shape (d, n).
        order: for each feature the tree's rows in increasing order, shape (d, m); it is parted.
        codes: class numbers of the rows, shape (n,).
        weights: how often each row counts, shape (n,).
        classes: how many classes.
        options: the greatest depth, the least weight to split, the least weight of a leaf, and
            how many features that vary to try at a node.
        table: n log n for entropy, empty for Gini.
        state: of the generator that picks features, shape (1,).
        tree: feature, threshold, left, right and class counts of the nodes, to be filled.
    """
    deepest, least_split, least_leaf, tries = options
    feature_of, threshold_of, left_of, right_of, counts_of = tree
    d, m = order.shape
    features = np.arange(d)
    goes_left = np.zeros(codes.shape[0], dtype=np.uint8)
    spare = np.empty(m, dtype=order.dtype)
    left = np.empty(classes, dtype=np.int64)
    right = np.empty(classes, dtype=np.int64)
    stack = np.empty((m + 1, 4), dtype=np.int64)  # start, stop, depth, twice the parent + side
    stack[0, 0], stack[0, 1], stack[0, 2], stack[0, 3] = 0, m, 0, -1
    height, nodes = 1, 0
    while height > 0:
        height -= 1
        start, stop, depth, parent = stack[height]
        node = nodes
        nodes += 1
        if parent >= 0:
            if parent % 2 == 0:
                left_of[parent // 2] = node
            else:
                right_of[parent // 2] = node
        counts = counts_of[node]
        for p in range(start, stop):
            row = order[0, p]
            counts[codes[row]] += weights[row]
        total, largest = 0, 0
        for c in range(classes):
            total += counts[c]
            largest = max(largest, counts[c])
        feature_of[node] = -1
        if largest == total or depth >= deepest or total < least_split:
            continue
        best, best_feature, best_place = -np.inf, -1, -1
        tried = 0
        for i in range(d):
            if tried == tries:
                break
            j = i + _draw(state, d - i)
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
        stack[height, 0], stack[height, 1] = middle, stop
        stack[height, 2], stack[height, 3] = depth + 1, 2 * node + 1
        stack[height + 1, 0], stack[height + 1, 1] = start, middle
        stack[height + 1, 2], stack[height + 1, 3] = depth + 1, 2 * node
        height += 2
    return nodes


@njit(cache=True, nogil=True)
def add_shares(X, wanted, feature, threshold, left, right, shares, out):
    """Add the class shares of each wanted row's leaf to its line of out."""
    children = np.empty((feature.shape[0], 2), dtype=np.uint32)
    for node in range(feature.shape[0]):
        children[node, 0], children[node, 1] = left[node], right[node]
    for i in range(X.shape[0]):
        if wanted[i]:
            row = X[i]
            at = np.uint32(0)
            f = feature[at]
            while f >= 0:
                # The side is looked up, not branched on: no processor guesses it well.
                at = children[at, np.uint32(row[np.uint32(f)] > threshold[at])]
                f = feature[at]
            for c in range(shares.shape[1]):
                out[i, c] += shares[at, c]

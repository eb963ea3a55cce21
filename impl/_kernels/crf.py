"""Expectations of a linear chain over many sequences at a time, in scaled exponentials."""

from __future__ import annotations

import numpy as np
from numba import njit

from impl._kernels.exponential import exponential
from impl._kernels.products import FLAGS

FEW, MANY, VALUES = 8, 64, 2**16  # lanes, and values of one array that fit the cache


@njit(cache=True, nogil=True, fastmath=FLAGS)
def _mix(column, source, t, out):
    """out = sum_i column[i] source[i, t], each a row of lanes."""
    k, lanes = column.shape[0], out.shape[0]
    for b in range(lanes):
        out[b] = 0.0
    i = 0
    while i + 4 <= k:
        w, x, y, z = column[i], column[i + 1], column[i + 2], column[i + 3]
        p, q, r, s = source[i, t], source[i + 1, t], source[i + 2, t], source[i + 3, t]
        for b in range(lanes):
            out[b] += w * p[b] + x * q[b] + y * r[b] + z * s[b]
        i += 4
    while i < k:
        w, p = column[i], source[i, t]
        for b in range(lanes):
            out[b] += w * p[b]
        i += 1


@njit(cache=True, nogil=True, fastmath=FLAGS)
def _exponentiate(powers, longest, tops):
    """Scores to exponentials of at most 1, in place; what was taken off goes to tops."""
    k = powers.shape[0]
    for t in range(longest):
        top = tops[t]
        row = powers[0, t]
        for b in range(top.shape[0]):
            top[b] = row[b]
        for j in range(1, k):
            row = powers[j, t]
            for b in range(top.shape[0]):
                top[b] = row[b] if row[b] > top[b] else top[b]
        for j in range(k):
            row = powers[j, t]
            for b in range(top.shape[0]):
                row[b] = exponential(row[b] - top[b])


@njit(cache=True, nogil=True, fastmath=FLAGS)
def _forward(turned, powers, longest, alpha, scales):
    """Shares of the labels at each place given what comes before, and one over their sums."""
    k, lanes = turned.shape[0], scales.shape[1]
    out = np.ones(lanes)
    for t in range(longest):
        total = scales[t]
        for b in range(lanes):
            total[b] = 0.0
        for j in range(k):
            if t > 0:
                _mix(turned[j], alpha, t - 1, out)
            row, seen = alpha[j, t], powers[j, t]
            for b in range(lanes):
                v = out[b] * seen[b]
                row[b] = v
                total[b] += v
        for b in range(lanes):
            total[b] = 1.0 / total[b]
        for j in range(k):
            row = alpha[j, t]
            for b in range(lanes):
                row[b] *= total[b]


@njit(cache=True, nogil=True, fastmath=FLAGS)
def _backward(steps, powers, lengths, longest, alpha, scales, shares):
    """The marginals; the powers become what a step's pairs take from its later side."""
    k, lanes = steps.shape[0], scales.shape[1]
    beta = np.ones((k, lanes))
    factor = np.empty(lanes)
    restart = np.empty(lanes)
    for t in range(longest - 1, -1, -1):
        if t + 1 < longest:
            scale = scales[t + 1]
            for b in range(lanes):
                # A sequence that ends here starts its way back with 1.
                restart[b] = 0.0 if t + 1 < lengths[b] else 1.0
                factor[b] = scale[b] * (1.0 - restart[b])
            for j in range(k):
                row, later = powers[j, t + 1], beta[j]
                for b in range(lanes):
                    row[b] *= later[b] * factor[b]
            for i in range(k):
                row = beta[i]
                _mix(steps[i], powers, t + 1, row)
                for b in range(lanes):
                    row[b] += restart[b]
        for j in range(k):
            row, share, later = alpha[j, t], shares[j, t], beta[j]
            for b in range(lanes):
                share[b] = row[b] * later[b]


@njit(cache=True, nogil=True, fastmath=FLAGS)
def _add_pairs(alpha, powers, longest, pairs):
    """Add the products of each place and lane with the next place, summed."""
    k, lanes = pairs.shape[0], alpha.shape[2]
    size = (longest - 1) * lanes
    for i in range(k):
        left = alpha[i].reshape(alpha[i].size)
        j = 0
        while j + 3 <= k:
            p = powers[j].reshape(left.size)[lanes:]
            q = powers[j + 1].reshape(left.size)[lanes:]
            r = powers[j + 2].reshape(left.size)[lanes:]
            x = y = z = 0.0
            for c in range(size):
                v = left[c]
                x += v * p[c]
                y += v * q[c]
                z += v * r[c]
            pairs[i, j] += x
            pairs[i, j + 1] += y
            pairs[i, j + 2] += z
            j += 3
        while j < k:
            p = powers[j].reshape(left.size)[lanes:]
            x = 0.0
            for c in range(size):
                x += left[c] * p[c]
            pairs[i, j] += x
            j += 1


@njit(cache=True, nogil=True, fastmath=FLAGS)
def expect(scores, transitions, starts, lengths, nodes, pairs):
    """Sum of the log partitions; fills the marginals (n, K), adds up the pairs' (K, K).

    The nodes may be the array of the scores.

    Sequences come sorted, the longest first, and go side by side in the lanes of long vectors.
    The scores of a place and of the transitions must not spread over more than 600 together, or an
    exponential could be lost.
    """
    k = scores.shape[1]
    highest = transitions.max()
    steps = np.exp(transitions - highest)
    turned = np.ascontiguousarray(steps.T)
    # As many lanes as make long loops while everything stays in the cache.
    lanes = min(len(lengths), max(FEW, min(MANY, VALUES // (k * lengths[0]))))
    powers = np.empty((k, lengths[0], lanes))
    alpha = np.empty((k, lengths[0], lanes))
    shares = np.empty((k, lengths[0], lanes))
    tops = np.empty((lengths[0], lanes))
    scales = np.empty((lengths[0], lanes))
    sums = np.zeros((k, k))
    sizes = np.zeros(lanes, dtype=np.int64)
    total = 0.0
    for first in range(0, len(lengths), lanes):
        longest = lengths[first]
        for b in range(lanes):
            sizes[b] = lengths[first + b] if first + b < len(lengths) else 0
            start = starts[first + b] if sizes[b] > 0 else 0
            for t in range(sizes[b]):
                row = scores[start + t]
                for j in range(k):
                    powers[j, t, b] = row[j]
            for t in range(sizes[b], longest):
                for j in range(k):
                    powers[j, t, b] = 0.0
            total += highest * max(sizes[b] - 1, 0)
        _exponentiate(powers, longest, tops)
        _forward(turned, powers, longest, alpha, scales)
        _backward(steps, powers, sizes, longest, alpha, scales, shares)
        _add_pairs(alpha, powers, longest, sums)
        for b in range(lanes):
            for t in range(sizes[b]):
                total += tops[t, b] - np.log(scales[t, b])
                row = nodes[starts[first + b] + t]
                for j in range(k):
                    row[j] = shares[j, t, b]
    for i in range(k):
        for j in range(k):
            pairs[i, j] += sums[i, j] * steps[i, j]
    return total


@njit(cache=True, nogil=True, fastmath=FLAGS)
def scatter(ids, values, out):
    """Add the row of token t to each row of out that it names."""
    n, m = ids.shape
    k = out.shape[1]
    for t in range(n):
        row = values[t]
        for c in range(m):
            i = ids[t, c]
            if i >= 0:
                target = out[i]
                for j in range(k):
                    target[j] += row[j]

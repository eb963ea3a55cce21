"""One pass of EM over the rows: likelihood, responsibilities and their weighted moments.

Rows are taken in blocks that stay in the first cache, transposed so that every inner loop runs
along rows and no temporary of the size of the data is ever made.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from impl._kernels.exponential import exponential

FLAGS = {"reassoc", "contract", "arcp", "nsz"}
BLOCK = 128


@njit(cache=True, nogil=True, fastmath=FLAGS)
def _block_full(rows, size, factors, shifts, constants, joint, y):
    """Log joint densities of one block of rows, full covariances."""
    d = rows.shape[0]
    for j in range(constants.shape[0]):
        out = joint[j]
        for b in range(size):
            out[b] = constants[j]
        for i in range(d):
            for b in range(size):
                y[b] = -shifts[j, i]
            last = i + 1
            c = 0
            while c + 4 <= last:
                f0, f1 = factors[j, i, c], factors[j, i, c + 1]
                f2, f3 = factors[j, i, c + 2], factors[j, i, c + 3]
                r0, r1, r2, r3 = rows[c], rows[c + 1], rows[c + 2], rows[c + 3]
                for b in range(size):
                    y[b] += f0 * r0[b] + f1 * r1[b] + f2 * r2[b] + f3 * r3[b]
                c += 4
            while c < last:
                f0 = factors[j, i, c]
                r0 = rows[c]
                for b in range(size):
                    y[b] += f0 * r0[b]
                c += 1
            for b in range(size):
                out[b] -= 0.5 * y[b] * y[b]


@njit(cache=True, nogil=True, fastmath=FLAGS)
def _block_diagonal(rows, size, factors, shifts, constants, joint):
    """Log joint densities of one block of rows, diagonal covariances."""
    d = rows.shape[0]
    for j in range(constants.shape[0]):
        out = joint[j]
        for b in range(size):
            out[b] = constants[j]
        for i in range(d):
            f, s = factors[j, i], shifts[j, i]
            row = rows[i]
            for b in range(size):
                y = f * row[b] - s
                out[b] -= 0.5 * y * y


@njit(cache=True, nogil=True, fastmath=FLAGS)
def _normalize(joint, size, top, total):
    """Log joint densities to responsibilities, in place; the sum of the log densities."""
    k = joint.shape[0]
    for b in range(size):
        top[b] = joint[0, b]
        total[b] = 0.0
    for j in range(1, k):
        row = joint[j]
        for b in range(size):
            top[b] = row[b] if row[b] > top[b] else top[b]
    for j in range(k):
        row = joint[j]
        for b in range(size):
            e = exponential(row[b] - top[b])
            row[b] = e
            total[b] += e
    likelihood = 0.0
    for b in range(size):
        likelihood += top[b] + np.log(total[b])
        total[b] = 1.0 / total[b]
    for j in range(k):
        row = joint[j]
        for b in range(size):
            row[b] *= total[b]
    return likelihood


@njit(cache=True, nogil=True, fastmath=FLAGS)
def _add_moments(rows, size, weights, moments, full, y):
    """Add sum w, sum w x, and sum w x x^T (lower triangle, by rows) or sum w x^2."""
    d = rows.shape[0]
    for j in range(weights.shape[0]):
        w = weights[j]
        out = moments[j]
        s = 0.0
        for b in range(size):
            s += w[b]
        out[0] += s
        place = 1 + d
        for i in range(d):
            row = rows[i]
            s = 0.0
            for b in range(size):
                v = w[b] * row[b]
                y[b] = v
                s += v
            out[1 + i] += s
            c = 0 if full else i
            while c + 4 <= i + 1:
                r0, r1, r2, r3 = rows[c], rows[c + 1], rows[c + 2], rows[c + 3]
                s0 = s1 = s2 = s3 = 0.0
                for b in range(size):
                    v = y[b]
                    s0 += v * r0[b]
                    s1 += v * r1[b]
                    s2 += v * r2[b]
                    s3 += v * r3[b]
                out[place] += s0
                out[place + 1] += s1
                out[place + 2] += s2
                out[place + 3] += s3
                place += 4
                c += 4
            while c <= i:
                r0 = rows[c]
                s0 = 0.0
                for b in range(size):
                    s0 += y[b] * r0[b]
                out[place] += s0
                place += 1
                c += 1


@njit(cache=True, nogil=True, fastmath=FLAGS)
def em_pass(z, factors, shifts, constants, moments):
    """One pass; returns the log-likelihood and adds to the moments.

    Args:
        z: (n, d).
        factors: (k, d, d) lower triangular, or (k, d) for diagonal covariances.
        shifts: (k, d), each factor times its mean.
        constants: (k,), the log weights and normalising constants.
        moments: (k, 1 + d + d(d + 1)/2), or (k, 1 + 2d).
    """
    n, d = z.shape
    k = constants.shape[0]
    rows = np.empty((d, BLOCK))
    joint = np.empty((k, BLOCK))
    y = np.empty(BLOCK)
    top = np.empty(BLOCK)
    total = np.empty(BLOCK)
    likelihood = 0.0
    for start in range(0, n, BLOCK):
        size = min(BLOCK, n - start)
        for b in range(size):
            for i in range(d):
                rows[i, b] = z[start + b, i]
        if factors.ndim == 3:
            _block_full(rows, size, factors, shifts, constants, joint, y)
        else:
            _block_diagonal(rows, size, factors, shifts, constants, joint)
        likelihood += _normalize(joint, size, top, total)
        _add_moments(rows, size, joint, moments, factors.ndim == 3, y)
    return likelihood

"""Sums of the products of all pairs of columns, in one pass over the rows."""

from __future__ import annotations

import numpy as np
from numba import njit

from impl._kernels.products import FLAGS
from impl._kernels.threads import in_blocks as in_blocks

ROWS = 248  # of a block: it stays in the cache, and columns do not start at the same place there


@njit(cache=True, nogil=True, fastmath=FLAGS)
def add_products(left, right, size, sums, alike):
    """sums += left @ right.T over the first `size` columns, in tiles of four by four.

    Both have a multiple of four rows. If they are alike, only what is above the diagonal is added.
    """
    zero = left.dtype.type(0)
    for i in range(0, len(left), 4):
        a, b, c, d = left[i], left[i + 1], left[i + 2], left[i + 3]
        for j in range(i if alike else 0, len(right), 4):
            p, q, r, s = right[j], right[j + 1], right[j + 2], right[j + 3]
            ap = aq = ar = as_ = bp = bq = br = bs = zero
            cp = cq = cr = cs = dp = dq = dr = ds = zero
            for k in range(size):
                w, x, y, z = p[k], q[k], r[k], s[k]
                e, f, g, h = a[k], b[k], c[k], d[k]
                ap += e * w
                aq += e * x
                ar += e * y
                as_ += e * z
                bp += f * w
                bq += f * x
                br += f * y
                bs += f * z
                cp += g * w
                cq += g * x
                cr += g * y
                cs += g * z
                dp += h * w
                dq += h * x
                dr += h * y
                ds += h * z
            for at, u, v, w, x in (
                (i, ap, aq, ar, as_),
                (i + 1, bp, bq, br, bs),
                (i + 2, cp, cq, cr, cs),
                (i + 3, dp, dq, dr, ds),
            ):
                sums[at, j] += u
                sums[at, j + 1] += v
                sums[at, j + 2] += w
                sums[at, j + 3] += x


@njit(cache=True, nogil=True, fastmath=FLAGS)
def moments(X, y, shift, sums, start, stop):
    """Sums of z z^T for z = [x, y, 1] - shift, over the parts `start <= p < stop` of the rows.

    Args:
        X: shape (n, d).
        y: shape (n,).
        shift: shape (d + 1,); nothing is taken off the 1. In its float type, blocks of `ROWS` rows
            are multiplied.
        sums: zeros of shape (parts, m, m), m a multiple of 4 and at least d + 2; part p of the
            rows goes to sums[p], above the diagonal.
        start: the first part to be done.
        stop: the part after the last one.
    """
    n, d = X.shape
    columns = np.zeros((sums.shape[1], ROWS), shift.dtype)
    columns[d + 1] = 1.0
    for part in range(start, stop):
        last = n * (part + 1) // len(sums)
        for first in range(n * part // len(sums), last, ROWS):
            rows = min(ROWS, last - first)
            for i in range(rows):
                x = X[first + i]
                for j in range(d):
                    columns[j, i] = x[j] - shift[j]
                columns[d, i] = y[first + i] - shift[d]
            add_products(columns, columns, rows, sums[part], True)

"""Keep the nearest few of many candidates, and distances that are no matrix product."""

from __future__ import annotations

import numpy as np
from numba import njit

from impl._kernels.convolution import add_taps, zeros
from impl._kernels.products import FLAGS
from impl._kernels.threads import in_blocks as in_blocks

LANES = 32
ROWS = 64  # queries whose scores are computed together
WIDTH = 1024  # stored rows they are compared with at a time
APART = 16  # entries between columns: at whole pages from each other they would share cache sets


@njit(cache=True, nogil=True, fastmath=FLAGS)
def keep_nearest(scores, offset, values, places):
    """Merge a block of scores, shape (m, n), into each row's sorted k least, shape (m, k).

    A row's worst kept score is compared with many candidates at once; few blocks hold a better one.
    """
    m, n = scores.shape
    k = values.shape[1]
    for q in range(m):
        row, best, place = scores[q], values[q], places[q]
        worst = best[k - 1]
        start = 0
        while start < n:
            stop = min(start + LANES, n)
            better = 0
            if stop == start + LANES:
                for j in range(LANES):
                    better += 1 if row[start + j] < worst else 0
            else:
                better = 1
            if better > 0:
                for j in range(start, stop):
                    value = row[j]
                    if value < worst:
                        slot = k - 1
                        while slot > 0 and best[slot - 1] > value:
                            best[slot] = best[slot - 1]
                            place[slot] = place[slot - 1]
                            slot -= 1
                        best[slot] = value
                        place[slot] = offset + j
                        worst = best[k - 1]
            start = stop


@njit(cache=True, nogil=True, fastmath=FLAGS)
def distances(queries, columns, chebyshev, out):
    """Manhattan or Chebyshev distances, shape (m, n), from queries (m, d) and columns (d, n)."""
    m, d = queries.shape
    n = columns.shape[1]
    for q in range(m):
        row = out[q]
        for j in range(n):
            row[j] = 0.0
        for c in range(d):
            value, column = queries[q, c], columns[c]
            if chebyshev:
                for j in range(n):
                    gap = abs(value - column[j])
                    row[j] = gap if gap > row[j] else row[j]
            else:
                for j in range(n):
                    row[j] += abs(value - column[j])


@njit(cache=True, nogil=True, fastmath=FLAGS)
def nearest_by_product(queries, columns, values, places, start, stop):
    """Keep each query's k least products with the columns; `start` and `stop` count ROWS of them.

    Args:
        queries: shape (m, d), d a multiple of four.
        columns: blocks of stored rows, transposed: shape (blocks, d, width + APART), width a
            multiple of LANES; the products are infinite where nothing is stored.
        values: shape (m, k), infinite at first.
        places: shape (m, k).
        start: the first block of queries.
        stop: the block after the last.
    """
    m, d = queries.shape
    width = columns.shape[2] - APART
    offsets = np.arange(d) * columns.shape[2]
    weights = np.zeros((ROWS, d), queries.dtype)
    scores = zeros(ROWS * width, queries).reshape((ROWS, width))
    for block in range(start, stop):
        top = block * ROWS
        rows = min(ROWS, m - top)
        weights[:rows] = queries[top : top + rows]
        best, where = values[top : top + rows], places[top : top + rows]
        for b in range(len(columns)):
            scores[:] = 0
            add_taps(weights, offsets, d, columns[b].reshape(-1), width, scores)
            keep_nearest(scores[:rows], b * width, best, where)

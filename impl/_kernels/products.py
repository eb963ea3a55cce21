"""The product of a row with a matrix, the inner step of several families."""

from __future__ import annotations

from numba import njit

FLAGS = {"reassoc", "contract", "arcp", "nsz"}


@njit(cache=True, nogil=True, fastmath=FLAGS)
def row_times(vector, matrix, out):
    """out = vector @ matrix; the inner loop runs along the matrix's rows."""
    n, m = matrix.shape
    for j in range(m):
        out[j] = 0.0
    i = 0
    while i + 4 <= n:
        a, b, c, d = vector[i], vector[i + 1], vector[i + 2], vector[i + 3]
        r, s, t, u = matrix[i], matrix[i + 1], matrix[i + 2], matrix[i + 3]
        for j in range(m):
            out[j] += a * r[j] + b * s[j] + c * t[j] + d * u[j]
        i += 4
    while i < n:
        a, r = vector[i], matrix[i]
        for j in range(m):
            out[j] += a * r[j]
        i += 1

"""Compiled loops of batch normalisation; imported on first use, never by `import impl`.

Each kernel works on the channels `start <= c < stop`, holds no lock, and is run over several
threads by `in_blocks`. Images lie channel by channel, (n, c, pixels); rows of features side by
side, (n, d).
"""

from __future__ import annotations

import numba
import numpy as np

from impl._kernels.threads import in_blocks as in_blocks

# No `nnan` and no `ninf`: NaN and infinities mean themselves.
_compile = numba.njit(
    nogil=True, cache=True, error_model="numpy", fastmath={"reassoc", "contract", "arcp", "nsz"}
)


# `fastmath=False` must be said: a callee takes its caller's setting otherwise.
@numba.njit(nogil=True, cache=True, error_model="numpy", fastmath=False)
def _centred(value, first, middle):
    """(value - first) - middle; reassociated it would be one subtraction of a rounded sum."""
    return (value - first) - middle


@_compile
def forward(x, gamma, beta, epsilon, y, mean, variance, start, stop):
    """Normalise channels of x (n, c, size); a channel stays in cache for its three passes."""
    n, _, size = x.shape
    zero = x.dtype.type(0)
    typed = x[0, 0, :1].copy()  # storing here rounds to the type of x
    for c in range(start, stop):
        first = x[0, c, 0]
        total, squares = 0.0, 0.0
        for i in range(n):
            part = zero
            for j in range(size):
                part += _centred(x[i, c, j], first, zero)
            total += part
        typed[0] = total / (n * size)
        middle = typed[0]
        for i in range(n):
            part = zero
            for j in range(size):
                centred = _centred(x[i, c, j], first, middle)
                part += centred * centred
            squares += part
        mean[c] = first + total / (n * size)
        variance[c] = squares / (n * size)
        typed[0] = gamma[c] / (squares / (n * size) + epsilon) ** 0.5
        scale, shift = typed[0], beta[c]
        for i in range(n):
            for j in range(size):
                y[i, c, j] = _centred(x[i, c, j], first, middle) * scale + shift


@_compile
def backward(x, gamma, epsilon, gradient, to_x, to_gamma, to_beta, start, stop):
    """The three gradients, channel by channel, from x itself: nothing saved is needed."""
    n, _, size = x.shape
    m = n * size
    zero = x.dtype.type(0)
    typed = x[0, 0, :1].copy()
    for c in range(start, stop):
        first = x[0, c, 0]
        total, squares, plain, weighted = 0.0, 0.0, 0.0, 0.0
        for i in range(n):
            part = zero
            for j in range(size):
                part += _centred(x[i, c, j], first, zero)
            total += part
        typed[0] = total / m
        middle = typed[0]
        for i in range(n):
            part = zero
            part_plain = zero
            part_weighted = zero
            for j in range(size):
                centred = _centred(x[i, c, j], first, middle)
                part += centred * centred
                part_plain += gradient[i, c, j]
                part_weighted += gradient[i, c, j] * centred
            squares += part
            plain += part_plain
            weighted += part_weighted
        inverse = 1 / (squares / m + epsilon) ** 0.5
        to_beta[c] = plain
        to_gamma[c] = weighted * inverse
        typed[0] = gamma[c] * inverse
        scale = typed[0]
        typed[0] = plain / m
        level = typed[0]
        typed[0] = weighted * inverse * inverse / m
        slope = typed[0]
        for i in range(n):
            for j in range(size):
                centred = _centred(x[i, c, j], first, middle)
                to_x[i, c, j] = scale * (gradient[i, c, j] - level - slope * centred)


@_compile
def _columns_centred(x, first, start, stop):
    """Means less `first`, and variances, of columns of x (n, d), whose rows lie side by side."""
    n, size = len(x), stop - start
    zero = x.dtype.type(0)
    middle = np.empty(size, x.dtype)  # storing here rounds to the type of x
    total, squares = np.zeros(size), np.zeros(size)
    for i in range(n):
        row = x[i, start:stop]
        for j in range(size):
            total[j] += _centred(row[j], first[j], zero)
    for j in range(size):
        total[j] /= n
        middle[j] = total[j]
    for i in range(n):
        row = x[i, start:stop]
        for j in range(size):
            centred = _centred(row[j], first[j], middle[j])
            squares[j] += centred * centred
    for j in range(size):
        squares[j] /= n
    return total, middle, squares


@_compile
def rows_forward(x, gamma, beta, epsilon, y, mean, variance, start, stop):
    """Normalise columns of x (n, d)."""
    first, shift = x[0, start:stop], beta[start:stop]
    total, middle, squares = _columns_centred(x, first, start, stop)
    scale = np.empty(stop - start, x.dtype)
    for j in range(stop - start):
        mean[start + j] = first[j] + total[j]
        variance[start + j] = squares[j]
        scale[j] = gamma[start + j] / (squares[j] + epsilon) ** 0.5
    for i in range(len(x)):
        row, out = x[i, start:stop], y[i, start:stop]
        for j in range(stop - start):
            out[j] = _centred(row[j], first[j], middle[j]) * scale[j] + shift[j]


@_compile
def rows_backward(x, gamma, epsilon, gradient, to_x, to_gamma, to_beta, start, stop):
    """The three gradients for columns of x (n, d), from x itself."""
    n, size = len(x), stop - start
    first = x[0, start:stop]
    _, middle, squares = _columns_centred(x, first, start, stop)
    plain, weighted = np.zeros(size), np.zeros(size)
    for i in range(n):
        row, g = x[i, start:stop], gradient[i, start:stop]
        for j in range(size):
            plain[j] += g[j]
            weighted[j] += g[j] * _centred(row[j], first[j], middle[j])
    scale, level, slope = np.empty(size, x.dtype), np.empty(size, x.dtype), np.empty(size, x.dtype)
    for j in range(size):
        inverse = 1 / (squares[j] + epsilon) ** 0.5
        to_beta[start + j] = plain[j]
        to_gamma[start + j] = weighted[j] * inverse
        scale[j] = gamma[start + j] * inverse
        level[j] = plain[j] / n
        slope[j] = weighted[j] * inverse * inverse / n
    for i in range(n):
        row, g, out = x[i, start:stop], gradient[i, start:stop], to_x[i, start:stop]
        for j in range(size):
            centred = _centred(row[j], first[j], middle[j])
            out[j] = scale[j] * (g[j] - level[j] - slope[j] * centred)

"""Compiled loops of pooling; imported on first use, never by `import impl`.

Each kernel works on the planes `start <= k < stop`, holds no lock, and is run over several threads
by `in_blocks`.
"""

from __future__ import annotations

import numba
import numpy as np

from impl._kernels.threads import in_blocks as in_blocks

# No `nnan` and no `ninf`: NaN and infinities mean themselves.
_compile = numba.njit(
    nogil=True, cache=True, error_model="numpy", fastmath={"reassoc", "contract", "arcp", "nsz"}
)

# Part of its caller's loop: for short rows a call would take longer than the work.
_inline = numba.njit(inline="always")

_unsigned = numba.uintp
_place = numba.int32


@_compile
def _take(row, first, stride, out):
    """Every stride-th entry of a row; with strides 1 and 2 written out it runs on vectors."""
    part = row[first:]
    if stride == 1:
        for j in range(len(out)):
            out[j] = part[j]
    elif stride == 2:
        for j in range(len(out)):
            out[j] = part[_unsigned(j) + _unsigned(j)]
    else:
        for j in range(len(out)):
            out[j] = part[j * stride]


@_compile
def max_pool_forward(x, size_y, size_x, stride_y, stride_x, y, start, stop):
    """The largest value of each window of each plane, NaN where it holds one.

    The largest of the window's rows are found first, then the largest of its columns.
    """
    width, out_h, out_w = x.shape[2], y.shape[1], y.shape[2]
    rows, taken = np.empty(width, x.dtype), np.empty(out_w, x.dtype)
    for k in range(start, stop):
        for i in range(out_h):
            best = y[k, i]
            if size_y == 2 and size_x == 2 and stride_x == 2:
                top, bottom = x[k, i * stride_y], x[k, i * stride_y + 1]
                for j in range(out_w):
                    # Unsigned places cannot count from the end, and `|` does not branch: with
                    # both, the loop runs on vectors.
                    even = _unsigned(j) + _unsigned(j)
                    a, b = top[even], top[even + _unsigned(1)]
                    c, d = bottom[even], bottom[even + _unsigned(1)]
                    a = b if (b > a) | (b != b) else a
                    c = d if (d > c) | (d != d) else c
                    best[j] = c if (c > a) | (c != c) else a
                continue
            for j in range(width):
                rows[j] = x[k, i * stride_y, j]
            for p in range(1, size_y):
                for j in range(width):
                    value = x[k, i * stride_y + p, j]
                    rows[j] = value if (value > rows[j]) | (value != value) else rows[j]
            _take(rows, 0, stride_x, best)
            for q in range(1, size_x):
                _take(rows, q, stride_x, taken)
                for j in range(out_w):
                    value = taken[j]
                    best[j] = value if (value > best[j]) | (value != value) else best[j]


@_inline
def _largest_of_four(top, bottom, place):
    """The number, 0 to 3 and row by row, of the first largest entry of each window of 2 x 2.

    The numbers have the type of the entries: with one width for all, the loop runs on vectors.
    """
    zero, one = top.dtype.type(0), top.dtype.type(1)
    two, three = top.dtype.type(2), top.dtype.type(3)
    for j in range(len(place)):
        even = _unsigned(j) + _unsigned(j)
        odd = even + _unsigned(1)
        a, b, c, d = top[even], top[odd], bottom[even], bottom[odd]
        upper_right = (b > a) | ((b != b) & (a == a))
        lower_right = (d > c) | ((d != d) & (c == c))
        upper = b if upper_right else a
        lower = d if lower_right else c
        below = (lower > upper) | ((lower != lower) & (upper == upper))
        from_upper = one if upper_right else zero
        from_lower = three if lower_right else two
        place[j] = from_lower if below else from_upper


@_inline
def _put(g, place, left, row):
    """Into each pair of a row: g where `place` is `left`, then where it is the number after."""
    zero = g.dtype.type(0)
    right = left + g.dtype.type(1)
    for j in range(len(g)):
        even = _unsigned(j) + _unsigned(j)
        row[even] = g[j] if place[j] == left else zero
        row[even + _unsigned(1)] = g[j] if place[j] == right else zero


@_compile
def max_pool_backward(x, size_y, size_x, stride_y, stride_x, gradient, to_x, start, stop):
    """Each window's gradient goes to its first largest entry; to_x is written whole."""
    zero = x.dtype.type(0)
    out_h, out_w = gradient.shape[1], gradient.shape[2]
    tiles = size_y == 2 and size_x == 2 and stride_y == 2 and stride_x == 2
    width = x.shape[2]
    best, taken = np.empty(out_w, x.dtype), np.empty(out_w, x.dtype)
    place = np.empty(out_w, np.int32)
    for k in range(start, stop):
        if not tiles or 2 * out_h < x.shape[1] or 2 * out_w < x.shape[2]:
            to_x[k, :, :] = zero
        for i in range(out_h):
            g = gradient[k, i]
            if tiles:
                _largest_of_four(x[k, 2 * i], x[k, 2 * i + 1], best)
                _put(g, best, zero, to_x[k, 2 * i])
                _put(g, best, x.dtype.type(2), to_x[k, 2 * i + 1])
                continue
            _take(x[k, i * stride_y], 0, stride_x, best)
            place[:] = 0
            for p in range(size_y):
                row = x[k, i * stride_y + p]
                for q in range(size_x):
                    _take(row, q, stride_x, taken)
                    here = _place(p * width + q)
                    for j in range(out_w):
                        value = taken[j]
                        new = (value > best[j]) | ((value != value) & (best[j] == best[j]))
                        best[j] = value if new else best[j]
                        place[j] = here if new else place[j]
            flat, corner = to_x[k].reshape(-1), i * stride_y * width
            for j in range(out_w):
                flat[corner + place[j] + j * stride_x] += g[j]


@_compile
def average_pool_forward(x, size_y, size_x, stride_y, stride_x, y, start, stop):
    """The mean of each window of each plane: rows are added, then columns."""
    width, out_h, out_w = x.shape[2], y.shape[1], y.shape[2]
    share = x.dtype.type(1 / (size_y * size_x))
    rows, taken = np.empty(width, x.dtype), np.empty(out_w, x.dtype)
    for k in range(start, stop):
        for i in range(out_h):
            mean = y[k, i]
            if size_y == 2 and size_x == 2 and stride_x == 2:
                top, bottom = x[k, i * stride_y], x[k, i * stride_y + 1]
                for j in range(out_w):
                    even = _unsigned(j) + _unsigned(j)
                    odd = even + _unsigned(1)
                    mean[j] = share * ((top[even] + bottom[even]) + (top[odd] + bottom[odd]))
                continue
            for j in range(width):
                rows[j] = x[k, i * stride_y, j]
            for p in range(1, size_y):
                for j in range(width):
                    rows[j] += x[k, i * stride_y + p, j]
            _take(rows, 0, stride_x, mean)
            for q in range(1, size_x):
                _take(rows, q, stride_x, taken)
                for j in range(out_w):
                    mean[j] += taken[j]
            for j in range(out_w):
                mean[j] *= share


@_compile
def average_pool_backward(size_y, size_x, stride_y, stride_x, gradient, to_x, start, stop):
    """Each window's gradient is shared out over its entries; to_x is written whole."""
    height, width, out_h = to_x.shape[1], to_x.shape[2], gradient.shape[1]
    zero = gradient.dtype.type(0)
    share = gradient.dtype.type(1 / (size_y * size_x))
    # Rows that no window has reached yet are written, others are added to.
    wide = np.zeros(width, gradient.dtype)
    for k in range(start, stop):
        fresh = 0
        for i in range(out_h):
            _spread(gradient[k, i], share, size_x, stride_x, wide)
            first = i * stride_y
            to_x[k, fresh:first] = zero
            for p in range(first, first + size_y):
                row = to_x[k, p]
                if p < fresh:
                    for j in range(width):
                        row[j] += wide[j]
                else:
                    for j in range(width):
                        row[j] = wide[j]
            fresh = first + size_y
        to_x[k, fresh:height] = zero


@_compile
def _spread(g, share, size, stride, out):
    """out[j * stride + q] = sum of share * g[j], q < size; two by two it runs on vectors."""
    if size == 2 and stride == 2:
        for j in range(len(g)):
            even = _unsigned(j) + _unsigned(j)
            out[even] = share * g[j]
            out[even + _unsigned(1)] = share * g[j]
        return
    out[:] = g.dtype.type(0)
    for q in range(size):
        part = out[q:]
        for j in range(len(g)):
            part[j * stride] += share * g[j]

"""Compiled loops of pooling, upsampling and Adam; imported on first use, never by `import impl`.

Each kernel works on the blocks `start <= i < stop` of its first axis (planes, or entries of
parameters), holds no lock, and is run over several threads by `in_blocks`.
"""

from __future__ import annotations

import math

import numba
import numpy as np

from impl._kernels.threads import in_blocks as in_blocks

# No `nnan` and no `ninf`: NaN and infinities mean themselves.
_compile = numba.njit(
    nogil=True, cache=True, error_model="numpy", fastmath={"reassoc", "contract", "arcp", "nsz"}
)

_unsigned = numba.uintp
_place = numba.int32


@_compile
def _take(row, first, stride, out):
    """Every stride-th entry of a row; with the stride 2 written out the loop runs on vectors."""
    part = row[first:]
    if stride == 2:
        for j in range(len(out)):
            out[j] = part[_unsigned(j) + _unsigned(j)]
    else:
        for j in range(len(out)):
            out[j] = part[j * stride]


@_compile
def max_pool_forward(x, size_y, size_x, stride_y, stride_x, y, start, stop):
    """The largest value of each window of each plane; NaN where a window holds one."""
    out_h, out_w = y.shape[1], y.shape[2]
    taken = np.empty(out_w, x.dtype)
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
            _take(x[k, i * stride_y], 0, stride_x, best)
            for p in range(size_y):
                row = x[k, i * stride_y + p]
                for q in range(size_x):
                    _take(row, q, stride_x, taken)
                    for j in range(out_w):
                        value = taken[j]
                        best[j] = value if (value > best[j]) | (value != value) else best[j]


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
                top, bottom = x[k, 2 * i], x[k, 2 * i + 1]
                to_top, to_bottom = to_x[k, 2 * i], to_x[k, 2 * i + 1]
                for j in range(out_w):
                    even = _unsigned(j) + _unsigned(j)
                    odd = even + _unsigned(1)
                    a, b, c, d = top[even], top[odd], bottom[even], bottom[odd]
                    upper_right = (b > a) | ((b != b) & (a == a))
                    lower_right = (d > c) | ((d != d) & (c == c))
                    upper = b if upper_right else a
                    lower = d if lower_right else c
                    below = (lower > upper) | ((lower != lower) & (upper == upper))
                    whole = g[j]
                    to_upper = zero if below else whole
                    to_lower = whole if below else zero
                    to_top[even] = zero if upper_right else to_upper
                    to_top[odd] = to_upper if upper_right else zero
                    to_bottom[even] = zero if lower_right else to_lower
                    to_bottom[odd] = to_lower if lower_right else zero
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
def bilinear_forward(x, below_y, share_y, below_x, share_x, y, start, stop):
    """Planes of x (k, h, w) onto a grid: row i lies between below_y[i] and the row after it."""
    height, width = x.shape[1], x.shape[2]
    out_h, out_w = y.shape[1], y.shape[2]
    wide = y[0, :2].copy()  # two rows of x, stretched to the full width
    for k in range(start, stop):
        held = -1
        for i in range(out_h):
            row = below_y[i]
            for r in range(row, min(row + 2, height)):
                if r > held:
                    source, target = x[k, r], wide[r % 2]
                    for j in range(out_w):
                        left = below_x[j]
                        a, b = source[left], source[min(left + 1, width - 1)]
                        target[j] = a + share_x[j] * (b - a)
                    held = r
            share = share_y[i]
            one, two, target = wide[row % 2], wide[min(row + 1, height - 1) % 2], y[k, i]
            for j in range(out_w):
                target[j] = one[j] + share * (two[j] - one[j])


@_compile
def bilinear_backward(gradient, first_y, weight_y, first_x, weight_x, to_x, start, stop):
    """The transpose: entry i gathers weight_y[i, t] times row first_y[i] + t of the gradient."""
    height, width = to_x.shape[1], to_x.shape[2]
    out_h, out_w = gradient.shape[1], gradient.shape[2]
    taps_y, taps_x = weight_y.shape[1], weight_x.shape[1]
    row = gradient[0, 0].copy()
    for k in range(start, stop):
        for i in range(height):
            row[:] = 0
            for t in range(min(taps_y, out_h - first_y[i])):
                weight = weight_y[i, t]
                if weight != 0:
                    source = gradient[k, first_y[i] + t]
                    for j in range(out_w):
                        row[j] += weight * source[j]
            target = to_x[k, i]
            for j in range(width):
                at = first_x[j]
                part = row[at] * weight_x[j, 0]
                for t in range(1, min(taps_x, out_w - at)):
                    part += row[at + t] * weight_x[j, t]
                target[j] = part


@_compile
def adam_step(theta, g, v, a, constants, start, stop):
    """One pass over the entries; constants: beta1, 1 - beta1, beta2, 1 - beta2, rate, root, gamma.

    `constants` has the type of theta, so that nothing is computed in a wider one.
    """
    beta_1, rest_1, beta_2, rest_2 = constants[0], constants[1], constants[2], constants[3]
    rate, root, gamma = constants[4], constants[5], constants[6]
    theta, g, v, a = theta[start:stop], g[start:stop], v[start:stop], a[start:stop]
    for i in range(len(theta)):
        first = beta_1 * v[i] + rest_1 * g[i]
        second = beta_2 * a[i] + rest_2 * g[i] * g[i]
        v[i] = first
        a[i] = second
        theta[i] -= rate * first / (math.sqrt(second) * root + gamma)

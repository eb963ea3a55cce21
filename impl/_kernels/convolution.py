"""Compiled convolutions: no windows are copied out, and no BLAS is called.

Images are laid into planes with their padding, one image after the other; the zeros before a row or
an image are the padding after the one that precedes it as well. In a plane, moving a
window by one place is moving by one entry, so a tap of a kernel (a channel and a place in the
window) is an offset into the planes, and

    out[f, k] = bias[f] + sum over taps t of weights[f, t] planes[offsets[t] + k]

for all k at once. Where k passes the edge of an image, it computes a number that nobody reads.
With a stride s, the planes hold every s-th entry, one plane for each remainder: the same formula
then serves every stride. The transpose of a convolution is the same formula too, with
one set of taps for each remainder of the place that is written.
"""

from __future__ import annotations

import numba
import numpy as np

from impl._kernels.threads import in_blocks as in_blocks

_compile = numba.njit(
    nogil=True, cache=True, error_model="numpy", fastmath={"reassoc", "contract", "arcp", "nsz"}
)

# So many bytes of a plane are summed up at a time: eight sums and what is read stay in the first
# cache.
_STRIP = 4608
# Lengths are whole multiples of this, for loops without a remainder.
LANES = 32

# An unsigned place cannot count from the end, which would keep a loop from running on vectors.
_unsigned = numba.uintp


@_compile
def zeros(size, like):
    """Zeros of the type of `like` from the start of a cache line on."""
    wider = np.zeros(size + LANES, like.dtype)
    skip = (-wider.ctypes.data % 64) // like.itemsize
    return wider[skip : skip + size]


@_compile
def _lay_out(x, stride, corner, planes):
    """Images x (m, channels, h, w) into planes (channels, sy, sx, m, height, width).

    Entry (y, x) of an image stands at (y, x) + corner before the remainders are told apart. What is
    around the images is left as it is.
    """
    m, channels, height, width = x.shape
    step_y, step_x = stride
    for c in range(channels):
        for i in range(m):
            phase_y, row = corner[0] % step_y, corner[0] // step_y
            for y in range(height):
                source = x[i, c, y]
                if step_x == 1:
                    target = planes[c, phase_y, 0, i, row, corner[1] :]
                    for j in range(width):
                        target[j] = source[j]
                else:
                    for phase_x in range(step_x):
                        skipped = (phase_x - corner[1]) % step_x
                        first = (skipped + corner[1]) // step_x
                        target = planes[c, phase_y, phase_x, i, row, first:]
                        for j in range((width - skipped + step_x - 1) // step_x):
                            target[j] = source[
                                _unsigned(skipped) + _unsigned(j) * _unsigned(step_x)
                            ]
                phase_y += 1
                if phase_y == step_y:
                    phase_y, row = 0, row + 1


@_compile
def add_taps(weights, offsets, taps, flat, length, out):
    """out[f, k] += sum_t weights[f, t] flat[offsets[t] + k] for k < length.

    Eight rows of out and four taps at a time: so many weights stay in registers.
    """
    most = _STRIP // flat.itemsize
    strips = (length + most - 1) // most
    strip = ((length + strips - 1) // strips + LANES - 1) // LANES * LANES
    for start in range(0, length, strip):
        size = min(strip, length - start)
        for f in range(0, len(weights), 8):
            o0, o1 = out[f, start : start + size], out[f + 1, start : start + size]
            o2, o3 = out[f + 2, start : start + size], out[f + 3, start : start + size]
            o4, o5 = out[f + 4, start : start + size], out[f + 5, start : start + size]
            o6, o7 = out[f + 6, start : start + size], out[f + 7, start : start + size]
            for t in range(0, taps, 4):
                a0, b0 = weights[f, t], weights[f, t + 1]
                c0, d0 = weights[f, t + 2], weights[f, t + 3]
                a1, b1 = weights[f + 1, t], weights[f + 1, t + 1]
                c1, d1 = weights[f + 1, t + 2], weights[f + 1, t + 3]
                a2, b2 = weights[f + 2, t], weights[f + 2, t + 1]
                c2, d2 = weights[f + 2, t + 2], weights[f + 2, t + 3]
                a3, b3 = weights[f + 3, t], weights[f + 3, t + 1]
                c3, d3 = weights[f + 3, t + 2], weights[f + 3, t + 3]
                a4, b4 = weights[f + 4, t], weights[f + 4, t + 1]
                c4, d4 = weights[f + 4, t + 2], weights[f + 4, t + 3]
                a5, b5 = weights[f + 5, t], weights[f + 5, t + 1]
                c5, d5 = weights[f + 5, t + 2], weights[f + 5, t + 3]
                a6, b6 = weights[f + 6, t], weights[f + 6, t + 1]
                c6, d6 = weights[f + 6, t + 2], weights[f + 6, t + 3]
                a7, b7 = weights[f + 7, t], weights[f + 7, t + 1]
                c7, d7 = weights[f + 7, t + 2], weights[f + 7, t + 3]
                first = flat[offsets[t] + start : offsets[t] + start + size]
                second = flat[offsets[t + 1] + start : offsets[t + 1] + start + size]
                third = flat[offsets[t + 2] + start : offsets[t + 2] + start + size]
                fourth = flat[offsets[t + 3] + start : offsets[t + 3] + start + size]
                for k in range(size):
                    u, v, w, x = first[k], second[k], third[k], fourth[k]
                    o0[k] += a0 * u + b0 * v + c0 * w + d0 * x
                    o1[k] += a1 * u + b1 * v + c1 * w + d1 * x
                    o2[k] += a2 * u + b2 * v + c2 * w + d2 * x
                    o3[k] += a3 * u + b3 * v + c3 * w + d3 * x
                    o4[k] += a4 * u + b4 * v + c4 * w + d4 * x
                    o5[k] += a5 * u + b5 * v + c5 * w + d5 * x
                    o6[k] += a6 * u + b6 * v + c6 * w + d6 * x
                    o7[k] += a7 * u + b7 * v + c7 * w + d7 * x


@_compile
def correlate(x, stride, corner, shape, sets, offsets, weights, bias, step, z, start, stop):
    """Every set of taps over blocks `start <= b < stop` of the images.

    Args:
        x: images, (n, channels, h, w).
        stride: of the planes; what is read.
        corner: where an image begins within its planes.
        shape: of the planes of a block: (channels, sy, sx, images, height, width).
        sets: for each set of taps: row and column of z of its first entry, rows, columns, taps.
        offsets: for each set and tap, a place in the planes; the zeros after them for no tap.
        weights: for each set, filters rounded up to eights, and tap.
        bias: for each filter.
        step: between the places of z that one set writes.
        z: written whole, (n, filters, ...).
        start: the first block.
        stop: the block after the last.
    """
    n, filters = len(x), z.shape[1]
    images, height, width = shape[3:]
    size = shape[0] * shape[1] * shape[2] * images * height * width
    longest = 0
    for s in range(len(sets)):
        longest = max(longest, (sets[s, 2] - 1) * width + sets[s, 3])
    longest = (longest + (images - 1) * height * width + LANES - 1) // LANES * LANES
    flat = zeros(size + longest + (corner[0] + 1) * width, x)
    planes = flat[:size].reshape(shape)
    out = zeros(weights.shape[1] * longest, x).reshape((weights.shape[1], longest))
    for block in range(start, stop):
        here = x[block * images : min((block + 1) * images, n)]
        _lay_out(here, stride, corner, planes)
        for s in range(len(sets)):
            top, left, rows, columns, taps = sets[s]
            length = (len(here) - 1) * height * width + (rows - 1) * width + columns
            length = (length + LANES - 1) // LANES * LANES
            for f in range(filters):
                out[f, :length] = bias[f]
            add_taps(weights[s], offsets[s], taps, flat, length, out)
            for i in range(len(here)):
                for f in range(filters):
                    for r in range(rows):
                        first = (i * height + r) * width
                        source = out[f, first : first + columns]
                        target = z[block * images + i, f, top + r * step[0], left:]
                        if step[1] == 1:
                            for j in range(columns):
                                target[j] = source[j]
                        else:
                            for j in range(columns):
                                target[_unsigned(j) * _unsigned(step[1])] = source[j]


@_compile
def correlate_errors(x, delta, stride, corner, shape, offsets, total, start, stop):
    """total[p, f, t] = sum of delta[n, f, k] planes[offsets[t] + k] over the images of part p.

    Args:
        x: images, as for `correlate`.
        delta: shape (n, filters, out_h, out_w).
        stride: as for `correlate`.
        corner: as for `correlate`.
        shape: as for `correlate`.
        offsets: for each tap; their number is a multiple of six.
        total: one sum for each part of the images, filters rounded up to eights, taps; written
            whole.
        start: the first part.
        stop: the part after the last.
    """
    n, filters, rows, columns = delta.shape
    images, height, width = shape[3:]
    size = shape[0] * shape[1] * shape[2] * images * height * width
    flat = zeros(size + (images * height + corner[0] + 1) * width + LANES, x)
    planes = flat[:size].reshape(shape)
    padded = total.shape[1]
    longest = (images * height * width + LANES - 1) // LANES * LANES
    errors = zeros(padded * longest, x).reshape((padded, longest))
    blocks = (n + images - 1) // images
    for part in range(start, stop):
        mine = total[part]
        mine[:] = 0
        for block in range(blocks * part // len(total), blocks * (part + 1) // len(total)):
            first = block * images
            here = min(images, n - first)
            _lay_out(x[first : first + here], stride, corner, planes)
            for f in range(filters):
                for i in range(here):
                    for r in range(rows):
                        at = (i * height + r) * width
                        target, source = errors[f, at : at + columns], delta[first + i, f, r]
                        for j in range(columns):
                            target[j] = source[j]
            length = (here - 1) * height * width + (rows - 1) * width + columns
            length = (length + LANES - 1) // LANES * LANES
            if here < images:  # an earlier block left errors beyond
                errors[:, here * height * width :] = 0
            for f in range(0, padded, 4):
                for t in range(0, len(offsets), 6):
                    _add_products(errors[f : f + 4], flat, offsets[t:], length, mine[f:, t:])


@_compile
def _add_products(errors, flat, offsets, length, total):
    """total[f, t] += sum over k < length of errors[f, k] flat[offsets[t] + k], f < 4, t < 6."""
    zero = flat.dtype.type(0)
    d0, d1, d2, d3 = errors[0, :length], errors[1, :length], errors[2, :length], errors[3, :length]
    u = flat[offsets[0] : offsets[0] + length]
    v = flat[offsets[1] : offsets[1] + length]
    w = flat[offsets[2] : offsets[2] + length]
    x = flat[offsets[3] : offsets[3] + length]
    y = flat[offsets[4] : offsets[4] + length]
    z = flat[offsets[5] : offsets[5] + length]
    a0, b0, c0, e0, f0, g0 = zero, zero, zero, zero, zero, zero
    a1, b1, c1, e1, f1, g1 = zero, zero, zero, zero, zero, zero
    a2, b2, c2, e2, f2, g2 = zero, zero, zero, zero, zero, zero
    a3, b3, c3, e3, f3, g3 = zero, zero, zero, zero, zero, zero
    for k in range(length):
        p, q, r, s = d0[k], d1[k], d2[k], d3[k]
        a0, a1, a2, a3 = a0 + p * u[k], a1 + q * u[k], a2 + r * u[k], a3 + s * u[k]
        b0, b1, b2, b3 = b0 + p * v[k], b1 + q * v[k], b2 + r * v[k], b3 + s * v[k]
        c0, c1, c2, c3 = c0 + p * w[k], c1 + q * w[k], c2 + r * w[k], c3 + s * w[k]
        e0, e1, e2, e3 = e0 + p * x[k], e1 + q * x[k], e2 + r * x[k], e3 + s * x[k]
        f0, f1, f2, f3 = f0 + p * y[k], f1 + q * y[k], f2 + r * y[k], f3 + s * y[k]
        g0, g1, g2, g3 = g0 + p * z[k], g1 + q * z[k], g2 + r * z[k], g3 + s * z[k]
    sums = (
        (a0, b0, c0, e0, f0, g0),
        (a1, b1, c1, e1, f1, g1),
        (a2, b2, c2, e2, f2, g2),
        (a3, b3, c3, e3, f3, g3),
    )
    for f in range(4):
        for t in range(6):
            total[f, t] += sums[f][t]

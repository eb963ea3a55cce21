"""Compiled loops of upsampling and Adam; imported on first use, never by `import impl`.

Each kernel works on the blocks `start <= i < stop` of its first axis (planes, or entries of
parameters), holds no lock, and is run over several threads by `in_blocks`.
"""

from __future__ import annotations

import math

import numba

from impl._kernels.threads import in_blocks as in_blocks

# No `nnan` and no `ninf`: NaN and infinities mean themselves.
_compile = numba.njit(
    nogil=True, cache=True, error_model="numpy", fastmath={"reassoc", "contract", "arcp", "nsz"}
)


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

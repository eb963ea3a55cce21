"""Perceptron epochs, and sequential minimal optimisation with a cache of kernel rows."""

from __future__ import annotations

import numpy as np
from numba import njit

from impl._kernels.exponential import exponential
from impl._kernels.products import FLAGS, row_times

LINEAR, POLYNOMIAL, GAUSSIAN, GIVEN = 0, 1, 2, 3


@njit(cache=True, nogil=True, fastmath=FLAGS)
def epochs(X, signs, rate, limit, weights, bias, updates):
    """Passes until one has no mistake; the passes made, the bias, and whether it came to that."""
    n, d = X.shape
    for epoch in range(limit):
        clean = True
        for i in range(n):
            row = X[i]
            s = bias
            for c in range(d):
                s += weights[c] * row[c]
            if signs[i] * s <= 0.0:
                step = rate * signs[i]
                for c in range(d):
                    weights[c] += step * row[c]
                bias += step
                updates[i] += 1
                clean = False
        if clean:
            return epoch + 1, bias, True
    return limit, bias, False


@njit(cache=True, nogil=True, fastmath=FLAGS)
def _fill(kind, i, X, columns, squares, given, scale, shift, degree, out):
    """The kernel of row i with every row."""
    n = out.shape[0]
    if kind == GIVEN:
        row = given[i]
        for t in range(n):
            out[t] = row[t]
        return
    row_times(X[i], columns, out)
    if kind == GAUSSIAN:
        own = squares[i]
        for t in range(n):
            distance = own + squares[t] - 2.0 * out[t]
            out[t] = exponential(-scale * (distance if distance > 0.0 else 0.0))
        out[i] = 1.0
    elif kind == POLYNOMIAL:
        for t in range(n):
            base = scale * out[t] + shift
            power = 1.0
            for _ in range(degree):
                power *= base
            out[t] = power


@njit(cache=True, nogil=True, fastmath=FLAGS)
def _choose_partner(f, beta, lower, row, diagonal, top, own):
    """The row whose step with the first one gains most, by the second-order model."""
    best, partner = 0.0, -1
    for t in range(f.shape[0]):
        if beta[t] > lower[t]:
            gap = top - f[t]
            if gap > 0.0:
                curve = own + diagonal[t] - 2.0 * row[t]
                curve = curve if curve > 1e-12 else 1e-12
                gain = gap * gap / curve
                if gain > best:
                    best, partner = gain, t
    return partner


@njit(cache=True, nogil=True, fastmath=FLAGS)
def _extremes(f, beta, lower, upper):
    """The largest f that may rise, its place, and the least f that may fall."""
    top, first, low = -np.inf, -1, np.inf
    for t in range(f.shape[0]):
        value = f[t]
        if value > top and beta[t] < upper[t]:
            top, first = value, t
        if value < low and beta[t] > lower[t]:
            low = value
    return top, first, low


@njit(cache=True, nogil=True, fastmath=FLAGS)
def smo(kernel, X, columns, squares, given, y, lower, upper, tol, limit, cache, beta, f):
    """Fill beta = alpha y and f = y - K beta; the steps made, and the last two extremes.

    A step adds to one beta and takes the same from another, so their sum stays 0. `cache` holds
    as many kernel rows as it has; the one that was used longest ago makes room.
    """
    kind, scale, shift, degree = kernel
    n = y.shape[0]
    slots = cache.shape[0]
    slot_of = np.full(n, -1)
    owner = np.full(slots, -1)
    used = np.zeros(slots, dtype=np.int64)
    diagonal = np.empty(n)
    for t in range(n):
        if kind == GAUSSIAN:
            diagonal[t] = 1.0
        elif kind == GIVEN:
            diagonal[t] = given[t, t]
        elif kind == LINEAR:
            diagonal[t] = squares[t]
        else:
            diagonal[t] = (scale * squares[t] + shift) ** degree
    filled, clock, steps = 0, 0, 0
    fresh = True
    top, i, low = _extremes(f, beta, lower, upper)
    while True:
        if top - low <= tol or steps >= limit:
            if fresh or steps >= limit:
                return steps, top, low
            for t in range(n):  # the running f has gathered rounding: compute it anew, once
                f[t] = y[t]
        else:
            fresh = False
        rebuilding = top - low <= tol
        j = -1
        for turn in range(n if rebuilding else 2):
            if rebuilding:
                wanted = turn
                if beta[wanted] == 0.0:
                    continue
            else:
                wanted = i if turn == 0 else j
            slot = slot_of[wanted]
            if slot < 0:
                if filled < slots:
                    slot = filled
                    filled += 1
                else:
                    slot = 0
                    for s in range(slots):
                        busy = not rebuilding and turn == 1 and owner[s] == i
                        if used[s] < used[slot] and not busy:
                            slot = s
                    slot_of[owner[slot]] = -1
                slot_of[wanted] = slot
                owner[slot] = wanted
                _fill(kind, wanted, X, columns, squares, given, scale, shift, degree, cache[slot])
            clock += 1
            used[slot] = clock
            if rebuilding:
                b, row = beta[wanted], cache[slot]
                for t in range(n):
                    f[t] -= b * row[t]
            elif turn == 0:
                j = _choose_partner(f, beta, lower, cache[slot], diagonal, top, diagonal[i])
        if rebuilding:
            fresh = True
        else:
            left, right = cache[slot_of[i]], cache[slot_of[j]]
            curve = max(diagonal[i] + diagonal[j] - 2.0 * left[j], 1e-12)
            step = min(min(upper[i] - beta[i], beta[j] - lower[j]), (f[i] - f[j]) / curve)
            # Landing on a bound exactly keeps rounding from leaving a sliver beside it.
            beta[i] = upper[i] if step == upper[i] - beta[i] else beta[i] + step
            beta[j] = lower[j] if step == beta[j] - lower[j] else beta[j] - step
            for t in range(n):
                f[t] -= step * (left[t] - right[t])
            steps += 1
        top, i, low = _extremes(f, beta, lower, upper)

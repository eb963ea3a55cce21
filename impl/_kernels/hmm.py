"""Scaled forward-backward, its expected counts, and Viterbi, one sequence at a time."""

from __future__ import annotations

import numpy as np
from numba import njit

from impl._kernels.products import FLAGS, row_times

EIGHT = 8


@njit(cache=True, nogil=True, fastmath=FLAGS)
def forward(initial, transition, emission_t, observations, filtered, scales):
    """P(state | what was seen so far) and its normalizers; the place of a zero, or -1."""
    n = transition.shape[0]
    for t in range(observations.shape[0]):
        row = filtered[t]
        if t == 0:
            for j in range(n):
                row[j] = initial[j]
        else:
            row_times(filtered[t - 1], transition, row)
        seen = emission_t[observations[t]]
        total = 0.0
        for j in range(n):
            v = row[j] * seen[j]
            row[j] = v
            total += v
        scales[t] = total
        if not total > 1e-290:  # it has lost digits
            return t
        inverse = 1.0 / total
        for j in range(n):
            row[j] *= inverse
    return -1


@njit(cache=True, nogil=True, fastmath=FLAGS)
def _add_outer(left, right, pairs):
    n = pairs.shape[0]
    for i in range(n):
        a, out = left[i], pairs[i]
        for j in range(n):
            out[j] += a * right[j]


@njit(cache=True, nogil=True, fastmath=FLAGS)
def _add_outers(left, right, pairs):
    """Add the outer products of eight rows at once, so that pairs is read once for all."""
    n = pairs.shape[0]
    for i in range(n):
        a, b, c, d = left[0, i], left[1, i], left[2, i], left[3, i]
        e, f, g, h = left[4, i], left[5, i], left[6, i], left[7, i]
        for j in range(n):
            pairs[i, j] += (
                (a * right[0, j] + b * right[1, j]) + (c * right[2, j] + d * right[3, j])
            ) + ((e * right[4, j] + f * right[5, j]) + (g * right[6, j] + h * right[7, j]))


@njit(cache=True, nogil=True, fastmath=FLAGS)
def backward(transition_t, emission_t, observations, filtered, scales, posteriors, pairs):
    """Posteriors, and the sum over time of filtered_i b_j beta_j / scale (without a_ij)."""
    n = transition_t.shape[0]
    last = observations.shape[0] - 1
    beta = np.ones(n)
    v = np.empty((EIGHT, n))
    for j in range(n):
        posteriors[last, j] = filtered[last, j]
    for t in range(last - 1, -1, -1):
        after, later = v[t % EIGHT], emission_t[observations[t + 1]]
        inverse = 1.0 / scales[t + 1]
        for j in range(n):
            after[j] = later[j] * beta[j] * inverse
        row_times(after, transition_t, beta)
        left, out = filtered[t], posteriors[t]
        for j in range(n):
            out[j] = left[j] * beta[j]
        if t % EIGHT == 0:
            if t + EIGHT <= last:
                _add_outers(filtered[t : t + EIGHT], v, pairs)
            else:
                for step in range(t, last):
                    _add_outer(filtered[step], v[step - t], pairs)


@njit(cache=True, nogil=True, fastmath=FLAGS)
def expect(
    initial, transition, transition_t, emission_t, observations, ends, work, first, pairs, seen
):
    """Expected counts over all sequences, added; the log-likelihood, or -inf for a zero."""
    filtered, scales = work
    n = transition.shape[0]
    beta = np.ones(n)
    v = np.empty((EIGHT, n))
    likelihood = 0.0
    start = 0
    for end in ends:
        o = observations[start:end]
        last = end - start - 1
        if forward(initial, transition, emission_t, o, filtered, scales) >= 0:
            return -np.inf
        for t in range(last + 1):
            likelihood += np.log(scales[t])
        for j in range(n):
            beta[j] = 1.0
            seen[o[last], j] += filtered[last, j]
        for t in range(last - 1, -1, -1):
            after, later = v[t % EIGHT], emission_t[o[t + 1]]
            inverse = 1.0 / scales[t + 1]
            for j in range(n):
                after[j] = later[j] * beta[j] * inverse
            row_times(after, transition_t, beta)
            left, out = filtered[t], seen[o[t]]
            for j in range(n):
                out[j] += left[j] * beta[j]
            if t % EIGHT == 0:
                if t + EIGHT <= last:
                    _add_outers(filtered[t : t + EIGHT], v, pairs)
                else:
                    for step in range(t, last):
                        _add_outer(filtered[step], v[step - t], pairs)
        for j in range(n):
            first[j] += filtered[0, j] * beta[j]
        start = end
    return likelihood


@njit(cache=True, nogil=True)
def viterbi(log_initial, log_transition, log_emission_t, observations, scores, path):
    """The most probable path; its predecessors are found again on the way back, not stored."""
    n = log_transition.shape[0]
    steps = observations.shape[0]
    for j in range(n):
        scores[0, j] = log_initial[j] + log_emission_t[observations[0], j]
    for t in range(1, steps):
        before, row = scores[t - 1], scores[t]
        a, out = before[0], log_transition[0]
        for j in range(n):
            row[j] = a + out[j]
        for i in range(1, n):
            a, out = before[i], log_transition[i]
            for j in range(n):
                candidate = a + out[j]
                row[j] = candidate if candidate > row[j] else row[j]
        seen = log_emission_t[observations[t]]
        for j in range(n):
            row[j] += seen[j]
    best = 0
    for j in range(1, n):
        if scores[steps - 1, j] > scores[steps - 1, best]:
            best = j
    path[steps - 1] = best
    value = scores[steps - 1, best]
    for t in range(steps - 2, -1, -1):
        state = 0
        for i in range(1, n):
            new = scores[t, i] + log_transition[i, best]
            if new > scores[t, state] + log_transition[state, best]:
                state = i
        best = state
        path[t] = best
    return value

"""Forward and backward passes in blocks of time, all blocks side by side, for NumPy.

One step of a short row is too little for one call of NumPy. A block's product of step matrices
does not depend on what came before it, so the blocks of both directions multiply their matrices at
the same time, and only the rows where blocks meet are passed on one by one.
"""

from __future__ import annotations

import math

import numpy as np

from impl.core import Array

FEW_STATES = 8  # beyond, a matrix product costs more than the calls that it saves
SHORT = 16  # steps; shorter sequences are passed over one by one
MOST = 2**21  # entries of step matrices, which are held all at once
SHORT_BLOCK = 4  # steps, of which too many would be needed
BETWEEN = 8  # blocks, before a row is brought back to the sum 1
LEAST = 1e-150  # a product of factors, or a sum, below this could have lost digits

Passes = tuple[Array, Array, Array, Array]


def passes(pi: Array, A: Array, emission_t: Array, o: Array) -> Passes | None:
    """Filtered and posterior probabilities, log scales, and pairs (without a_ij).

    None when the sequence is better passed step by step: it is short, the states are many, or
    numbers are so small that a product over a block may lose digits.

    Args:
        pi: shape (N,).
        A: shape (N, N).
        emission_t: B transposed, shape (M, N).
        o: symbol numbers, shape (T,).
    """
    n, steps = len(pi), len(o) - 1
    if n > FEW_STATES or steps < SHORT or steps * n * n > MOST:
        return None
    tops = emission_t.max(axis=1)
    tops[tops == 0] = 1.0  # no state gives this symbol
    relative = emission_t / tops[:, None]
    lost = -math.log(_least(A)) - math.log(_least(relative))  # at most, by one step
    longest = -math.log(LEAST) / max(lost, 1e-3)
    if not longest >= SHORT_BLOCK:
        return None
    blocks = math.ceil(max(0.8 * math.sqrt(steps), steps / longest))
    length = math.ceil(steps / blocks)
    seen = relative[o]
    start = pi * seen[0]
    first = start.sum()
    if not first > LEAST:
        return None
    chains = np.empty((2, blocks * length, n, n))
    np.multiply(A, seen[1:, None, :], out=chains[0, :steps])
    chains[1, :steps] = chains[0, steps - 1 :: -1].swapaxes(1, 2)
    chains[:, steps:] = np.eye(n)
    found = _rows(np.stack([start / first, np.ones(n)]), chains.reshape(2, blocks, length, n, n))
    if found is None:
        return None
    before, after = found
    one = np.ones(n)  # NumPy sums short rows quickest as a product
    sums = after[0, :steps] @ one
    filtered = np.empty((steps + 1, n))
    filtered[0] = start / first
    np.divide(after[0, :steps], sums[:, None], out=filtered[1:])
    logs = np.log(tops)[o]
    logs[0] += np.log(first)
    logs[1:] += np.log(sums / (before[0, :steps] @ one))
    # The backward chain ran from the last place to the first.
    posteriors = filtered.copy()
    posteriors[:-1] *= after[1, steps - 1 :: -1]
    totals = (posteriors[:-1] @ one)[:, None]
    if not totals.min() > LEAST:
        return None
    posteriors[:-1] /= totals
    later = seen[1:] * before[1, steps - 1 :: -1] / totals
    return filtered, posteriors, logs, filtered[:-1].T @ later


def _least(values: Array) -> float:
    """The least positive value."""
    least = values.min()
    return float(least if least > 0 else values[values > 0].min())


def _rows(starts: Array, chains: Array) -> tuple[Array, Array] | None:
    """A row before and after each step of its chain, both up to the same factor.

    Args:
        starts: the first rows, of sum 1 or so, shape (C, N).
        chains: the matrices that they are multiplied by, shape (C, blocks, length, N, N).

    Returns:
        Two arrays of shape (C, blocks * length, N), or None when a row (nearly) vanishes.
    """
    count, blocks, length, n, _ = chains.shape
    step = np.ascontiguousarray(chains.transpose(2, 0, 1, 3, 4))
    products = np.empty_like(step)
    products[0] = step[0]
    for t in range(1, length):
        np.matmul(products[t - 1], step[t], out=products[t])
    whole = products[-1].swapaxes(0, 1)
    whole = whole / np.maximum(whole.max(axis=(2, 3), keepdims=True), LEAST)
    rows = np.empty((blocks, count, 1, n))
    rows[0] = starts[:, None, :]
    for k in range(1, blocks):
        np.matmul(rows[k - 1], whole[k - 1], out=rows[k])
        if k % BETWEEN == 0:
            sums = rows[k].sum(axis=2, keepdims=True)
            if not sums.min() > LEAST:
                return None
            rows[k] /= sums
    sums = rows.sum(axis=3, keepdims=True)
    if not sums.min() > LEAST:
        return None
    heads = (rows / sums).swapaxes(0, 1)
    after = np.empty((count, blocks, length, n))
    np.matmul(heads, products, out=after.transpose(2, 0, 1, 3)[:, :, :, None, :])
    if not (after @ np.ones(n)).min() > LEAST:
        return None
    before = np.concatenate([heads, after[:, :, :-1]], axis=2)
    return before.reshape(count, -1, n), after.reshape(count, -1, n)

"""Expected counts of many chains at once, both directions side by side, without logarithms."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from impl.core import Array

RANGE = 300.0  # a product of two factors e^-RANGE is still a normal number


@dataclass(frozen=True)
class Batch:
    """Where the places of joined sequences stand when all sequences take a step at a time.

    The longest sequences come first, so those that still run at step t are the first ones.

    Attributes:
        ends: where each sequence ends among the joined rows, shape (S,).
        packed: the row at each stand, going forward and going backward, shape (2, n).
        stand: the inverse: the stand of each row, shape (2, n).
        bounds: where the stands of each step begin and, last, end.
        before: the rows that have a row after them in their sequence.
    """

    ends: Array
    packed: Array
    stand: Array
    bounds: list[int]
    before: Array

    @classmethod
    def of(cls, ends: Array) -> Batch:
        """The batch of sequences that end at these rows."""
        n = int(ends[-1])
        lengths = np.diff(ends, prepend=0)
        rank = np.empty(len(ends), dtype=np.intp)
        rank[np.argsort(-lengths, kind="stable")] = np.arange(len(ends))
        done = np.arange(n) - np.repeat(ends - lengths, lengths)
        left = np.repeat(lengths, lengths) - 1 - done
        ranks = np.repeat(rank, lengths)
        packed = np.stack([np.lexsort((ranks, done)), np.lexsort((ranks, left))])
        bounds = [0, *np.cumsum(np.bincount(done)).tolist()]
        return cls(ends, packed, np.argsort(packed, axis=1), bounds, np.flatnonzero(left > 0))


def expected(E: Array, A: Array, batch: Batch) -> tuple[float, Array, Array] | None:
    """Sum of the log partitions, marginals (n, K), and the pairs' marginals summed, (K, K).

    None when one step can move two labels so far apart that their ratio is no normal number.

    Args:
        E: emissions, shape (n, K).
        A: transitions, shape (K, K).
        batch: how the rows make sequences.
    """
    k = len(A)
    tops, highest = E.max(axis=1), float(A.max())
    relative = E - tops[:, None]
    a_step = float(-relative.min() + highest - A.min() + np.log(k))
    if not a_step < RANGE:
        return None
    often = max(1, int(RANGE / max(a_step, 1e-3)))
    seen = np.exp(relative, out=relative)
    steps = np.exp(A - highest)
    both = np.stack([steps, steps.T])
    rows = seen[batch.packed]  # with the emission of their own place
    came = np.ones_like(rows)  # without it
    scales = 0.0
    for t, (here, there) in enumerate(pairwise(batch.bounds)):
        if t == 0:
            earlier = 0
            continue
        now = slice(here, there)
        np.matmul(rows[:, earlier : earlier + there - here], both, out=came[:, now])
        rows[:, now] *= came[:, now]
        if t % often == 0:
            sums = rows[:, now].sum(axis=2, keepdims=True)
            rows[:, now] /= sums
            scales += float(np.log(sums[0]).sum())
        earlier = here
    alpha, beta = rows[0, batch.stand[0]], came[1, batch.stand[1]]
    nodes = alpha * beta
    totals = nodes.sum(axis=1, keepdims=True)
    nodes /= totals
    before = batch.before
    later = rows[1, batch.stand[1, before + 1]] / totals[before]
    pairs = alpha[before].T @ later * steps
    logs = (
        scales
        + float(tops.sum())
        + len(before) * highest
        + float(np.log(totals[batch.ends - 1]).sum())
    )
    return logs, nodes, pairs

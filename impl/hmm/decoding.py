"""Decoding: the one most probable path of hidden states."""

from __future__ import annotations

from typing import Any

import numpy as np

from impl._kernels.loading import kernels
from impl.core import Array
from impl.hmm.parameters import log, observed, parameters


def viterbi(initial: Any, transition: Any, emission: Any, observations: Any) -> tuple[Array, float]:
    """The path of states with the largest joint probability with the observations.

    Of equally probable paths, each step back takes the lowest state number.

    Args:
        initial: pi, shape (N,).
        transition: A, shape (N, N), rows sum to 1.
        emission: B, shape (N, M), rows sum to 1.
        observations: symbol numbers from 0, shape (T,).

    Returns:
        The path, shape (T,), and log P(path, O).

    Raises:
        ShapeError: the shapes do not fit together.
        ValueError: not distributions, a symbol out of range, or observations that the model
            cannot produce.

    Source: SU-2.79-p3.
    """
    pi, A, B = parameters("viterbi", initial, transition, emission)
    o = observed("viterbi", observations, B.shape[1])
    scores, path = np.empty((len(o), len(pi))), np.empty(len(o), dtype=np.intp)
    module = kernels("hmm", len(o) * (A.size + 1e3))
    decode = _decode if module is None else module.viterbi
    value = decode(log(pi), log(A), np.ascontiguousarray(log(B).T), o, scores, path)
    if value == -np.inf:
        raise ValueError("viterbi: the model gives the observations probability 0")
    return path, float(value)


def _decode(
    log_pi: Array, log_a: Array, log_b_t: Array, o: Array, scores: Array, path: Array
) -> float:
    scores[0] = log_pi + log_b_t[o[0]]
    for t in range(1, len(o)):
        scores[t] = (scores[t - 1][:, None] + log_a).max(axis=0) + log_b_t[o[t]]
    path[-1] = scores[-1].argmax()
    for t in range(len(o) - 1, 0, -1):
        path[t - 1] = (scores[t - 1] + log_a[:, path[t]]).argmax()
    return float(scores[-1, path[-1]])

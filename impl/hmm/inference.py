"""What the observations say of the states: the likelihood and the posteriors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from impl._kernels.loading import kernels
from impl.core import Array
from impl.hmm.blocks import FEW_STATES, passes
from impl.hmm.parameters import log, observed, parameters

TINY = 1e-290  # a sum below this has lost digits


@dataclass(frozen=True)
class ForwardBackward:
    """What forward-backward finds in one sequence of length T with N states.

    Attributes:
        log_likelihood: log P(O | model).
        filtered: P(i_t = q_j | o_1 ... o_t), shape (T, N).
        log_scales: log P(o_t | o_1 ... o_(t-1)), shape (T,); their sum is the log-likelihood, and
            e to their running sum, times `filtered`, is the forward variable of textbooks.
        posteriors: P(i_t = q_j | O), shape (T, N).
        expected_transitions: the expected number of steps from i to j given O, shape (N, N).
    """

    log_likelihood: float
    filtered: Array
    log_scales: Array
    posteriors: Array
    expected_transitions: Array


def forward_backward(
    initial: Any,
    transition: Any,
    emission: Any,
    observations: Any,
    *,
    method: Literal["scaled", "log"] = "scaled",
) -> ForwardBackward:
    """The likelihood of a sequence and the posteriors of its hidden states.

    Args:
        initial: pi, shape (N,).
        transition: A, shape (N, N), rows sum to 1.
        emission: B, shape (N, M), rows sum to 1.
        observations: symbol numbers from 0, shape (T,).
        method: "scaled" divides by the sum at each step, T N^2 multiplications, and goes over to
            "log" where a sum vanishes; "log" adds logarithms, slower, and keeps every state that
            is less probable than 1e-308 of the others.

    Raises:
        ShapeError: the shapes do not fit together.
        ValueError: not distributions, a symbol out of range, or observations that the model
            cannot produce (their posteriors do not exist).

    Source: SU-2.79-p1, SU-2.76.
    """
    where = "forward_backward"
    pi, A, B = parameters(where, initial, transition, emission)
    o = observed(where, observations, B.shape[1])
    if method not in ("scaled", "log"):
        raise ValueError(f'{where}: method must be "scaled" or "log"; got {method!r}')
    result, zero = _scaled(pi, A, B, o) if method == "scaled" else (None, 0)
    if result is None:  # a zero may be an underflow of the scaled passes; logarithms tell
        result, zero = _log(pi, A, B, o)
    if result is None:
        raise ValueError(
            f"{where}: the model gives the observations up to place {zero} probability 0, "
            "so its states have no posterior"
        )
    return result


def log_likelihood(initial: Any, transition: Any, emission: Any, observations: Any) -> float:
    """log P(O | model) by the forward pass; -inf when the model cannot produce the sequence.

    Arguments and errors as in `forward_backward`. Source: SU-2.79-p1.
    """
    pi, A, B = parameters("log_likelihood", initial, transition, emission)
    o = observed("log_likelihood", observations, B.shape[1])
    filtered, scales = np.empty((len(o), len(pi))), np.empty(len(o))
    zero = _forward(pi, A, np.ascontiguousarray(B.T), o, filtered, scales)
    if zero < 0 and filtered.min() > TINY:
        return float(np.log(scales).sum())
    # A zero may be an underflow of the scaled pass. The way back or logarithms tell.
    found = _scaled(pi, A, B, o)[0] if zero < 0 else None
    if found is not None:
        return found.log_likelihood
    alpha = _log_forward(log(pi), log(A), log(B), o)
    return float(_log_sum(alpha[-1], 0))


def _scaled(pi: Array, A: Array, B: Array, o: Array) -> tuple[ForwardBackward | None, int]:
    emission_t = np.ascontiguousarray(B.T)
    module = kernels("hmm", _work(o, A, 1e2 if len(pi) <= FEW_STATES else 1e3))
    if module is None:
        found = passes(pi, A, emission_t, o)
        if found is not None:
            filtered, posteriors, logs, pairs = found
            return ForwardBackward(float(logs.sum()), filtered, logs, posteriors, pairs * A), -1
    filtered, posteriors = np.empty((len(o), len(pi))), np.empty((len(o), len(pi)))
    scales, pairs = np.empty(len(o)), np.zeros_like(A)
    zero = _forward(pi, A, emission_t, o, filtered, scales)
    if zero >= 0:
        return None, zero
    backward = _backward if module is None else module.backward
    with np.errstate(over="ignore", invalid="ignore"):
        backward(np.ascontiguousarray(A.T), emission_t, o, filtered, scales, posteriors, pairs)
    if not np.isfinite(posteriors).all():  # what came later spoke for a state that had become 0
        return None, -1
    logs = np.log(scales)
    return ForwardBackward(float(logs.sum()), filtered, logs, posteriors, pairs * A), -1


def _work(o: Array, A: Array, calls: float = 1e3) -> float:
    """The flops of both passes; a step's calls of NumPy cost as much as `calls` of them."""
    return len(o) * (3.0 * A.size + calls)


def _forward(
    pi: Array, A: Array, emission_t: Array, o: Array, filtered: Array, scales: Array
) -> int:
    """Fill the filtered probabilities and their normalizers; the place of a zero, or -1."""
    module = kernels("hmm", _work(o, A))
    if module is not None:
        return int(module.forward(pi, A, emission_t, o, filtered, scales))
    row = pi
    for t, seen in enumerate(emission_t[o]):
        row = (row if t == 0 else row @ A) * seen
        total = row.sum()
        scales[t] = total
        if not total > TINY:
            return t
        row = row / total
        filtered[t] = row
    return -1


def _backward(
    transition_t: Array,
    emission_t: Array,
    o: Array,
    filtered: Array,
    scales: Array,
    posteriors: Array,
    pairs: Array,
) -> None:
    """Fill the posteriors; add up filtered_i b_j beta_j / scale over time."""
    weighted = emission_t[o] / scales[:, None]
    posteriors[-1] = 1.0
    for t in range(len(o) - 1, 0, -1):
        weighted[t] *= posteriors[t]
        posteriors[t - 1] = weighted[t] @ transition_t
    pairs += filtered[:-1].T @ weighted[1:]
    posteriors *= filtered


def _log(pi: Array, A: Array, B: Array, o: Array) -> tuple[ForwardBackward | None, int]:
    log_a, log_b = log(A), log(B)
    alpha = _log_forward(log(pi), log_a, log_b, o)
    totals = _log_sum(alpha, 1)
    if totals[-1] == -np.inf:
        return None, int(np.argmax(totals == -np.inf))
    beta = np.zeros_like(alpha)
    counts = np.zeros_like(A)
    for t in range(len(o) - 2, -1, -1):
        later = log_b[:, o[t + 1]] + beta[t + 1]
        joint = log_a + later
        beta[t] = _log_sum(joint, 1)
        counts += np.exp(alpha[t][:, None] + joint - totals[-1])
    return ForwardBackward(
        float(totals[-1]),
        np.exp(alpha - totals[:, None]),
        np.diff(totals, prepend=0.0),
        np.exp(alpha + beta - totals[-1]),
        counts,
    ), -1


def _log_forward(log_pi: Array, log_a: Array, log_b: Array, o: Array) -> Array:
    """log P(o_1 ... o_t, i_t = q_j), shape (T, N)."""
    alpha = np.empty((len(o), len(log_pi)))
    alpha[0] = log_pi + log_b[:, o[0]]
    for t in range(1, len(o)):
        alpha[t] = _log_sum(alpha[t - 1][:, None] + log_a, 0) + log_b[:, o[t]]
    return alpha


def _log_sum(values: Array, axis: int) -> Any:
    """log sum exp; -inf where everything is -inf."""
    top = values.max(axis=axis, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)
    return log(np.exp(values - top).sum(axis=axis)) + np.squeeze(top, axis=axis)

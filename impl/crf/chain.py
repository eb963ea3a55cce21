"""One chain of labels: scores of states and of steps, summed or maximised over all paths.

The score of a path y of length T with K labels is sum_t emissions[t, y_t] + sum_t
transitions[y_(t-1), y_t]; P(y | x) is its exponential divided by that sum over all K^T paths.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from impl.checks import finite
from impl.core import Array, ShapeError, as_float, op


def _scores(name: str, emissions: Any, transitions: Any) -> tuple[Array, Array]:
    E, A = as_float(emissions), as_float(transitions)
    if E.ndim != 2 or E.shape[0] == 0 or E.shape[1] == 0 or A.shape != (E.shape[1], E.shape[1]):
        raise ShapeError(
            f"{name}: emissions and transitions must have shapes (T, K) and (K, K), T and K >= 1; "
            f"got {E.shape} and {A.shape}"
        )
    finite(name, "emissions", E)
    finite(name, "transitions", A)
    return E, A


def _example(rng: np.random.Generator) -> tuple[Any, ...]:
    return rng.normal(size=(4, 3)), rng.normal(size=(3, 3))


@op(example=_example, differentiable=(0, 1))
def log_partition(emissions: Any, transitions: Any) -> Any:
    """log of the sum over all paths of e^score; its gradient is the marginals.

    Args:
        emissions: scores of the labels at each place, shape (T, K).
        transitions: scores of the steps from label to label, shape (K, K).

    Raises:
        ShapeError: other shapes.
        ValueError: a score is not finite.

    Source: SU-2.81b, SU-2.82.
    """
    E, A = _scores("log_partition", emissions, transitions)
    alpha, _ = tables(E.astype(np.float64), A.astype(np.float64), np.array([len(E)]))
    return E.dtype.type(log_sum(alpha[-1], 0))


@log_partition.backward
def _(emissions: Any, transitions: Any, gradient: Any) -> tuple[Array, Array]:
    nodes, edges = marginals(emissions, transitions)
    return gradient * nodes, gradient * edges.sum(axis=0)


def marginals(emissions: Any, transitions: Any) -> tuple[Array, Array]:
    """P(y_t = j | x) and P(y_t = i, y_(t+1) = j | x).

    Args:
        emissions: shape (T, K).
        transitions: shape (K, K).

    Returns:
        Shapes (T, K) and (T - 1, K, K), in the emissions' float type.

    Raises:
        ShapeError: other shapes.
        ValueError: a score is not finite.

    Source: SU-2.81.
    """
    E, A = _scores("marginals", emissions, transitions)
    dtype, E, A = E.dtype, E.astype(np.float64), A.astype(np.float64)
    alpha, beta = tables(E, A, np.array([len(E)]))
    total = log_sum(alpha[-1], 0)
    edges = np.exp(alpha[:-1, :, None] + A + (E + beta)[1:, None, :] - total)
    return np.exp(alpha + beta - total).astype(dtype), edges.astype(dtype)


def sequence_score(emissions: Any, transitions: Any, labels: Any) -> Any:
    """The score of one path, the exponent of its probability before dividing by Z.

    Args:
        emissions: shape (T, K).
        transitions: shape (K, K).
        labels: label numbers from 0, shape (T,).

    Raises:
        ShapeError: other shapes.
        ValueError: a label is not between 0 and K - 1.

    Source: SU-2.82.
    """
    E, A = _scores("sequence_score", emissions, transitions)
    y = np.asarray(labels)
    if y.shape != E.shape[:1] or y.dtype.kind not in "iu":
        raise ShapeError(
            f"sequence_score: labels must be whole numbers of shape {E.shape[:1]}; "
            f"got {y.dtype} of shape {y.shape}"
        )
    if y.min() < 0 or y.max() >= E.shape[1]:
        raise ValueError(
            f"sequence_score: labels go from 0 to {E.shape[1] - 1}; got {y.min()} to {y.max()}"
        )
    return E[np.arange(len(y)), y].sum() + A[y[:-1], y[1:]].sum()


def viterbi(emissions: Any, transitions: Any) -> tuple[Array, float]:
    """The path with the largest score, shape (T,), and that score.

    Of equal paths, each step back takes the lowest label number. Arguments and errors as in
    `log_partition`. Source: SU-2.82.
    """
    E, A = _scores("viterbi", emissions, transitions)
    best = E.astype(np.float64)
    for t in range(1, len(E)):
        best[t] += (best[t - 1][:, None] + A).max(axis=0)
    path = np.empty(len(E), dtype=np.intp)
    path[-1] = best[-1].argmax()
    for t in range(len(E) - 1, 0, -1):
        path[t - 1] = (best[t - 1] + A[:, path[t]]).argmax()
    return path, float(best[-1, path[-1]])


def tables(E: Array, A: Array, ends: Array) -> tuple[Array, Array]:
    """Log sums over the paths up to and from each place, shapes (n, K), of joined sequences.

    Args:
        E: emissions of all sequences, one after the other, shape (n, K), float64.
        A: transitions, shape (K, K).
        ends: where each sequence ends, shape (S,).
    """
    starts = np.concatenate([[0], ends[:-1]])
    lengths = ends - starts
    order = np.argsort(-lengths, kind="stable")
    starts, lengths = starts[order], lengths[order]
    alpha, beta = np.empty_like(E), np.zeros_like(E)
    alpha[starts] = E[starts]
    for t in range(1, int(lengths[0])):
        now = starts[lengths > t] + t  # all sequences that are so long, side by side
        alpha[now] = E[now] + log_sum(alpha[now - 1][:, :, None] + A, 1)
    for t in range(int(lengths[0]) - 2, -1, -1):
        now = starts[lengths > t + 1] + t
        beta[now] = log_sum(A + (E[now + 1] + beta[now + 1])[:, None, :], 2)
    return alpha, beta


def log_sum(values: Array, axis: int) -> Array:
    """log sum exp along an axis of finite values."""
    top = values.max(axis=axis, keepdims=True)
    return np.asarray(np.log(np.exp(values - top).sum(axis=axis)) + np.squeeze(top, axis=axis))

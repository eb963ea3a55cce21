"""A linear-chain conditional random field trained by maximum likelihood with an L2 penalty."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from impl._kernels.loading import kernels
from impl.checks import classes_and_codes, finite, fitted
from impl.core import Array, ShapeError
from impl.crf.chain import log_sum, marginals, tables, viterbi
from impl.crf.passes import Batch, expected
from impl.lbfgs import lbfgs

EDGES = 2**20  # values of a block of pair marginals


class LinearChainCRF:
    """Labels of a sequence that depend on its features and on the label before.

    Feature functions are one for each pair of feature and label (s_l of the notes) and one for each
    pair of labels (t_k). Features of a place are given as their values, or as the numbers of the
    features that are on.

    Args:
        l2: the penalty is l2 / 2 times the sum of the squared weights.
        tol: stop when no entry of the gradient is larger than this.
        max_iter: the most iterations of L-BFGS.

    Attributes:
        classes_: the distinct labels, sorted.
        weights_: mu, shape (features, K).
        transitions_: lambda, shape (K, K), from row to column.
        objective_: the penalised negative log-likelihood at the end.
        n_iter_, converged_: how the fit ended.

    Source: SU-2.81, SU-2.82.
    """

    def __init__(self, l2: float = 1.0, *, tol: float = 1e-4, max_iter: int = 500) -> None:
        self.l2 = l2
        self.tol = tol
        self.max_iter = max_iter

    def fit(self, sequences: Sequence[Any], labels: Sequence[Any]) -> LinearChainCRF:
        """Learn the weights.

        Args:
            sequences: for each, floats of shape (T, d), the features' values; or integers of
                shape (T,) or (T, m), the numbers of the features that are on, -1 for none.
            labels: for each, its labels, shape (T,).

        Raises:
            ShapeError: no sequence, an empty one, or labels that are not as many.
            ValueError: values that are not finite, or an option out of its range.
        """
        where = "LinearChainCRF.fit"
        if not 0 <= self.l2 < np.inf:
            raise ValueError(f"{where}: l2 must be finite and not negative; got {self.l2}")
        features, ends = _joined(where, sequences)
        lengths = np.diff(ends, prepend=0)
        if [len(y) for y in labels] != lengths.tolist():
            raise ShapeError(
                f"{where}: labels must be as long as the sequences, {lengths.tolist()[:8]}; "
                f"got {[len(y) for y in labels][:8]}"
            )
        joined = np.concatenate([np.asarray(y) for y in labels])
        self.classes_, y = classes_and_codes(where, joined, len(features))
        k = len(self.classes_)
        self._dense = features.dtype.kind == "f"
        rows = features.shape[1] if self._dense else int(features.max(initial=-1)) + 1
        counts = np.zeros((rows + k, k))
        one_hot = np.zeros((len(y), k))
        one_hot[np.arange(len(y)), y] = 1.0
        _scatter(features, one_hot, counts[:rows])
        batch = Batch.of(ends)
        np.add.at(counts[rows:], (y[batch.before], y[batch.before + 1]), 1.0)

        scores = np.empty((len(features), k))

        def objective(flat: Array) -> tuple[float, Array]:
            w = flat.reshape(rows + k, k)
            total, nodes, pairs = _expect(_gather(features, w[:rows], scores), w[rows:], batch)
            gradient = self.l2 * w - counts
            _scatter(features, nodes, gradient[:rows])
            gradient[rows:] += pairs
            value = total - (w * counts).sum() + 0.5 * self.l2 * (w * w).sum()
            return float(value), gradient.ravel()

        found = lbfgs(
            objective,
            np.zeros((rows + k) * k),
            tol=self.tol,
            max_iter=self.max_iter,
        )
        weights = found.x.reshape(rows + k, k)
        self.weights_, self.transitions_ = weights[:rows], weights[rows:]
        self.objective_ = float(found.value)
        self.n_iter_, self.converged_ = int(found.n_iter), bool(found.converged)
        return self

    def predict(self, sequence: Any) -> Array:
        """The most probable labels of one sequence, shape (T,)."""
        path, _ = viterbi(self._emissions("predict", sequence), self.transitions_)
        return self.classes_[path]

    def predict_proba(self, sequence: Any) -> Array:
        """P(y_t | x) of one sequence, shape (T, K)."""
        E = self._emissions("predict_proba", sequence)
        return marginals(E, self.transitions_)[0]

    def score(self, sequences: Sequence[Any], labels: Sequence[Any]) -> float:
        """The share of places that get their own label."""
        right = [self.predict(x) == np.asarray(y) for x, y in zip(sequences, labels, strict=True)]
        return float(np.concatenate(right).mean())

    def _emissions(self, name: str, sequence: Any) -> Array:
        fitted(self, "weights_")
        features, _ = _joined(f"LinearChainCRF.{name}", [sequence])
        dense = features.dtype.kind == "f"
        if dense != self._dense or (dense and features.shape[1] != len(self.weights_)):
            wanted = f"floats of shape (T, {len(self.weights_)})" if self._dense else "integers"
            raise ShapeError(
                f"LinearChainCRF.{name}: the sequence must be {wanted}, as in fit; "
                f"got {features.dtype} of shape {features.shape}"
            )
        if not dense:  # a feature that was not seen says nothing
            features = np.where(features < len(self.weights_), features, -1)
        E = np.empty((len(features), len(self.classes_)))
        return _gather(features, self.weights_, E)


def _joined(where: str, sequences: Sequence[Any]) -> tuple[Array, Array]:
    """The features of all sequences, one after the other, and where each ends."""
    arrays = [np.asarray(s) for s in sequences]
    if arrays and all(a.dtype.kind in "iu" and a.ndim in (1, 2) for a in arrays):
        arrays = [a.reshape(len(a), -1) for a in arrays]
        width = max(a.shape[1] for a in arrays)
        if any(a.shape[1] < width for a in arrays):
            blank = [np.full((len(a), width), -1) for a in arrays]
            for wide, a in zip(blank, arrays, strict=True):
                wide[:, : a.shape[1]] = a
            arrays = blank
    same = {(a.ndim, a.dtype.kind if a.dtype.kind != "u" else "i", a.shape[-1]) for a in arrays}
    good = len(same) == 1 and next(iter(same))[:2] in ((2, "f"), (2, "i"))
    if not good or any(len(a) == 0 for a in arrays):
        raise ShapeError(
            f"{where}: sequences must all be floats of shape (T, d) or integers of shape (T,) or "
            f"(T, m), T >= 1; got {[(a.dtype.name, a.shape) for a in arrays[:4]]}"
        )
    ends = np.cumsum([len(a) for a in arrays]).astype(np.intp)
    joined = np.ascontiguousarray(np.concatenate(arrays))
    if joined.dtype.kind == "f":
        return finite(where, "features", joined.astype(np.float64)), ends
    if joined.min() < -1:
        raise ValueError(f"{where}: feature numbers start at 0, -1 for none; got {joined.min()}")
    return joined.astype(np.intp), ends


def _gather(features: Array, weights: Array, out: Array) -> Array:
    """Fill the scores of the labels at each place, shape (n, K); feature -1 adds nothing."""
    if features.dtype.kind == "f":
        return np.matmul(features, weights, out=out)
    padded = np.concatenate([weights, np.zeros((1, weights.shape[1]))])
    padded.take(features[:, 0], axis=0, out=out, mode="wrap")  # -1 is the row of zeros
    for column in features.T[1:]:
        out += padded.take(column, axis=0, mode="wrap")
    return out


def _scatter(features: Array, values: Array, out: Array) -> None:
    """Add each place's values to the rows of its features."""
    if features.dtype.kind == "f":
        out += features.T @ values
        return
    module = kernels("crf", 20.0 * features.size * values.shape[1])
    if module is not None:
        module.scatter(features, values, out)
        return
    for column in features.T:
        known = column >= 0
        np.add.at(out, column[known], values[known])


def _expect(E: Array, A: Array, batch: Batch) -> tuple[float, Array, Array]:
    """Sum of the log partitions, marginals (n, K), and the pairs' marginals summed, (K, K).

    The scores E are overwritten.
    """
    k, ends = len(A), batch.ends
    module = kernels("crf", 20.0 * E.size * k)
    if module is not None and _spread(E, A) < 600:
        pairs = np.zeros((k, k))
        starts = np.concatenate([[0], ends[:-1]])
        order = np.argsort(starts - ends, kind="stable")
        starts, lengths = starts[order], (ends - starts)[order]
        total = module.expect(E, np.ascontiguousarray(A), starts, lengths, E, pairs)
        return float(total), E, pairs
    found = expected(E, A, batch)
    if found is not None:
        return found
    alpha, beta = tables(E, A, ends)
    logs = log_sum(alpha[ends - 1], 1)
    each = np.repeat(logs, np.diff(ends, prepend=0))[:, None]
    before = batch.before
    pairs = np.zeros((k, k))
    later = E + beta - each
    for start in range(0, len(before), max(1, EDGES // k**2)):
        at = before[start : start + max(1, EDGES // k**2)]
        pairs += np.exp(alpha[at, :, None] + A + later[at + 1, None, :]).sum(axis=0)
    return float(logs.sum()), np.exp(alpha + beta - each), pairs


def _spread(E: Array, A: Array) -> float:
    """How far apart, in logarithms, one step can move two labels; the quick bound if it will do."""
    steps = float(A.max() - A.min())
    quick = float(E.max() - E.min())
    if not steps + quick < 600:
        quick = float((E.max(axis=1) - E.min(axis=1)).max())
    return steps + quick

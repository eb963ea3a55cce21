"""A hidden Markov model learned from sequences by Baum-Welch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from impl._kernels.loading import kernels
from impl.checks import fitted
from impl.core import Array, ShapeError
from impl.hmm.decoding import viterbi
from impl.hmm.inference import ForwardBackward, forward_backward, log_likelihood
from impl.hmm.parameters import parameters


class HiddenMarkovModel:
    """A Markov chain of hidden states that emits one symbol a step.

    `fit` is Baum-Welch over any number of sequences: expected counts from forward-backward, then
    their proportions; the likelihood never falls. A state that no sequence visits keeps its rows.

    Args:
        states: how many hidden states, N.
        symbols: the alphabet; by default the distinct symbols of the sequences, sorted. Symbols
            may be numbers or strings.
        tol: stop when an iteration adds less than this to the log-likelihood of one
            observation; 0 makes all iterations.
        max_iter: the most iterations.
        start: (initial, transition, emission) to start from; by default drawn at random.
        rng: the random generator of the start.

    Attributes:
        initial_, transition_, emission_: pi (N,), A (N, N), B (N, M).
        symbols_: the alphabet, shape (M,).
        log_likelihoods_: of all sequences, before each iteration and after the last.
        n_iter_, converged_: how the fit ended.

    Source: SU-2.79-p2, SU-2.76, SU-2.77, SU-2.78, SU-2.79.
    """

    def __init__(
        self,
        states: int = 2,
        *,
        symbols: Any = None,
        tol: float = 1e-6,
        max_iter: int = 100,
        start: tuple[Any, Any, Any] | None = None,
        rng: np.random.Generator | None = None,
    ) -> None:
        self.states = states
        self.symbols = symbols
        self.tol = tol
        self.max_iter = max_iter
        self.start = start
        self.rng = rng

    def fit(self, sequences: Sequence[Any]) -> HiddenMarkovModel:
        """Learn pi, A and B.

        Args:
            sequences: a list of sequences of symbols, each of length at least 1.

        Raises:
            ShapeError: there is no sequence, or one is empty or not 1-D.
            ValueError: a symbol is not in the alphabet, an option is out of its range, or the
                start cannot produce a sequence.
        """
        where = "HiddenMarkovModel.fit"
        if self.states < 1 or self.max_iter < 1:
            raise ValueError(
                f"{where}: states and max_iter must be at least 1; "
                f"got {self.states} and {self.max_iter}"
            )
        arrays = [np.asarray(s) for s in sequences]
        if not arrays or any(a.ndim != 1 or a.size == 0 for a in arrays):
            raise ShapeError(
                f"{where}: sequences must be a list of sequences of length >= 1; "
                f"got shapes {[a.shape for a in arrays]}"
            )
        joined = np.concatenate(arrays)
        self.symbols_ = np.unique(joined if self.symbols is None else np.asarray(self.symbols))
        observations = self._codes(where, joined)
        lengths = np.array([len(a) for a in arrays], dtype=np.intp)
        pi, A, B = self._start()
        trace: list[float] = []
        self.converged_ = False
        for iteration in range(self.max_iter + 1):
            likelihood, first, pairs, seen = _expect(pi, A, B, observations, lengths)
            if likelihood == -np.inf:
                raise ValueError(f"{where}: the start gives a sequence probability 0")
            trace.append(likelihood)
            gain = likelihood - trace[-2] if iteration else np.inf
            self.converged_ = bool(gain < self.tol * len(observations))
            if self.converged_ or iteration == self.max_iter:
                break
            pi = first / first.sum()
            A, B = _proportions(pairs, A), _proportions(seen.T, B)
        self.initial_, self.transition_, self.emission_ = pi, A, B
        self.log_likelihoods_ = np.array(trace)
        self.n_iter_ = len(trace) - 1
        return self

    def log_likelihood(self, sequence: Any) -> float:
        """log P(O | model) of one sequence."""
        return log_likelihood(*self._model(), self._codes("log_likelihood", sequence))

    def forward_backward(self, sequence: Any) -> ForwardBackward:
        """The posteriors of one sequence's states."""
        return forward_backward(*self._model(), self._codes("forward_backward", sequence))

    def predict(self, sequence: Any) -> Array:
        """The most probable path of states of one sequence, shape (T,)."""
        return viterbi(*self._model(), self._codes("predict", sequence))[0]

    def sample(self, length: int, rng: np.random.Generator) -> tuple[Array, Array]:
        """Draw symbols, shape (length,), and the states they come from, shape (length,)."""
        pi, A, B = self._model()
        states = np.empty(length, dtype=np.intp)
        row = pi
        for t in range(length):
            states[t] = rng.choice(len(pi), p=row / row.sum())
            row = A[states[t]]
        codes = [rng.choice(B.shape[1], p=B[i] / B[i].sum()) for i in states]
        return self.symbols_[np.array(codes, dtype=np.intp)], states

    def _model(self) -> tuple[Array, Array, Array]:
        fitted(self, "initial_")
        return self.initial_, self.transition_, self.emission_

    def _codes(self, where: str, sequence: Any) -> Array:
        fitted(self, "symbols_")
        array = np.asarray(sequence)
        places = np.searchsorted(self.symbols_, array).clip(max=len(self.symbols_) - 1)
        unknown = self.symbols_[places] != array
        if np.any(unknown):
            raise ValueError(f"{where}: {array[unknown].tolist()[0]!r} is not in the alphabet")
        return np.ascontiguousarray(places, dtype=np.intp)

    def _start(self) -> list[Array]:
        n, m = self.states, len(self.symbols_)
        if self.start is not None:
            start = parameters("HiddenMarkovModel.fit", *self.start)
            if start[2].shape != (n, m):
                raise ShapeError(
                    f"HiddenMarkovModel.fit: the start's emission must have shape ({n}, {m}); "
                    f"got {start[2].shape}"
                )
            return start
        rng = np.random.default_rng(0) if self.rng is None else self.rng
        return [
            rng.dirichlet(np.full(n, 5.0)),
            rng.dirichlet(np.full(n, 5.0), size=n),
            rng.dirichlet(np.full(m, 5.0), size=n),
        ]


def _proportions(counts: Array, old: Array) -> Array:
    totals = np.add.reduce(counts, axis=1, keepdims=True)
    if totals.all():
        return counts / totals
    return np.where(totals > 0, counts / np.where(totals > 0, totals, 1.0), old)


def _expect(
    pi: Array, A: Array, B: Array, observations: Array, lengths: Array
) -> tuple[float, Array, Array, Array]:
    """The log-likelihood and the expected counts: of first states, steps, and (M, N) emissions."""
    n, m = B.shape
    ends = lengths.cumsum()
    first, pairs, seen = np.zeros(n), np.zeros((n, n)), np.zeros((m, n))
    module = kernels("hmm", len(observations) * (3.0 * n * n + 1e3))
    if module is not None:
        longest = int(lengths.max())
        work = (np.empty((longest, n)), np.empty(longest))
        turned = np.ascontiguousarray(A.T), np.ascontiguousarray(B.T)
        likelihood = module.expect(pi, A, *turned, observations, ends, work, first, pairs, seen)
        if likelihood > -np.inf and np.isfinite(seen).all():  # else numbers became too small
            return float(likelihood), first, pairs * A, seen
        first, pairs, seen = np.zeros(n), np.zeros((n, n)), np.zeros((m, n))
    likelihood = 0.0
    for end, length in zip(ends, lengths, strict=True):
        o = observations[end - length : end]
        try:
            found = forward_backward(pi, A, B, o)
        except ValueError:  # the sequence is impossible
            return -np.inf, first, pairs, seen
        likelihood += found.log_likelihood
        first += found.posteriors[0]
        pairs += found.expected_transitions
        np.add.at(seen, o, found.posteriors)
    return likelihood, first, pairs, seen

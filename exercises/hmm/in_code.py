"""Forward and backward tables in code: two results from one function."""

import numpy as np

from exercises.answers import Code
from exercises.core import Exercise

ex = Exercise(
    "Both ways through a diary",
    claims=["SU-2.79", "SU-2.79-fb"],
    level=3,
    prerequisites=["hmm.forward_backward"],
    minutes=25,
)
PARAMETERS = ("start", "move", "emit", "seen")


def inputs(rng):
    """One day, two states, more states than signs, a state that is never left, a longer diary."""
    drawn = [_model(rng, *sizes) for sizes in ((2, 2, 1), (2, 3, 4), (4, 2, 6), (3, 3, 25))]
    start, _, emit, seen = _model(rng, 3, 2, 5)
    return [
        *drawn,
        (start, np.array([[0.5, 0.5, 0.0], [0.0, 1.0, 0.0], [0.2, 0.2, 0.6]]), emit, seen),
    ]


def _model(rng, states, signs, days):
    return (
        rng.dirichlet(np.ones(states)),
        rng.dirichlet(np.ones(states), size=states),
        rng.dirichlet(np.ones(signs), size=states),
        rng.integers(0, signs, size=days),
    )


def is_model(start, move, emit, seen):
    """Whether sizes fit, rows are distributions and every sign has its column."""
    states = len(start)
    return (
        states > 0
        and move.shape == (states, states)
        and len(emit) == states
        and all(np.allclose(rows.sum(axis=-1), 1) for rows in (start, move, emit))
        and len(seen) > 0
        and all(0 <= sign < emit.shape[1] for sign in seen)
    )


def _alpha(start, move, emit, seen):
    rows = [start * emit[:, seen[0]]]
    for sign in seen[1:]:
        rows.append((rows[-1] @ move) * emit[:, sign])
    return np.array(rows)


def _beta(move, emit, seen):
    rows = [np.ones(len(move))]
    for sign in seen[:0:-1]:
        rows.insert(0, move @ (emit[:, sign] * rows[0]))
    return np.array(rows)


def _both(start, move, emit, seen):
    return _alpha(start, move, emit, seen), _beta(move, emit, seen)


@ex.part(
    points=5,
    answer=Code(
        "forward_backward",
        inputs,
        returns=("alpha", "beta"),
        parameters=PARAMETERS,
        valid=is_model,
    ),
)
def tables():
    r"""A chain of $K$ hidden states starts in state $i$ with probability `start[i]`, moves from $i$
    to $j$ with `move[i, j]`, and shows sign $o$ in state $i$ with `emit[i, o]`. `seen`, of shape
    `(T,)`, holds the signs of $T$ days, counted from 0.

    Return two tables of shape `(T, K)`: `alpha[t, i]`, the probability of the signs of the days
    $0, \dots, t$ **and** of state $i$ on day $t$, and `beta[t, i]`, the probability of all later
    signs, given state $i$ on day $t$.
    """
    return _both


@tables.mistake(credit=2, help="Of several ways into a state, only the likeliest is kept here.")
def likeliest_path():
    def viterbi(start, move, emit, seen):
        rows = [start * emit[:, seen[0]]]
        for sign in seen[1:]:
            rows.append((rows[-1][:, None] * move).max(axis=0) * emit[:, sign])
        return np.array(rows), _beta(move, emit, seen)

    return viterbi


@tables.mistake(credit=3, help="The backward table holds what is seen on its own day as well.")
def own_day_counted():
    def shifted(start, move, emit, seen):
        alpha, beta = _both(start, move, emit, seen)
        return alpha, beta * emit[:, seen].T

    return shifted


@tables.mistake(credit=2, help="Rows of `move` say where a state goes; here they say whence.")
def turned():
    return lambda start, move, emit, seen: _both(start, move.T, emit, seen)


@tables.mistake(credit=3, help="The backward table comes out with the last day first.")
def last_day_first():
    def reversed_days(start, move, emit, seen):
        alpha, beta = _both(start, move, emit, seen)
        return alpha, beta[::-1]

    return reversed_days


@tables.hint
def two_recursions():
    "Forward: sum over where it came from, then look at the sign. Backward: look first, then sum."


@tables.hint
def check():
    "The sum of alpha * beta over the states is the same on every day. Why?"

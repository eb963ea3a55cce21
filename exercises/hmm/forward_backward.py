"""Forward, backward, and what was yesterday's weather: sums over paths, by hand."""

import numpy as np
from sympy import Rational

from exercises.answers import Array, Number
from exercises.core import Exercise
from exercises.hmm.viterbi_by_hand import _table, _tenths

ex = Exercise(
    "What was the weather yesterday?",
    claims=["SU-2.79", "SU-2.79-fb", "SU-2.79-hyp"],
    level=3,
    prerequisites=["hmm.viterbi_by_hand"],
    minutes=25,
)


@ex.variant
def draw(v):
    def model():
        return {
            "start": _tenths(v.choice((2, 3, 7, 8))),
            "move": (_tenths(v.integer(6, 9)), _tenths(v.integer(1, 4))),
            "emit": (_tenths(v.integer(1, 3)), _tenths(v.integer(6, 9))),
            "seen": tuple(v.integer(0, 1) for _ in range(3)),
        }

    # A diary that changes, in a chain whose two rows differ: no shortcut gives the right number.
    return v.until(model, lambda d: len(set(d["seen"])) == 2)


def _backward(move, emit, seen):
    """The probability of what the diary says later, for every state on every day."""
    rows = [[Rational(1), Rational(1)]]
    for o in reversed(seen[1:]):
        after = rows[0]
        rows.insert(0, [sum(move[r][s] * emit[s][o] * after[s] for s in (0, 1)) for r in (0, 1)])
    return rows


@ex.part(points=3, answer=Array("forward_table", rtol=1e-4, atol=1e-7))
def forward(start, move, emit, seen):
    r"""The first day is hot with probability ${{ start[0] }}$. A hot day is followed by a hot one
    with probability ${{ move[0][0] }}$, a cold day by a cold one with ${{ move[1][1] }}$. The
    dog swims on a hot day with probability ${{ emit[0][1] }}$, on a cold one with
    ${{ emit[1][1] }}$. On three days it {% for o in seen %}{{ "swam" if o else "stayed dry"
    }}{{ ", " if not loop.last }}{% endfor %}.

    Give the forward table: rows are days, columns hot and cold, and each entry is the probability
    of that weather **and** of all that the dog did up to that day. Do not round.
    """
    return np.array(_table(start, move, emit, seen, pool=sum), dtype=float)


@forward.mistake(credit=1, help="That keeps only the best path. Here all of them count.")
def viterbi(start, move, emit, seen):
    return np.array(_table(start, move, emit, seen), dtype=float)


@forward.mistake(credit=1, help="The first day has a swim, or none, of its own.")
def first_day_unseen(start, move, emit, seen):
    rows = [list(start)]
    for o in seen[1:]:
        last = rows[-1]
        rows.append([emit[s][o] * sum(last[r] * move[r][s] for r in (0, 1)) for s in (0, 1)])
    return np.array(rows, dtype=float)


@forward.hint
def two_ways_in():
    "Into every state of the next day lead two ways: add them, then see what the dog did."


@ex.part(points=1, answer=Number("forward_likelihood", rtol=1e-4), after=forward)
def likelihood(forward):
    r"""How probable is it that the dog does just this on three days?"""
    return sum(Rational(k).limit_denominator(10**8) for k in forward[-1])


@likelihood.mistake(credit=0, help="The last day may have been cold, too.")
def hot_end_only(forward):
    return Rational(forward[-1][0]).limit_denominator(10**8)


@likelihood.hint
def last_row():
    "On the last day it was either hot or cold."


@ex.part(points=2, answer=Array("backward_row", rtol=1e-4))
def backward(move, emit, seen):
    r"""Now backwards. Suppose that you know the weather of the **second** day: how probable is what
    the dog did on the third? Give the two numbers, for hot and for cold.
    """
    return np.array(_backward(move, emit, seen)[1], dtype=float)


@backward.mistake(credit=1, help="The weather may change overnight.")
def weather_kept(emit, seen):
    return np.array([emit[s][seen[2]] for s in (0, 1)], dtype=float)


@backward.hint
def start_at_the_end():
    "From each weather there are two ways on. How probable is each, and what the dog did there?"


@ex.part(points=3, answer=Number("weather_posterior", digits=3), after=(forward, backward))
def posterior(forward, backward):
    r"""Knowing what the dog did on **all three** days: with what probability was the second day
    hot?
    """
    hot, cold = (
        Rational(f).limit_denominator(10**8) * Rational(b).limit_denominator(10**8)
        for f, b in zip(forward[1], backward, strict=True)
    )
    return hot / (hot + cold)


@posterior.mistake(credit=1, help="That knows the dog up to the second day only.")
def filtered(forward):
    hot, cold = (Rational(k).limit_denominator(10**8) for k in forward[1])
    return hot / (hot + cold)


@posterior.mistake(credit=2, help="Not divided yet: it must add up to 1 with the other weather.")
def joint(forward, backward):
    return Rational(forward[1][0] * backward[0]).limit_denominator(10**8)


@posterior.hint
def past_and_future():
    "The forward entry knows the past, the backward number the future: multiply, and normalise."

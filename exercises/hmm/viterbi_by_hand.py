"""The weather from a diary of ice creams: Viterbi on a trellis, by hand."""

from itertools import pairwise, product

import numpy as np
from sympy import Rational

from exercises.answers import Array, Number
from exercises.core import Exercise
from exercises.drawing import graph

ex = Exercise(
    "A diary of ice creams",
    claims=["SU-2.76", "SU-2.77", "SU-2.78", "SU-2.79", "SU-2.79-vit"],
    level=2,
    minutes=20,
)
STATES = ("hot", "cold")


def _table(start, move, emit, seen, pool=max):
    """The best (or, with sum, the total) probability of every state on every day."""
    rows = [[start[s] * emit[s][seen[0]] for s in (0, 1)]]
    for o in seen[1:]:
        last = rows[-1]
        rows.append([emit[s][o] * pool([last[r] * move[r][s] for r in (0, 1)]) for s in (0, 1)])
    return rows


def _joint(path, start, move, emit, seen):
    found = start[path[0]] * emit[path[0]][seen[0]]
    for (before, now), o in zip(pairwise(path), seen[1:], strict=True):
        found *= move[before][now] * emit[now][o]
    return found


def _ranked(d):
    paths = product((0, 1), repeat=len(d["seen"]))
    model = {name: d[name] for name in ("start", "move", "emit", "seen")}
    return sorted(((_joint(path, **model), path) for path in paths), reverse=True)


def _greedy(table):
    return tuple(0 if row[0] > row[1] else 1 for row in table)


def _tenths(k):
    return (Rational(k, 10), Rational(10 - k, 10))


def drawn(v):
    """A model in tenths, and three days of the diary: 0 for none, 1 for at least one."""
    return {
        "start": _tenths(v.choice((3, 4, 6, 7))),
        "move": (_tenths(v.integer(6, 8)), _tenths(v.integer(2, 4))),
        "emit": (_tenths(v.integer(1, 3)), _tenths(v.integer(6, 8))),
        "seen": tuple(v.integer(0, 1) for _ in range(3)),
    }


def arrows(axes, start, move):
    """The chain of the weather with its probabilities."""
    nodes = {"start": (0.0, 0.5), "hot": (1.6, 1.1), "cold": (1.6, -0.1)}
    ways = [("start", name, f"{float(start[k]):g}") for k, name in enumerate(STATES)]
    graph(axes, nodes, ways)
    for k, (name, height) in enumerate((("hot", 1.1), ("cold", -0.1))):
        axes.text(2.0, height, f"stays {name}: {float(move[k][k]):g}", va="center")
    axes.set_xlim(-0.5, 3.4)


@ex.variant
def draw(v):
    def is_sound(d):
        (best, path), (second, _), *_ = _ranked(d)
        table = _table(**d)
        # One best path, which changes the weather, and not the day by day choice of the largest.
        return best > second and len(set(path)) == 2 and _greedy(table) != path

    return v.until(lambda: drawn(v), is_sound)


@ex.figure(
    alt="Where the weather begins: hot with probability {{ start[0] }}, cold with "
    "{{ start[1] }}. Hot days are followed by hot ones with probability {{ move[0][0] }}, cold "
    "days by cold ones with {{ move[1][1] }}."
)
def chain(axes, start, move):
    arrows(axes, start, move)


@ex.part(points=3, answer=Array("viterbi_table", rtol=1e-4, atol=1e-7))
def table(start, move, emit, seen):
    r"""The thermometer is lost, but a diary of ice creams is left. The first day is hot with
    probability ${{ start[0] }}$. A hot day is followed by a hot one with probability
    ${{ move[0][0] }}$, a cold day by a cold one with ${{ move[1][1] }}$. On a hot day
    somebody eats ice cream with probability ${{ emit[0][1] }}$, on a cold one with
    ${{ emit[1][1] }}$. The diary of three days says: {% for o in seen %}{{ "ice cream" if o else
    "none" }}{{ ", " if not loop.last }}{% endfor %}.

    Fill in Viterbi's table: one row for each day, first column hot, second column cold; each entry
    is the probability of the **best** path that ends there, together with what the diary says up to
    that day. Do not round.
    """
    return np.array(_table(start, move, emit, seen), dtype=float)


@table.mistake(credit=1, help="That adds up all the paths. Here only the best one survives.")
def summed(start, move, emit, seen):
    return np.array(_table(start, move, emit, seen, pool=sum), dtype=float)


@table.mistake(credit=2, help="Right, but with the columns exchanged: the first one is hot.")
def columns_exchanged(start, move, emit, seen):
    return np.array(_table(start, move, emit, seen), dtype=float)[:, ::-1]


@table.hint
def two_candidates():
    "Each entry of a later row has two candidates: from hot and from cold. Keep the better one."


@ex.part(points=2, answer=Array("viterbi_path"))
def path(start, move, emit, seen):
    r"""Which weather of the three days is the most probable one? Write 0 for hot and 1 for cold."""
    best = _ranked({"start": start, "move": move, "emit": emit, "seen": seen})[0][1]
    return np.array(best, dtype=float)


@path.mistake(credit=1, help="Go backwards from the end: which entry did the last one come from?")
def day_by_day(start, move, emit, seen):
    return np.array(_greedy(_table(start, move, emit, seen)), dtype=float)


@path.hint
def back_pointers():
    "Begin at the larger entry of the last row, and ask each entry where it came from."


@ex.part(points=1, answer=Number("viterbi_probability", rtol=1e-4), after=table)
def probability(table):
    r"""What is the probability of that path, together with the diary?"""
    return max(Rational(k).limit_denominator(10**8) for k in table[-1])


@probability.mistake(credit=0, help="That is the other end of the trellis.")
def the_worse_end(table):
    return min(Rational(k).limit_denominator(10**8) for k in table[-1])


@probability.hint
def no_new_work():
    "It is in your table already."

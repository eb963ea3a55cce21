"""Viterbi decoding: a trellis one can check by hand, and a casino's dice."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from exercises.gallery.core import Words, number, picture
from exercises.gallery.palette import BLUE, FAINT, INK, PURPLE, VERMILLION
from impl.hmm import forward_backward, viterbi

WEATHER = ("sun", "clouds", "rain")
WALK, SHOP, READ = 0, 1, 2
DEEDS = ("walk", "shop", "read")
MODEL = (
    [0.5, 0.3, 0.2],
    [[0.6, 0.3, 0.1], [0.3, 0.4, 0.3], [0.1, 0.4, 0.5]],
    [[0.7, 0.2, 0.1], [0.3, 0.4, 0.3], [0.1, 0.2, 0.7]],
)
SEEN = (WALK, WALK, SHOP, READ, READ, SHOP, WALK)
ROLLS = 150
CASINO = (
    [0.9, 0.1],
    [[0.97, 0.03], [0.06, 0.94]],
    [[1 / 6] * 6, [0.1] * 5 + [0.5]],
)


def trellis(axes: Axes) -> str:
    path, value = viterbi(*MODEL, SEEN)
    posteriors = forward_backward(*MODEL, SEEN).posteriors
    last = len(SEEN) - 1
    for t in range(last):
        for i in range(3):
            axes.plot([t, t + 1], np.stack([[i] * 3, range(3)]), color=FAINT, linewidth=0.9)
    axes.plot(path, color=VERMILLION, linewidth=4)
    times, states = np.meshgrid(range(last + 1), range(3), indexing="ij")
    axes.scatter(times, states, s=20 + 520 * posteriors, color=BLUE, zorder=3)
    axes.set(xlim=(-0.4, last + 0.4), ylim=(2.5, -0.5), yticks=range(3), yticklabels=WEATHER)
    axes.set_xticks(range(last + 1), [DEEDS[o] for o in SEEN])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_title("the weather behind what was done on seven days")
    return f"{', '.join(WEATHER[i] for i in path)}, log-probability {number(value, '.2f')}"


def casino(axes: Axes) -> float:
    rng = np.random.default_rng(13)
    pi, A, B = (np.array(p) for p in CASINO)
    states = [int(rng.choice(2, p=pi))]
    while len(states) < ROLLS:
        states.append(int(rng.choice(2, p=A[states[-1]])))
    rolls = np.array([rng.choice(6, p=B[s]) for s in states])
    path, _ = viterbi(pi, A, B, rolls)
    posterior = forward_backward(pi, A, B, rolls).posteriors[:, 1]
    t = np.arange(len(rolls))
    axes.fill_between(t, posterior, step="mid", color=BLUE, alpha=0.35, linewidth=0)
    sixes = t[rolls == 5]
    axes.plot(sixes, np.full(len(sixes), -0.16), "|", color=INK, markersize=8)
    for at, row, color in ((1.32, np.array(states), PURPLE), (1.12, path, VERMILLION)):
        axes.fill_between(t, at, at + 0.12, where=row == 1, step="mid", color=color, linewidth=0)
    axes.set(xlim=(-0.5, len(t) - 0.5), ylim=(-0.28, 1.5), xlabel="roll")
    axes.set_yticks(
        [-0.16, 0, 0.5, 1, 1.18, 1.38],
        ["sixes", "0", "0.5", "1", "Viterbi", "truth"],
    )
    axes.set_title("when was the die loaded? filled: P(loaded | all rolls)")
    return float((path == states).mean())


@picture("The Viterbi path", place=7, height=5.2)
def hmm(figure: Figure) -> Words:
    upper, lower = figure.subplots(2, 1, gridspec_kw={"hspace": 0.1})
    weather = trellis(upper)
    right = casino(lower)
    return Words(
        caption=f"Above, the most probable path ({weather}); the discs’ areas are the posteriors "
        "of the states, day by day. Below, a casino that now and then takes a die that rolls "
        f"six half of the time: the path says which die it was for {right:.0%} of the rolls.",
        alt=f"Above, a trellis of three kinds of weather by seven days, joined by thin lines, with "
        f"a thick line along the most probable path: {weather}. Below, over {ROLLS} rolls, "
        "marks for each six, a filled curve of the probability that the die was loaded, and two "
        "rows of bars for when it was so by the Viterbi path and in truth; they mostly agree.",
    )

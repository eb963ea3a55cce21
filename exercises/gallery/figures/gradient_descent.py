"""The notes' example: the least value of x squared, found by descent."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from exercises.gallery.core import Words, number, picture
from exercises.gallery.palette import BLUE, GREEN, INK, MUTED, PURPLE, VERMILLION
from impl.optimizers import SGD, descend

RATES = ((0.1, BLUE, "o"), (0.5, GREEN, "s"), (0.9, PURPLE, "^"), (1.02, VERMILLION, "x"))


def slope(x):
    return 2 * x


@picture("Gradient descent on x²", place=2, height=5.0)
def gradient_descent(figure: Figure) -> Words:
    upper, lower = figure.subplots(2, 1, height_ratios=[1.25, 1])
    x = np.linspace(-2.4, 2.4, 200)
    upper.plot(x, x**2, color=MUTED, linewidth=1.2)
    for start, color, marker in ((-2.0, BLUE, "o"), (2.0, VERMILLION, "s")):
        steps = descend(slope, start, SGD(0.1), steps=12)
        upper.plot(steps, steps**2, color=color, marker=marker, markersize=5, linewidth=1)
        tangent = np.array([1.15, 0.5]) * start  # from a little above to where it meets f = 0
        upper.plot(tangent, start**2 + 2 * start * (tangent - start), color=color, linestyle=":")
        side = np.sign(start)
        for n, point in enumerate(steps[:3], start=1):
            upper.annotate(
                f"$x_{n}$ = {number(point)}",
                (point, point**2),
                xytext=(side * -11, -3),
                textcoords="offset points",
                ha="right" if side > 0 else "left",
                color=INK,
            )
    upper.set(xlim=(-2.6, 2.6), ylim=(-0.3, 5.2), xlabel="x", ylabel="f(x) = x²")
    upper.set_title("learning rate 0.1; dotted: the tangent at the start")
    for rate, color, marker in RATES:
        steps = descend(slope, -2.0, SGD(rate), steps=14)
        lower.plot(
            steps, color=color, marker=marker, markersize=4.5, linewidth=1.1, label=f"rate {rate}"
        )
    lower.axhline(0, color=MUTED, linewidth=0.8)
    lower.set(xlabel="step", ylabel="x", xlim=(-0.3, 14.3), ylim=(-4, 5.5))
    lower.set_title("the learning rate decides how it goes on")
    lower.legend(loc="upper left", ncols=4, handlelength=1.2, columnspacing=1.2)
    second, third = descend(slope, -2.0, SGD(0.1), steps=2)[1:]
    return Words(
        caption=f"From −2 the first steps at rate 0.1 go to {number(second)} and {number(third)}. "
        "On this parabola a rate of 0.5 arrives in one step, "
        "a rate from there to 1 jumps from side to side, and a rate above 1 runs away.",
        alt="Above, the parabola of x squared with two chains of dots that step down it, one from "
        "minus 2 and one from 2, the steps getting shorter. Below, x against the step for four "
        "learning rates: 0.1 rises smoothly from minus 2 to 0, 0.5 is there after one step, 0.9 "
        "swings around 0 and shrinks, 1.02 swings and grows.",
    )

"""Six optimizers in one ravine."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from matplotlib.figure import Figure

from exercises.gallery.core import Words, picture
from exercises.gallery.palette import BLUE, FAINT, GREEN, INK, PURPLE, VERMILLION
from impl.core import Array
from impl.optimizers import SGD, AdaGrad, Adam, Momentum, Nesterov, Optimizer, RMSProp, descend

CURVATURE = np.array([1.0, 25.0])
START, STEPS, DECAY = (-4.0, 1.6), 60, 0.8
RUNS: tuple[tuple[str, Callable[[float], Optimizer], float, str, str], ...] = (
    ("SGD", SGD, 0.07, BLUE, "-"),
    ("momentum", lambda rate: Momentum(rate, alpha=DECAY), 0.02, VERMILLION, "-"),
    ("Nesterov", lambda rate: Nesterov(rate, alpha=DECAY), 0.02, VERMILLION, "--"),
    ("AdaGrad", AdaGrad, 0.8, GREEN, "-"),
    ("RMSProp", RMSProp, 0.15, PURPLE, "-"),
    ("Adam", Adam, 0.3, PURPLE, "--"),
)


def height(theta: Array) -> Array:
    return np.asarray(0.5 * (CURVATURE * theta**2).sum(axis=-1))


@picture("Optimizers on one surface", place=8, height=6.6)
def optimizers(figure: Figure) -> Words:
    panels = figure.subplot_mosaic(
        [[0, 1], [2, 3], [4, 5], ["f", "f"]], height_ratios=[1] * 3 + [1.5]
    )
    x, y = np.linspace(-4.6, 2.2, 120), np.linspace(-2.1, 2.1, 80)
    surface = height(np.stack(np.meshgrid(x, y), axis=-1))
    for k, (name, optimizer, rate, color, line) in enumerate(RUNS):
        trace = descend(lambda theta: CURVATURE * theta, START, optimizer(rate), STEPS)
        axes = panels[k]
        axes.contour(x, y, surface, levels=np.geomspace(0.3, 60, 9), colors=FAINT, linewidths=0.9)
        axes.plot(*trace.T, color=color, marker=".", markersize=4, linewidth=1.1)
        axes.plot(*START, "o", color=INK, markersize=5)
        axes.plot(0, 0, "*", color=INK, markersize=9)
        axes.set(xticks=[], yticks=[], xlim=(x[0], x[-1]), ylim=(y[0], y[-1]), aspect="equal")
        axes.spines[:].set_visible(False)
        axes.set_title(f"{name}, ε = {rate}")
        panels["f"].semilogy(height(trace), color=color, linestyle=line, label=name)
    panels["f"].set(xlabel="step", ylabel="f", xlim=(0, STEPS), ylim=(1e-7, 200))
    panels["f"].grid(True)
    figure.legend(loc="outside lower center", ncols=3)
    return Words(
        caption=f"{STEPS} steps down f = ½ (x² + 25 y²), from the dot to the star. Plain descent "
        f"jumps from wall to wall of the ravine; momentum (α = {DECAY}) turns the jumps into a "
        "swing, and Nesterov damps it; the last three give each axis a rate of its own. "
        "Other rates would change the order below.",
        alt="Six panels with the same oval contour lines, wide in x and narrow in y, and the "
        "path of one optimizer each: a zigzag for SGD, a shrinking wave for momentum, one "
        "overshoot for Nesterov, smooth curves for AdaGrad and RMSProp, a wide arc past the "
        "minimum and back for Adam. Below, f against the step on a logarithmic scale for all six.",
    )

"""What the starting weights do to the variance of a signal that passes many layers."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from exercises.gallery.core import Words, picture
from exercises.gallery.palette import BLUE, GREEN, PURPLE, VERMILLION
from impl.activations import relu, tanh
from impl.core import Array
from impl.initialization import gaussian, he, xavier

WIDTH, LAYERS, ROWS = 200, 20, 200
# All layers are equally wide, so LeCun's 1 / fan_in and Xavier's 2 / (fan_in + fan_out) are one.
STARTS = (
    ("σ = 0.01", lambda shape, rng: gaussian(shape, rng, sd=0.01), BLUE, "o"),
    ("LeCun, Xavier", xavier, GREEN, "s"),
    ("He", he, PURPLE, "^"),
    ("σ = 0.2", lambda shape, rng: gaussian(shape, rng, sd=0.2), VERMILLION, "x"),
)


def outputs(activation, start) -> list[Array]:
    """The input and the outputs of each layer."""
    rng = np.random.default_rng(0)
    found = [rng.normal(size=(ROWS, WIDTH))]
    for _ in range(LAYERS):
        found.append(activation(found[-1] @ start((WIDTH, WIDTH), rng).T))
    return found


@picture("Variance through the layers", place=9, height=5.2)
def initialization(figure: Figure) -> Words:
    panels = figure.subplots(2, 1, sharex=True, height_ratios=[16, 10])
    for axes, (title, activation) in zip(panels, (("ReLU", relu), ("tanh", tanh)), strict=True):
        for name, start, color, marker in STARTS:
            axes.semilogy(
                [signal.var() for signal in outputs(activation, start)],
                color=color,
                marker=marker,
                markersize=4,
                linewidth=1.2,
                label=name,
            )
        axes.set_title(title)
        axes.set(ylabel="variance", xticks=range(0, LAYERS + 1, 5))
        axes.grid(True)
    panels[0].set_ylim(1e-8, 1e8)
    panels[1].set_ylim(1e-8, 1e2)
    panels[0].legend(loc="upper right")
    panels[1].set_xlabel("layer (0 is the input)")
    saturated = np.mean(np.abs(outputs(tanh, STARTS[-1][1])[-1]) > 0.99)
    return Words(
        caption=f"{LAYERS} layers of {WIDTH}. He’s factor 2 keeps a ReLU network’s variance; "
        "LeCun’s and Xavier’s, the same where all layers are equally wide, halve it at each layer. "
        "Under tanh, σ = 0.2 keeps the variance by saturation: "
        f"{saturated:.0%} of the last outputs lie beyond ±0.99.",
        alt="Two panels with a logarithmic scale, the variance of each layer’s outputs against the "
        "layer. ReLU: with σ = 0.01 it falls below the frame within five layers, with LeCun and "
        "Xavier it falls steadily, with He it stays near one, with σ = 0.2 it grows beyond the "
        "frame. tanh: σ = 0.01 falls as fast, LeCun and Xavier fall slowly, He and σ = 0.2 stay "
        "level.",
    )

"""Six activation functions and their derivatives."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from exercises.gallery.core import Words, picture
from exercises.gallery.palette import BLUE, VERMILLION
from impl.activations import elu, leaky_relu, relu, sigmoid, softplus, tanh
from impl.core import Op

SLOPE = 0.1  # the usual 0.01 could not be told from 0
SHOWN: tuple[tuple[str, Op, dict[str, float]], ...] = (
    ("sigmoid", sigmoid, {}),
    ("tanh", tanh, {}),
    ("ReLU", relu, {}),
    (f"leaky ReLU, slope {SLOPE}", leaky_relu, {"slope": SLOPE}),
    ("ELU, α = 1", elu, {}),
    ("softplus", softplus, {}),
)


@picture("Activations and their derivatives", place=1, height=5.6)
def activations(figure: Figure) -> Words:
    grid = figure.subplots(3, 2, sharex=True, sharey=True)
    for axes, (title, function, options) in zip(grid.flat, SHOWN, strict=True):
        x = np.linspace(-4, 4, 401)
        slope = function.backward(x, np.ones_like(x), **options)
        slope[np.isin(x, function.kinks)] = np.nan  # a gap: there is no derivative
        (value_line,) = axes.plot(x, function(x, **options), color=BLUE)
        (slope_line,) = axes.plot(x, slope, color=VERMILLION, linestyle=(0, (4, 2)))
        axes.set_title(title)
        axes.grid(True)
        axes.set_ylim(-1.25, 2.6)
        axes.set_yticks([-1, 0, 1, 2])
    figure.legend(
        [value_line, slope_line],
        ["the function", "its derivative"],
        loc="outside upper center",
        ncols=2,
    )
    steepest = float(sigmoid.backward(np.zeros(1), np.ones(1))[0])
    return Words(
        caption=f"The sigmoid is nowhere steeper than {steepest:g}, and flat where it saturates, "
        "as tanh is: gradients fade on their way through many such layers. "
        "The ReLU’s derivative is 0 or 1.",
        alt="Six panels, each with a function as a solid line and its derivative as a dashed one, "
        "for inputs from −4 to 4: sigmoid and tanh with bell-shaped derivatives; ReLU and leaky "
        "ReLU with derivatives that jump to 1 at zero; ELU and softplus with derivatives that "
        "rise towards 1.",
    )

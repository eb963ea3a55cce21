"""Points that more than one picture shows."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from exercises.gallery.palette import BLUE, PAPER, VERMILLION
from impl.core import Array

SHAPE = 1.4  # width to height


def two_classes() -> tuple[Array, Array]:
    """Two classes that a line separates, shape (50, 2), with labels -1 and 1."""
    rng = np.random.default_rng(11)
    X = rng.normal(size=(50, 2)) * (1.5, 0.45)
    y = np.repeat([-1, 1], 25)
    X[:, 1] += 0.45 * X[:, 0] + 1.05 * y
    X += (1.0, 2.0)  # off the origin, so that the bias has to be learned too
    order = rng.permutation(len(X))
    return X[order], y[order]


def show_classes(axes: Axes, X: Array, y: Array) -> None:
    """Scatter two classes, told apart by colour and by shape, at equal scales in a wide frame."""
    for label, color, marker in ((-1, BLUE, "o"), (1, VERMILLION, "s")):
        rows = X[y == label]
        axes.scatter(
            rows[:, 0],
            rows[:, 1],
            s=34,
            color=color,
            marker=marker,
            edgecolors=PAPER,
            linewidths=0.6,
            label=f"class {label:+d}".replace("-", "−"),
            zorder=3,
        )
    low, high = X.min(axis=0) - 0.5, X.max(axis=0) + 0.5
    middle, half = (low[0] + high[0]) / 2, SHAPE * (high[1] - low[1]) / 2
    axes.set(xlim=(middle - half, middle + half), ylim=(low[1], high[1]), aspect="equal")
    axes.set(xlabel="x₁", ylabel="x₂")

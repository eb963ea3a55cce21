"""The widest street between two classes, straight and curved."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from exercises.gallery.clouds import show_classes, two_classes
from exercises.gallery.core import Words, picture
from exercises.gallery.palette import BLUE, INK, VERMILLION
from impl.core import Array
from impl.svm import SVM


def ring() -> tuple[Array, Array]:
    """A disc inside a ring, which touch: no curve should follow every point."""
    rng = np.random.default_rng(1)
    angle = rng.uniform(0, 2 * np.pi, 90)
    y = np.repeat([1, -1], [40, 50])
    radius = np.where(y > 0, 1.15 * np.sqrt(rng.uniform(0, 1, 90)), rng.normal(1.9, 0.35, 90))
    return radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1), y


def show_street(axes: Axes, model: SVM) -> None:
    across, up = (np.linspace(*limits, 140) for limits in (axes.get_xlim(), axes.get_ylim()))
    grid = np.stack(np.meshgrid(across, up), axis=-1)
    values = model.decision_function(grid.reshape(-1, 2)).reshape(grid.shape[:2])
    axes.contourf(across, up, values, levels=[-1e9, 0, 1e9], colors=[BLUE, VERMILLION], alpha=0.1)
    axes.contour(
        across,
        up,
        values,
        levels=[-1, 0, 1],
        colors=INK,
        linestyles=["--", "-", "--"],
        linewidths=[0.9, 2, 0.9],
    )
    held = model.support_vectors_
    axes.scatter(held[:, 0], held[:, 1], s=95, facecolors="none", edgecolors=INK, zorder=4)


@picture("Support vector machines", place=4, height=7.1)
def svm(figure: Figure) -> Words:
    upper, lower = figure.subplots(2, 1)
    X, y = two_classes()
    hard = SVM(np.inf).fit(X, y)
    show_classes(upper, X, y)
    show_street(upper, hard)
    upper.set_title("hard margin, linear kernel: the perceptron’s points")
    rows, labels = ring()
    soft = SVM(1.0, kernel="gaussian", sigma=1.0).fit(rows, labels)
    show_classes(lower, rows, labels)
    show_street(lower, soft)
    lower.set_title("soft margin, C = 1, Gaussian kernel, σ = 1")
    wrong = int((soft.predict(rows) != labels).sum())
    width = 2 / float(np.linalg.norm(hard.weights_))
    return Words(
        caption=f"The widest street that separates the classes is {width:.2f} wide and is held by "
        f"{len(hard.support_)} points (ringed); the others could move, outside it, with no effect. "
        f"A Gaussian kernel’s boundary closes around the disc; there {len(soft.support_)} of "
        f"{len(rows)} points stand in the street or at its edge, {wrong} on the wrong side.",
        alt="Above, circles and squares separated by a solid line midway between two dashed ones, "
        f"with {len(hard.support_)} ringed points on the dashed lines and none between. Below, a "
        "disc of squares within a ring of circles; the solid boundary is a closed curve around "
        "the disc between two dashed ones, and the points between those are ringed.",
    )

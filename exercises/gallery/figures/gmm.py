"""EM on a mixture of three Gaussians, iteration by iteration."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse

from exercises.gallery.core import Words, number, picture
from exercises.gallery.palette import BLUE, FAINT, GREEN, INK, PAPER, VERMILLION
from impl.gmm import GaussianMixture

COLORS, MARKERS = (BLUE, VERMILLION, GREEN), ("o", "s", "^")
ITERATIONS = (1, 10, 18, 30)


def show_mixture(axes: Axes, X, model: GaussianMixture) -> None:
    nearest = model.predict(X)
    for k, (color, marker) in enumerate(zip(COLORS, MARKERS, strict=True)):
        rows = X[nearest == k]
        axes.scatter(
            rows[:, 0], rows[:, 1], s=13, color=color, marker=marker, alpha=0.55, linewidths=0
        )
        values, vectors = np.linalg.eigh(model.covariances_[k])
        angle = float(np.degrees(np.arctan2(vectors[1, 1], vectors[0, 1])))
        for deviations in (1, 2):
            width, height = 2 * deviations * np.sqrt(values[::-1])
            axes.add_patch(
                Ellipse(
                    model.means_[k],
                    width,
                    height,
                    angle=angle,
                    fill=False,
                    edgecolor=color,
                    linewidth=1.8,
                )
            )
        axes.plot(*model.means_[k], marker, color=INK, markeredgecolor=PAPER, markersize=8)


@picture("EM on a Gaussian mixture", place=5, height=5.5)
def gmm(figure: Figure) -> Words:
    rng = np.random.default_rng(7)
    X = np.concatenate(
        [
            rng.normal(size=(90, 2)) @ np.array([[1.5, 0.9], [0.0, 0.35]]) + (-1.5, 1.5),
            rng.normal(size=(90, 2)) @ np.array([[1.4, -1.0], [0.0, 0.4]]) + (1.2, 0.2),
            rng.normal(size=(60, 2)) * (0.5, 0.4) + (-1.5, -1.5),
        ]
    )
    panels = figure.subplot_mosaic(
        [list(ITERATIONS[:2]), list(ITERATIONS[2:]), ["trace", "trace"]], height_ratios=[4, 4, 3]
    )
    start = [[-3.0, 0.0], [-2.0, 0.5], [0.0, -2.0]]
    for iterations in ITERATIONS:
        model = GaussianMixture(3, means=start, max_iter=iterations, tol=0).fit(X)
        axes = panels[iterations]
        show_mixture(axes, X, model)
        axes.set(xlim=(-6.2, 5.4), ylim=(-3.6, 4.4), aspect="equal", xticks=[], yticks=[])
        axes.spines[:].set(visible=True, color=FAINT)
        axes.set_title(f"after {iterations} iteration{'s' if iterations > 1 else ''}")
    trace = model.log_likelihoods_
    panels["trace"].plot(trace, color=INK, linewidth=1.4)
    panels["trace"].plot(ITERATIONS, trace[list(ITERATIONS)], "o", color=VERMILLION, markersize=6)
    panels["trace"].set(
        xlabel="iteration", ylabel="log-likelihood", xlim=(-0.5, ITERATIONS[-1] + 0.5)
    )
    panels["trace"].grid(True)
    first, last = (number(value, ".0f") for value in trace[[0, -1]])
    return Words(
        caption="Ellipses at one and two standard deviations, from a poor start. Each point has "
        "the colour and shape of the component that is most responsible for it. The "
        f"log-likelihood never falls: from {first} to {last}.",
        alt="Four panels of the same points with three pairs of ellipses, after {}, {}, {} and {} "
        "iterations: at first the ellipses lie across the three groups, at the end each "
        "surrounds one of them. Below, the log-likelihood against the iteration, "
        "which rises to a plateau; dots mark the four panels.".format(*ITERATIONS),
    )

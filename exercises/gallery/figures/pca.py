"""Principal components, the projection onto the first, and two ways to whiten."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from exercises.gallery.core import Words, picture
from exercises.gallery.palette import BLUE, FAINT, GREEN, INK, MUTED, PURPLE, VERMILLION
from impl.pca import PCA

TICKS = (-4, -2, 0, 2, 4)


def show(axes: Axes, X, followed, title: str) -> None:
    axes.scatter(X[:, 0], X[:, 1], s=12, color=MUTED, alpha=0.5, linewidths=0)
    for row, (color, marker) in zip(followed, ((BLUE, "s"), (PURPLE, "^")), strict=True):
        axes.plot(*X[row], marker, color=color, markersize=9, markeredgecolor=INK)
    axes.set(xlim=(-5.2, 5.2), ylim=(-4.2, 4.2), aspect="equal", xticks=TICKS, yticks=TICKS)
    axes.set_title(title)
    axes.grid(True)


@picture("Principal components and whitening", place=6, height=4.2)
def pca(figure: Figure) -> Words:
    rng = np.random.default_rng(5)
    X = rng.normal(size=(160, 2)) @ np.array([[1.6, 0.9], [-0.3, 0.55]])
    model = PCA().fit(X)
    first = PCA(1).fit(X)
    along = X @ model.components_[0]
    followed = [int(along.argmax()), int((X @ model.components_[1]).argmax())]
    (data, flat), (whitened, zca) = figure.subplots(2, 2, sharex=True, sharey=True)

    show(data, X, followed, "the two directions")
    for k, color in enumerate((VERMILLION, GREEN)):
        arrow = 2 * np.sqrt(model.variances_[k]) * model.components_[k]
        data.annotate(
            "",
            model.mean_ + arrow,
            xytext=model.mean_,
            arrowprops={
                "arrowstyle": "-|>",
                "color": color,
                "linewidth": 2.2,
                "shrinkA": 0,
                "shrinkB": 0,
                "mutation_scale": 9,
            },
        )
    projected = first.inverse_transform(first.transform(X))
    for row, image in zip(X, projected, strict=True):
        flat.plot(*np.stack([row, image]).T, color=FAINT, linewidth=0.7)
    show(flat, projected, followed, "projected on the first")
    show(whitened, PCA(whiten="pca").fit_transform(X), followed, "whitened, PCA")
    show(zca, PCA(whiten="zca").fit_transform(X), followed, "whitened, ZCA")
    share = model.variance_ratios_[0]
    return Words(
        caption=f"The first direction holds {share:.0%} of the variance; arrows are two standard "
        "deviations long. Both whitenings leave variance 1 in every direction; PCA turns the "
        "points into the new axes, ZCA turns them back. Two points are marked to follow.",
        alt="Four panels of one cloud of points: an oblong cloud with a long arrow along it and a "
        "short one across; the same points moved onto the line of the long arrow; the cloud "
        "turned and made round; the cloud made round without turning. A square and a triangle "
        "mark the same two points in each panel.",
    )

"""The perceptron's line after each pass over the rows."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from exercises.gallery.clouds import show_classes, two_classes
from exercises.gallery.core import Words, picture
from exercises.gallery.palette import INK, MUTED
from impl.perceptron import Perceptron, mistake_bound
from impl.svm import SVM


@picture("The perceptron", place=3, height=3.6)
def perceptron(figure: Figure) -> Words:
    X, y = two_classes()
    axes = figure.subplots()
    show_classes(axes, X, y)
    last = Perceptron().fit(X, y)
    for passes in range(1, last.epochs_):
        model = Perceptron(max_epochs=passes).fit(X, y)
        final = passes == last.epochs_ - 1  # the last pass only confirms
        along, up = model.weights_
        axes.axline(
            (0, -model.bias_ / up),
            slope=-along / up,
            color=INK if final else MUTED,
            linewidth=2.2 if final else 0.9,
            linestyle="-" if final else (0, (5, 3)),
            label="at the end" if final else "after a pass" if passes == 1 else None,
        )
    axes.legend(loc="upper left")
    widest = SVM(np.inf).fit(X, y)
    bound = mistake_bound(X, y, widest.weights_, widest.bias_)
    return Words(
        caption=f"{last.mistakes_} mistakes in {last.epochs_} passes; they can never be more than "
        f"(R/γ)² = {bound:.0f} here, in whatever order the rows come. It stops at the first line "
        "that separates the classes, however close to a point it runs.",
        alt=f"Two clouds of {len(X) // 2} points each in the plane, circles and squares. Dashed "
        "lines show the boundary after each pass over the points; the solid one, the last, "
        "has all circles on one side and all squares on the other.",
    )

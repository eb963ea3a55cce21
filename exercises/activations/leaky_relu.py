"""Leaky ReLU in code, forward and backward, kink included."""

import numpy as np

from exercises.answers import Code, Gradient
from exercises.core import Exercise
from impl.activations import leaky_relu as reference

ex = Exercise(
    "A leak that keeps units alive", claims=["CO-leaky-def", "SU-3.6-dead", "SU-3.6-elu"], level=1
)


def inputs(rng):
    """One entry, the kink, extremes, two axes, and a strided view; several leaks."""
    leak = float(rng.uniform(0.02, 0.4))
    wide = rng.normal(size=(4, 6))
    return [
        (np.array([-2.0]), leak),
        (np.array([0.0, -0.0, 1.0, -1.0]), leak),
        (np.array([1e300, -1e300, 1e-300, -1e-300]), leak),
        (rng.normal(size=(3, 4)), 0.01),
        (wide[:, ::2], leak),
        (rng.normal(size=7), 0.0),
    ]


@ex.part(points=2, answer=Code("leaky_relu", inputs, parameters=("x", "slope")))
def values():
    r"""A ReLU that never sees a positive input never learns: its gradient is zero for good. A leaky
    ReLU lets a little through. Return $x$ where $x > 0$ and `slope` times $x$ elsewhere, for an
    array `x` of any shape.
    """
    return reference


@values.mistake(credit=1, help="Right for positive inputs only: what happens to the others?")
def no_leak():
    return lambda x, slope: np.maximum(x, 0.0)


@values.mistake(credit=0, help="Try it on a positive input: it should come back as it was.")
def leak_on_both_sides():
    return lambda x, slope: slope * x


@values.hint
def elementwise_choice():
    "NumPy has a function that takes a condition and two arrays, and picks entry by entry."


@ex.part(
    points=3,
    answer=Gradient("leaky_relu_gradient", "leaky_relu", inputs, parameters=("x", "slope")),
)
def gradient():
    r"""Now the way back: the gradient with respect to `x`, given the `gradient` that arrives from
    above, of the shape of `x`. At the kink $x = 0$ use the derivative from the left.
    """
    return reference.backward


@gradient.mistake(credit=2, help="Multiply by what arrives from above, entry by entry.")
def ignored_upstream():
    return lambda x, slope, gradient: np.where(x > 0, 1.0, slope) + 0 * gradient


@gradient.mistake(credit=2, help="Look at the kink: which of the two sides was asked for?")
def from_the_right():
    return lambda x, slope, gradient: gradient * np.where(x >= 0, 1.0, slope)


@gradient.mistake(
    credit=0, help="What decides is the sign of the input, not that of the gradient from above."
)
def sign_of_the_wrong_thing():
    return lambda x, slope, gradient: np.where(gradient > 0, gradient, slope * gradient)


@gradient.hint
def two_slopes():
    "The graph consists of two straight lines. What is the slope of each?"

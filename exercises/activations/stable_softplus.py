"""A softplus that survives inputs in the thousands."""

import numpy as np

from exercises.answers import Code, Gradient
from exercises.core import Exercise
from impl.activations import softplus as reference

ex = Exercise("A softplus that survives", claims=["CO-softplus-def", "CO-softplus-deriv"], level=2)


def inputs(rng):
    """Around zero, far out on both sides, one entry, two axes, a strided view."""
    far = float(rng.integers(800, 3000))
    return [
        (np.array([0.0]),),
        (np.array([far, -far]),),
        (np.array([-40.0, 40.0, -20.0]),),
        (rng.normal(scale=3.0, size=(2, 3)),),
        (rng.normal(size=(4, 6))[:, ::3],),
        (rng.normal(scale=300.0, size=9),),
    ]


@ex.part(points=3, answer=Code("softplus", inputs, parameters=("x",), atol=1e-300))
def values():
    r"""Compute $\log(1 + e^x)$ for an array `x` of any shape. It must be right for inputs such as
    1000, where $e^{1000}$ is too large for a float, and for inputs such as $-40$, where
    $1 + e^{-40}$ is rounded to 1 but the logarithm is not 0.
    """
    return reference


@values.mistake(credit=2, help="No overflow any more, but small values are rounded to 0.")
def rounds_to_zero():
    return lambda x: np.maximum(x, 0) + np.log(1 + np.exp(-np.abs(x)))


@values.mistake(credit=1, help="Right in the middle only: on one side it overflows.")
def overflows():
    def naive(x):
        with np.errstate(over="ignore"):
            return np.log(1 + np.exp(x))

    return naive


@values.hint
def take_out_the_large_part():
    "For a large x the answer is x and a little more. How much more?"


@values.hint
def a_function_for_small_numbers():
    "NumPy has a function for the logarithm of 1 plus something tiny."


@ex.part(points=2, answer=Gradient("softplus_gradient", "softplus", inputs, parameters=("x",)))
def gradient():
    r"""Compute the gradient with respect to `x`, given the `gradient` from above, of the shape of
    `x`. No `nan` for large inputs, please.
    """
    return reference.backward


@gradient.mistake(credit=1, help="Use the gradient that arrives from above.")
def ignored_upstream():
    return lambda x, gradient: reference.backward(x, np.ones_like(gradient))


@gradient.mistake(credit=0, help="Where x is large, softplus is almost x: what is its slope?")
def mirrored():
    return lambda x, gradient: reference.backward(-x, gradient)


@gradient.hint
def a_known_function():
    "The slope climbs from 0 to 1. Which activation function looks like that?"

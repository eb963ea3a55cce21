"""He's standard deviation from the shape of a weight array, in code."""

import math

import numpy as np

from exercises.answers import Code
from exercises.core import Exercise
from impl.initialization import fans

ex = Exercise("Count the fans", claims=["CO-he-var", "CO-xavier-var", "SU-3.43-msra"], level=2)


def inputs(rng):
    """Dense shapes, single units, square and oblong kernels, one-dimensional convolutions."""
    n, m = (int(k) for k in rng.integers(2, 300, size=2))
    shapes = ((1, 1), (m, n), (1, n), (64, 3, 7, 7), (m, n, 1, 1), (8, 4, 3, 5), (6, n, 9))
    return [(np.array(shape, dtype=float),) for shape in shapes]


def _scale(shape):
    return math.sqrt(2 / fans([int(k) for k in shape])[0])


@ex.part(points=3, answer=Code("he_scale", inputs, parameters=("shape",), integers=True))
def scale():
    r"""Weights of a dense layer have the shape `(out, in)`, those of a convolution
    `(out, in, height, width)`; there may be one spatial axis or any number of them. Given `shape`
    as an array of these numbers, return the standard deviation $\sqrt{2 / \mathrm{fan}_{in}}$ that
    He et al. recommend before a ReLU. The fan-in is how many numbers **one output adds up**.
    """
    return _scale


@scale.mistake(credit=1, help="Right for dense layers; an output of a convolution sees a window.")
def channels_only():
    return lambda shape: math.sqrt(2 / shape[1])


@scale.mistake(credit=1, help="This counts what one input reaches: the fan-out.")
def fan_out():
    return lambda shape: math.sqrt(2 / (shape[0] * math.prod(shape[2:])))


@scale.mistake(credit=0, help="The array's size counts the weights of all outputs together.")
def whole_array():
    return lambda shape: math.sqrt(2 / math.prod(shape))


@scale.hint
def which_axes():
    "Fix one output. Which axes of the weights does its sum run over?"

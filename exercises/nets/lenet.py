"""A small LeNet, layer by layer: sizes, shared weights, connections, and what one unit sees."""

import numpy as np
from sympy import Rational

from exercises.answers import Array, Number
from exercises.core import Exercise

ex = Exercise(
    "Reading a network off a napkin",
    claims=["CO-lenet-shape", "CO-lenet-perout", "CO-lenet-conn", "CO-cnn-receptive"],
    level=2,
    prerequisites=["nets.parameters", "convolution.sizes"],
    minutes=20,
)


@ex.variant
def draw(v):
    # Both convolutions and both poolings fit exactly: no row of the image is lost.
    side, kernel = v.choice(((32, 5), (28, 5), (36, 5), (26, 3), (30, 3), (34, 3)))
    return {
        "side": side,
        "kernel": kernel,
        "maps": v.choice((4, 6, 8)),
        "more": v.choice((10, 12, 16)),
        "units": v.choice((20, 30, 40)),
    }


def _sides(side, kernel):
    first = side - kernel + 1
    second = first // 2 - kernel + 1
    return first, first // 2, second, second // 2


@ex.part(points=2, answer=Array("lenet_sides"))
def sides(side, kernel):
    r"""A grey image of ${{ side }} \times {{ side }}$ pixels goes through four steps.

    1. {{ maps }} kernels of ${{ kernel }} \times {{ kernel }}$, stride 1, no padding,
    2. max-pooling of $2 \times 2$ with stride 2,
    3. {{ more }} kernels of ${{ kernel }} \times {{ kernel }}$ over all maps, stride 1, no padding,
    4. max-pooling of $2 \times 2$ with stride 2.

    How many pixels wide are the maps after each of the four?
    """
    return np.array(_sides(side, kernel), dtype=float)


@sides.mistake(credit=1, help="A kernel fits once more than that: count its places along an edge.")
def one_place_short(side, kernel):
    first = side - kernel
    second = first // 2 - kernel
    return np.array([first, first // 2, second, second // 2], dtype=float)


@sides.mistake(credit=1, help="Without padding a convolution loses the border.")
def padded(side):
    return np.array([side, side // 2, side // 2, side // 4], dtype=float)


@sides.hint
def places():
    "At how many places along an edge can a kernel stand?"


@ex.part(points=3, answer=Array("lenet_parameters"))
def parameters(kernel, maps, more):
    r"""How many parameters has each of the four? Every kernel has one bias."""
    return np.array([(kernel**2 + 1) * maps, 0, (kernel**2 * maps + 1) * more, 0], dtype=float)


@parameters.mistake(credit=1, help="A kernel of step 3 looks at all the maps at once.")
def one_map(kernel, maps, more):
    return np.array([(kernel**2 + 1) * maps, 0, (kernel**2 + 1) * more, 0], dtype=float)


@parameters.mistake(credit=2, help="And the biases?")
def no_biases(kernel, maps, more):
    return np.array([kernel**2 * maps, 0, kernel**2 * maps * more, 0], dtype=float)


@parameters.mistake(credit=1, help="A kernel has one bias, whatever the number of its inputs.")
def bias_for_each_map(kernel, maps, more):
    return np.array([(kernel**2 + 1) * maps, 0, (kernel**2 + 1) * maps * more, 0], dtype=float)


@parameters.hint
def what_learns():
    "Does a maximum have anything to learn?"


@ex.part(points=2, answer=Number("lenet_connections"), after=sides)
def connections(kernel, maps, sides):
    r"""Weights are shared, connections are not: each output of step 1 is joined to its patch of the
    image and to a bias. How many connections are there in step 1?
    """
    return (kernel**2 + 1) * maps * Rational(float(sides[0])) ** 2


@connections.mistake(credit=1, help="The bias is a connection too.")
def without_bias(kernel, maps, sides):
    return kernel**2 * maps * Rational(float(sides[0])) ** 2


@connections.mistake(credit=0, help="That is what is learned. It is used at every place.")
def shared(kernel, maps):
    return (kernel**2 + 1) * maps


@connections.hint
def one_output():
    "Count for one output, then count the outputs."


@ex.part(points=2, answer=Number("lenet_dense_parameters"), after=sides)
def dense(more, units, sides):
    r"""All that comes out of step 4 is read as one list and goes into a dense layer of {{ units }}
    units with biases. How many parameters has that layer?
    """
    return (Rational(float(sides[3])) ** 2 * more + 1) * units


@dense.mistake(credit=1, help="Each unit has a bias as well.")
def without_biases(more, units, sides):
    return Rational(float(sides[3])) ** 2 * more * units


@dense.mistake(credit=1, help="There are several maps, and all of them are in the list.")
def a_single_map(units, sides):
    return (Rational(float(sides[3])) ** 2 + 1) * units


@dense.hint
def length_of_list():
    "How long is the list?"


@ex.part(points=3, answer=Number("lenet_receptive_field"))
def receptive_field(kernel):
    r"""How many pixels of the **image** wide is the patch that one entry after step 4 can see?"""
    return 3 * kernel + 1


@receptive_field.mistake(
    credit=1, help="Behind the first pooling, neighbours are two pixels apart."
)
def steps_of_one(kernel):
    return 2 * kernel + 1


@receptive_field.mistake(credit=1, help="That is after step 3. The second pooling looks further.")
def before_the_last(kernel):
    return 3 * kernel - 1


@receptive_field.hint
def backwards():
    "Go backwards: how wide is the patch that it sees after step 3, after step 2, after step 1?"

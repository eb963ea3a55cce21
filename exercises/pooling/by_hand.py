"""Max and average pooling of a small feature map, and a shift by one pixel."""

import numpy as np
from sympy import Matrix, latex

from exercises.answers import Array, Number
from exercises.core import Exercise
from impl.layers.pooling import average_pool2d, max_pool2d

ex = Exercise(
    "Four pixels into one", claims=["XU-141.n2", "CO-pool-outsize", "CO-pool-invariance"], level=1
)


@ex.variant
def draw(v):
    values = v.shuffled(range(-6, 10))
    rows = tuple(values[4 * k : 4 * k + 4] for k in range(4))
    # In some window a negative number is the largest in size.
    if np.array_equal(_pooled(max_pool2d, rows), _pooled(max_pool2d, np.abs(rows))):
        return draw(v)
    return {"rows": rows, "shown": latex(Matrix(rows))}


def _pooled(operation, rows, stride=2):
    return operation(np.array(rows, dtype=float)[None, None], 2, stride)[0, 0]


@ex.part(points=1, answer=Array("max_pooled"))
def largest(rows):
    r"""A feature map arrives at a pooling layer with windows of size $2 \times 2$ and stride 2:
    $${{ shown }}$$
    Give the output of **max** pooling.
    """
    return _pooled(max_pool2d, rows)


@largest.mistake(credit=0, help="The largest value itself is kept, with its sign.")
def largest_size(rows):
    return _pooled(max_pool2d, np.abs(rows))


@largest.hint
def four_windows():
    "Draw a cross through the middle: four windows, four numbers."


@ex.part(points=2, answer=Array("average_pooled"))
def mean(rows):
    r"""And the output of **average** pooling?"""
    return _pooled(average_pool2d, rows)


@mean.mistake(credit=1, help="These are the sums of the windows.")
def sums(rows):
    return 4 * _pooled(average_pool2d, rows)


@mean.hint
def same_windows():
    "The windows are the same as before."


@ex.part(points=2, answer=Array("overlapping_pooled"))
def overlapping(rows):
    r"""Now the stride is 1, so that windows overlap. Give the output of max pooling."""
    return _pooled(max_pool2d, rows, stride=1)


@overlapping.mistake(
    credit=1, help="Almost: the number of rows and columns is right. Take the max."
)
def averages(rows):
    return _pooled(average_pool2d, rows, stride=1)


@overlapping.hint
def how_many():
    "First count how many windows fit side by side."


@ex.part(points=1, answer=Number("pooling_parameters"))
def parameters():
    r"""How many numbers does such a layer have to learn?"""
    return 0


@parameters.mistake(credit=0, help="The windows have a size, but no weights.")
def one_for_each_entry():
    return 4


@parameters.hint
def where_are_the_weights():
    "Look at what the layer computes. Is there a number in it that training could change?"

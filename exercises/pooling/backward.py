"""Where the gradient goes at a pooling layer, by hand."""

import numpy as np
from sympy import Matrix, latex

from exercises.answers import Array
from exercises.core import Exercise
from impl.layers.pooling import average_pool2d, max_pool2d

ex = Exercise(
    "The winner takes the gradient",
    claims=["XU-141.n2", "CO-bp-max"],
    level=2,
    prerequisites=["pooling.by_hand"],
)


@ex.variant
def draw(v):
    values = v.shuffled(range(1, 17))
    rows = tuple(values[4 * k : 4 * k + 4] for k in range(4))
    above = tuple(tuple(v.sign() * v.integer(1, 5) * 4 for _ in range(2)) for _ in range(2))
    return {
        "rows": rows,
        "above": above,
        "rows_tex": latex(Matrix(rows)),
        "above_tex": latex(Matrix(above)),
    }


def _back(operation, rows, above, stride=2):
    x, g = np.array(rows, dtype=float), np.array(above, dtype=float)
    return operation.backward(x[None, None], g[None, None], 2, stride)[0, 0]


def _spread(above):
    return np.kron(np.array(above, dtype=float), np.ones((2, 2)))


@ex.part(points=3, answer=Array("max_pooling_gradient"))
def through_max(rows, above):
    r"""Max pooling with $2 \times 2$ windows and stride 2 is applied to $x$, and from above arrives
    the gradient $G$ of the four outputs:
    $$x = {{ rows_tex }},\quad G = {{ above_tex }}.$$
    Give the gradient with respect to $x$.
    """
    return _back(max_pool2d, rows, above)


@through_max.mistake(credit=1, help="Who lost the contest has no influence on the output.")
def everyone_gets_it(above):
    return _spread(above)


@through_max.mistake(credit=1, help="The right places. The slope of the maximum there is 1.")
def value_for_slope(rows, above):
    return _back(max_pool2d, rows, above) * np.array(rows)


@through_max.hint
def nudge():
    "Nudge one entry a little. Does the output of its window notice?"


@ex.part(points=2, answer=Array("average_pooling_gradient"))
def through_average(rows, above):
    r"""And if the layer averaged instead?"""
    return _back(average_pool2d, rows, above)


@through_average.mistake(credit=1, help="Each entry counts only in part: look at the formula.")
def undivided(above):
    return _spread(above)


@through_average.hint
def nudge_again():
    "Nudge one entry by 1. By how much does the average of its window change?"

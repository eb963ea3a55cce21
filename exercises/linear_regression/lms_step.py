"""One step of the LMS rule, by hand."""

from itertools import product

import numpy as np
from sympy import Rational, latex

from exercises.answers import Array, Number
from exercises.core import Exercise

ex = Exercise("One example at a time", claims=["SU-2.4", "SU-2.5a", "SU-2.5b"], level=1)


def _residual(w, x, y):
    return y - sum(a * b for a, b in zip(w, x, strict=True))


@ex.variant
def draw(v):
    x = v.choice([x for x in product((-3, -2, -1, 1, 2, 3), repeat=2) if abs(x[0]) != abs(x[1])])
    w = v.distinct_integers(-4, 4, n=2)
    y = v.sign() * v.choice((2, 3, 4, 6, 7)) - _residual(w, x, 0)
    rate = Rational(1, v.choice((20, 30, 40)))
    return {"w": w, "x": x, "y": y, "rate": rate, "shown": latex(rate)}


@ex.part(points=3, answer=Array("lms_weights"))
def weights(w, x, y, rate):
    r"""A linear model without a constant has the weights $w = {{ w }}$. Now comes the example
    $x = {{ x }}$ with target $y = {{ y }}$. Take one step of gradient descent on
    $\frac12 (w^\top x - y)^2$ with learning rate ${{ shown }}$. What are the new weights?
    """
    return np.array(w) + float(rate * _residual(w, x, y)) * np.array(x)


@weights.mistake(credit=1, help="This step climbs: the error on the example has grown.")
def uphill(w, x, y, rate):
    return np.array(w) - float(rate * _residual(w, x, y)) * np.array(x)


@weights.mistake(credit=1, help="The weight of a larger feature has a larger share in the error.")
def feature_left_out(w, x, y, rate):
    return np.array(w) + float(rate * _residual(w, x, y))


@weights.mistake(credit=1, help="What does the half in front of the square do?")
def factor_two(w, x, y, rate):
    return np.array(w) + 2 * float(rate * _residual(w, x, y)) * np.array(x)


@weights.hint
def residual_first():
    "How far is the prediction from the target? Then: which way, and how much, for each weight?"


@ex.part(points=2, answer=Number("lms_residual"))
def left(w, x, y, rate):
    r"""What is $y - w^\top x$ on the same example **after** the step? Give it exactly."""
    return _residual(w, x, y) * (1 - rate * sum(a * a for a in x))


@left.mistake(credit=0, help="That was before the step.")
def before(w, x, y):
    return _residual(w, x, y)


@left.mistake(credit=1, help="An error after a sensible step is smaller than before.")
def after_climbing(w, x, y, rate):
    return _residual(w, x, y) * (1 + rate * sum(a * a for a in x))


@left.hint
def no_new_product():
    "Put the new weights in, or see by which factor the error shrinks."


@ex.part(points=2, answer=Number("lms_perfect_rate"))
def perfect(x):
    r"""With which learning rate would the error on this example vanish in **one** step? Give it
    exactly.
    """
    return Rational(1, sum(a * a for a in x))


@perfect.mistake(credit=0, help="Measure the example by the sum of its squares.")
def plain_sum(x):
    return Rational(1, sum(abs(a) for a in x))


@perfect.mistake(credit=1, help="With this rate the error only changes its sign.")
def twice(x):
    return Rational(2, sum(a * a for a in x))


@perfect.hint
def factor():
    "By which factor does a step multiply the error? Set it to zero."

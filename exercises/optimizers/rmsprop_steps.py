"""Two steps of RMSProp and of AdaGrad by hand; the roots come out even."""

import numpy as np
from sympy import Rational, latex

from exercises.answers import Array
from exercises.core import Exercise
from impl.optimizers import AdaGrad, RMSProp

ex = Exercise(
    "A step size of one's own",
    claims=["CO-rmsprop", "CO-rmsprop-decrease", "CO-adagrad", "CO-adagrad-monotone"],
    level=2,
    prerequisites=["optimizers.learning_rate"],
)
BETA = Rational(3, 4)
# With this beta both roots of RMSProp are rational.
FOR_RMSPROP = ((4, 2), (6, 3), (8, 1), (8, 4), (8, 11))
# Legs of right triangles: both roots of AdaGrad are whole numbers.
FOR_ADAGRAD = ((3, 4), (4, 3), (5, 12), (12, 5), (6, 8), (8, 6), (8, 15))


@ex.variant
def draw(v):
    rate = v.choice((Rational(1, 2), Rational(1, 4), Rational(1, 5)))
    return {
        "start": v.integer(3, 9),
        "rate": rate,
        "rate_tex": latex(rate),
        "one": v.choice(FOR_RMSPROP),
        "two": v.choice(FOR_ADAGRAD),
    }


def _path(optimizer, start, gradients):
    theta, places = np.array([float(start)]), []
    for g in gradients:
        optimizer.step([theta], [np.array([float(g)])])
        places.append(theta[0])
    return np.array(places)


@ex.part(points=3, answer=Array("rmsprop_path", rtol=5e-4))
def rmsprop(start, rate, one):
    r"""RMSProp keeps a running mean of squares, $a \leftarrow \frac34 a + \frac14 g^2$ from $a =
    0$, and then steps $\theta \leftarrow \theta - {{ rate_tex }}\, g / \sqrt a$ (the tiny constant
    that guards against a division by zero is left out). It starts at $\theta = {{ start }}$, and
    two gradients come in: first {{ one[0] }}, then {{ one[1] }}. Where is $\theta$ after each step,
    to four significant figures?
    """
    return _path(RMSProp(float(rate), beta=float(BETA), gamma=0.0), start, one)


@rmsprop.mistake(credit=1, help="The old mean fades by its factor before the new square comes in.")
def forgot_to_fade(start, rate, one):
    a = one[0] ** 2 / 4
    first = start - float(rate) * one[0] / a**0.5
    return np.array([first, first - float(rate) * one[1] / (a + one[1] ** 2 / 4) ** 0.5])


@rmsprop.mistake(credit=1, help="The gradient is divided by the root of the mean, not by the mean.")
def no_root(start, rate, one):
    a = one[0] ** 2 / 4
    first = start - float(rate) * one[0] / a
    return np.array([first, first - float(rate) * one[1] / (3 * a / 4 + one[1] ** 2 / 4)])


@rmsprop.hint
def mean_before_step():
    "Each gradient enters the mean first, and only then is the step taken."


@ex.part(points=2, answer=Array("adagrad_path"))
def adagrad(start, rate, two):
    r"""AdaGrad **adds up** the squares, $a \leftarrow a + g^2$ from $a = 0$; the rest is the same.
    From $\theta = {{ start }}$ with the gradients {{ two[0] }} and {{ two[1] }}: where is $\theta$
    after each step?
    """
    return _path(AdaGrad(float(rate), gamma=0.0), start, two)


@adagrad.mistake(credit=1, help="Nothing is ever forgotten here: the first square is still there.")
def only_the_latest(start, rate):
    return start - float(rate) * np.array([1.0, 2.0])


@adagrad.hint
def right_triangles():
    "The root of a sum of two squares: think of a triangle."

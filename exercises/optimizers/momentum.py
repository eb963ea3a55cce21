"""Three steps of momentum by hand, beside plain descent."""

import numpy as np
from sympy import Rational, latex, symbols

from exercises.answers import Array, Expression
from exercises.core import Exercise
from impl.optimizers import SGD, Momentum
from impl.optimizers.base import descend

ex = Exercise(
    "A ball in a bowl",
    claims=["CO-momentum", "CO-momentum-unrolled", "CO-momentum-runmean", "XU-56"],
    level=2,
    prerequisites=["optimizers.learning_rate"],
)
a, r = symbols("a r", positive=True)
g1, g2, g3, g4 = symbols("g1 g2 g3 g4", real=True)


@ex.variant
def draw(v):
    rate, alpha = v.choice((Rational(1, 4), Rational(1, 2))), v.choice((Rational(1, 2), 1))
    alpha = Rational(alpha)
    return {
        "start": v.sign() * 8 * v.integer(1, 3),
        "rate": rate,
        "alpha": alpha,
        "rate_tex": latex(rate),
        "alpha_tex": latex(alpha),
    }


def _path(optimizer, start):
    return descend(lambda x: x, np.array([float(start)]), optimizer, steps=3)[1:, 0]


@ex.part(points=2, answer=Array("plain_descent_path"))
def plain(start, rate):
    r"""You stand at $x = {{ start }}$ in the bowl $f(x) = \frac12 x^2$ and take three steps of
    plain gradient descent with learning rate ${{ rate_tex }}$. Where are you after each of them?
    """
    return _path(SGD(float(rate)), start)


@plain.mistake(credit=1, help="Differentiate: where does the factor in front of the square go?")
def slope_doubled(start, rate):
    return start * (1 - 2 * float(rate)) ** np.arange(1, 4)


@plain.mistake(credit=0, help="This climbs out of the bowl: against the gradient, please.")
def uphill(start, rate):
    return start * (1 + float(rate)) ** np.arange(1, 4)


@plain.hint
def slope_of_the_bowl():
    "What is the gradient at x? Each step subtracts a fixed share of it."


@ex.part(points=3, answer=Array("momentum_path"))
def heavy(start, rate, alpha):
    r"""Now you are a heavy ball. From rest ($v = 0$) at the same place, each step first changes the
    velocity, $v \leftarrow {{ alpha_tex }}\, v - {{ rate_tex }}\, f'(x)$, and then the place,
    $x \leftarrow x + v$. Where are you after each of three steps?
    """
    return _path(Momentum(float(rate), float(alpha)), start)


@heavy.mistake(credit=1, help="From the second step on the old velocity is still with you.")
def no_memory(start, rate):
    return _path(SGD(float(rate)), start)


@heavy.hint
def a_table():
    "Keep a table with a column each for the gradient, the velocity and the place."


@ex.part(points=2, answer=Expression("velocity_unrolled", (a, r, g1, g2, g3, g4)))
def unrolled():
    r"""In general $v \leftarrow a v - r g$ with decay $a$ and learning rate $r$. The first four
    gradients were $g_1, \dots, g_4$, written `g1` to `g4`. Give the velocity after the fourth
    step, starting from rest.
    """
    return -r * (a**3 * g1 + a**2 * g2 + a * g3 + g4)


@unrolled.mistake(credit=1, help="The oldest gradient has faded most: turn the powers around.")
def youngest_fades():
    return -r * (g1 + a * g2 + a**2 * g3 + a**3 * g4)


@unrolled.mistake(credit=1, help="The ball rolls downhill: look at the sign.")
def rolls_uphill():
    return r * (a**3 * g1 + a**2 * g2 + a * g3 + g4)


@unrolled.hint
def insert():
    "Write down the first two velocities, and put one into the other."

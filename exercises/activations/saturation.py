"""How far out a sigmoid saturates, in numbers."""

from sympy import Rational, log

from exercises.answers import Number
from exercises.core import Exercise

ex = Exercise(
    "When a sigmoid stops listening",
    claims=["CO-sigmoid-saturate", "CO-sigmoid-extremes", "XU-S2.3.5.p2", "SU-3.6-sig"],
    level=2,
)


@ex.variant
def draw(v):
    return {"percent": v.choice((85, 90, 92, 95, 96, 97, 98, 99))}


@ex.part(points=2, answer=Number("saturation_input", digits=3))
def where(percent):
    r"""A sigmoid unit is sure of itself: its output is ${{ percent }}\,\%$. Which input $t$ made it
    so?
    """
    return log(Rational(percent, 100 - percent))


@where.mistake(credit=1, help="Your unit is this sure of the opposite: look at the sign.")
def mirrored(percent):
    return -log(Rational(percent, 100 - percent))


@where.mistake(credit=0, help="The output is a fraction with 1 in its denominator, too.")
def plain_logarithm(percent):
    return -log(Rational(percent, 100))


@where.hint
def odds():
    "How does the output compare with what is missing to 1? Their quotient is an exponential."


@ex.part(points=2, answer=Number("saturation_slope"))
def slope(percent):
    r"""How steep is the sigmoid there? Give $\sigma'(t)$ exactly, as a fraction or a decimal. You
    do not need $t$ for it.
    """
    p = Rational(percent, 100)
    return p * (1 - p)


@slope.mistake(credit=0, help="That is the value missing to 1; it is one of two factors.")
def one_factor(percent):
    return 1 - Rational(percent, 100)


@slope.mistake(credit=1, help="That would be the slope of tanh: the square is not what is taken.")
def of_tanh(percent):
    return 1 - Rational(percent, 100) ** 2


@slope.hint
def in_terms_of_itself():
    "The derivative of the sigmoid can be written with the value of the sigmoid."


@ex.part(points=2, answer=Number("saturation_slowdown", digits=3))
def slowdown(percent):
    r"""Gradients that pass this unit are multiplied by its slope. How many times **weaker** do they
    come out than from a unit at its most sensitive point?
    """
    p = Rational(percent, 100)
    return 1 / (4 * p * (1 - p))


@slowdown.mistake(credit=1, help="The largest slope of a sigmoid is not 1.")
def compared_with_one(percent):
    p = Rational(percent, 100)
    return 1 / (p * (1 - p))


@slowdown.mistake(credit=1, help="Weaker by a factor above 1: turn your quotient around.")
def inverted(percent):
    p = Rational(percent, 100)
    return 4 * p * (1 - p)


@slowdown.hint
def the_steepest_point():
    "Where is a sigmoid steepest, and what is its value there?"

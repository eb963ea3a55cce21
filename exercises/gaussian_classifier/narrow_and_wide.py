"""Two normal classes with one mean and two variances: an interval decides."""

from sympy import Rational, exp, log, sqrt

from exercises.answers import Number
from exercises.core import Exercise

ex = Exercise(
    "The careful and the careless archer",
    claims=["CO-gauss-model", "CO-gauss-test.s2", "SU-1.14"],
    level=3,
)


@ex.variant
def draw(v):
    k = v.integer(2, 6)
    return {"k": k, "at": v.integer(1, 3), "far": v.integer(4, 5)}


def _odds(k, at):
    """Odds of the narrow class against the wide one, equally frequent."""
    return k * exp(-Rational(at**2, 2) * (1 - Rational(1, k**2)))


@ex.part(points=2, answer=Number("archer_careful", digits=3))
def careful(k, at):
    r"""Two archers aim at the middle of a line. The careful one misses by a normal distance with
    standard deviation 1, the careless one with standard deviation {{ k }}. They shoot equally
    often. An arrow lands at {{ at }}. With what probability did the **careful** one shoot it?
    """
    return 1 - 1 / (1 + _odds(k, at))


@careful.mistake(credit=1, help="A wide bell is a low one: what stands before its exponential?")
def no_height(k, at):
    return 1 - 1 / (1 + _odds(k, at) / k)


@careful.mistake(credit=1, help="This is the careless one's probability.")
def careless(k, at):
    return 1 / (1 + _odds(k, at))


@careful.hint
def densities():
    "Compare the two densities at this point, with the factors in front."


@ex.part(points=3, answer=Number("archer_boundary", digits=3))
def boundary(k):
    r"""How far from the middle are both equally probable? Give the positive distance."""
    return sqrt(2 * log(k) / (1 - Rational(1, k**2)))


@boundary.mistake(credit=1, help="Take the factor 2 of the exponent along.")
def factor_two_lost(k):
    return sqrt(log(k) / (1 - Rational(1, k**2)))


@boundary.mistake(credit=1, help="You are one operation from the end: x comes in squared.")
def not_rooted(k):
    return 2 * log(k) / (1 - Rational(1, k**2))


@boundary.hint
def logarithms():
    "Set the densities equal and take logarithms. What is left is a quadratic equation."


@ex.part(points=2, answer=Number("archer_frequency", digits=3))
def frequency(k, far):
    r"""The careless one gets tired and shoots less and less. An arrow at distance
    {{ far }} would now be the work of either with equal probability. How many times **as often** as
    the careless one does the careful one shoot by then?
    """
    return 1 / _odds(k, far)


@frequency.mistake(credit=1, help="Turn it around: who shoots more often by then?")
def inverted(k, far):
    return _odds(k, far)


@frequency.mistake(credit=1, help="A wide bell is a low one: what stands before its exponential?")
def heights_left_out(k, far):
    return k / _odds(k, far)


@frequency.hint
def prior_odds():
    "Prior odds times the quotient of the densities should be 1."

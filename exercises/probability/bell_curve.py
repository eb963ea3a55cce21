"""Completing the square under a bell curve."""

from sympy import Rational, Symbol, exp

from exercises.answers import Expression, Number
from exercises.core import Exercise

ex = Exercise("Completing the square", claims=["SU-1.14", "SU-1.14.sum", "SU-1.14.mean"], level=3)
t = Symbol("t", real=True)


@ex.variant
def draw(v):
    k = v.integer(2, 5)
    return {"k": k, "hundredths": v.integer(2, 9), "percent": v.integer(11, 30)}


@ex.part(points=3, answer=Expression("square_completed", (t,)))
def average(k):
    r"""Let $X$ be standard normal. What is $e^{ {{ k }} t X}$ on average? Give it as a formula in
    $t$. The integral looks worse than it is: write both exponents as one, and complete the square.
    """
    return exp(Rational(k * k, 2) * t**2)


@average.mistake(credit=1, help="Nearly. What was it that you added to complete the square?")
def not_squared(k):
    return exp(Rational(k, 2) * t**2)


@average.mistake(credit=1, help="The bell curve has a half in its exponent.")
def no_half(k):
    return exp(k**2 * t**2)


@average.mistake(credit=0, help="Large values count for more than small ones: it is not symmetric.")
def mean_put_in():
    return 1


@average.hint
def shifted():
    "Which square has this middle term? What do you have to add to make up for its last one?"


@average.hint
def density():
    "What is left under the integral is a density. Whose, and what is its integral?"


@ex.part(points=2, answer=Number("growth_mean", digits=4))
def growth(hundredths, percent):
    r"""The value of a fund grows in a year by the factor $e^Z$, where $Z$ is normal with mean
    ${{ hundredths / 100 }}$ and standard deviation ${{ percent / 100 }}$. What is the mean of that
    factor? Write $Z$ with a standard normal variable, and use what you have just shown.
    """
    return exp(Rational(hundredths, 100) + Rational(percent, 100) ** 2 / 2)


@growth.mistake(credit=0, help="The mean of an exponential is not the exponential of the mean.")
def without_spread(hundredths):
    return exp(Rational(hundredths, 100))


@growth.mistake(credit=1, help="The spread comes in by the variance, and not all of it.")
def whole_variance(hundredths, percent):
    return exp(Rational(hundredths, 100) + Rational(percent, 100) ** 2)


@growth.mistake(credit=1, help="You have used the deviation in place of the variance.")
def deviation(hundredths, percent):
    return exp(Rational(hundredths, 100) + Rational(percent, 200))


@growth.hint
def standardise():
    "Z is its mean plus a multiple of a standard normal variable. Which multiple?"

"""A binomial distribution: guessing one's way through a test."""

from sympy import Rational, binomial, sqrt

from exercises.answers import Number
from exercises.core import Exercise

ex = Exercise("Guessing through a test", claims=["SU-1.6", "SU-1.8", "SU-1.9a", "SU-1.9b"], level=1)


@ex.variant
def draw(v):
    return {"n": v.integer(4, 6), "m": v.integer(3, 5), "k": v.integer(2, 3)}


@ex.part(points=2, answer=Number("guessing_exactly"))
def exactly(n, m, k):
    r"""A test has {{ n }} questions with {{ m }} answers each, one of them right. You have slept
    through the lectures and guess. With what probability are **exactly** {{ k }} of your answers
    right? Give it exactly.
    """
    return binomial(n, k) * Rational(1, m) ** k * Rational(m - 1, m) ** (n - k)


@exactly.mistake(credit=1, help="That is one particular set of right answers. How many are there?")
def one_order(n, m, k):
    return Rational(1, m) ** k * Rational(m - 1, m) ** (n - k)


@exactly.mistake(credit=1, help="The other answers have to be wrong: that has its price, too.")
def others_free(n, m, k):
    return binomial(n, k) * Rational(1, m) ** k


@exactly.hint
def one_way_first():
    "How likely is it that the first ones are right and all others wrong? Then count the ways."


@ex.part(points=2, answer=Number("guessing_at_least_one"))
def at_least_one(n, m):
    r"""With what probability is **at least one** answer right? Give it exactly."""
    return 1 - Rational(m - 1, m) ** n


@at_least_one.mistake(credit=0, help="The opposite of at least one is not all.")
def not_all(n, m):
    return 1 - Rational(1, m) ** n


@at_least_one.mistake(credit=0, help="These events overlap, so their probabilities do not add up.")
def added_up(n, m):
    return Rational(n, m)


@at_least_one.mistake(credit=1, help="You are nearly there: this is the opposite event.")
def none(n, m):
    return Rational(m - 1, m) ** n


@at_least_one.hint
def opposite():
    "What has to happen for this not to happen?"


@ex.part(points=2, answer=Number("guessing_deviation", digits=3))
def deviation(n, m):
    r"""What is the standard deviation of the number of right answers?"""
    return sqrt(n * Rational(1, m) * Rational(m - 1, m))


@deviation.mistake(credit=1, help="This is the variance.")
def variance(n, m):
    return n * Rational(1, m) * Rational(m - 1, m)


@deviation.mistake(credit=0, help="Deviations of independent numbers do not add up; what does?")
def deviations_added(n, m):
    return n * sqrt(Rational(1, m) * Rational(m - 1, m))


@deviation.hint
def a_sum():
    "The number is a sum of independent zeros and ones, one for each question."

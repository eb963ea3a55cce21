"""Sums and means of independent copies: a lift and a survey."""

from sympy import Rational, sqrt

from exercises.answers import Number
from exercises.core import Exercise

ex = Exercise("How full is a lift?", claims=["SU-1.9a", "SU-1.9b", "SU-1.17", "SU-1.19a"], level=1)


@ex.variant
def draw(v):
    return {
        "people": v.choice((5, 6, 7, 8, 10, 11, 12)),
        "mean": v.integer(68, 78),
        "deviation": v.integer(13, 18),
        "halves": v.choice((1, 3, 5)),
    }


@ex.part(points=2, answer=Number("lift_deviation", digits=3))
def total(people, deviation):
    r"""The people of a town weigh {{ mean }} kg on average, with a standard deviation of
    {{ deviation }} kg. Into a lift step {{ people }} of them, chosen independently. What is the
    standard deviation of their **total** weight, in kg?
    """
    return deviation * sqrt(people)


@total.mistake(credit=0, help="Heavy and light ones make up for each other in part.")
def all_alike(people, deviation):
    return deviation * people


@total.mistake(credit=1, help="The variances add up, not ...? You are one step from the end.")
def variance(people, deviation):
    return deviation**2 * people


@total.hint
def add_variances():
    "Which of the two adds up over independent people, variance or standard deviation?"


@ex.part(points=2, answer=Number("lift_mean_deviation", digits=3))
def average(people, deviation):
    r"""And what is the standard deviation of the {{ people }} people's **average** weight?"""
    return deviation / sqrt(people)


@average.mistake(credit=0, help="An average strays less than a single person does.")
def of_one(deviation):
    return deviation


@average.mistake(credit=1, help="Divide the deviation of the total: how much was that?")
def divided_by_n(people, deviation):
    return Rational(deviation, people)


@average.hint
def scale_the_total():
    "The average is the total, scaled. What does a standard deviation do under scaling?"


@ex.part(points=2, answer=Number("lift_sample_size"))
def sample_size(deviation, halves):
    r"""A survey weighs $n$ people, independently, and estimates the mean weight by their average.
    How large must $n$ be for a standard deviation of exactly ${{ halves / 2 }}$ kg? An $n$ that is
    no whole number would be rounded up later; give it as it comes out.
    """
    return (deviation * Rational(2, halves)) ** 2


@sample_size.mistake(credit=1, help="Twice as good needs more than twice as many.")
def not_squared(deviation, halves):
    return deviation * Rational(2, halves)


@sample_size.hint
def solve():
    "Write the previous answer with n in it, set it equal to what is wanted, and solve."

"""Mean, two variances and a standard error of a small sample, by hand."""

from itertools import combinations

from sympy import Rational, sqrt

from exercises.answers import Number
from exercises.core import Exercise

ex = Exercise(
    "Four times round the pendulum", claims=["SU-1.17", "SU-1.18", "SU-2.67a", "SU-2.67b"], level=1
)


def _squares_about(x, mean):
    return sum((k - mean) ** 2 for k in x)


def _squares(x):
    return _squares_about(x, Rational(sum(x), len(x)))


@ex.variant
def draw(v):
    # No estimate is a whole number, which the table might show, and the median is not the mean.
    x = v.shuffled(
        v.choice(
            [
                x
                for x in combinations(range(11, 20), 4)
                if sum(x) % 4
                and sum(x) != 2 * sum(x[1:3])
                and not any((_squares(x) / k).is_integer for k in (1, 3, 4))
            ]
        )
    )
    return {"x": x, "shown": ", ".join(map(str, x))}


@ex.part(points=1, answer=Number("pendulum_mean"))
def mean(x):
    r"""Four students stop how long a pendulum takes for ten swings, in seconds: {{ shown }}. What
    is the sample mean $\bar x$? Give all answers exactly.
    """
    return Rational(sum(x), 4)


@mean.mistake(credit=0, help="This is the median; take all four into account.")
def median(x):
    return Rational(sum(sorted(x)[1:3]), 2)


@mean.hint
def fair_shares():
    "If all four had stopped the same time, with the same total, which would it be?"


@ex.part(points=2, answer=Number("pendulum_unbiased"), after=mean)
def unbiased(x, mean):
    r"""What is the **unbiased** estimate $S^2$ of the variance?"""
    return _squares_about(x, mean) / 3


@unbiased.mistake(credit=1, help="On average, this divisor makes the variance too small.")
def divided_by_n(x, mean):
    return _squares_about(x, mean) / 4


@unbiased.mistake(credit=1, help="The squares are added up. A mean has a divisor.")
def not_divided(x, mean):
    return _squares_about(x, mean)


@unbiased.hint
def degrees_of_freedom():
    "When three of the distances from the sample mean are known, so is the last."


@ex.part(points=1, answer=Number("pendulum_most_likely"), after=mean)
def most_likely(x, mean):
    r"""Take the errors to be normal. Which variance makes these four measurements most likely?"""
    return _squares_about(x, mean) / 4


@most_likely.mistake(credit=0, help="That one is unbiased, which the likelihood does not ask for.")
def unbiased_again(x, mean):
    return _squares_about(x, mean) / 3


@most_likely.hint
def another_divisor():
    "It is the same sum of squares. Which divisor comes out of the maximum?"


@ex.part(points=2, answer=Number("pendulum_error", digits=3), after=unbiased)
def error(unbiased):
    r"""Estimate the standard error of $\bar x$, that is, the standard deviation of the mean of four
    such measurements. Take $S^2$ for the variance of a single one.
    """
    return sqrt(unbiased / 4)


@error.mistake(credit=1, help="So far stray single measurements. Their mean strays less.")
def of_one(unbiased):
    return sqrt(unbiased)


@error.mistake(credit=1, help="You are nearly there: mind the unit.")
def not_rooted(unbiased):
    return unbiased / 4


@error.hint
def variance_of_a_mean():
    "By which factor is the variance of a mean of four smaller?"

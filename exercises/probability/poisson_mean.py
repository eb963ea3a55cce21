"""The mean of a Poisson variable, and how often nothing happens."""

from sympy import Rational, Symbol, exp

from exercises.answers import Chain, Derivation, Number
from exercises.core import Exercise

ex = Exercise("Waiting for shooting stars", claims=["SU-1.10", "SU-1.10.sum", "SU-1.11a"], level=2)
r = Symbol("r", positive=True)


@ex.variant
def draw(v):
    return {"c": v.choice((3, 5, 7)), "tenths": v.choice((12, 15, 18, 22, 25))}


@ex.part(points=4, answer=Derivation("poisson_mean_steps", (r,)))
def chain(c):
    r"""Tonight you will see a Poisson number of shooting stars, with rate $r$, and every one is
    good for {{ c }} wishes. Show, step by step, how many wishes you may expect: begin with the
    series, lower the factorial, take what does not depend on $j$ out, and recognise what is left.
    """
    return Chain(
        (
            f"sum({c}*j*exp(-r)*r^j/factorial(j), j, 0, oo)",
            f"sum({c}*exp(-r)*r^j/factorial(j - 1), j, 1, oo)",
            f"{c}*r*exp(-r)*sum(r^j/factorial(j), j, 0, oo)",
            f"{c}*r*exp(-r)*exp(r)",
            f"{c}*r",
        )
    )


@chain.hint
def first_term():
    "The term with j = 0 is zero, and j cancels against the last factor of the factorial."


@chain.hint
def exponential_series():
    "Count from 0 again. Do you know the series that is left?"


def _rate(tenths):
    return Rational(tenths, 10)


@ex.part(points=1, answer=Number("poisson_none", digits=3))
def none(tenths):
    r"""Say $r = {{ tenths / 10 }}$ for an hour. With what probability does the hour pass without a
    single one?
    """
    return exp(-_rate(tenths))


@none.mistake(credit=0, help="This is the opposite event.")
def some(tenths):
    return 1 - exp(-_rate(tenths))


@none.hint
def zero():
    "Put 0 into the formula of the probabilities. What is 0 factorial?"


@ex.part(points=2, answer=Number("poisson_two_or_more", digits=3))
def two_or_more(tenths):
    r"""And with what probability do you see two or more?"""
    return 1 - exp(-_rate(tenths)) * (1 + _rate(tenths))


@two_or_more.mistake(credit=1, help="You have counted the hours with exactly one, too.")
def one_or_more(tenths):
    return 1 - exp(-_rate(tenths))


@two_or_more.mistake(credit=1, help="That is the probability of exactly two.")
def exactly_two(tenths):
    return exp(-_rate(tenths)) * _rate(tenths) ** 2 / 2


@two_or_more.hint
def opposite():
    "Infinitely many cases against a few: count the few."

"""The rate of an exponential law from lifetimes, by maximum likelihood."""

from sympy import Rational, Symbol, exp, log

from exercises.answers import Expression, Number
from exercises.core import Exercise

ex = Exercise("How long does a bulb last?", claims=["SU-1.15", "SU-1.16a", "SU-2.66"], level=2)
r = Symbol("r", positive=True)


@ex.variant
def draw(v):
    lives = v.distinct_integers(2, 19, n=v.choice((3, 4, 5)))
    while sum(lives) % len(lives) == 0:
        lives = v.distinct_integers(2, 19, n=len(lives))
    return {
        "lives": lives,
        "shown": ", ".join(map(str, lives)),
        "limit": v.integer(4, 9),
        "percent": v.choice((80, 90)),
    }


@ex.part(points=2, answer=Expression("bulbs_log_likelihood", (r,)))
def log_likelihood(lives):
    r"""Light bulbs burn out after an exponential time with density $r e^{-r x}$. Those of a test
    lasted, in years: {{ shown }}. Write down the **logarithm** of the likelihood as a formula in
    $r$.
    """
    return len(lives) * log(r) - sum(lives) * r


@log_likelihood.mistake(credit=1, help="The factor in front of the density counts for every bulb.")
def one_factor(lives):
    return log(r) - sum(lives) * r


@log_likelihood.mistake(credit=1, help="This is the likelihood itself.")
def no_logarithm(lives):
    return r ** len(lives) * exp(-sum(lives) * r)


@log_likelihood.hint
def product():
    "The likelihood is a product of densities. What does a logarithm make of it?"


@ex.part(points=2, answer=Number("bulbs_rate"))
def rate(lives):
    r"""Which $r$ is most likely? Give it exactly."""
    return Rational(len(lives), sum(lives))


@rate.mistake(credit=1, help="This is the mean lifetime, in years. A rate is per year.")
def mean_life(lives):
    return Rational(sum(lives), len(lives))


@rate.hint
def differentiate():
    "Set the derivative of your formula to zero."


@ex.part(points=2, answer=Number("bulbs_survival", digits=3))
def survival(lives, limit):
    r"""Believe that rate. How likely is a new bulb to last longer than {{ limit }} years?"""
    return exp(-Rational(limit * len(lives), sum(lives)))


@survival.mistake(credit=1, help="This is the probability that it does not.")
def fails(lives, limit):
    return 1 - exp(-Rational(limit * len(lives), sum(lives)))


@survival.mistake(credit=0, help="A density is no probability: integrate it.")
def density(lives, limit):
    a = Rational(len(lives), sum(lives))
    return a * exp(-a * limit)


@survival.hint
def integrate():
    "Integrate the density from there to infinity."


@ex.part(points=2, answer=Number("bulbs_warranty", digits=3))
def warranty(lives, percent):
    r"""The maker wants {{ percent }} % of the bulbs to outlive their warranty. How many
    years may it last?
    """
    return Rational(sum(lives), len(lives)) * log(Rational(100, percent))


@warranty.mistake(credit=1, help="So long, that many have **failed**.")
def failed(lives, percent):
    return Rational(sum(lives), len(lives)) * log(Rational(100, 100 - percent))


@warranty.hint
def solve():
    "Set the probability of lasting longer than t equal to what the maker wants, and solve."

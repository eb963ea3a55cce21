"""Xavier's and He's variances for one layer, in numbers."""

from sympy import Rational, sqrt

from exercises.answers import Number
from exercises.core import Exercise

ex = Exercise(
    "Xavier or He?",
    claims=["CO-xavier-var", "CO-xavier-example", "CO-he-var", "SU-3.36-avg", "SU-3.36-unif"],
    level=1,
)


@ex.variant
def draw(v):
    fans = v.distinct_integers(3, 40, n=2)
    return {"fan_in": 10 * fans[0], "fan_out": 10 * fans[1]}


@ex.part(points=1, answer=Number("xavier_variance"))
def xavier(fan_in, fan_out):
    r"""A dense layer leads from {{ fan_in }} to {{ fan_out }} tanh units. Which variance does
    Xavier initialisation give its weights, with both fans taken into account? Give it exactly.
    """
    return Rational(2, fan_in + fan_out)


@xavier.mistake(credit=0, help="The fans are averaged: their sum is divided by two.")
def sum_not_mean(fan_in, fan_out):
    return Rational(1, fan_in + fan_out)


@xavier.mistake(credit=0, help="This one preserves the forward signal alone.")
def forward_only(fan_in):
    return Rational(1, fan_in)


@xavier.hint
def compromise():
    "Forward wants one fan, backward the other: take the mean of the two."


@ex.part(points=2, answer=Number("xavier_limit", digits=3))
def limit(fan_in, fan_out):
    r"""The weights are drawn uniformly from $[-r, r]$ with that variance. How large is $r$?"""
    return sqrt(Rational(6, fan_in + fan_out))


@limit.mistake(credit=1, help="The variance of a uniform distribution is not its half-width.")
def deviation_as_limit(fan_in, fan_out):
    return sqrt(Rational(2, fan_in + fan_out))


@limit.mistake(credit=1, help="Use the width of the whole interval, from -r to r.")
def half_interval(fan_in, fan_out):
    return 2 * sqrt(Rational(6, fan_in + fan_out))


@limit.hint
def uniform_variance():
    "What is the variance of a uniform distribution on an interval of width 2 r?"


@ex.part(points=2, answer=Number("he_deviation", digits=3))
def he(fan_in):
    r"""Somebody replaces tanh by ReLU. Which **standard deviation** should the weights of this
    layer have now, after He, for the forward signal?
    """
    return sqrt(Rational(2, fan_in))


@he.mistake(credit=1, help="A ReLU lets half of the signal's power through: make up for it.")
def without_the_two(fan_in):
    return sqrt(Rational(1, fan_in))


@he.mistake(credit=1, help="This is the variance.")
def variance(fan_in):
    return Rational(2, fan_in)


@he.mistake(credit=0, help="Forward, a unit adds up its inputs: look at the other fan.")
def wrong_fan(fan_out):
    return sqrt(Rational(2, fan_out))


@he.hint
def half_the_power():
    "How much of the mean square is left when every negative value is set to zero?"

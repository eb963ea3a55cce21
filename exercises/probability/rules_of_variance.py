"""What scaling, adding and depending do to a variance."""

from sympy import Rational, latex, sqrt

from exercises.answers import Number
from exercises.core import Exercise

ex = Exercise("Two stalls, one purse", claims=["SU-1.4a", "SU-1.5", "SU-1.9b"], level=2)
THIRD = Rational(1, 3)


@ex.variant
def draw(v):
    a, b = v.distinct_integers(2, 5, n=2)
    # Thirds stay thirds under whole factors that are not multiples of three.
    s, t = (Rational(k, 3) for k in v.choice([(4, 7), (7, 10), (4, 13), (10, 13), (7, 16)]))
    correlation = v.sign() * Rational(v.choice((1, 2)), 7)
    return {
        "a": a,
        "b": b,
        "c": v.integer(20, 60),
        "s": s,
        "t": t,
        "covariance": correlation,
        "spread_s": latex(s),
        "spread_t": latex(t),
        "shown": latex(correlation),
    }


@ex.part(points=2, answer=Number("purse_independent"))
def independent(a, b, s, t):
    r"""A farmer sells $X$ kilos of apples and buys $Y$ kilos of pears a day, with
    $\mathrm{Var}(X) = {{ spread_s }}$ and $\mathrm{Var}(Y) = {{ spread_t }}$. In the evening the
    purse holds ${{ a }} X - {{ b }} Y + {{ c }}$ coins. Take $X$ and $Y$ to be independent. What is
    the variance of the coins in the purse? Give it exactly.
    """
    return a**2 * s + b**2 * t


@independent.mistake(credit=1, help="Taking something uncertain away does not make you surer.")
def subtracted(a, b, s, t):
    return a**2 * s - b**2 * t


@independent.mistake(credit=0, help="Variances have squared units: how does a factor come out?")
def factors_not_squared(a, b, s, t):
    return a * s + b * t


@independent.mistake(credit=1, help="The coins that are always there do not vary.")
def constant_added(a, b, c, s, t):
    return a**2 * s + b**2 * t + c


@independent.hint
def one_by_one():
    "What becomes of a variance when everything is doubled? And when everything is shifted?"


@ex.part(points=2, answer=Number("purse_dependent"))
def dependent(a, b, s, t, covariance):
    r"""In truth apples and pears depend on each other: $\mathrm{Cov}(X, Y) = {{ shown }}$. What is
    the variance now? Give it exactly.
    """
    return a**2 * s + b**2 * t - 2 * a * b * covariance


@dependent.mistake(credit=1, help="One of the two factors is negative: mind the mixed term.")
def sign(a, b, s, t, covariance):
    return a**2 * s + b**2 * t + 2 * a * b * covariance


@dependent.mistake(credit=1, help="The mixed term comes up twice when you multiply out.")
def once(a, b, s, t, covariance):
    return a**2 * s + b**2 * t - a * b * covariance


@dependent.hint
def binomial_formula():
    "Multiply the square of a difference out. The covariance takes the place of the product."


@ex.part(points=1, answer=Number("purse_correlation", digits=3))
def correlation(s, t, covariance):
    r"""What is the correlation of $X$ and $Y$?"""
    return covariance / sqrt(s * t)


@correlation.mistake(credit=0, help="A correlation has no unit; yours still has one.")
def variances_not_rooted(s, t, covariance):
    return covariance / (s * t)


@correlation.hint
def standard_deviations():
    "Divide the covariance by something that has the same unit and comes from both."

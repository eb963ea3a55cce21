"""Mean and spread of a small game, from the table of its probabilities."""

from itertools import combinations

from sympy import Rational, latex, sqrt

from exercises.answers import Number
from exercises.core import Exercise

ex = Exercise("A wheel of fortune", claims=["SU-1.3a", "SU-1.4a", "SU-1.5"], level=1)
FIELDS = 10


def _moments(pays, shares):
    first, second = (
        sum(share * pay**k for pay, share in zip(pays, shares, strict=True)) for k in (1, 2)
    )
    return first, second


@ex.variant
def draw(v):
    shares = v.weights(3, denominator=FIELDS)
    # A mean and a variance that are fractions cannot be guessed from the table.
    games = []
    for pays in combinations(range(10), 3):
        first, second = _moments(pays, shares)
        telling = first != Rational(sum(pays), 3) and not first.is_integer
        if pays[0] == 0 and telling and not (second - first**2).is_integer:
            games.append(pays)
    # Nor may one of the probabilities in the table be the mean by chance.
    pays = v.until(lambda: v.choice(games), lambda pays: _moments(pays, shares)[0] not in shares)
    return {
        "pays": pays,
        "shares": shares,
        "table": ", ".join(
            f"{pay} with probability ${latex(share)}$"
            for pay, share in zip(pays, shares, strict=True)
        ),
    }


@ex.part(points=1, answer=Number("wheel_mean"))
def mean(pays, shares):
    r"""A wheel of fortune pays, in coins: {{ table }}. Call the payment $X$. How much does it pay
    in the long run, per turn? Give $E(X)$ exactly.
    """
    return _moments(pays, shares)[0]


@mean.mistake(credit=0, help="Not every payment is equally likely: weigh it.")
def plain_mean(pays):
    return Rational(sum(pays), 3)


@mean.hint
def long_run():
    "Turn the wheel as often as it has fields, and suppose that each comes up once."


@ex.part(points=2, answer=Number("wheel_variance"))
def variance(pays, shares):
    r"""How far do the payments stray? Give $\mathrm{Var}(X)$ exactly."""
    first, second = _moments(pays, shares)
    return second - first**2


@variance.mistake(credit=1, help="That is the mean of the square. Something is still missing.")
def second_moment(pays, shares):
    return _moments(pays, shares)[1]


@variance.mistake(credit=1, help="Right up to the sign; no variance is negative.")
def wrong_order(pays, shares):
    first, second = _moments(pays, shares)
    return first**2 - second


@variance.hint
def two_ways():
    "Average the squared distances from the mean, or compare two means: of X, and of its square."


@ex.part(points=1, answer=Number("wheel_deviation", digits=3))
def deviation(pays, shares):
    r"""And in coins rather than squared coins: what is the standard deviation?"""
    first, second = _moments(pays, shares)
    return sqrt(second - first**2)


@deviation.mistake(credit=0, help="Its unit is still the squared coin.")
def not_rooted(pays, shares):
    first, second = _moments(pays, shares)
    return second - first**2


@deviation.hint
def unit():
    "What turns a squared coin into a coin?"

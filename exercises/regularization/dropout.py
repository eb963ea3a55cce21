"""What dropout does to the mean and the variance of a unit, by hand."""

from sympy import Rational, latex

from exercises.answers import Number
from exercises.core import Exercise

ex = Exercise(
    "Half of the class is missing",
    claims=["CO-dropout-mask", "CO-dropout-count", "CO-dropout-expect", "CO-dropout-test"],
    level=2,
)


@ex.variant
def draw(v):
    weights = v.distinct_integers(2, 6, n=3)
    values = (v.integer(1, 5), -v.integer(1, 5), v.integer(6, 9))
    p = v.choice((Rational(1, 5), Rational(1, 4), Rational(2, 5), Rational(3, 5)))
    terms = tuple(w * h for w, h in zip(weights, values, strict=True))
    # The mean is no whole number, and the square of the sum not the sum of the squares.
    if ((1 - p) * sum(terms)).is_integer or sum(terms) ** 2 == sum(t**2 for t in terms):
        return draw(v)
    return {
        "terms": terms,
        "p": p,
        "units": v.integer(8, 12),
        "weights_tex": ", ".join(map(str, weights)),
        "values_tex": ", ".join(map(str, values)),
        "p_tex": latex(p),
    }


@ex.part(points=2, answer=Number("dropout_mean"))
def mean(terms, p):
    r"""A unit adds up three inputs $h = ({{ values_tex }})$ with weights $w = ({{ weights_tex }})$.
    During training, dropout sets each input to 0 with probability ${{ p_tex }}$, independently, and
    leaves it as it is otherwise. What is the mean of the unit's sum?
    """
    return (1 - p) * sum(terms)


@mean.mistake(credit=1, help="The probability that was given is that of a zero.")
def kept_and_dropped(terms, p):
    return p * sum(terms)


@mean.mistake(credit=0, help="Not every input is there every time.")
def nothing_dropped(terms):
    return sum(terms)


@mean.hint
def one_input():
    "What does one input contribute on average?"


@ex.part(points=3, answer=Number("dropout_variance"))
def variance(terms, p):
    r"""And the variance of the sum? Give it exactly."""
    return p * (1 - p) * sum(t**2 for t in terms)


@variance.mistake(credit=1, help="The masks are independent: square each term, not their sum.")
def one_mask_for_all(terms, p):
    return p * (1 - p) * sum(terms) ** 2


@variance.mistake(credit=1, help="This is the mean square of each term; take off the squared mean.")
def mean_square(terms, p):
    return (1 - p) * sum(t**2 for t in terms)


@variance.hint
def coin():
    "Each term is a number times a coin of zero and one. What is the variance of such a coin?"


@ex.part(points=1, answer=Number("inverted_dropout_scale"))
def scale(p):
    r"""Inverted dropout multiplies what it keeps by a number during training, so that at test time
    nothing needs to be done. By which number here? Give it exactly.
    """
    return 1 / (1 - p)


@scale.mistake(credit=0, help="This is the factor for test time, when nothing was scaled before.")
def at_test_time(p):
    return 1 - p


@scale.hint
def mean_unchanged():
    "The mean over all masks should be the input itself."


@ex.part(points=1, answer=Number("dropout_masks"))
def masks(units):
    r"""How many different masks are there for a layer of {{ units }} units?"""
    return 2**units


@masks.mistake(credit=0, help="Each unit can be on or off, whatever the others are.")
def one_for_each(units):
    return units


@masks.hint
def on_or_off():
    "Count for one unit, then for two."

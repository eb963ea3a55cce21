"""The least squares line through three points, by hand."""

from itertools import combinations

from sympy import Rational, latex

from exercises.answers import Number
from exercises.core import Exercise

ex = Exercise("A line past three points", claims=["SU-2.1", "SU-2.2a", "SU-2.2b"], level=1)


def _sums(x, y):
    """The centred sums of squares and of products, and the means."""
    x_mean, y_mean = Rational(sum(x), 3), Rational(sum(y), 3)
    square = sum((a - x_mean) ** 2 for a in x)
    product = sum((a - x_mean) * (b - y_mean) for a, b in zip(x, y, strict=True))
    return square, product, x_mean, y_mean


def _fit(x, y):
    square, product, x_mean, y_mean = _sums(x, y)
    slope = product / square
    return slope, y_mean - slope * x_mean


def _telling(x, y, at):
    slope, constant = _fit(x, y)
    through_origin = Rational(sum(a * b for a, b in zip(x, y, strict=True)), sum(a * a for a in x))
    answers = (slope, constant, slope * at + constant)
    outer = Rational(y[2] - y[0], x[2] - x[0])
    return (
        slope not in (0, through_origin, outer)
        and through_origin != outer
        and sum(x) > 0
        and not any(k.is_integer for k in answers)
    )


@ex.variant
def draw(v):
    # Evenly spaced points would make the slope that of the outer two.
    x = v.choice([x for x in combinations(range(6), 3) if x[0] + x[2] != 2 * x[1]])
    at = v.integer(9, 10)
    y = v.distinct_integers(1, 8, n=3)
    while not _telling(x, y, at):
        y = v.distinct_integers(1, 8, n=3)
    pairs = zip(x, y, strict=True)
    return {"x": x, "y": y, "at": at, "shown": ", ".join(f"$({latex(a)}, {b})$" for a, b in pairs)}


@ex.part(points=2, answer=Number("line_slope"))
def slope(x, y):
    r"""Somebody measures three points $(x, y)$: {{ shown }}. Fit the line $y = w x + b$ with the
    least sum of squared vertical distances. What is its slope $w$? Give all answers exactly.
    """
    return _fit(x, y)[0]


@slope.mistake(credit=1, help="This line is forced through the origin; yours need not be.")
def through_origin(x, y):
    return Rational(sum(a * b for a, b in zip(x, y, strict=True)), sum(a * a for a in x))


@slope.mistake(credit=0, help="It joins the outer points and never looks at the middle one.")
def outer_points(x, y):
    return Rational(y[2] - y[0], x[2] - x[0])


@slope.hint
def centre_first():
    "Subtract the means from x and from y first. What remains is a line through the origin."


@ex.part(points=2, answer=Number("line_intercept"))
def intercept(x, y):
    r"""And what is $b$?"""
    return _fit(x, y)[1]


@intercept.mistake(credit=0, help="That would be right for a slope of zero.")
def mean_of_y(x, y):
    return _sums(x, y)[3]


@intercept.mistake(credit=1, help="The line runs through the middle of the points. Check yours.")
def wrong_sign(x, y):
    slope, constant = _fit(x, y)
    return constant + 2 * slope * _sums(x, y)[2]


@intercept.hint
def middle():
    "The residuals add up to zero. Through which point must the line run, then?"


@ex.part(points=1, answer=Number("line_prediction"))
def prediction(x, y, at):
    r"""What does the line predict at $x = {{ at }}$?"""
    slope, constant = _fit(x, y)
    return slope * at + constant


@prediction.mistake(credit=0, help="The line has a constant, too.")
def no_constant(x, y, at):
    return _fit(x, y)[0] * at


@prediction.hint
def insert():
    "Put it into your line."

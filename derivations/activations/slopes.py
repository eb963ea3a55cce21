"""The sigmoid's derivative, line by line, with its bound of one quarter."""

from sympy import Rational, exp

from derivations.claims import claim
from derivations.functions import D, sigmoid
from derivations.steps import eq, gt, le, lt, start
from derivations.symbols import real

HALF = Rational(1, 2)
QUARTER = Rational(1, 4)


@claim("XU-13", "CO-sigmoid-diff")
def sigmoid_derivative():
    """The derivative of the sigmoid is the sigmoid times one minus itself, everywhere."""
    t = real("t")
    yield start(D(1 / (1 + exp(-t)), t))
    yield eq(sigmoid(t) * (1 - sigmoid(t)))


@claim("XU-13.p1", "XU-15.p1")
def sigmoid_derivative_is_positive():
    """The sigmoid rises everywhere."""
    t = real("t")
    yield start(sigmoid(t) * (1 - sigmoid(t)))
    yield gt(0)


@claim("XU-S2.3.5.p2", "XU-S4.5.3.p2", "SU-3.6-sig")
def sigmoid_derivative_is_at_most_one_quarter():
    """The largest slope is 1/4, reached at 0; products of such slopes vanish."""
    t = real("t")
    yield start(sigmoid(t) * (1 - sigmoid(t)))
    yield le(QUARTER)
    yield start(sigmoid(0) * (1 - sigmoid(0)))
    yield eq(QUARTER)


@claim("XU-14")
def one_minus_sigmoid():
    """One minus the sigmoid is the sigmoid of the negated argument."""
    t = real("t")
    yield start(1 - sigmoid(t))
    yield eq(1 - 1 / (1 + exp(-t)))
    yield eq((1 + exp(-t) - 1) / (1 + exp(-t)))
    yield eq(exp(-t) / (1 + exp(-t)))
    yield eq(sigmoid(-t))


@claim("XU-15")
def sigmoid_derivative_step_by_step():
    """The derivative of the sigmoid from its formula."""
    t = real("t")
    yield start(D(sigmoid(t), t))
    yield eq(D(1 / (1 + exp(-t)), t))
    yield eq(exp(-t) / (1 + exp(-t)) ** 2)
    yield eq((1 / (1 + exp(-t))) * (exp(-t) / (1 + exp(-t))))
    yield eq(sigmoid(t) * (1 - sigmoid(t)))


@claim("XU-S2.3.6.q1")
def largest_slope_by_completing_the_square():
    """Without a second derivative: 1/4 minus a square is at most 1/4."""
    t = real("t")
    yield start(sigmoid(t) * (1 - sigmoid(t)))
    yield eq(QUARTER - (sigmoid(t) - HALF) ** 2)
    yield le(QUARTER)


@claim("XU-16")
def derivative_of_the_mirrored_sigmoid():
    """The derivative of sigma(-t) is minus that of sigma(t)."""
    t = real("t")
    yield start(D(sigmoid(-t), t))
    yield eq(D(1 / (1 + exp(t)), t))
    yield eq(-exp(t) / (1 + exp(t)) ** 2)
    yield eq(-(1 / (1 + exp(t))) * (exp(t) / (1 + exp(t))))
    yield eq(-sigmoid(t) * (1 - sigmoid(t)))


@claim("XU-16.p1")
def mirrored_sigmoid_falls():
    """The derivative of sigma(-t) is negative everywhere."""
    t = real("t")
    yield start(-sigmoid(t) * (1 - sigmoid(t)))
    yield lt(0)

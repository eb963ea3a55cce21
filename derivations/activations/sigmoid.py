"""The sigmoid's curve: its limits, its range, and what a weight and a bias do to it."""

from sympy import Limit, Rational, exp, oo

from derivations.claims import claim
from derivations.functions import D, sigmoid
from derivations.steps import eq, gt, lt, misprint, start
from derivations.symbols import real

HALF = Rational(1, 2)


@claim("XU-3")
def sigmoid_with_a_positive_exponent():
    """Multiplying numerator and denominator by e^t."""
    t = real("t")
    yield start(sigmoid(t))
    yield eq(1 / (1 + exp(-t)))
    yield eq(exp(t) / (exp(t) + 1))


@claim("XU-4")
def sigmoid_at_infinity():
    """The sigmoid tends to 0 on the left and to 1 on the right."""
    t = real("t")
    yield start(Limit(sigmoid(t), t, -oo, "-"))
    yield eq(0)
    yield start(Limit(sigmoid(t), t, oo, "-"))
    yield eq(1)


@claim("XU-S2.2.p1")
def sigmoid_squashes_into_the_unit_interval():
    """Every value of the sigmoid lies strictly between 0 and 1."""
    x = real("x")
    yield start(sigmoid(x))
    yield gt(0)
    yield start(sigmoid(x))
    yield lt(1)


@claim("XU-9.e1", "XU-9", "XU-F4")
def sigmoid_with_weight_one_half():
    """The sigmoid with theta = 0.5."""
    x = real("x")
    yield start(sigmoid(x / 2))
    yield eq(1 / (1 + exp(-x / 2)))


@claim("XU-9.e2")
def sigmoid_with_weight_two():
    """The sigmoid with theta = 2."""
    x = real("x")
    yield start(sigmoid(2 * x))
    yield eq(1 / (1 + exp(-2 * x)))


def slope_at_zero(theta):
    """The slope of sigma(theta x) at x = 0."""
    x = real("x")
    return D(sigmoid(theta * x), x).doit().subs(x, 0)


@claim("XU-S2.3.2.p1")
def larger_weight_is_steeper():
    """At 0 the curve with theta = 2 rises faster than the one with theta = 0.5."""
    yield start(slope_at_zero(2))
    yield gt(slope_at_zero(HALF))


@claim("XU-S2.3.2.p2")
def sigmoid_at_zero_is_one_half():
    """Without b, the curve passes through one half at x = 0."""
    yield start(sigmoid(0))
    yield eq(HALF)


@claim("XU-S2.3.2.q1")
def negating_the_weight_mirrors_the_sigmoid():
    """Negating theta turns sigma into 1 - sigma."""
    x, theta = real("x theta")
    yield start(sigmoid(-theta * x))
    yield eq(1 - sigmoid(theta * x))


@claim("XU-10.e1", "XU-10")
def sigmoid_with_weight_minus_one_half():
    """The sigmoid with theta = -0.5, printed with the sign lost on the left."""
    x = real("x")
    yield start(1 / (1 + exp(x / 2)))
    yield misprint(sigmoid(x / 2), "the argument lost its sign: theta is -0.5")
    yield eq(sigmoid(-x / 2))


@claim("XU-10.e2")
def sigmoid_with_weight_minus_two():
    """The sigmoid with theta = -2, printed with the sign lost on the left."""
    x = real("x")
    yield start(1 / (1 + exp(2 * x)))
    yield misprint(sigmoid(2 * x), "the argument lost its sign: theta is -2")
    yield eq(sigmoid(-2 * x))


@claim("XU-F5")
def caption_of_the_mirrored_sigmoids():
    """sigma(-x theta) at theta = -0.5: the caption negates twice."""
    x = real("x")
    yield start(sigmoid(-x * -HALF))
    yield misprint(sigmoid(-x / 2), "theta is already negative: what is drawn is sigma(x theta)")
    yield eq(sigmoid(x / 2))


@claim("XU-F6")
def caption_of_the_shifted_sigmoids():
    """sigma(x theta + b) at theta = 1, b = 3: the caption has the sign of b reversed."""
    x = real("x")
    yield start(sigmoid(x * 1 + 3))
    yield misprint(sigmoid(x - 3), "t = x theta + b, so that b = 3 gives sigma(x + 3)")
    yield eq(sigmoid(x + 3))


@claim("XU-S2.3.3.p2")
def bias_shifts_the_curve():
    """Adding b moves the curve by -b along the axis, not by b."""
    x, b = real("x b")
    yield start(sigmoid(x + b))
    yield misprint(sigmoid(x - b), "moving a curve by b to the right replaces x by x - b")
    yield eq(sigmoid(x - (-b)))


@claim("XU-S2.3.3.p3")
def where_the_shifted_curve_is_one_half():
    """With t = x + b the value one half stands at x = -b."""
    b = real("b")
    yield start(sigmoid(b + b))
    yield misprint(HALF, "x = b gives sigma(2 b); one half is reached at x = -b")
    yield eq(exp(2 * b) / (exp(2 * b) + 1))
    yield start(sigmoid(-b + b))
    yield eq(HALF)

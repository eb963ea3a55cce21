"""The sigmoid in the course: a softmax of two classes, saturation, and zig-zag descent."""

from sympy import Limit, Rational, exp, oo

from derivations.activations.sigmoid import slope_at_zero
from derivations.claims import claim
from derivations.functions import D, sigmoid
from derivations.steps import eq, ge, le, misprint, start
from derivations.symbols import nonnegative, nonpositive, real

HALF = Rational(1, 2)
QUARTER = Rational(1, 4)


@claim("CO-sigmoid-softmax2")
def sigmoid_is_the_softmax_of_two_classes():
    """The first of two softmax outputs is the sigmoid of the difference of the scores."""
    a1, a2 = real("a1 a2")
    yield start(exp(a1) / (exp(a1) + exp(a2)))
    yield eq(sigmoid(a1 - a2))


@claim("CO-sigmoid-deriv")
def sigmoid_derivative_of_the_course():
    """The derivative of the sigmoid, printed with an inverse that does not belong there."""
    x = real("x")
    yield start(D(sigmoid(x), x))
    yield eq(-1 / (1 + exp(-x)) ** 2 * -exp(-x))
    yield misprint(
        1 / (1 + exp(-x)) * (exp(-x) / (1 + exp(-x))) ** -1,
        "the second factor is not inverted",
    )
    yield eq(1 / (1 + exp(-x)) * (exp(-x) / (1 + exp(-x))))
    yield eq(sigmoid(x) * (1 - sigmoid(x)))


@claim("CO-sigmoid-chain")
def sigmoid_layer_gradient():
    """dL/dw is x times sigma(a) (1 - sigma(a)) times dL/dsigma; here dL/dsigma is g."""
    w, x, b, g = real("w x b g")
    a = w * x + b
    yield start(D(sigmoid(a), w) * g)
    yield eq(D(a, w) * sigmoid(a) * (1 - sigmoid(a)) * g)
    yield eq(x * sigmoid(a) * (1 - sigmoid(a)) * g)


@claim("CO-sigmoid-saturate")
def saturated_sigmoid_has_no_slope():
    """The slope is at most the distance of the output to 0 and to 1."""
    a = real("a")
    yield start(sigmoid(a) * (1 - sigmoid(a)))
    yield le(sigmoid(a))
    yield start(sigmoid(a) * (1 - sigmoid(a)))
    yield le(1 - sigmoid(a))


@claim("CO-sigmoid-at0")
def sigmoid_slope_at_zero():
    """The slope of the sigmoid at 0 is one quarter, its largest value, and not about 1."""
    yield start(slope_at_zero(1))
    yield misprint(1, "the slope at 0 is 1/4, the largest there is")
    yield eq(QUARTER)


@claim("CO-sigmoid-extremes")
def sigmoid_slope_vanishes_at_infinity():
    """The slope of the sigmoid tends to 0 on both sides."""
    x = real("x")
    yield start(Limit(sigmoid(x) * (1 - sigmoid(x)), x, oo, "-"))
    yield eq(0)
    yield start(Limit(sigmoid(x) * (1 - sigmoid(x)), x, -oo, "-"))
    yield eq(0)


@claim("CO-sigmoid-notzero")
def sigmoid_is_not_centred():
    """The sigmoid is positive, and symmetric about one half."""
    x = real("x")
    yield start(sigmoid(x))
    yield ge(0)
    yield start((sigmoid(x) + sigmoid(-x)) / 2)
    yield eq(HALF)


@claim("CO-sigmoid-zigzag")
def gradient_of_a_weight_after_a_sigmoid():
    """A weight that follows a sigmoid has a gradient of one sign."""
    w, b, u = real("w b u")
    h1 = sigmoid(u)
    z = w * h1 + b
    yield start(D(sigmoid(z), w))
    yield eq(D(z, w) * sigmoid(z) * (1 - sigmoid(z)))
    yield eq(h1 * sigmoid(z) * (1 - sigmoid(z)))
    yield ge(0)


@claim("CO-sigmoid-zigzag-sign")
def weight_gradients_share_the_sign_of_the_error():
    """All weight gradients have the sign of the scalar dL/dh_2."""
    z, u = real("z u")
    rising, falling = nonnegative("g"), nonpositive("g")
    yield start(sigmoid(u) * sigmoid(z) * (1 - sigmoid(z)) * rising)
    yield ge(0)
    yield start(sigmoid(u) * sigmoid(z) * (1 - sigmoid(z)) * falling)
    yield le(0)

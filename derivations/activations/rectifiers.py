"""ReLU and its relatives: softplus, leaky ReLU and the exponential linear unit."""

from sympy import Max, Min, Piecewise, exp

from derivations.claims import claim
from derivations.functions import D, relu, sigmoid, softplus
from derivations.steps import eq, ge, misprint, start
from derivations.symbols import negative, positive, real


@claim("XU-139.p1")
def relu_slope_is_zero_or_one():
    """The derivative of ReLU takes the values 0 and 1 only; at 0 there is none."""
    z = real("z")
    slope = D(relu(z), z)
    yield start(slope * (1 - slope))
    yield eq(0)


@claim("CO-relu-deriv")
def relu_derivative():
    """1 on the right of 0 and 0 on the left; at 0 itself the derivative does not exist."""
    x = real("x")
    yield start(D(relu(x), x))
    yield eq(Piecewise((1, x > 0), (0, True)))


@claim("CO-relu-nosat")
def active_relu_is_linear():
    """For x > 0 the slope is 1, however large x is."""
    x = positive("x")
    yield start(D(relu(x), x))
    yield eq(1)


@claim("CO-relu-cons", "SU-3.6-dead")
def inactive_relu_does_not_learn():
    """ReLU is never negative, and its slope is 0 for x < 0."""
    x, inactive = real("x"), negative("x")
    yield start(relu(x))
    yield ge(0)
    yield start(D(relu(inactive), inactive))
    yield eq(0)


@claim("CO-softplus-deriv")
def softplus_derivative():
    """The derivative of softplus is the sigmoid."""
    x = real("x")
    yield start(D(softplus(x), x))
    yield eq(sigmoid(x))


@claim("CO-leaky-def")
def leaky_relu_by_cases():
    """With alpha = q / (1 + q) between 0 and 1: x on the right, alpha x on the left."""
    x, q = real("x"), positive("q")
    alpha = q / (1 + q)
    yield start(Max(alpha * x, x))
    yield eq(Piecewise((x, x > 0), (alpha * x, True)))


@claim("CO-elu-def")
def exponential_linear_unit():
    """The line x on the right and alpha (e^x - 1) on the left; the printed maximum is not that."""
    x, alpha = real("x"), positive("alpha")
    yield start(Piecewise((x, x > 0), (alpha * (exp(x) - 1), True)))
    yield misprint(Max(alpha * (exp(x) - 1), x), "e^x outgrows x, so the maximum does not pick x")
    yield eq(Max(0, x) + Min(0, alpha * (exp(x) - 1)))

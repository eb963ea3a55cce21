"""The hyperbolic tangent: its forms, its range and its derivative."""

from sympy import Limit, exp, oo, tanh

from derivations.activations.notation import half_tanh, sinh_over_cosh
from derivations.claims import claim
from derivations.functions import D
from derivations.steps import eq, gt, lt, misprint, start
from derivations.symbols import real


@claim("XU-S2.4.p1")
def tanh_maps_into_minus_one_to_one():
    """Every value of tanh lies strictly between -1 and 1."""
    x = real("x")
    yield start(tanh(x))
    yield gt(-1)
    yield start(tanh(x))
    yield lt(1)


@claim("XU-17")
def tanh_by_one_exponential():
    """Cancelling e^x or e^-x leaves no factor behind."""
    x = real("x")
    yield start(tanh(x))
    yield eq(sinh_over_cosh(x))
    yield misprint((exp(2 * x) - 1) / (exp(2 * x) + 1) * exp(x), "e^x cancels")
    yield eq((exp(2 * x) - 1) / (exp(2 * x) + 1))
    yield misprint((1 - exp(-2 * x)) / (1 + exp(-2 * x)) * exp(-x), "e^-x cancels")
    yield eq((1 - exp(-2 * x)) / (1 + exp(-2 * x)))


@claim("XU-18")
def tanh_derivative():
    """The derivative of tanh is one minus its square."""
    x = real("x")
    difference, total = exp(x) - exp(-x), exp(x) + exp(-x)
    yield start(D(difference / total, x))
    yield eq(1 / total * D(difference, x) - difference / total**2 * D(total, x), "product rule")
    yield eq(total / total**2 * D(difference, x) - difference / total**2 * D(total, x))
    yield eq(total * total / total**2 - difference * difference / total**2)
    yield eq((total**2 - difference**2) / total**2)
    yield eq(1 - (difference / total) ** 2)
    yield eq(1 - tanh(x) ** 2)


@claim("CO-tanh-def")
def tanh_by_exponentials():
    """The quotient of differences and sums of exponentials; printed with a spurious -1."""
    x = real("x")
    yield start(tanh(x))
    yield misprint(sinh_over_cosh(x) - 1, "no 1 is subtracted: tanh(0) is 0")
    yield eq(sinh_over_cosh(x))


@claim("CO-tanh-closed")
def tanh_in_one_exponential_of_the_course():
    """2 / (1 + e^-2x) - 1, printed as 2 / (1 + e^-x) - 1, which is tanh(x/2)."""
    x = real("x")
    yield start(sinh_over_cosh(x) - 1)
    yield misprint(
        (2 - 1 - exp(-x)) / (1 + exp(-x)), "the exponent is -2x, and -1 is counted twice"
    )
    yield eq((2 - 1 - exp(-2 * x)) / (1 + exp(-2 * x)) - 1)
    yield start((2 - 1 - exp(-x)) / (1 + exp(-x)))
    yield eq((1 - exp(-x)) / (1 + exp(-x)))


@claim("CO-tanh-deriv", chain=False)
def tanh_derivative_of_the_course():
    """The derivative of tanh is one minus its square."""
    x = real("x")
    yield start(D(tanh(x), x))
    yield eq(1 - tanh(x) ** 2)


@claim("CO-tanh-deriv.s1", "CO-tanh-deriv.s2", "CO-tanh-deriv.s3", "CO-tanh-deriv.s4")
def derivative_of_half_tanh():
    """The derivative of tanh(x/2) is half of one minus its square."""
    x = real("x")
    u = exp(-x)
    yield start(D(half_tanh(x), x))
    yield eq(((1 + u) * u - (1 - u) * -u) / (1 + u) ** 2, "quotient rule")
    yield eq((u + exp(-2 * x) + u - exp(-2 * x)) / (1 + u) ** 2)
    yield eq((1 + u - (1 - u)) / (1 + u) ** 2)
    yield misprint(1 - half_tanh(x) ** 2, "a factor 1/2 is missing: the function is tanh(x/2)")
    yield eq((1 - half_tanh(x) ** 2) / 2)


@claim("CO-tanh-props")
def tanh_is_linear_at_zero_odd_and_saturates():
    """Slope 1 at 0, odd, and slope 0 at infinity."""
    x = real("x")
    slope = D(tanh(x), x).doit()
    yield start(slope.subs(x, 0))
    yield eq(1)
    yield start(tanh(-x))
    yield eq(-tanh(x))
    yield start(Limit(slope, x, oo, "-"))
    yield eq(0)
    yield start(Limit(slope, x, -oo, "-"))
    yield eq(0)

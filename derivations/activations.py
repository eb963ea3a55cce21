"""Activation functions: sigmoid, tanh, ReLU and its relatives. Claims in the order of the notes."""

from sympy import Limit, Max, Min, Piecewise, Rational, exp, log, oo, tanh

from derivations.claims import claim, definition, not_checkable, run
from derivations.functions import D, relu, sigmoid, softplus
from derivations.steps import eq, ge, gt, le, lt, misprint, rounds, start
from derivations.symbols import negative, nonnegative, nonpositive, positive, real

HALF, QUARTER = Rational(1, 2), Rational(1, 4)


def sinh_over_cosh(x):
    """The quotient that the notes call tanh."""
    return (exp(x) - exp(-x)) / (exp(x) + exp(-x))


def half_tanh(x):
    """(1 - e^-x) / (1 + e^-x), which the course prints as tanh(x); it is tanh(x/2)."""
    return (1 - exp(-x)) / (1 + exp(-x))


@definition("CO-sigmoid-def", "XU-91", "XU-90")
def sigma():
    """The logistic function, applied elementwise to a vector."""
    x = real("x")
    return sigmoid(x), 1 / (1 + exp(-x))


@definition("CO-relu-def", "XU-139", "XU-140")
def rectifier():
    """The larger of 0 and x, applied elementwise to an array."""
    x = real("x")
    return relu(x), Max(0, x)


@definition("CO-softplus-def")
def smooth_rectifier():
    """The logarithm of 1 + e^x."""
    x = real("x")
    return softplus(x), log(1 + exp(x))


# Anderson Chau, section 2


@claim("CH-2.2")
def affine_layers_compose_to_one_affine_layer():
    """Without activation functions two layers are a x + b again."""
    x, a1, b1, a2, b2 = real("x a1 b1 a2 b2")
    yield start(a2 * (a1 * x + b1) + b2)
    yield eq((a1 * a2) * x + (a2 * b1 + b2))


# Richard Xu, sections 2.2 to 2.4


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


# Richard Xu, sections 4 and 5


@claim("XU-90.p1")
def activations_do_not_mix_coordinates():
    """Altering z_1 leaves sigma(z_2) and sigma(z_3) as they are."""
    z1, z2, z3 = real("z1 z2 z3")
    yield start(D(sigmoid(z2) + sigmoid(z3) + sigmoid(z1), z1))
    yield eq(D(sigmoid(z1), z1))


@run("XU-92.n1", "XU-92.n3")
def sigmoid_of_five():
    """sigma(5) to three decimals."""
    yield start(sigmoid(5))
    yield eq(1 / (1 + exp(-5)))
    yield rounds("0.993")


@run("XU-92.n2", "XU-92")
def sigmoid_of_two():
    """sigma(2) to three decimals, printed cut off instead of rounded."""
    yield start(sigmoid(2))
    yield eq(1 / (1 + exp(-2)))
    yield misprint(rounds("0.880"), "0.8808 rounds to 0.881")
    yield rounds("0.881")


@claim("XU-139.p1")
def relu_slope_is_zero_or_one():
    """The derivative of ReLU takes the values 0 and 1 only; at 0 there is none."""
    z = real("z")
    slope = D(relu(z), z)
    yield start(slope * (1 - slope))
    yield eq(0)


# The course, activation functions


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


not_checkable(
    {
        "CH-2.3": "a list of names; the formulas are checked where the notes print them",
        "CO-elu-cost": "a judgement of cost without a measure",
        "SU-3.6-nand": "'fit any linear function' is not made precise",
        "SU-3.6-nonlin": "'many problems' and 'necessary' are not made precise",
        "SU-3.6-relu11": "history of the literature",
        "SU-3.6-elu": "names of variants without formulas",
        "SU-3.6-weak": "a judgement about depth and fit without a statement to test",
        "SU-3.6-sol": "advice on training",
        "SU-3.6-bio": "a statement of biology",
        "XU-S2.3.3.p1": "announces a figure; the figure shows b = 3 and b = -3 instead of 1 and -1",
        "XU-S2.4.p2": "advice on the choice of labels",
        "XU-S4.p0": "rhetoric on the word activation",
        "XU-139.p2": "a comparison of training behaviour without a statement to test",
        "XU-139.p3": "a remark on implementation",
        "XU-139.p4": "a reported speed without its setting",
    }
)

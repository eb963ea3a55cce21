"""Gradient descent: its step, its direction and its estimates. Claims in the order of the notes."""

from sympy import Abs, IndexedBase, Le, Limit, Rational, Sum, Symbol, exp, log, oo, sqrt

from derivations.claims import claim, definition, not_checkable, run
from derivations.functions import D, sigmoid, softplus
from derivations.matrices import (
    Gradient,
    diag,
    dot,
    elementwise,
    frobenius,
    hadamard,
    matrix,
    norm,
    ones,
    scalar,
    symmetric,
    trace,
    vector,
    zeros,
)
from derivations.random import E, Var, iid
from derivations.steps import eq, ge, gt, implies, le, misprint, start, via
from derivations.symbols import integer, natural, positive, real

n, m, d, K = natural("n m d K")
i, j = integer("i j")
eta = positive("eta")
gradient, step, point = vector("g", n), vector("Delta", n), vector("w", n)
RATE = Rational("0.1")


def quadratic_loss(w):
    """A loss with any gradient and any symmetric matrix of second derivatives."""
    return scalar(w.T * symmetric("A", n) * w) / 2 - dot(vector("b", n), w)


def gradient_at(w):
    """The gradient of the quadratic loss."""
    return symmetric("A", n) * w - vector("b", n)


# Richard Xu, section 2.5.3


@claim("XU-S2.5.3.p1")
def logistic_cost_has_a_gradient_to_descend():
    """The cost of logistic regression has the gradient X'(sigma - y), and a step of it leads down.

    The cost is written as the sum of softplus(x'theta) - y x'theta, which the claims on logistic
    regression derive from (26).
    """
    X, theta, labels = matrix("X", n, d), vector("theta", d), vector("y", n)
    cost = dot(ones(n), elementwise(softplus, X * theta)) - dot(labels, X * theta)
    yield start(Gradient(cost, theta))
    yield eq(X.T * (elementwise(sigmoid, X * theta) - labels))
    yield start(dot(gradient, -eta * gradient))
    yield le(0)


# Richard Xu, section 2.8


@claim("XU-S2.8.p1")
def descent_finds_minima_only():
    """To first order (54) lowers f, or leaves it: it leads to minima and away from maxima."""
    yield start(dot(gradient, -eta * gradient))
    yield misprint(ge(0), "with the minus sign of (54) f falls: maxima need a plus")
    yield le(0)


@claim("XU-54", "XU-81", "XU-111")
def step_of_gradient_descent():
    """A step lowers a quadratic loss by eta times the squared gradient, up to a term in eta^2.

    In (81) f_L, the last function of the chain, is read as the loss.
    """
    slope = gradient_at(point)
    second_order = eta**2 / 2 * scalar(slope.T * symmetric("A", n) * slope)
    yield start(Gradient(quadratic_loss(point), point))
    yield eq(slope)
    yield start(quadratic_loss(point - eta * slope))
    yield eq(quadratic_loss(point) - eta * dot(slope, slope) + second_order)


@claim("XU-S2.8.p2")
def length_of_a_step():
    """The length of a step is eta times the length of the gradient."""
    yield start(norm((point - eta * gradient) - point))
    yield misprint(eta, "eta is multiplied by the length of the gradient")
    yield eq(eta * norm(gradient))


@claim("XU-S2.8.p3")
def direction_towards_the_valley():
    """The steepest way down has the slope -|grad f|, and its direction is minus the gradient."""
    yield start(-norm(gradient))
    yield misprint(dot(gradient, gradient / norm(gradient)), "the gradient points uphill")
    yield eq(dot(gradient, -gradient / norm(gradient)))


@claim("XU-S2.8.q1")
def steepest_direction():
    """In no direction u does f fall faster than |grad f| per unit of length (Cauchy-Schwarz)."""
    g, u = (IndexedBase(Symbol(name, real=True)) for name in ("g", "u"))
    length = sqrt(Sum(g[i] ** 2, (i, 1, n)))
    length_of_u = sqrt(Sum(u[i] ** 2, (i, 1, n)))
    slope = Sum(u[i] * g[i], (i, 1, n))
    yield start(2 * length * length_of_u * (slope + length * length_of_u))
    yield via(Sum((length * u[i] + length_of_u * g[i]) ** 2, (i, 1, n)))
    yield ge(0)


@claim("XU-55")
def derivative_of_the_square():
    """The derivative of x^2 is 2 x."""
    x = real("x")
    yield start(D(x**2, x))
    yield eq(2 * x)


def after_one_step(start_at):
    """The point that (54) gives for x^2 at the rate 0.1."""
    x = real("x")
    return start_at - RATE * D(x**2, x).doit().subs(x, start_at)


@run("XU-56")
def first_step_from_minus_two():
    """From -2 to -1.6."""
    x1 = Rational(-2)
    yield start(after_one_step(x1))
    yield eq(x1 - RATE * 2 * x1)
    yield eq(-2 - Rational("0.1") * 2 * (-2))
    yield eq(Rational("-1.6"))


@run("XU-57")
def second_step_from_minus_two():
    """From -1.6 to -1.28."""
    x2 = Rational("-1.6")
    yield start(after_one_step(x2))
    yield eq(x2 - RATE * 2 * x2)
    yield eq(Rational("-1.6") - Rational("0.1") * 2 * Rational("-1.6"))
    yield eq(Rational("-1.28"))


def iterate(first):
    """The n-th point from the first, where every step takes away a fifth."""
    return first * Rational(4, 5) ** (n - 1)


@run("XU-S2.8.1.a1")
def iteration_from_minus_two():
    """The points are -2 (4/5)^(n-1): they tend to the minimum at 0, and the steps to 0 as well."""
    x_n = iterate(-2)
    yield start(x_n - RATE * 2 * x_n)
    yield eq(iterate(-2).subs(n, n + 1))
    yield start(Limit(x_n, n, oo))
    yield eq(0)
    yield start(Abs(iterate(-2).subs(n, n + 1) - x_n))
    yield eq(Rational("0.4") * Rational(4, 5) ** (n - 1))
    yield start(Limit(Rational("0.4") * Rational(4, 5) ** (n - 1), n, oo))
    yield eq(0)


@claim("XU-S2.8.1.d1")
def stopping_criterion():
    """A step of at most delta means a gradient of at most delta over eta."""
    slope, delta = real("g"), positive("delta")
    yield start(Le(eta * Abs(slope), delta, evaluate=False))
    yield implies(Le(Abs(slope), delta / eta, evaluate=False), by=1 / eta)
    yield start(Abs(-eta * slope))
    yield eq(eta * Abs(slope))


@run("XU-58")
def first_step_from_two():
    """From 2 to 1.6."""
    x1 = Rational(2)
    yield start(after_one_step(x1))
    yield eq(x1 - RATE * 2 * x1)
    yield eq(2 - Rational("0.1") * 2 * 2)
    yield eq(Rational("1.6"))


@run("XU-59")
def second_step_from_two():
    """From 1.6 to 1.28."""
    x2 = Rational("1.6")
    yield start(after_one_step(x2))
    yield eq(x2 - RATE * 2 * x2)
    yield eq(Rational("1.6") - Rational("0.1") * 2 * Rational("1.6"))
    yield eq(Rational("1.28"))


@run("XU-S2.8.2.a1")
def iteration_from_two():
    """The points are 2 (4/5)^(n-1): they tend to the minimum at 0 from the other side."""
    x_n = iterate(2)
    yield start(x_n - RATE * 2 * x_n)
    yield eq(iterate(2).subs(n, n + 1))
    yield start(Limit(x_n, n, oo))
    yield eq(0)
    yield start(Abs(iterate(2).subs(n, n + 1) - x_n))
    yield eq(Rational("0.4") * Rational(4, 5) ** (n - 1))


# Richard Xu, sections 2.9 and 4: the examples are the rows of X, the labels one-hot rows of Y

X, Y, Theta = matrix("X", n, d), matrix("Y", n, K), matrix("Theta", d, K)
EXPONENTIALS = elementwise(exp, X * Theta)
ROW_SUMS = EXPONENTIALS * ones(K)
SOFTMAX = diag(elementwise(lambda t: 1 / t, ROW_SUMS)) * EXPONENTIALS


def multinomial_cost():
    """The cross entropy: the log of each row's sum, minus the score of its label."""
    return dot(ones(n), elementwise(log, ROW_SUMS)) - trace(Y.T * X * Theta)


@claim("XU-61")
def descent_on_the_multinomial_cost():
    """The sum over i of x_i (softmax_i - y_i)' is X'(softmax - Y), taken at the iterate theta^n."""
    yield start(Theta - eta * Gradient(multinomial_cost(), Theta))
    yield eq(Theta - eta * X.T * (SOFTMAX - Y))


@claim("XU-63")
def descent_on_the_regularized_cost():
    """Half lambda times the sum of the squared weights adds lambda theta to the gradient."""
    lam = positive("lambda")
    regularizer = lam / 2 * trace(Theta.T * Theta)
    yield start(Theta - eta * Gradient(multinomial_cost() + regularizer, Theta))
    yield eq(Theta - eta * (X.T * (SOFTMAX - Y) + lam * Theta))


@claim("XU-S4.5.3.p4")
def parameters_stand_still_at_a_zero_gradient():
    """The parameters do not move where the gradient is zero; the notes lack the word zero."""
    yield start(norm((point - eta * gradient) - point))
    yield misprint(0, "only a zero gradient leaves the parameters as they are")
    yield eq(eta * norm(gradient))
    yield start(point - eta * zeros(n, 1))
    yield eq(point)


# The course, gradient descent


@claim("CO-gd-numgrad")
def derivative_as_a_limit():
    """The limit of the difference quotient is the derivative, here of a power and of e^x."""
    x, h = real("x h")
    yield start(Limit(((x + h) ** 3 - x**3) / h, h, 0))
    yield eq(D(x**3, x))
    yield start(Limit((exp(x + h) - exp(x)) / h, h, 0))
    yield eq(D(exp(x), x))


@claim("CO-gd-analytic-vs-numeric")
def numerical_gradient_needs_many_evaluations():
    """Difference quotients evaluate f once at the point and once more for each parameter."""
    yield start(1 + Sum(1, (j, 1, n)))
    yield eq(n + 1)


mean_gradient, variance = real("mu"), positive("v")


def average(size):
    """The mean of the gradients of so many examples, drawn independently."""
    drawn = iid("G", mean=mean_gradient, variance=variance)
    return Sum(drawn[i], (i, 1, size)) / size


@claim("CO-gd-batch")
def batch_gradient_is_the_least_noisy():
    """The mean over m examples estimates the gradient without bias, with 1/m of the variance."""
    yield start(E(average(m)))
    yield eq(mean_gradient)
    yield start(Var(average(m)))
    yield eq(variance / m)


@claim("CO-gd-minibatch")
def fewer_examples_are_noisier():
    """A mean over fewer examples has a greater variance; that this regularizes is left open."""
    more = natural("k")
    yield start(Var(average(m)))
    yield gt(Var(average(m + more)))


# Jinming Su, section 2.8


def first_order_change():
    """The sum of the partial derivatives times the changes of the parameters."""
    return scalar(ones(n).T * hadamard(gradient_at(point), step))


@claim("SU-2.61", "SU-2.61.s1", chain=False)
def total_increment():
    """The change of a quadratic loss is the first-order sum and a term of second order.

    The loss stands for a differentiable one: the term is small of higher order than rho, the
    length of the step, since with a step rho u it is rho^2 c with c = u'Au/2.
    """
    rho, c = positive("rho"), real("c")
    yield start(quadratic_loss(point + step) - quadratic_loss(point))
    yield eq(first_order_change() + scalar(step.T * symmetric("A", n) * step) / 2)
    yield start(Limit(rho**2 * c / rho, rho, 0))
    yield eq(0)


@claim("SU-2.61.s2")
def first_order_part_dominates():
    """Divided by the length rho of the step, sum rho s and remainder rho^2 c tend to s alone."""
    rho = positive("rho")
    s, c = real("s c")
    yield start(Limit((rho * s + rho**2 * c) / rho, rho, 0))
    yield eq(Limit(rho * s / rho, rho, 0))


@claim("SU-2.62")
def first_order_change_as_a_product():
    """The sum is the product of the transposed gradient with the step."""
    yield start(first_order_change())
    yield eq(scalar(Gradient(quadratic_loss(point), point).T * step))


@definition("SU-2.63")
def descent_step():
    """The step against the gradient."""
    return -eta * gradient


@claim("SU-2.63-dec")
def step_decreases_the_loss():
    """To first order the step changes the loss by minus eta times the squared gradient."""
    yield start(scalar(gradient.T * (-eta * gradient)))
    yield eq(-eta * norm(gradient) ** 2)
    yield le(0)


@claim("SU-2.64")
def update_rule():
    """The rule adds the step to the parameters; the loss falls by eta |grad|^2 to first order."""
    slope = gradient_at(point)
    second_order = eta**2 / 2 * scalar(slope.T * symmetric("A", n) * slope)
    yield start((point - eta * gradient) - point)
    yield eq(-eta * gradient)
    yield start(point - eta * slope)
    yield eq(point - eta * Gradient(quadratic_loss(point), point))
    yield start(quadratic_loss(point - eta * slope) - quadratic_loss(point))
    yield eq(-eta * norm(slope) ** 2 + second_order)


@claim("SU-2.64-opp")
def update_is_opposite_to_the_gradient():
    """The cosine of the angle between step and gradient is -1."""
    yield start(dot(-eta * gradient, gradient) / (norm(-eta * gradient) * norm(gradient)))
    yield eq(-1)


@claim("SUA-2.14-dec")
def step_decreases_the_loss_in_april():
    """The norm of the gradient written as a row is that of the column."""
    yield start(scalar(gradient.T * (-eta * gradient)))
    yield eq(-eta * frobenius(gradient.T) ** 2)
    yield le(0)


not_checkable(
    {
        "CH-7.1": "the aim of the section, without a statement to test",
        "SU-2.5-sgd": "a habit; 'usually' is not made precise",
    }
)

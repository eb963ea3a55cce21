"""Linear regression in the course. Claims in the order of the notes.

Gradients have the shape of what they differentiate by (denominator layout).
"""

from sympy import Eq, Sum

from derivations.claims import claim, definition, run
from derivations.linear_regression.data import (
    HALF,
    X,
    a,
    b,
    design,
    i,
    k,
    n,
    over_examples,
    sum_of_squares,
    targets,
    theta,
    weights,
    x,
    y,
)
from derivations.matrices import (
    Gradient,
    dot,
    matrix,
    scalar,
    vector,
    zeros,
)
from derivations.steps import eq, ge, implies, start, via
from derivations.symbols import natural


@definition("CO-linreg-model")
def line():
    """A line with slope a and intercept b."""
    return a * x[i] + b


@definition("CO-linreg-sqerr")
def squared_error():
    """The squared difference of a target and its prediction."""
    return (y[i] - (a * x[i] + b)) ** 2


@definition("CO-linreg-sumloss")
def sum_of_squared_errors():
    """The squared errors of all examples, added up."""
    return over_examples((y[i] - (a * x[i] + b)) ** 2)


def halved_loss():
    """Half the squared length of y - x theta."""
    return dot(targets - design * theta, targets - design * theta) / 2


def expanded_loss():
    """The loss multiplied out, with the two mixed terms joined."""
    gram = scalar(theta.T * design.T * design * theta)
    return (dot(targets, targets) - 2 * scalar(targets.T * design * theta) + gram) / 2


@claim("CO-linreg-loss-matrix", chain=False)
def loss_in_matrix_form():
    """Half the sum of the squared errors is a quadratic form in theta."""
    yield start(sum_of_squares(targets - design * theta) / 2)
    yield eq(expanded_loss())


@claim("CO-linreg-loss-matrix.s1", "CO-linreg-loss-matrix.s2", "CO-linreg-loss-matrix.s3")
def loss_example_by_example():
    """A number times itself, with theta'x written as x'theta: theta = (a, b), x = (x_i, 1)."""
    first, second = (a, b), (x[i], 1)
    theta_x = first[0] * second[0] + first[1] * second[1]
    x_theta = second[0] * first[0] + second[1] * first[1]
    yield start(HALF * over_examples((y[i] - (a * x[i] + b)) ** 2))
    yield eq(HALF * over_examples((y[i] - theta_x) ** 2))
    yield eq(HALF * over_examples((y[i] - theta_x) * (y[i] - theta_x)))
    yield eq(HALF * over_examples((y[i] - x_theta) * (y[i] - x_theta)))


@claim("CO-linreg-loss-matrix.s4", "CO-linreg-loss-matrix.s5")
def loss_as_an_inner_product():
    """With the examples as rows, the sum of the squares is an inner product."""
    residuals = targets - design * theta
    yield start(HALF * sum_of_squares(residuals))
    yield eq(HALF * scalar(residuals.T * residuals))
    yield eq(HALF * scalar((targets.T - theta.T * design.T) * residuals))


@claim("CO-linreg-loss-matrix.s6")
def mixed_terms_are_equal():
    """A number is its own transpose; here for any number of columns k."""
    number = targets.T * X * weights
    yield start(scalar(number))
    yield eq(scalar(number.T))
    yield eq(scalar(weights.T * X.T * targets))


@claim("CO-linreg-loss-matrix.s7", "CO-linreg-loss-matrix.s8")
def loss_multiplied_out():
    """The product of the two differences, and the mixed terms joined."""
    gram = scalar(theta.T * design.T * design * theta)
    mixed = scalar(targets.T * design * theta) + scalar(theta.T * design.T * targets)
    yield start(HALF * scalar((targets.T - theta.T * design.T) * (targets - design * theta)))
    yield eq((dot(targets, targets) - mixed + gram) / 2)
    yield eq(expanded_loss())


@claim("CO-linreg-shapes")
def shapes_of_the_loss():
    """The residuals are a column of n, their transpose a row, and the mixed term is a number."""
    residuals = targets - design * theta
    mixed = 2 * targets.T * design * theta
    for product, rows, columns in ((residuals, n, 1), (residuals.T, 1, n), (mixed, 1, 1)):
        yield start(product.shape[0])
        yield eq(rows)
        yield start(product.shape[1])
        yield eq(columns)


@claim("CO-linreg-grad")
def gradient_of_the_loss():
    """The gradient by the two rules noted beside it."""
    gram = design.T * design
    yield start(Gradient(expanded_loss(), theta))
    yield eq((-((2 * targets.T * design).T) + (gram + gram.T) * theta) / 2)
    yield eq((-2 * design.T * targets + gram * theta + gram * theta) / 2)
    yield eq(-design.T * targets + gram * theta)


@claim("CO-linreg-note-lin")
def gradient_of_a_linear_form():
    """The gradient of theta'x is theta."""
    point, slopes = vector("x", n), vector("theta", n)
    yield start(Gradient(dot(slopes, point), point))
    yield eq(slopes)


@claim("CO-linreg-note-quad")
def gradient_of_a_quadratic_form():
    """The gradient of x'Ax is (A + A')x."""
    point, A = vector("x", n), matrix("A", n, n)
    yield start(Gradient(scalar(point.T * A * point), point))
    yield eq((A + A.T) * point)


@claim("CO-linreg-normal-eq")
def normal_equations():
    """Where the gradient is zero, x'y is x'x theta."""
    gradient = -design.T * targets + design.T * design * theta
    yield start(Gradient(halved_loss(), theta))
    yield via(gradient)
    yield start(Eq(gradient, zeros(2, 1), evaluate=False))
    conclusion = Eq(design.T * targets, design.T * design * theta, evaluate=False)
    yield implies(conclusion, by=-1)


def least_squares():
    """The solution (X'X)^-1 X'y."""
    return (X.T * X).I * X.T * targets


def loss_at(point):
    """Half the squared length of the residuals."""
    return dot(X * point - targets, X * point - targets) / 2


@claim("CO-linreg-solution", "SU-2.8")
def least_squares_solution():
    """The solution of the normal equations, for k columns; no other point has a smaller loss."""
    step = vector("v", k)
    yield start(X.T * X * least_squares())
    yield eq(X.T * targets)
    yield start(loss_at(least_squares() + step) - loss_at(least_squares()))
    yield via(dot(X * step, X * step) / 2)
    yield ge(0)


@run("CO-kfold")
def k_folds():
    """With k folds of s examples, k - 1 folds train and one validates; none is used twice."""
    size = natural("s")
    yield start((k - 1) * size + size)
    yield eq(k * size)
    yield start(Sum(size, (i, 1, k)))
    yield eq(k * size)

"""Linear regression in Jinming Su's sections 2.1 and 2.2. Claims in the order of the notes."""

from sympy import IndexedBase, Sum

from derivations.claims import claim, definition
from derivations.functions import D
from derivations.linear_regression.data import (
    HALF,
    X,
    b,
    i,
    j,
    k,
    l,
    m,
    mean,
    n,
    over_examples,
    prediction,
    sum_of_squares,
    targets,
    total,
    w,
    weights,
    x,
    y,
)
from derivations.matrices import (
    Gradient,
    dot,
    hadamard,
    matrix,
    scalar,
    trace,
    vector,
)
from derivations.steps import eq, misprint, start, via
from derivations.symbols import positive, real


def loss_of_the_line(slope, intercept):
    """The squared errors of a line, added up."""
    return over_examples((slope * x[i] + intercept - y[i]) ** 2)


@definition("SU-2.1a")
def unitary_model():
    """A line with slope w and intercept b."""
    return real("w") * x[i] + b


@claim("SU-2.1", "SU-2.1b", "SU-2.1c", "SU-2.1d")
def loss_of_the_line_and_its_derivatives():
    """The loss and its derivatives by the slope and by the intercept."""
    slope = real("w")
    error = slope * x[i] + b - y[i]
    yield start(loss_of_the_line(slope, b))
    yield eq(over_examples(error**2))
    yield start(D(loss_of_the_line(slope, b), slope))
    yield eq(2 * over_examples(error * x[i]))
    yield start(D(loss_of_the_line(slope, b), b))
    yield eq(2 * over_examples(error))


def best_slope():
    """The slope of the closed form."""
    upper = over_examples((y[i] - mean(y)) * x[i])
    return upper / over_examples((x[i] - mean(x)) * x[i])


def slopes_of_the_loss(slope, intercept):
    """The derivatives of the loss by slope and intercept."""
    error = slope * x[i] + intercept - y[i]
    return 2 * over_examples(error * x[i]), 2 * over_examples(error)


@claim("SU-2.2")
def closed_form_solves_both_equations():
    """At the closed form both derivatives are zero."""
    by_slope, by_intercept = slopes_of_the_loss(best_slope(), mean(y) - best_slope() * mean(x))
    yield start(by_slope)
    yield eq(0)
    yield start(by_intercept)
    yield eq(0)


@claim("SU-2.2a")
def best_slope_of_the_line():
    """With the intercept inserted, the equation for the slope is linear and has this solution."""
    slope = real("w")
    by_slope, _ = slopes_of_the_loss(slope, mean(y) - slope * mean(x))
    spread = over_examples((x[i] - mean(x)) * x[i])
    yield start(by_slope)
    yield eq(2 * spread * (slope - best_slope()))


@claim("SU-2.2b")
def best_intercept_of_the_line():
    """The derivative by the intercept is zero where b is the mean of y minus w times that of x."""
    slope = real("w")
    _, by_intercept = slopes_of_the_loss(slope, b)
    yield start(by_intercept)
    yield eq(2 * n * (b - (mean(y) - slope * mean(x))))


@definition("SU-2.3")
def linear_prediction():
    """The inner product of weights and features."""
    return Sum(w[l] * x[i, l], (l, 1, k))


@claim("SU-2.3.s1")
def inner_product_is_a_sum():
    """The inner product is the sum of the products of the entries."""
    point = vector("x", n)
    slopes = vector("w", n)
    yield start(dot(slopes, point))
    yield eq(total(hadamard(slopes, point)))


@definition("SU-2.4")
def halved_squared_loss():
    """Half the sum of the squared errors of all examples."""
    return sum_of_squares(X * weights - targets) / 2


FEATURE_J = [j >= 1, j <= k]


@claim("SU-2.5.s1", "SU-2.5.s2")
def derivative_for_one_example():
    """The chain rule for one example.

    In the first line i names the example and runs over the features at once, so that the features
    of example i are not what is differentiated.
    """
    error, features = prediction(i) - y[i], IndexedBase("x_0", real=True)
    summed_over_i = Sum(w[i] * features[i], (i, 1, k))
    yield start(D(HALF * error**2, w[j]), given=FEATURE_J)
    yield via(error * x[i, j])
    yield misprint(
        HALF * 2 * error * D(summed_over_i, w[j]),
        "i is the example and the summation index, and x_i has lost its superscript (i)",
    )
    yield eq(HALF * 2 * error * D(prediction(i), w[j]))
    yield eq(error * x[i, j])


@claim("SU-2.5a")
def derivative_for_one_example_end_to_end():
    """For one example, the derivative by a weight is the error times the feature."""
    yield start(D(HALF * (prediction(i) - y[i]) ** 2, w[j]), given=FEATURE_J)
    yield eq((prediction(i) - y[i]) * x[i, j])


@claim("SU-2.5", "SU-2.5b", chain=False)
def gradient_descent_step():
    """Gradient descent subtracts the gradient; the notes add it, and so climb."""
    alpha, error = positive("alpha"), prediction(i) - y[i]
    yield start(w[j] - alpha * D(HALF * error**2, w[j]), given=FEATURE_J)
    yield misprint(
        w[j] + alpha * error * x[i, j],
        "the sign: descent subtracts alpha times the derivative, or the error is y - f",
    )
    yield eq(w[j] - alpha * error * x[i, j])


@claim("SU-2.6")
def shapes_of_the_data():
    """X has a row for each of the n examples and k columns, so that X w has the shape of Y."""
    for product, rows, columns in ((X, n, k), (targets, n, 1), (X * weights, n, 1)):
        yield start(product.shape[0])
        yield eq(rows)
        yield start(product.shape[1])
        yield eq(columns)


@claim("SU-2.7a.s1")
def loss_of_all_examples():
    """Half the sum of the squared errors as an inner product."""
    residuals = X * weights - targets
    yield start(sum_of_squares(residuals) / 2)
    yield eq(HALF * scalar(residuals.T * residuals))


@claim("SU-2.7", "SU-2.7a.s2", chain=False)
def gradient_of_all_examples():
    """X'Xw - X'Y is the gradient of the loss, and is printed as the loss."""
    residuals = X * weights - targets
    loss = HALF * scalar(residuals.T * residuals)
    gradient = X.T * X * weights - X.T * targets
    gram, mixed = scalar(weights.T * X.T * X * weights), scalar(targets.T * X * weights)
    yield start(loss)
    yield misprint(gradient, "the loss, a number, is set equal to its gradient, a vector")
    yield eq(gram / 2 - mixed + dot(targets, targets) / 2)
    yield start(Gradient(loss, weights))
    yield eq(gradient)


@claim("SU-2.7b")
def gradient_of_a_trace():
    """The gradient of tr AB by A is B'."""
    A, B = matrix("A", m, n), matrix("B", n, m)
    yield start(Gradient(trace(A * B), A))
    yield eq(B.T)


@claim("SU-2.7c")
def gradient_of_a_quadratic_trace():
    """The gradient of tr ABA'C by A is CAB + C'AB'."""
    A, B, C = matrix("A", m, n), matrix("B", n, n), matrix("C", m, m)
    yield start(Gradient(trace(A * B * A.T * C), A))
    yield eq(C * A * B + C.T * A * B.T)

"""Linear regression in Richard Xu's sections 2.1, 3 and 4. Claims in the order of the notes."""

from sympy import IndexedBase, Sum

from derivations.claims import claim, definition
from derivations.functions import D
from derivations.linear_regression.data import (
    b,
    d,
    i,
    j,
    k,
    l,
    n,
    over_examples,
    w,
    x,
    y,
)
from derivations.steps import eq, ge, misprint, start, via
from derivations.symbols import real


def model_line():
    """The line through several features: m'x + b."""
    slopes = IndexedBase("m", real=True)
    return Sum(slopes[j] * x[i, j], (j, 1, d)) + b


@claim("XU-S2.1.2.p1")
def what_the_best_line_minimizes():
    """The best line minimizes the sum of the squared residuals, as the loss of the notes says.

    The sum of the residuals themselves has no minimum: raising b by 1 lowers it by n.
    """
    yield start(over_examples((model_line() - y[i]) ** 2))
    yield misprint(over_examples(y[i] - model_line()), "the residuals are not squared")
    yield eq(over_examples((y[i] - model_line()) ** 2))
    yield start(D(over_examples(y[i] - model_line()), b))
    yield eq(-n)


@definition("XU-S2.1.2.d1")
def linear_model():
    """The line of the model."""
    return model_line()


@definition("XU-77")
def squared_loss():
    """The squared difference of label and prediction, which is any real number."""
    f = Sum(w[l] * x[i, l], (l, 1, k))
    return (f - y[i]) ** 2, (y[i] - f) ** 2


@claim("XU-S4.p2")
def a_line_does_not_fit_a_parabola():
    """No line U x comes closer to (-1, 1), (0, 0), (1, 1) than a squared distance of 2.

    The data of the figure are not printed; these points stand for a relation that is not linear.
    """
    slope = real("U")
    yield start((-slope - 1) ** 2 + (0 * slope - 0) ** 2 + (slope - 1) ** 2)
    yield via(2 * slope**2 + 2)
    yield ge(2)

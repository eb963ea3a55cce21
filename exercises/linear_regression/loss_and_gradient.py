"""The squared loss of a linear model and its gradient, in code."""

import numpy as np

from exercises.answers import Code, Gradient
from exercises.core import Exercise

ex = Exercise(
    "The slope of a sum of squares",
    claims=["CO-linreg-loss-matrix", "CO-linreg-grad"],
    level=2,
    prerequisites=["linear_regression.lms_step"],
)
PARAMETERS = ("w", "X", "y")


def inputs(rng):
    """One example, one feature, a perfect fit, large targets, strided views."""
    X = rng.normal(size=(4, 3))
    w = rng.normal(size=3)
    return [
        (np.array([2.0]), np.array([[3.0]]), np.array([1.0])),
        (rng.normal(size=1), rng.normal(size=(5, 1)), rng.normal(size=5)),
        (rng.normal(size=4), rng.normal(size=(1, 4)), rng.normal(size=1)),
        (w, X, X @ w),
        (rng.normal(size=6)[::2], rng.normal(size=(8, 3))[::2], 1e3 * rng.normal(size=4)),
        (rng.normal(size=5), rng.normal(size=(30, 5)), rng.normal(size=30)),
    ]


def _loss(w, X, y):
    return float(0.5 * np.sum((y - X @ w) ** 2))


def _gradient(w, X, y, gradient):
    return gradient * (X.T @ (X @ w - y))


@ex.part(points=2, answer=Code("half_squares", inputs, parameters=PARAMETERS, atol=1e-9))
def loss():
    r"""Return $\frac12 \sum_i (y_i - w^\top x_i)^2$ as one number. The rows of `X`, of shape
    `(n, d)`, are the examples $x_i$; `w` has the shape `(d,)`, `y` the shape `(n,)`.
    """
    return _loss


@loss.mistake(credit=1, help="Look at the factor in front of the sum.")
def no_half():
    return lambda w, X, y: 2 * _loss(w, X, y)


@loss.mistake(credit=1, help="A sum is asked for, not a mean.")
def mean():
    return lambda w, X, y: _loss(w, X, y) / len(y)


@loss.hint
def residuals():
    "All residuals at once are one matrix product and one difference."


@ex.part(
    points=3,
    answer=Gradient(
        "half_squares_gradient", "half_squares", inputs, parameters=PARAMETERS, atol=1e-9
    ),
)
def gradient():
    r"""Return the gradient with respect to `w`, of shape `(d,)`. What arrives from above,
    `gradient`, is one number: the derivative of something further on with respect to your loss.
    """
    return _gradient


@gradient.mistake(credit=1, help="Follow the sign from the residual to the weight once more.")
def wrong_sign():
    return lambda w, X, y, gradient: -_gradient(w, X, y, gradient)


@gradient.mistake(credit=1, help="What arrives from above was not used.")
def upstream_ignored():
    return lambda w, X, y, gradient: _gradient(w, X, y, 1.0)


@gradient.hint
def shapes():
    "From n residuals to d entries: which of the two, X or its transpose, has the right shape?"

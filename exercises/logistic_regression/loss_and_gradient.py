"""The cross-entropy of logistic regression and its gradient, for any scores."""

import numpy as np

from exercises.answers import Code, Gradient
from exercises.core import Exercise
from impl.losses import binary_cross_entropy

ex = Exercise(
    "A loss for any score",
    claims=["SU-2.15", "SU-2.16", "XU-26", "CO-out-ce-grad"],
    level=2,
    prerequisites=["logistic_regression.cat_or_dog"],
)
PARAMETERS = ("w", "X", "y")


def inputs(rng):
    """One example, one feature, scores around 1000, only one class, a strided view."""
    return [
        (np.array([0.0]), np.array([[1.0]]), np.array([1.0])),
        (np.array([1.0]), np.array([[1000.0], [-1000.0]]), np.array([0.0, 1.0])),
        (np.array([1.0, 0.0]), np.array([[900.0, 1.0], [-900.0, 2.0]]), np.array([1.0, 0.0])),
        (rng.normal(size=3), rng.normal(size=(5, 3)), np.zeros(5)),
        (rng.normal(size=6)[::2], rng.normal(size=(8, 3))[::2], np.array([1.0, 0.0, 0.0, 1.0])),
        (rng.normal(size=4), rng.normal(size=(30, 4)), rng.integers(0, 2, size=30).astype(float)),
    ]


def _loss(w, X, y):
    return float(np.sum(binary_cross_entropy(X @ w, y)))


def _gradient(w, X, y, gradient):
    return X.T @ binary_cross_entropy.backward(X @ w, y, np.full(len(y), gradient))


def _naive_sigmoid(z):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-z))


@ex.part(points=3, answer=Code("logistic_loss", inputs, parameters=PARAMETERS))
def loss():
    r"""Return the summed cross-entropy of a logistic model without a constant: `X` has the shape
    `(n, d)`, `w` the shape `(d,)`, and `y` holds 0 and 1. Some examples are outliers with scores of
    $\pm 1000$; for them, too, the loss is a finite number.
    """
    return _loss


@loss.mistake(credit=1, help="Right for moderate scores. Of which number do you take a logarithm?")
def infinite():
    def naive(w, X, y):
        p = _naive_sigmoid(X @ w)
        with np.errstate(divide="ignore", invalid="ignore"):
            return float(-np.sum(y * np.log(p) + (1 - y) * np.log(1 - p)))

    return naive


@loss.mistake(credit=1, help="A sum is asked for, not a mean.")
def mean():
    return lambda w, X, y: _loss(w, X, y) / len(y)


@loss.hint
def softplus():
    "Both logarithms are softpluses of the score. `np.logaddexp` computes them without overflow."


@ex.part(
    points=3, answer=Gradient("logistic_gradient", "logistic_loss", inputs, parameters=PARAMETERS)
)
def gradient():
    r"""Return the gradient with respect to `w`. From above arrives `gradient`, one number."""
    return _gradient


@gradient.mistake(credit=1, help="With this sign the loss grows: you climb the likelihood's way.")
def wrong_sign():
    return lambda w, X, y, gradient: -_gradient(w, X, y, gradient)


@gradient.mistake(credit=1, help="What arrives from above was not used.")
def upstream_ignored():
    return lambda w, X, y, gradient: _gradient(w, X, y, 1.0)


@gradient.mistake(credit=1, help="There is a factor too many: for cross-entropy it cancels.")
def of_squares():
    def squares(w, X, y, gradient):
        p = _naive_sigmoid(X @ w)
        return gradient * (X.T @ ((p - y) * p * (1 - p)))

    return squares


@gradient.hint
def same_shape():
    "It looks like that of least squares, with the prediction replaced."

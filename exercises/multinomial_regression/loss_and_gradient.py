"""The loss of a multinomial model and its gradient, in code."""

import numpy as np

from exercises.answers import Code, Gradient, Growth
from exercises.core import Exercise
from impl.softmax import cross_entropy

ex = Exercise(
    "One matrix, all classes",
    claims=["XU-45", "XU-60", "XU-65"],
    level=3,
    prerequisites=["multinomial_regression.one_step_by_hand"],
)
PARAMETERS = ("W", "X", "y")


def inputs(rng):
    """One example, two classes, ties, large scores, a class that never comes up, a strided view."""
    return [
        (np.zeros((2, 1)), np.array([[1.0]]), np.array([1])),
        (
            np.array([[500.0, 0.0], [0.0, 1.0], [-500.0, 1.0]]),
            np.array([[2.0, 1.0]]),
            np.array([1]),
        ),
        (rng.normal(size=(3, 2)), rng.normal(size=(4, 2)), np.array([2, 0, 2, 0])),
        (rng.normal(size=(3, 6))[:, ::2], rng.normal(size=(8, 3))[::2], np.array([0, 1, 2, 2])),
        (rng.normal(size=(5, 4)), rng.normal(size=(20, 4)), rng.integers(0, 5, size=20)),
    ]


def many_examples(rng, n):
    """So many examples of eight classes."""
    return rng.normal(size=(8, 6)), rng.normal(size=(n, 6)), rng.integers(0, 8, size=n)


# A loop takes 130 times as long and more, another vectorised solution up to 5 times.
EXAMPLES = Growth(many_examples, sizes=(5_000, 20_000), over="examples")


def _loss(W, X, y):
    return float(np.sum(cross_entropy(X @ W.T, y)))


def _score_gradient(W, X, y, gradient):
    return cross_entropy.backward(X @ W.T, y, np.full(len(y), float(gradient)))


def _gradient(W, X, y, gradient):
    return _score_gradient(W, X, y, gradient).T @ X


@ex.part(
    points=3,
    answer=Code("multinomial_loss", inputs, parameters=PARAMETERS, growth=EXAMPLES),
)
def loss():
    r"""Row $k$ of `W`, of shape `(K, d)`, weighs the features for class $k$; the rows of `X`, of
    shape `(n, d)`, are the examples, and `y`, of shape `(n,)`, holds their classes, counted from 0.
    Return the cross-entropy of the softmax of the scores, **summed** over the examples. Scores may
    be around 1000. A loop over the examples costs half of the points.
    """
    return _loss


@loss.mistake(credit=1, help="A sum over the examples is asked for, not a mean.")
def mean():
    return lambda W, X, y: _loss(W, X, y) / len(y)


@loss.mistake(credit=1, help="Right for moderate scores: an exponential overflows, or vanishes.")
def overflows():
    def naive(W, X, y):
        with np.errstate(all="ignore"):
            powers = np.exp(X @ W.T)
            p = powers / powers.sum(axis=1, keepdims=True)
            return float(-np.log(p[np.arange(len(y)), y]).sum())

    return naive


@loss.hint
def log_sum_exp():
    "The logarithm of a probability is a score minus a log-sum-exp over the classes."


@ex.part(
    points=4,
    answer=Gradient("multinomial_gradient", "multinomial_loss", inputs, parameters=PARAMETERS),
)
def gradient():
    r"""Return the gradient with respect to `W`, of the same shape. From above arrives `gradient`,
    one number.
    """
    return _gradient


@gradient.mistake(credit=1, help="What arrives from above was not used.")
def upstream_ignored():
    return lambda W, X, y, gradient: _gradient(W, X, y, 1.0)


@gradient.mistake(credit=1, help="Only the rows of the right classes move with you.")
def right_classes_only():
    def rows(W, X, y, gradient):
        onehot = np.eye(len(W))[y]
        return (_score_gradient(W, X, y, gradient) * onehot).T @ X

    return rows


@gradient.mistake(credit=2, help="Nearly: which way does the loss fall?")
def wrong_sign():
    return lambda W, X, y, gradient: -_gradient(W, X, y, gradient)


@gradient.hint
def two_steps():
    "First the gradient with respect to the scores, of shape (n, K). Then a matrix product."

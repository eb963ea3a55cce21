"""What a Gaussian classifier learns: means, priors, and a shared covariance, in code."""

import numpy as np

from exercises.answers import Code
from exercises.core import Exercise
from impl.gaussian_classifier import LDA

ex = Exercise(
    "What a Gaussian classifier learns",
    claims=["CO-gauss-mu-mle", "CO-gauss-covmatrix"],
    level=2,
    prerequisites=["gaussian_classifier.two_bells"],
)


def _sample(rng, sizes, d, at=0.0):
    y = np.repeat(np.arange(len(sizes)), sizes)
    return at + 3 * y[:, None] + rng.normal(size=(len(y), d)), y


def inputs(rng):
    """Two small classes, unequal ones, one feature, far from zero, mixed order, a strided view."""
    X, y = _sample(rng, (7, 3, 12), 4)
    order = rng.permutation(len(y))
    wide, labels = _sample(rng, (9, 5), 6)
    return [
        (np.array([[0.0], [2.0], [5.0], [6.0]]), np.array([0, 0, 1, 1])),
        (*_sample(rng, (2, 6), 1),),
        (*_sample(rng, (4, 5), 2, at=1e6),),
        (wide[:, ::2], labels),
        (X[order], y[order]),
    ]


@ex.part(points=2, answer=Code("class_means", inputs, parameters=("X", "y")))
def means():
    r"""`X` has the shape `(n, d)`, and `y` holds the classes of its rows, from 0 to K - 1, all of
    which come up. Return the most likely mean of each class, an array of shape `(K, d)`.
    """
    return lambda X, y: LDA().fit(X, y).means_


@means.mistake(credit=1, help="Each class has its own number of examples to divide by.")
def divided_by_all():
    def over_all(X, y):
        return np.array([X[y == k].sum(axis=0) / len(y) for k in range(int(y.max()) + 1)])

    return over_all


@means.mistake(credit=1, help="The classes keep their order, 0 first.")
def reversed_order():
    return lambda X, y: LDA().fit(X, y).means_[::-1]


@means.hint
def pick_rows():
    "A comparison of `y` with a number picks the rows of a class."


@ex.part(
    points=3, answer=Code("shared_covariance", inputs, parameters=("X", "y"), atol=1e-9, rtol=1e-7)
)
def covariance():
    r"""All classes share one covariance matrix. Return the most likely one, of shape `(d, d)`."""
    return lambda X, y: LDA().fit(X, y).covariance_


@covariance.mistake(credit=1, help="The classes' means differ; their distance is no noise.")
def one_mean():
    return lambda X, y: np.atleast_2d(np.cov(X.T, bias=True))


@covariance.mistake(credit=2, help="This is the unbiased one, not the most likely one.")
def unbiased():
    def pooled(X, y):
        classes = int(y.max()) + 1
        return LDA().fit(X, y).covariance_ * len(y) / (len(y) - classes)

    return pooled


@covariance.mistake(credit=1, help="Classes of different sizes should not count alike.")
def plain_average():
    def average(X, y):
        own = [np.cov(X[y == k].T, bias=True) for k in range(int(y.max()) + 1)]
        return np.atleast_2d(np.mean(own, axis=0))

    return average


@covariance.hint
def residuals():
    "Take from every example the mean of its own class. What is left has one covariance."

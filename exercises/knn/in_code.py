"""Nearest neighbours in code, without a loop over pairs."""

import numpy as np

from exercises.answers import Code, Growth
from exercises.core import Exercise

ex = Exercise(
    "Neighbours without a loop",
    claims=["CO-knn-algo", "CO-knn-scaling"],
    level=2,
    prerequisites=["knn.by_hand"],
    minutes=20,
)


def inputs(rng):
    """One stored point, one feature, a query on a stored point, many points, a strided view."""
    stored = rng.normal(size=(12, 6))
    return [
        (np.array([[1.0, 2.0]]), np.array([[0.0, 0.0], [3.0, 4.0]]), 1),
        (rng.normal(size=(5, 1)), rng.normal(size=(3, 1)), 2),
        (stored[:, :3].copy(), stored[:2, :3] + 1e-3, 1),
        (rng.normal(size=(20, 4)), rng.normal(size=(7, 4)), 5),
        (stored[:, ::2], rng.normal(size=(4, 3)), 3),
    ]


def _distances(X, Q):
    return np.sqrt(((Q[:, None, :] - X[None, :, :]) ** 2).sum(axis=-1))


def _nearest(X, Q, k):
    return np.argsort(_distances(X, Q), axis=1, kind="stable")[:, :k].astype(float)


def as_many_questions(rng, n):
    """So many stored points, and as many asked: the pairs grow with the square."""
    return rng.normal(size=(n, 4)), rng.normal(size=(n, 4))


# A loop over the pairs takes 45 times as long and more, one over the questions about the same.
PAIRS = Growth(as_many_questions, sizes=(50, 400), factor=15, over="pairs")


@ex.part(
    points=2,
    answer=Code(
        "all_distances",
        lambda rng: [a[:2] for a in inputs(rng)],
        parameters=("X", "Q"),
        rtol=1e-7,
        atol=1e-9,
        growth=PAIRS,
    ),
)
def distances():
    r"""`X`, of shape `(n, d)`, holds what is stored, `Q`, of shape `(m, d)`, what is asked. Return
    the Euclidean distances of all pairs, of shape `(m, n)`. A loop over all the pairs costs half of
    the points.
    """
    return _distances


@distances.mistake(credit=1, help="Those are squared.")
def squared():
    return lambda X, Q: _distances(X, Q) ** 2


@distances.mistake(credit=1, help="Look at the shape: one row for each question.")
def turned():
    return lambda X, Q: _distances(Q, X)


@distances.hint
def broadcast():
    "An axis of length 1 in each array lets NumPy form all differences at once."


@ex.part(points=3, answer=Code("nearest", inputs, parameters=("X", "Q", "k")))
def nearest():
    r"""Return, for every row of `Q`, the places in `X` of its `k` nearest neighbours, the nearest
    one first: an array of shape `(m, k)`.
    """
    return _nearest


@nearest.mistake(credit=1, help="The farthest ones come first here.")
def farthest():
    return lambda X, Q, k: np.argsort(-_distances(X, Q), axis=1)[:, :k].astype(float)


@nearest.mistake(credit=1, help="Places are wanted, not distances.")
def values():
    return lambda X, Q, k: np.sort(_distances(X, Q), axis=1)[:, :k]


@nearest.hint
def argsort():
    "np.argsort says in which order to take the entries."

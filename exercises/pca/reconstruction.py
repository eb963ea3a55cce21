"""Compress to k numbers a point and back, in code."""

import numpy as np

from exercises.answers import Code
from exercises.core import Exercise

ex = Exercise(
    "Forget all but the best k",
    claims=["SU-2.72", "SU-2.75-topk", "SU-2.75"],
    level=2,
    prerequisites=["pca.by_hand"],
    minutes=20,
)


def inputs(rng):
    """Two points, points on a line, all components, more features than points, a strided view."""
    line = np.outer(np.array([-1.0, 0.0, 2.0, 4.0]), np.array([1.0, 2.0, -1.0]))
    spread = np.diag([4.0, 2.0, 1.0, 0.5])
    return [
        (np.array([[0.0, 1.0], [2.0, 3.0]]), 1),
        (line + 5.0, 1),
        (rng.normal(size=(6, 3)) + 3.0, 3),
        (rng.normal(size=(3, 5)), 2),
        (rng.normal(size=(9, 4)) @ spread + 1.0, 2),
        ((rng.normal(size=(8, 4)) @ spread).repeat(2, axis=1)[:, ::2], 1),
    ]


def _rebuilt(X, k):
    mean = X.mean(axis=0)
    _, _, directions = np.linalg.svd(X - mean, full_matrices=False)
    kept = directions[:k]
    return mean + (X - mean) @ kept.T @ kept


@ex.part(points=4, answer=Code("pca_rebuild", inputs, parameters=("X", "k"), rtol=1e-7, atol=1e-8))
def rebuild():
    r"""`X` has the shape `(n, d)`. Keep of every row only its first `k` principal components, and
    build the rows again from them: return an array of the shape of `X`, as near to it as `k`
    components allow.
    """
    return _rebuilt


@rebuild.mistake(credit=2, help="Your rows are centred: put the mean back where it was.")
def mean_not_restored():
    return lambda X, k: _rebuilt(X, k) - X.mean(axis=0)


@rebuild.mistake(credit=1, help="Components are directions of the centred data.")
def not_centred():
    def through_the_origin(X, k):
        _, _, directions = np.linalg.svd(X, full_matrices=False)
        return X @ directions[:k].T @ directions[:k]

    return through_the_origin


@rebuild.mistake(credit=1, help="Which end of the list holds the largest variances?")
def the_worst_k():
    def last(X, k):
        mean = X.mean(axis=0)
        _, _, directions = np.linalg.svd(X - mean, full_matrices=False)
        return mean + (X - mean) @ directions[-k:].T @ directions[-k:]

    return last


@rebuild.hint
def orthonormal():
    "With orthonormal directions, the way back is the transpose of the way there."

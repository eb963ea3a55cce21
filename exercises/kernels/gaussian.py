"""The Gaussian kernel: near, far, and the matrix of all pairs in code."""

import numpy as np
from sympy import Rational, exp, log, sqrt

from exercises.answers import Code, Number
from exercises.core import Exercise

ex = Exercise(
    "How alike are two points?",
    claims=["SU-2.59", "SU-2.60-inf"],
    level=1,
    prerequisites=["kernels.feature_map"],
    minutes=18,
)


@ex.variant
def draw(v):
    return {
        "x": v.integer(-3, 0),
        "z": v.integer(1, 3),
        "width": v.choice((2, 3)),
        "parts": v.integer(3, 9),
    }


@ex.part(points=1, answer=Number("gaussian_alike", digits=3))
def alike(x, z, width):
    r"""The Gaussian kernel of two numbers is $e^{-(x - z)^2 / (2 \sigma^2)}$. With
    $\sigma = {{ width }}$: how alike are ${{ x }}$ and ${{ z }}$?
    """
    return exp(-Rational((x - z) ** 2, 2 * width**2))


@alike.mistake(credit=0, help="The two in the denominator is easily lost.")
def lost_two(x, z, width):
    return exp(-Rational((x - z) ** 2, width**2))


@alike.hint
def distance_squared():
    "Square the distance first. The farther apart, the nearer to 0."


@ex.part(points=2, answer=Number("gaussian_distance", digits=3))
def distance(width, parts):
    r"""How far apart are two points that are alike only to one part in {{ parts }}?"""
    return width * sqrt(2 * log(parts))


@distance.mistake(credit=1, help="That is the square of a distance.")
def squared(width, parts):
    return 2 * width**2 * log(parts)


@distance.hint
def take_logarithms():
    "Set the kernel equal to that fraction and take logarithms on both sides."


def inputs(rng):
    """One pair, equal points, far points, one feature, a strided view."""
    width = float(rng.uniform(0.5, 2.0))
    return [
        (np.array([[1.0, 2.0]]), np.array([[1.0, 0.0]]), 1.0),
        (np.zeros((3, 2)), np.zeros((2, 2)), width),
        (rng.normal(size=(5, 3)), 40 * rng.normal(size=(4, 3)), width),
        (rng.normal(size=(6, 1)), rng.normal(size=(3, 1)), width),
        (rng.normal(size=(4, 6))[:, ::2], rng.normal(size=(5, 3)), width),
    ]


def _matrix(X, Z, sigma):
    gaps = X[:, None, :] - Z[None, :, :]
    return np.exp(-(gaps**2).sum(axis=-1) / (2 * sigma**2))


@ex.part(points=3, answer=Code("gaussian_matrix", inputs, parameters=("X", "Z", "sigma")))
def matrix():
    r"""In code: `X` has the shape `(m, d)` and `Z` the shape `(n, d)`. Return the kernel of all
    pairs, of shape `(m, n)`, with the squared **Euclidean** distance in place of $(x - z)^2$.
    """
    return _matrix


@matrix.mistake(credit=1, help="Square the width, too.")
def width_not_squared():
    return lambda X, Z, sigma: _matrix(X, Z, sigma**0.5)


@matrix.mistake(credit=1, help="Look at the shape: rows belong to X.")
def turned():
    return lambda X, Z, sigma: _matrix(Z, X, sigma)


@matrix.hint
def broadcast():
    "An axis of length 1 in each array lets NumPy form all differences at once."

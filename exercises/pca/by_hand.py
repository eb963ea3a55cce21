"""Principal components of a few points in the plane, by hand."""

import numpy as np
from sympy import Rational, sqrt

from exercises.answers import Array, Number
from exercises.core import Exercise
from exercises.drawing import points, zero_lines

ex = Exercise(
    "Which way do the points lie?",
    claims=["SU-2.72", "SU-2.73", "SU-2.74", "SU-2.75", "SU-2.75-opt"],
    level=2,
    minutes=20,
)
# Points along a slanted direction and across it: the eigenvalues come out rational.
DIRECTIONS = ((2, 1), (1, 2), (2, -1), (-1, 2), (1, 3), (3, 1), (3, -1))


@ex.variant
def draw(v):
    a, b = v.choice(DIRECTIONS)
    along, across = v.choice(((2, 1), (3, 1)))
    centre = (v.integer(-2, 3, exclude=[0]), v.integer(-2, 3, exclude=[0]))
    offsets = ((along * a, along * b), (-along * a, -along * b), (-across * b, across * a))
    data = [(centre[0] + p, centre[1] + q) for p, q in (*offsets, (across * b, -across * a))]
    return {"data": v.shuffled(data), "direction": (a, b)}


def _covariance(data):
    x = np.array(data, dtype=float)
    x = x - x.mean(axis=0)
    return x.T @ x / len(x)


def _exact(covariance):
    """The entries of a symmetric matrix as rationals: variance, covariance, variance."""
    c = [Rational(float(k)).limit_denominator(10**6) for k in np.asarray(covariance).flat]
    return c[0], c[1], c[3]


def _eigenvalue(covariance, sign=1):
    a, b, d = _exact(covariance)
    return (a + d + sign * sqrt((a - d) ** 2 + 4 * b**2)) / 2


@ex.figure(alt="Four points in the plane, at {{ data | join(', ') }}.")
def plane(axes, data):
    zero_lines(axes)
    points(axes, {"data": data})


@ex.part(points=3, answer=Array("pca_covariance"))
def covariance(data):
    r"""Four points of the plane: ${{ data | join(", ") }}$. Centre them and give their covariance
    matrix; divide by $n$.
    """
    return _covariance(data)


@covariance.mistake(credit=1, help="Subtract the mean first.")
def not_centred(data):
    x = np.array(data, dtype=float)
    return x.T @ x / len(x)


@covariance.mistake(credit=2, help="The question asks for a division by n, not by n - 1.")
def unbiased(data):
    return _covariance(data) * len(data) / (len(data) - 1)


@covariance.mistake(credit=1, help="Add up, and then divide by the number of points.")
def not_divided(data):
    return _covariance(data) * len(data)


@covariance.hint
def three_numbers():
    "The matrix is symmetric: two variances and one covariance are all it takes."


@ex.part(points=2, answer=Number("pca_variance", digits=4), after=covariance)
def variance(covariance):
    r"""What is the variance along the **first** principal component? Give it exactly, or to four
    significant figures.
    """
    return _eigenvalue(covariance)


@variance.mistake(credit=1, help="That one belongs to the last component: there is a larger one.")
def smallest(covariance):
    return _eigenvalue(covariance, sign=-1)


@variance.mistake(credit=1, help="That is the standard deviation.")
def deviation(covariance):
    return sqrt(_eigenvalue(covariance))


@variance.hint
def trace_and_determinant():
    "Two eigenvalues: their sum is the trace, their product the determinant."


@ex.part(points=1, answer=Number("pca_share", digits=3), after=(covariance, variance))
def share(covariance, variance):
    r"""Which share of the whole variance does it explain? Give a fraction or a decimal."""
    a, _, d = _exact(covariance)
    return variance / (a + d)


@share.mistake(credit=0, help="Compare with the whole variance, not with what is left.")
def odds(covariance, variance):
    a, _, d = _exact(covariance)
    return variance / (a + d - variance)


@share.hint
def the_whole():
    "The whole variance stands on the diagonal, before and after the turn."


@ex.part(points=2, answer=Number("pca_slope", digits=3))
def slope(direction):
    r"""The first component is a line through the mean. What is its slope, $u_2 / u_1$?"""
    return Rational(direction[1], direction[0])


@slope.mistake(credit=1, help="Turn the fraction over: a slope is how far up for a step right.")
def turned_over(direction):
    return Rational(direction[0], direction[1])


@slope.mistake(credit=1, help="That is the second component, at right angles to the first.")
def at_right_angles(direction):
    return -Rational(direction[0], direction[1])


@slope.hint
def eigenvector():
    "Put the eigenvalue into one row of the equation for the eigenvector."

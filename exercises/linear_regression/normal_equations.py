"""Two features, three examples: the normal equations on paper."""

from itertools import product

import numpy as np
from sympy import Matrix, latex

from exercises.answers import Array
from exercises.core import Exercise

ex = Exercise(
    "The normal equations",
    claims=["SU-2.7", "SU-2.8", "CO-linreg-normal-eq"],
    level=2,
    prerequisites=["linear_regression.three_points"],
)


def _columns():
    """Small designs whose columns are neither dependent nor perpendicular."""
    for a, b in product(product((1, 2, -1, 0), repeat=3), repeat=2):
        mixed = sum(i * j for i, j in zip(a, b, strict=True))
        squares = [sum(i * i for i in c) for c in (a, b)]
        if mixed and squares[0] != squares[1] and 2 <= squares[0] * squares[1] - mixed**2 <= 9:
            yield list(zip(a, b, strict=True))


@ex.variant
def draw(v):
    rows = v.choice(list(_columns()))
    targets = [
        y
        for y in product(range(-2, 5), repeat=3)
        if len(set(y)) == 3
        and all(sum(r[k] * t for r, t in zip(rows, y, strict=True)) for k in (0, 1))
    ]
    # The products must not be the plain sums of the columns.
    y = v.until(
        lambda: v.choice(targets),
        lambda y: np.any(np.array(rows).T @ y != np.array(rows).sum(axis=0)),
    )
    return {"rows": rows, "y": y, "X": latex(Matrix(rows)), "Y": latex(Matrix(y))}


def _arrays(rows, y):
    return np.array(rows, dtype=float), np.array(y, dtype=float)


@ex.part(points=2, answer=Array("normal_matrix"))
def matrix(rows, y):
    r"""Each **row** of $X$ is an example, and $Y$ holds the targets:
    $X = {{ X }}$ and $Y = {{ Y }}$. There is no constant. Compute $X^\top X$.
    """
    X, _ = _arrays(rows, y)
    return X.T @ X


@matrix.mistake(credit=1, help="Two different columns have a product with each other, too.")
def diagonal_only(rows, y):
    X, _ = _arrays(rows, y)
    return np.diag((X * X).sum(axis=0))


@matrix.mistake(credit=0, help="So far you have summed; each entry is a sum of products.")
def sums_of_columns(rows, y):
    X, _ = _arrays(rows, y)
    return np.outer(X.sum(axis=0), X.sum(axis=0))


@matrix.hint
def columns():
    "Each entry is the inner product of two columns. How many different ones are there?"


@ex.part(points=1, answer=Array("normal_right_side"))
def right_side(rows, y):
    r"""Compute $X^\top Y$."""
    X, target = _arrays(rows, y)
    return X.T @ target


@right_side.mistake(credit=0, help="The columns of X were not multiplied by the targets.")
def sums(rows):
    return np.array(rows, dtype=float).sum(axis=0)


@right_side.hint
def inner_products():
    "It holds the inner product of each column with the targets."


@ex.part(points=3, answer=Array("normal_solution"))
def solution(rows, y):
    r"""Solve the normal equations for the coefficients $w$."""
    X, target = _arrays(rows, y)
    return np.linalg.solve(X.T @ X, X.T @ target)


@solution.mistake(credit=1, help="The columns overlap, so they cannot be fitted one by one.")
def each_alone(rows, y):
    X, target = _arrays(rows, y)
    return (X.T @ target) / (X * X).sum(axis=0)


@solution.mistake(credit=1, help="In the inverse of a 2 x 2 matrix, something changes its sign.")
def inverse_with_wrong_signs(rows, y):
    X, target = _arrays(rows, y)
    (a, b), (_, d) = X.T @ X
    return np.array([[d, b], [b, a]]) @ (X.T @ target) / (a * d - b * b)


@solution.hint
def two_unknowns():
    "Two equations in two unknowns: eliminate one. Check that the residuals fit no column."

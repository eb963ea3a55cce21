"""Least squares as the notes print it: a step with the wrong sign, and an explicit inverse."""

from __future__ import annotations

from typing import Any

import numpy as np

from impl.core import Array, as_float


def lms_step(w: Any, x: Any, y: float, learning_rate: float) -> Array:
    """w + rate (w x - y) x, for one example.

    Wrong: this is the gradient's own direction, so the squared error of the example grows with each
    step, by the factor (1 + rate |x|^2)^2. Descent takes it off; see `impl.linear.LMS`.

    Args:
        w: shape (d,).
        x: shape (d,).
        y: the target.
        learning_rate: positive.

    Source: SU-2.5b.
    """
    w, x = as_float(w), as_float(x)
    return np.asarray(w + learning_rate * (float(w @ x) - y) * x)


def inverse_normal_equations(X: Any, y: Any) -> Array:
    """(X^T X)^-1 X^T y, with the inverse computed.

    Unstable: the condition of X^T X is the square of X's, and the inverse loses more. `impl.linear`
    has QR, and Cholesky for well-conditioned problems, which refuses the others.

    Args:
        X: shape (n, d).
        y: shape (n,).

    Raises:
        numpy.linalg.LinAlgError: X^T X is exactly singular.

    Source: SU-2.8, CO-linreg-solution.
    """
    X, y = as_float(X), as_float(y)
    return np.asarray(np.linalg.inv(X.T @ X) @ (X.T @ y))

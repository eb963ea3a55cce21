"""What the fits of logistic and softmax regression check and prepare alike."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np

from impl.checks import classes_and_codes, design_matrix, far_mean
from impl.core import Array


def prepared(where: str, model: Any, X: Any, y: Any, solvers: Collection[str]) -> tuple[Array, ...]:
    """The examples, the distinct labels, and each example's place among them.

    Args:
        where: the caller, for messages.
        model: with `l2` and `solver`.
        X: shape (n, d).
        y: shape (n,).
        solvers: the names that there are.

    Raises:
        ShapeError: other shapes.
        ValueError: a value is NaN or infinite, there is one class only, or an option is out of its
            range.
    """
    X = design_matrix(where, X)
    classes, codes = classes_and_codes(where, y, X.shape[0])
    if classes.size < 2:
        raise ValueError(f"{where}: y must have at least two classes; got {classes.size}")
    if not 0 <= model.l2 < np.inf:
        raise ValueError(f"{where}: l2 must be finite and at least 0; got {model.l2}")
    if model.solver not in solvers:
        raise ValueError(f"{where}: solver must be one of {sorted(solvers)}; got {model.solver!r}")
    return X, classes, codes


def centred(X: Array, wanted: bool) -> tuple[Array, Array]:
    """The examples with what takes them far from the origin taken off, and what that was."""
    centre = far_mean(X) if wanted else np.zeros(X.shape[1])
    return ((X - centre).astype(X.dtype) if centre.any() else X), centre

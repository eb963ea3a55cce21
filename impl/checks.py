"""What every model asks of its input, said in one way: where, what must hold, what came."""

from __future__ import annotations

from typing import Any

import numpy as np

from impl.core import Array, ShapeError, as_float


class NotFittedError(ValueError):
    """A model was asked for something that only `fit` can give."""


def design_matrix(where: str, X: Any, columns: int | None = None) -> Array:
    """Examples as rows: shape (n, d) with n >= 1 and finite values; float types are kept.

    Args:
        where: the caller, for messages: "LinearRegression.fit".
        X: the values.
        columns: the d that the model was fitted with.

    Raises:
        ShapeError: it is not 2-D, has no rows, or another number of columns.
        ValueError: a value is NaN or infinite.
    """
    array = as_float(X)
    if array.ndim != 2 or array.shape[0] == 0:
        raise ShapeError(f"{where}: X must be 2-D with at least one row; got shape {array.shape}")
    if columns is not None and array.shape[1] != columns:
        raise ShapeError(f"{where}: X must have {columns} columns; got shape {array.shape}")
    return finite(where, "X", array)


def values(where: str, name: str, y: Any, n: int | None = None) -> Array:
    """Real numbers of shape (n,), finite; float types are kept.

    Raises:
        ShapeError: another shape.
        ValueError: a value is NaN or infinite.
    """
    array = as_float(y)
    if array.ndim != 1 or (n is not None and array.shape[0] != n):
        wanted = "(n,)" if n is None else f"({n},)"
        raise ShapeError(f"{where}: {name} must have shape {wanted}; got {array.shape}")
    return finite(where, name, array)


def finite(where: str, name: str, array: Array) -> Array:
    """The array itself, when every value is a number.

    Raises:
        ValueError: one is NaN or infinite; the message says where.
    """
    if not np.isfinite(array).all():
        place = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        raise ValueError(f"{where}: {name} must be finite; got {array[place]} at {place}")
    return array


def classes_and_codes(where: str, y: Any, n: int) -> tuple[Array, Array]:
    """The distinct labels, sorted, and for each example the place of its label among them.

    Labels may be integers of any size, strings or booleans.

    Raises:
        ShapeError: y is not of shape (n,).
        ValueError: the labels are floats that are not whole, or cannot be compared.
    """
    array = np.asarray(y)
    if array.shape != (n,):
        raise ShapeError(f"{where}: y must have shape ({n},); got {array.shape}")
    if array.dtype.kind == "f" and not np.equal(array, np.floor(array)).all():
        raise ValueError(f"{where}: labels must be whole numbers or strings; got {array.dtype}")
    try:
        classes, codes = np.unique(array, return_inverse=True)
    except TypeError as error:
        raise ValueError(f"{where}: labels must all be of one kind, numbers or strings") from error
    return classes, codes


def fitted(model: Any, attribute: str) -> None:
    """Nothing, when the model has been fitted.

    Raises:
        NotFittedError: it has not.
    """
    if not hasattr(model, attribute):
        name = type(model).__name__
        raise NotFittedError(f"{name}: call fit first; there is no {attribute} yet")


def far_mean(X: Array) -> Array:
    """The mean of each column, when some column lies far from 0 for its spread; else zeros.

    Fits with an intercept subtract it first: 1e6 beside a spread of 1 costs twelve digits in a
    squared sum. The spread is judged by the first thousand rows.
    """
    sample = X[:1000].astype(np.float64)
    spread = sample.std(axis=0)
    if not (np.abs(sample.mean(axis=0)) > 30 * spread).any() or not spread.any():
        return np.zeros(X.shape[1])
    return np.asarray(X.mean(axis=0, dtype=np.float64))

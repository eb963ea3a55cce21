"""Examples as rows or as columns: the notes write both."""

from __future__ import annotations

from typing import Any, Literal

from impl.checks import design_matrix
from impl.core import Array, as_float

Layout = Literal["rows", "columns"]


def examples(where: str, X: Any, layout: Layout, features: int | None = None) -> Array:
    """The examples as rows, shape (n, d), whichever way they were given.

    Args:
        where: the caller, for messages.
        X: shape (n, d) for "rows", (d, n) for "columns".
        layout: which of the two.
        features: the d that must hold.

    Raises:
        ShapeError: X is not 2-D, is empty, or has another d.
        ValueError: a value is NaN or infinite, or the layout is unknown.
    """
    if layout not in ("rows", "columns"):
        raise ValueError(f"{where}: layout must be 'rows' or 'columns'; got {layout!r}")
    array = as_float(X)
    if layout == "columns" and array.ndim == 2:
        array = array.T
    return design_matrix(where, array, features)

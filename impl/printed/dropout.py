"""Dropout as printed."""

from __future__ import annotations

from typing import Any

from impl.core import Array, as_float


def inverted_dropout(h: Any, p: float) -> Array:
    """(h < 1 - p) / (1 - p), printed as the hidden units after inverted dropout.

    Wrong: it compares the units themselves with 1 - p, so that nothing is random, and what comes
    out is 0 or 1 / (1 - p), whatever h was. Meant is a uniform draw on the right, times h: see
    `impl.layers.dropout.inverted_dropout`.

    Source: CO-dropout-inverted.
    """
    h = as_float(h)
    return (h < 1 - p).astype(h.dtype) / h.dtype.type(1 - p)

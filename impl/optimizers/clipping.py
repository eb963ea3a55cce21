"""Gradients that explode, cut back."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from impl.core import Array, as_float


def clip_by_norm(gradients: Sequence[Any], limit: float) -> list[Array]:
    """Gradients scaled so that their common norm is at most `limit`; shorter ones stay.

    Raises:
        ValueError: limit is not positive.

    Source: CO-clip.
    """
    found = [as_float(g) for g in gradients]
    if not limit > 0:
        raise ValueError(f"clip_by_norm: limit must be positive; got {limit}")
    largest = max((float(np.abs(g).max()) for g in found if g.size), default=0.0)
    if largest == 0 or not math.isfinite(largest):
        return found  # nothing to scale; NaN and infinity are for the caller to see
    # Divided by the largest entry first, no square overflows.
    norm = largest * math.sqrt(sum(float(np.square(g / largest).sum()) for g in found))
    if norm <= limit:
        return found
    return [g / g.dtype.type(largest) * g.dtype.type(limit / (norm / largest)) for g in found]


def clip_by_value(gradients: Sequence[Any], limit: float) -> list[Array]:
    """Every entry brought into [-limit, limit]; unlike `clip_by_norm` this turns the direction.

    Raises:
        ValueError: limit is not positive.
    """
    if not limit > 0:
        raise ValueError(f"clip_by_value: limit must be positive; got {limit}")
    return [np.clip(as_float(g), -limit, limit) for g in gradients]

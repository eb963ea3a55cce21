"""The variance as the notes expand it, which is right on paper only."""

from __future__ import annotations

from typing import Any

import numpy as np

from impl.core import as_float


def variance_by_squares(x: Any) -> float:
    """E(X^2) - E(X)^2 of equally likely values.

    Wrong in floating point: where the mean is large beside the spread, two nearly equal numbers are
    subtracted; the result loses its digits and may be negative. `impl.estimators.sample_variance`
    subtracts the mean first.

    Args:
        x: shape (n,).

    Source: SU-1.5, SUA-1.3.
    """
    x = as_float(x)
    return float(np.mean(x * x) - np.mean(x) ** 2)

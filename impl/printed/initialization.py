"""Starting weights as printed."""

from __future__ import annotations

import math

import numpy as np

from impl.core import Array


def scaled_gaussian(n_in: int, n_out: int, rng: np.random.Generator) -> Array:
    """Normal weights with standard deviation sqrt(n_in), printed as the cure for saturation.

    Wrong: the text reads N(0, sqrt(50)) as a standard deviation, and with it the sum of n_in inputs
    has deviation n_in instead of 1, which saturates even more. What is meant is 1 / sqrt(n_in), as
    in `impl.initialization.lecun`.

    Source: SU-3.7.2-b.
    """
    return rng.normal(0.0, math.sqrt(n_in), (n_out, n_in))

"""Starting weights, and the fans that decide their variance.

Weights are shaped as the layers use them: (out, in) for an affine layer, (out, in, height, width)
for a convolution. The distributions have mean 0 and the variance that each name stands for.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from impl.core import Array, ShapeError

NORMAL, UNIFORM = "normal", "uniform"


def fans(shape: Sequence[int]) -> tuple[int, int]:
    """How many inputs one output sums (fan_in), and how many outputs one input reaches (fan_out).

    Args:
        shape: (out, in), or (out, in, height, width) with any number of spatial axes.

    Raises:
        ShapeError: fewer than two axes, or an axis without entries.

    Source: CO-xavier-var, SU-3.35, SU-3.36.
    """
    shape = tuple(int(n) for n in shape)
    if len(shape) < 2 or min(shape) < 1:
        raise ShapeError(f"fans: shape must be (out, in, ...) with entries; got {shape}")
    window = math.prod(shape[2:])
    return shape[1] * window, shape[0] * window


def zeros(shape: Sequence[int], dtype: Any = np.float64) -> Array:
    """All weights 0: right for biases, and never for hidden weights, which then stay symmetric.

    Source: CO-init-zeros, SU-3.7.1-sig.
    """
    return np.zeros(shape, dtype)


def gaussian(
    shape: Sequence[int], rng: np.random.Generator, sd: float = 0.01, dtype: Any = np.float64
) -> Array:
    """Normal weights of one standard deviation, whatever the fans.

    Too small a deviation lets the signal die out with depth, too large a one lets it explode.

    Raises:
        ValueError: sd is negative.

    Source: CO-init-small, CO-init-large.
    """
    if not sd >= 0:
        raise ValueError(f"gaussian: sd must not be negative; got {sd}")
    return _draw("gaussian", shape, sd**2, rng, NORMAL, dtype)


def lecun(
    shape: Sequence[int],
    rng: np.random.Generator,
    distribution: str = NORMAL,
    dtype: Any = np.float64,
) -> Array:
    """Variance 1 / fan_in, which keeps the variance of a linear layer's outputs.

    Args:
        shape: (out, in, ...).
        rng: where the numbers come from.
        distribution: "normal" or "uniform".
        dtype: the float type of the weights.

    Source: SU-3.35-fwd, CO-xavier-var.
    """
    return _draw("lecun", shape, 1 / fans(shape)[0], rng, distribution, dtype)


def xavier(
    shape: Sequence[int],
    rng: np.random.Generator,
    distribution: str = NORMAL,
    dtype: Any = np.float64,
) -> Array:
    """Variance 2 / (fan_in + fan_out), between what outputs and what gradients need.

    Uniform, the weights lie within sqrt(6 / (fan_in + fan_out)).

    Args:
        shape: (out, in, ...).
        rng: where the numbers come from.
        distribution: "normal" or "uniform".
        dtype: the float type of the weights.

    Source: CO-xavier-normal, SU-3.36-unif.
    """
    return _draw("xavier", shape, 2 / sum(fans(shape)), rng, distribution, dtype)


def he(
    shape: Sequence[int],
    rng: np.random.Generator,
    distribution: str = NORMAL,
    mode: str = "fan_in",
    dtype: Any = np.float64,
) -> Array:
    """Variance 2 / fan_in: the factor 2 makes up for the half that ReLU sets to 0.

    Args:
        shape: (out, in, ...).
        rng: where the numbers come from.
        distribution: "normal" or "uniform".
        mode: "fan_in" keeps the variance of outputs, "fan_out" that of gradients.
        dtype: the float type of the weights.

    Raises:
        ValueError: another mode or distribution.

    Source: CO-he-var, SU-3.40-fwd, SU-3.43-bwd.
    """
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(f"he: mode must be 'fan_in' or 'fan_out'; got {mode!r}")
    fan = fans(shape)[0 if mode == "fan_in" else 1]
    return _draw("he", shape, 2 / fan, rng, distribution, dtype)


def _draw(
    name: str,
    shape: Sequence[int],
    variance: float,
    rng: np.random.Generator,
    distribution: str,
    dtype: Any,
) -> Array:
    if distribution == NORMAL:
        return rng.normal(0.0, math.sqrt(variance), tuple(shape)).astype(dtype, copy=False)
    if distribution == UNIFORM:  # the variance of U(-a, a) is a^2 / 3
        bound = math.sqrt(3 * variance)
        return rng.uniform(-bound, bound, tuple(shape)).astype(dtype, copy=False)
    raise ValueError(f"{name}: distribution must be 'normal' or 'uniform'; got {distribution!r}")

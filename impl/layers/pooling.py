"""Pooling: each window of each channel becomes one number, its maximum or its mean."""

from __future__ import annotations

from typing import Any

import numpy as np

from impl._kernels.loading import kernels
from impl.core import Array, op
from impl.layers.windows import Pair, images, output_sizes, pair, windows


def _example(rng: np.random.Generator) -> tuple[Any, ...]:
    return (rng.normal(size=(2, 2, 4, 5)),)


@op(example=_example)
def max_pool2d(x: Any, size: Pair = 2, stride: Pair | None = None) -> Array:
    """The largest value of each window; windows that would stand out over the edge are left out.

    Args:
        x: shape (n, channels, height, width).
        size: of the window, one number or (vertical, horizontal).
        stride: the step from window to window; None makes them tile the image.

    Returns:
        Shape (n, channels, (height - size) // stride + 1, the same for the width).

    Raises:
        ShapeError: x is not 4-D, or smaller than the window.
        ValueError: a size or stride below 1.

    Source: XU-141.n2, CO-pool-outsize.
    """
    x, window, step, shape = _arguments("max_pool2d", x, size, stride)
    loops = kernels("layers", float(x.size), x)
    if loops is not None:
        planes = x.reshape(-1, *x.shape[2:])
        y = np.empty((len(planes), *shape[2:]), x.dtype)
        loops.in_blocks(loops.max_pool_forward, len(planes), planes, *window, *step, y)
        return y.reshape(shape)
    return np.asarray(windows(x, window, step).max(axis=(4, 5)))


@max_pool2d.backward
def _(x: Any, gradient: Any, size: Pair = 2, stride: Pair | None = None) -> Array:
    # The gradient of a window goes to its first largest entry, row by row.
    x, window, step, shape = _arguments("max_pool2d", x, size, stride)
    gradient = np.ascontiguousarray(gradient, dtype=x.dtype)
    loops = kernels("layers", float(x.size), x)
    if loops is not None:
        planes = x.reshape(-1, *x.shape[2:])
        to_planes, g = np.empty_like(planes), gradient.reshape(-1, *shape[2:])
        loops.in_blocks(loops.max_pool_backward, len(planes), planes, *window, *step, g, to_planes)
        return to_planes.reshape(x.shape)
    entries = window[0] * window[1]
    best = windows(x, window, step).reshape(*shape, entries).argmax(axis=-1)
    to_x = np.zeros_like(x)
    for place in range(entries):
        chosen = np.where(best == place, gradient, x.dtype.type(0))
        _shifted(to_x, place, window, step, shape)[...] += chosen
    return to_x


@op(example=_example)
def average_pool2d(x: Any, size: Pair = 2, stride: Pair | None = None) -> Array:
    """The mean of each window; windows that would stand out over the edge are left out.

    Args:
        x: shape (n, channels, height, width).
        size: of the window, one number or (vertical, horizontal).
        stride: the step from window to window; None makes them tile the image.

    Raises:
        ShapeError: x is not 4-D, or smaller than the window.
        ValueError: a size or stride below 1.

    Source: CO-pool-outsize.
    """
    x, window, step, shape = _arguments("average_pool2d", x, size, stride)
    total = np.zeros(shape, x.dtype)
    for place in range(window[0] * window[1]):
        total += _shifted(x, place, window, step, shape)
    total *= x.dtype.type(1 / (window[0] * window[1]))
    return total


@average_pool2d.backward
def _(x: Any, gradient: Any, size: Pair = 2, stride: Pair | None = None) -> Array:
    x, window, step, shape = _arguments("average_pool2d", x, size, stride)
    share = np.asarray(gradient, x.dtype) * x.dtype.type(1 / (window[0] * window[1]))
    to_x = np.zeros_like(x)
    for place in range(window[0] * window[1]):
        _shifted(to_x, place, window, step, shape)[...] += share
    return to_x


def _shifted(
    x: Array,
    place: int,
    window: tuple[int, int],
    step: tuple[int, int],
    shape: tuple[int, int, int, int],
) -> Array:
    """The entry number `place` of every window, as a view of x of the output's shape."""
    p, q = divmod(place, window[1])
    down = slice(p, p + step[0] * (shape[2] - 1) + 1, step[0])
    return x[:, :, down, q : q + step[1] * (shape[3] - 1) + 1 : step[1]]


def _arguments(
    where: str, x: Any, size: Pair, stride: Pair | None
) -> tuple[Array, tuple[int, int], tuple[int, int], tuple[int, int, int, int]]:
    x = images(where, x)
    window = pair(where, "size", size, 1)
    step = window if stride is None else pair(where, "stride", stride, 1)
    return x, window, step, (*x.shape[:2], *output_sizes(where, x, window, step))

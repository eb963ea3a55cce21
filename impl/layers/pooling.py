"""Pooling: each window of each channel becomes one number, its maximum or its mean."""

from __future__ import annotations

import functools
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
    loops = kernels("pooling", float(x.size), x)
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
    loops = kernels("pooling", float(x.size), x)
    if loops is not None:
        planes = x.reshape(-1, *x.shape[2:])
        to_planes, g = np.empty_like(planes), gradient.reshape(-1, *shape[2:])
        loops.in_blocks(loops.max_pool_backward, len(planes), planes, *window, *step, g, to_planes)
        return to_planes.reshape(x.shape)
    best = windows(x, window, step).reshape(*shape, window[0] * window[1]).argmax(axis=-1)
    corners, inside = _places(x.shape[2:], window, step, shape[2:])
    places = corners + inside[best]
    if shape[0] * shape[1] != 1:
        plane = x.shape[2] * x.shape[3]
        places += np.arange(0, x.size, plane).reshape(*shape[:2], 1, 1) if plane else 0
    to_x = np.zeros_like(x)
    np.add.at(to_x.reshape(-1), places, gradient)
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
    loops = kernels("pooling", float(x.size), x)
    if loops is not None:
        planes = x.reshape(-1, *x.shape[2:])
        y = np.empty((len(planes), *shape[2:]), x.dtype)
        loops.in_blocks(loops.average_pool_forward, len(planes), planes, *window, *step, y)
        return y.reshape(shape)
    total = _shifted(x, 0, window, step, shape).copy()
    for place in range(1, window[0] * window[1]):
        total += _shifted(x, place, window, step, shape)
    total *= x.dtype.type(1 / (window[0] * window[1]))
    return total


@average_pool2d.backward
def _(x: Any, gradient: Any, size: Pair = 2, stride: Pair | None = None) -> Array:
    x, window, step, shape = _arguments("average_pool2d", x, size, stride)
    gradient = np.ascontiguousarray(gradient, dtype=x.dtype)
    loops = kernels("pooling", float(x.size), x)
    if loops is not None:
        g = gradient.reshape(-1, *shape[2:])
        to_planes = np.empty((len(g), *x.shape[2:]), x.dtype)
        loops.in_blocks(loops.average_pool_backward, len(g), *window, *step, g, to_planes)
        return to_planes.reshape(x.shape)
    share = gradient * x.dtype.type(1 / (window[0] * window[1]))
    to_x = np.zeros_like(x)
    if step[0] >= window[0] and step[1] >= window[1]:  # no entry is in two windows
        windows(to_x, window, step)[...] = share[..., None, None]
        return to_x
    for place in range(window[0] * window[1]):
        _shifted(to_x, place, window, step, shape)[...] += share
    return to_x


@functools.lru_cache(maxsize=64)
def _places(
    image: tuple[int, int], window: tuple[int, int], step: tuple[int, int], size: tuple[int, int]
) -> tuple[Array, Array]:
    """Where in an image each window begins, and where its entries stand after that; row by row."""
    width = image[1]
    corners = np.arange(size[0])[:, None] * (step[0] * width) + np.arange(size[1]) * step[1]
    inside = np.arange(window[0])[:, None] * width + np.arange(window[1])
    return corners, inside.ravel()


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

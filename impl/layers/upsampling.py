"""Bilinear upsampling of images by a whole factor.

The centre of output pixel i lies at (i + 1/2) / factor - 1/2 of the input's grid; beyond the
outermost centres the outermost pixel is repeated. Away from the edge this is the transposed
convolution with `interpolation.bilinear_kernel`, the way the notes describe it.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from impl._kernels.loading import kernels
from impl.core import Array, op
from impl.layers.windows import Pair, images, pair


def _example(rng: np.random.Generator) -> tuple[Any, ...]:
    return (rng.normal(size=(2, 2, 3, 4)),)


@op(example=_example)
def bilinear_upsample(x: Any, factor: Pair = 2) -> Array:
    """Images enlarged by a factor, each pixel a mean of the (at most) four input pixels around it.

    Args:
        x: shape (n, channels, height, width).
        factor: a whole number, or (vertical, horizontal).

    Returns:
        Shape (n, channels, factor * height, factor * width).

    Raises:
        ShapeError: x is not 4-D.
        ValueError: a factor below 1.

    Source: SU-3.33-up, SU-3.32c.s2.
    """
    x, down, across = _arguments(x, factor)
    height, width = x.shape[2:]
    loops = kernels("layers", 4.0 * x.size * down * across, x)
    if loops is not None and x.size:
        planes = x.reshape(-1, height, width)
        y = np.empty((len(planes), height * down, width * across), x.dtype)
        places = (*_lower(height, down, x.dtype), *_lower(width, across, x.dtype))
        loops.in_blocks(loops.bilinear_forward, len(planes), planes, *places, y)
        return y.reshape(*x.shape[:2], height * down, width * across)
    by_row, by_column = _matrix(height, down, x.dtype), _matrix(width, across, x.dtype)
    return np.asarray(by_row @ x @ by_column.T)


@bilinear_upsample.backward
def _(x: Any, gradient: Any, factor: Pair = 2) -> Array:
    x, down, across = _arguments(x, factor)
    height, width = x.shape[2:]
    gradient = np.ascontiguousarray(gradient, dtype=x.dtype)
    loops = kernels("layers", 4.0 * gradient.size, x)
    if loops is not None and x.size:
        planes = gradient.reshape(-1, height * down, width * across)
        to_x = np.empty((len(planes), height, width), x.dtype)
        places = (*_taps(height, down, x.dtype), *_taps(width, across, x.dtype))
        loops.in_blocks(loops.bilinear_backward, len(planes), planes, *places, to_x)
        return to_x.reshape(x.shape)
    by_row, by_column = _matrix(height, down, x.dtype), _matrix(width, across, x.dtype)
    return np.asarray(by_row.T @ gradient @ by_column)


def interpolation_matrix(size: int, factor: int, dtype: Any = np.float64) -> Array:
    """The matrix of linear interpolation along one axis: two weights with sum 1 in each row.

    Bilinear upsampling is this matrix for the rows times the image times its transpose for columns.

    Args:
        size: how many pixels there are.
        factor: how many come out of each.
        dtype: the float type.

    Returns:
        Shape (factor * size, size).

    Source: SU-3.32a.
    """
    return _matrix(size, factor, np.dtype(dtype)).copy()


@functools.lru_cache(maxsize=64)
def _matrix(size: int, factor: int, dtype: np.dtype[Any]) -> Array:
    below, share = _lower(size, factor, dtype)
    matrix = np.zeros((size * factor, size), dtype)
    rows = np.arange(size * factor)
    matrix[rows, below] += 1 - share
    matrix[rows, np.minimum(below + 1, size - 1)] += share
    return matrix


@functools.lru_cache(maxsize=64)
def _lower(size: int, factor: int, dtype: np.dtype[Any]) -> tuple[Array, Array]:
    """For each output pixel the input pixel below it, and the share of the next one."""
    at = np.clip((np.arange(size * factor) + 0.5) / factor - 0.5, 0, max(size - 1, 0))
    below = np.floor(at).astype(np.intp)
    return below, (at - below).astype(dtype)


@functools.lru_cache(maxsize=64)
def _taps(size: int, factor: int, dtype: np.dtype[Any]) -> tuple[Array, Array]:
    """For each input pixel the first output pixel that uses it, and the weights from there on."""
    matrix = _matrix(size, factor, dtype)
    used = matrix != 0
    first = used.argmax(axis=0)
    last = len(matrix) - used[::-1].argmax(axis=0)
    weights = np.zeros((size, int((last - first).max())), dtype)
    for j in range(size):
        weights[j, : last[j] - first[j]] = matrix[first[j] : last[j], j]
    return first, weights


def _arguments(x: Any, factor: Pair) -> tuple[Array, int, int]:
    x = images("bilinear_upsample", x)
    return x, *pair("bilinear_upsample", "factor", factor, 1)

"""What the layers that slide a window share: images, sizes, strides and window views."""

from __future__ import annotations

from typing import Any

import numpy as np

from impl.convnet_arithmetic import output_size
from impl.core import Array, ShapeError, as_float

Pair = int | tuple[int, int]


def images(where: str, x: Any) -> Array:
    """Images of shape (n, channels, height, width), laid out row by row.

    Raises:
        ShapeError: x is not 4-D.
    """
    x = as_float(x)
    if x.ndim != 4:
        raise ShapeError(f"{where}: x must have shape (n, channels, h, w); got {x.shape}")
    return np.ascontiguousarray(x)


def pair(where: str, name: str, value: Any, least: int) -> tuple[int, int]:
    """One whole number for both axes, or one for each: (vertical, horizontal).

    Raises:
        ValueError: a number is less than `least`, or not whole.
    """
    if type(value) is int and value >= least:
        return value, value
    both = tuple(np.atleast_1d(np.asarray(value)).tolist())
    both = both * 2 if len(both) == 1 else both
    if len(both) != 2 or any(int(b) != b or b < least for b in both):
        raise ValueError(f"{where}: {name} must be whole and at least {least}; got {value}")
    return int(both[0]), int(both[1])


def output_sizes(
    where: str,
    x: Array,
    window: tuple[int, int],
    stride: tuple[int, int],
    padding: tuple[int, int] = (0, 0),
) -> tuple[int, int]:
    """Height and width after a window has gone over the images.

    Raises:
        ShapeError: the window is larger than the padded image.
    """
    if x.shape[2] + 2 * padding[0] < window[0] or x.shape[3] + 2 * padding[1] < window[1]:
        raise ShapeError(f"{where}: a window of {window} does not fit into images of {x.shape[2:]}")
    height, width = (
        output_size(x.shape[2 + axis], window[axis], stride[axis], padding[axis]) for axis in (0, 1)
    )
    return height, width


def windows(x: Array, window: tuple[int, int], stride: tuple[int, int]) -> Array:
    """All windows of contiguous images without a copy.

    Returns:
        Shape (n, channels, out_h, out_w, window_h, window_w); to be written to only where no entry
        is in two windows.
    """
    out_h = (x.shape[2] - window[0]) // stride[0] + 1
    out_w = (x.shape[3] - window[1]) // stride[1] + 1
    _, _, down, across = x.strides
    # NumPy checks that shape and strides stay inside x; `sliding_window_view` costs 10 us more.
    return np.ndarray(
        (*x.shape[:2], out_h, out_w, *window),
        x.dtype,
        x,
        0,
        (*x.strides[:2], down * stride[0], across * stride[1], down, across),
    )


def pad(x: Array, padding: tuple[int, int]) -> Array:
    """Zeros around the images; x itself when there is nothing to add."""
    if padding == (0, 0):
        return x
    (n, c, h, w), (top, left) = x.shape, padding
    wider = np.zeros((n, c, h + 2 * top, w + 2 * left), x.dtype)
    wider[:, :, top : top + h, left : left + w] = x
    return wider

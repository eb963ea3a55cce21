r"""The convolution layer: a cross-correlation of images with a bank of kernels.

For images a (n, channels, height, width), kernels w (filters, channels, r, s) and a bias (filters,)

    z[i, j] = bias + sum over channels, p, q of a[i * stride + p - padding, ...] w[p, q]

with i, j, p, q from 0, as in Xu's notes. Su's notes count from 1, a[i + p - 1, j + q - 1], which is
the same. Nothing is flipped: what mathematics calls convolution is this with the kernel turned by
`rot180`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from impl.core import Array, ShapeError, as_float, op
from impl.layers import taps
from impl.layers.windows import Pair, images, output_sizes, pad, pair, windows

# Windows are copied out for so many images at a time that the copies stay in cache.
_BLOCK_BYTES = 1 << 21
# Up to so many numbers, the error is correlated instead of scattered.
_FEW = 1 << 14


def _example(rng: np.random.Generator) -> tuple[Any, ...]:
    return rng.normal(size=(2, 2, 5, 4)), rng.normal(size=(3, 2, 3, 2)), rng.normal(size=3)


@op(example=_example, differentiable=(0, 1, 2))
def conv2d(x: Any, kernels: Any, bias: Any, stride: Pair = 1, padding: Pair = 0) -> Array:
    """Every kernel laid over every window of the images: one output channel each.

    Windows that would stand out over the edge are left out, as in the usual libraries; the sizes
    fit exactly when `convnet_arithmetic.fits` says so.

    Args:
        x: shape (n, channels, height, width).
        kernels: shape (filters, channels, r, s).
        bias: shape (filters,).
        stride: the step from window to window, one number or (vertical, horizontal).
        padding: rows and columns of zeros on each side, one number or (vertical, horizontal).

    Returns:
        Shape (n, filters, (height + 2 padding - r) // stride + 1, the same for the width).

    Raises:
        ShapeError: the shapes do not fit together.
        ValueError: a stride below 1 or a padding below 0.

    Source: SU-3.9a, XU-143.e1, XU-137, CO-conv-outsize.
    """
    x, kernels, bias, step, around = _arguments("conv2d", x, kernels, bias, stride, padding)
    filters = len(kernels)
    out_h, out_w = output_sizes("conv2d", x, kernels.shape[2:], step, around)
    loops = taps.compiled_loops(x, kernels, out_h * out_w)
    if loops is not None:
        return taps.forward(loops, x, kernels, bias, step, around, (out_h, out_w))
    z = np.empty((len(x), filters, out_h * out_w), x.dtype)
    flat = kernels.reshape(filters, -1)
    for block in _blocks(x, kernels.shape, out_h * out_w):
        np.matmul(flat, columns_of(x[block], kernels.shape, step, around), out=z[block])
    z += bias[:, None]
    return z.reshape(len(x), filters, out_h, out_w)


@conv2d.backward
def _(
    x: Any,
    kernels: Any,
    bias: Any,
    gradient: Any,
    stride: Pair = 1,
    padding: Pair = 0,
    to_input: bool = True,
) -> tuple[Array | None, Array, Array]:
    # Source: SU-CONV-BP, XU-145, XU-146.
    # The first layer of a network needs no gradient of its input: `to_input=False` leaves it out.
    x, kernels, bias, step, around = _arguments("conv2d", x, kernels, bias, stride, padding)
    filters = len(kernels)
    out_h, out_w = output_sizes("conv2d", x, kernels.shape[2:], step, around)
    delta = np.ascontiguousarray(gradient, dtype=x.dtype)
    if delta.shape != (len(x), filters, out_h, out_w):
        raise ShapeError(
            f"conv2d.backward: gradient must have the output's shape "
            f"{(len(x), filters, out_h, out_w)}; got {delta.shape}"
        )
    to_bias = sum_of_errors(delta)
    loops = taps.compiled_loops(x, kernels, out_h * out_w)
    if loops is not None:
        to_kernels = taps.to_kernels(loops, x, delta, kernels.shape, step, around)
        to_x = None
        if to_input:
            none = np.zeros(x.shape[1], x.dtype)
            to_x = taps.transposed(loops, delta, kernels, none, step, around, x.shape[2:])
        # The loops multiply by the zeros between images as well: an infinity would become a NaN
        # where it has no part.
        if np.isfinite(to_kernels).all() and np.isfinite(kernels).all():
            return to_x, to_kernels, to_bias
    to_x, to_kernels = _by_windows(x, kernels, delta, step, around, to_input)
    return to_x, to_kernels, to_bias


def _by_windows(
    x: Array,
    kernels: Array,
    delta: Array,
    step: tuple[int, int],
    around: tuple[int, int],
    to_input: bool,
) -> tuple[Array | None, Array]:
    """The gradients of input and kernels, by matrix products with the windows copied out."""
    filters = len(kernels)
    out_h, out_w = delta.shape[2:]
    flat_delta = delta.reshape(len(x), filters, out_h * out_w)
    to_kernels = np.zeros((filters, kernels[0].size), x.dtype)
    blocks = _blocks(x, kernels.shape, out_h * out_w)
    turned = to_input and few_to_turn(delta, kernels, step, around)
    to_x = np.zeros_like(x) if to_input and not turned else None
    # One buffer for all blocks: fresh memory would cost more than the product that fills it.
    buffer: Array | None = None
    for block in blocks:
        columns = columns_of(x[block], kernels.shape, step, around)
        to_kernels += side_by_side(flat_delta[block]) @ side_by_side(columns).T
        if to_x is None:
            continue
        if buffer is None:
            buffer = np.empty(columns.shape, x.dtype)
        flat = kernels.reshape(filters, -1).T
        to_columns = np.matmul(flat, flat_delta[block], out=buffer[: len(columns)])
        shaped = to_columns.reshape(-1, *kernels.shape[1:], out_h, out_w)
        scatter_windows(shaped, to_x[block], step, around)
    if turned:
        to_x = correlate_turned(delta, kernels, step, around, (x.shape[2], x.shape[3]))
    return to_x, to_kernels.reshape(kernels.shape)


def few_to_turn(
    delta: Array, kernels: Array, step: tuple[int, int], around: tuple[int, int]
) -> bool:
    """Whether `correlate_turned` can be used, and is quicker than adding windows up."""
    rows, cols = kernels.shape[2:]
    work = delta.size * rows * cols * step[0] * step[1]
    if work > _FEW or around[0] >= rows or around[1] >= cols:
        return False
    # An infinite weight would meet zeros that are no entries of the error, and give NaN.
    return bool(np.isfinite(kernels).all())


def correlate_turned(
    delta: Array,
    kernels: Array,
    step: tuple[int, int],
    around: tuple[int, int],
    size: tuple[int, int],
) -> Array:
    """The transpose of `conv2d`: the error, spread by the stride, correlated with rot180(kernels).

    For many numbers it takes more memory than adding windows up, and multiplies by many zeros.

    Args:
        delta: shape (n, filters, out_h, out_w).
        kernels: shape (filters, channels, r, s).
        step: the stride of the convolution.
        around: its padding, less than the kernels' sizes.
        size: of its images.

    Returns:
        Shape (n, channels, *size).

    Source: SU-3.14, SU-3.30.
    """
    filters, channels, rows, cols = kernels.shape
    wider = np.zeros((len(delta), filters, size[0] + rows - 1, size[1] + cols - 1), delta.dtype)
    top, left = rows - 1 - around[0], cols - 1 - around[1]
    down = slice(top, top + step[0] * (delta.shape[2] - 1) + 1, step[0])
    across = slice(left, left + step[1] * (delta.shape[3] - 1) + 1, step[1])
    wider[:, :, down, across] = delta
    turned = np.ascontiguousarray(rot180(kernels).transpose(1, 0, 2, 3)).reshape(channels, -1)
    columns = columns_of(wider, (channels, filters, rows, cols), (1, 1), (0, 0))
    return np.matmul(turned, columns).reshape(len(delta), channels, *size)


def side_by_side(matrices: Array) -> Array:
    """(n, rows, columns) as (rows, n * columns); for one matrix a view."""
    return matrices.transpose(1, 0, 2).reshape(matrices.shape[1], -1)


def sum_of_errors(delta: Array) -> Array:
    """The gradient of the bias: errors (n, filters, h, w) summed over images and places."""
    # `np.add.reduce` is what `sum` calls, at half its price for a few numbers.
    return np.asarray(np.add.reduce(np.add.reduce(delta, axis=(2, 3)), axis=0))


def correlate(f: Any, g: Any) -> Array:
    """Shift g along f and take the inner product at every place where it fits entirely.

    Args:
        f: shape (N,) or (N, M).
        g: the same number of axes, none longer than those of f.

    Raises:
        ShapeError: the shapes do not fit.

    Source: XU-128, XU-132, XU-131.d1.
    """
    f, g = as_float(f), as_float(g)
    if f.ndim != g.ndim or f.ndim not in (1, 2) or not _within(g.shape, f.shape):
        raise ShapeError(f"correlate: g must fit into f, both 1-D or 2-D; got {g.shape}, {f.shape}")
    views = np.lib.stride_tricks.sliding_window_view(f, g.shape)
    return np.asarray(np.tensordot(views, g, axes=g.ndim))


def rot180(kernel: Any) -> Array:
    """The kernel turned by half a turn: its last two axes reversed (one axis if it has one).

    Source: SU-3.14, SU-3.30.
    """
    kernel = np.asarray(kernel)
    return kernel[::-1] if kernel.ndim == 1 else kernel[..., ::-1, ::-1]


def convolution_matrix(kernel: Any, shape: tuple[int, ...], stride: int = 1) -> Array:
    """The matrix M with M vec(input) = vec(correlate(input, kernel)), rows first.

    Args:
        kernel: shape (r,) or (r, s).
        shape: the input's shape, with as many axes.
        stride: the step from window to window.

    Returns:
        Shape (number of outputs, number of inputs): one row for each place of the kernel.

    Raises:
        ShapeError: the kernel does not fit.

    Source: SU-3.26, XU-135.p2.
    """
    kernel = as_float(kernel)
    if kernel.ndim != len(shape) or not _within(kernel.shape, shape):
        raise ShapeError(f"convolution_matrix: {kernel.shape} must fit into {shape}")
    places = np.arange(int(np.prod(shape))).reshape(shape)
    views = np.lib.stride_tricks.sliding_window_view(places, kernel.shape)
    views = views[(slice(None, None, stride),) * kernel.ndim].reshape(-1, kernel.size)
    matrix = np.zeros((len(views), places.size), kernel.dtype)
    np.put_along_axis(matrix, views, np.broadcast_to(kernel.ravel(), views.shape), axis=1)
    return matrix


def _within(small: tuple[int, ...], large: tuple[int, ...]) -> bool:
    return all(0 < a <= b for a, b in zip(small, large, strict=True))


def scatter_windows(
    columns: Array, x: Array, stride: tuple[int, int], padding: tuple[int, int]
) -> None:
    """Add windows back to the places they were read from; what fell on padding is dropped.

    Args:
        columns: shape (n, channels, r, s, out_h, out_w).
        x: shape (n, channels, height, width), added to in place.
        stride: vertical, horizontal.
        padding: vertical, horizontal.
    """
    (rows, cols, out_h, out_w), (top, left) = columns.shape[2:], padding
    wider = pad(np.zeros_like(x), padding)
    for p in range(rows):
        for q in range(cols):
            down = slice(p, p + stride[0] * out_h, stride[0])
            across = slice(q, q + stride[1] * out_w, stride[1])
            wider[:, :, down, across] += columns[:, :, p, q]
    x += wider[:, :, top : top + x.shape[2], left : left + x.shape[3]]


def columns_of(
    x: Array, kernel_shape: tuple[int, ...], stride: tuple[int, int], padding: tuple[int, int]
) -> Array:
    """Windows as columns: shape (n, channels * r * s, out_h * out_w)."""
    _, channels, rows, cols = kernel_shape
    views = windows(pad(x, padding), (rows, cols), stride)
    n, _, out_h, out_w = views.shape[:4]
    return views.transpose(0, 1, 4, 5, 2, 3).reshape(n, channels * rows * cols, out_h * out_w)


def _blocks(x: Array, kernel_shape: tuple[int, ...], places: int) -> list[slice]:
    one = math.prod(kernel_shape[1:]) * places * x.itemsize
    step = max(1, _BLOCK_BYTES // max(one, 1))
    return [slice(at, at + step) for at in range(0, len(x), step)]


def _arguments(
    where: str, x: Any, kernels: Any, bias: Any, stride: Pair, padding: Pair
) -> tuple[Array, Array, Array, tuple[int, int], tuple[int, int]]:
    x = images(where, x)
    kernels = np.ascontiguousarray(kernels, dtype=x.dtype)
    bias = np.asarray(bias, dtype=x.dtype)
    if kernels.ndim != 4 or kernels.shape[1] != x.shape[1] or 0 in kernels.shape:
        raise ShapeError(
            f"{where}: kernels must have shape (filters, {x.shape[1]}, r, s); got {kernels.shape}"
        )
    if bias.shape != (len(kernels),):
        raise ShapeError(f"{where}: bias must have shape ({len(kernels)},); got {bias.shape}")
    return x, kernels, bias, pair(where, "stride", stride, 1), pair(where, "padding", padding, 0)

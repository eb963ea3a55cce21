"""Transposed convolution: the convolution layer's backward pass used as a forward one.

It restores the shape that a convolution took away, not the values. The notes give three forms; they
are here as functions of their own, and `transposed_conv2d` computes the same by one matrix product.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from impl.core import Array, ShapeError, as_float, op
from impl.layers import taps
from impl.layers.convolution import (
    columns_of,
    conv2d,
    convolution_matrix,
    correlate,
    correlate_turned,
    few_to_turn,
    rot180,
    scatter_windows,
    side_by_side,
    sum_of_errors,
)
from impl.layers.windows import Pair, images, pair


def _example(rng: np.random.Generator) -> tuple[Any, ...]:
    return rng.normal(size=(2, 2, 3, 2)), rng.normal(size=(2, 3, 2, 3)), rng.normal(size=3)


@op(example=_example, differentiable=(0, 1, 2))
def transposed_conv2d(
    x: Any, kernels: Any, bias: Any, stride: Pair = 1, padding: Pair = 0
) -> Array:
    """Every entry of x scatters a multiple of the kernel into the output, `stride` apart.

    It is the transpose of `conv2d` with the same kernels, stride and padding.

    Args:
        x: shape (n, channels, height, width).
        kernels: shape (channels, filters, r, s).
        bias: shape (filters,).
        stride: the step between the kernels laid down, one number or (vertical, horizontal).
        padding: rows and columns cut off on each side, one number or (vertical, horizontal).

    Returns:
        Shape (n, filters, (height - 1) stride + r - 2 padding, the same for the width).

    Raises:
        ShapeError: the shapes do not fit together, or nothing would be left.
        ValueError: a stride below 1 or a padding below 0.

    Source: SU-3.28, SU-3.31.
    """
    x, kernels, bias, step, around = _arguments(x, kernels, bias, stride, padding)
    n, channels, in_h, in_w = x.shape
    filters, rows, cols = kernels.shape[1:]
    height, width = _sizes(x, kernels, step, around)
    if height < 1 or width < 1:
        raise ShapeError(f"transposed_conv2d: padding {around} leaves no output of {x.shape}")
    loops = taps.compiled_loops(x, kernels, in_h * in_w)
    if loops is not None and np.isfinite(kernels).all():
        return taps.transposed(loops, x, kernels, bias, step, around, (height, width))
    if few_to_turn(x, kernels, step, around):
        z = correlate_turned(x, kernels, step, around, (height, width))
        z += bias[:, None, None]
        return z
    columns = np.matmul(kernels.reshape(channels, -1).T, x.reshape(n, channels, -1))
    z = np.zeros((n, filters, height, width), x.dtype)
    scatter_windows(columns.reshape(n, filters, rows, cols, in_h, in_w), z, step, around)
    z += bias[:, None, None]
    return z


@transposed_conv2d.backward
def _(
    x: Any, kernels: Any, bias: Any, gradient: Any, stride: Pair = 1, padding: Pair = 0
) -> tuple[Array, Array, Array]:
    x, kernels, bias, step, around = _arguments(x, kernels, bias, stride, padding)
    gradient = np.ascontiguousarray(gradient, dtype=x.dtype)
    expected = (len(x), kernels.shape[1], *_sizes(x, kernels, step, around))
    if gradient.shape != expected:
        raise ShapeError(
            f"transposed_conv2d.backward: gradient must have the output's shape {expected}; "
            f"got {gradient.shape}"
        )
    to_bias = sum_of_errors(gradient)
    # With the roles of input and gradient exchanged, both are passes of the convolution.
    if few_to_turn(x, kernels, step, around):  # the same windows, copied out once for both
        columns = columns_of(gradient, kernels.shape, step, around)
        flat = x.reshape(len(x), len(kernels), -1)
        to_x = np.matmul(kernels.reshape(len(kernels), -1), columns)
        to_kernels = side_by_side(flat) @ side_by_side(columns).T
        return to_x.reshape(x.shape), to_kernels.reshape(kernels.shape), to_bias
    none = np.zeros(len(kernels), x.dtype)
    to_x = conv2d(gradient, kernels, none, stride=step, padding=around)
    _, to_kernels, _ = conv2d.backward(
        gradient, kernels, none, gradient=x, stride=step, padding=around, to_input=False
    )
    return np.asarray(to_x), to_kernels, to_bias


def _sizes(
    x: Array, kernels: Array, step: tuple[int, int], around: tuple[int, int]
) -> tuple[int, int]:
    """Height and width of the output."""
    height, width = (
        (x.shape[2 + a] - 1) * step[a] + kernels.shape[2 + a] - 2 * around[a] for a in (0, 1)
    )
    return height, width


def transposed_by_matrix(x: Any, kernel: Any, stride: int = 1) -> Array:
    """First form: the transpose of the convolution's matrix times vec(x).

    Args:
        x: shape (h,) or (h, w), one channel.
        kernel: as many axes.
        stride: the stride of the convolution that is transposed.

    Source: SU-3.28, SU-3.29.
    """
    x, kernel, shape = _one_channel("transposed_by_matrix", x, kernel, stride)
    matrix = convolution_matrix(kernel, shape, stride)
    return np.asarray((matrix.T @ x.ravel()).reshape(shape))


def transposed_by_padding(x: Any, kernel: Any, stride: int = 1) -> Array:
    """Second form: zeros between and around the entries, then correlate with rot180(kernel).

    Args:
        x: shape (h,) or (h, w), one channel.
        kernel: as many axes.
        stride: stride - 1 zeros go between neighbours.

    Source: SU-3.30, SU-3.30-words.
    """
    x, kernel, _ = _one_channel("transposed_by_padding", x, kernel, stride)
    spread = [(n - 1) * stride + 2 * m - 1 for n, m in zip(x.shape, kernel.shape, strict=True)]
    wider = np.zeros(spread, x.dtype)
    inside = (
        slice(m - 1, m + (n - 1) * stride, stride)
        for n, m in zip(x.shape, kernel.shape, strict=True)
    )
    wider[tuple(inside)] = x
    return correlate(wider, rot180(kernel))


def transposed_by_scatter(x: Any, kernel: Any, stride: int = 1) -> Array:
    """Third form: each entry lays down its multiple of the kernel, and overlaps add up.

    Args:
        x: shape (h,) or (h, w), one channel.
        kernel: as many axes.
        stride: how far apart neighbours lay theirs.

    Source: SU-3.31.
    """
    x, kernel, shape = _one_channel("transposed_by_scatter", x, kernel, stride)
    z = np.zeros(shape, x.dtype)
    for place in np.ndindex(x.shape):
        under = (
            slice(i * stride, i * stride + m) for i, m in zip(place, kernel.shape, strict=True)
        )
        z[tuple(under)] += x[place] * kernel
    return z


def _one_channel(
    where: str, x: Any, kernel: Any, stride: int
) -> tuple[Array, Array, tuple[int, ...]]:
    x, kernel = as_float(x), as_float(kernel)
    if x.ndim != kernel.ndim or x.ndim not in (1, 2) or 0 in (*x.shape, *kernel.shape):
        raise ShapeError(
            f"{where}: x and kernel must both be 1-D or 2-D; got {x.shape} and {kernel.shape}"
        )
    if stride < 1:
        raise ValueError(f"{where}: stride must be at least 1; got {stride}")
    shape = ((n - 1) * stride + m for n, m in zip(x.shape, kernel.shape, strict=True))
    return x, kernel, tuple(shape)


def _arguments(
    x: Any, kernels: Any, bias: Any, stride: Pair, padding: Pair
) -> tuple[Array, Array, Array, tuple[int, int], tuple[int, int]]:
    where = "transposed_conv2d"
    x = images(where, x)
    kernels = np.ascontiguousarray(kernels, dtype=x.dtype)
    bias = np.asarray(bias, dtype=x.dtype)
    if kernels.ndim != 4 or len(kernels) != x.shape[1] or 0 in kernels.shape:
        raise ShapeError(
            f"{where}: kernels must have shape ({x.shape[1]}, filters, r, s); got {kernels.shape}"
        )
    if bias.shape != kernels.shape[1:2]:
        raise ShapeError(f"{where}: bias must have shape {kernels.shape[1:2]}; got {bias.shape}")
    return x, kernels, bias, pair(where, "stride", stride, 1), pair(where, "padding", padding, 0)

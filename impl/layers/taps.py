"""Convolution by taps: where every entry of a kernel reads, for the compiled loops.

`impl._kernels.convolution` says how a tap is an offset into planes. Here are the offsets, for a
convolution, for its transpose, and for the gradient of its kernels; any stride and padding.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np

from impl._kernels.loading import kernels as loaded
from impl.core import Array

Two = tuple[int, int]

# So many entries of one channel are worked on together; small images share a plane.
_PLANE = 1024
# The compiled loops go along the rows of planes; with fewer entries a matrix product is quicker.
_LEAST = 64
# Writing down where the taps are takes as long as so many operations of small matrix products.
_TABLES = 3e5
# A matrix product does about so many operations in the time of one elementwise operation.
_PRODUCT = 16
# The images are summed in so many parts at most, however many threads there are: the result does
# not depend on their number.
_PARTS = 8


def compiled_loops(x: Array, kernels: Array, places: int) -> ModuleType | None:
    """The compiled loops, when they are the quickest way for `places` windows an image."""
    work = 2.0 * len(x) * places * kernels.size
    if min(_PLANE, len(x) * places) < _LEAST or work < _TABLES:
        return None
    return loaded("convolution", work / _PRODUCT, x)


def forward(
    loops: Any, x: Array, kernels: Array, bias: Array, step: Two, around: Two, size: Two
) -> Array:
    """`conv2d` with outputs of the given size."""
    planes = _planes(x, kernels.shape, step, around, size)
    z = np.empty((len(x), len(kernels), *size), x.dtype)
    sets = np.array([[0, 0, *size, kernels[0].size]])
    offsets, weights = _tables(1, kernels[0].size, len(kernels), x.dtype, planes)
    offsets[0, : kernels[0].size] = _offsets(kernels.shape, planes)
    weights[0, : len(kernels), : kernels[0].size] = kernels.reshape(len(kernels), -1)
    loops.in_blocks(
        loops.correlate,
        -(-len(x) // planes[3]),
        *(x, step, around, planes, sets, offsets, weights, bias, (1, 1), z),
    )
    return z


def transposed(
    loops: Any, delta: Array, kernels: Array, bias: Array, step: Two, around: Two, size: Two
) -> Array:
    """The transpose of `forward`, from outputs to images of the given size, with a bias added."""
    filters, channels, *window = kernels.shape
    # The entry `step * i + phase` of a padded image meets the taps p = phase, phase + step, ...
    reach = [-(-w // s) for w, s in zip(window, step, strict=True)]
    spans = [_spans(step[a], around[a], size[a]) for a in (0, 1)]
    # What is read before the first entry and after the last one of an image; zeros in one place
    # serve as the padding after a row and before the next.
    corner = [max(0, reach[a] - 1 - min(first for _, _, first, _ in spans[a])) for a in (0, 1)]
    height, width = (
        max(delta.shape[2 + a] + corner[a], (size[a] - 1 + around[a]) // step[a] + 1)
        for a in (0, 1)
    )
    together = _together(len(delta), height * width)
    planes = (filters, 1, 1, together, height, width)
    z = np.empty((len(delta), channels, *size), delta.dtype)
    phases = [(down, across) for down in spans[0] for across in spans[1]]
    most = filters * reach[0] * reach[1]
    offsets, weights = _tables(len(phases), most, channels, delta.dtype, planes)
    sets = np.empty((len(phases), 5), np.int64)
    for s, ((a, top, first_y, rows), (b, left, first_x, columns)) in enumerate(phases):
        own = kernels[:, :, a :: step[0], b :: step[1]]
        f, p, q = np.ix_(*(np.arange(own.shape[axis]) for axis in (0, 2, 3)))
        places = f * (together * height * width)
        places = places + (first_y + corner[0] - p) * width + (first_x + corner[1] - q)
        taps = places.size
        sets[s] = top, left, rows, columns, taps
        offsets[s, :taps] = places.ravel()
        weights[s, :channels, :taps] = own.transpose(1, 0, 2, 3).reshape(channels, taps)
    loops.in_blocks(
        loops.correlate,
        -(-len(delta) // together),
        *(delta, (1, 1), tuple(corner), planes, sets, offsets, weights, bias),
        *(step, z),
    )
    return z


def to_kernels(
    loops: Any, x: Array, delta: Array, shape: tuple[int, ...], step: Two, around: Two
) -> Array:
    """The gradient of kernels of that shape."""
    planes = _planes(x, shape, step, around, (delta.shape[2], delta.shape[3]))
    taps = int(np.prod(shape[1:]))
    offsets, weights = _tables(1, taps, shape[0], x.dtype, planes)
    offsets[0, :taps] = _offsets(shape, planes)
    parts = min(_PARTS, -(-len(x) // planes[3]))
    total = np.empty((parts, *weights.shape[1:]), x.dtype)
    loops.in_blocks(
        loops.correlate_errors, parts, x, delta, step, around, planes, offsets[0], total
    )
    return np.asarray(total.sum(axis=0)[: shape[0], :taps]).reshape(shape)


def _planes(
    x: Array, shape: tuple[int, ...], step: Two, around: Two, size: Two
) -> tuple[int, int, int, int, int, int]:
    """(channels, vertical phases, horizontal phases, images, height, width) of a block.

    The zeros before a row are the padding after the row above it as well; so with images.
    """
    height, width = (
        max(
            size[a] + max(0, (shape[2 + a] - 1) // step[a] - around[a] // step[a]),
            (x.shape[2 + a] - 1 + around[a]) // step[a] + 1,
        )
        for a in (0, 1)
    )
    return x.shape[1], *step, _together(len(x), height * width), height, width


def _together(images: int, entries: int) -> int:
    return max(1, min(images, _PLANE // entries))


def _offsets(shape: tuple[int, ...], planes: tuple[int, ...]) -> Array:
    """Where the taps (channel, p, q) of kernels of that shape read."""
    _, sy, sx, together, height, width = planes
    c, p, q = np.ix_(*(np.arange(length) for length in shape[1:]))
    plane = (c * sy + p % sy) * sx + q % sx
    return np.asarray(plane * (together * height * width) + p // sy * width + q // sx).ravel()


def _tables(
    sets: int, taps: int, filters: int, dtype: Any, planes: tuple[int, ...]
) -> tuple[Array, Array]:
    """Offsets and weights of no taps: the zeros after the planes, with weight 0.

    The compiled loops take four taps or six at a time, and eight filters.
    """
    taps = -(-taps // 12) * 12
    offsets = np.full((sets, taps), int(np.prod(planes)))
    return offsets, np.zeros((sets, -(-filters // 8) * 8, taps), dtype)


def _spans(step: int, around: int, size: int) -> list[tuple[int, int, int, int]]:
    """Of one axis, for each phase that meets an image of this size.

    Returns:
        The phase, the first place in the image, its number among the places of the phase, and how
        many places there are.
    """
    spans = []
    for phase in range(step):
        first = max(0, -(-(around - phase) // step))
        count = (size - 1 + around - phase) // step - first + 1
        if count > 0:
            spans.append((phase, first * step + phase - around, first, count))
    return spans

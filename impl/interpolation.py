"""Linear and bilinear interpolation at points, and the kernel that upsamples bilinearly."""

from __future__ import annotations

from typing import Any

import numpy as np

from impl.core import Array, ShapeError, as_float


def linear(x: Any, x1: float, x2: float, f1: Any, f2: Any) -> Array:
    """The line through (x1, f1) and (x2, f2) at x; beyond the two it goes straight on.

    Raises:
        ValueError: x1 equals x2.

    Source: SU-3.32a, SU-3.32b.
    """
    if x1 == x2:
        raise ValueError(f"linear: x1 and x2 must differ; both are {x1}")
    x, width = as_float(x), x2 - x1
    # Both ends are met exactly: at x1 the weights are 1 and 0, at x2 they are 0 and 1.
    return np.asarray((x2 - x) / width * f1 + (x - x1) / width * f2)


def bilinear(
    x: Any, y: Any, corner: tuple[float, float], opposite: tuple[float, float], values: Any
) -> Array:
    """Interpolation along x on both sides of a rectangle, then along y between them.

    Args:
        x: a number or an array.
        y: the same shape.
        corner: (x1, y1).
        opposite: (x2, y2).
        values: shape (2, 2): values[i][j] = f(x_{i+1}, y_{j+1}), the notes' Q11, Q12; Q21, Q22.

    Raises:
        ValueError: the rectangle has no width or no height.
        ShapeError: values is not 2 by 2.

    Source: SU-3.32c.s1.
    """
    q = as_float(values)
    if q.shape != (2, 2):
        raise ShapeError(f"bilinear: values must have shape (2, 2); got {q.shape}")
    (x1, y1), (x2, y2) = corner, opposite
    lower = linear(x, x1, x2, q[0, 0], q[1, 0])
    upper = linear(x, x1, x2, q[0, 1], q[1, 1])
    return linear(y, y1, y2, lower, upper)


def bilinear_weights(
    x: float, y: float, corner: tuple[float, float], opposite: tuple[float, float]
) -> Array:
    """The four corners' weights, shape (2, 2): areas of the opposite parts, with sum 1.

    Raises:
        ValueError: the rectangle has no width or no height.

    Source: SU-3.32c.s2.
    """
    (x1, y1), (x2, y2) = corner, opposite
    if x1 == x2 or y1 == y2:
        raise ValueError(f"bilinear_weights: the corners {corner}, {opposite} span no rectangle")
    along_x = np.array([x2 - x, x - x1]) / (x2 - x1)
    along_y = np.array([y2 - y, y - y1]) / (y2 - y1)
    return np.outer(along_x, along_y)


def sample_bilinear(image: Any, rows: Any, columns: Any) -> Array:
    """Values between the pixels of an image; outside, the nearest point of its edge counts.

    Args:
        image: shape (h, w), not empty; pixel (i, j) stands at row i, column j.
        rows: any shape.
        columns: the same shape.

    Raises:
        ShapeError: the image is not 2-D or is empty, or the shapes differ.

    Source: SU-3.32.
    """
    image, rows, columns = as_float(image), as_float(rows), as_float(columns)
    if image.ndim != 2 or image.size == 0:
        raise ShapeError(f"sample_bilinear: image must be (h, w), not empty; got {image.shape}")
    if rows.shape != columns.shape:
        raise ShapeError(
            f"sample_bilinear: rows and columns must have one shape; got {rows.shape} and "
            f"{columns.shape}"
        )
    (top, down), (left, right) = _around(rows, len(image)), _around(columns, image.shape[1])
    upper = image[top, left] * (1 - right) + image[top, _next(left, image.shape[1])] * right
    below = _next(top, len(image))
    lower = image[below, left] * (1 - right) + image[below, _next(left, image.shape[1])] * right
    return np.asarray(upper * (1 - down) + lower * down)


def bilinear_kernel(size: int, dtype: Any = np.float64) -> Array:
    """The tent of height about 1 with which a transposed convolution upsamples bilinearly.

    For the factor f the kernel has size 2 f - f % 2, stride f and padding (f - f % 2) / 2.

    Args:
        size: of the square kernel.
        dtype: the float type.

    Returns:
        Shape (size, size), the product of one tent for the rows and one for the columns.

    Raises:
        ValueError: size is below 1.

    Source: SU-3.33, SU-3.33-code.
    """
    if size < 1:
        raise ValueError(f"bilinear_kernel: size must be at least 1; got {size}")
    factor = (size + 1) // 2
    center = factor - 1 if size % 2 == 1 else factor - 0.5
    tent = 1 - np.abs(np.arange(size) - center) / factor
    return np.outer(tent, tent).astype(dtype)


def _around(at: Array, size: int) -> tuple[Array, Array]:
    """The pixel below each place, and how far beyond it the place lies (0 to 1)."""
    inside = np.clip(at, 0, size - 1)
    below = np.floor(inside).astype(np.intp)
    return below, inside - below


def _next(below: Array, size: int) -> Array:
    return np.minimum(below + 1, size - 1)

"""Estimates from a sample: mean, variance, their errors, and the most likely Gaussian.

Sums of squares are always taken around a mean, of a block at a time, so that no digits are lost
where the mean is large beside the spread.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from impl.checks import finite
from impl.core import Array, ShapeError, as_float

_BLOCK = 1 << 15


@dataclass(frozen=True)
class Moments:
    """Count, mean and sum of squared distances of values seen so far; merging loses nothing.

    The values are numbers, or rows of d numbers: then `mean` and `squares` have shape (d,).
    An empty one is `Moments()`.

    Method: B. Welford, Note on a method for calculating corrected sums of squares (1962).
    Method: T. Chan, G. Golub and R. LeVeque, Algorithms for computing the sample variance (1983).
    """

    count: int = 0
    mean: Any = 0.0
    squares: Any = 0.0

    @classmethod
    def of(cls, x: Any) -> Moments:
        """The moments of an array of numbers, shape (n,), or of rows, shape (n, d).

        Raises:
            ShapeError: other shapes.
            ValueError: a value is NaN or infinite.
        """
        array = as_float(x)
        if array.ndim not in (1, 2):
            raise ShapeError(f"Moments.of: x must be 1-D or 2-D; got shape {array.shape}")
        if array.shape[0] == 0:
            return cls()
        # Means are kept as distances from the first value: between blocks they differ by little.
        shift = array[0].astype(np.float64)
        whole = cls()
        size = max(1, _BLOCK // math.prod(array.shape[1:] or (1,)))
        for start in range(0, array.shape[0], size):
            # A block is read twice while it is in the cache: the data come from memory once.
            block = array[start : start + size] - shift
            mean = block.mean(axis=0)
            block -= mean
            squares = (block * block).sum(axis=0)
            whole = whole.merged(cls(block.shape[0], mean, squares))
        if not np.isfinite(whole.squares).all():
            finite("Moments.of", "x", array)
        return cls(whole.count, shift + whole.mean, whole.squares)

    def with_value(self, x: Any) -> Moments:
        """These and one more value, by Welford's update."""
        count = self.count + 1
        gap = x - self.mean
        mean = self.mean + gap / count
        return Moments(count, mean, self.squares + gap * (x - mean))

    def merged(self, other: Moments) -> Moments:
        """The moments of both samples together."""
        count = self.count + other.count
        if self.count == 0 or other.count == 0:
            return other if self.count == 0 else self
        gap = other.mean - self.mean
        share = other.count / count
        return Moments(
            count,
            self.mean + gap * share,
            self.squares + other.squares + gap * gap * (self.count * share),
        )

    def variance(self, ddof: int = 1) -> Any:
        """The sum of squares over count - ddof.

        Raises:
            ValueError: there are not more than ddof values.
        """
        if self.count <= ddof:
            raise ValueError(
                f"variance: there must be more than {ddof} values (ddof); got {self.count}"
            )
        return self.squares / (self.count - ddof)


def _moments(where: str, x: Any) -> Moments:
    moments = Moments.of(x)
    if moments.count == 0:
        raise ShapeError(f"{where}: x must have at least one value; got none")
    return moments


def sample_mean(x: Any) -> Any:
    """The mean over the first axis.

    Args:
        x: shape (n,) or (n, d), n >= 1.

    Returns:
        A number, or shape (d,).

    Raises:
        ShapeError: other shapes, or no values.
        ValueError: a value is NaN or infinite.

    Source: SU-1.17, SU-1.19a.
    """
    return _moments("sample_mean", x).mean


def sample_variance(x: Any, ddof: int = 1) -> Any:
    """The variance over the first axis; unbiased with divisor n - 1, most likely with ddof=0.

    Args:
        x: shape (n,) or (n, d), n > ddof.
        ddof: what is taken from n in the divisor.

    Returns:
        A number, or shape (d,).

    Raises:
        ShapeError: other shapes, or no values.
        ValueError: a value is NaN or infinite, or there are not more than ddof values.

    Source: SU-1.18, SU-1.19b.
    """
    return _moments("sample_variance", x).variance(ddof)


def sample_covariance(X: Any, ddof: int = 1) -> Array:
    """The covariance matrix of the columns.

    Args:
        X: shape (n, d), n > ddof.
        ddof: what is taken from n in the divisor.

    Returns:
        Shape (d, d).

    Raises:
        ShapeError: other shapes, or no values.
        ValueError: a value is NaN or infinite, or there are not more than ddof values.

    Source: CO-gauss-covmatrix.
    """
    array = as_float(X)
    if array.ndim != 2:
        raise ShapeError(f"sample_covariance: X must be 2-D; got shape {array.shape}")
    moments = _moments("sample_covariance", array)
    moments.variance(ddof)
    centred = array - moments.mean
    return np.asarray(centred.T @ centred / (moments.count - ddof))


def standard_error(x: Any) -> Any:
    """The estimated standard deviation of the sample mean: sqrt(S^2 / n).

    Args:
        x: independent draws, shape (n,) or (n, d), n >= 2.

    Returns:
        A number, or shape (d,).

    Raises:
        ShapeError: other shapes, or no values.
        ValueError: a value is NaN or infinite, or n < 2.
    """
    moments = _moments("standard_error", x)
    return np.sqrt(moments.variance() / moments.count)


def gaussian_mle(x: Any) -> tuple[Any, Any]:
    """The most likely mean and variance of independent normal draws: divisor n, not n - 1.

    Args:
        x: shape (n,), or (n, d) for d separate ones.

    Returns:
        Mean and variance: numbers, or shape (d,). The variance is 0 for equal values, where the
        likelihood has no largest value.

    Raises:
        ShapeError: other shapes, or no values.
        ValueError: a value is NaN or infinite.

    Source: SU-2.66, SU-2.67.
    """
    moments = _moments("gaussian_mle", x)
    return moments.mean, moments.variance(0)

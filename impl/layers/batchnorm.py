"""Batch normalisation, for features (n, d) and for images (n, channels, height, width).

The statistics of a channel are taken over all the other axes. Values are centred on the first one
before anything is summed, so that a mean far from 0 costs no precision.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np

from impl._kernels.loading import kernels
from impl.core import Array, ShapeError, as_float, op, output

# The compiled loops run along the pixels of a channel, or the channels of a row; other images with
# few pixels are NumPy's.
_LEAST_RUN = 16
_CALLS = 2e3  # operations that NumPy could do while it is only being called


def _example(rng: np.random.Generator) -> tuple[Any, ...]:
    return rng.normal(3.0, 2.0, size=(5, 3)), rng.normal(size=3), rng.normal(size=3)


@op(example=_example, differentiable=(0, 1, 2))
def batch_norm(x: Any, gamma: Any, beta: Any, epsilon: float = 1e-5) -> Array:
    """gamma (x - mu) / sqrt(sigma^2 + epsilon) + beta, with the batch's own mu and sigma^2.

    Args:
        x: shape (n, d) or (n, d, height, width).
        gamma: the scale, shape (d,).
        beta: the shift, shape (d,).
        epsilon: what keeps a constant feature from a division by 0.

    Raises:
        ShapeError: the shapes do not fit together, or the batch is empty.
        ValueError: epsilon is negative.

    Source: SU-3.21-alg, CO-bn-forward.
    """
    return _forward("batch_norm", x, gamma, beta, epsilon)[0]


@batch_norm.backward
def _(
    x: Any, gamma: Any, beta: Any, gradient: Any, epsilon: float = 1e-5
) -> tuple[Array, Array, Array]:
    # Source: SU-3.22, SU-3.23d.
    x3, gamma, beta = _arguments("batch_norm", x, gamma, beta, epsilon)
    g = np.ascontiguousarray(gradient, dtype=x3.dtype).reshape(x3.shape)
    loops = _loops(x3)
    if loops is not None:
        to_x, to_gamma, to_beta = np.empty_like(x3), np.empty_like(gamma), np.empty_like(gamma)
        arguments = gamma, float(epsilon), _flat(g), _flat(to_x), to_gamma, to_beta
        backward = loops.rows_backward if x3.shape[2] == 1 else loops.backward
        loops.in_blocks(backward, x3.shape[1], _flat(x3), *arguments)
        return to_x.reshape(np.shape(x)), to_gamma, to_beta
    centred, _, variance = _centred(x3)
    inverse = (1 / np.sqrt(variance + epsilon)).astype(x3.dtype)
    to_beta = np.add.reduce(g, axis=(0, 2))
    to_gamma = np.add.reduce(g * centred, axis=(0, 2)) * inverse
    # d sigma^2 and d mu of the notes, gathered: both are means over the batch.
    m = x3.shape[0] * x3.shape[2]
    rest = g - (to_beta / m)[:, None]
    centred *= (inverse * to_gamma / m)[:, None]
    rest -= centred
    rest *= (gamma * inverse)[:, None]
    return rest.reshape(np.shape(x)), to_gamma, to_beta


def batch_statistics(x: Any) -> tuple[Array, Array]:
    """The mean and the variance (divided by m, not m - 1) of each channel: two arrays (d,).

    Raises:
        ShapeError: x is not (n, d) or (n, d, height, width), or is empty.

    Source: SU-3.21-alg.
    """
    x3 = _channels("batch_statistics", x)
    _, mean, variance = _centred(x3)
    return mean.astype(x3.dtype), variance.astype(x3.dtype)


def _inference_example(rng: np.random.Generator) -> tuple[Any, ...]:
    return (*_example(rng), rng.normal(size=3), rng.uniform(1, 2, size=3))


@op(example=_inference_example, differentiable=(0, 1, 2))
def batch_norm_inference(
    x: Any,
    gamma: Any,
    beta: Any,
    mean: Any,
    variance: Any,
    epsilon: float = 1e-5,
    out: Array | None = None,
) -> Array:
    """gamma (x - mean) / sqrt(variance + epsilon) + beta, with statistics given from outside.

    Args:
        x: shape (n, d) or (n, d, height, width).
        gamma: shape (d,).
        beta: shape (d,).
        mean: shape (d,), as `BatchNorm` keeps it.
        variance: shape (d,).
        epsilon: as in training.
        out: where to write the result; x itself, if wanted.

    Source: SU-3.24c.
    """
    x3, gamma, beta = _arguments("batch_norm_inference", x, gamma, beta, epsilon)
    mean, inverse = _given(x3, mean, variance, epsilon)
    into = output("batch_norm_inference", as_float(x), out)
    y = np.subtract(x3, mean[:, None], out=None if into is None else into.reshape(x3.shape))
    y *= (gamma * inverse)[:, None]
    y += beta[:, None]
    return np.asarray(y.reshape(np.shape(x)) if into is None else into)


@batch_norm_inference.backward
def _(
    x: Any,
    gamma: Any,
    beta: Any,
    mean: Any,
    variance: Any,
    gradient: Any,
    epsilon: float = 1e-5,
) -> tuple[Array, Array, Array]:
    x3, gamma, beta = _arguments("batch_norm_inference", x, gamma, beta, epsilon)
    mean, inverse = _given(x3, mean, variance, epsilon)
    g = np.ascontiguousarray(gradient, dtype=x3.dtype).reshape(x3.shape)
    normal = (x3 - mean[:, None]) * inverse[:, None]
    to_x = (g * (gamma * inverse)[:, None]).reshape(np.shape(x))
    return to_x, (g * normal).sum(axis=(0, 2)), g.sum(axis=(0, 2))


class BatchNorm:
    """A batch normalisation layer that remembers the statistics of its training batches.

    Inference uses mu = E(mu_B) and sigma^2 = m / (m - 1) E(sigma_B^2): plain means over all batches
    seen when `momentum` is None, as in the notes, or else running ones.

    Args:
        epsilon: added to every variance.
        momentum: the weight of the newest batch in a running mean, between 0 and 1; or None.

    Attributes:
        running_mean_: shape (d,).
        running_variance_: shape (d,), unbiased.
        batches_: how many batches went into them.

    Source: SU-3.24a, SU-3.24b.
    """

    def __init__(self, epsilon: float = 1e-5, momentum: float | None = None) -> None:
        if momentum is not None and not 0 < momentum <= 1:
            raise ValueError(f"BatchNorm: momentum must lie in (0, 1] or be None; got {momentum}")
        self.epsilon = epsilon
        self.momentum = momentum
        self.batches_ = 0
        self.running_mean_: Array | None = None
        self.running_variance_: Array | None = None

    def train(self, x: Any, gamma: Any, beta: Any) -> Array:
        """`batch_norm` of a training batch, whose statistics are remembered.

        Raises:
            ShapeError: as `batch_norm`.
            ValueError: a channel has only one value, so that it has no unbiased variance.
        """
        y, mean, variance = _forward("BatchNorm.train", x, gamma, beta, self.epsilon)
        m = y.size // len(mean)
        if m < 2:
            raise ValueError("BatchNorm.train: a channel needs at least 2 values; got 1")
        unbiased = variance * (m / (m - 1))
        self.batches_ += 1
        if self.running_mean_ is None or self.running_variance_ is None:
            self.running_mean_, self.running_variance_ = mean, unbiased
        else:
            weight = 1 / self.batches_ if self.momentum is None else self.momentum
            self.running_mean_ = self.running_mean_ + weight * (mean - self.running_mean_)
            self.running_variance_ = self.running_variance_ + weight * (
                unbiased - self.running_variance_
            )
        return y

    def infer(self, x: Any, gamma: Any, beta: Any) -> Array:
        """`batch_norm_inference` with the statistics remembered.

        Raises:
            ValueError: no batch has been seen.
        """
        if self.running_mean_ is None:
            raise ValueError("BatchNorm.infer: train on a batch first; there are no statistics yet")
        return np.asarray(
            batch_norm_inference(
                x, gamma, beta, self.running_mean_, self.running_variance_, epsilon=self.epsilon
            )
        )


def _forward(
    where: str, x: Any, gamma: Any, beta: Any, epsilon: float
) -> tuple[Array, Array, Array]:
    """The normalised batch, with its mean and variance in float64."""
    x3, gamma, beta = _arguments(where, x, gamma, beta, epsilon)
    loops = _loops(x3)
    if loops is not None:
        y, mean, variance = np.empty_like(x3), *np.empty((2, x3.shape[1]))
        arguments = gamma, beta, float(epsilon), _flat(y), mean, variance
        forward = loops.rows_forward if x3.shape[2] == 1 else loops.forward
        loops.in_blocks(forward, x3.shape[1], _flat(x3), *arguments)
        return y.reshape(np.shape(x)), mean, variance
    centred, mean, variance = _centred(x3)
    scale = (gamma / np.sqrt(variance + epsilon)).astype(x3.dtype)
    centred *= scale[:, None]
    centred += beta[:, None]
    return centred.reshape(np.shape(x)), mean, variance


def _centred(x: Array) -> tuple[Array, Array, Array]:
    """x less its channels' means, the means, and the variances; the last two in float64."""
    first = x[:1, :, :1]
    shifted = x - first
    # `np.add.reduce` is what `mean` and `sum` call, at half their price for a small batch.
    m = x.shape[0] * x.shape[2]
    offset = np.add.reduce(shifted, axis=(0, 2), dtype=np.float64) / m
    centred = shifted - offset.astype(x.dtype)[:, None]
    variance = np.add.reduce(centred * centred, axis=(0, 2), dtype=np.float64) / m
    return centred, first[0, :, 0] + offset, variance


def _loops(x: Array) -> ModuleType | None:
    if 1 < x.shape[2] < _LEAST_RUN:
        return None
    return kernels("batchnorm", 10.0 * x.size + _CALLS, x)


def _flat(x: Array) -> Array:
    """Features without the axis of their one pixel; images as they are."""
    return x[:, :, 0] if x.shape[2] == 1 else x


def _channels(where: str, x: Any) -> Array:
    """x as (n, channels, pixels), laid out row by row."""
    x = np.ascontiguousarray(as_float(x))
    if x.ndim not in (2, 4) or x.size == 0:
        raise ShapeError(f"{where}: x must be (n, d) or (n, d, h, w), not empty; got {x.shape}")
    return x.reshape(x.shape[0], x.shape[1], -1)


def _arguments(
    where: str, x: Any, gamma: Any, beta: Any, epsilon: float
) -> tuple[Array, Array, Array]:
    x3 = _channels(where, x)
    gamma, beta = np.array(gamma, x3.dtype), np.array(beta, x3.dtype)
    if not gamma.shape == beta.shape == (x3.shape[1],):
        raise ShapeError(
            f"{where}: gamma and beta must have shape ({x3.shape[1]},); "
            f"got {gamma.shape} and {beta.shape}"
        )
    if not epsilon >= 0:
        raise ValueError(f"{where}: epsilon must not be negative; got {epsilon}")
    return x3, gamma, beta


def _given(x: Array, mean: Any, variance: Any, epsilon: float) -> tuple[Array, Array]:
    mean, variance = np.asarray(mean, x.dtype), np.asarray(variance, x.dtype)
    if not mean.shape == variance.shape == (x.shape[1],):
        raise ShapeError(
            f"batch_norm_inference: mean and variance must have shape ({x.shape[1]},); "
            f"got {mean.shape} and {variance.shape}"
        )
    return mean, 1 / np.sqrt(variance + x.dtype.type(epsilon))

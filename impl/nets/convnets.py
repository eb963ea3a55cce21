"""Convolutional classifiers: LeNet-5, and a small one for small images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from impl import checks, initialization
from impl.activations import relu, tanh
from impl.core import Array, ShapeError, as_float
from impl.layers.convolution import conv2d
from impl.layers.pooling import average_pool2d, max_pool2d
from impl.layers.reshaping import flatten
from impl.nets.mlp import dense
from impl.nets.network import Layer
from impl.nets.training import NetworkClassifier
from impl.optimizers import Optimizer
from impl.regularization import EarlyStopping


class LeNet5(NetworkClassifier):
    """Two convolutions with pooling, a third, and two affine layers, all with tanh between.

    As in LeCun et al. (1998), but with plain average pooling, every channel joined to every other
    in the second convolution, and a softmax at the end: 61,706 parameters for one channel and ten
    classes. Images are 32 by 32, or 28 by 28, which get a border of 2.

    Args:
        epochs, batch_size, optimizer, l2, rng, early_stopping, validation_share: as in
            `impl.nets.training.NetworkModel`.

    Source: CO-lenet-shape, CO-lenet-perout.
    """

    def _inputs(self, where: str, X: Any) -> Array:
        images = image_batch(where, X)
        if images.shape[2:] not in ((28, 28), (32, 32)):
            raise ShapeError(f"{where}: images must be 28x28 or 32x32; got {images.shape[2:]}")
        return images

    def _layers(
        self, shape: tuple[int, ...], classes: int, rng: np.random.Generator
    ) -> list[Layer]:
        return [
            convolution(shape[0], 6, 5, rng, padding=2 if shape[1] == 28 else 0, tanh_after=True),
            Layer(tanh),
            Layer(average_pool2d),
            convolution(6, 16, 5, rng, tanh_after=True),
            Layer(tanh),
            Layer(average_pool2d),
            convolution(16, 120, 5, rng, tanh_after=True),
            Layer(tanh),
            Layer(flatten),
            dense(120, 84, rng, "tanh"),
            Layer(tanh),
            dense(84, classes, rng, "tanh"),
        ]


class SmallConvNet(NetworkClassifier):
    """Blocks of convolution, ReLU and max-pooling, then one affine layer.

    Every block halves height and width.

    Args:
        filters: how many channels each block puts out; 2^(number of blocks) pixels are the least.
        epochs, batch_size, optimizer, l2, rng, early_stopping, validation_share: as in
            `impl.nets.training.NetworkModel`.

    Source: XU-S5.3.a1, XU-142.
    """

    def __init__(
        self,
        filters: Sequence[int] = (8, 16),
        epochs: int = 20,
        batch_size: int = 32,
        optimizer: Optimizer | None = None,
        l2: float = 0.0,
        rng: np.random.Generator | None = None,
        early_stopping: EarlyStopping | None = None,
        validation_share: float = 0.1,
    ) -> None:
        super().__init__(epochs, batch_size, optimizer, l2, rng, early_stopping, validation_share)
        self.filters = filters

    def _inputs(self, where: str, X: Any) -> Array:
        images = image_batch(where, X)
        least = 2 ** len(self.filters)
        if min(images.shape[2:]) < least:
            raise ShapeError(f"{where}: images must be at least {least}x{least}; got {np.shape(X)}")
        return images

    def _layers(
        self, shape: tuple[int, ...], classes: int, rng: np.random.Generator
    ) -> list[Layer]:
        layers: list[Layer] = []
        channels, height, width = shape
        for filters in self.filters:
            layers += [
                convolution(channels, filters, 3, rng, padding=1),
                Layer(relu),
                Layer(max_pool2d),
            ]
            channels, height, width = filters, height // 2, width // 2
        return [*layers, Layer(flatten), dense(channels * height * width, classes, rng)]


def convolution(
    channels: int,
    filters: int,
    size: int,
    rng: np.random.Generator,
    padding: int = 0,
    tanh_after: bool = False,
) -> Layer:
    """A convolution layer with starting weights that suit the activation, and biases 0."""
    start = initialization.xavier if tanh_after else initialization.he
    weights = start((filters, channels, size, size), rng)
    return Layer(conv2d, [weights, initialization.zeros((filters,))], {"padding": padding})


def image_batch(where: str, X: Any) -> Array:
    """Images of shape (n, channels, height, width), finite; (n, height, width) is one channel.

    Raises:
        ShapeError: another number of axes, or no image.
        ValueError: a value is NaN or infinite.
    """
    array = as_float(X)
    if array.ndim == 3:
        array = array[:, None]
    if array.ndim != 4 or array.size == 0:
        raise ShapeError(
            f"{where}: X must be (n, channels, h, w) or (n, h, w), not empty; got {np.shape(X)}"
        )
    return checks.finite(where, "X", array)

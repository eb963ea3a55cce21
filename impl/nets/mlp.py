"""The multilayer perceptron, for classes and for numbers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from impl import activations, checks, initialization
from impl.core import Array, Op
from impl.layers.affine import affine
from impl.nets.network import Layer
from impl.nets.training import NetworkClassifier, NetworkModel, NetworkRegressor
from impl.optimizers import Optimizer
from impl.regularization import EarlyStopping

ACTIVATIONS: dict[str, Op] = {
    "relu": activations.relu,
    "sigmoid": activations.sigmoid,
    "tanh": activations.tanh,
}


class _Perceptron(NetworkModel):
    """Affine layers with an activation between them."""

    def __init__(
        self,
        hidden: Sequence[int] = (32,),
        activation: str = "relu",
        epochs: int = 20,
        batch_size: int = 32,
        optimizer: Optimizer | None = None,
        l2: float = 0.0,
        rng: np.random.Generator | None = None,
        early_stopping: EarlyStopping | None = None,
        validation_share: float = 0.1,
    ) -> None:
        super().__init__(epochs, batch_size, optimizer, l2, rng, early_stopping, validation_share)
        self.hidden = hidden
        self.activation = activation

    def _inputs(self, where: str, X: Any) -> Array:
        columns = None
        if hasattr(self, "network_") and not where.endswith(".fit"):
            columns = self.network_.parameters[0].shape[1]
        return checks.design_matrix(where, X, columns)

    def _layers(
        self, shape: tuple[int, ...], outputs: int, rng: np.random.Generator
    ) -> list[Layer]:
        if self.activation not in ACTIVATIONS:
            raise ValueError(
                f"{type(self).__name__}.fit: activation must be one of {sorted(ACTIVATIONS)}; "
                f"got {self.activation!r}"
            )
        layers: list[Layer] = []
        sizes = [shape[0], *self.hidden, outputs]
        for fan_in, fan_out in pairwise(sizes):
            layers.append(dense(fan_in, fan_out, rng, self.activation))
            layers.append(Layer(ACTIVATIONS[self.activation]))
        return layers[:-1]


class MLPClassifier(_Perceptron, NetworkClassifier):
    """Affine layers with an activation between them, then a softmax.

    Args:
        hidden: how many units each hidden layer has; empty is multinomial regression.
        activation: "relu" (He's starting weights), "sigmoid" or "tanh" (Xavier's).
        epochs, batch_size, optimizer, l2, rng, early_stopping, validation_share: as in
            `impl.nets.training.NetworkModel`.

    Source: SU-3.2, CH-5.3.e3, XU-115.
    """


class MLPRegressor(_Perceptron, NetworkRegressor):
    """Affine layers with an activation between them; the last one's outputs are the prediction.

    Args:
        hidden: how many units each hidden layer has; empty is linear regression.
        activation: "relu" (He's starting weights), "sigmoid" or "tanh" (Xavier's).
        epochs, batch_size, optimizer, l2, rng, early_stopping, validation_share: as in
            `impl.nets.training.NetworkModel`.

    Source: SU-3.2, XU-113, XU-115.
    """


def dense(fan_in: int, fan_out: int, rng: np.random.Generator, activation: str = "relu") -> Layer:
    """An affine layer with starting weights that suit the activation after it, and biases 0."""
    start = initialization.he if activation == "relu" else initialization.xavier
    weights = start((fan_out, fan_in), rng)
    return Layer(affine, [weights, initialization.zeros((fan_out,))])

"""The multilayer perceptron: affine layers with an activation between them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from impl import activations, checks, initialization
from impl.core import Array, Op
from impl.layers.affine import affine
from impl.nets.network import Layer, NetworkClassifier
from impl.optimizers import Optimizer

ACTIVATIONS: dict[str, Op] = {
    "relu": activations.relu,
    "sigmoid": activations.sigmoid,
    "tanh": activations.tanh,
}


class MLPClassifier(NetworkClassifier):
    """Affine layers with an activation between them, then a softmax.

    Args:
        hidden: how many units each hidden layer has; empty is multinomial regression.
        activation: "relu" (He's starting weights), "sigmoid" or "tanh" (Xavier's).
        epochs: how often all examples are gone through.
        batch_size: how many examples a step is taken for.
        optimizer: copied for each fit; None is Adam at 0.001.
        l2: the weight of |w|^2 / 2, without biases.
        rng: for the starting weights and the order of examples.

    Source: SU-3.2, CH-5.3.e3, XU-115.
    """

    def __init__(
        self,
        hidden: Sequence[int] = (32,),
        activation: str = "relu",
        epochs: int = 20,
        batch_size: int = 32,
        optimizer: Optimizer | None = None,
        l2: float = 0.0,
        rng: np.random.Generator | None = None,
    ) -> None:
        super().__init__(epochs, batch_size, optimizer, l2, rng)
        self.hidden = hidden
        self.activation = activation

    def _inputs(self, where: str, X: Any) -> Array:
        columns = None
        if hasattr(self, "network_") and not where.endswith(".fit"):
            columns = self.network_.parameters[0].shape[1]
        return checks.design_matrix(where, X, columns)

    def _layers(
        self, shape: tuple[int, ...], classes: int, rng: np.random.Generator
    ) -> list[Layer]:
        if self.activation not in ACTIVATIONS:
            raise ValueError(
                f"MLPClassifier.fit: activation must be one of {sorted(ACTIVATIONS)}; "
                f"got {self.activation!r}"
            )
        layers: list[Layer] = []
        sizes = [shape[0], *self.hidden, classes]
        for fan_in, fan_out in pairwise(sizes):
            layers.append(dense(fan_in, fan_out, rng, self.activation))
            layers.append(Layer(ACTIVATIONS[self.activation]))
        return layers[:-1]


def dense(fan_in: int, fan_out: int, rng: np.random.Generator, activation: str = "relu") -> Layer:
    """An affine layer with starting weights that suit the activation after it, and biases 0."""
    start = initialization.he if activation == "relu" else initialization.xavier
    weights = start((fan_out, fan_in), rng)
    return Layer(affine, [weights, initialization.zeros((fan_out,))])

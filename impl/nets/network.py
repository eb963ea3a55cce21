"""Networks as lists of operations.

A layer is an operation, its parameters and its options; forward and backward passes are then the
same few lines for every network, and every derivative is the one declared beside its operation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from impl.core import Array, Op


@dataclass
class Layer:
    """One operation of a network.

    Attributes:
        op: its first argument is the layer's input, the others are its parameters.
        parameters: what is learned.
        options: keyword options, such as stride.
    """

    op: Op
    parameters: list[Array] = field(default_factory=list)
    options: dict[str, Any] = field(default_factory=dict)


class Network:
    """Layers one after the other.

    Args:
        layers: from the input on; a layer with parameters comes first or after plain ones.
    """

    def __init__(self, layers: Sequence[Layer]) -> None:
        self.layers = list(layers)

    @property
    def parameters(self) -> list[Array]:
        """All parameters, layer by layer; the arrays themselves."""
        return [p for layer in self.layers for p in layer.parameters]

    def forward(self, x: Array) -> list[Array]:
        """The input of every layer and, last, the output."""
        values = [x]
        for layer in self.layers:
            values.append(layer.op(values[-1], *layer.parameters, **layer.options))
        return values

    def backward(self, values: Sequence[Array], gradient: Array) -> list[Array]:
        """The gradient of every parameter, given what `forward` returned.

        Args:
            values: of the forward pass.
            gradient: with respect to the output.

        Source: SU-3.8, SU-BP2.
        """
        gradients: list[Array] = []
        first = next(i for i, layer in enumerate(self.layers) if layer.parameters)
        for i in range(len(self.layers) - 1, first - 1, -1):
            layer = self.layers[i]
            options = dict(layer.options, to_input=False) if i == first else layer.options
            found = layer.op.backward(values[i], *layer.parameters, gradient=gradient, **options)
            gradient, *own = found if isinstance(found, tuple) else (found,)
            gradients[:0] = own
        return gradients


def minibatches(n: int, size: int, rng: np.random.Generator) -> Iterator[Array]:
    """All of 0, ..., n - 1 once, in random order and in parts of at most `size`.

    Source: CO-sgd.
    """
    order = rng.permutation(n)
    for at in range(0, n, size):
        yield order[at : at + size]

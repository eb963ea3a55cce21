"""Networks as lists of operations, and the loop that trains a classifier on them.

A layer is an operation, its parameters and its options; forward and backward passes are then the
same few lines for every network, and every derivative is the one declared beside its operation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from impl import checks
from impl.core import Array, Op, ShapeError, as_float
from impl.optimizers import Adam, Optimizer
from impl.softmax import cross_entropy, softmax


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


class NetworkClassifier:
    """A classifier made of a network and a softmax, trained on minibatches by cross-entropy.

    Subclasses say which layers.

    Args:
        epochs: how often all examples are gone through.
        batch_size: how many examples a step is taken for.
        optimizer: copied for each fit; None is Adam at 0.001.
        l2: the weight alpha of alpha |w|^2 / 2, over weights without biases.
        rng: for the starting weights and the order of examples; None is a fresh one.

    Attributes:
        classes_: the labels, sorted.
        network_: the trained layers; they give logits.
        loss_curve_: the mean loss of each epoch, as it was met.
    """

    def __init__(
        self,
        epochs: int = 20,
        batch_size: int = 32,
        optimizer: Optimizer | None = None,
        l2: float = 0.0,
        rng: np.random.Generator | None = None,
    ) -> None:
        self.epochs = epochs
        self.batch_size = batch_size
        self.optimizer = optimizer
        self.l2 = l2
        self.rng = rng

    def fit(self, X: Any, y: Any) -> NetworkClassifier:
        """Train from new starting weights.

        Args:
            X: one example for each place along the first axis, finite.
            y: labels of shape (n,): integers, strings or booleans.

        Raises:
            ShapeError: X or y has another shape.
            ValueError: a value is not finite, or there is only one class.
        """
        where = f"{type(self).__name__}.fit"
        if self.epochs < 0 or self.batch_size < 1:
            raise ValueError(f"{where}: epochs must be at least 0 and batch_size at least 1")
        X = self._inputs(where, X)
        self.classes_, codes = checks.classes_and_codes(where, y, len(X))
        if len(self.classes_) < 2:
            raise ValueError(f"{where}: y must hold at least 2 classes; got {self.classes_}")
        rng = np.random.default_rng() if self.rng is None else self.rng
        self.network_ = Network(self._layers(X.shape[1:], len(self.classes_), rng))
        for layer in self.network_.layers:
            layer.parameters = [p.astype(X.dtype, copy=False) for p in layer.parameters]
        optimizer = Adam() if self.optimizer is None else deepcopy(self.optimizer)
        self.loss_curve_: list[float] = []
        for _ in range(self.epochs):
            total = 0.0
            for batch in minibatches(len(X), self.batch_size, rng):
                total += self._step(X[batch], codes[batch], optimizer) * len(batch)
            self.loss_curve_.append(total / len(X))
        return self

    def decision_function(self, X: Any) -> Array:
        """The logits, shape (n, K)."""
        checks.fitted(self, "network_")
        return self.network_.forward(self._inputs(f"{type(self).__name__}.predict", X))[-1]

    def predict_proba(self, X: Any) -> Array:
        """The probability of each class, shape (n, K)."""
        return np.asarray(softmax(self.decision_function(X)))

    def predict(self, X: Any) -> Array:
        """The most probable label of each example, shape (n,)."""
        best = self.decision_function(X).argmax(axis=1)
        return np.asarray(self.classes_[best])

    def score(self, X: Any, y: Any) -> float:
        """The share of examples whose label is predicted."""
        return float(np.mean(self.predict(X) == np.asarray(y)))

    def loss_and_gradients(self, X: Any, codes: Any) -> tuple[float, list[Array]]:
        """The mean loss of a batch with its penalty, and the gradient of every parameter.

        Args:
            X: the examples.
            codes: for each the place of its label among `classes_`.
        """
        values = self.network_.forward(X)
        loss = float(cross_entropy(values[-1], codes).mean())
        share = np.full(len(X), 1 / len(X), X.dtype)
        to_logits = cross_entropy.backward(values[-1], codes, gradient=share)
        gradients = self.network_.backward(values, to_logits)
        if self.l2:
            for w, g in zip(self.network_.parameters, gradients, strict=True):
                if w.ndim > 1:
                    loss += self.l2 * float(np.vdot(w, w)) / 2
                    g += self.l2 * w
        return loss, gradients

    def _step(self, X: Array, codes: Array, optimizer: Optimizer) -> float:
        held = self.network_.parameters
        ahead = optimizer.points(held)
        moved = any(a is not b for a, b in zip(ahead, held, strict=True))
        kept = [p.copy() for p in held] if moved else []
        for p, a in zip(held, ahead, strict=True):
            if a is not p:
                p[...] = a
        loss, gradients = self.loss_and_gradients(X, codes)
        for p, k in zip(held, kept, strict=False):
            p[...] = k
        optimizer.step(held, gradients)
        return loss

    def _inputs(self, where: str, X: Any) -> Array:
        """X checked, in the shape that the first layer takes."""
        raise NotImplementedError

    def _layers(
        self, shape: tuple[int, ...], classes: int, rng: np.random.Generator
    ) -> list[Layer]:
        """New layers for examples of a shape."""
        raise NotImplementedError


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

"""The loop that trains a network on minibatches, and what it makes: classifiers and regressors."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import numpy as np

from impl import checks
from impl.core import Array, ShapeError, as_float
from impl.linear.model import r_squared
from impl.losses import squared_error
from impl.nets.network import Layer, Network, minibatches
from impl.optimizers import Adam, Optimizer
from impl.regularization import EarlyStopping
from impl.softmax import cross_entropy, softmax


class NetworkModel:
    """A network trained on minibatches; subclasses say which layers and which loss.

    Args:
        epochs: how often all examples are gone through, at most.
        batch_size: how many examples a step is taken for.
        optimizer: copied for each fit; None is Adam at 0.001.
        l2: the weight alpha of alpha |w|^2 / 2, over weights without biases.
        rng: for the starting weights, the order of examples and those held out; None is a fresh
            one.
        early_stopping: when to stop before all epochs; None is never. Its patience counts epochs.
            The weights of the best epoch are kept.
        validation_share: of the examples, drawn at random, that are held out for early stopping.

    Attributes:
        network_: the trained layers.
        loss_curve_: the mean loss of each epoch with its penalty, as it was met.
        validation_curve_: with early stopping, the mean loss of the examples held out after each
            epoch, without the penalty.
        best_epoch_: with early stopping, the epoch (from 0) whose weights were kept.
    """

    def __init__(
        self,
        epochs: int = 20,
        batch_size: int = 32,
        optimizer: Optimizer | None = None,
        l2: float = 0.0,
        rng: np.random.Generator | None = None,
        early_stopping: EarlyStopping | None = None,
        validation_share: float = 0.1,
    ) -> None:
        self.epochs = epochs
        self.batch_size = batch_size
        self.optimizer = optimizer
        self.l2 = l2
        self.rng = rng
        self.early_stopping = early_stopping
        self.validation_share = validation_share

    def _train(self, where: str, X: Array, targets: Array, outputs: int, bias: Any = 0.0) -> None:
        """Train from new starting weights.

        Args:
            where: the caller, for messages.
            X: the examples, checked.
            targets: what `_loss` compares the outputs with, one an example.
            outputs: how many numbers the last layer puts out.
            bias: what they start around.
        """
        if self.epochs < 0 or self.batch_size < 1:
            raise ValueError(f"{where}: epochs must be at least 0 and batch_size at least 1")
        if not 0 <= self.l2 < np.inf:
            raise ValueError(f"{where}: l2 must be finite and at least 0; got {self.l2}")
        rng = np.random.default_rng() if self.rng is None else self.rng
        rows, held_out = self._split(where, len(X), rng)
        self.network_ = Network(self._layers(X.shape[1:], outputs, rng))
        self.network_.parameters[-1][...] += bias
        for layer in self.network_.layers:
            layer.parameters = [p.astype(X.dtype, copy=False) for p in layer.parameters]
        optimizer = Adam() if self.optimizer is None else deepcopy(self.optimizer)
        stopping = None
        if self.early_stopping is not None:
            stopping = EarlyStopping(self.early_stopping.patience, self.early_stopping.min_delta)
        self.loss_curve_: list[float] = []
        self.validation_curve_: list[float] = []
        for _ in range(self.epochs):
            total = 0.0
            for batch in minibatches(len(rows), self.batch_size, rng):
                own = rows[batch]
                total += self._step(X[own], targets[own], optimizer) * len(batch)
            self.loss_curve_.append(total / len(rows))
            if stopping is None:
                continue
            outside = self.network_.forward(X[held_out])[-1]
            self.validation_curve_.append(self._loss(outside, targets[held_out])[0])
            if stopping.update(self.validation_curve_[-1], self.network_.parameters):
                break
        if stopping is not None:
            self.best_epoch_ = stopping.best_step_
            for p, best in zip(
                self.network_.parameters, stopping.best_parameters_ or [], strict=False
            ):
                p[...] = best

    def _split(self, where: str, n: int, rng: np.random.Generator) -> tuple[Array, Array]:
        """The examples to learn from, and those held out for early stopping."""
        if self.early_stopping is None:
            return np.arange(n), np.arange(0)
        if not isinstance(self.early_stopping, EarlyStopping):
            raise TypeError(
                f"{where}: early_stopping must be None or an EarlyStopping, such as "
                f"EarlyStopping(patience=5); got {self.early_stopping!r}"
            )
        if not 0 < self.validation_share < 1 or n < 2:
            raise ValueError(
                f"{where}: early stopping needs validation_share between 0 and 1 and at least two "
                f"examples; got {self.validation_share} and {n}"
            )
        order = rng.permutation(n)
        held = min(max(1, round(self.validation_share * n)), n - 1)
        return np.sort(order[held:]), np.sort(order[:held])

    def _output(self, X: Any) -> Array:
        checks.fitted(self, "network_")
        return self.network_.forward(self._examples(f"{type(self).__name__}.predict", X))[-1]

    def loss_and_gradients(self, X: Any, targets: Any) -> tuple[float, list[Array]]:
        """The mean loss of a batch with its penalty, and the gradient of every parameter.

        Args:
            X: the examples.
            targets: for each the place of its label among `classes_`, or the values to predict,
                shape (n, k).
        """
        values = self.network_.forward(X)
        loss, to_output = self._loss(values[-1], targets)
        gradients = self.network_.backward(values, to_output)
        if self.l2:
            for w, g in zip(self.network_.parameters, gradients, strict=True):
                if w.ndim > 1:
                    loss += self.l2 * float(np.vdot(w, w)) / 2
                    g += self.l2 * w
        return loss, gradients

    def _step(self, X: Array, targets: Array, optimizer: Optimizer) -> float:
        held = self.network_.parameters
        ahead = optimizer.points(held)
        moved = any(a is not b for a, b in zip(ahead, held, strict=True))
        kept = [p.copy() for p in held] if moved else []
        for p, a in zip(held, ahead, strict=True):
            if a is not p:
                p[...] = a
        loss, gradients = self.loss_and_gradients(X, targets)
        for p, k in zip(held, kept, strict=False):
            p[...] = k
        optimizer.step(held, gradients)
        return loss

    def _examples(self, where: str, X: Any) -> Array:
        """X as the network computes with it: in single precision at least.

        In half precision the squared gradients of Adam underflow, and sums overflow.
        """
        X = self._inputs(where, X)
        return X.astype(np.float32) if X.dtype == np.float16 else X

    def _inputs(self, where: str, X: Any) -> Array:
        """X checked, in the shape that the first layer takes."""
        raise NotImplementedError

    def _layers(
        self, shape: tuple[int, ...], outputs: int, rng: np.random.Generator
    ) -> list[Layer]:
        """New layers for examples of a shape."""
        raise NotImplementedError

    def _loss(self, output: Array, targets: Array) -> tuple[float, Array]:
        """The mean loss, and its gradient with respect to the output."""
        raise NotImplementedError


class NetworkClassifier(NetworkModel):
    """A network and a softmax, trained by cross-entropy.

    Attributes:
        classes_: the labels, sorted.
    """

    def fit(self, X: Any, y: Any) -> NetworkClassifier:
        """Train from new starting weights.

        Args:
            X: one example for each place along the first axis, finite.
            y: labels of shape (n,): integers, strings or booleans.

        Raises:
            ShapeError: X or y has another shape.
            ValueError: a value is not finite, there is only one class, or a setting is out of its
                range.
        """
        where = f"{type(self).__name__}.fit"
        X = self._examples(where, X)
        self.classes_, codes = checks.classes_and_codes(where, y, len(X))
        if len(self.classes_) < 2:
            raise ValueError(f"{where}: y must hold at least 2 classes; got {self.classes_}")
        self._train(where, X, codes, len(self.classes_))
        return self

    def decision_function(self, X: Any) -> Array:
        """The logits, shape (n, K)."""
        return self._output(X)

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

    def _loss(self, output: Array, targets: Array) -> tuple[float, Array]:
        share = np.full(len(output), 1 / len(output), output.dtype)
        to_output = cross_entropy.backward(output, targets, gradient=share)
        return float(cross_entropy(output, targets).mean()), to_output


class NetworkRegressor(NetworkModel):
    """A network whose outputs are the prediction, trained by squared error.

    The outputs start around the targets' mean.
    """

    def fit(self, X: Any, y: Any) -> NetworkRegressor:
        """Train from new starting weights.

        Args:
            X: one example for each place along the first axis, finite.
            y: targets of shape (n,), or (n, k) for k numbers an example.

        Raises:
            ShapeError: X or y has another shape.
            ValueError: a value is not finite, or a setting is out of its range.
        """
        where = f"{type(self).__name__}.fit"
        X = self._examples(where, X)
        y = checks.finite(where, "y", as_float(y)).astype(X.dtype, copy=False)
        if y.ndim not in (1, 2) or len(y) != len(X) or y.size == 0:
            raise ShapeError(f"{where}: y must have shape ({len(X)},) or (n, k); got {y.shape}")
        self._single = y.ndim == 1
        targets = y.reshape(len(y), -1)
        mean = targets.mean(axis=0, dtype=np.float64)
        self._train(where, X, targets, targets.shape[1], mean)
        return self

    def predict(self, X: Any) -> Array:
        """The predictions, of the shape that y had."""
        output = self._output(X)
        return output[:, 0] if self._single else output

    def score(self, X: Any, y: Any) -> float:
        """R^2: the share of the targets' variance that the predictions explain."""
        return r_squared(f"{type(self).__name__}.score", y, self.predict(X))

    def _loss(self, output: Array, targets: Array) -> tuple[float, Array]:
        share = np.full(output.shape, 1 / len(output), output.dtype)
        to_output, _ = squared_error.backward(output, targets, gradient=share)
        return float(squared_error(output, targets).sum(axis=1).mean()), to_output

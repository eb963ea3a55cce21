"""The autoencoder with tied weights: the decoder's matrix is the encoder's transposed."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import numpy as np

from impl import checks, initialization
from impl.activations import sigmoid, tanh
from impl.core import Array
from impl.layers.affine import affine
from impl.losses import squared_error
from impl.nets.network import minibatches
from impl.optimizers import Adam, Optimizer

_ACTIVATIONS = {"sigmoid": sigmoid, "tanh": tanh, "linear": None}


class TiedAutoencoder:
    """x to h = f(W x + b) to z = W^T h + c, trained to make |z - x|^2 small.

    With the linear activation its best is PCA's: no other rank-k map reconstructs better.

    Args:
        hidden: how many numbers h has.
        activation: f: "sigmoid", "tanh" or "linear".
        epochs: how often all examples are gone through.
        batch_size: how many examples a step is taken for.
        optimizer: copied for each fit; None is Adam at 0.001.
        rng: for the starting weights and the order of examples.

    Attributes:
        weights_: W, shape (hidden, d).
        encoder_bias_: b, shape (hidden,).
        decoder_bias_: c, shape (d,).
        loss_curve_: the mean of |z - x|^2 over each epoch's examples, as it was met.

    Source: CO-ae-loss.
    """

    def __init__(
        self,
        hidden: int = 2,
        activation: str = "sigmoid",
        epochs: int = 50,
        batch_size: int = 32,
        optimizer: Optimizer | None = None,
        rng: np.random.Generator | None = None,
    ) -> None:
        self.hidden = hidden
        self.activation = activation
        self.epochs = epochs
        self.batch_size = batch_size
        self.optimizer = optimizer
        self.rng = rng

    def fit(self, X: Any, y: Any = None) -> TiedAutoencoder:  # noqa: ARG002 (scikit-learn's form)
        """Train from new starting weights; the decoder's bias starts at the mean.

        Args:
            X: shape (n, d), finite.
            y: ignored.

        Raises:
            ShapeError: X has another shape.
            ValueError: a value is not finite, or a setting is out of its range.
        """
        X = checks.design_matrix("TiedAutoencoder.fit", X)
        if self.hidden < 1 or self.batch_size < 1 or self.activation not in _ACTIVATIONS:
            raise ValueError(
                "TiedAutoencoder.fit: hidden and batch_size must be at least 1 and activation one "
                f"of {sorted(_ACTIVATIONS)}; got {self.hidden}, {self.batch_size} and "
                f"{self.activation!r}"
            )
        rng = np.random.default_rng() if self.rng is None else self.rng
        self.weights_ = initialization.xavier((self.hidden, X.shape[1]), rng, dtype=X.dtype)
        self.encoder_bias_ = np.zeros(self.hidden, X.dtype)
        self.decoder_bias_ = X.mean(axis=0)
        optimizer = Adam() if self.optimizer is None else deepcopy(self.optimizer)
        parameters = [self.weights_, self.encoder_bias_, self.decoder_bias_]
        self.loss_curve_: list[float] = []
        for _ in range(self.epochs):
            total = 0.0
            for batch in minibatches(len(X), self.batch_size, rng):
                loss, gradients = self.loss_and_gradients(X[batch])
                optimizer.step(parameters, gradients)
                total += loss * len(batch)
            self.loss_curve_.append(total / len(X))
        return self

    def transform(self, X: Any) -> Array:
        """The codes h, shape (n, hidden)."""
        return self._activate(self._before(X, "transform"))

    def inverse_transform(self, codes: Any) -> Array:
        """The reconstructions z = W^T h + c, shape (n, d)."""
        checks.fitted(self, "weights_")
        codes = checks.design_matrix("TiedAutoencoder.inverse_transform", codes, self.hidden)
        return np.asarray(affine(codes, self.weights_.T, self.decoder_bias_))

    def reconstruct(self, X: Any) -> Array:
        """What remains of X after encoding and decoding, shape (n, d)."""
        return self.inverse_transform(self.transform(X))

    def loss_and_gradients(self, X: Any) -> tuple[float, list[Array]]:
        """The mean of |z - x|^2, and its gradients in W, b and c.

        W stands in both halves, so that its gradient is the sum of both.
        """
        before = self._before(X, "loss_and_gradients")
        codes = self._activate(before)
        decoder = self.weights_.T
        z = affine(codes, decoder, self.decoder_bias_)
        loss = float(squared_error(z, X).sum(axis=1).mean())
        share = np.full(z.shape, 1 / len(z), z.dtype)
        to_z, _ = squared_error.backward(z, X, gradient=share)
        to_codes, to_decoder, to_c = affine.backward(
            codes, decoder, self.decoder_bias_, gradient=to_z
        )
        f = _ACTIVATIONS[self.activation]
        to_before = to_codes if f is None else f.backward(before, gradient=to_codes)
        _, to_encoder, to_b = affine.backward(
            X, self.weights_, self.encoder_bias_, gradient=to_before, to_input=False
        )
        return loss, [to_encoder + to_decoder.T, to_b, to_c]

    def _before(self, X: Any, method: str) -> Array:
        checks.fitted(self, "weights_")
        X = checks.design_matrix(f"TiedAutoencoder.{method}", X, self.weights_.shape[1])
        return np.asarray(affine(X, self.weights_, self.encoder_bias_))

    def _activate(self, before: Array) -> Array:
        f = _ACTIVATIONS[self.activation]
        return before if f is None else np.asarray(f(before))

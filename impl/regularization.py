"""Penalties on weights with their (sub)gradients and proximal steps, and when to stop.

The proximal step of a penalty P with strength s is the w that minimises |w - v|^2 / 2 + s P(w).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from impl.core import Array, ShapeError, as_float, op

_BLOCK = 1 << 15


def l0(w: Any) -> int:
    """How many weights are not 0. It has no useful derivative. Source: SU-2.28."""
    return int(np.count_nonzero(as_float(w)))


@op(example=lambda rng: (rng.normal(size=(3, 4)),))
def l1(w: Any) -> Any:
    """sum |w_i|; the backward pass takes the subgradient sign(w), 0 at 0.

    Source: SU-2.29, CO-l1-def.
    """
    return _total(np.abs, as_float(w))


@l1.backward
def _(w: Any, gradient: Any) -> Array:
    return np.asarray(gradient * np.sign(as_float(w)))


def l1_subdifferential(w: Any) -> tuple[Array, Array]:
    """The least and the greatest subgradient of sum |w_i|: -1 and 1 where a weight is 0.

    Source: CO-l1-slope.
    """
    sign = np.sign(as_float(w))
    at_zero = sign == 0
    one = sign.dtype.type(1)
    return np.where(at_zero, -one, sign), np.where(at_zero, one, sign)


@op(example=lambda rng: (rng.normal(size=(3, 4)),))
def l2(w: Any) -> Any:
    """sum w_i^2 / 2, whose gradient is w itself.

    The course halves the sum and Su's notes do not; `squared_norm` is theirs.

    Source: CO-l2-def, CO-l2-grad.
    """
    return _total(np.square, as_float(w)) / 2


@l2.backward
def _(w: Any, gradient: Any) -> Array:
    return np.asarray(gradient * as_float(w))


@op(example=lambda rng: (rng.normal(size=(3, 4)),))
def squared_norm(w: Any) -> Any:
    """sum w_i^2. Source: SU-2.30."""
    return _total(np.square, as_float(w))


@squared_norm.backward
def _(w: Any, gradient: Any) -> Array:
    return np.asarray(2 * gradient * as_float(w))


def prox_l0(v: Any, strength: float) -> Array:
    """Hard threshold: weights with v^2 <= 2 * strength become 0, the others stay.

    Raises:
        ValueError: strength is negative.
    """
    v, s = _prox("prox_l0", v, strength)
    return np.where(np.square(v) > 2 * s, v, v.dtype.type(0))


def prox_l1(v: Any, strength: float) -> Array:
    """Soft threshold: every weight moves by strength towards 0 and stops there.

    Raises:
        ValueError: strength is negative.
    """
    v, s = _prox("prox_l1", v, strength)
    return np.asarray(v - np.clip(v, -s, s))


def prox_l2(v: Any, strength: float) -> Array:
    """Shrinkage, for sum w_i^2 / 2: every weight is divided by 1 + strength.

    Raises:
        ValueError: strength is negative.
    """
    v, s = _prox("prox_l2", v, strength)
    return np.asarray(v / (1 + s))


def weight_decay_step(w: Any, gradient: Any, learning_rate: float, alpha: float) -> Array:
    """One descent step of J + alpha |w|^2 / 2: the weights shrink, then follow -grad J.

    Source: CO-l2-update, CO-l2-costgrad.
    """
    w = as_float(w)
    return np.asarray((1 - learning_rate * alpha) * w - learning_rate * np.asarray(gradient))


def sparsifying_step(w: Any, gradient: Any, learning_rate: float, alpha: float) -> Array:
    """One subgradient step of J + alpha |w|_1: the pull is constant, towards 0 from either side.

    Source: CO-l1-slope, CO-l1-def.
    """
    w = as_float(w)
    return np.asarray(w - learning_rate * alpha * np.sign(w) - learning_rate * np.asarray(gradient))


def smooth_labels(labels: Any, classes: int, amount: float = 0.1) -> Array:
    """One-hot rows that give their label 1 - amount and share amount among the other classes.

    Args:
        labels: class numbers from 0, a number or shape (n,).
        classes: K, at least 2.
        amount: from 0 (plain one-hot) up to, but not including, 1.

    Returns:
        Shape (K,) or (n, K), each row with sum 1.

    Raises:
        ShapeError: labels are not whole numbers of those shapes.
        ValueError: a label, classes or amount is out of its range.

    Source: CO-label-smoothing.
    """
    y = np.asarray(labels)
    if y.ndim > 1 or y.dtype.kind not in "iu":
        raise ShapeError(
            f"smooth_labels: labels must be whole numbers of shape (n,); got {y.dtype} of shape "
            f"{y.shape}"
        )
    if classes < 2:
        raise ValueError(f"smooth_labels: classes must be at least 2; got {classes}")
    if not 0 <= amount < 1:
        raise ValueError(f"smooth_labels: amount must lie in [0, 1); got {amount}")
    if y.size and not 0 <= int(y.min()) <= int(y.max()) < classes:
        raise ValueError(
            f"smooth_labels: labels go from 0 to {classes - 1}; got {y.min()} to {y.max()}"
        )
    rows = np.full((*y.shape, classes), amount / (classes - 1))
    np.put_along_axis(rows, np.expand_dims(y, -1), 1 - amount, axis=-1)
    return rows


class EarlyStopping:
    """Stops training when the validation loss has not improved for a while; keeps the best weights.

    Args:
        patience: how many looks in a row without improvement are borne, at least 1.
        min_delta: by how much a loss must be lower to count as an improvement.

    Attributes:
        best_: the lowest loss so far.
        best_step_: at which look it was, from 0.
        best_parameters_: copies of the weights given then, or None.
        stopped_: whether `update` has said stop.
    """

    def __init__(self, patience: int = 5, min_delta: float = 0.0) -> None:
        if patience < 1:
            raise ValueError(f"EarlyStopping: patience must be at least 1; got {patience}")
        if not min_delta >= 0:
            raise ValueError(f"EarlyStopping: min_delta must not be negative; got {min_delta}")
        self.patience = patience
        self.min_delta = min_delta
        self.best_ = np.inf
        self.best_step_ = -1
        self.best_parameters_: list[Array] | None = None
        self.stopped_ = False
        self._step = -1

    def update(self, loss: float, parameters: Sequence[Array] | None = None) -> bool:
        """Whether to stop, given one more validation loss; NaN is never an improvement.

        Args:
            loss: the validation loss.
            parameters: the weights it belongs to, copied if it is the best.
        """
        self._step += 1
        if (self.best_step_ < 0 and not np.isnan(loss)) or loss < self.best_ - self.min_delta:
            self.best_, self.best_step_ = float(loss), self._step
            self.best_parameters_ = (
                None if parameters is None else [np.array(p) for p in parameters]
            )
        self.stopped_ = self._step - self.best_step_ >= self.patience
        return self.stopped_


def _total(function: np.ufunc, w: Array) -> Any:
    """The sum of a function of every entry, block by block, for all of them leave the cache."""
    if w.size <= _BLOCK:
        return function(w).sum()
    flat = w.ravel(order="K")  # a view where w is of one piece
    values = np.empty(_BLOCK, w.dtype)
    parts = (flat[start : start + _BLOCK] for start in range(0, flat.size, _BLOCK))
    return w.dtype.type(sum(float(function(p, out=values[: p.size]).sum()) for p in parts))


def _prox(name: str, v: Any, strength: float) -> tuple[Array, Any]:
    v = as_float(v)
    if not strength >= 0:
        raise ValueError(f"{name}: strength must not be negative; got {strength}")
    return v, v.dtype.type(strength)

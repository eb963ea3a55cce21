"""What optimizers share: state, schedules and checks; and the loop that follows one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import numpy as np

from impl.core import Array, ShapeError

Rate = float | Callable[[int], float]


class Optimizer:
    """What all optimizers share.

    Attributes:
        t_: how many steps have been taken.
    """

    # How many arrays of zeros a parameter starts with.
    memories: ClassVar[int] = 0

    def __init__(self, learning_rate: Rate) -> None:
        if not callable(learning_rate) and not learning_rate > 0:
            raise ValueError(
                f"{type(self).__name__}: learning_rate must be positive; got {learning_rate}"
            )
        self.learning_rate = learning_rate
        self.t_ = 0
        self._state: list[tuple[Array, ...]] = []

    def step(self, parameters: Sequence[Array], gradients: Sequence[Any]) -> None:
        """Take one step, changing the parameters in place.

        Raises:
            ShapeError: the lists or the shapes differ, or changed since the last step.
            TypeError: a parameter is not an array of floats.
        """
        gradients = self._checked(parameters, gradients)
        rate = self.learning_rate(self.t_) if callable(self.learning_rate) else self.learning_rate
        self.t_ += 1
        for theta, g, state in zip(parameters, gradients, self._state, strict=True):
            self._update(theta, g, float(rate), *state)

    def points(self, parameters: Sequence[Array]) -> list[Array]:
        """Where the gradient of the next step is to be taken: at the parameters themselves."""
        return list(parameters)

    def _update(self, theta: Array, g: Array, rate: float, *state: Array) -> None:
        raise NotImplementedError

    def _checked(self, parameters: Sequence[Array], gradients: Sequence[Any]) -> list[Array]:
        name = type(self).__name__
        for theta in parameters:
            if not isinstance(theta, np.ndarray) or theta.dtype.kind != "f":
                raise TypeError(f"{name}.step: parameters must be arrays of floats")
        found = [
            np.asarray(g, theta.dtype) for theta, g in zip(parameters, gradients, strict=False)
        ]
        shapes = [theta.shape for theta in parameters]
        if len(gradients) != len(parameters) or [g.shape for g in found] != shapes:
            raise ShapeError(
                f"{name}.step: gradients must have the parameters' shapes {shapes}; "
                f"got {[np.shape(g) for g in gradients]}"
            )
        if not self._state:
            self._state = [
                tuple(np.zeros_like(theta, order="C") for _ in range(self.memories))
                for theta in parameters
            ]
        remembered = [state[0].shape for state in self._state if state]
        if len(self._state) != len(shapes) or (remembered and remembered != shapes):
            raise ShapeError(f"{name}.step: the parameters changed since the last step")
        return found


def descend(
    gradient: Callable[[Array], Any],
    start: Any,
    optimizer: Optimizer,
    steps: int,
    tolerance: float = 0.0,
) -> Array:
    """Follow an optimizer from a start; stop early when a step is not longer than `tolerance`.

    Args:
        gradient: of the function to make small, from an array to one of its shape.
        start: any shape.
        optimizer: a fresh one.
        steps: at most so many.
        tolerance: the delta of |x_{n+1} - x_n| <= delta.

    Returns:
        Shape (taken steps + 1, *start.shape): every point, the start first.

    Source: XU-54, XU-S2.8.1.d1.
    """
    theta = np.array(start, dtype=np.float64)
    trace = [theta.copy()]
    for _ in range(steps):
        (point,) = optimizer.points([theta])
        optimizer.step([theta], [gradient(point)])
        trace.append(theta.copy())
        if np.linalg.norm((trace[-1] - trace[-2]).ravel()) <= tolerance:
            break
    return np.array(trace)


def decay(owner: Optimizer, name: str, value: float) -> float:
    """The value, when it can be the weight of a running mean."""
    if not 0 <= value <= 1:
        raise ValueError(f"{type(owner).__name__}: {name} must lie in [0, 1]; got {value}")
    return value


def root_guard(owner: Optimizer, value: float) -> float:
    """The gamma that is added to a root, when it is not negative."""
    if not value >= 0:
        raise ValueError(f"{type(owner).__name__}: gamma must not be negative; got {value}")
    return value

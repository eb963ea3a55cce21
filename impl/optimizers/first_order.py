"""Optimizers without bias correction: from plain descent to RMSProp with momentum."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from impl.core import Array
from impl.optimizers.base import Optimizer, Rate, decay, root_guard


class SGD(Optimizer):
    """theta <- theta - epsilon g: a step against the gradient of a batch.

    Source: CO-sgd, CH-7.a1.s1, XU-111, SU-2.64.
    """

    def _update(self, theta: Array, g: Array, rate: float, *_: Array) -> None:
        theta -= rate * g


class Momentum(Optimizer):
    """v <- alpha v - epsilon g; theta <- theta + v: the past steps go on, fading by alpha.

    Source: CO-momentum, CO-momentum-unrolled.
    """

    memories = 1

    def __init__(self, learning_rate: Rate, alpha: float = 0.9) -> None:
        super().__init__(learning_rate)
        self.alpha = decay(self, "alpha", alpha)

    def _update(self, theta: Array, g: Array, rate: float, *state: Array) -> None:
        (v,) = state
        v *= self.alpha
        v -= rate * g
        theta += v


class Nesterov(Momentum):
    """Momentum whose gradient is taken ahead, at theta + alpha v: ask `points` where.

    Source: CO-nesterov.
    """

    def points(self, parameters: Sequence[Array]) -> list[Array]:
        """theta + alpha v, where the momentum alone would lead."""
        if not self._state:
            return [np.array(theta) for theta in parameters]
        return [theta + self.alpha * v for theta, (v,) in zip(parameters, self._state, strict=True)]


class AdaGrad(Optimizer):
    """a <- a + g^2; theta <- theta - epsilon g / (sqrt(a) + gamma): steps only ever get shorter.

    Source: CO-adagrad.
    """

    memories = 1

    def __init__(self, learning_rate: Rate, gamma: float = 1e-7) -> None:
        super().__init__(learning_rate)
        self.gamma = root_guard(self, gamma)

    def _update(self, theta: Array, g: Array, rate: float, *state: Array) -> None:
        (a,) = state
        a += g * g
        theta -= rate * g / (np.sqrt(a) + self.gamma)


class RMSProp(Optimizer):
    """a <- beta a + (1 - beta) g^2; theta <- theta - epsilon g / (sqrt(a) + gamma).

    Source: CO-rmsprop.
    """

    memories = 1

    def __init__(self, learning_rate: Rate, beta: float = 0.9, gamma: float = 1e-7) -> None:
        super().__init__(learning_rate)
        self.beta = decay(self, "beta", beta)
        self.gamma = root_guard(self, gamma)

    def _update(self, theta: Array, g: Array, rate: float, *state: Array) -> None:
        (a,) = state
        a *= self.beta
        a += (1 - self.beta) * g * g
        theta -= rate * g / (np.sqrt(a) + self.gamma)


class RMSPropMomentum(Optimizer):
    """a as in RMSProp; v <- alpha v - epsilon g / (sqrt(a) + gamma); theta <- theta + v.

    The course prints the denominator as sqrt(a) + v; that one is `impl.printed.optimizers`.

    Source: CO-rmsprop-momentum.
    """

    memories = 2

    def __init__(
        self, learning_rate: Rate, beta: float = 0.9, alpha: float = 0.9, gamma: float = 1e-7
    ) -> None:
        super().__init__(learning_rate)
        self.beta = decay(self, "beta", beta)
        self.alpha = decay(self, "alpha", alpha)
        self.gamma = root_guard(self, gamma)

    def _update(self, theta: Array, g: Array, rate: float, *state: Array) -> None:
        v, a = state
        a *= self.beta
        a += (1 - self.beta) * g * g
        v *= self.alpha
        v -= rate * g / (np.sqrt(a) + self.gamma)
        theta += v

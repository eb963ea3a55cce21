"""Adam, with and without the correction of its first steps."""

from __future__ import annotations

import math

import numpy as np

from impl._kernels.loading import kernels
from impl.core import Array
from impl.optimizers.base import Optimizer, Rate, decay, root_guard


class Adam(Optimizer):
    """Running means v of g and a of g^2; theta <- theta - epsilon v / (sqrt(a) + gamma).

    Both means start at 0 and are too small at first; with bias correction they are divided by
    1 - beta^t, so that the first step has length epsilon. Without it, the first step is
    (1 - beta_1) / sqrt(1 - beta_2) times as long, 3.2 times with the usual decays.

    Args:
        learning_rate: epsilon.
        beta_1: the decay of v.
        beta_2: the decay of a.
        gamma: what is added to the root.
        bias_correction: whether the means are corrected.

    Source: CO-adam, CO-adam-nobias.
    """

    memories = 2

    def __init__(
        self,
        learning_rate: Rate = 1e-3,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        gamma: float = 1e-7,
        bias_correction: bool = True,
    ) -> None:
        super().__init__(learning_rate)
        self.beta_1 = decay(self, "beta_1", beta_1)
        self.beta_2 = decay(self, "beta_2", beta_2)
        self.gamma = root_guard(self, gamma)
        self.bias_correction = bias_correction
        if bias_correction and 1 in (beta_1, beta_2):
            raise ValueError("Adam: decays must be below 1 for the bias correction")

    def _update(self, theta: Array, g: Array, rate: float, *state: Array) -> None:
        v, a = state
        root = 1.0
        if self.bias_correction:
            # 1 - beta^t, exact where beta^t is close to 1.
            rate /= -math.expm1(self.t_ * math.log(self.beta_1)) if self.beta_1 else 1.0
            rest = -math.expm1(self.t_ * math.log(self.beta_2)) if self.beta_2 else 1.0
            root = 1 / math.sqrt(rest)
        decays = self.beta_1, 1 - self.beta_1, self.beta_2, 1 - self.beta_2
        loops = kernels("layers", 10.0 * theta.size, theta)
        if loops is not None and theta.flags.c_contiguous:
            constants = np.array([*decays, rate, root, self.gamma], theta.dtype)
            flat = theta.reshape(-1), np.ascontiguousarray(g).reshape(-1), v.reshape(-1)
            loops.in_blocks(loops.adam_step, theta.size, *flat, a.reshape(-1), constants)
            return
        v *= decays[0]
        v += decays[1] * g
        a *= decays[2]
        a += decays[3] * g * g
        theta -= rate * v / (np.sqrt(a) * root + self.gamma)

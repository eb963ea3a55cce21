"""Optimizers as printed."""

from __future__ import annotations

import numpy as np

from impl.core import Array
from impl.optimizers.first_order import RMSPropMomentum


class RMSPropMomentumPrinted(RMSPropMomentum):
    """a <- beta a + (1 - beta) g^2; v <- alpha v - epsilon g / (sqrt(a) + v); theta <- theta + v.

    Wrong: the v in the denominator should be gamma. Where v comes near -sqrt(a) the quotient
    explodes, and where it falls below, the step turns uphill; at g = 0 from the start it is 0 / 0.

    Source: CO-rmsprop-momentum.
    """

    def _update(self, theta: Array, g: Array, rate: float, *state: Array) -> None:
        v, a = state
        a *= self.beta
        a += (1 - self.beta) * g * g
        with np.errstate(divide="ignore", invalid="ignore"):
            v[...] = self.alpha * v - rate * g / (np.sqrt(a) + v)
        theta += v

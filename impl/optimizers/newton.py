"""Newton's method: the curvature decides how long a step is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from impl.core import Array, ShapeError


class Newton:
    """theta <- theta - H^-1 g: the step to the bottom of the local parabola.

    With `damping` d it solves (H + d I) s = g, which shortens and steadies the step. Where H is not
    positive definite, the plain step may well lead uphill.

    Args:
        learning_rate: what the step is multiplied by; 1 is Newton's own.
        damping: not negative.

    Source: CO-newton.
    """

    def __init__(self, learning_rate: float = 1.0, damping: float = 0.0) -> None:
        if not learning_rate > 0 or not damping >= 0:
            raise ValueError(
                "Newton: learning_rate must be positive and damping not negative; "
                f"got {learning_rate} and {damping}"
            )
        self.learning_rate = learning_rate
        self.damping = damping

    def step(self, parameters: Sequence[Array], gradients: Sequence[Any], hessian: Any) -> None:
        """Take one step, changing the parameters in place.

        Args:
            parameters: arrays of floats, n numbers in all.
            gradients: arrays of the same shapes.
            hessian: shape (n, n), in the order of the parameters laid end to end.

        Raises:
            ShapeError: the shapes do not fit together.
            ValueError: the (damped) Hessian is singular.
        """
        g = np.concatenate([np.ravel(np.asarray(g)) for g in gradients])
        curvature = np.array(hessian, dtype=np.result_type(g, np.float64))
        shapes = [theta.shape for theta in parameters]
        if [np.shape(gradient) for gradient in gradients] != shapes or curvature.shape != (
            g.size,
            g.size,
        ):
            raise ShapeError(
                f"Newton.step: hessian must have shape ({g.size}, {g.size}) and gradients the "
                f"shapes {shapes}; got {curvature.shape}"
            )
        curvature[np.diag_indices(g.size)] += self.damping
        try:
            step = self.learning_rate * np.linalg.solve(curvature, g)
        except np.linalg.LinAlgError as error:
            raise ValueError("Newton.step: the Hessian is singular; give a damping") from error
        at = 0
        for theta in parameters:
            theta -= step[at : at + theta.size].reshape(theta.shape).astype(theta.dtype)
            at += theta.size

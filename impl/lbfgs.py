"""Minimising a smooth function of many variables from its gradients alone."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from impl.core import Array

Objective = Callable[[Array], tuple[float, Array]]


@dataclass(frozen=True)
class Minimum:
    """Where a minimisation ended.

    Attributes:
        x: the point.
        value: the objective there.
        gradient: the gradient there.
        step: the last step taken; zeros when none was.
        n_iter: steps taken.
        n_evaluations: times the objective was computed.
        converged: whether the gradient's largest entry is at most the tolerance, or no step can
            lower the value any more in floating point.
    """

    x: Array
    value: float
    gradient: Array
    step: Array
    n_iter: int
    n_evaluations: int
    converged: bool


def lbfgs(
    objective: Objective,
    start: Array,
    *,
    tol: float = 1e-6,
    max_iter: int = 200,
    memory: int = 10,
    inverse_hessian: Callable[[Array], Array] | None = None,
) -> Minimum:
    """The limited-memory method of Broyden, Fletcher, Goldfarb and Shanno.

    Args:
        objective: from a point to the value and the gradient.
        start: where to begin, shape (p,).
        tol: stop when the gradient's largest entry is at most this.
        max_iter: the most steps.
        memory: how many earlier steps shape the next one.
        inverse_hessian: a linear map near the inverse of the second derivative; without one, a
            multiple of the identity that fits the last step.

    Raises:
        ValueError: the value at the start is not finite.

    Method: D. Liu and J. Nocedal, On the limited memory BFGS method (1989).
    """
    x = np.array(start, np.float64)
    value, gradient = objective(x)
    if not np.isfinite(value):
        raise ValueError(f"lbfgs: the objective must be finite at the start; got {value}")
    pairs: deque[tuple[Array, Array, float]] = deque(maxlen=memory)
    step = np.zeros_like(x)
    evaluations, steps, stuck = 1, 0, False
    while np.abs(gradient).max(initial=0.0) > tol and steps < max_iter:
        direction = -_two_loops(gradient, pairs, inverse_hessian)
        slope = float(gradient @ direction)
        if slope >= 0:  # what is remembered misleads: begin anew with the steepest descent
            pairs.clear()
            direction, slope = -gradient, -float(gradient @ gradient)
        first = 1.0
        if not pairs and inverse_hessian is None:
            first = min(1.0, 1 / float(np.sqrt(gradient @ gradient)))
        found, tried = _weak_wolfe(objective, x, value, direction, slope, first)
        evaluations += tried
        if found is None:
            if not pairs:
                stuck = True
                break
            pairs.clear()
            continue
        x_new, value, gradient_new = found
        step, change = x_new - x, gradient_new - gradient
        curvature = float(step @ change)
        if curvature > 1e-12 * float(change @ change) ** 0.5 * float(step @ step) ** 0.5:
            pairs.append((step, change, curvature))
        x, gradient = x_new, gradient_new
        steps += 1
    converged = stuck or bool(np.abs(gradient).max(initial=0.0) <= tol)
    return Minimum(x, value, gradient, step, steps, evaluations, converged)


def _two_loops(
    gradient: Array,
    pairs: deque[tuple[Array, Array, float]],
    inverse_hessian: Callable[[Array], Array] | None,
) -> Array:
    """The inverse of the second derivative, as the pairs know it, times the gradient."""
    q = gradient.copy()
    shares = []
    for step, change, curvature in reversed(pairs):
        share = float(step @ q) / curvature
        q -= share * change
        shares.append(share)
    if inverse_hessian is not None:
        q = inverse_hessian(q)
    elif pairs:
        _, change, curvature = pairs[-1]
        q *= curvature / float(change @ change)
    for (step, change, curvature), share in zip(pairs, reversed(shares), strict=True):
        q += (share - float(change @ q) / curvature) * step
    return q


def _weak_wolfe(
    objective: Objective, x: Array, value: float, direction: Array, slope: float, size: float
) -> tuple[tuple[Array, float, Array] | None, int]:
    """A step that lowers the value enough and flattens the slope enough, by bisection."""
    low, high = 0.0, np.inf
    # Near the minimum the value stalls in rounding errors while the slope still tells.
    slack = 1e-13 * abs(value)
    best = None
    for tried in range(1, 31):
        candidate = x + size * direction
        reached, gradient = objective(candidate)
        enough = reached <= value + 1e-4 * size * slope + slack
        if not (np.isfinite(reached) and enough):
            high = size
        elif float(gradient @ direction) < 0.9 * slope:
            low, best = size, (candidate, reached, gradient)
        else:
            return (candidate, reached, gradient), tried
        size = 2 * size if high == np.inf else (low + high) / 2
        if size in (low, high):
            break
    return best, tried

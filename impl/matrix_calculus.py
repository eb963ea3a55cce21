"""Derivatives by numbers: Jacobians, Hessians, and checks of gradients worked out by hand.

Central differences ask only that f can be evaluated, and give about 10 digits in float64. The
complex step gives all 16, for functions that take complex numbers and are analytic.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from impl.core import Array, Op, as_float

CENTRAL, FORWARD, COMPLEX = "central", "forward", "complex"
_EPSILON = float(np.finfo(np.float64).eps)


def jacobian(
    f: Callable[[Array], Any], x: Any, method: str = CENTRAL, layout: str = "numerator"
) -> Array:
    """All partial derivatives of f at x.

    Args:
        f: takes an array of the shape of x and returns a number or an array.
        x: any shape.
        method: "central" differences, "forward" ones as in the definition, or "complex" step.
        layout: "numerator": shape f(x).shape + x.shape, J[i, j] = df_i/dx_j; "denominator", as in
            the course: x.shape + f(x).shape, its transpose.

    Raises:
        ValueError: an unknown method or layout.

    Source: CH-6.2, CO-jac-def, CO-gd-numgrad.
    """
    if layout not in ("numerator", "denominator"):
        raise ValueError(f"jacobian: layout must be 'numerator' or 'denominator'; got {layout!r}")
    x = as_float(x).astype(np.float64)
    columns = [_partial(f, x, place, method) for place in np.ndindex(x.shape)]
    out = columns[0].shape if columns else np.shape(f(x))
    rows = np.reshape(np.array(columns, dtype=np.float64), (*x.shape, *out))
    if layout == "denominator":
        return rows
    return np.moveaxis(rows, range(x.ndim), range(-x.ndim, 0)) if x.ndim else rows


def gradient(f: Callable[[Array], Any], x: Any, method: str = CENTRAL) -> Array:
    """The partial derivatives of a function with one value, in the shape of x.

    Raises:
        ValueError: f has more than one value, or the method is unknown.

    Source: CH-6.1, CO-vecder-def.
    """
    rows = jacobian(f, x, method, layout="denominator")
    if rows.size != np.size(x):
        raise ValueError(f"gradient: f must have one value; its Jacobian has shape {rows.shape}")
    return rows.reshape(np.shape(x))


def directional_derivative(
    f: Callable[[Array], Any], x: Any, direction: Any, method: str = CENTRAL
) -> Array:
    """The derivative of f(x + t direction) at t = 0, at the price of one partial derivative.

    Source: CH-6.3.
    """
    x = as_float(x).astype(np.float64)
    along = as_float(direction).astype(np.float64)
    return _partial(lambda t: f(x + t * along), np.zeros(()), (), method)


def hessian(f: Callable[[Array], Any], x: Any) -> Array:
    """Second derivatives of a function with one value, by central differences; symmetric.

    About 7 digits. When the gradient is known, its Jacobian is the better way.

    Args:
        f: takes an array of the shape of x and returns a number.
        x: any shape.

    Returns:
        Shape (x.size, x.size).
    """
    x = as_float(x).astype(np.float64)
    flat, n = x.ravel(), x.size
    steps = np.diag(_steps(flat, _EPSILON**0.25))

    def value(offset: Array) -> float:
        return float(np.reshape(f((flat + offset).reshape(x.shape)), ()))

    second = np.empty((n, n))
    for i in range(n):
        for j in range(i + 1):
            a, b = steps[i], steps[j]
            mixed = value(a + b) - value(a - b) - value(b - a) + value(-a - b)
            second[i, j] = second[j, i] = mixed / (4 * a[i] * b[j])
    return second


@dataclass(frozen=True)
class GradientCheck:
    """A gradient beside its numeric counterpart.

    Attributes:
        analytic: what was claimed.
        numeric: what differences give.
        error: the largest |analytic - numeric| / max(1, |analytic|, |numeric|).
        place: the index where it occurs; None without entries.
        passed: whether it is within the tolerance.
    """

    analytic: Array
    numeric: Array
    error: float
    place: tuple[int, ...] | None
    passed: bool


def check_gradient(
    f: Callable[[Array], Any],
    analytic: Any,
    x: Any,
    method: str = CENTRAL,
    tolerance: float = 1e-6,
) -> GradientCheck:
    """Compare a gradient worked out by hand with the numeric one.

    Args:
        f: a function with one value.
        analytic: the claimed gradient at x, or a function that gives it.
        x: any shape.
        method: "central", "forward" or "complex".
        tolerance: up to which error it passes; a complex step bears 1e-13.

    Source: CO-gd-numgrad.
    """
    claimed = as_float(analytic(as_float(x)) if callable(analytic) else analytic)
    numeric = gradient(f, x, method)
    if claimed.shape != numeric.shape:
        raise ValueError(
            f"check_gradient: analytic must have the shape of x, {numeric.shape}; "
            f"got {claimed.shape}"
        )
    if not claimed.size:
        return GradientCheck(claimed, numeric, 0.0, None, True)
    scale = np.maximum(1, np.maximum(np.abs(claimed), np.abs(numeric)))
    errors = np.abs(claimed - numeric) / scale
    worst = np.unravel_index(int(np.argmax(errors)), errors.shape)  # NaN counts as the largest
    place = tuple(int(i) for i in worst)
    error = float(errors[place])
    return GradientCheck(claimed, numeric, error, place, bool(error <= tolerance))


def check_op(
    op: Op, *arguments: Any, tolerance: float = 1e-6, **options: Any
) -> dict[int, GradientCheck]:
    """Check an operation's backward pass at given arguments: one result an argument position.

    The output is reduced to one number by fixed weights of mixed size and sign, so that errors in
    different places do not cancel.

    Args:
        op: the operation.
        arguments: its arrays, at a point without kinks.
        tolerance: as in `check_gradient`.
        options: keyword options of the operation, such as stride.
    """
    value = np.asarray(op(*arguments, **options))
    weights = np.cos(1.0 + np.arange(value.size)).reshape(value.shape)
    found = op.backward(*arguments, gradient=weights, **options)
    gradients = found if isinstance(found, tuple) else (found,)

    def total(position: int) -> Callable[[Array], Any]:
        before, after = arguments[:position], arguments[position + 1 :]
        return lambda moved: np.sum(weights * op(*before, moved, *after, **options))

    return {
        position: check_gradient(total(position), claimed, arguments[position], tolerance=tolerance)
        for position, claimed in zip(op.differentiable, gradients, strict=True)
    }


def _partial(f: Callable[[Array], Any], x: Array, place: tuple[int, ...], method: str) -> Array:
    """The derivative of f with respect to one entry of x."""
    if method == COMPLEX:
        moved = x.astype(np.complex128)
        moved[place] += 1e-200j  # nothing is subtracted, so the step may be as small as we like
        value = np.asarray(f(moved))
        if value.dtype.kind != "c":
            raise ValueError("jacobian: f must keep complex numbers for the method 'complex'")
        return value.imag / 1e-200
    power = {CENTRAL: 1 / 3, FORWARD: 1 / 2}.get(method)
    if power is None:
        raise ValueError(f"jacobian: method must be central, forward or complex; got {method!r}")
    step = _steps(x[place], _EPSILON**power)
    above, below = x.copy(), x.copy()
    above[place] += step
    if method == CENTRAL:
        below[place] -= step
    width = above[place] - below[place]  # the step as it was rounded, not as it was meant
    return (np.asarray(f(above), np.float64) - np.asarray(f(below), np.float64)) / width


def _steps(x: Any, relative: float) -> Array:
    return np.asarray(relative * np.maximum(1.0, np.abs(x)))

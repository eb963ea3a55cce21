"""Kernels: inner products of features that need not be written down."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from impl.core import Array, ShapeError, as_float, op


def _pair(name: str, X: Any, Y: Any) -> tuple[Array, Array]:
    X, Y = as_float(X), as_float(Y)
    if X.ndim != 2 or Y.ndim != 2 or X.shape[1] != Y.shape[1]:
        raise ShapeError(
            f"{name}: X and Y must have shapes (n, d) and (m, d); got {X.shape} and {Y.shape}"
        )
    return X, Y


def _example(rng: np.random.Generator) -> tuple[Any, ...]:
    return rng.normal(size=(4, 3)), rng.normal(size=(5, 3))


def _like(number: float, x: Array) -> Any:
    return x.dtype.type(number)


def _positive(where: str, name: str, value: float) -> None:
    if not 0 < value < np.inf:
        raise ValueError(f"{where}: {name} must be positive and finite; got {value}")


@op(example=_example, differentiable=(0, 1))
def linear_kernel(X: Any, Y: Any) -> Array:
    """x . y of every row of X with every row of Y: shapes (n, d), (m, d) give (n, m).

    Raises:
        ShapeError: other shapes.

    Source: SU-2.58.
    """
    X, Y = _pair("linear_kernel", X, Y)
    return np.ascontiguousarray(X) @ np.ascontiguousarray(Y).T


@linear_kernel.backward
def _(X: Any, Y: Any, gradient: Any) -> tuple[Array, Array]:
    X, Y = _pair("linear_kernel", X, Y)
    return gradient @ Y, gradient.T @ X


@op(example=_example, differentiable=(0, 1))
def polynomial_kernel(
    X: Any, Y: Any, degree: int = 3, scale: float = 1.0, shift: float = 1.0
) -> Array:
    """(scale x . y + shift)^degree of every pair of rows: (n, d), (m, d) give (n, m).

    Raises:
        ShapeError: other shapes.
        ValueError: degree is not a whole number of at least 1, or scale is not positive.
    """
    X, Y = _pair("polynomial_kernel", X, Y)
    if degree != int(degree) or degree < 1:
        raise ValueError(f"polynomial_kernel: degree must be a whole number >= 1; got {degree}")
    _positive("polynomial_kernel", "scale", scale)
    return np.asarray((_like(scale, X) * linear_kernel(X, Y) + _like(shift, X)) ** int(degree))


@polynomial_kernel.backward
def _(
    X: Any, Y: Any, gradient: Any, degree: int = 3, scale: float = 1.0, shift: float = 1.0
) -> tuple[Array, Array]:
    X, Y = _pair("polynomial_kernel", X, Y)
    base = _like(scale, X) * linear_kernel(X, Y) + _like(shift, X)
    inner = gradient * base ** (int(degree) - 1) * _like(degree * scale, X)
    return inner @ Y, inner.T @ X


@op(example=_example, differentiable=(0, 1))
def gaussian_kernel(X: Any, Y: Any, sigma: float = 1.0) -> Array:
    """e^(-|x - y|^2 / (2 sigma^2)) of every pair of rows: (n, d), (m, d) give (n, m).

    Raises:
        ShapeError: other shapes.
        ValueError: sigma is not positive.

    Source: SU-2.59.
    """
    X, Y = _pair("gaussian_kernel", X, Y)
    _positive("gaussian_kernel", "sigma", sigma)
    # Distances do not change when both are moved, and near the origin they cancel less.
    origin = Y.mean(axis=0) if len(Y) else Y.sum(axis=0)
    X, Y = np.ascontiguousarray(X - origin), np.ascontiguousarray(Y - origin)
    with np.errstate(over="ignore", invalid="ignore"):
        squared = (X**2).sum(axis=1)[:, None] + (Y**2).sum(axis=1) - 2 * (X @ Y.T)
        for i, j in np.argwhere(~np.isfinite(squared)):
            squared[i, j] = ((X[i] - Y[j]) ** 2).sum()  # infinite only where the distance is huge
    return np.asarray(np.exp(np.maximum(squared, 0) * _like(-0.5 / sigma**2, X)))


@gaussian_kernel.backward
def _(X: Any, Y: Any, gradient: Any, sigma: float = 1.0) -> tuple[Array, Array]:
    X, Y = _pair("gaussian_kernel", X, Y)
    inner = gradient * gaussian_kernel(X, Y, sigma=sigma) * _like(1 / sigma**2, X)
    return (
        inner @ Y - X * inner.sum(axis=1)[:, None],
        inner.T @ X - Y * inner.sum(axis=0)[:, None],
    )


def gaussian_features(X: Any, sigma: float = 1.0, terms: int = 10) -> Array:
    r"""The first coordinates of the Gaussian kernel's feature map.

    For one column, coordinate n is e^(-x^2 / (2 sigma^2)) (x / sigma)^n / sqrt(n!), n < terms. For
    d columns, the products of powers of total degree below `terms`. Inner products of two rows
    fall short of the kernel by at most (|x| |y| / sigma^2)^terms / terms! in absolute value.

    Args:
        X: shape (n,) or (n, d).
        sigma: the kernel's width.
        terms: how many degrees, from 0 to terms - 1.

    Returns:
        Shape (n, terms) for one column, else (n, number of monomials).

    Raises:
        ShapeError: X is neither 1-D nor 2-D.
        ValueError: sigma is not positive, or terms is below 1.

    Source: SU-2.60.phi, SU-2.60.
    """
    X = as_float(X)
    if X.ndim not in (1, 2):
        raise ShapeError(f"gaussian_features: X must be 1-D or 2-D; got shape {X.shape}")
    _positive("gaussian_features", "sigma", sigma)
    if terms < 1:
        raise ValueError(f"gaussian_features: terms must be at least 1; got {terms}")
    X = X.reshape(len(X), -1) / _like(sigma, X)
    n, d = X.shape
    powers = np.ones((terms, n, d), X.dtype)
    for degree in range(1, terms):
        powers[degree] = powers[degree - 1] * X / _like(math.sqrt(degree), X)
    decay = np.exp(_like(-0.5, X) * (X**2).sum(axis=1))
    columns = [
        decay * np.prod([powers[e, :, c] for c, e in enumerate(exponents)], axis=0)
        for exponents in _exponents(d, terms)
    ]
    return np.stack(columns, axis=1).astype(X.dtype)


def _exponents(columns: int, terms: int) -> Iterator[tuple[int, ...]]:
    """The exponents of all monomials of degree below `terms`, by degree."""

    def of(degree: int, rest: int) -> Iterator[tuple[int, ...]]:
        if rest == 1:
            yield (degree,)
            return
        for first in range(degree, -1, -1):
            for others in of(degree - first, rest - 1):
                yield (first, *others)

    for degree in range(terms):
        yield from of(degree, columns)

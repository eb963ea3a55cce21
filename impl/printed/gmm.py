"""The EM algorithm for Gaussian mixtures with the M-step as the notes print it."""

from __future__ import annotations

from typing import Any

import numpy as np

from impl.checks import values
from impl.core import Array


def em_step(x: Any, phi: Any, mu: Any, sigma: Any) -> tuple[Array, Array, Array]:
    """One E-step and M-step on one column, sigma updated as printed.

    What is wrong: the printed sigma_j = sum w (x - mu_j)^T (x - mu_j) / sum w is a squared length,
    the variance, while everywhere else sigma is the standard deviation of p(x; mu, sigma).
    Fed back into the E-step the likelihood can fall. In d columns the printed inner product is one
    number, the trace of the covariance, where the outer product (x - mu_j)(x - mu_j)^T is meant.
    `impl.gmm.GaussianMixture` is right.

    Args:
        x: shape (n,).
        phi: weights, shape (k,).
        mu: means, shape (k,).
        sigma: standard deviations, shape (k,), positive.

    Returns:
        The new phi, mu and sigma, shape (k,) each.

    Raises:
        ShapeError: other shapes.
        ValueError: a value is not finite.

    Source: SU-2.71, SU-2.71c, SU-2.71-alg, SU-2.71-estep.
    """
    x, phi, mu, sigma = _columns(x, phi, mu, sigma)
    joint = _joint(x, phi, mu, sigma)
    w = joint / joint.sum(axis=1, keepdims=True)
    counts = w.sum(axis=0)
    new_mu = w.T @ x / counts
    new_sigma = (w * (x[:, None] - new_mu) ** 2).sum(axis=0) / counts
    return counts / len(x), new_mu, new_sigma


def log_likelihood(x: Any, phi: Any, mu: Any, sigma: Any) -> float:
    """sum_i ln sum_j phi_j p(x_i; mu_j, sigma_j), sigma the standard deviation. Source: SU-2.68."""
    return float(np.log(_joint(*_columns(x, phi, mu, sigma)).sum(axis=1)).sum())


def _columns(x: Any, phi: Any, mu: Any, sigma: Any) -> tuple[Array, Array, Array, Array]:
    x, mu = values("em_step", "x", x), values("em_step", "mu", mu)
    k = len(mu)
    return x, values("em_step", "phi", phi, k), mu, values("em_step", "sigma", sigma, k)


def _joint(x: Array, phi: Array, mu: Array, sigma: Array) -> Array:
    z = (x[:, None] - mu) / sigma
    return np.asarray(phi * np.exp(-0.5 * z**2) / (sigma * np.sqrt(2 * np.pi)))

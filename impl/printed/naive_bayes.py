"""The rule of naive Bayes as the notes print it, which many features bring to 0."""

from __future__ import annotations

from typing import Any

import numpy as np

from impl.core import Array, as_float


def joint_by_products(prior: Any, likelihoods: Any) -> Array:
    """P(c) times the product over the features of P(x_j | c), for one example.

    Unstable: the product of a few hundred probabilities is 0 in floating point, for every class,
    and the largest of them says nothing. `impl.naive_bayes` adds logarithms.

    Args:
        prior: shape (K,).
        likelihoods: P(x_j | c), shape (K, d).

    Returns:
        Shape (K,).

    Source: SU-2.20.
    """
    with np.errstate(under="ignore"):
        return np.asarray(as_float(prior) * np.prod(as_float(likelihoods), axis=1))

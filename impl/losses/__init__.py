"""Losses, one value an example or an entry: neither summed nor averaged.

Prediction and target have one shape; nothing is broadcast, for (n,) against (n, 1) would silently
become (n, n). At a kink the derivative is 0.
"""

from impl.losses.classification import binary_cross_entropy, hinge, smoothed_cross_entropy
from impl.losses.information import distribution_cross_entropy, entropy, kl_divergence
from impl.losses.regression import absolute_error, half_squared_error, huber, squared_error

__all__ = [
    "absolute_error",
    "binary_cross_entropy",
    "distribution_cross_entropy",
    "entropy",
    "half_squared_error",
    "hinge",
    "huber",
    "kl_divergence",
    "smoothed_cross_entropy",
    "squared_error",
]

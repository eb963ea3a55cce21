"""The log-loss as the notes print it: correct on paper but not in floating point, and incorrect."""

from __future__ import annotations

from typing import Any

import numpy as np

from impl.core import as_float


def cross_entropy_by_logarithms(scores: Any, y: Any) -> float:
    """-sum_i y_i log s_i + (1 - y_i) log(1 - s_i) with s = 1 / (1 + e^-score), computed like that.

    Unstable: from a score of about 37 on, 1 - s is 0 and its logarithm infinite, and infinity times
    0 is not a number. `impl.logistic` computes log(1 + e^-margin).

    Args:
        scores: shape (n,).
        y: zeros and ones, shape (n,).

    Source: XU-26, SU-2.15.
    """
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        s = 1 / (1 + np.exp(-as_float(scores)))
        y = as_float(y)
        return float(-(y * np.log(s) + (1 - y) * np.log(1 - s)).sum())


def log_likelihood_without_logarithms(scores: Any, y: Any) -> float:
    """sum_i y_i s_i + (1 - y_i)(1 - s_i), which the notes print for the log-likelihood.

    Wrong: the logarithms are missing, so it is not even negative; its maximum is another one.

    Args:
        scores: shape (n,).
        y: zeros and ones, shape (n,).

    Source: CO-out-mle.
    """
    s = 1 / (1 + np.exp(-as_float(scores)))
    y = as_float(y)
    return float((y * s + (1 - y) * (1 - s)).sum())

"""Update rules of penalties as printed."""

from __future__ import annotations

from typing import Any

import numpy as np

from impl.core import Array


def l1_update_with_decay(w: Any, gradient: Any, learning_rate: float, alpha: float) -> Array:
    """w - epsilon alpha w - epsilon grad J, printed for the 1-norm.

    Wrong: the pull is proportional to w, which is the rule of the squared 2-norm. The right one is
    `impl.regularization.sparsifying_step`.

    Source: CO-l1-update-1.
    """
    w = np.asarray(w)
    return np.asarray(w - learning_rate * alpha * w - learning_rate * np.asarray(gradient))


def l1_update_with_constant(w: Any, gradient: Any, learning_rate: float, alpha: float) -> Array:
    """w - epsilon alpha - epsilon grad J, printed for the 1-norm.

    Wrong for negative weights, which it pushes away from 0: the sign of w is missing.

    Source: CO-l1-update-2.
    """
    return np.asarray(np.asarray(w) - learning_rate * alpha - learning_rate * np.asarray(gradient))

"""Steps of the convolution layer's backward pass as printed."""

from __future__ import annotations

from typing import Any

from impl.core import as_float


def bias_gradient(bias: Any) -> Any:
    """The sum of b over i and j, printed as the gradient of the bias in the matrix form.

    Wrong: it does not depend on the error at all. Meant is the sum of delta, as the element form
    beside it has it and as `impl.layers.convolution.conv2d` computes.

    Source: SU-3.15c.
    """
    return as_float(bias).sum()

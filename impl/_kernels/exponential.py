"""The exponential as plain arithmetic, so that loops over it become vector instructions."""

from __future__ import annotations

from llvmlite import ir  # type: ignore[import-untyped]
from numba import njit, types
from numba.extending import intrinsic

LOG2_E = 1.4426950408889634
LN2_HIGH = 6.93147180369123816490e-01
LN2_LOW = 1.90821492927058770002e-10
# Adding this rounds to a whole number, which then stands in the low bits.
ROUND = 6755399441055744.0


@intrinsic
def _bits(typing_context, x):  # noqa: ARG001
    """The 64 bits of a float as an integer."""

    def generate(context, builder, signature, arguments):  # noqa: ARG001
        return builder.bitcast(arguments[0], ir.IntType(64))

    return types.int64(types.float64), generate


@intrinsic
def _float(typing_context, x):  # noqa: ARG001
    """The float that has these 64 bits."""

    def generate(context, builder, signature, arguments):  # noqa: ARG001
        return builder.bitcast(arguments[0], ir.DoubleType())

    return types.float64(types.int64), generate


@njit(cache=True, nogil=True, fastmath={"contract"})
def exponential(x):
    """e^x for x <= 709 to about one unit in the last place; 0 below -708."""
    bounded = x if x > -708.0 else -708.0
    shifted = bounded * LOG2_E + ROUND
    power = shifted - ROUND
    r = (bounded - power * LN2_HIGH) - power * LN2_LOW
    p = 1.0 / 479001600.0
    p = p * r + 1.0 / 39916800.0
    p = p * r + 1.0 / 3628800.0
    p = p * r + 1.0 / 362880.0
    p = p * r + 1.0 / 40320.0
    p = p * r + 1.0 / 5040.0
    p = p * r + 1.0 / 720.0
    p = p * r + 1.0 / 120.0
    p = p * r + 1.0 / 24.0
    p = p * r + 1.0 / 6.0
    p = p * r + 0.5
    p = p * r + 1.0
    p = p * r + 1.0
    scale = _float((_bits(shifted) + 1023) << 52)
    return p * scale if x > -708.0 else 0.0

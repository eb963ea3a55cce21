"""Special functions that densities and distribution functions need, elementwise, by NumPy alone.

All are computed in float64 and returned in the float type of their arguments; they are accurate to
about 1e-13, relatively unless a docstring says absolutely. Arguments broadcast.
"""

from impl.special.error import erf, erfc
from impl.special.gammas import deviance, digamma, gammaln, stirling_error, trigamma, xlogy
from impl.special.incomplete import betainc, gammainc, gammaincc

__all__ = [
    "betainc",
    "deviance",
    "digamma",
    "erf",
    "erfc",
    "gammainc",
    "gammaincc",
    "gammaln",
    "stirling_error",
    "trigamma",
    "xlogy",
]

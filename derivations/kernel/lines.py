"""Reading lines and polynomials in one variable, and the search as a rule sees it."""

from __future__ import annotations

from typing import Any, Protocol

import sympy as sp

MAX_DEGREE = 60


class Searcher(Protocol):
    """What a rule asks for the antiderivative of a simpler integrand."""

    def of(self, f: Any, x: Any) -> Any:
        """A candidate, or None."""


def line_of(e: Any, x: Any) -> tuple[Any, Any] | None:
    """Slope and intercept of a linear expression."""
    p = coefficients(e, x)
    return (p[1], p[0]) if p is not None and len(p) == 2 else None


def coefficients(e: Any, x: Any) -> list[Any] | None:
    """The coefficients of a polynomial in x, lowest first."""
    if not e.is_polynomial(x):
        return None
    spread = sp.expand(e)
    found: dict[int, Any] = {}
    for term in sp.Add.make_args(spread):
        c, power = term.as_independent(x, as_Add=False)
        degree = sp.S.Zero if power == 1 else power.as_base_exp()[1]
        if not degree.is_Integer:
            return None
        found[int(degree)] = found.get(int(degree), sp.S.Zero) + c
    if max(found) > MAX_DEGREE:
        return None
    return [found.get(i, sp.S.Zero) for i in range(max(found) + 1)]

"""Where a line has a value and the next one has none: a point that was lost, found exactly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import sympy as sp

from derivations.parse import Line

CANDIDATES = tuple(map(sp.Rational, ("0", "1", "-1", "2", "-2", "1/2", "-1/2")))
MOST_SYMBOLS = 3
MOST_POINTS = 200
_UNDONE = (sp.Integral, sp.Sum, sp.Product, sp.Limit)


def lost_point(before: Line, line: Line, given: Sequence[Any]) -> str:
    """A point at which a line is undefined as it is written, and the line before is defined.

    Args:
        before: the line before.
        line: the line.
        given: relations that hold throughout.

    Returns:
        The point in words, as in "x = 0"; empty when none was found.
    """
    new = [need for need in line.needs if need not in before.needs]
    if not new or before.expression.has(*_UNDONE):
        return ""
    symbols = sorted(
        {s for need in (*new, *before.needs) for s in need.free_symbols if s.is_Symbol}, key=str
    )
    if not symbols or len(symbols) > MOST_SYMBOLS:
        return ""
    # What is declared of random variables says nothing about points.
    needed = (*before.needs, *(relation for relation in given if isinstance(relation, sp.Rel)))
    for point in _points(symbols, new):
        if (
            all(_allowed(symbol, value) for symbol, value in point.items())
            and any(need.subs(point) == sp.false for need in new)
            and all(need.subs(point) == sp.true for need in needed)
            and _has_value(before.expression, point)
        ):
            return ", ".join(f"{symbol} = {value}" for symbol, value in point.items())
    return ""


def _points(symbols: Sequence[Any], needs: Sequence[Any]) -> Iterator[dict[Any, Any]]:
    """Roots of what must not vanish, then simple points."""
    for need in needs:
        for symbol in (s for s in symbols if s in need.free_symbols):
            others = {s: sp.Integer(k + 2) for k, s in enumerate(symbols) if s != symbol}
            rest = sp.expand((need.lhs - need.rhs).subs(others))
            if rest.is_polynomial(symbol) and rest.has(symbol) and sp.degree(rest, symbol) <= 4:
                for root in sp.roots(sp.Poly(rest, symbol)):
                    yield {s: others.get(s, root) for s in symbols}
    for k, values in enumerate(product(CANDIDATES, repeat=len(symbols))):
        if k >= MOST_POINTS:
            return
        yield dict(zip(symbols, values, strict=True))


def _allowed(symbol: Any, value: Any) -> bool:
    """Whether a symbol may take a value, by its assumptions."""
    facts = ("real", "positive", "negative", "nonnegative", "nonpositive", "nonzero", "integer")
    return all(
        getattr(value, f"is_{fact}") is True for fact in facts if getattr(symbol, f"is_{fact}")
    )


def _has_value(expression: Any, point: dict[Any, Any]) -> bool:
    sides = expression.args if isinstance(expression, sp.Rel) else (expression,)
    # A derivative is defined where its body is, for what can be typed with log, sqrt and /.
    values = [side.replace(sp.Derivative, lambda body, *_: body).subs(point) for side in sides]
    return not any(value.has(sp.nan, sp.zoo, sp.oo, -sp.oo) for value in values)

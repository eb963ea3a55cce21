"""What sums and products of symbolic length share: their limits, and the names of their indices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from derivations.kernel.field import Field, GiveUp
from derivations.kernel.fractions import Fraction

MAX_UNROLLED = 24
_SHIFTED_ALREADY = (sp.gamma, sp.loggamma, sp.polygamma)  # by their own normal form
_DEPTHS: list[Any] = []
_POSITIVE_DEPTHS: list[Any] = []


def opened(loop: Any) -> tuple[Any, Any, Any, Any]:
    """The body, index and ends of a sum's or a product's outermost loop."""
    body, *inner, last = loop.args
    for limit in inner:
        body = loop.func(body, limit)
    kind = loop.func.__name__.lower()
    if len(last) != 3:
        raise GiveUp(f"a {kind} without limits")
    index, low, high = last
    if high in (sp.oo, -sp.oo) or low in (sp.oo, -sp.oo):
        raise GiveUp(f"an infinite {kind}")
    return body, index, sp.expand(low), sp.expand(high)


def listed(field: Field, body: Any, index: Any, low: Any, high: Any) -> list[Fraction] | None:
    """Each term of a range that is short and known; else None, and that it is a range is noted."""
    length = high - low
    if length.is_Integer and length < MAX_UNROLLED:
        return [field.of(at(body, index, low + k)) for k in range(int(length) + 1)]
    if not (length + 1).is_nonnegative:
        field.conditions[f"{low} <= {high} + 1"] = None
    return None


def general_term(field: Field, body: Any, index: Any, low: Any, high: Any) -> tuple[Any, Fraction]:
    """The bound index at this depth, and the term at it."""
    bound = bound_symbol(field, low)
    with field.inside(bound, low, high):
        return bound, field.reduce(field.of(at(body, index, bound)))


def edge_terms(field: Field, body: Any, bound: Any, h: Any) -> tuple[Any, list[Fraction], bool]:
    """A range 1 .. h as 1 .. rest and the terms beyond it: rest, the terms, whether they add.

    Raises:
        GiveUp: too many terms lie beyond.
    """
    c, rest = sp.expand(h).as_coeff_Add()
    if not c.is_Integer:
        c, rest = sp.S.Zero, sp.expand(h)
    if abs(c) > MAX_UNROLLED:
        raise GiveUp("the limits of a sum or a product are shifted too far")
    steps = range(1, int(c) + 1) if c > 0 else range(int(c) + 1, 1)
    return rest, [field.of(at(body, bound, rest + k)) for k in steps], bool(c > 0)


def bound_symbol(field: Field, low: Any) -> Any:
    """The index at this depth; it knows that it is positive when its range is."""
    names = _POSITIVE_DEPTHS if low.is_positive else _DEPTHS
    return named(names, len(field.scope), "b", positive=True if low.is_positive else None)


def named(names: list[Any], place: int, letter: str, positive: bool | None = None) -> Any:
    """The name kept for a place, the same in every expression."""
    while len(names) <= place:
        names.append(sp.Dummy(f"{letter}{len(names)}", integer=True, positive=positive))
    return names[place]


def at(body: Any, index: Any, value: Any) -> Any:
    """The body with the index replaced; inner indices of the same name get out of the way."""
    taken = sp.S(value).free_symbols
    while loops := [
        loop
        for loop in body.atoms(sp.Sum, sp.Product, sp.Integral)
        if taken & set(loop.bound_symbols)
    ]:
        clash = taken & set(loops[0].bound_symbols)
        fresh = {s: sp.Dummy(s.name, **s.assumptions0) for s in clash}
        body = body.xreplace({loops[0]: loops[0].xreplace(fresh)})
    return body.xreplace({index: value})


def in_range(field: Field, value: Any, low: Any, high: Any) -> bool:
    """Whether low <= value <= high is certain, from the ranges that are known."""
    ranges = {**field.known_ranges, **{b: (first, last) for b, first, last in field.scope}}
    return all(_is_least_nonnegative(e, ranges) for e in (value - low, high - value))


def _is_least_nonnegative(e: Any, ranges: Mapping[Any, tuple[Any, Any]]) -> bool:
    """Whether an expression is not negative, each index taken at the worse end of its range."""
    e = sp.expand(e)
    for symbol, (first, last) in ranges.items():
        slope = e.coeff(symbol)
        if slope in (1, -1):
            e = sp.expand(e.subs(symbol, first if slope == 1 else last))
    return bool(e.is_nonnegative)


def offsets(body: Any, bound: Any) -> tuple[list[Any], set[int]]:
    """Where the index is shifted: j in x[i + j], log(i + j) and 1 / (i + j); and its sign there."""
    places = [index for entry in body.atoms(sp.Indexed) for index in entry.indices]
    calls = (c for c in body.atoms(sp.Function) if not isinstance(c, _SHIFTED_ALREADY))
    places += [a for call in calls for a in call.args]
    places += [p.base for p in body.atoms(sp.Pow) if p.base.is_Add or not p.exp.is_Integer]
    found, slopes = [], set()
    inner = {s for loop in body.atoms(sp.Sum, sp.Product) for s in loop.bound_symbols}
    if any(place.has(bound) and place.free_symbols & inner for place in places):
        return [], set()  # a shift by an inner index would carry it out of its sum
    for place in places:
        expanded = sp.expand(place)
        slope = expanded.coeff(bound)
        rest = expanded - slope * bound
        if slope in (1, -1) and not rest.has(bound):
            found.append(rest)
            slopes.add(int(slope))
    return found, slopes


def common_offset(found: list[Any]) -> Any:
    """The offset to pull to 0: the least, when all differ by integers."""
    base = found[0]
    gaps = [sp.expand(o - base) for o in found]
    return base + min(gaps) if all(g.is_Integer for g in gaps) else sp.S.Zero

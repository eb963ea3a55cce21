"""Rung: two functions with equal derivatives and one equal value are equal.

Sound on an interval on which both are defined and differentiable; that is checked for every
logarithm, root, quotient and inverse function in them before anything is concluded.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

import sympy as sp

from derivations.kernel.balls import switches
from derivations.kernel.field import Field, GiveUp
from derivations.kernel.monotone import Region, needs

_POINTS = (sp.S.Zero, sp.S.One, sp.S.Half, sp.S.NegativeOne, -sp.S.Half, sp.Integer(2))
MAX_VARIABLES = 3


def proves(lhs: Any, rhs: Any, given: Sequence[Any], deadline: float, depth: int = 0) -> str:
    """How equality is proved in one variable after the other, or nothing."""
    f = lhs - rhs
    if f.has(sp.Integral, sp.Sum, sp.Product, sp.Indexed, sp.Derivative) or switches(f):
        return ""
    region = Region(given, deadline)
    variables = [s for s in sorted(f.free_symbols, key=str) if s.is_real and not s.is_integer]
    for v in variables[:MAX_VARIABLES]:
        parted = any(isinstance(g, sp.Unequality) and g.has(v) for g in region.given)
        if time.thread_time() > deadline or parted or not region.is_interval(v):
            continue
        slope = sp.diff(f, v)
        if not (_vanishes(slope, region) and region.is_smooth(f)):
            continue
        for c in _places(v, variables):
            if _has_value(f, v, c, region, depth):
                return f"equal derivatives in {v}, and equal values at {v} = {c}"
    return ""


def _vanishes(slope: Any, region: Region) -> bool:
    try:
        if Field(region.deadline, region.given).fraction(slope).is_zero():
            return True
    except GiveUp:
        return False
    return region.entails(slope, "=")


def _places(v: Any, variables: Sequence[Any]) -> Iterator[Any]:
    yield from _POINTS
    yield from (s for s in variables if s != v)


def _has_value(f: Any, v: Any, c: Any, region: Region, depth: int) -> bool:
    """Whether the point lies in the region, or at an edge that f is smooth at, and f is 0 there."""
    edge = region.at(v, c)
    value = f.subs(v, c)
    if not edge.is_consistent(v, c) or value.has(sp.nan, sp.zoo, sp.oo):
        return False
    if not all(edge.entails(need.subs(v, c), relation) for need, relation in needs(f)):
        return False
    if value == 0:
        return True
    try:
        if Field(region.deadline, edge.given).fraction(value).is_zero():
            return True
    except GiveUp:
        return False
    return depth < MAX_VARIABLES and bool(
        value.free_symbols and proves(value, sp.S.Zero, edge.given, region.deadline, depth + 1)
    )

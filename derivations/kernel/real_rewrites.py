"""Rewrites that bring a question about real numbers within reach: logarithms gone, one angle."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp

MAX_MULTIPLE = 6


def exponentiated(lhs: Any, rhs: Any) -> Iterator[tuple[Any, Any]]:
    """L >= R as exp(L - R) >= 1, with the logarithms gone, if there are some to lose."""
    product, rest, lost = sp.S.One, sp.S.Zero, False
    for term in sp.Add.make_args(sp.expand(lhs - rhs)):
        c, factor = term.as_coeff_Mul()
        if isinstance(factor, sp.log) and c.is_Rational:
            product, lost = product * factor.args[0] ** c, True
        else:
            rest += term
    if lost:
        yield product * sp.exp(rest), sp.S.One


def exponentiated_relation(relation: Any) -> Iterator[Any]:
    """A relation of an order without its logarithms, if it has some to lose."""
    if relation.rel_op in (">", ">=", "<", "<="):
        for left, right in exponentiated(relation.lhs, relation.rhs):
            exponential = relation.func(left, right)
            if isinstance(exponential, sp.core.relational.Relational):
                yield exponential


def common_angles(*sides: Any) -> tuple[Any, ...]:
    """Sine and cosine of multiples of one angle by those of the angle itself."""
    calls = {c for side in sides for c in side.atoms(sp.sin, sp.cos)}
    angles: dict[Any, set[Any]] = {}
    for call in calls:
        c, direction = call.args[0].as_coeff_Mul()
        if c.is_Rational and direction.free_symbols:
            angles.setdefault(direction, set()).add(c)
    swaps = {}
    for direction, multiples in angles.items():
        if len(multiples) > 1:
            unit = sp.gcd_list(list(multiples))
            for c in multiples:
                k, angle = c / unit, sp.Dummy("a")
                if 1 < abs(k) <= MAX_MULTIPLE:
                    for f in (sp.sin, sp.cos):
                        expanded = sp.expand_trig(f(k * angle))
                        swaps[f(c * direction)] = expanded.subs(angle, unit * direction)
    return tuple(side.xreplace(swaps) for side in sides) if swaps else sides

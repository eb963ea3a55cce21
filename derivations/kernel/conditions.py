"""The conditions under which both sides are defined, beyond the symbols' own assumptions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sympy as sp

from derivations.kernel.field import Field, GiveUp
from derivations.kernel.order import sign
from derivations.typed import typed


def conditions_of(*sides: Any, given: Sequence[Any] = (), deadline: float) -> tuple[str, ...]:
    """Denominators and arguments of logarithms that the assumptions leave free to vanish."""
    found: dict[str, None] = {}
    bound = {s for side in sides for s in _bound(side)}
    for base in dict.fromkeys(b for side in sides for b in _must_not_vanish(side)):
        if base.is_nonzero or base.free_symbols & bound or base.has(sp.oo):
            continue
        field = Field(deadline, given)
        try:
            possible = sign(field, field.fraction(base))
        except GiveUp:
            possible = frozenset({0})
        if 0 in possible:
            found[f"{typed(base)} != 0"] = None
    return tuple(found)


def _bound(expression: Any) -> set[Any]:
    loops = expression.atoms(sp.Sum, sp.Product, sp.Integral)
    return {s for loop in loops for s in loop.bound_symbols}


def _must_not_vanish(expression: Any) -> Iterator[Any]:
    for node in sp.preorder_traversal(expression):
        if node.is_Pow and node.exp.could_extract_minus_sign() and not node.base.is_number:
            yield node.base
        elif isinstance(node, sp.log) and not node.args[0].is_number:
            yield node.args[0]

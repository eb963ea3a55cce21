"""What is declared of a matrix symbol, in the symbol or in the assumptions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp

from derivations.matrices import DeclaredMatrix

_IMPLIED = {
    "positive_definite": {"symmetric", "invertible"},
    "orthogonal": {"invertible", "orthonormal"},
    "diagonal": {"symmetric"},
}
_DECLARATIONS = {
    sp.Q.symmetric: "symmetric",
    sp.Q.positive_definite: "positive_definite",
    sp.Q.orthogonal: "orthogonal",
    sp.Q.invertible: "invertible",
    sp.Q.diagonal: "diagonal",
}


def declared(given: Sequence[Any]) -> dict[Any, frozenset[str]]:
    """The properties that `given` declares: Q.symmetric(A) and the like."""
    found: dict[Any, frozenset[str]] = {}
    for fact in given:
        name = _DECLARATIONS.get(getattr(fact, "function", None))
        if name is not None:
            found[fact.arg] = found.get(fact.arg, frozenset()) | {name}
    return found


def unread(given: Sequence[Any]) -> list[Any]:
    """The assumptions that are neither declarations nor relations: no point can keep them."""
    relational = sp.core.relational.Relational
    return [
        fact
        for fact in given
        if getattr(fact, "function", None) not in _DECLARATIONS
        and not isinstance(fact, relational)
        and fact not in (True, sp.true)
    ]


def properties_of(symbol: Any, given: Mapping[Any, frozenset[str]]) -> frozenset[str]:
    """What is known of a matrix symbol, with what it implies."""
    known = set(given.get(symbol, ()))
    if isinstance(symbol, DeclaredMatrix):
        known |= symbol.properties
    for name in tuple(known):
        known |= _IMPLIED.get(name, set())
    return frozenset(known)

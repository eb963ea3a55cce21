"""Expectations that stay, and free random variables, as plain symbols for the other rungs.

An expectation depends on the constants in it, so it becomes a function of them: a derivative, a
sum or an integral over one of them must see it.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from derivations.kernel.expectation.nodes import (
    OPERATORS,
    SLOTS,
    Declaration,
    E,
    RandomSymbol,
    Var,
    is_random_atom,
)
from derivations.kernel.expectation.terms import operators_in


class Atoms:
    """The plain symbols and functions of one question.

    Attributes:
        operators: the expectations that have become opaque, in the order of their names.
    """

    def __init__(self) -> None:
        self.operators: dict[Any, str] = {}
        self.places: list[Any] = []
        self.labels: dict[Any, Any] = {}

    def plain(self, expression: Any) -> Any:
        """The expression without operators and random variables."""
        values = {o: self._atom(o) for o in operators_in(expression)}
        bare = _forwards(expression.xreplace(values))
        return bare.xreplace({s: self._label(s) for s in bare.atoms(RandomSymbol)})

    def _label(self, symbol: Any) -> Any:
        if symbol not in self.labels:
            kind = {"positive": True} if symbol.is_positive else {"real": True}
            # Numbered, so that it is no other symbol of that name.
            self.labels[symbol] = sp.Symbol(f"{symbol.name}~{len(self.labels)}", **kind)
        return self.labels[symbol]

    def _atom(self, operator: Any) -> Any:
        parameters = _parameters(operator)
        while len(self.places) < len(parameters):
            self.places.append(sp.Dummy(f"p{len(self.places)}"))
        template = operator.xreplace(dict(zip(parameters, self.places, strict=False)))
        name = self.operators.setdefault(template, f"e{len(self.operators)}")
        kind = {"nonnegative": True} if _is_nonnegative(operator) else {"real": True}
        if not parameters:
            return sp.Symbol(f"_{name}", **kind)
        function = sp.Function(f"_{name}", **kind)
        function.__module__ = __name__  # SymPy leaves None; nodes are told apart by their module
        return function(*parameters)


def _forwards(expression: Any) -> Any:
    """Sums in which the index only counts down in exponents, beta^(n - i), turned round."""
    turned = {}
    for node in expression.atoms(sp.Sum):
        body, *limits = node.args
        if len(limits) != 1 or len(limits[0]) != 3:
            continue
        index, low, high = limits[0]
        powers = [p for p in body.atoms(sp.Pow) if p.exp.has(index)]
        bare = body.xreplace({p: sp.Dummy() for p in powers})
        down = all(sp.expand(p.exp).coeff(index) == -1 for p in powers)
        if powers and down and not bare.has(index):
            turned[node] = sp.Sum(body.xreplace({index: low + high - index}), limits[0])
    return expression.xreplace(turned)


def _parameters(operator: Any) -> list[Any]:
    """What the value depends on: constants, entries of constants, and variables held fixed."""
    loops = operator.atoms(sp.Sum, sp.Product, sp.Integral)
    bound = {s for loop in loops for s in loop.bound_symbols}
    held = {
        v
        for node in sp.preorder_traversal(operator)
        if isinstance(node, OPERATORS)
        for v in node.given
    }
    entries = {
        node
        for node in operator.atoms(sp.Indexed)
        if not is_random_atom(node) and not node.free_symbols & bound
    }
    labels = {base.label for base in operator.atoms(sp.IndexedBase)}
    symbols = {s for s in operator.atoms(sp.Symbol) if not isinstance(s, RandomSymbol)}
    for symbol in operator.atoms(RandomSymbol):
        symbols |= _declared(symbol.declaration)
    inside = {s for entry in entries for s in entry.free_symbols}
    outside = operator.xreplace({e: sp.Dummy() for e in entries}).atoms(sp.Symbol)
    symbols -= {s for s in inside if s not in outside} | labels | bound | set(SLOTS)
    return [
        *sorted(held, key=str),
        *sorted(entries, key=str),
        *sorted(symbols, key=lambda s: (s.name, str(s.assumptions0))),
    ]


def _declared(declaration: Declaration) -> set[Any]:
    """The symbols of a declaration: the distribution's parameters, declared moments."""
    parts = [declaration.mean, declaration.variance, *(m for _, m in declaration.moments)]
    parts += declaration.law.parameters if declaration.law is not None else ()
    return {s for p in parts if p is not None for s in p.free_symbols if s.is_Symbol}


def _is_nonnegative(operator: Any) -> bool:
    inside = operator.args[0]
    return isinstance(operator, Var) or (isinstance(operator, E) and bool(inside.is_nonnegative))

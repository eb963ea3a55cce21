"""Formulas within what leaves any formula as it is: abs(f) of an f > 0, sum(f, i, 1, 1)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp

from derivations import decide
from derivations.kernel.clock import OutOfTimeError, limited

SECONDS = 1.0
_BINDERS = (sp.Derivative, sp.Integral, sp.Sum, sp.Product, sp.Limit)


def wraps(line: Any, inner: Any, given: Any) -> bool:
    """Whether a line that equals a formula holds it, and would equal any other in its place.

    Such a line can be written by who knows the formula and nothing else. One that holds an
    operator of what was given, as `[-1/r*exp(-r*x)]` does after an integral, has work in it.

    Args:
        line: the line.
        inner: the formula.
        given: where the derivation starts.
    """
    if not (isinstance(line, sp.Expr) and isinstance(inner, sp.Expr)):
        return False
    line, inner = _where_they_differ(line, inner)
    if not (inner.args and inner.has(sp.Symbol)) or line == inner:
        return False
    try:
        with limited(SECONDS):
            return any(_is_any(*swapped, given) for swapped in _swapped(line, inner))
    except OutOfTimeError:
        return False


def _where_they_differ(a: Any, b: Any) -> tuple[Any, Any]:
    """Two formulas without the terms or factors that they share, if one of each is left."""
    while a.func == b.func and (a.is_Add or a.is_Mul):
        mine, others = set(a.args) - set(b.args), set(b.args) - set(a.args)
        if not len(mine) == len(others) == 1:
            break
        a, b = mine.pop(), others.pop()
    return a, b


def _is_any(line: Any, opaque: Any, given: Any) -> bool:
    known = _pieces(given)
    if any(_pieces(node) & known for node in line.atoms(*_BINDERS)):
        return False
    return bool(
        sp.expand(line.doit()) == opaque or decide(line, opaque, budget=SECONDS / 10).proved
    )


def _swapped(line: Any, inner: Any) -> Iterator[tuple[Any, Any]]:
    """The line with a number for the formula, or with a function where it has a bound variable."""
    bound = {v for node in line.atoms(*_BINDERS) for v in _variables(node)}
    symbols = sorted((s for s in inner.free_symbols if isinstance(s, sp.Symbol)), key=str)
    renamings = [{}, *({s: v} for s in symbols for v in bound - {s})]
    depends = bool(bound & set(symbols)) or len(renamings) > 1
    # The line is known to equal the formula, so one sign is as good as another.
    for sign in ("positive", "negative"):
        opaque = sp.Dummy(**{sign: True})
        if depends:
            opaque = sp.Function("F", **{sign: True})(*symbols)
        for body in dict.fromkeys((inner, sp.expand_mul(inner))):
            for renaming in renamings if body != line else ():
                found = _put(line, body.xreplace(renaming), opaque.xreplace(renaming))
                if found != line:
                    yield found, opaque


def _variables(node: Any) -> tuple[Any, ...]:
    return (node.args[1],) if isinstance(node, sp.Limit) else tuple(node.variables)


def _put(e: Any, inner: Any, opaque: Any) -> Any:
    """A formula with another one in place of a third; numbers before it stay."""
    number, body = inner.as_coeff_Mul()
    if e == inner:
        return opaque
    if e == body and body.args:  # of 5*r, not every r is meant
        return opaque / number
    if not e.args:
        return e
    if e.is_Mul and body.is_Mul and set(body.args) <= set(e.args):
        others = [_put(part, inner, opaque) for part in e.args if part not in body.args]
        return sp.Mul(opaque / number, *others)
    if e.is_Add and inner.is_Add:
        for sign in (1, -1):
            terms = {sign * term for term in inner.args}
            if terms <= set(e.args):
                others = [_put(part, inner, opaque) for part in e.args if part not in terms]
                return sp.Add(sign * opaque, *others)
    return e.func(*(_put(part, inner, opaque) for part in e.args))


def _pieces(e: Any) -> set[Any]:
    kinds = (sp.Function, sp.Pow, sp.Indexed)
    return {node for node in sp.preorder_traversal(e) if isinstance(node, kinds)}

"""Sums that stay sums: generators S(h) = body(1) + ... + body(h) with canonical names.

Bound indices are named by the height of the nesting, so that renaming never matters; a double sum
is written in one of its two orders, a triangle by the square and its diagonal.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from derivations.kernel.field import Field
from derivations.kernel.fractions import CONTEXT, ONE, ZERO, Fraction
from derivations.kernel.loops import edge_terms, named

_HEIGHTS: list[Any] = []


def partial_sum(field: Field, body: Any, bound: Any, h: Any) -> Fraction:
    """S(h) = body(1) + ... + body(h), whole shifts of h written out."""
    rest, terms, added = edge_terms(field, body, bound, h)
    edge = Fraction(ZERO)
    for term in terms:
        edge = edge + (term if added else -term)
    return edge if rest == 0 else edge + _generator(field, body, bound, rest)


def _generator(field: Field, body: Any, bound: Any, h: Any) -> Fraction:
    inner = [s for s in body.atoms(sp.Sum) if s.has(bound)]
    if len(inner) == 1 and (triangle := _triangle(field, body, inner[0], bound, h)) is not None:
        return triangle
    index = named(_HEIGHTS, max((_height(s) for s in inner), default=0), "s")
    node = sp.Sum(body.xreplace({bound: index}), (index, 1, h))
    if len(inner) == 1 and (both := _both_orders(body, inner[0], bound, h)):
        node = min(both, key=str)
    return _named_generator(field, node, body, bound, h)


def _named_generator(field: Field, node: Any, body: Any, bound: Any, h: Any) -> Fraction:
    with field.inside(bound, sp.S.One, h):
        f = field.reduce(field.of(body))
    positive = field.is_positive(f.num) and field.is_positive(f.den)
    real = all(field.generators[i].real for i in field.used(f.num, f.den))
    positive = positive and bool((h - 1).is_nonnegative)
    return field.generator(("sum", node), node, positive=positive, real=real)


def _height(node: Any) -> int:
    return 1 + max((_height(s) for s in node.args[0].atoms(sp.Sum)), default=0)


def _triangle(field: Field, body: Any, inner: Any, bound: Any, h: Any) -> Fraction | None:
    """A sum over j <= i: the diagonal, and half of the square as far as it is symmetric.

    The strict triangles of T(i, j) and T(j, i) make up the square without its diagonal, so one of
    the two is written by the other.
    """
    (index, low, high) = inner.args[1]
    rest = body.coeff(inner)
    if len(inner.args) != 2 or low != 1 or high != bound or rest == 0:
        return None
    if sp.expand(body - rest * inner) != 0 or inner.args[0].has(sp.Sum):
        return None
    term = rest * inner.args[0]
    turned = term.xreplace({bound: index, index: bound})
    diagonal = field.of(sp.Sum(term.xreplace({index: bound}), (bound, 1, h)))
    square = field.of(sp.Sum(sp.Sum(term, (index, 1, h)), (bound, 1, h)))
    if sp.expand(term - turned) == 0:
        return (square + diagonal) * Fraction(ONE, CONTEXT.constant(2))
    if str(turned) < str(term):
        return square - _strict(field, turned, index, bound, h)
    return diagonal + _strict(field, term, index, bound, h)


def _strict(field: Field, term: Any, index: Any, bound: Any, h: Any) -> Fraction:
    """The generator of the sum of T(i, j) over j < i <= h."""
    first, second = named(_HEIGHTS, 0, "s"), named(_HEIGHTS, 1, "s")
    row = sp.Sum(term.xreplace({bound: second, index: first}), (first, 1, second - 1))
    f = field.reduce(field.of(term))
    real = all(field.generators[i].real for i in field.used(f.num, f.den))
    node = sp.Sum(row, (second, 1, h))
    return field.generator(("sum", node), node, real=real)


def _both_orders(body: Any, inner: Any, bound: Any, h: Any) -> tuple[Any, ...]:
    """A double sum with its binders in either order; nothing where the inner range is not free."""
    (index, low, high) = inner.args[1]
    rest = body.coeff(inner)
    if len(inner.args) != 2 or low != 1 or high.has(bound) or rest == 0:
        return ()
    if sp.expand(body - rest * inner) != 0:
        return ()
    term = rest * inner.args[0]
    height = max((_height(s) for s in term.atoms(sp.Sum)), default=0)
    first, second = named(_HEIGHTS, height, "s"), named(_HEIGHTS, height + 1, "s")
    as_is = sp.Sum(
        sp.Sum(term.xreplace({bound: second, index: first}), (first, 1, high)), (second, 1, h)
    )
    swapped = sp.Sum(
        sp.Sum(term.xreplace({bound: first, index: second}), (first, 1, h)), (second, 1, high)
    )
    return as_is, swapped

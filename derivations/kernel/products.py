"""Products of symbolic length in normal form.

A product is multiplicative: constant factors become powers, exponentials the exponential of a sum,
linear factors of the index quotients of gamma functions. Whatever is left becomes a generator
P(h) = body(1) ... body(h), so that ranges concatenate, split and shift by themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import sympy as sp

from derivations.kernel.field import Field
from derivations.kernel.fractions import CONTEXT, ONE, Fraction
from derivations.kernel.loops import (
    at,
    common_offset,
    edge_terms,
    general_term,
    listed,
    offsets,
    opened,
)


def product(field: Field, e: Any) -> Fraction:
    """A `Product` node; of several limits SymPy lists the innermost first."""
    return _product(field, *opened(e))


def _product(field: Field, body: Any, index: Any, low: Any, high: Any) -> Fraction:
    terms = listed(field, body, index, low, high)
    if terms is not None:
        return prod(terms, start=Fraction(ONE))
    bound, f = general_term(field, body, index, low, high)
    length = high - low
    result = Fraction(ONE)
    for polynomial, direction in ((f.num, 1), (f.den, -1)):
        constant, factors = polynomial.factor()
        known = [(-p if field.is_positive(-p) else p, int(e)) for p, e in factors]
        turned = sum(e for (p, e), (q, _) in zip(known, factors, strict=True) if p != q)
        whole = sp.Integer(int(constant) * (-1) ** turned) ** (direction * (length + 1))
        result = result * field.of(whole)
        for part, exponent in known:
            one = _factor(field, part, bound, low, high)
            result = result * one ** (direction * exponent)
    return result


def _factor(field: Field, part: Any, bound: Any, low: Any, high: Any) -> Fraction:
    """The product of one irreducible factor over the range."""
    dependent = [i for i in field.used(part) if field.generators[i].expression.has(bound)]
    expression = field.expression(part)
    if not dependent:
        return field.of(expression ** sp.expand(high - low + 1))
    (place, *more) = dependent
    g = field.generators[place]
    single = not more and part == CONTEXT.gen(place)
    if single and g.kind == "exp":
        exponent = g.key[1] / field.roots.get(g.key[1], 1)
        return field.of(sp.exp(sp.Sum(exponent, (bound, low, high))))
    if single and g.kind == "power" and not g.expression.base.has(bound):
        total = sp.Sum(g.expression.exp, (bound, low, high))
        return field.of(g.expression.base ** field.canonical(total))
    if not more and g.expression == bound and part.degrees()[place] == 1:
        slope = expression.coeff(bound)
        start = sp.expand((expression - slope * bound) / slope) + low
        if start.is_positive:
            rising = sp.gamma(sp.expand(start + high - low + 1)) / sp.gamma(start)
            return field.of(slope ** sp.expand(high - low + 1) * rising)
    return _family(field, expression, bound, low, high)


def _family(field: Field, body: Any, bound: Any, low: Any, high: Any) -> Fraction:
    """A product that stays one: shifted to offset 0, turned forwards, as P(high) / P(low - 1)."""
    found, slopes = offsets(body, bound)
    if slopes == {-1}:
        turned = body.subs(bound, low + high - bound)
        return _product(field, turned, bound, low, high)
    shift = common_offset(found) if slopes == {1} else sp.S.Zero
    if shift != 0:
        moved = at(body, bound, bound - shift)
        return _product(field, moved, bound, sp.expand(low + shift), sp.expand(high + shift))
    start = _partial(field, body, bound, sp.expand(low - 1))
    return _partial(field, body, bound, high) * start.inverse()


def _partial(field: Field, body: Any, bound: Any, h: Any) -> Fraction:
    """P(h) = body(1) ... body(h), whole shifts of h written out."""
    rest, terms, multiplied = edge_terms(field, body, bound, h)
    edge = Fraction(ONE)
    for term in terms:
        edge = edge * (term if multiplied else term.inverse())
    if rest == 0:
        return edge
    named = sp.Dummy("p", integer=True)
    key = ("product", body.xreplace({bound: _NAME}), rest)
    node = sp.Product(body.xreplace({bound: named}), (named, 1, rest))
    with field.inside(bound, sp.S.One, rest):
        f = field.reduce(field.of(body))
    positive = field.is_positive(f.num) and field.is_positive(f.den)
    return edge * field.generator(key, node, positive=positive)


_NAME = sp.Dummy("p", integer=True)
RULES: dict[Any, Callable[[Field, Any], Fraction]] = {sp.Product: product}

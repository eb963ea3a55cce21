"""Inequalities: the sign of a fraction, from the signs of its irreducible factors.

A factor's sign is certain when all its terms are positive, or when it is a polynomial in one
generator that has no root in the generator's range (Sturm).
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from derivations.kernel.field import Field
from derivations.kernel.fractions import CONTEXT, Fraction

# A sign is a set of what the value may be: negative (-1), zero (0), positive (1).
POSITIVE, NEGATIVE, ZERO = frozenset({1}), frozenset({-1}), frozenset({0})
ANY = frozenset({-1, 0, 1})

ALLOWED = {
    "=": ZERO,
    "<": NEGATIVE,
    ">": POSITIVE,
    "<=": NEGATIVE | ZERO,
    ">=": POSITIVE | ZERO,
    "!=": NEGATIVE | POSITIVE,
}


def sign(field: Field, f: Fraction) -> frozenset[int]:
    """What the sign of a real fraction may be, where it is defined."""
    return _times(_polynomial_sign(field, f.num), _polynomial_sign(field, f.den) - ZERO)


def _times(a: frozenset[int], b: frozenset[int]) -> frozenset[int]:
    return frozenset(x * y for x in a for y in b)


def _polynomial_sign(field: Field, p: Any) -> frozenset[int]:
    if p.is_zero():
        return ZERO
    if field.is_positive(p):
        return POSITIVE
    constant, factors = p.factor()
    result = POSITIVE if int(constant) > 0 else NEGATIVE
    for factor, power in factors:
        one = _factor_sign(field, factor)
        result = _times(
            result, frozenset(s**power for s in one) if _is_real(field, factor) else ANY
        )
    return result


def _factor_sign(field: Field, p: Any) -> frozenset[int]:
    if field.is_positive(p):
        return POSITIVE
    if field.is_positive(-p):
        return NEGATIVE
    used = [i for i, degree in enumerate(p.degrees()) if degree]
    if len(used) != 1:
        return ANY
    (place,) = used
    key = field.keys[place]
    if p == CONTEXT.gen(place) and not isinstance(key, tuple):
        if key.is_nonnegative:
            return POSITIVE | ZERO
        if key.is_nonpositive:
            return NEGATIVE if key.is_negative else NEGATIVE | ZERO
    u = sp.Dummy("u")
    poly = sp.Poly({(int(m[place]),): int(c) for m, c in p.terms()}, u)
    if field.positive[place]:
        if poly.count_roots(0, None) - (1 if poly.eval(0) == 0 else 0) > 0:
            return ANY
        return POSITIVE if poly.eval(1) > 0 else NEGATIVE
    if field.real[place] and poly.count_roots() == 0:
        return POSITIVE if poly.eval(0) > 0 else NEGATIVE
    return ANY


def _is_real(field: Field, p: Any) -> bool:
    return all(field.real[i] for i, degree in enumerate(p.degrees()) if degree)

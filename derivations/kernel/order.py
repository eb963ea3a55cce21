"""Inequalities: the sign of a fraction, from the signs of its irreducible factors.

A factor's sign is certain when all its terms are positive, or when it is a polynomial in one
generator that has no root in the generator's range (Sturm).
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from derivations.kernel.field import Field, Generator
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
    used = field.used(p)
    if len(used) != 1:
        return ANY
    (place,) = used
    generator = field.generators[place]
    if p == CONTEXT.gen(place) and not generator.kind:
        if generator.key.is_nonnegative:
            return POSITIVE | ZERO
        if generator.key.is_nonpositive:
            return NEGATIVE if generator.key.is_negative else NEGATIVE | ZERO
    u = sp.Dummy("u")
    poly = sp.Poly({(int(m[place]),): int(c) for m, c in p.terms()}, u)
    if not generator.real:
        return ANY
    low, high = _range(generator)
    edges = sum(poly.eval(edge) == 0 for edge in (low, high) if edge is not None)
    if poly.count_roots(low, high) > edges:
        return ANY
    inside = sp.Rational(1, 2) if high == 1 else (low or 0) + 1
    return POSITIVE if poly.eval(inside) > 0 else NEGATIVE


def _range(generator: Generator) -> tuple[int | None, int | None]:
    """An open interval that holds every value of a real generator."""
    if not generator.positive:
        return None, None
    exponent = generator.key[1] if generator.kind == "exp" else None
    if exponent is not None and exponent.is_positive:
        return 1, None
    return (0, 1) if exponent is not None and exponent.is_negative else (0, None)


def _is_real(field: Field, p: Any) -> bool:
    return all(field.generators[i].real for i in field.used(p))

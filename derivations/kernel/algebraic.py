"""Algebraic constants: a number made of roots and roots of unity is 0 or not too small.

The product of all conjugates of an algebraic integer is an integer. If each of its D conjugates is
at most B in size and the number is not 0, it is at least B**(1 - D); a ball below that is a proof.
"""

from __future__ import annotations

from math import log2
from typing import Any

from flint import arb, ctx

from derivations.kernel.balls import Undecided, Undefined, evaluate
from derivations.kernel.field import Field

MAX_BITS = 20_000


def vanishes(field: Field, p: Any) -> bool:
    """Whether a polynomial in algebraic integers is certainly 0."""
    sizes, degree = _conjugates(field, p)
    if sizes is None:
        return False
    bits = int((degree - 1) * max(0.0, _size(p, sizes))) + 8
    if bits > MAX_BITS:
        return False
    previous, ctx.prec = ctx.prec, bits + 64
    try:
        value = abs(evaluate(field.expression(p), {}, bits + 64))
        return bool(value < arb(2) ** -bits)
    except (Undecided, Undefined):
        return False
    finally:
        ctx.prec = previous


def _conjugates(field: Field, p: Any) -> tuple[dict[int, float] | None, int]:
    """For each generator the logarithm of a bound on its conjugates, and the degree of them all."""
    needed = set(field.used(p))
    queue = list(needed)
    while queue:
        place = queue.pop()
        if place not in field.relations:
            return None, 0
        value = field.relations[place][1]
        if not value.den.is_one():
            return None, 0
        for other in field.used(value.num):
            if other not in needed:
                needed.add(other)
                queue.append(other)
    sizes: dict[int, float] = {}
    degree = 1
    for place in sorted(needed):
        q, value = field.relations[place]
        degree *= q
        if place in field.used(value.num):  # a root of unity: its conjugates lie on the circle
            sizes[place] = 0.0
        elif not set(field.used(value.num)) <= sizes.keys():
            return None, 0
        else:
            sizes[place] = max(0.0, _size(value.num, sizes)) / q
    return sizes, degree


def _size(p: Any, sizes: dict[int, float]) -> float:
    """The logarithm, base 2, of a bound on every conjugate of a polynomial."""
    terms = [
        log2(abs(int(c))) + sum(sizes[i] * int(e) for i, e in enumerate(m) if e)
        for m, c in p.terms()
    ]
    return max(terms) + log2(len(terms)) + 0.01 if terms else 0.0

"""Given equations as rewriting rules: X'X = I, w'w = 1."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy as sp

from derivations.kernel.fractions import CONTEXT, Fraction
from derivations.kernel.matrices.reader import Reader, has_matrices
from derivations.kernel.matrices.words import Element, word_order


def assume(reader: Reader, given: Sequence[Any]) -> None:
    """Use the given equations between matrices, or between numbers made of matrices."""
    for relation in given:
        if not (isinstance(relation, sp.Equality) and has_matrices(relation)):
            continue
        if relation.lhs.is_Matrix and relation.lhs.shape != (1, 1):
            algebra = reader.algebra
            zero = algebra.subtract(reader.matrix(relation.lhs), reader.matrix(relation.rhs))
            _vanishes(reader, zero)
            _vanishes(reader, algebra.transpose(zero))
        else:
            _number_vanishes(reader, reader.scalar(relation.lhs) - reader.scalar(relation.rhs))
    reader.cache.clear()


def _vanishes(reader: Reader, zero: Element) -> None:
    if not zero.terms:
        return
    lead = max(zero.terms, key=word_order)
    c = zero.terms[lead]
    if lead and reader.algebra.is_unit(c):
        scale = -(c.inverse())
        rest = {w: scale * k for w, k in zero.terms.items() if w != lead}
        reader.algebra.add_rule(lead, rest)


def _number_vanishes(reader: Reader, zero: Fraction) -> None:
    """Solve for a generator that occurs once, by itself."""
    field = reader.algebra.field
    p = field.reduce(zero).num
    for monomial, c in p.terms():
        places = [place for place, e in enumerate(monomial) if e]
        alone = len(places) == 1 and monomial[places[0]] == 1
        if alone and p.degrees()[places[0]] == 1 and _once(p, places[0]):
            rest = p - CONTEXT.from_dict({monomial: c})
            value = Fraction(-rest, CONTEXT.constant(int(c)))
            field.relations[places[0]] = (1, value)
            return


def _once(p: Any, place: int) -> bool:
    return sum(bool(monomial[place]) for monomial in p.monoms()) == 1

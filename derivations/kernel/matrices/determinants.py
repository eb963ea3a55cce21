"""Determinants: multiplicative on words, and on sums up to det(I + U V) = det(I + V U)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp

from derivations.kernel.fractions import Fraction
from derivations.kernel.matrices import definite
from derivations.kernel.matrices.inverses import inverse, is_invertible, of_letter, pieces
from derivations.kernel.matrices.words import (
    NOTHING,
    UNIT,
    Algebra,
    Element,
    Word,
    same_size,
    word_order,
)

MAX_FORMS = 24


def det(algebra: Algebra, a: Element) -> Fraction:
    """The determinant of a square matrix."""
    if same_size(a.rows, sp.S.One):
        return a.terms.get((), NOTHING)
    if not a.terms:
        return NOTHING
    if len(a.terms) == 1:
        ((word, c),) = a.terms.items()
        product = _power(algebra, c, a.rows)
        for piece in pieces(algebra, word, a.rows):
            product = product * _of_piece(algebra, piece, a.rows)
        return product
    return _of_sum(algebra, a)


def _power(algebra: Algebra, c: Fraction, n: Any) -> Fraction:
    if c.num == c.den:
        return UNIT
    field = algebra.field
    return field.of((field.expression(c.num) / field.expression(c.den)) ** n)


def _of_piece(algebra: Algebra, piece: Word, n: Any) -> Fraction:
    letter = algebra.letters[piece[0]]
    if len(piece) == 1 and letter.kind == "inverse":
        return det(algebra, algebra.renewed(of_letter(algebra, piece[0]))).inverse()
    square = letter.kind == "kronecker" and all(same_size(r, c) for _, r, c in letter.data)
    if len(piece) == 1 and square:
        product = UNIT
        for word, rows, _ in letter.data:
            factor = det(algebra, algebra.of_word(word, rows, rows))
            product = product * _power(algebra, factor, sp.cancel(n / rows))
        return product
    canonical = min(piece, algebra.flip(piece), key=word_order)
    one = Element(n, n, {piece: UNIT})
    positive = definite.sign(algebra, one) == "positive definite"
    value = algebra.quantity(("det", canonical), positive=positive)
    if len(piece) == 1 and "orthogonal" in letter.properties:
        dummy = algebra.dummies["det", canonical]
        algebra.field.relations[algebra.field.index[dummy]] = (2, UNIT)
    return value


def _of_sum(algebra: Algebra, a: Element) -> Fraction:
    """One invertible term taken out; of all the ways to do it, the one with the least rest."""
    n, best = a.rows, None
    for word in sorted(a.terms, key=word_order):
        outer = Element(n, n, {word: a.terms[word]})
        if not is_invertible(algebra, word, n):
            continue
        inner = algebra.multiply(inverse(algebra, outer), a)
        one = inner.terms.get(())
        if one is None or one.num != one.den:
            continue
        rest = Element(n, n, {w: k for w, k in inner.terms.items() if w})
        for form in _forms(algebra, rest):
            found = _measure(algebra, form), word, form
            best = found if best is None or found[0] < best[0] else best
    if best is None:
        return _opaque(algebra, a)
    _, word, form = best
    c = a.terms[word]
    if not algebra.is_unit(c):
        algebra.conditions[f"{algebra.field.expression(c.num)} != 0"] = None
    outside = det(algebra, Element(n, n, {word: c}))
    if same_size(form.rows, sp.S.One):
        return outside * (UNIT + form.terms.get((), NOTHING))
    inside = algebra.add(algebra.identity(form.rows), form)
    # Both the whole and the term taken out are positive definite: so is the sign of the rest.
    positive = definite.sign(algebra, a) == "positive definite"
    return outside * _opaque(algebra, inside, positive=positive)


def _measure(algebra: Algebra, a: Element) -> Any:
    words = sorted(a.terms, key=word_order)
    coefficients = [algebra.coefficient_key(a.terms[w]) for w in words]
    wide = not same_size(a.rows, sp.S.One)
    return wide, len(words), [word_order(w) for w in words], coefficients


def _forms(algebra: Algebra, rest: Element) -> Iterator[Element]:
    """Every V U that moving a common first factor to the end, or transposing, leads to."""
    seen: set[Any] = set()
    pending = [rest]
    while pending and len(seen) < MAX_FORMS:
        form = pending.pop()
        key = algebra.key(form)
        if key in seen or not form.terms:
            continue
        seen.add(key)
        yield form
        pending.append(algebra.transpose(form))
        first = {w[:1] for w in form.terms}
        if len(first) == 1 and (head := first.pop()):
            size = algebra.letters[head[0]].columns
            left = Element(size, form.columns, {w[1:]: c for w, c in form.terms.items()})
            right = algebra.of_word(head, form.rows, size)
            pending.append(algebra.multiply(left, right))


def _opaque(algebra: Algebra, a: Element, *, positive: bool = False) -> Fraction:
    """A generator for the determinant of a sum, its leading coefficient taken out."""
    lead = max(a.terms, key=word_order)
    c = a.terms[lead]
    scale = c if algebra.is_unit(c) else UNIT
    a = algebra.scale(scale.inverse(), a)
    key = min(
        (algebra.key(a), algebra.key(algebra.transpose(a))), key=lambda k: sorted(map(str, k))
    )
    positive = positive or definite.sign(algebra, a) == "positive definite"
    factor = _power(algebra, scale, a.rows)
    named = ("det of sum", key, a.rows)
    algebra.sums.setdefault(named, a)
    return factor * algebra.quantity(named, positive=positive)

"""Inverses: of words letter by letter, of sums as letters with their two cancelling rules."""

from __future__ import annotations

import heapq
import time
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import sympy as sp

from derivations.kernel.field import GiveUp
from derivations.kernel.fractions import Fraction
from derivations.kernel.matrices import definite
from derivations.kernel.matrices.words import (
    UNIT,
    Algebra,
    Element,
    Terms,
    Word,
    same_size,
    word_order,
)

MAX_TRIED = 14
MAX_RULES = 60
MAX_WORD = 12


def inverse(algebra: Algebra, a: Element) -> Element:
    """The inverse of a square matrix."""
    if not a.terms:
        raise GiveUp("the inverse of a zero matrix")
    if len(a.terms) == 1:
        ((word, c),) = a.terms.items()
        result = algebra.identity(a.rows)
        for piece in reversed(pieces(algebra, word, a.rows)):
            result = algebra.multiply(result, _of_piece(algebra, piece, a.rows))
        return algebra.scale(c.inverse(), result)
    update = _rank_one(algebra, a)
    return update if update is not None else _of_sum(algebra, a)


def pieces(algebra: Algebra, word: Word, n: Any) -> list[Word]:
    """The square factors of a square word, as short as the sizes allow."""
    cuts = [k for k, size in enumerate(algebra.sizes(word, n)) if same_size(size, n)]
    return [word[i:j] for i, j in pairwise(cuts)]


def _of_piece(algebra: Algebra, piece: Word, n: Any) -> Element:
    if len(piece) == 1:
        letter = algebra.letters[piece[0]]
        if "orthogonal" in letter.properties:
            return algebra.of_word(algebra.flip(piece), n, n)
        if letter.kind == "inverse":
            return algebra.renewed(Element(n, n, dict(letter.data[1])))
        if letter.kind == "kronecker" and all(same_size(r, c) for _, r, c in letter.data):
            from derivations.kernel.matrices.structure import kronecker

            return kronecker(
                algebra, *[inverse(algebra, algebra.of_word(w, r, c)) for w, r, c in letter.data]
            )
    return _of_sum(algebra, Element(n, n, {piece: UNIT}))


def is_invertible(algebra: Algebra, word: Word, n: Any) -> bool:
    """Whether a square word is certainly invertible."""
    for piece in pieces(algebra, word, n):
        if len(piece) != 1:
            return False
        letter = algebra.letters[piece[0]]
        known = letter.properties & {"invertible", "orthogonal", "positive_definite"}
        if not known and letter.kind != "inverse" and ("inverse of", piece) not in algebra.index:
            return False
    return True


def _rank_one(algebra: Algebra, a: Element) -> Element | None:
    """Sherman and Morrison: (M + c u v')^-1 where M is certainly invertible.

    The divisor 1 + c v'M^-1 u cannot vanish: it is det(M + c u v') / det M.
    """
    for word, c in a.terms.items():
        sizes = algebra.sizes(word, a.rows)
        if 1 not in sizes or a.rows == 1:
            continue
        cut = sizes.index(1)
        rest = Element(a.rows, a.rows, {w: k for w, k in a.terms.items() if w != word})
        if len(rest.terms) == 1:
            ((only, k),) = rest.terms.items()
            certain = algebra.is_unit(k) and is_invertible(algebra, only, a.rows)
        else:
            certain = definite.sign(algebra, rest) == "positive definite"
        if not certain:
            continue
        m = inverse(algebra, rest)
        u = algebra.of_word(word[:cut], a.rows, sp.S.One)
        v = algebra.of_word(word[cut:], sp.S.One, a.rows)
        g = algebra.multiply(v, m, u).terms.get((), UNIT - UNIT)
        divisor = UNIT + c * g
        if algebra.field.reduce(divisor).is_zero():
            raise GiveUp("the inverse of a singular matrix")
        update = algebra.multiply(m, u, v, m)
        return algebra.subtract(m, algebra.scale(c * divisor.inverse(), update))
    return None


def _of_sum(algebra: Algebra, a: Element) -> Element:
    """The letter that stands for an inverse, with its rules."""
    lead = max(a.terms, key=word_order)
    scale = a.terms[lead] if algebra.is_unit(a.terms[lead]) else UNIT
    a = algebra.scale(scale.inverse(), a)
    flipped = algebra.transpose(a)
    key, flipped_key = algebra.key(a), algebra.key(flipped)
    known = algebra.index.get(("inverse key", key))
    if known is None:
        data, flipped_data = (key, frozen(a)), (flipped_key, frozen(flipped))
        if key == flipped_key:
            flipped_data = data
        properties = {"symmetric"} if key == flipped_key else set()
        if definite.sign(algebra, a) == "positive definite":
            properties |= {"positive_definite", "symmetric"}
        if len(a.terms) == 1 and len(lead) == 1 and algebra.is_diagonal(lead[0]):
            properties |= {"diagonal", "symmetric"}
        known = algebra.letter("inverse", data, flipped_data, a.shape, properties)
        algebra.index["inverse key", key] = known
        algebra.index["inverse key", flipped_key] = algebra.flipped[known]
        if len(a.terms) == 1:
            algebra.index["inverse of", lead] = known
            algebra.index["inverse of", algebra.flip(lead)] = algebra.flipped[known]
        _add_rules(algebra, known, a)
        if algebra.flipped[known] != known:
            _add_rules(algebra, algebra.flipped[known], flipped)
    return algebra.scale(scale.inverse(), algebra.of_letter(known))


def frozen(a: Element) -> tuple[tuple[Word, Fraction], ...]:
    """The terms, to be kept in a letter."""
    return tuple(sorted(a.terms.items(), key=lambda item: word_order(item[0])))


def of_letter(algebra: Algebra, i: int) -> Element:
    """What an inverse letter is the inverse of."""
    letter = algebra.letters[i]
    return Element(letter.rows, letter.rows, dict(letter.data[1]))


def _add_rules(algebra: Algebra, letter: int, a: Element) -> None:
    lead = max(a.terms, key=word_order)
    if not (lead and algebra.is_unit(a.terms[lead])):
        return
    c = a.terms[lead].inverse()
    rest = [(w, -(c * k)) for w, k in a.terms.items() if w != lead]
    algebra.add_rule((*lead, letter), {(): c, **{(*w, letter): k for w, k in rest}})
    algebra.add_rule((letter, *lead), {(): c, **{(letter, *w): k for w, k in rest}})


# Proofs that a difference vanishes


def cleared(algebra: Algebra, difference: Element) -> bool:
    """Whether multiplying by what is inverted, from either side, turns the difference into zero.

    The factors are invertible, so the difference is zero exactly if the product is.
    """
    tried, count = {algebra.key(difference)}, 0
    queue: list[tuple[int, int, Element]] = [(0, count, difference)]
    for _ in range(MAX_TRIED):
        if not queue:
            return False
        _, _, current = heapq.heappop(queue)
        for product in _multiplied(algebra, current):
            if algebra.is_zero(product):
                return True
            key = algebra.key(product)
            if key not in tried:
                tried.add(key)
                count += 1
                heapq.heappush(queue, (_cost(algebra, product), count, product))
    return False


def _multiplied(algebra: Algebra, a: Element) -> Iterator[Element]:
    ends = {(w[0], True) for w in a.terms if w} | {(w[-1], False) for w in a.terms if w}
    for letter, left in sorted(ends, reverse=True):
        if algebra.letters[letter].kind == "inverse":
            s = algebra.renewed(of_letter(algebra, letter))
            yield algebra.multiply(s, a) if left else algebra.multiply(a, s)


def _cost(algebra: Algebra, a: Element) -> int:
    inverses = sum(algebra.letters[i].kind == "inverse" for w in a.terms for i in w)
    return 4 * inverses + sum(len(w) for w in a.terms)


def completed(algebra: Algebra) -> Iterator[Word]:
    """Add rules that follow from overlaps of two rules, shortest first; yield their leads.

    A lead is divided by its coefficient only where that is certainly not zero.
    """
    queue: list[tuple[int, int, Word, Word, int]] = []
    count = 0

    def enqueue(new: Word, others: list[Word]) -> None:
        nonlocal count
        for other in others:
            for a, b in ((new, other), (other, new)):
                for k in range(1, min(len(a), len(b)) + (a != b)):
                    if a[-k:] == b[:k] and len(a) + len(b) - k <= MAX_WORD:
                        count += 1
                        heapq.heappush(queue, (len(a) + len(b) - k, count, a, b, k))

    known: list[Word] = []
    for rules in list(algebra.rules.values()):
        for lead, _ in rules:
            known.append(lead)
            enqueue(lead, known)
    added = 0
    while queue and added < MAX_RULES:
        if time.thread_time() > algebra.deadline:
            raise GiveUp("out of time")
        _, _, a, b, k = heapq.heappop(queue)
        rule = _from_overlap(algebra, a, b, k)
        if rule is not None:
            added += 1
            known.append(rule)
            enqueue(rule, known)
            yield rule


def _from_overlap(algebra: Algebra, a: Word, b: Word, k: int) -> Word | None:
    word = a + b[k:]
    rows = algebra.letters[word[0]].rows
    columns = algebra.letters[word[-1]].columns
    first = Element(rows, columns, _replaced(algebra, a, (), b[k:]))
    second = Element(rows, columns, _replaced(algebra, b, a[:-k], ()))
    difference = algebra.subtract(algebra.renewed(first), algebra.renewed(second))
    if algebra.is_zero(difference):
        return None
    lead = max(difference.terms, key=word_order)
    c = difference.terms[lead]
    if not (lead and algebra.is_unit(c)):
        return None
    scale = -(c.inverse())
    terms: Terms = {w: scale * f for w, f in difference.terms.items() if w != lead}
    algebra.add_rule(lead, terms)
    return lead


def _replaced(algebra: Algebra, lead: Word, before: Word, after: Word) -> Terms:
    terms = next(t for known, t in algebra.rules[lead[0]] if known == lead)
    return {before + w + after: c for w, c in terms.items()}

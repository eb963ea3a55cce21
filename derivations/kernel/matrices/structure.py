"""Letters with structure: diagonal matrices, Hadamard and Kronecker products, vec and ones."""

from __future__ import annotations

from itertools import product as combinations
from typing import Any

import sympy as sp

from derivations.kernel.fractions import Fraction
from derivations.kernel.matrices.words import (
    UNIT,
    Algebra,
    Element,
    Terms,
    Word,
    accumulate,
    same_size,
    word_order,
)

Step = list[tuple[Word, Fraction]]


def step(algebra: Algebra, word: Word) -> Step | None:
    """One rewrite that the structure of the letters allows, or None."""
    kinds = {algebra.letters[i].kind for i in word}
    for place in range(len(word) - 1):
        pair = _pair(algebra, word[place], word[place + 1])
        if pair is not None:
            return [(word[:place] + w + word[place + 2 :], c) for w, c in pair.items()]
    if "diag" in kinds:
        moved = _sorted_tail(algebra, word, mirrored=False)
        if moved != word:
            return [(moved, UNIT)]
        moved = algebra.flip(_sorted_tail(algebra, algebra.flip(word), mirrored=True))
        if moved != word:
            return [(moved, UNIT)]
    return None


def _pair(algebra: Algebra, i: int, j: int) -> Terms | None:
    a, b = algebra.letters[i], algebra.letters[j]
    if i > j and algebra.is_diagonal(i) and algebra.is_diagonal(j):
        return {(j, i): UNIT}
    if a.kind == "kronecker" and b.kind == "kronecker":
        left, right = a.data, b.data
        if len(left) == len(right) and all(
            same_size(f[2], g[1]) for f, g in zip(left, right, strict=True)
        ):
            factors = [
                algebra.of_word(f[0] + g[0], f[1], g[2]) for f, g in zip(left, right, strict=True)
            ]
            return kronecker(algebra, *factors).terms
    if a.kind == "kronecker" and b.kind == "vec" and len(a.data) == 2:
        (c, c_rows, c_columns), (d, d_rows, d_columns) = a.data
        w, w_rows, w_columns = b.data[0]
        if same_size(d_columns, w_rows) and same_size(c_columns, w_columns) and not b.data[1]:
            inner = algebra.of_word(d + w + algebra.flip(c), d_rows, c_rows)
            return vec(algebra, inner).terms
    if a.kind == "vec" and a.data[1] and b.kind == "kronecker":
        flipped = _pair(algebra, algebra.flipped[j], algebra.flipped[i])
        if flipped is not None:
            return {algebra.flip(w): c for w, c in flipped.items()}
    return None


def _sorted_tail(algebra: Algebra, word: Word, *, mirrored: bool) -> Word:
    """diag(x) diag(y) z with the largest of x, y and z last: the three commute entrywise.

    The diagonal letters ascend, or descend in a word that is read from its other end.
    """
    letters = algebra.letters
    place = 0
    while place < len(word):
        if letters[word[place]].kind != "diag":
            place += 1
            continue
        end = place
        while end < len(word) and letters[word[end]].kind == "diag":
            end += 1
        stop = next((k + 1 for k in range(end, len(word)) if letters[word[k]].columns == 1), None)
        if stop is not None:
            vectors = [letters[i].data for i in word[place:end]] + [word[end:stop]]
            kept = [v for v in vectors if not _is_ones(algebra, v)] or vectors[:1]
            kept.sort(key=word_order)
            last: Word = kept[-1]
            heads = sorted((_diag_letter(algebra, v) for v in kept[:-1]), reverse=mirrored)
            return word[:place] + tuple(heads) + last + word[stop:]
        place = end
    return word


def _is_ones(algebra: Algebra, word: Word) -> bool:
    return len(word) == 1 and algebra.letters[word[0]].kind == "ones"


def ones(algebra: Algebra, n: Any) -> Word:
    """The column of n ones."""
    return (algebra.letter("ones", (n, False), (n, True), (n, sp.S.One)),)


def _diag_letter(algebra: Algebra, word: Word) -> int:
    n = algebra.letters[word[0]].rows
    return algebra.letter("diag", word, word, (n, n), ("diagonal", "symmetric"))


def diag(algebra: Algebra, x: Element) -> Element:
    """The diagonal matrix of a column."""
    terms: Terms = {}
    for word, c in x.terms.items():
        if not word:  # a 1 x 1 column
            accumulate(terms, [((), c)])
            continue
        end = 0
        while algebra.letters[word[end]].kind == "diag":
            end += 1
        tail = () if _is_ones(algebra, word[end:]) else (_diag_letter(algebra, word[end:]),)
        reduced = algebra.reduce(word[:end] + tail, x.rows, x.rows)
        accumulate(terms, ((w, c * f) for w, f in reduced.items()))
    return Element(x.rows, x.rows, terms)


def hadamard(algebra: Algebra, a: Element, b: Element) -> Element:
    """The entrywise product."""
    total = algebra.zero(*a.shape)
    for (u, c), (v, k) in combinations(a.terms.items(), b.terms.items()):
        total = algebra.add(
            total, algebra.scale(c * k, _hadamard(algebra, u, v, a.rows, a.columns))
        )
    return total


def _hadamard(algebra: Algebra, u: Word, v: Word, rows: Any, columns: Any) -> Element:
    for first, second in ((u, v), (v, u)):
        sizes = algebra.sizes(first, rows)
        place = next((k for k, size in enumerate(sizes) if size == 1), None)
        if place is not None:  # first = a b', and (a b') o M = diag(a) M diag(b)
            left = algebra.of_word(first[:place], rows, sp.S.One)
            right = algebra.of_word(algebra.flip(first[place:]), columns, sp.S.One)
            middle = algebra.of_word(second, rows, columns)
            return algebra.multiply(diag(algebra, left), middle, diag(algebra, right))
    for first, second in ((u, v), (v, u)):
        if all(algebra.is_diagonal(i) for i in first):
            outer = algebra.of_word(first, rows, rows)
            return algebra.multiply(outer, diagonal_part(algebra, second, rows))
    factors = tuple(sorted((*_factors(algebra, u), *_factors(algebra, v)), key=word_order))
    flipped = tuple(sorted((algebra.flip(w) for w in factors), key=word_order))
    properties = ("symmetric",) if factors == flipped else ()
    letter = algebra.letter("hadamard", factors, flipped, (rows, columns), properties)
    return algebra.of_word((letter,), rows, columns)


def _factors(algebra: Algebra, word: Word) -> tuple[Word, ...]:
    if len(word) == 1 and algebra.letters[word[0]].kind == "hadamard":
        data: tuple[Word, ...] = algebra.letters[word[0]].data
        return data
    return (word,)


def diagonal_part(algebra: Algebra, word: Word, n: Any) -> Element:
    """The word's diagonal, with zeros elsewhere."""
    if all(algebra.is_diagonal(i) for i in word):
        return algebra.of_word(word, n, n)
    data = ((), min(word, algebra.flip(word), key=word_order))
    letter = algebra.letter("hadamard", data, data, (n, n), ("symmetric", "diagonal"))
    return algebra.of_word((letter,), n, n)


def kronecker(algebra: Algebra, *factors: Element) -> Element:
    """The Kronecker product."""
    rows = sp.Mul(*[f.rows for f in factors])
    columns = sp.Mul(*[f.columns for f in factors])
    terms: Terms = {}
    for choice in combinations(*[f.terms.items() for f in factors]):
        c = UNIT
        parts: list[tuple[Word, Any, Any]] = []
        for (word, k), factor in zip(choice, factors, strict=True):
            c = c * k
            if len(word) == 1 and algebra.letters[word[0]].kind == "kronecker":
                parts += algebra.letters[word[0]].data
            elif not (factor.rows == 1 and factor.columns == 1):
                parts.append((word, factor.rows, factor.columns))
        accumulate(terms, [(_kronecker_word(algebra, parts, rows, columns), c)])
    return Element(rows, columns, terms)


def _kronecker_word(
    algebra: Algebra, parts: list[tuple[Word, Any, Any]], rows: Any, columns: Any
) -> Word:
    if len(parts) == 1:
        return parts[0][0]
    if all(not word for word, _, _ in parts):
        return ()
    data = tuple(parts)
    flipped = tuple((algebra.flip(w), m, n) for w, n, m in parts)
    properties = ("symmetric",) if data == flipped else ()
    return (algebra.letter("kronecker", data, flipped, (rows, columns), properties),)


def vec(algebra: Algebra, a: Element) -> Element:
    """The columns of a matrix, one below the other."""
    size = sp.expand(a.rows * a.columns)
    total = algebra.zero(size, sp.S.One)
    for word, c in a.terms.items():
        sizes = algebra.sizes(word, a.rows)
        place = next((k for k, n in enumerate(sizes) if n == 1), None)
        if place is not None:  # vec(x y') = y (x) x
            left = algebra.of_word(word[:place], a.rows, sp.S.One)
            right = algebra.of_word(algebra.flip(word[place:]), a.columns, sp.S.One)
            one = kronecker(algebra, right, left)
        else:
            data = (word, a.rows, a.columns)
            letter = algebra.letter("vec", (data, False), (data, True), (size, sp.S.One))
            one = algebra.of_word((letter,), size, sp.S.One)
        total = algebra.add(total, algebra.scale(c, one))
    return total

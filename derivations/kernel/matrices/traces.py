"""Numbers made of matrices: traces up to rotation and transposition, and 1 x 1 products."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import sympy as sp
from sympy.functions.special.tensor_functions import KroneckerDelta

from derivations.kernel.fractions import Fraction
from derivations.kernel.matrices import structure
from derivations.kernel.matrices.words import (
    NOTHING,
    UNIT,
    Algebra,
    Element,
    Word,
    same_size,
    word_order,
)


def split(
    algebra: Algebra, word: Word, rows: Any, columns: Any
) -> list[tuple[Word, Fraction]] | None:
    """Move every stretch between two ends of size 1 into the coefficient, or None."""
    del columns
    sizes = algebra.sizes(word, rows)
    cuts = [k for k, n in enumerate(sizes) if n == 1]
    if len(cuts) < 2:
        return None
    c = UNIT
    for start, end in pairwise(cuts):
        c = c * number(algebra, word[start:end])
    return [(word[: cuts[0]] + word[cuts[-1] :], c)] if not c.is_zero() else []


def number(algebra: Algebra, word: Word) -> Fraction:
    """The value of a 1 x 1 word that no size 1 cuts."""
    first, last = algebra.letters[word[0]], algebra.letters[word[-1]]
    if len(word) == 2 and first.kind == last.kind == "ones":
        return algebra.field.of(last.rows)
    if len(word) == 2 and first.kind == last.kind == "unit":
        return algebra.field.of(KroneckerDelta(first.data[1], last.data[1]))
    if len(word) == 2 and first.kind == last.kind == "vec":
        (u, _, columns), (v, _, _) = first.data[0], last.data[0]
        inner = algebra.of_word(algebra.flip(u) + v, columns, columns)
        return trace(algebra, inner)
    if len(word) == 3 and first.kind == last.kind == "ones":
        middle = algebra.letters[word[1]]
        if middle.kind == "hadamard" and len(middle.data) == 2 and all(middle.data):
            u, v = middle.data
            inner = algebra.of_word(algebra.flip(u) + v, middle.columns, middle.columns)
            return trace(algebra, inner)
        if middle.kind == "hadamard" and len(middle.data) == 2 and "diagonal" in middle.properties:
            return trace(algebra, algebra.of_word(middle.data[1], middle.rows, middle.rows))
    canonical = min(word, algebra.flip(word), key=word_order)
    return algebra.quantity(("trace", canonical))


def trace(algebra: Algebra, a: Element) -> Fraction:
    """The trace of a square matrix."""
    total = NOTHING
    for word, c in a.terms.items():
        total = total + c * _trace(algebra, word, a.rows)
    return total


def _trace(algebra: Algebra, word: Word, n: Any) -> Fraction:
    if not word:
        return algebra.field.of(n)
    cut = next((k for k, size in enumerate(algebra.sizes(word, n)) if size == 1), None)
    if cut is not None:
        rotated = algebra.of_word(word[cut:] + word[:cut], sp.S.One, sp.S.One)
        return rotated.terms.get((), NOTHING)
    letters = [algebra.letters[i] for i in word]
    if all(x.kind == "diag" for x in letters):
        ones = structure.ones(algebra, n)
        return algebra.of_word(algebra.flip(ones) + word + ones, sp.S.One, sp.S.One).terms.get(
            (), NOTHING
        )
    if len(word) == 1 and letters[0].kind == "kronecker":
        factors = letters[0].data
        if all(same_size(r, c) for _, r, c in factors):
            product = UNIT
            for w, rows, columns in factors:
                product = product * trace(algebra, algebra.of_word(w, rows, columns))
            return product
    parts = [k for k, x in enumerate(letters) if x.kind == "hadamard"]
    if len(parts) == 1 and all("diagonal" in x.properties for x in letters):
        (k,) = parts  # beside diagonal matrices, the diagonal of M weighs as M does
        inner = word[:k] + letters[k].data[1] + word[k + 1 :]
        return trace(algebra, algebra.of_word(inner, n, n))
    rotations = [word[k:] + word[:k] for k in range(len(word))]
    for rotation in rotations[1:]:
        size = algebra.letters[rotation[0]].rows
        reduced = algebra.reduce(rotation, size, size)
        if len(reduced) == 1 and all(sorted(w) == sorted(word) for w in reduced):
            ((reordered, c),) = reduced.items()
            if c.num == c.den:
                rotations.append(reordered)
                continue
        if reduced.keys() != {rotation}:
            return trace(algebra, Element(size, size, reduced))
    rotations += [algebra.flip(r) for r in rotations]
    return algebra.quantity(("trace", min(rotations, key=word_order)))

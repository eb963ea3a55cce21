"""Certain signs of symmetric matrices: sums of squares over letters of known sign."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from flint import fmpq

from derivations.kernel.fractions import Fraction
from derivations.kernel.matrices import duals
from derivations.kernel.matrices.duals import Rows
from derivations.kernel.matrices.words import Algebra, Element, Word

MAX_SIZE = 5


def sign(algebra: Algebra, a: Element) -> str:
    """`positive definite`, `positive semidefinite` or nothing, for a square matrix."""
    best = "positive semidefinite"
    for word, c in a.terms.items():
        if not (nonnegative(algebra, c) and _semidefinite(algebra, word)):
            return ""
        if _definite(algebra, word) and positive(algebra, c):
            best = "positive definite"
    return best


def is_projection(algebra: Algebra, a: Element) -> bool:
    """Whether a matrix is symmetric and its own square: positive semidefinite then."""
    if not algebra.is_zero(algebra.subtract(a, algebra.transpose(a))):
        return False
    return algebra.is_zero(algebra.subtract(algebra.multiply(a, a), a))


def positive(algebra: Algebra, c: Fraction) -> bool:
    """Whether a coefficient is certainly positive where it is defined."""
    c = algebra.field.reduce(c)
    generators = algebra.field.generators
    return nonnegative(algebra, c) and any(
        all(generators[k].positive for k, e in enumerate(monomial) if e)
        for monomial in c.num.monoms()
    )


def nonnegative(algebra: Algebra, c: Fraction) -> bool:
    """Whether a coefficient is certainly not negative where it is defined."""
    c = algebra.field.reduce(c)
    return any(_sum_of_squares(algebra, s * c.num, s * c.den) for s in (1, -1))


def _sum_of_squares(algebra: Algebra, *polynomials: Any) -> bool:
    """Whether every term is a product of squares, of positive numbers and of traces of squares."""
    for p in polynomials:
        for monomial, c in p.terms():
            odd = [algebra.field.generators[k] for k, e in enumerate(monomial) if e % 2]
            even = [algebra.field.generators[k] for k, e in enumerate(monomial) if e % 2 == 0 < e]
            if c < 0 or not all(g.real for g in even):
                return False
            if not all(g.positive or _is_square(algebra, g.expression) for g in odd):
                return False
    return True


def _is_square(algebra: Algebra, quantity: Any) -> bool:
    key = algebra.meaning.get(quantity, ("", ()))
    return key[0] == "trace" and _semidefinite(algebra, key[1])


def _definite(algebra: Algebra, word: Word) -> bool:
    """A' P A with invertible A and positive definite P, or the identity."""
    from derivations.kernel.matrices.inverses import is_invertible

    half, core = _halves(algebra, word)
    if half is None:
        return False
    n = algebra.letters[word[0]].rows if word else 1
    if not all(algebra.letters[i].rows == algebra.letters[i].columns == n for i in word):
        return False
    if core and "positive_definite" not in algebra.letters[core[0]].properties:
        return False
    return is_invertible(algebra, half, n)


def _semidefinite(algebra: Algebra, word: Word) -> bool:
    """A' P A with a positive semidefinite P."""
    half, core = _halves(algebra, word)
    if half is None:
        return False
    if not core:
        return True
    properties = algebra.letters[core[0]].properties
    return "positive_definite" in properties or {"idempotent", "symmetric"} <= properties


def _halves(algebra: Algebra, word: Word) -> tuple[Word | None, Word]:
    """The word as A' core A with a core of at most one letter, or None."""
    if algebra.flip(word) != word:
        return None, ()
    middle = len(word) // 2
    return word[:middle], word[middle : middle + len(word) % 2]


def refuted(rows: Rows, *, strict: bool) -> bool:
    """Whether an exact symmetric matrix is certainly not positive (semi)definite."""
    n = len(rows)
    if n > MAX_SIZE or any(certain(rows[i][j] - rows[j][i]) for i in range(n) for j in range(i)):
        return False
    for size in range(1, n + 1):
        for chosen in combinations(range(n), size):
            minor = duals.det([[rows[i][j] for j in chosen] for i in chosen])
            if minor < 0 or (strict and (minor == 0 if isinstance(minor, fmpq) else False)):
                return True
    return False


def certain(x: Any) -> bool:
    """Whether a number is certainly not zero."""
    return bool(x != 0 if isinstance(x, fmpq) else not x.contains(0))

"""Noncommutative normal form: sums of words, whose letters are matrices, over the scalar field.

A word is a product. Rewriting rules (an inverse cancels, a projection is its own square) and the
structure of the letters (diagonal, Kronecker, vec) bring words to a normal form; a stretch of a
word whose two ends have size 1 is a number and moves into the coefficient. Every rewrite is an
identity, so equal normal forms prove equality; different ones prove nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sympy as sp

from derivations.kernel.field import Field, GiveUp
from derivations.kernel.fractions import CONTEXT, ONE, ZERO, Fraction

Word = tuple[int, ...]
Terms = dict[Word, Fraction]
UNIT = Fraction(ONE)
NOTHING = Fraction(ZERO)
MAX_STEPS = 4000
MAX_TERMS = 400


@lru_cache(maxsize=4096)
def same_size(a: Any, b: Any) -> bool:
    """Whether two sizes are certainly equal."""
    return bool(a == b or sp.expand(a - b) == 0)


@dataclass(frozen=True, slots=True)
class Letter:
    """One factor of a word.

    Attributes:
        kind: symbol, inverse, diag (of a vector), hadamard, kronecker, vec, ones, unit or opaque.
        data: what it is made of; with the kind, what identifies it.
        rows: its number of rows.
        columns: its number of columns.
        properties: what is known of it, in the words of the declarations.
    """

    kind: str
    data: Any
    rows: Any
    columns: Any
    properties: frozenset[str] = frozenset()


@dataclass(slots=True)
class Element:
    """A sum of words of one shape; values are not changed in place."""

    rows: Any
    columns: Any
    terms: Terms

    @property
    def shape(self) -> tuple[Any, Any]:
        """(rows, columns)."""
        return self.rows, self.columns


def word_order(word: Word) -> tuple[int, Word]:
    """Shorter words first, then by letter."""
    return len(word), word


class Algebra:
    """The letters and the rules of one question."""

    def __init__(self, field: Field, deadline: float, symbols: dict[Any, Any]) -> None:
        self.field = field
        self.symbols = symbols  # kept when the field starts again, so that its roots still fit
        self.deadline = deadline
        self.letters: list[Letter] = []
        self.flipped: list[int] = []
        self.index: dict[Any, int] = {}
        self.rules: dict[int, list[tuple[Word, Terms]]] = {}
        self.memo: dict[Any, Terms] = {}
        self.sums: dict[Any, Element] = {}  # what an opaque determinant is of
        self.dummies: dict[Any, Any] = {}
        self.meaning: dict[Any, Any] = {}  # the dummy -> what it stands for
        self.conditions: dict[str, None] = {}

    # Letters

    def letter(
        self,
        kind: str,
        data: Any,
        flipped: Any,
        shape: tuple[Any, Any],
        properties: Iterable[str] = (),
    ) -> int:
        """The letter, made on first use together with its transpose."""
        known = self.index.get((kind, data))
        if known is not None:
            return known
        rows, columns = shape
        place = self.index[kind, data] = len(self.letters)
        properties = frozenset(properties)
        self.letters.append(Letter(kind, data, rows, columns, properties))
        if data == flipped:
            self.flipped.append(place)
        else:
            self.index[kind, flipped] = place + 1
            self.letters.append(Letter(kind, flipped, columns, rows, properties))
            self.flipped += [place + 1, place]
        return place

    def flip(self, word: Word) -> Word:
        """The transpose of a word."""
        return tuple(self.flipped[i] for i in reversed(word))

    def is_diagonal(self, i: int) -> bool:
        """Whether the letter is a diagonal matrix."""
        return "diagonal" in self.letters[i].properties

    def sizes(self, word: Word, rows: Any) -> list[Any]:
        """The sizes along a word: one more than it has letters."""
        return [rows, *[self.letters[i].columns for i in word]]

    def text(self, word: Word) -> str:
        """A word in symbols, for a condition."""
        names = []
        for i in word:
            letter = self.letters[i]
            plain = letter.kind in ("symbol", "opaque")
            name = str(letter.data[0]) if plain else f"({letter.kind})"
            names.append(f"{name}.T" if plain and letter.data[1] else name)
        return "*".join(names)

    # Elements

    def zero(self, rows: Any, columns: Any) -> Element:
        """The zero matrix."""
        return Element(rows, columns, {})

    def identity(self, n: Any) -> Element:
        """The identity matrix."""
        return Element(n, n, {(): UNIT})

    def of_word(self, word: Word, rows: Any, columns: Any) -> Element:
        """The normal form of one word."""
        return Element(rows, columns, dict(self.reduce(word, rows, columns)))

    def of_letter(self, i: int) -> Element:
        """The normal form of one letter."""
        letter = self.letters[i]
        return self.of_word((i,), letter.rows, letter.columns)

    def add(self, *elements: Element) -> Element:
        """The sum."""
        first = elements[0]
        terms = dict(first.terms)
        for element in elements[1:]:
            self._require(first.shape, element.shape)
            accumulate(terms, element.terms.items())
        return Element(first.rows, first.columns, terms)

    def scale(self, c: Fraction, a: Element) -> Element:
        """A number times a matrix."""
        if c.is_zero():
            return self.zero(*a.shape)
        return Element(a.rows, a.columns, {w: c * k for w, k in a.terms.items()})

    def subtract(self, a: Element, b: Element) -> Element:
        """The difference."""
        return self.add(a, self.scale(-UNIT, b))

    def multiply(self, *elements: Element) -> Element:
        """The product."""
        result = elements[0]
        for element in elements[1:]:
            if not same_size(result.columns, element.rows):
                self._require(result.shape, element.shape)
            shape = result.rows, element.columns
            terms: Terms = {}
            for left, c in result.terms.items():
                for right, k in element.terms.items():
                    scale = c * k
                    reduced = self.reduce(left + right, *shape).items()
                    accumulate(terms, ((w, scale * f) for w, f in reduced))
            if len(terms) > MAX_TERMS:
                raise GiveUp("the product has too many terms")
            result = Element(*shape, terms)
        return result

    def transpose(self, a: Element) -> Element:
        """The transpose."""
        terms: Terms = {}
        for word, c in a.terms.items():
            reduced = self.reduce(self.flip(word), a.columns, a.rows).items()
            accumulate(terms, ((w, c * f) for w, f in reduced))
        return Element(a.columns, a.rows, terms)

    def renewed(self, a: Element) -> Element:
        """The normal form under the rules found since."""
        terms: Terms = {}
        for word, c in a.terms.items():
            accumulate(terms, ((w, c * f) for w, f in self.reduce(word, *a.shape).items()))
        return Element(a.rows, a.columns, terms)

    def is_zero(self, a: Element) -> bool:
        """Whether every coefficient vanishes; a hidden relation costs a proof, never truth."""
        return all(self.field.reduce(c).is_zero() for c in a.terms.values())

    def key(self, a: Element) -> Any:
        """What identifies an element."""
        return frozenset((w, self.coefficient_key(c)) for w, c in a.terms.items())

    def coefficient_key(self, c: Fraction) -> tuple[str, str]:
        """What identifies a coefficient."""
        f = self.field.normal(c)
        return str(f.num), str(f.den)

    def constant(self, p: int, q: int = 1) -> Fraction:
        """A rational number."""
        return Fraction(CONTEXT.constant(p), CONTEXT.constant(q))

    def quantity(self, key: Any, *, positive: bool = False) -> Fraction:
        """The generator that stands for a trace, a determinant or another number."""
        dummy = self.dummies.get(key)
        if dummy is None:
            assumed = {"positive": True} if positive else {"real": True}
            fresh = sp.Dummy(str(key[0]), **assumed)
            dummy = self.dummies[key] = self.symbols.setdefault((key, positive), fresh)
            self.meaning[dummy] = key
        return self.field.of(dummy)

    def is_unit(self, c: Fraction) -> bool:
        """Whether a coefficient is certainly not zero."""
        p = c.num
        return not p.is_zero() and (
            p.is_constant() or self.field.is_positive(p) or self.field.is_positive(-p)
        )

    # Rewriting

    def add_rule(self, lead: Word, terms: Terms) -> None:
        """From now on `lead` is rewritten to `terms`, which are smaller."""
        known = self.rules.setdefault(lead[0], [])
        if all(lead != other for other, _ in known):
            known.append((lead, terms))
            self.memo.clear()

    def reduce(self, word: Word, rows: Any, columns: Any) -> Terms:
        """The normal form of a word."""
        key = (word, rows, columns)
        found = self.memo.get(key)
        if found is not None:
            return found
        if time.thread_time() > self.deadline:
            raise GiveUp("out of time")
        result: Terms = {}
        pending = [(word, UNIT)]
        for _ in range(MAX_STEPS):
            if not pending:
                break
            current, c = pending.pop()
            step = self._step(current, rows, columns)
            if step is None:
                accumulate(result, [(current, c)])
            else:
                pending += [(w, c * k) for w, k in step]
        else:
            raise GiveUp("the normal form takes too many steps")
        self.memo[key] = result
        return result

    def _step(self, word: Word, rows: Any, columns: Any) -> list[tuple[Word, Fraction]] | None:
        from derivations.kernel.matrices import structure, traces

        replaced = self.rewritten(word)
        if replaced is not None:
            return replaced
        step = structure.step(self, word)
        return step if step is not None else traces.split(self, word, rows, columns)

    def rewritten(self, word: Word) -> list[tuple[Word, Fraction]] | None:
        """The word after the first rule that applies, or None."""
        for place, first in enumerate(word):
            for lead, terms in self.rules.get(first, ()):
                end = place + len(lead)
                if word[place:end] == lead:
                    return [(word[:place] + w + word[end:], c) for w, c in terms.items()]
        return None

    def _require(self, a: tuple[Any, Any], b: tuple[Any, Any]) -> None:
        if a != b and not all(same_size(x, y) for x, y in zip(a, b, strict=True)):
            raise GiveUp(f"the shapes {a} and {b} do not fit")


def accumulate(terms: Terms, more: Iterable[tuple[Word, Fraction]]) -> None:
    """Add words into a sum; words whose coefficients cancel leave it."""
    for word, c in more:
        known = terms.get(word)
        total = c if known is None else known + c
        if total.is_zero():
            terms.pop(word, None)
        else:
            terms[word] = total

"""A normal form with one matrix put in the place of another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp

from derivations.kernel.field import GiveUp
from derivations.kernel.fractions import Fraction
from derivations.kernel.matrices import determinants, elementwise, inverses, structure, traces
from derivations.kernel.matrices.words import UNIT, Algebra, Element, Word


class Renaming:
    """Replaces the letter `source` by the element `target`.

    Args:
        algebra: the letters.
        source: the letter to replace.
        target: what takes its place, of the same shape.
        depends: whether a letter is made of the source.
        quantities: the traces and determinants in a coefficient that are made of the source.
    """

    def __init__(
        self,
        algebra: Algebra,
        source: int,
        target: Element,
        depends: Callable[[int], bool],
        quantities: Callable[[Fraction], list[Any]],
    ) -> None:
        self.algebra = algebra
        self.source, self.target = source, target
        self.depends, self.quantities = depends, quantities

    def element(self, e: Element) -> Element:
        """The element after the replacement."""
        total = self.algebra.zero(*e.shape)
        for word, c in e.terms.items():
            renamed = self.algebra.scale(self.number(c), self.word(word, *e.shape))
            total = self.algebra.add(total, renamed)
        return total

    def word(self, word: Word, rows: Any, columns: Any) -> Element:
        """The word after the replacement."""
        if not any(self.depends(i) for i in word):
            return self.algebra.of_word(word, rows, columns)
        return self.algebra.multiply(*[self._letter(i) for i in word])

    def number(self, c: Fraction) -> Fraction:
        """The coefficient after the replacement."""
        changing = self.quantities(c)
        if not changing:
            return c
        field = self.algebra.field
        values = {s: self._expression(self._quantity(self.algebra.meaning[s])) for s in changing}
        return field.of(self._expression(c).xreplace(values))

    def _expression(self, c: Fraction) -> Any:
        field = self.algebra.field
        return field.expression(c.num) / field.expression(c.den)

    def _letter(self, i: int) -> Element:
        algebra = self.algebra
        letter = algebra.letters[i]
        if not self.depends(i):
            return algebra.of_letter(i)
        if i == self.source:
            return self.target
        if i == algebra.flipped[self.source]:
            return algebra.transpose(self.target)
        if letter.kind == "inverse":
            return inverses.inverse(algebra, self.element(inverses.of_letter(algebra, i)))
        if letter.kind == "diag":
            return structure.diag(algebra, self.word(letter.data, letter.rows, sp.S.One))
        if letter.kind == "hadamard":
            first, *rest = [self.word(w, letter.rows, letter.columns) for w in letter.data]
            for other in rest:
                first = structure.hadamard(algebra, first, other)
            return first
        if letter.kind == "map":
            argument = self.element(elementwise.argument(letter))
            return elementwise.applied(algebra, letter.data[0], argument)
        raise GiveUp(f"the differential of a {letter.kind} letter")

    def _quantity(self, key: Any) -> Fraction:
        algebra = self.algebra
        if key[0] == "det of sum":
            return determinants.det(algebra, self.element(algebra.sums[key]))
        n = algebra.letters[key[1][0]].rows
        inner = self.element(Element(n, n, {key[1]: UNIT}))
        return (
            traces.trace(algebra, inner) if key[0] == "trace" else determinants.det(algebra, inner)
        )

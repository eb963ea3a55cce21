"""Gradients and Jacobians by differentials, on normal forms.

A number f of X has df = tr(G' dX) for one matrix G, its gradient in denominator layout. Going
from the number back to X: where dM enters as tr(H' dM), a factor L of M = P L Q gets P' H Q'.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sympy as sp

from derivations.kernel.field import GiveUp
from derivations.kernel.fractions import Fraction
from derivations.kernel.matrices import elementwise, inverses, structure, traces
from derivations.kernel.matrices.known import properties_of
from derivations.kernel.matrices.renaming import Renaming
from derivations.kernel.matrices.words import UNIT, Algebra, Element, Word, same_size

if TYPE_CHECKING:
    from derivations.kernel.matrices.reader import Reader

_CONSTRAINED = {"orthogonal", "orthonormal", "idempotent", "diagonal"}


def gradient(reader: Reader, f: Any, x: Any) -> Element:
    """The gradient of a number by a matrix symbol, in the shape of the symbol."""
    algebra = reader.algebra
    known = properties_of(x, reader.given)
    if "symmetric" not in known:
        return _Back(algebra, reader.matrix(x), x).of_number(reader.scalar(f))
    if known & _CONSTRAINED:
        raise GiveUp(f"a gradient along the constraint on {x}")
    # Every entry moves by itself, as if x were any matrix near a symmetric one. Where that
    # gradient is symmetric, it is also the one within the symmetric matrices.
    free, conditions = sp.MatrixSymbol(f"{x.name}°", *x.shape), dict(algebra.conditions)
    reader.given[free] = known & {"invertible"}
    back = _Back(algebra, reader.matrix(free), free)
    moved = back.of_number(reader.scalar(f.xreplace({x: free})))
    algebra.conditions = conditions
    result = back.renamed(moved, reader.matrix(x))
    if not algebra.is_zero(algebra.subtract(result, algebra.transpose(result))):
        raise GiveUp(f"two conventions differ for a gradient by the symmetric {x}")
    return result


def jacobian(reader: Reader, f: Element, x: Any) -> Element:
    """The derivatives of a column by a vector: a row for each entry of the column."""
    if not (same_size(f.columns, sp.S.One) and same_size(x.shape[1], sp.S.One)):
        raise GiveUp("a Jacobian is of a column by a column")
    return _Back(reader.algebra, reader.matrix(x), x).of_column(f)


class _Back:
    """Derivatives by one matrix symbol."""

    def __init__(self, algebra: Algebra, x: Element, symbol: Any) -> None:
        ((word, _),) = x.terms.items()
        if len(word) != 1:
            raise GiveUp("derivatives by a 1 x 1 matrix are for scalars")
        self.algebra = algebra
        self.letter = word[0]
        self.symbol = symbol
        self.shape = x.shape
        self.dependent: dict[int, bool] = {}
        if algebra.letters[self.letter].properties & _CONSTRAINED:
            raise GiveUp(f"a gradient along the constraint on {symbol}")

    def renamed(self, e: Element, target: Element) -> Element:
        """An element with the target in the place of x."""

        def quantities(c: Fraction) -> list[Any]:
            meaning = self.algebra.meaning
            return [s for s in self.quantities(c) if self._quantity_depends(meaning[s])]

        return Renaming(self.algebra, self.letter, target, self.depends, quantities).element(e)

    def zero(self) -> Element:
        return self.algebra.zero(*self.shape)

    # What depends on x

    def depends(self, i: int) -> bool:
        known = self.dependent.get(i)
        if known is None:
            known = self.dependent[i] = self._depends(i)
        return known

    def _depends(self, i: int) -> bool:
        letter = self.algebra.letters[i]
        if i in (self.letter, self.algebra.flipped[self.letter]):
            return True
        if letter.kind in ("inverse", "map"):
            terms = letter.data[1]
            return any(self.word_depends(w) or self.number_depends(c) for w, c in terms)
        if letter.kind == "diag":
            return self.word_depends(letter.data)
        if letter.kind == "hadamard":
            return any(self.word_depends(w) for w in letter.data)
        if letter.kind == "kronecker":
            return any(self.word_depends(w) for w, _, _ in letter.data)
        if letter.kind == "vec":
            return self.word_depends(letter.data[0][0])
        return letter.kind == "opaque" and bool(letter.data[0].has(self.symbol))

    def word_depends(self, word: Word) -> bool:
        return any(self.depends(i) for i in word)

    def quantities(self, c: Fraction) -> list[Any]:
        """The traces and determinants in a coefficient."""
        field = self.algebra.field
        found: set[Any] = set()
        for place in field.used(c.num, c.den):
            found |= field.generators[place].expression.free_symbols
        known = [s for s in found if s in self.algebra.meaning]
        return sorted(known, key=lambda s: s.dummy_index)

    def number_depends(self, c: Fraction) -> bool:
        return any(self._quantity_depends(self.algebra.meaning[s]) for s in self.quantities(c))

    def _quantity_depends(self, key: Any) -> bool:
        if key[0] == "det of sum":
            element = self.algebra.sums[key]
            return any(
                self.word_depends(w) or self.number_depends(c) for w, c in element.terms.items()
            )
        if key[0] == "entry":
            return bool(key[1] == self.symbol)
        return self.word_depends(key[1])

    # From a number back to x

    def of_number(self, c: Fraction) -> Element:
        """The gradient of a coefficient."""
        total, field = self.zero(), self.algebra.field
        changing = [
            s for s in self.quantities(c) if self._quantity_depends(self.algebra.meaning[s])
        ]
        if not changing:
            return total
        expression = field.expression(c.num) / field.expression(c.den)
        for s in changing:
            rate = field.of(sp.diff(expression, s))
            if not rate.is_zero():
                part = self._of_quantity(s)
                total = self.algebra.add(total, self.algebra.scale(rate, part))
        return total

    def _of_quantity(self, dummy: Any) -> Element:
        algebra, key = self.algebra, self.algebra.meaning[dummy]
        if key[0] == "trace":
            return self._of_trace(key[1])
        if key[0] in ("det", "det of sum"):  # d det M = det M tr(M^-1 dM)
            self._require_invertible(key)
            if key[0] == "det":
                n = algebra.letters[key[1][0]].rows
                m = Element(n, n, {key[1]: UNIT})
            else:
                m = algebra.sums[key]
            weight = algebra.scale(algebra.field.of(dummy), inverses.inverse(algebra, m))
            return self.of_element(m, algebra.transpose(weight))
        raise GiveUp("a derivative by a 1 x 1 matrix")

    def _require_invertible(self, key: Any) -> None:
        algebra = self.algebra
        if key[0] == "det" and not inverses.is_invertible(
            algebra, key[1], algebra.letters[key[1][0]].rows
        ):
            algebra.conditions[f"{algebra.text(key[1])} is invertible"] = None

    def _of_trace(self, word: Word) -> Element:
        total = self.zero()
        for place, i in enumerate(word):
            if self.depends(i):
                letter = self.algebra.letters[i]
                around = word[place + 1 :] + word[:place]
                weight = self.algebra.of_word(
                    self.algebra.flip(around), letter.rows, letter.columns
                )
                total = self.algebra.add(total, self.of_letter(i, weight))
        return total

    def of_element(self, m: Element, weight: Element) -> Element:
        """The gradient of tr(H' M), H the weight held fixed."""
        algebra, total = self.algebra, self.zero()
        turned = algebra.transpose(weight)
        for word, c in m.terms.items():
            for place, i in enumerate(word):
                if self.depends(i):
                    letter = algebra.letters[i]
                    before = self._flipped(word[:place], m.rows, letter.rows)
                    after = self._flipped(word[place + 1 :], letter.columns, m.columns)
                    inner = algebra.multiply(before, weight, after)
                    total = algebra.add(total, self.of_letter(i, algebra.scale(c, inner)))
            if self.number_depends(c):
                size = algebra.multiply(turned, Element(m.rows, m.columns, {word: UNIT}))
                part = algebra.scale(traces.trace(algebra, size), self.of_number(c))
                total = algebra.add(total, part)
        return total

    def _flipped(self, word: Word, rows: Any, columns: Any) -> Element:
        return self.algebra.of_word(self.algebra.flip(word), columns, rows)

    def of_letter(self, i: int, weight: Element) -> Element:
        """The gradient of tr(H' L) for one letter L."""
        algebra = self.algebra
        letter = algebra.letters[i]
        if i == self.letter:
            return weight
        if i == algebra.flipped[self.letter]:
            return algebra.transpose(weight)
        if letter.kind == "inverse":  # d M^-1 = -M^-1 dM M^-1
            flipped = algebra.of_letter(algebra.flipped[i])
            inner = algebra.scale(-UNIT, algebra.multiply(flipped, weight, flipped))
            return self.of_element(inverses.of_letter(algebra, i), inner)
        if letter.kind == "diag":
            ones = algebra.of_word(structure.ones(algebra, letter.rows), letter.rows, sp.S.One)
            entries = structure.hadamard(algebra, algebra.identity(letter.rows), weight)
            x = algebra.of_word(letter.data, letter.rows, sp.S.One)
            return self.of_element(x, algebra.multiply(entries, ones))
        if letter.kind == "hadamard":
            return self._of_hadamard(letter.data, weight)
        if letter.kind == "map":
            inner = structure.hadamard(algebra, weight, elementwise.rate(algebra, letter))
            return self.of_element(elementwise.argument(letter), inner)
        raise GiveUp(f"the differential of a {letter.kind} letter")

    def _of_hadamard(self, factors: tuple[Word, ...], weight: Element) -> Element:
        algebra, total = self.algebra, self.zero()
        for place, word in enumerate(factors):
            if self.word_depends(word):
                inner = weight
                for other in factors[:place] + factors[place + 1 :]:
                    factor = algebra.of_word(other, *weight.shape)
                    inner = structure.hadamard(algebra, inner, factor)
                m = algebra.of_word(word, *weight.shape)
                total = algebra.add(total, self.of_element(m, inner))
        return total

    # Forward, for columns

    def of_column(self, f: Element) -> Element:
        """The Jacobian of a column: d f = J dx."""
        algebra = self.algebra
        one = algebra.identity(sp.S.One)
        total = algebra.zero(f.rows, self.shape[0])
        for word, c in f.terms.items():
            moved = self._of_product(word, one, f.rows)
            total = algebra.add(total, algebra.scale(c, moved))
            total = algebra.add(total, self._by_coefficient(word, f.rows, one, c))
        return total

    def _by_coefficient(self, word: Word, rows: Any, v: Element, c: Fraction) -> Element:
        algebra = self.algebra
        if not self.number_depends(c):
            return algebra.zero(rows, self.shape[0])
        column = algebra.multiply(Element(rows, v.rows, {word: UNIT}), v)
        return algebra.multiply(column, algebra.transpose(self.of_number(c)))

    def _of_product(self, word: Word, v: Element, rows: Any) -> Element:
        """The derivative of word * v, v held fixed."""
        algebra = self.algebra
        total = algebra.zero(rows, self.shape[0])
        for place, i in enumerate(word):
            if self.depends(i):
                letter = algebra.letters[i]
                before = algebra.of_word(word[:place], rows, letter.rows)
                after = algebra.of_word(word[place + 1 :], letter.columns, v.rows)
                part = self._of_factor(i, algebra.multiply(after, v))
                total = algebra.add(total, algebra.multiply(before, part))
        return total

    def _of_factor(self, i: int, v: Element) -> Element:
        """The derivative of L * v for one letter L, v held fixed."""
        algebra = self.algebra
        letter = algebra.letters[i]
        if i == self.letter:
            return algebra.scale(v.terms.get((), UNIT - UNIT), algebra.identity(self.shape[0]))
        if i == algebra.flipped[self.letter]:
            return algebra.transpose(v)
        if letter.kind == "diag":
            x = algebra.of_word(letter.data, letter.rows, sp.S.One)
            return algebra.multiply(structure.diag(algebra, v), self.of_column(x))
        if letter.kind == "map" and same_size(letter.columns, sp.S.One):
            outer = structure.diag(algebra, elementwise.rate(algebra, letter))
            inner = algebra.multiply(outer, self.of_column(elementwise.argument(letter)))
            return algebra.scale(v.terms.get((), UNIT - UNIT), inner)
        if letter.kind == "inverse":
            w = algebra.of_letter(i)
            u = algebra.multiply(w, v)
            inner = algebra.zero(letter.rows, self.shape[0])
            for word, c in inverses.of_letter(algebra, i).terms.items():
                part = algebra.scale(c, self._of_product(word, u, letter.rows))
                inner = algebra.add(inner, part, self._by_coefficient(word, letter.rows, u, c))
            return algebra.scale(-UNIT, algebra.multiply(w, inner))
        raise GiveUp(f"the differential of a {letter.kind} letter")

"""Growth scales: monomials exp(P) t**a log(t)**b ... as t grows, and truncated series in them.

A monomial is determined by its logarithm, a sum of simpler monomials; of two, the one whose
logarithm leads grows faster. A series is a sum of terms in falling order and, where it was cut, an
error: a monomial that bounds what was left out.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cmp_to_key
from typing import Any, NamedTuple

import sympy as sp

from derivations.kernel.field import GiveUp
from derivations.kernel.obligations import Obligations

DEPTH = 4  # t, log t, log log t, log log log t


class Vanishes(Exception):
    """No term is left above the error: more terms are needed."""


class Scale(NamedTuple):
    """exp(sum of c * m over `growth`) * t**a * log(t)**b * ...; the m all tend to infinity."""

    growth: tuple[tuple[Any, Any], ...]
    powers: tuple[Any, ...]


def iterated_log(level: int) -> Scale:
    """The variable itself (level 0), its logarithm (1), the logarithm of that (2) ..."""
    return Scale((), tuple(sp.S.One if i == level else sp.S.Zero for i in range(DEPTH)))


UNIT = Scale((), (sp.S.Zero,) * DEPTH)


@dataclass(frozen=True, slots=True)
class Series:
    """Terms in falling order, and the scale of what was left out (None: nothing)."""

    terms: tuple[tuple[Scale, Any], ...]
    error: Scale | None = None


class Scales:
    """Arithmetic of series with at most `order` terms."""

    def __init__(self, obligations: Obligations, order: int) -> None:
        self.obligations = obligations
        self.order = order
        self._known: dict[Scale, int] = {}

    def times(self, a: Scale, b: Scale) -> Scale:
        """The product of two scales."""
        growth = dict(a.growth)
        for m, c in b.growth:
            total = sp.expand(growth.pop(m, sp.S.Zero) + c)
            if total != 0 and not self.obligations.is_zero(total):
                growth[m] = total
        powers = tuple(sp.expand(x + y) for x, y in zip(a.powers, b.powers, strict=True))
        return Scale(tuple(sorted(growth.items(), key=str)), powers)

    def power(self, a: Scale, r: Any) -> Scale:
        """A scale to a real power."""
        if r == 0:
            return UNIT
        growth = tuple((m, sp.expand(c * r)) for m, c in a.growth)
        return Scale(growth, tuple(sp.expand(x * r) for x in a.powers))

    def direction(self, a: Scale) -> int:
        """1 when the scale tends to infinity, -1 when to zero, 0 when it is 1.

        Raises:
            GiveUp: that depends on a sign that is neither known nor may be assumed.
        """
        if a == UNIT:
            return 0
        found = self._known.get(a)
        if found is None:
            found = self._known[a] = self._direction(a)
        return found

    def _direction(self, a: Scale) -> int:
        self._tick()
        parts = [*a.growth]
        for level, exponent in enumerate(a.powers):
            if exponent != 0:
                if level + 1 >= DEPTH:
                    raise GiveUp("the logarithms are nested too deeply")
                parts.append((iterated_log(level + 1), exponent))
                break  # the later ones are smaller
        lead, coefficient = parts[0]
        for m, c in parts[1:]:
            if self.compare(m, lead) > 0:
                lead, coefficient = m, c
        possible = self.obligations.sign(coefficient)
        if len(possible) != 1:
            self.obligations.require_positive(-coefficient)
            possible = frozenset({-1})
        (s,) = possible
        if s == 0:
            raise GiveUp("a vanishing exponent")
        return s

    def _tick(self) -> None:
        if time.thread_time() > self.obligations.deadline:
            raise GiveUp("out of time")

    def compare(self, a: Scale, b: Scale) -> int:
        """1 when a grows faster than b, -1 when slower, 0 when they are the same."""
        if a == b:
            return 0
        return self.direction(self.times(a, self.power(b, sp.S.NegativeOne)))

    def made(self, terms: Iterable[tuple[Scale, Any]], error: Scale | None) -> Series:
        """A series from terms in any order."""
        self._tick()
        merged: dict[Scale, Any] = {}
        for m, c in terms:
            merged[m] = merged[m] + c if m in merged else c
        kept: list[tuple[Scale, Any]] = []
        for m, total in merged.items():
            c = sp.expand(total)
            if c == 0 or (error is not None and self.compare(m, error) <= 0):
                continue
            if not c.is_Rational and self.obligations.is_zero(c):
                continue
            kept.append((m, c))
        kept.sort(key=cmp_to_key(self._falling))
        if len(kept) > self.order:
            error, kept = kept[self.order][0], kept[: self.order]
        return Series(tuple(kept), error)

    def _falling(self, x: tuple[Scale, Any], y: tuple[Scale, Any]) -> int:
        return self.compare(y[0], x[0])

    def constant(self, c: Any) -> Series:
        """A quantity that does not depend on the variable."""
        return Series(()) if c == 0 else Series(((UNIT, c),))

    def add(self, *parts: Series) -> Series:
        """The sum of series."""
        error = self.larger(p.error for p in parts)
        return self.made((t for p in parts for t in p.terms), error)

    def scale(self, a: Series, c: Any) -> Series:
        """A series times a constant."""
        return Series(tuple((m, sp.expand(c * k)) for m, k in a.terms), a.error)

    def multiply(self, a: Series, b: Series) -> Series:
        """The product of two series."""
        errors = []
        for first, second in ((a, b), (b, a)):
            if first.error is not None:
                size = second.terms[0][0] if second.terms else second.error
                if size is not None:
                    errors.append(self.times(first.error, size))
        products = [(self.times(m, k), c * d) for m, c in a.terms for k, d in b.terms]
        return self.made(products, self.larger(errors))

    def larger(self, scales: Iterable[Scale | None]) -> Scale | None:
        """The fastest growing of some scales."""
        best: Scale | None = None
        for m in scales:
            if m is not None and (best is None or self.compare(m, best) > 0):
                best = m
        return best

    def leading(self, a: Series) -> tuple[Scale, Any]:
        """The leading term, its coefficient certainly not zero.

        Raises:
            Vanishes: all known terms cancelled.
        """
        if not a.terms:
            raise Vanishes
        m, c = a.terms[0]
        if not self.obligations.nonzero(c):
            self.obligations.require_nonzero(c)
        return m, c

    def remainder(self, a: Series) -> Series:
        """What tends to zero in a = leading * (1 + remainder)."""
        m, c = self.leading(a)
        over = self.power(m, sp.S.NegativeOne)
        rest = [(self.times(k, over), d / c) for k, d in a.terms[1:]]
        error = None if a.error is None else self.times(a.error, over)
        return self.made(rest, error)

    def compose(self, small: Series, coefficient: Callable[[int], Any]) -> Series:
        """sum of coefficient(k) * small**k; the series must tend to zero."""
        total, product = self.constant(coefficient(0)), self.constant(sp.S.One)
        if not small.terms and small.error is None:
            return total
        for k in range(1, self.order + 1):
            product = self.multiply(product, small)
            total = self.add(total, self.scale(product, coefficient(k)))
        size = small.terms[0][0] if small.terms else small.error
        assert size is not None
        beyond = self.power(size, sp.Integer(self.order + 1))
        return self.made(total.terms, self.larger((total.error, beyond)))

    def real_power(self, a: Series, r: Any) -> Series:
        """a**r for a constant r; a is positive unless r is an integer."""
        if r == 0:
            return self.constant(sp.S.One)
        if not a.terms and a.error is None:
            if self.obligations.positive(r):
                return a
            raise GiveUp("a power of 0")
        if r.is_Integer and 1 <= r <= 8:
            product = a
            for _ in range(int(r) - 1):
                product = self.multiply(product, a)
            return product
        m, c = self.leading(a)
        if not r.is_integer:
            self.obligations.require_positive(c)
        factor = self.compose(self.remainder(a), _binomial_coefficients(r))
        head = Series(((self.power(m, r), c**r),))
        return self.multiply(head, factor)

    def log(self, a: Series) -> Series:
        """The logarithm of a positive series."""
        m, c = self.leading(a)
        self.obligations.require_positive(c)
        parts = [*m.growth]
        for level, exponent in enumerate(m.powers):
            if exponent != 0:
                if level + 1 >= DEPTH:
                    raise GiveUp("the logarithms are nested too deeply")
                parts.append((iterated_log(level + 1), exponent))
        head = self.made([*parts, (UNIT, sp.log(c))], None)
        small = self.compose(
            self.remainder(a), lambda k: sp.Rational((-1) ** (k + 1), k) if k else sp.S.Zero
        )
        return self.add(head, small)

    def split(self, a: Series) -> tuple[list[tuple[Scale, Any]], Any, Series]:
        """The terms that tend to infinity, the constant one, and the rest, which tends to zero.

        Raises:
            Vanishes: the error does not tend to zero.
        """
        if a.error is not None and self.direction(a.error) >= 0:
            raise Vanishes
        large = [(m, c) for m, c in a.terms if self.direction(m) > 0]
        constant = next((c for m, c in a.terms if m == UNIT), sp.S.Zero)
        small = tuple((m, c) for m, c in a.terms if self.direction(m) < 0)
        return large, constant, Series(small, a.error)

    def exp(self, a: Series) -> Series:
        """The exponential of a series."""
        large, constant, small = self.split(a)
        powers, growth = [sp.S.Zero] * DEPTH, []
        logs = {iterated_log(level + 1): level for level in range(DEPTH - 1)}
        for m, c in large:
            if m in logs:
                powers[logs[m]] = c
            else:
                growth.append((m, c))
        head = Scale(tuple(sorted(growth, key=str)), tuple(powers))
        factor = self.compose(small, lambda k: 1 / sp.factorial(k))
        return self.multiply(Series(((head, sp.exp(constant)),)), factor)


def _binomial_coefficients(r: Any) -> Callable[[int], Any]:
    def coefficient(k: int) -> Any:
        return sp.expand(sp.ff(r, k) / sp.factorial(k))

    return coefficient

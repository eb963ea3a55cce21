"""Signs that a proof needs: certified from the assumptions, or kept as stated conditions.

A condition is never assumed silently: it is recorded, and all that are recorded together must hold
at one point at least, so that no claim is proved by contradiction.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sympy as sp
from sympy.core.relational import Relational

from derivations.kernel.balls import Undecided, Undefined, evaluate
from derivations.kernel.field import Field, GiveUp
from derivations.kernel.order import ANY, sign
from derivations.kernel.points import points, symbols_of

_ALLOWED: dict[Any, frozenset[int]] = {
    sp.StrictGreaterThan: frozenset({1}),
    sp.StrictLessThan: frozenset({-1}),
    sp.GreaterThan: frozenset({0, 1}),
    sp.LessThan: frozenset({-1, 0}),
    sp.Unequality: frozenset({-1, 1}),
}
_OPPOSITE = {-1: 1, 0: 0, 1: -1}


class Obligations:
    """What is known of the symbols of one question, and what had to be assumed besides.

    Attributes:
        deadline: the time (`time.thread_time`) at which work stops.
        assumed: the relations that were needed and could not be certified.
        notes: conditions that are not relations between numbers, as text.
        vary: whether an unknown sign may be assumed at all.
    """

    def __init__(self, given: Sequence[Any], deadline: float, *, vary: bool = True) -> None:
        self.given = tuple(given)
        self.deadline = deadline
        self.vary = vary
        self.assumed: dict[Any, None] = {}
        self.notes: dict[str, None] = {}
        self._signs: dict[Any, frozenset[int]] = {}
        self._views = [{}, *_views(self.given)]

    @property
    def conditions(self) -> tuple[str, ...]:
        """Everything assumed, as text."""
        signed = {r.lhs - r.rhs for r in self.assumed if isinstance(r, sp.Gt | sp.Lt)}
        kept = [
            r
            for r in self.assumed
            if not (isinstance(r, sp.Ne) and {r.lhs - r.rhs, r.rhs - r.lhs} & signed)
        ]
        return tuple(dict.fromkeys([*map(_in_words, kept), *self.notes]))

    def sign(self, expression: Any) -> frozenset[int]:
        """What the sign of a real expression may be: a set of -1, 0 and 1."""
        e = sp.sympify(expression, strict=True)
        known = self._signs.get(e)
        if known is None:
            known = self._signs[e] = self._sign(e)
            self._signs.setdefault(-e, frozenset(_OPPOSITE[s] for s in known))
        return known

    def positive(self, expression: Any) -> bool:
        """Whether the expression is certainly positive."""
        return self.sign(expression) == {1}

    def nonzero(self, expression: Any) -> bool:
        """Whether the expression is certainly not zero."""
        return 0 not in self.sign(expression) or bool(expression.is_nonzero)

    def is_zero(self, expression: Any) -> bool:
        """Whether the expression is certainly zero; False also when that is not known."""
        e = sp.sympify(expression, strict=True)
        if e.is_Rational or e.is_Symbol:
            return bool(e == 0)
        try:
            return Field(self.deadline).fraction(e).is_zero()
        except GiveUp:
            return bool(sp.expand(e) == 0)

    def require_positive(self, expression: Any) -> None:
        """Certify that the expression is positive, or record it as a condition.

        Raises:
            GiveUp: it is certainly not positive, or conditions may not be added.
        """
        self._require(expression, frozenset({1}), sp.Gt)

    def require_nonzero(self, expression: Any) -> None:
        """Certify that the expression is not zero, or record it as a condition."""
        if not self.nonzero(expression):
            self._require(expression, frozenset({-1, 1}), sp.Ne)

    def require_at_least(self, expression: Any, low: int) -> None:
        """Certify that the expression is at least `low`, or record it as a condition."""
        self._require(expression - low, frozenset({0, 1}), sp.Ge)

    def _require(self, expression: Any, wanted: frozenset[int], relation: Any) -> None:
        e = sp.expand(expression)
        possible = self.sign(e)
        if possible <= wanted:
            return
        if not possible & wanted or not self.vary or e.is_number or e.has(sp.I):
            raise GiveUp(f"{_in_words(relation(e, 0, evaluate=False))} is not certain")
        kept = possible & wanted
        condition = relation(e, 0)
        if condition in (sp.true, sp.false):
            raise GiveUp(f"the sign of {e} is not certain")
        self.assumed[condition] = None
        self._remember(e, kept)
        self._remember(expression, kept)

    def _remember(self, e: Any, signs: frozenset[int]) -> None:
        self._signs[e] = signs
        self._signs[-e] = frozenset(_OPPOSITE[s] for s in signs)

    def inside(self, x: Any, low: Any, high: Any, *, closed: bool = False) -> Obligations:
        """Obligations for what stands inside an integral or a sum over x."""
        below, above = (sp.Ge, sp.Le) if closed else (sp.Gt, sp.Lt)
        bounds = [below(x, low)] if low != -sp.oo else []
        bounds += [above(x, high)] if high != sp.oo else []
        bounds = [b for b in bounds if b not in (sp.true, sp.false)]
        return Obligations([*self.given, *bounds], self.deadline, vary=self.vary)

    def take(self, inner: Obligations, x: Any) -> None:
        """Take over what was assumed inside; of the bound x nothing may be assumed."""
        if any(r.has(x) for r in inner.assumed):
            raise GiveUp(f"a condition on {x}, which is bound")
        for relation in inner.assumed:
            self.assumed[relation] = None
            self._remember(relation.lhs - relation.rhs, _ALLOWED[type(relation)])
        self.notes.update(inner.notes)

    def forget(self, kept: dict[Any, None]) -> None:
        """Take back what a failed attempt assumed."""
        if len(kept) != len(self.assumed):
            self.assumed = dict(kept)
            self._signs.clear()
            for relation in kept:
                self._remember(relation.lhs - relation.rhs, _ALLOWED[type(relation)])

    def note(self, condition: str) -> None:
        """Record a condition in words."""
        self.notes[condition] = None

    def consistent(self) -> bool:
        """Whether all that was assumed holds together at one exact point."""
        if not self.assumed:
            return True
        relations = [r for r in self.assumed if isinstance(r, Relational)]
        symbols = symbols_of(*relations, *self.given)
        found = points(symbols, [*self.given, *relations], str(relations))
        return next(found, None) is not None

    def _sign(self, e: Any) -> frozenset[int]:
        if e.is_positive:
            return frozenset({1})
        if e.is_negative:
            return frozenset({-1})
        if e.is_zero:
            return frozenset({0})
        if e.is_number and not e.is_Rational:
            return _number_sign(e, self.deadline)
        known = ANY
        if e.is_nonnegative:
            known &= frozenset({0, 1})
        if e.is_nonpositive:
            known &= frozenset({-1, 0})
        for view in self._views:
            if len(known) == 1:
                break
            if view and not e.free_symbols & view.keys():
                continue
            try:
                field = Field(self.deadline)
                known &= sign(field, field.fraction(e.xreplace(view)))
            except GiveUp:
                continue
        return known


def _in_words(relation: Any) -> str:
    """A relation to 0 with its negative terms moved over: t < lambda for lambda - t > 0."""
    e = sp.expand(relation.lhs - relation.rhs)
    terms = sp.Add.make_args(e)
    moved = [t for t in terms if t.could_extract_minus_sign()]
    left, right = e + sp.Add(*[-t for t in moved]), sp.Add(*[-t for t in moved])
    sign = relation.rel_op
    if not moved or (left == 0 and isinstance(relation, sp.Ne)):
        return f"{left or right} {sign} 0" if moved else f"{e} {sign} 0"
    if right.is_Number or sign == "!=":
        return f"{left} {sign} {right}"
    return f"{right} {sign.translate(str.maketrans('<>', '><'))} {left}"


def _number_sign(e: Any, deadline: float) -> frozenset[int]:
    for bits in (64, 256):
        try:
            ball = evaluate(e, {}, bits)
        except (Undecided, Undefined):
            continue
        if not ball.imag.contains(0):
            break
        if ball.real > 0:
            return frozenset({1})
        if ball.real < 0:
            return frozenset({-1})
    try:
        return frozenset({0}) if Field(deadline).fraction(e).is_zero() else ANY
    except GiveUp:
        return ANY


def _views(given: Sequence[Any]) -> Iterator[dict[Any, Any]]:
    """Ways to write bounded symbols by positive ones: s = low + u, or a map of (low, high)."""
    low: dict[Any, tuple[Any, bool]] = {}
    high: dict[Any, tuple[Any, bool]] = {}
    for relation in given:
        for symbol, bound, strict, below in _bounds(relation):
            (high if below else low).setdefault(symbol, (bound, strict))
            if not below and symbol.is_positive and (-bound).is_nonnegative:
                low[symbol] = (sp.S.Zero, True)
    for symbol in [*high]:
        if symbol not in low and symbol.is_positive:
            low[symbol] = (sp.S.Zero, True)
        elif symbol not in low and symbol.is_nonnegative:
            low[symbol] = (sp.S.Zero, False)
    both: dict[Any, Any] = {}
    for symbol in {**low, **high}:
        sides = []
        if symbol in low:
            bound, strict = low[symbol]
            sides.append(bound + _step(symbol, strict))
        if symbol in high:
            bound, strict = high[symbol]
            sides.append(bound - _step(symbol, strict))
        for side in sides:
            yield {symbol: side}
        if len(sides) == 2 and low[symbol][1] and high[symbol][1]:
            u = _step(symbol, True)
            inside = (low[symbol][0] + high[symbol][0] * u) / (1 + u)
            yield {symbol: inside}
            both[symbol] = inside
        elif not both.keys() & sides[0].free_symbols:
            both[symbol] = sides[0]
    if len(both) > 1 and not any(v.free_symbols & both.keys() for v in both.values()):
        yield both


def _step(symbol: Any, strict: bool) -> Any:
    if strict:
        return sp.Dummy(symbol.name, positive=True)
    return sp.Dummy(symbol.name, nonnegative=True)


def _bounds(relation: Any) -> Iterator[tuple[Any, Any, bool, bool]]:
    """(symbol, bound, strict, whether it bounds from above) for each side that is a symbol."""
    if isinstance(relation, sp.And):
        for part in relation.args:
            yield from _bounds(part)
        return
    if not isinstance(relation, sp.Lt | sp.Le | sp.Gt | sp.Ge):
        return
    strict = isinstance(relation, sp.Lt | sp.Gt)
    small, large = relation.lts, relation.gts
    if isinstance(small, sp.Abs) and small.args[0].is_Symbol:
        yield small.args[0], large, strict, True
        yield small.args[0], -large, strict, False
        return
    if small.is_Symbol:
        yield small, large, strict, True
    if large.is_Symbol:
        yield large, small, strict, False

"""Random expressions as sums of terms: a constant times random factors, under bound indices.

Every occurrence of a sum gets bound indices of its own, so a square of a sum becomes a double sum
and linearity is all that an expectation needs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any

import sympy as sp

from derivations.functions import sigmoid
from derivations.kernel.expectation.nodes import (
    OPERATORS,
    declaration_of,
    is_random_atom,
    variables_in,
)
from derivations.kernel.field import GiveUp

MAX_TERMS = 1500
MAX_POWER = 12


@dataclass(frozen=True)
class Term:
    """coefficient * product of factor^exponent * exp(exponent), summed over the binders."""

    coefficient: Any
    factors: dict[Any, int] = field(default_factory=dict)
    exponent: Any = sp.S.Zero
    binders: tuple[tuple[Any, Any, Any], ...] = ()  # index, low, high; outermost first

    def __mul__(self, other: Term) -> Term:
        factors = dict(self.factors)
        for base, power in other.factors.items():
            factors[base] = factors.get(base, 0) + power
        return Term(
            self.coefficient * other.coefficient,
            factors,
            self.exponent + other.exponent,
            self.binders + other.binders,
        )


class Expander:
    """The map from expressions to terms; `operator` gives the values of inner operators."""

    def __init__(self, deadline: float, operator: Callable[[Any], Any]) -> None:
        self.deadline = deadline
        self.operator = operator
        self.settled: set[Any] = set()  # operators in values: carried out as far as they go

    def terms(self, e: Any) -> list[Term]:
        """The expression as terms.

        Raises:
            GiveUp: the expression has too many terms or something that cannot be expanded.
        """
        if time.thread_time() > self.deadline:
            raise GiveUp("out of time")
        if isinstance(e, OPERATORS):
            if e in self.settled:
                return [Term(sp.S.One, {e: 1})]
            value = self.operator(e)
            self.settled.update(operators_in(value))
            return self.terms(value)
        if not variables_in(e) and not e.has(*OPERATORS):
            return [Term(e)]
        if is_random_atom(e):
            return [Term(sp.S.One, {e: 1})]
        if e.is_Add:
            return [t for a in e.args for t in self.terms(a)]
        if e.is_Mul:
            return self._product(e.args)
        if e.is_Pow and e.base != sp.E:
            return self._power(e.base, e.exp)
        if isinstance(e, sp.exp) or e.is_Pow:
            return self._exponential(e.args[-1])
        if isinstance(e, sp.Sum):
            return self._sum(e.args[0], e.args[1:])
        if isinstance(e, sp.Product) and len(e.args) == 2:
            index, low, high = e.args[1]
            fresh = sp.Dummy(index.name, integer=True)
            body = substituted(e.args[0], {index: fresh})
            return [Term(sp.S.One, {sp.Product(body, (fresh, low, high)): 1})]
        rule = _REWRITES.get(e.func)
        rewritten = rule(e) if rule is not None else None
        if rewritten is not None:
            return self.terms(rewritten)
        return [Term(sp.S.One, {self._opaque(e): 1})]

    def _product(self, factors: Iterable[Any]) -> list[Term]:
        lists = [self.terms(a) for a in factors]
        return reduce(self._times, lists)

    def _times(self, left: list[Term], right: list[Term]) -> list[Term]:
        if len(left) * len(right) > MAX_TERMS:
            raise GiveUp("the product has too many terms")
        return [s * t for s in left for t in right]

    def _power(self, base: Any, exponent: Any) -> list[Term]:
        if not exponent.is_Integer or variables_in(exponent):
            return [Term(sp.S.One, {self._opaque(base**exponent): 1})]
        n = int(exponent)
        if abs(n) > MAX_POWER:
            raise GiveUp("a power is too large")
        if n > 0:
            return self._product([base] * n)
        parts = self.terms(base)
        if len(parts) != 1 or parts[0].binders:
            return [Term(sp.S.One, {self._opaque(base): n})]
        (t,) = parts
        factors = {b: n * p for b, p in t.factors.items()}
        return [Term(t.coefficient**n, factors, n * t.exponent)]

    def _exponential(self, argument: Any) -> list[Term]:
        """exp of a sum of terms; a sum of symbolic length in it makes a product."""
        total = Term(sp.S.One)
        for part in self.terms(argument):
            value = sp.Mul(part.coefficient, *[b**p for b, p in part.factors.items()])
            value *= sp.exp(part.exponent)
            if part.binders:
                if len(part.binders) > 1:
                    raise GiveUp("the exponential of a double sum of random terms")
                total *= Term(sp.S.One, {sp.Product(sp.exp(value), part.binders[0]): 1})
                continue
            if part.factors or part.exponent != 0:
                total = replace(total, exponent=total.exponent + value)
            else:
                total = replace(total, coefficient=total.coefficient * sp.exp(value))
        return [total]

    def _sum(self, body: Any, limits: Any) -> list[Term]:
        *inner, (index, low, high) = limits
        if inner:
            body = sp.Sum(body, *inner)
        if variables_in(low) or variables_in(high):
            raise GiveUp("a sum of random length")
        if low in (sp.oo, -sp.oo) or high in (sp.oo, -sp.oo):
            raise GiveUp("an infinite sum of random terms")
        fresh = sp.Dummy(index.name, integer=True)
        found = self.terms(substituted(body, {index: fresh}))
        return [replace(t, binders=((fresh, low, high), *t.binders)) for t in found]

    def _opaque(self, e: Any) -> Any:
        """A factor that is not looked into; operators inside get their values."""
        for loop in e.atoms(sp.Sum, sp.Product, sp.Integral):
            if variables_in(loop):
                raise GiveUp(f"a random {type(loop).__name__} inside a function")
        inner = {o: self.operator(o) for o in operators_in(e)}
        return e.xreplace(inner)


def substituted(expression: Any, values: dict[Any, Any]) -> Any:
    """Replace free symbols, under operators too; bound indices of inner sums stay."""
    clash = {
        s
        for loop in expression.atoms(sp.Sum, sp.Product)
        for s in loop.bound_symbols
        if s in values
    }
    if clash:
        fresh = {s: sp.Dummy(s.name, integer=True) for s in clash}
        loops = [loop for loop in expression.atoms(sp.Sum, sp.Product) if clash & _bound(loop)]
        for loop in loops:
            mapping = {s: fresh[s] for s in clash & _bound(loop)}
            expression = expression.xreplace({loop: _renamed(loop, mapping)})
    return expression.xreplace(values)


def _bound(loop: Any) -> set[Any]:
    return set(loop.bound_symbols)


def _renamed(loop: Any, mapping: dict[Any, Any]) -> Any:
    return loop.func(
        loop.args[0].xreplace(mapping),
        *[sp.Tuple(mapping.get(i, i), low, high) for i, low, high in loop.args[1:]],
    )


def operators_in(expression: Any) -> list[Any]:
    """The outermost operators of an expression."""
    if isinstance(expression, OPERATORS):
        return [expression]
    found: dict[Any, None] = {}
    for a in expression.args:
        if isinstance(a, sp.Basic):
            found |= dict.fromkeys(operators_in(a))
    return list(found)


def _maximum(e: Any) -> Any:
    """max(a, b) = (a + b + |a - b|) / 2, and min with a minus."""
    if len(e.args) != 2:
        return None
    a, b = e.args
    sign = 1 if isinstance(e, sp.Max) else -1
    return (a + b + sign * sp.Abs(a - b)) / 2


def _absolute(e: Any) -> Any:
    """|x| = x sign(x) for a product x; that of a sum stays."""
    return None if e.args[0].is_Add else e.args[0] * sp.sign(e.args[0])


def _signum(e: Any) -> Any:
    """The sign of a product is the product of the signs."""
    argument = e.args[0]
    if argument.is_Mul:
        return sp.Mul(*[sp.sign(a) for a in argument.args])
    if argument.is_Add and argument.could_extract_minus_sign():
        return -sp.sign(-argument)
    if is_random_atom(argument) and declaration_of(argument).positive:
        return sp.S.One
    return None


def _step(e: Any) -> Any:
    """The unit step, with its declared value at 0."""
    return indicator(e.args[0] > 0) + e.args[1] * (1 - sp.sign(e.args[0]) ** 2)


def _cases(e: Any) -> Any:
    """Branches times the indicators of their conditions, where no earlier one holds."""
    total, left = sp.S.Zero, sp.S.One
    for branch, condition in e.args:
        here = indicator(condition)
        if here is None:
            return None
        total += left * here * branch
        left *= 1 - here
    return total


def indicator(event: Any) -> Any:
    """1 where the event happens, else 0, written with signs; None where it cannot be read."""
    if event in (sp.true, sp.false):
        return sp.Integer(event == sp.true)
    if isinstance(event, sp.And | sp.Or | sp.Not):
        parts = [indicator(a) for a in event.args]
        if None in parts:
            return None
        if isinstance(event, sp.And):
            return sp.Mul(*parts)
        missed = sp.Mul(*[1 - p for p in parts])
        return missed if isinstance(event, sp.Not) else 1 - missed
    rule = _INDICATORS.get(type(event))
    return rule(sp.sign(event.lhs - event.rhs)) if rule is not None else None


_INDICATORS: dict[Any, Callable[[Any], Any]] = {
    sp.StrictGreaterThan: lambda s: (s**2 + s) / 2,
    sp.StrictLessThan: lambda s: (s**2 - s) / 2,
    sp.GreaterThan: lambda s: 1 - (s**2 - s) / 2,
    sp.LessThan: lambda s: 1 - (s**2 + s) / 2,
    sp.Equality: lambda s: 1 - s**2,
    sp.Unequality: lambda s: s**2,
}

_REWRITES: dict[Any, Callable[[Any], Any]] = {
    sp.Max: _maximum,
    sp.Min: _maximum,
    sp.Abs: _absolute,
    sp.sign: _signum,
    sp.Heaviside: _step,
    sp.Piecewise: _cases,
    sigmoid: lambda e: sp.Rational(1, 2) + sp.tanh(e.args[0] / 2) / 2,
}

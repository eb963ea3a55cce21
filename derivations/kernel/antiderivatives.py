"""Proposals for antiderivatives. Nothing here is trusted: who uses one differentiates it first.

Each rule takes the integrand and gives a candidate or None. Linearity and constant factors are
handled once, in `Search.of`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import sympy as sp
from sympy.polys.polyerrors import BasePolynomialError

from derivations.kernel import antiderivative_rational as rational
from derivations.kernel import antiderivative_rules as rules
from derivations.kernel.field import Field, GiveUp

MAX_DEPTH = 4
Rule = Callable[[Any, Any, Any], Any]
RULES: tuple[Rule, ...] = (
    rules.powers,
    rules.special,
    rules.squares,
    rules.exponentials,
    rules.gaussian,
    rational.roots,
    rational.over_power,
    rational.rational,
    rules.trigonometric,
    rules.logarithms,
    rational.rational_in_exponential,
    rules.divides,
    rules.parts,
)
FOR_SUMS: tuple[Rule, ...] = (
    rational.rational,
    rational.rational_in_exponential,
    rules.divides,
)


def antiderivative(integrand: Any, x: Any, deadline: float) -> Any:
    """A function whose derivative is the integrand, checked by the field.

    Raises:
        GiveUp: no rule applies, or the candidate's derivative could not be shown to be right.
    """
    found = Search(deadline).of(sp.sympify(integrand, strict=True), x)
    if found is None:
        raise GiveUp(f"no rule gives an antiderivative of {integrand}")
    if not is_antiderivative(found, integrand, x, deadline):
        raise GiveUp(f"the proposed antiderivative of {integrand} could not be checked")
    return found


def is_antiderivative(candidate: Any, integrand: Any, x: Any, deadline: float) -> bool:
    """Whether the derivative of the candidate is the integrand, decided by the field."""
    return bool(Field(deadline).fraction(candidate.diff(x) - integrand).is_zero())


class Search:
    """One search, with a limit on its depth and time."""

    def __init__(self, deadline: float) -> None:
        self.deadline = deadline
        self.depth = 0
        self.known: dict[Any, Any] = {}

    def of(self, f: Any, x: Any) -> Any:
        """A candidate, or None."""
        if time.thread_time() > self.deadline:
            raise GiveUp("out of time")
        if not f.has(x):
            return f * x
        key = (f, x)
        if key not in self.known:
            self.known[key] = None  # an integrand that leads back to itself has no candidate
            self.known[key] = self._by_rules(f, x)
        return self.known[key]

    def _by_rules(self, f: Any, x: Any) -> Any:
        constant, rest = f.as_independent(x, as_Add=False)
        if constant != 1:
            inner = self.of(rest, x)
            return None if inner is None else constant * inner
        if f.is_Add:
            parts = [self.of(a, x) for a in f.args]
            return self._whole(f, x) if any(p is None for p in parts) else sp.Add(*parts)
        found = self._first(RULES, f, x)
        if found is not None:
            return found
        spread = sp.expand(f, func=False)
        if spread.is_Add:
            return self.of(spread, x)
        joined = sp.powsimp(spread)
        return self.of(joined, x) if joined != f else None

    def _whole(self, f: Any, x: Any) -> Any:
        return self._first(FOR_SUMS, f, x)

    def _first(self, choices: tuple[Rule, ...], f: Any, x: Any) -> Any:
        if self.depth >= MAX_DEPTH:
            return None
        self.depth += 1
        try:
            for rule in choices:
                found = self._try(rule, f, x)
                if found is not None:
                    return found
        finally:
            self.depth -= 1
        return None

    def _try(self, rule: Rule, f: Any, x: Any) -> Any:
        if time.thread_time() > self.deadline:
            raise GiveUp("out of time")
        try:
            return rule(self, f, x)
        except (BasePolynomialError, NotImplementedError, ZeroDivisionError):
            return None  # SymPy's polynomials do not cover this integrand

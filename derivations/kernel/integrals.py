"""Definite integrals: split at kinks, known integrals by their conditions, or an antiderivative.

An antiderivative proves nothing by its derivative alone: it must be continuous inside the interval
(no pole, no branch, certified by signs) and have finite limits at both ends, taken separately.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import sympy as sp

from derivations.functions import sigmoid, softplus
from derivations.kernel import limits, theorems
from derivations.kernel.antiderivatives import Search
from derivations.kernel.balls import differentiated
from derivations.kernel.certificates import Antiderivative, Certificate, equal, shown
from derivations.kernel.field import GiveUp
from derivations.kernel.kinks import pieces, sign_inside
from derivations.kernel.obligations import Obligations

SEARCH_SHARE = 0.3  # of the time that is left, for a search that may lead nowhere
_ENTIRE = (sp.exp, sp.sin, sp.cos, sp.sinh, sp.cosh, sp.erf, sp.erfc)
_SMOOTH_ON_REALS = (sp.tanh, sp.sech, sp.atan, sp.asinh, sigmoid, softplus)


class Evaluation:
    """One evaluation: the evidence and the certificates it gathers."""

    def __init__(self, obligations: Obligations) -> None:
        self.obligations = obligations
        self.evidence: list[str] = []
        self.certificates: list[Certificate] = []

    def integral(self, node: Any) -> Any:
        """The value of an `Integral`, its innermost limits first."""
        body, *inner, (variable, *bounds) = node.args
        if len(bounds) != 2:
            raise GiveUp("an integral without limits")
        return self.definite(sp.Integral(body, *inner) if inner else body, variable, *bounds)

    def definite(self, f: Any, x: Any, low: Any, high: Any) -> Any:
        """The integral of f over x from low to high.

        Raises:
            GiveUp: it diverges, or no proof of a value was found.
        """
        if low == high:
            return sp.S.Zero
        if low == sp.oo or high == -sp.oo:
            return -self.definite(f, x, high, low)
        if low.is_number and high.is_number and self.obligations.sign(high - low) == {-1}:
            return -self.definite(f, x, high, low)
        for node in sorted(f.atoms(sp.Integral), key=sp.default_sort_key):
            inner = Evaluation(self.obligations.inside(x, low, high))
            f = f.xreplace({node: inner.integral(node)})
            self.obligations.take(inner.obligations, x)
            self.evidence += inner.evidence
            self.certificates += inner.certificates
        f = f.xreplace({d: differentiated(d) for d in f.atoms(sp.Derivative)})
        named = sp.Dummy(x.name, real=True)
        f = f.subs(x, named)
        if not f.has(named):
            return self._constant(f, low, high)
        total = sp.S.Zero
        for piece, lower, upper in pieces(f, named, low, high, self.obligations):
            total += self._smooth(piece, named, lower, upper)
        return total

    def _constant(self, f: Any, low: Any, high: Any) -> Any:
        if f == 0:
            return f
        if sp.oo in (high, -low):
            raise GiveUp("the integral of a constant over an infinite range diverges")
        return f * (high - low)

    def _smooth(self, f: Any, x: Any, low: Any, high: Any) -> Any:
        if f == 0:
            return sp.S.Zero
        if not f.has(x):
            return self._constant(f, low, high)
        if low == -sp.oo and high == sp.oo and (centre := theorems.centre_of(f, x)) != 0:
            self.evidence.append(f"moved to the centre {centre}")
            f = f.subs(x, x + centre)
        if low == -high and self._vanishes_by_symmetry(f, x, low, high):
            return sp.S.Zero
        prefers_theorem = theorems.is_special(f, x)
        reasons = []
        routes = (self._by_theorem, self._by_antiderivative)
        for route in routes if prefers_theorem else routes[::-1]:
            kept = dict(self.obligations.assumed)
            try:
                return route(f, x, low, high)
            except GiveUp as error:
                self.obligations.forget(kept)
                reasons.append(str(error))
        raise GiveUp("; ".join(dict.fromkeys(reasons)))

    def _vanishes_by_symmetry(self, f: Any, x: Any, low: Any, high: Any) -> bool:
        if high == sp.oo or not equal(f.subs(x, -x), -f, self.obligations.deadline):
            return False
        try:
            self.require_continuous(f, x, low, high)
            self._at_end(f, x, high)
        except GiveUp:
            return False
        self.evidence.append(f"{shown(f)} is odd and continuous on [{shown(low)}, {shown(high)}]")
        return True

    def _by_theorem(self, f: Any, x: Any, low: Any, high: Any) -> Any:
        total = sp.S.Zero
        found = theorems.known(f, x, low, high, self.obligations)
        for value, certificate in found:
            total += value
            self.certificates.append(certificate)
            self.evidence.append(certificate.says)
        return total

    def _by_antiderivative(self, f: Any, x: Any, low: Any, high: Any) -> Any:
        deadline = self.obligations.deadline
        now = time.thread_time()
        primitive = Search(now + SEARCH_SHARE * (deadline - now)).of(sp.powsimp(f), x)
        if primitive is None:
            raise GiveUp(f"no antiderivative of {shown(f)} was found")
        primitive = self._oriented(primitive, x, low, high)
        if not equal(primitive.diff(x), f, deadline):
            raise GiveUp(f"the proposed antiderivative of {shown(f)} could not be checked")
        self.require_continuous(primitive, x, low, high)
        ends = [self._end(primitive, x, low, "+"), self._end(primitive, x, high, "-")]
        self.certificates.append(Antiderivative(primitive, f, x))
        self.evidence.append(
            f"the antiderivative {shown(primitive)} of {shown(f)} is continuous between {low} and "
            f"{high} and tends to {shown(ends[0])} and {shown(ends[1])} at the ends"
        )
        return ends[1] - ends[0]

    def _oriented(self, primitive: Any, x: Any, low: Any, high: Any) -> Any:
        """log(g) becomes log(-g) where g is negative; both have the same derivative."""
        images = {}
        for node in primitive.atoms(sp.log):
            if node.has(x) and sign_inside(node.args[0], x, low, high, self.obligations) <= {-1, 0}:
                images[node] = sp.log(sp.expand(-node.args[0]))
        return primitive.xreplace(images)

    def _end(self, primitive: Any, x: Any, end: Any, side: str) -> Any:
        if end in (sp.oo, -sp.oo):
            value = limits.at(primitive, x, end, side, self.obligations)
        else:
            try:
                return self._at_end(primitive, x, end)
            except GiveUp:
                value = limits.at(primitive, x, end, side, self.obligations)
        if value.has(sp.oo, -sp.oo, sp.zoo, sp.nan):
            raise GiveUp(f"the integral diverges at {shown(end)}")
        return value

    def _at_end(self, primitive: Any, x: Any, end: Any) -> Any:
        """The value at an end where the function is certainly continuous."""
        self._require_at(primitive, x, end, set())
        return primitive.subs(x, end)

    def require_regular_at(self, f: Any, x: Any, point: Any) -> None:
        """Certify that f is smooth at a point: no pole, no branch point.

        Raises:
            GiveUp: that is not certain.
        """
        self._require_at(f, x, point, {0})

    def _require_at(self, f: Any, x: Any, point: Any, forbidden: set[int]) -> None:
        for node, wanted in _obstacles(f, x):
            if node.has(x) and not self.obligations.sign(node.subs(x, point)) <= wanted - forbidden:
                raise GiveUp(f"{shown(node)} may vanish at {shown(point)}")

    def require_continuous(self, f: Any, x: Any, low: Any, high: Any) -> None:
        """Certify that f has no pole and no branch point strictly between the bounds.

        Raises:
            GiveUp: that is not certain.
        """
        for node, wanted in _obstacles(f, x):
            if not node.has(x):
                if 0 not in wanted:
                    self.obligations.require_nonzero(node)
            elif not sign_inside(node, x, low, high, self.obligations) <= wanted:
                raise GiveUp(f"{shown(node)} may vanish or change sign between {low} and {high}")


_NONZERO, _POSITIVE = frozenset({-1, 1}), frozenset({1})
_AT_LEAST_ZERO = frozenset({0, 1})


def _obstacles(f: Any, x: Any) -> Iterator[tuple[Any, frozenset[int]]]:
    """Subexpressions whose sign decides whether f is continuous, with the signs that are fine."""
    for node in sp.preorder_traversal(f):
        if node.is_Pow and node.base != sp.E:
            if node.exp.is_Integer:
                if node.exp < 0:
                    yield node.base, _NONZERO
            elif node.has(x):
                plain = node.exp.is_positive and not node.exp.has(x)
                yield node.base, _AT_LEAST_ZERO if plain else _POSITIVE
        elif not node.has(x) or node.is_Atom or node.is_Add or node.is_Mul or node.is_Pow:
            continue
        elif isinstance(node, sp.log | sp.gamma | sp.loggamma | sp.digamma):
            yield node.args[0], _POSITIVE
        elif isinstance(node, sp.tan):
            yield sp.cos(node.args[0]), _NONZERO
        elif isinstance(node, sp.cot):
            yield sp.sin(node.args[0]), _NONZERO
        elif isinstance(node, sp.asin | sp.acos):
            yield 1 - node.args[0] ** 2, _AT_LEAST_ZERO
        elif isinstance(node, _SMOOTH_ON_REALS):
            if not node.args[0].is_extended_real:
                raise GiveUp(f"{shown(node.args[0])} may not be real")
        elif not isinstance(node, _ENTIRE):
            raise GiveUp(f"{node.func.__name__} may not be continuous")

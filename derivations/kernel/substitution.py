"""Integrals that are equal without being evaluated: ranges split, variables changed.

An integral of g from a to b is written P(b) - P(a), one opaque P for each integrand up to a
constant factor. Ranges then join by themselves, and an integrand met under another name is looked
up after a reflection, a shift or a substitution u = h(x).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef

from derivations.kernel import limits
from derivations.kernel.certificates import equal, shown
from derivations.kernel.field import GiveUp
from derivations.kernel.integrals import Evaluation
from derivations.kernel.obligations import Obligations

Form = tuple[Any, Any, Any]  # an integrand in the common variable, and its ends


class Primitives:
    """The integrands met so far, and the opaque primitive of each."""

    def __init__(self, obligations: Obligations) -> None:
        self.obligations = obligations
        self.z = sp.Dummy("z", real=True)
        self.known: list[tuple[Any, Any]] = []
        self.evidence: list[str] = []

    def rewritten(self, expression: Any) -> Any:
        """The expression with every integral written by primitives."""
        expression = expression.replace(
            lambda e: isinstance(e, sp.Derivative) and isinstance(e.expr, sp.Integral),
            self.leibniz,
        )
        integrals = expression.atoms(sp.Integral)
        for node in sorted(integrals, key=lambda e: (e.count_ops(), sp.default_sort_key(e))):
            if len(node.limits) == 1 and len(node.limits[0]) == 3:
                expression = expression.xreplace({node: self._written(node)})
        return expression

    def leibniz(self, node: Any) -> Any:
        """A derivative of an integral: its ends' share, and the integral of the derivative."""
        result = node.expr
        for t, count in node.variable_count:
            for _ in range(int(count)):
                result = self._once(result, t)
        return result

    def _once(self, expression: Any, t: Any) -> Any:
        if not isinstance(expression, sp.Integral):
            return sp.diff(expression, t)
        f, (x, low, high) = expression.args
        total = sp.S.Zero
        for end, sign in ((high, 1), (low, -1)):
            if end.has(t):
                total += sign * f.subs(x, end) * sp.diff(end, t)
        slope = sp.diff(f, t)
        if slope != 0:
            total += sp.Integral(slope, (x, low, high))
            condition = f"the integrand and its derivative in {t} are continuous"
            if sp.oo in (high, -low):
                condition += ", and the derivative's integral converges uniformly"
            self.obligations.note(condition)
        self.evidence.append(f"Leibniz's rule in {t}")
        return total

    def _written(self, node: Any) -> Any:
        f, (x, low, high) = node.args
        total = sp.S.Zero
        terms = sp.Add.make_args(sp.expand(f))
        if len(terms) > 1:
            self.obligations.note("each term of an integrand is integrable by itself")
        for term in terms:
            c, g = term.as_independent(x, as_Add=False)
            total += c * self._primitive(g.subs(x, self.z), low, high)
        return total

    def _primitive(self, g: Any, low: Any, high: Any) -> Any:
        if not g.has(self.z) and sp.oo not in (high, -low):
            return g * (high - low)
        for form, a, b in self._forms(g, low, high):
            for key, name in self.known:
                factor = self._ratio(form, key)
                if factor is not None:
                    return factor * (self._at(name, b) - self._at(name, a))
        name = f"P{len(self.known)}"
        self.known.append((g, name))
        return self._at(name, high) - self._at(name, low)

    def _at(self, name: str, end: Any) -> Any:
        if end in (sp.oo, -sp.oo):
            return sp.Symbol(f"{name}({shown(end)})", real=True)
        return sp.Function(name, real=True)(end)

    def _ratio(self, form: Any, key: Any) -> Any:
        if form == key:
            return sp.S.One
        quotient = sp.cancel(sp.powsimp(form / key))
        if not quotient.has(self.z):
            return quotient
        return sp.S.One if equal(form, key, self.obligations.deadline) else None

    def _forms(self, g: Any, low: Any, high: Any) -> Iterator[Form]:
        """The integral in other variables; the first is as it stands."""
        z = self.z
        yield g, low, high
        yield -g.subs(z, -z), -low, -high
        for key, _ in self.known:
            yield from self._moved(g, low, high, key)
        yield from self._substituted(g, low, high)

    def _moved(self, g: Any, low: Any, high: Any, key: Any) -> Iterator[Form]:
        """Shifts and reflections that make an argument in g what it is in a known integrand."""
        z = self.z
        for one in _arguments(g, z):
            for other in _arguments(key, z):
                slope, target = one.coeff(z), other.coeff(z)
                shift = sp.expand(other.subs(z, 0) - one.subs(z, 0))
                if slope == 0 or shift.has(z):
                    continue
                s, c = target / slope, shift / slope  # z becomes s z + c
                if s.is_positive or s.is_negative:
                    ends = [_preimage(e, s, c) for e in (low, high)]
                    yield s * g.subs(z, s * z + c), ends[0], ends[1]

    def _substituted(self, g: Any, low: Any, high: Any) -> Iterator[Form]:
        z = self.z
        for inner in sorted(g.atoms(sp.Pow, sp.Function), key=sp.default_sort_key)[:6]:
            for h in (inner, *inner.args):
                if not h.has(z) or h == z or h.has(AppliedUndef) or not h.is_real:
                    continue
                u = sp.Dummy("u", real=True)
                f = sp.cancel(sp.powsimp(g / h.diff(z))).subs(h, u)
                if f.has(z):
                    continue
                try:
                    Evaluation(self.obligations).require_continuous(h, z, low, high)
                    ends = [
                        limits.at(h, z, end, side, self.obligations)
                        for end, side in ((low, "+"), (high, "-"))
                    ]
                except GiveUp:
                    continue
                self.obligations.note(
                    f"{shown(f.subs(u, z))} is continuous on the range of {shown(h)}"
                )
                yield f.subs(u, z), ends[0], ends[1]


def _preimage(end: Any, s: Any, c: Any) -> Any:
    if end in (sp.oo, -sp.oo):
        return end if s.is_positive else -end
    return sp.expand((end - c) / s)


def _arguments(g: Any, z: Any) -> list[Any]:
    """Arguments of functions and bases of powers that are lines in z."""
    found = [a for f in g.atoms(sp.Function) for a in f.args]
    found += [p.base for p in g.atoms(sp.Pow)]
    found = [sp.expand(a) for a in found if a.has(z)]
    lines = [a for a in found if not sp.expand(a - a.coeff(z) * z).has(z)]
    return sorted(set(lines), key=sp.default_sort_key)

"""Rung: inequalities by one-variable calculus, on top of real arithmetic.

f >= 0 on an interval follows from f(c) >= 0 at a point c of it, f' >= 0 to the right of c and
f' <= 0 to the left. An inequality between logarithms is one between their exponentials first.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import sympy as sp

from derivations.functions import sigmoid, softplus
from derivations.kernel.balls import switches
from derivations.kernel.field import GiveUp
from derivations.kernel.points import points, symbols_of
from derivations.kernel.real_rewrites import exponentiated
from derivations.kernel.reals import Reals
from derivations.kernel.witness import try_point

DEPTH = 3
SAMPLES = 12
_SMOOTH = (
    *(sp.exp, sp.sin, sp.cos, sp.sinh, sp.cosh, sp.tanh, sp.sech),
    *(sp.atan, sp.asinh, sp.erf, sigmoid, softplus),
)
_POINTS = (sp.S.Zero, sp.S.One, sp.S.Half, sp.S.NegativeOne)


def proves(lhs: Any, rhs: Any, relation: str, given: Sequence[Any], deadline: float) -> bool:
    """Whether an inequality is proved by real arithmetic, exponentials or derivatives."""
    if relation in ("<", "<="):
        lhs, rhs, relation = rhs, lhs, {"<": ">", "<=": ">="}[relation]
    region, strict = Region(given, deadline), relation == ">"
    for left, right in ((lhs, rhs), *exponentiated(lhs, rhs)):
        if region.entails(left - right, relation):  # and not the contrary too, as of 1/0
            return not region.entails(left - right, "<=" if strict else "<")
    if switches(lhs - rhs):
        return False
    forms = [*(left - right for left, right in _logarithms(lhs, rhs, region)), lhs - rhs]
    return _by_induction(lhs - rhs, strict, region) or any(
        region.holds(f, strict, DEPTH) for f in forms
    )


def _logarithms(lhs: Any, rhs: Any, region: Region) -> Iterator[tuple[Any, Any]]:
    """L >= R as log L >= log R, if one is an exponential and the other certainly positive."""
    sides = (lhs, rhs)
    if any(isinstance(s, sp.exp) for s in sides) and all(region.entails(s, ">") for s in sides):
        yield sp.log(lhs), sp.log(rhs)


def _by_induction(f: Any, strict: bool, region: Region) -> bool:
    """f at the first n, and f(n + 1) >= f(n), for an integer n of which nothing else is known."""
    for n in sorted((s for s in f.free_symbols if s.is_Symbol), key=str):
        if n.is_integer and n.is_nonnegative and not any(g.has(n) for g in region.given):
            step = sp.expand(sp.powsimp(sp.expand(f.subs(n, n + 1) - f)))
            first = f.subs(n, 1 if n.is_positive else 0)
            if region.entails(step, ">=") and region.holds(first, strict, 0):
                return True
    return False


class Region:
    """Where the assumptions hold; convex in each variable that the proof moves along."""

    def __init__(self, given: Sequence[Any], deadline: float) -> None:
        self.given = tuple(given)
        self.deadline = deadline

    def holds(self, f: Any, strict: bool, depth: int) -> bool:
        """Whether f >= 0, or f > 0 if strict, everywhere in the region."""
        if time.thread_time() > self.deadline:
            return False
        relation = ">" if strict else ">="
        if self._fails_somewhere(f, relation):
            return False
        if self.entails(f, relation):
            return True
        if depth == 0:
            return False
        return any(
            self._by_derivative(form, v, strict, depth)
            for form in self._forms(f)
            for v in sorted(f.free_symbols, key=str)
            if v.is_Symbol and v.is_real and not v.is_integer and self.is_interval(v)
        )

    def _forms(self, f: Any) -> Iterator[Any]:
        """Functions of the same sign: without a positive denominator, without one exponential."""
        numerator, denominator = sp.fraction(sp.together(f))
        if denominator.is_number or not self.entails(denominator, ">"):
            yield f
            return
        yield numerator
        for power in sorted(numerator.atoms(sp.exp), key=str):
            yield sp.expand(numerator / power)

    def _fails_somewhere(self, f: Any, relation: str) -> bool:
        """Whether a few exact points refute the goal: then no time is lost on proving it."""
        sequence = points(symbols_of(f, *self.given), self.given, str(f))
        return any(
            try_point(f, sp.S.Zero, relation, point, quick=True).kind == "refutes"
            for point in islice(sequence, SAMPLES)
        )

    def _by_derivative(self, f: Any, v: Any, strict: bool, depth: int) -> bool:
        # A point left out (v != c) does not part the interval: f must be smooth there too.
        hull = Region([g for g in self.given if not _is_hole(g, v)], self.deadline)
        if not hull.is_smooth(f):
            return False
        slope = sp.together(sp.diff(f, v))
        for c in self._candidates(f, slope, v):
            edge = hull.at(v, c)
            if not (edge.is_consistent(v, c) and edge.is_smooth(f.subs(v, c))):
                continue
            outside = self.entails(v - c, "!=")
            if not edge.holds(sp.expand(f.subs(v, c)), strict and not outside, depth - 1):
                continue
            # f is continuous, so that its slope matters inside the interval only.
            inside = [_opened(g, v) for g in hull.given]
            rising = Region((*inside, v > c), self.deadline)
            falling = Region((*inside, v < c), self.deadline)
            steep = strict and outside
            if (self.entails(v - c, "<=") or rising.holds(slope, steep, depth - 1)) and (
                self.entails(v - c, ">=") or falling.holds(-slope, steep, depth - 1)
            ):
                return True
        return False

    def at(self, v: Any, c: Any) -> Region:
        """What holds of the other variables where v = c, inside or at the edge."""
        moved = (_moved(g, v, c) for g in self.given)
        return Region([g for g in moved if g is not sp.true], self.deadline)

    def is_consistent(self, v: Any, c: Any) -> bool:
        """Whether the point c lies in the closure of the variable's range."""
        if any(g is sp.false for g in self.given):
            return False
        signs = ((v.is_positive or v.is_nonnegative, ">="), (v.is_negative, "<="))
        return all(not assumed or self.entails(c, relation) for assumed, relation in signs)

    def _candidates(self, f: Any, slope: Any, v: Any) -> Iterator[Any]:
        others = sorted((s for s in f.free_symbols - {v} if s.is_Symbol), key=str)
        ends = [e for g in self.given if g.has(v) and (e := _end(g, v)) is not None]
        yield from dict.fromkeys([*ends, *others, *_POINTS, *_zeros(slope, v)])

    def is_interval(self, v: Any) -> bool:
        """Whether the assumptions leave one interval to a variable."""
        return all(
            not g.has(v) or sp.diff(g.lhs - g.rhs, v, 2) == 0
            for g in self.given
            if g is not sp.true
        )

    def is_smooth(self, f: Any) -> bool:
        """Whether every logarithm, root and quotient in f is defined throughout."""
        wanted = dict.fromkeys(needs(f))
        return all(self.entails(e, relation) for e, relation in wanted)

    def entails(self, f: Any, relation: str) -> bool:
        """Whether real arithmetic alone proves that f stands in the relation to 0."""
        try:
            return Reals(self.given, self.deadline).entails(f, sp.S.Zero, relation)
        except GiveUp:
            return False


def _is_hole(g: Any, v: Any) -> bool:
    """Whether a relation leaves out single points of v: v != c."""
    return isinstance(g, sp.Unequality) and g.has(v)


def _moved(g: Any, v: Any, c: Any) -> Any:
    """A relation at v = c; at an edge of the region a strict one holds in the limit."""
    moved = g.subs(v, c) if g.has(v) else g
    if moved is sp.false and g.has(v):
        loose = {">": sp.Ge, "<": sp.Le}.get(g.rel_op)
        return loose(g.lhs.subs(v, c), g.rhs.subs(v, c)) if loose else moved
    return moved


def _opened(g: Any, v: Any) -> Any:
    """A relation on v without its edge."""
    strict = {">=": sp.Gt, "<=": sp.Lt}.get(getattr(g, "rel_op", ""))
    return strict(g.lhs, g.rhs) if strict and g.has(v) else g


def _end(g: Any, v: Any) -> Any:
    """The value of v at which a linear relation becomes an equality."""
    if not isinstance(g, sp.core.relational.Relational):
        return None
    difference = sp.expand(g.lhs - g.rhs)
    slope = difference.coeff(v)
    rest = sp.expand(difference - slope * v)
    return None if slope == 0 or rest.has(v) else sp.cancel(-rest / slope)


def _zeros(slope: Any, v: Any) -> list[Any]:
    """Real zeros of the derivative that are easy to write: of a numerator linear in v or exp v."""
    numerator = sp.expand(sp.fraction(slope)[0])
    powers = sorted(numerator.atoms(sp.exp), key=str)
    for u in (v, *powers):
        place = sp.Dummy("u")
        linear = sp.expand(numerator.subs(u, place))
        a, b = linear.coeff(place), linear.subs(place, 0)
        if a != 0 and not a.has(v) and not b.has(v) and sp.expand(linear - a * place - b) == 0:
            value = -b / a
            if u == v:
                return [value]
            rate = u.args[0].coeff(v)
            if value.is_positive and rate != 0 and sp.expand(u.args[0] - rate * v) == 0:
                return [sp.log(value) / rate]
    return []


def needs(f: Any) -> Iterator[tuple[Any, str]]:
    """What must hold for f to be defined and differentiable, as signs of expressions."""
    for node in sp.preorder_traversal(f):
        if isinstance(node, sp.log):
            yield node.args[0], ">"
        elif node.is_Pow and not node.base.is_number:
            if node.exp.is_Integer:
                if node.exp.is_negative:
                    yield node.base, "!="
            elif node.base != sp.E and not (node.exp.is_integer and node.exp.is_positive):
                yield node.base, ">"
        elif isinstance(node, (sp.asin, sp.acos, sp.atanh)):
            yield 1 - node.args[0] ** 2, ">"
        elif isinstance(node, sp.acosh):
            yield node.args[0] - 1, ">"
        elif isinstance(node, (sp.tan, sp.sec)):
            yield sp.cos(node.args[0]), "!="
        elif isinstance(node, (sp.cot, sp.csc)):
            yield sp.sin(node.args[0]), "!="
        elif node.is_Function and not isinstance(node, _SMOOTH):
            yield sp.S.Zero, ">"

"""Evaluation over a whole box of one variable: analytic or refused, never across a branch cut."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import sympy as sp
from flint import acb, arb, ctx

from derivations.kernel.balls import Undecided, Undefined, _Evaluator, evaluate
from derivations.kernel.order import ANY

BITS = 96
MAX_BOXES = 256
_KINKED = (sp.Abs, sp.sign, sp.Max, sp.Min, sp.Heaviside, sp.floor, sp.Piecewise)


class BoxEvaluator(_Evaluator):
    """Balls for an expression while its variable runs through a ball.

    With `analytic`, an expression that is not analytic on the whole ball is refused, as the
    integration algorithm needs.
    """

    def __init__(self, x: Any, box: acb, point: Mapping[Any, Any], *, analytic: bool) -> None:
        super().__init__(point)
        self.cache[x] = box
        self.analytic = analytic

    def _compute(self, node: Any) -> acb:
        if self.analytic:
            self._refuse_branches(node)
        return super()._compute(node)

    def _refuse_branches(self, node: Any) -> None:
        if isinstance(node, _KINKED):
            raise Undecided(f"{node.func.__name__} is not analytic")
        if node.is_Pow and not node.exp.is_Integer:
            value = self.value(node.base)
            if not value.real > 0 and value.imag.contains(0) and node.base != sp.E:
                raise Undecided("a root across its branch cut")
        if isinstance(node, sp.atan | sp.asinh):
            value = self.value(node.args[0])
            crosses = value.real.contains(0) and not value.imag.is_zero()
            if not abs(value) < 1 and crosses:
                raise Undecided("an arc across its branch cut")
        arcs = isinstance(node, sp.asin | sp.acos | sp.atanh | sp.acosh)
        if arcs and not abs(self.value(node.args[0])) < 1:
            raise Undecided("an arc across its branch cut")
        if isinstance(node, sp.loggamma) and not self.value(node.args[0]).real > 0:
            raise Undecided("loggamma across its branch cut")


def over(f: Any, x: Any, box: acb, *, analytic: bool = False) -> acb:
    """The ball of f while x runs through the box; not finite where that is not certain."""
    try:
        return BoxEvaluator(x, box, {}, analytic=analytic).value(f)
    except (Undecided, Undefined, ValueError, OverflowError):
        return acb("nan")


def hull(low: arb, high: arb) -> acb:
    """The real ball from low to high."""
    return acb(low.union(high))


def excludes_zero(f: Any, x: Any, low: Any, high: Any, deadline: float) -> frozenset[int]:
    """The sign of f on the closed interval between two numbers, where balls certify one."""
    if low in (sp.oo, -sp.oo) or high in (sp.oo, -sp.oo):
        return ANY
    previous, ctx.prec = ctx.prec, BITS
    try:
        ends = evaluate(low, {}, BITS).real, evaluate(high, {}, BITS).real
        return _sign_between(f, x, *ends, deadline)
    except (Undecided, Undefined):
        return ANY
    finally:
        ctx.prec = previous


def _sign_between(f: Any, x: Any, low: arb, high: arb, deadline: float) -> frozenset[int]:
    found: set[int] = set()
    todo = [(low, high)]
    for _ in range(MAX_BOXES):
        if not todo:
            return frozenset(found)
        if time.thread_time() > deadline:
            return ANY
        a, b = todo.pop()
        value = over(f, x, hull(a, b))
        if value.is_finite() and value.imag.is_zero() and not value.real.contains(0):
            found.add(1 if value.real > 0 else -1)
            if len(found) > 1:
                return ANY
            continue
        middle = (a + b) / 2
        todo += [(a, middle), (middle, b)]
    return ANY

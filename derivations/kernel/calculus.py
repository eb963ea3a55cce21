"""Rung: integrals, infinite and closed sums, limits and Taylor bounds, each with its certificate.

`closed` evaluates one integral or sum; `evaluated` all of them in an expression; `same` decides an
equation between integrals that need no closed form; `remainder` a line with a Taylor bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy as sp
from sympy.polys.polyerrors import BasePolynomialError

from derivations.kernel import limits
from derivations.kernel.balls import differentiated
from derivations.kernel.certificates import Certificate, Closed, equal
from derivations.kernel.enclosures import enclosure
from derivations.kernel.field import GiveUp
from derivations.kernel.integrals import Evaluation
from derivations.kernel.obligations import Obligations
from derivations.kernel.series import Summation
from derivations.kernel.substitution import Primitives
from derivations.kernel.taylor import Taylor, interval_of, remainder_holds, taylor

__all__ = [
    "Certificate",
    "Closed",
    "Taylor",
    "closed",
    "enclosure",
    "evaluated",
    "remainder",
    "same",
    "taylor",
]
_NODES = (sp.Integral, sp.Sum, sp.Limit)


def closed(expression: Any, given: Sequence[Any], deadline: float) -> Closed:
    """The value of one definite `Integral`, one `Sum` or one `Limit`, with a proof.

    Args:
        expression: the node; iterated integrals and sums are taken innermost first.
        given: SymPy relations that hold besides the symbols' own assumptions.
        deadline: the time (`time.thread_time`) at which to stop.

    Raises:
        GiveUp: it diverges or no proof was found; the text says why.
    """
    return _guarded(lambda obligations: _value(expression, obligations), given, deadline)


def evaluated(expression: Any, given: Sequence[Any], deadline: float) -> Closed:
    """An expression with its integrals, sums and limits replaced by their values.

    A finite sum that has no closed form stays as it is.

    Raises:
        GiveUp: an integral, an infinite sum or a limit in it has no proved value.
    """

    def replaced(obligations: Obligations) -> _Parts:
        found, evidence, certificates = expression, [], []
        for node in _outermost(expression):
            try:
                value, says, facts = _value(node, obligations)
            except GiveUp:
                if isinstance(node, sp.Sum) and not node.has(sp.oo, -sp.oo):
                    continue
                raise
            found = found.xreplace({node: value})
            evidence += says
            certificates += facts
        return (
            found.xreplace({d: differentiated(d) for d in found.atoms(sp.Derivative)}),
            evidence,
            certificates,
        )

    return _guarded(replaced, given, deadline)


def same(lhs: Any, rhs: Any, given: Sequence[Any], deadline: float) -> Closed:
    """A proof that two expressions with integrals are equal; the value is their difference, 0.

    The integrals are evaluated, or else brought together by joining ranges, by changing the
    variable and by Leibniz's rule.

    Raises:
        GiveUp: neither way shows it.
    """
    difference = sp.sympify(lhs, strict=True) - sp.sympify(rhs, strict=True)

    def joined(obligations: Obligations) -> _Parts:
        primitives = Primitives(obligations)
        if not equal(primitives.rewritten(difference), 0, deadline):
            raise GiveUp("the integrals could not be brought together")
        return sp.S.Zero, ["the integrals join by range and by variable", *primitives.evidence], []

    try:
        return _guarded(joined, given, deadline)
    except GiveUp as first:
        values = evaluated(difference, given, deadline)
        if not equal(values.value, 0, deadline):
            raise GiveUp(f"{first}, and their values could not be shown to be equal") from None
        return Closed(sp.S.Zero, values.conditions, values.evidence, values.certificates)


def remainder(lhs: Any, rhs: Any, given: Sequence[Any], deadline: float) -> str:
    """A proof in words of |f(x) - T(x)| <= c |x - a|**m for x in the given interval.

    Raises:
        GiveUp: the line is not of this kind, or the bound could not be certified.
    """
    symbols = sorted(lhs.free_symbols | rhs.free_symbols, key=str)
    if len(symbols) != 1:
        raise GiveUp("a Taylor bound is for one variable")
    (x,) = symbols
    return remainder_holds(lhs, rhs, x, interval_of(x, given), deadline)


_Parts = tuple[Any, list[str], list[Certificate]]


def _guarded(work: Any, given: Sequence[Any], deadline: float) -> Closed:
    obligations = Obligations(given, deadline)
    try:
        value, evidence, certificates = work(obligations)
    except RecursionError:
        raise GiveUp("the expression is nested too deeply") from None
    except (BasePolynomialError, NotImplementedError, ZeroDivisionError, TypeError) as error:
        raise GiveUp(f"SymPy cannot write this: {error}") from None
    if not obligations.consistent():
        raise GiveUp(f"the conditions contradict each other: {', '.join(obligations.conditions)}")
    return Closed(value, obligations.conditions, tuple(evidence), tuple(certificates))


def _value(node: Any, obligations: Obligations) -> _Parts:
    if isinstance(node, sp.Integral):
        work = Evaluation(obligations)
        return work.integral(node), work.evidence, work.certificates
    if isinstance(node, sp.Sum):
        sums = Summation(obligations)
        return sums.sum(_from_zero(node)), sums.evidence, sums.certificates
    if isinstance(node, sp.Limit):
        body, variable, target, side = node.args
        inner = evaluated(body, obligations.given, obligations.deadline)
        for condition in inner.conditions:
            obligations.note(condition)
        value = limits.at(inner.value, variable, target, str(side), obligations)
        return value, [*inner.evidence, f"{node} = {value}"], list(inner.certificates)
    raise GiveUp(f"{type(node).__name__} is neither an integral nor a sum nor a limit")


def _from_zero(node: Any) -> Any:
    """A series in (i - c)! as one in i!: the index is moved by c."""
    if len(node.limits) != 1 or len(node.limits[0]) != 3:
        return node
    index, low, high = node.limits[0]
    arguments = [c.args[0] for c in node.function.atoms(sp.factorial)]
    offsets = {sp.expand(a - index) for a in arguments if sp.expand(a).coeff(index) == 1}
    if high is not sp.oo or len(offsets) != 1:
        return node
    (offset,) = offsets
    if not offset.is_Integer or offset == 0:
        return node
    moved = node.function.subs(index, index - offset)
    return sp.Sum(sp.powsimp(sp.expand_power_exp(moved)), (index, low + offset, high))


def _outermost(expression: Any) -> list[Any]:
    """The integrals, sums and limits that stand in no other one."""
    if isinstance(expression, _NODES):
        return [expression]
    found = [node for a in expression.args for node in _outermost(a)]
    return list(dict.fromkeys(found))

"""Cut an interval where max, |.| or a case distinction changes its formula."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import sympy as sp

from derivations.kernel.balls import switches
from derivations.kernel.boxes import excludes_zero
from derivations.kernel.certificates import shown
from derivations.kernel.field import GiveUp
from derivations.kernel.obligations import Obligations

MAX_PIECES = 8
Piece = tuple[Any, Any, Any]


def pieces(f: Any, x: Any, low: Any, high: Any, obligations: Obligations) -> Iterator[Piece]:
    """The integrand without kinks, and the ends, for each interval between kinks.

    Raises:
        GiveUp: where a kink lies is not known.
    """
    kinks = [s for s in switches(f) if s.has(x)]
    if not kinks:
        yield f, low, high
        return
    cuts = _ordered([c for s in kinks for c in _zeros(s, x)], low, high, obligations)
    if len(cuts) > MAX_PIECES:
        raise GiveUp("too many kinks")
    ends = [low, *cuts, high]
    for lower, upper in pairwise(ends):
        yield _resolved(f, x, lower, upper, obligations), lower, upper


def sign_inside(g: Any, x: Any, low: Any, high: Any, obligations: Obligations) -> frozenset[int]:
    """What the sign of g may be for x strictly between the bounds."""
    if not g.has(x):
        return obligations.sign(g)
    possible = obligations.sign(g.subs(x, _inside(low, high)))
    if len(possible) > 1 and low.is_number and high.is_number and g.free_symbols == {x}:
        possible &= excludes_zero(g, x, low, high, obligations.deadline)
    return possible


def _inside(low: Any, high: Any) -> Any:
    """Every number strictly between the bounds, written with one symbol."""
    if low == -sp.oo and high == sp.oo:
        return sp.Dummy("x", real=True)
    u = sp.Dummy("u", positive=True)
    if high == sp.oo:
        return low + u
    if low == -sp.oo:
        return high - u
    return (low + high * u) / (1 + u)


def _ordered(cuts: list[Any], low: Any, high: Any, obligations: Obligations) -> list[Any]:
    inside: list[Any] = []
    for cut in dict.fromkeys(cuts):
        if low != -sp.oo and not _above(cut, low, obligations):
            continue
        if high != sp.oo and not _above(high, cut, obligations):
            continue
        place = 0
        while place < len(inside) and _above(cut, inside[place], obligations):
            place += 1
        inside.insert(place, cut)
    return inside


def _above(a: Any, b: Any, obligations: Obligations) -> bool:
    possible = obligations.sign(a - b)
    if possible == {1}:
        return True
    if possible <= {-1, 0}:
        return False
    raise GiveUp(f"whether {a} is above {b} is not known")


def _zeros(switch: Any, x: Any) -> Iterator[Any]:
    for factor in sp.Mul.make_args(sp.factor(switch)):
        base = sp.expand(factor.as_base_exp()[0])
        slope = base.coeff(x)
        rest = sp.expand(base - slope * x)
        if slope != 0 and not rest.has(x) and not slope.has(x):
            yield -rest / slope


def _resolved(node: Any, x: Any, low: Any, high: Any, obligations: Obligations) -> Any:
    """An expression with every kink replaced by the formula that holds on the interval."""
    if not node.has(x) or not node.args:
        return node

    def side(g: Any) -> int:
        possible = sign_inside(g, x, low, high, obligations) - {0}
        if len(possible) != 1:
            raise GiveUp(
                f"the sign of {shown(g)} is not known between {shown(low)} and {shown(high)}"
            )
        return next(iter(possible))

    if isinstance(node, sp.Piecewise):
        for branch, condition in node.args:
            if _resolved(condition, x, low, high, obligations) == True:  # noqa: E712 - SymPy's
                return _resolved(branch, x, low, high, obligations)
        raise GiveUp(f"no case applies between {shown(low)} and {shown(high)}")
    args = [_resolved(a, x, low, high, obligations) for a in node.args]
    node = node.func(*args)
    if isinstance(node, sp.Abs):
        return side(node.args[0]) * node.args[0]
    if isinstance(node, sp.sign | sp.Heaviside):
        s = side(node.args[0])
        return sp.Integer(s if isinstance(node, sp.sign) else (s + 1) // 2)
    if isinstance(node, sp.Max | sp.Min):
        best = node.args[0]
        for other in node.args[1:]:
            if other != best and (side(other - best) > 0) == isinstance(node, sp.Max):
                best = other
        return best
    if isinstance(node, sp.core.relational.Relational) and node.has(x):
        s = side(node.lhs - node.rhs)
        holds = {"<": s < 0, "<=": s < 0, ">": s > 0, ">=": s > 0, "==": False, "!=": True}
        return sp.true if holds[node.rel_op] else sp.false
    return node

"""Split a question at the points where max, |.| or a case distinction changes its formula.

Every switch has a factor that is linear in one symbol: the cases are the two open sides of its
zero and the zero itself. Derivatives are taken on the open sides only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sympy as sp

from derivations.kernel.balls import switches
from derivations.kernel.field import Field, GiveUp
from derivations.kernel.order import ALLOWED, sign

MAX_DEPTH = 5


@dataclass(frozen=True, slots=True)
class Case:
    """One region: its sides without switches, and its description."""

    lhs: Any
    rhs: Any
    region: str
    given: tuple[Any, ...] = ()
    excluded: str = ""  # the condition under which the case is left out: x != 0


@dataclass(frozen=True, slots=True)
class Setting:
    """What holds in every case, and until when there is time."""

    given: tuple[Any, ...]
    deadline: float


def split(lhs: Any, rhs: Any, setting: Setting, depth: int = 0, region: str = "") -> Iterator[Case]:
    """The regions of a question.

    Raises:
        GiveUp: a switch is not of the kind that this rung can split at.
    """
    lhs, rhs = (_resolve(side, setting) for side in (lhs, rhs))
    remaining = switches(lhs) + switches(rhs)
    if not remaining:
        yield Case(lhs, rhs, region, given=setting.given)
        return
    if depth >= MAX_DEPTH:
        raise GiveUp("too many cases")
    loops = [n for side in (lhs, rhs) for n in side.atoms(sp.Sum, sp.Product, sp.Integral)]
    bound = {s for loop in loops for s in loop.bound_symbols}
    bound |= {limit.args[1] for side in (lhs, rhs) for limit in side.atoms(sp.Limit)}
    if any(switch.free_symbols & bound for switch in remaining):
        raise GiveUp("a function changes its formula inside a sum, an integral or a limit")
    symbol, boundary = _boundary(remaining)
    for relation, image, direction in _sides(symbol, boundary):
        where = f"{symbol} {relation} {boundary}"
        here = f"{region}, {where}" if region else where
        if direction == 0 and any(_differentiates(s, symbol) for s in (lhs, rhs)):
            yield Case(lhs, rhs, here, excluded=f"{symbol} != {boundary}")
            continue
        left, right = (_substitute(side, symbol, image, direction) for side in (lhs, rhs))
        moved = [g.subs(symbol, image) if g.has(symbol) else g for g in setting.given]
        if sp.false in moved:
            continue  # no point of this case meets the assumptions
        kept = Setting(tuple(g for g in moved if g is not sp.true), setting.deadline)
        yield from split(left, right, kept, depth + 1, here)


def _sides(symbol: Any, boundary: Any) -> Iterator[tuple[str, Any, int]]:
    distance = sp.Dummy(symbol.name, positive=True)
    if not (symbol.is_nonpositive and boundary.is_nonnegative):
        yield ">", boundary + distance, 1
    if not (symbol.is_nonnegative and boundary.is_nonpositive):
        yield "<", boundary - distance, -1
    if not (symbol.is_nonzero and boundary == 0):
        yield "=", boundary, 0


def _boundary(remaining: list[Any]) -> tuple[Any, Any]:
    """A symbol and the value at which one of the switches changes sign."""
    for switch in remaining:
        for factor in sp.Mul.make_args(sp.factor(switch)):
            for symbol in sorted(factor.free_symbols, key=str):
                slope, rest = factor.coeff(symbol), factor.subs(symbol, 0)
                linear = sp.expand(factor - slope * symbol - rest) == 0
                if linear and slope.is_Rational and slope != 0 and rest.is_real:
                    return symbol, -rest / slope
    for switch in remaining:  # any split is sound, and many functions change sign at 0
        if len(switch.free_symbols) == 1:
            return *switch.free_symbols, sp.S.Zero
    raise GiveUp(f"the sign of {remaining[0]} cannot be split into cases")


def _differentiates(expression: Any, symbol: Any) -> bool:
    return any(symbol in d.variables and switches(d.expr) for d in expression.atoms(sp.Derivative))


def _substitute(node: Any, symbol: Any, image: Any, direction: int) -> Any:
    if node == symbol:
        return image
    if isinstance(node, sp.Derivative) and symbol in node.variables:
        (distance,) = (s for s in image.free_symbols if isinstance(s, sp.Dummy))
        inner = _substitute(node.expr, symbol, image, direction)
        variables = [distance if v == symbol else v for v in node.variables]
        return direction ** node.variables.count(symbol) * sp.Derivative(inner, *variables)
    if not node.args or not node.has(symbol):
        return node
    return node.func(*[_substitute(a, symbol, image, direction) for a in node.args])


def _resolve(node: Any, setting: Setting) -> Any:
    """Replace each switch whose sign is certain by the formula that applies."""
    if not node.args or not switches(node):
        return node
    args = [_resolve(a, setting) for a in node.args]
    node = node.func(*args)
    if isinstance(node, (sp.Max, sp.Min)):
        return _extreme(node, setting)
    if isinstance(node, (sp.Abs, sp.sign, sp.Heaviside)):
        possible = _sign(node.args[0], setting)
        if len(possible) == 1:
            return _signed(node, *possible)
    if isinstance(node, sp.core.relational.Relational):
        possible = _sign(node.lhs - node.rhs, setting)
        allowed = ALLOWED[node.rel_op.replace("==", "=")]
        if possible <= allowed:
            return sp.true
        if not possible & allowed:
            return sp.false
    return node


def _signed(node: Any, s: int) -> Any:
    if isinstance(node, sp.Abs):
        return s * node.args[0]
    if isinstance(node, sp.sign):
        return sp.Integer(s)
    return {1: sp.S.One, 0: node.args[1], -1: sp.S.Zero}[s]


def _extreme(node: Any, setting: Setting) -> Any:
    rising = isinstance(node, sp.Max)
    kept: list[Any] = []
    for candidate in node.args:
        for other in kept:
            possible = _sign(candidate - other, setting)
            if possible <= {-1, 0} if rising else possible <= {0, 1}:
                break
            if possible <= {0, 1} if rising else possible <= {-1, 0}:
                kept[kept.index(other)] = candidate
                break
        else:
            kept.append(candidate)
    return kept[0] if len(kept) == 1 else node.func(*kept)


def _sign(expression: Any, setting: Setting) -> frozenset[int]:
    field = Field(setting.deadline, setting.given)
    try:
        return sign(field, field.fraction(expression))
    except GiveUp:
        return frozenset({-1, 0, 1})

"""What values between limits and formulas in pieces stand for."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import sympy as sp
from sympy.core.function import AppliedUndef

from derivations.reading.conditions import MAKES
from derivations.reading.grammar import Node
from derivations.reading.sizes import MAX_SIZE, size_with

if TYPE_CHECKING:
    from derivations.reading.meaning import Meaning

MAX_CASES = 8
# What may jump has a value that is not its limit.
_BROKEN = (sp.Piecewise, sp.floor, sp.ceiling, sp.sign, AppliedUndef)
_NO_VALUE = (sp.nan, sp.zoo, sp.oo, -sp.oo)


def between(meaning: Meaning, node: Node) -> Any:
    """The value at the upper limit less that at the lower one, or the value at one point.

    Raises:
        ParseError: it is not clear which variable the limits are for, or there is no value.
    """
    body, *ends = node.parts
    symbol, formula = _over(meaning, node, body)
    limits = [meaning.limit(end) for end in ends]
    inner = {v for e in formula.atoms(sp.Sum, sp.Product, sp.Integral) for v in e.variables}
    if any(limit.free_symbols & inner for limit in limits):
        said = "a limit has the name of an index inside the bracket; call one of them otherwise"
        raise meaning.error(node, said)
    if any(limit in (sp.oo, -sp.oo) for limit in limits[:1]) and len(limits) == 1:
        raise meaning.error(node, "a value at infinity is not read; write both limits, _{a}^{b}")
    sides = ("+", "-") if len(limits) == 2 else ("",)
    values = [
        _at(meaning, node, formula, symbol, limit, side, body)
        for limit, side in zip(limits, sides, strict=True)
    ]
    return values[-1] - values[0] if len(values) == 2 else values[0]


def _over(meaning: Meaning, node: Node, body: Node) -> tuple[Any, Any]:
    """The variable of the limits, and the formula with it."""
    integrated = list(dict.fromkeys(meaning.reader.integrated))
    named = [node.value] if node.value else integrated
    local = {name: meaning.variable(name, integer=False) for name in named}
    needs, outer = len(meaning.needs), meaning.names
    meaning.names = {**outer, **local}
    try:
        formula = meaning.of(body)
    finally:
        meaning.names = outer
    free = sorted((s for s in formula.free_symbols if isinstance(s, sp.Symbol)), key=str)
    if node.value:
        found = [local[node.value]]
    elif integrated:
        found = [s for s in local.values() if s in free]
    else:
        found = free
    if len(found) != 1:
        which = " or ".join(str(s) for s in found) or "none that occurs"
        said = f"the variable of these limits may be {which}; name it, as in ]_{{x=a}}^{{x=b}}"
        raise meaning.error(node, said)
    symbol = found[0]
    meaning.needs[needs:] = [n for n in meaning.needs[needs:] if not n.has(symbol)]
    return symbol, formula


def _at(
    meaning: Meaning, node: Node, formula: Any, symbol: Any, limit: Any, side: str, body: Node
) -> Any:
    # What is differentiated has its value after that.
    taken = formula.replace(sp.Derivative, lambda *a: sp.Derivative(*a).doit())
    plain = taken == formula
    if symbol in limit.free_symbols:
        bound = sp.Dummy(str(symbol), real=True)
        taken, symbol = taken.subs(symbol, bound), bound
    if size_with(taken, symbol, limit) > MAX_SIZE:
        raise meaning.error(node, "the value at this limit would be too long a formula")
    if side and not taken.has(*_BROKEN):
        # It is kept as it stands: who writes it has yet to work it out.
        return sp.Limit(taken, symbol, limit, "-" if limit in (sp.oo, -sp.oo) else side)
    if plain and not isinstance(symbol, sp.Dummy):
        # Read anew with the point for the variable, so that all caps hold.
        outer = meaning.names
        meaning.names = {**outer, str(symbol): limit}
        try:
            value = meaning.of(body)
        finally:
            meaning.names = outer
    else:
        value = _put_in(meaning, node, taken, symbol, limit)
    if value.has(*_NO_VALUE):
        raise meaning.error(node, f"this has no value at {symbol} = {limit}")
    return value


def _put_in(meaning: Meaning, node: Node, formula: Any, symbol: Any, limit: Any) -> Any:
    """The value of a derivative that was worked out, at one point."""
    growing = formula.atoms(sp.factorial, sp.binomial, sp.gamma)
    powers = [p for p in formula.atoms(sp.Pow) if p.base != sp.E and p.exp.has(symbol)]
    if limit.is_number and (growing or powers):
        said = "this derivative is not worked out at a number here; write its value"
        raise meaning.error(node, said)
    return formula.subs(symbol, limit)


def cases(meaning: Meaning, node: Node) -> Any:
    """A formula in pieces.

    Raises:
        ParseError: two cases hold at once, none holds somewhere, or this cannot be seen.
    """
    if len(node.parts) > 2 * MAX_CASES:
        raise meaning.error(node, f"at most {MAX_CASES} cases are read")
    needs = len(meaning.needs)
    values = [meaning.of(part) for part in node.parts[::2]]
    conditions = [_condition(meaning, part) for part in node.parts[1::2]]
    # What a piece needs, it needs only where it holds.
    del meaning.needs[needs:]
    if any(part.kind == "otherwise" for part in node.parts[1:-1:2]):
        raise meaning.error(node, "only the last case may be \\text{otherwise}")
    _check_apart(meaning, node, values, conditions)
    if len(conditions) == 1 and conditions[0] == sp.true:
        return values[0]
    return sp.Piecewise(*zip(values, conditions, strict=True))


def _condition(meaning: Meaning, node: Node) -> Any:
    if node.kind == "otherwise":
        return sp.true
    if node.kind == "and":
        return sp.And(*(_condition(meaning, part) for part in node.parts))
    left, right = (meaning.of(part) for part in node.parts)
    return MAKES[node.value](left, right)


def _check_apart(meaning: Meaning, node: Node, values: list[Any], conditions: list[Any]) -> None:
    """Refuse cases that leave a point out, or give it two values: what is meant is not clear."""
    rest = sp.S.Reals
    symbols = {s for c in conditions for s in c.free_symbols}
    if len(symbols) != 1:
        said = "the conditions of the cases must be on one variable, as in x > 0"
        raise meaning.error(node, said)
    (symbol,) = symbols
    if not (isinstance(symbol, sp.Symbol) and symbol.is_real):
        raise meaning.error(node, "the conditions of the cases must be on a real variable")
    rest = _domain(symbol)
    sets = [_where(meaning, node, c, symbol) for c in conditions if c != sp.true]
    for (k, one), (m, other) in combinations(enumerate(sets), 2):
        both = one & other & rest
        if both == sp.S.EmptySet:
            continue
        points = both if isinstance(both, sp.FiniteSet) else None
        same = values[k] == values[m] or (
            points is not None and all((values[k] - values[m]).subs(symbol, p) == 0 for p in points)
        )
        if not same:
            where = _some(both)
            said = f"at {symbol} = {where} two cases hold, with different values"
            raise meaning.error(node, f"{said}; let the conditions exclude each other")
    if conditions[-1] != sp.true:
        left = rest - sp.Union(*sets)
        if left != sp.S.EmptySet:
            said = f"no case holds at {symbol} = {_some(left)}; add a case, or \\text{{otherwise}}"
            raise meaning.error(node, said)


def _domain(symbol: Any) -> Any:
    if symbol.is_positive:
        return sp.Interval.open(0, sp.oo)
    if symbol.is_negative:
        return sp.Interval.open(-sp.oo, 0)
    if symbol.is_nonnegative:
        return sp.Interval(0, sp.oo)
    return sp.Interval(-sp.oo, 0) if symbol.is_nonpositive else sp.S.Reals


def _where(meaning: Meaning, node: Node, condition: Any, symbol: Any) -> Any:
    """The set on which a condition holds; bounds are numbers, so that it is known exactly."""
    if isinstance(condition, sp.And):
        return sp.Intersection(*(_where(meaning, node, c, symbol) for c in condition.args))
    if condition in (sp.true, sp.false):
        return sp.S.Reals if condition == sp.true else sp.S.EmptySet
    # x/2 > 1 is as good as x > 2; with more than that the set would have to be searched for.
    difference = sp.expand(condition.lhs - condition.rhs)
    slope = difference.coeff(symbol)
    rest = difference - slope * symbol
    if not (slope.is_Rational and slope != 0 and rest.is_number):
        said = "the condition of a case compares a variable with a number here, as in x > 0"
        raise meaning.error(node, said)
    bound = -rest / slope
    relation = condition.func if slope > 0 else condition.reversed.func
    return relation(sp.Dummy("u", real=True), bound).as_set()


def _some(points: Any) -> Any:
    """One of the points of a set, a simple one."""
    inner = points.args[0] if isinstance(points, sp.Union) else points
    if isinstance(inner, sp.FiniteSet):
        return inner.args[0]
    low, high = inner.inf, inner.sup
    if low == -sp.oo:
        return 0 if high == sp.oo else high - (1 if high not in inner else 0)
    if low in inner:
        return low
    return low + 1 if high == sp.oo else (low + high) / 2

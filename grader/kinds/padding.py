"""Lines that are sound and lead nowhere: what changes nothing is put on, and taken off again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import combinations
from typing import Any

import sympy as sp

from derivations import decide
from grader.kinds.forms import in_time

SECONDS = 0.3
DECISION_SECONDS = 0.1
MOST_PARTS = 8
_OPERATORS = (sp.Derivative, sp.Integral, sp.Sum, sp.Product)


@lru_cache(maxsize=1024)
def undressed(line: Any) -> Any:
    """A line without what stands in it for a number, such as sin(x)^2 + cos(x)^2.

    Numbers stand before sums, integrals and derivatives.
    """
    found = in_time(SECONDS, _stripped, line)
    return line if found is None else found


@lru_cache(maxsize=1024)
def plain(line: Any) -> Any:
    """The same with names of its own for bound variables."""
    found = in_time(SECONDS, _renamed, undressed(line))
    return line if found is None else found


@lru_cache(maxsize=1024)
def bare(line: Any) -> Any:
    """The same multiplied out; derivatives, integrals and sums are left as they stand."""
    found = in_time(SECONDS, _opened, plain(line))
    return line if found is None else found


def _opened(line: Any) -> Any:
    if isinstance(line, sp.Rel):
        return line.func(*(_opened(side) for side in line.args), evaluate=False)
    names = {node: sp.Dummy() for node in _outermost(line, _OPERATORS)}
    opened = sp.expand(
        line.xreplace(names), power_exp=False, power_base=False, log=False, func=False
    )
    return opened.xreplace({name: node for node, name in names.items()})


def _stripped(e: Any) -> Any:
    """Each sum or product in it, from inside out, without terms or factors that are constant."""
    if isinstance(e, sp.Rel):
        return e.func(*(_stripped(side) for side in e.args), evaluate=False)
    if not e.args or not isinstance(e, sp.Expr) or isinstance(e, sp.Indexed):
        return e
    if isinstance(e, sp.Derivative):
        body = sp.Add(*(t for t in sp.Add.make_args(_stripped(e.expr)) if t.has(*e.variables)))
        number, rest = body.as_coeff_Mul()
        return number * e.func(rest, *e.args[1:])
    if isinstance(e, sp.Sum | sp.Integral):
        number, rest = _stripped(e.function).as_coeff_Mul()
        extent, limits = _without_idle_limits(e)
        return number * extent * (e.func(rest, *limits) if limits else rest)
    args = [_stripped(a) for a in e.args]
    if isinstance(e, sp.Pow) and args[0].is_Add and args[1].is_Integer:
        number, rest = args[0].primitive()
        if args[1].is_even and rest.could_extract_minus_sign():
            rest = -rest
        return number ** args[1] * rest ** args[1]
    if not isinstance(e, sp.Add | sp.Mul):
        return e.func(*args)
    numbers = [a for a in args if not a.free_symbols]
    others = [a for a in args if a.free_symbols]
    return e.func(*numbers, *_without_constants(e.func, others))


def _without_idle_limits(e: Any) -> tuple[Any, list[Any]]:
    """How often a sum or an integral only repeats its body, as a number; and its other limits."""
    extent, kept = sp.S.One, []
    used = {
        s
        for part in (e.function, *(end for _, *ends in e.limits for end in ends))
        for s in part.free_symbols
    }
    for v, *ends in e.limits:
        length = ends[1] - ends[0] + int(isinstance(e, sp.Sum)) if len(ends) == 2 else None
        if v not in used and length is not None and length.is_Rational and length > 0:
            extent *= length
        else:
            kept.append((v, *ends))
    return extent, kept


def _renamed(e: Any) -> Any:
    """A formula whose bound variables are called after how deep they are."""
    if isinstance(e, sp.Rel):
        return e.func(*(_renamed(side) for side in e.args), evaluate=False)
    if not e.has(sp.Sum, sp.Product, sp.Integral):
        return e
    if not isinstance(e, sp.Sum | sp.Product | sp.Integral):
        return e.func(*(_renamed(a) for a in e.args))
    body = _renamed(e.function)
    depth = sum(isinstance(node, _OPERATORS) for node in sp.preorder_traversal(body))
    names = {v: sp.Symbol(f"_{depth}_{k}", **v.assumptions0) for k, v in enumerate(e.bound_symbols)}
    limits = [(names[v], *(end.xreplace(names) for end in ends)) for v, *ends in e.limits]
    return e.func(body.xreplace(names), *limits)


def _without_constants(func: Any, parts: list[Any]) -> list[Any]:
    """The parts, where those that together are a number have become that number."""
    if len(parts) > MOST_PARTS:
        return parts
    for size in range(2, len(parts) + 1):
        for chosen in combinations(range(len(parts)), size):
            number = _number(func(*(parts[k] for k in chosen)))
            if number is not None:
                rest = [part for k, part in enumerate(parts) if k not in chosen]
                return [number, *_without_constants(func, rest)]
    return parts


def _number(e: Any) -> Any:
    """The number that a formula always is; None for one that is none, or is not known to be."""
    symbols = sorted((s for s in e.free_symbols if s.is_Symbol), key=str)
    if not symbols or e.has(*_OPERATORS, sp.Indexed):
        return None
    values = []
    for shift in (3, 5):
        place = {s: sp.Rational(1, shift + k) for k, s in enumerate(symbols)}
        value = e.xreplace(place)
        values.append(complex(value.evalf(15)) if value.is_number else complex("nan"))
    if not abs(values[0] - values[1]) < 1e-9 * (1 + abs(values[0])):
        return None
    number = sp.nsimplify(round(values[0].real, 9), rational=True)
    return number if decide(e, number, budget=DECISION_SECONDS).proved else None


def _outermost(e: Any, kinds: tuple[type, ...]) -> Iterator[Any]:
    if isinstance(e, kinds):
        yield e
    else:
        for part in e.args:
            yield from _outermost(part, kinds)


def is_idle(line: Any, before: Any, used: Iterable[Any]) -> bool:
    """Whether a line holds the whole line before, and nothing else in it is ever used.

    Args:
        line: a line that follows from the line before.
        before: that line.
        used: the line after it, and the lines of the model.
    """
    if isinstance(line, sp.Rel) or isinstance(before, sp.Rel) or not before.free_symbols:
        return False
    if not any(_has_all(node, before) for node in sp.preorder_traversal(line)):
        return False
    if any(_is_laden(node, before) for node in sp.preorder_traversal(line)):
        return True
    brought = _pieces(line) - _pieces(before)
    return not any(brought & _pieces(other) for other in used)


def _is_laden(node: Any, before: Any) -> bool:
    """Whether a sum, an integral or a derivative is another one with terms put in."""
    same = isinstance(node, _OPERATORS) and node.func == before.func
    if not (same and node.args[1:] == before.args[1:]):
        return False
    terms, others = (set(sp.Add.make_args(e.args[0])) for e in (node, before))
    return terms > others


def _has_all(node: Any, other: Any) -> bool:
    """Whether all terms, or all factors, of a formula are among those of a node."""
    if node == other:
        return True
    if isinstance(node, _OPERATORS) and node.func == other.func and node.args[1:] == other.args[1:]:
        return _has_all(node.args[0], other.args[0])
    if isinstance(node, sp.Add) and other in node.args:
        return True
    if not (isinstance(other, sp.Add | sp.Mul) and isinstance(node, other.func)):
        return False
    return set(_without_numbers(other.args)) <= set(_without_numbers(node.args))


def _without_numbers(parts: Sequence[Any]) -> list[Any]:
    return [part for part in parts if not part.is_number]


def _pieces(e: Any) -> set[Any]:
    kinds = (sp.Function, sp.Pow, sp.Indexed, sp.Add, *_OPERATORS)
    return {node for node in sp.preorder_traversal(e) if isinstance(node, kinds)}

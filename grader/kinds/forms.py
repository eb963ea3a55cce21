"""When two lines of a derivation are one and the same form, or one is the other dressed up.

What counts as a step is decided here. Multiplying out is not a step (unless the model makes it),
nor is the line before with something added that is 0, or multiplied by something that is 1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

import sympy as sp

from derivations import decide
from derivations.kernel.clock import OutOfTimeError, limited

Value = TypeVar("Value")
EXPANSION_SECONDS = 0.2
PLACE_SECONDS = 0.2
LARGEST_POWER = 8
LARGEST = 40
_UNDONE = (sp.Derivative, sp.Integral, sp.Sum, sp.Product)


def identical(a: Any, b: Any) -> bool:
    """The same form up to the order of terms, and of the sides of an equation."""
    return bool(a == b) or (isinstance(a, sp.Equality) and bool(a.reversed == b))


def alike(a: Any, b: Any) -> bool:
    """The same form up to the order of terms and products multiplied out."""
    if identical(a, b):
        return True
    if isinstance(a, sp.Rel) and isinstance(b, sp.Rel):
        straight = a.rel_op == b.rel_op and alike(a.lhs, b.lhs) and alike(a.rhs, b.rhs)
        turned = a.reversed.rel_op == b.rel_op and alike(a.rhs, b.lhs) and alike(a.lhs, b.rhs)
        return straight or turned
    if a.has(sp.Derivative) or b.has(sp.Derivative):
        return False
    if not (_shallow(a) and _shallow(b)):
        return False
    return in_time(EXPANSION_SECONDS, lambda: _multiplied_out(a) == _multiplied_out(b)) or False


def in_time(seconds: float, function: Callable[..., Value], *args: Any) -> Value | None:
    """What a function returns, or nothing when it takes longer than so many seconds.

    A student's formula may be short and yet large once SymPy works on it.
    """
    try:
        with limited(seconds):
            return function(*args)
    except OutOfTimeError:
        return None


@lru_cache(maxsize=1024)  # a line is compared with every line before it
def _shallow(expression: Any) -> bool:
    """Whether multiplying it out is quick."""
    powers = (p.exp for p in expression.atoms(sp.Pow))
    return bool(sp.count_ops(expression) <= LARGEST) and not any(
        e.is_Integer and abs(e) > LARGEST_POWER for e in powers
    )


@lru_cache(maxsize=1024)
def _multiplied_out(expression: Any) -> Any:
    return sp.expand(
        expression, power_exp=False, power_base=False, log=False, complex=False, func=False
    )


def dressed(line: Any, other: Any) -> bool:
    """Whether a line is another one with something put on that changes nothing.

    Both are known to be equal, so what was added is 0 and what was multiplied by is 1.
    """
    if isinstance(line, sp.Rel) and isinstance(other, sp.Rel):
        sides = ((line.lhs, other.lhs), (line.rhs, other.rhs))
        added = [mine - theirs for mine, theirs in sides]
        if added[0] == added[1] != 0 and _holds(*sides[0]) and line.rhs != 0:
            return True  # on both sides, and nothing went by it
        return any(dressed(*side) for side in sides) and all(
            identical(*side) or dressed(*side) for side in sides
        )
    return _holds(line, other) or _dressed_inside(line, other)


def dressed_end(line: Any, end: Any, start: Any) -> bool:
    """Whether a line is the end dressed up, before the end was derived.

    A line such as r*exp(-r)*sum(r^j/j!) holds the end r and has work left to do: what stands
    beside the end holds an unfinished sum of what was given. That is no dressing.
    """
    if isinstance(line, sp.Rel) or isinstance(end, sp.Rel):
        return dressed(line, end)
    if not dressed(line, end):
        return False
    given = _pieces(start)
    unfinished = [node for node in line.atoms(*_UNDONE) if _pieces(node) & given]
    return not any(node not in end.atoms(*_UNDONE) for node in unfinished)


def _pieces(expression: Any) -> set[Any]:
    """What an expression is made of, without its symbols and numbers."""
    kinds = (sp.Function, sp.Pow, sp.Indexed)
    return {p for p in sp.preorder_traversal(expression) if isinstance(p, kinds)}


def _holds(line: Any, other: Any) -> bool:
    """Whether all terms, or all factors, of the other are among those of the line."""
    if other.is_number:
        return False
    for parts in (sp.Add.make_args, sp.Mul.make_args):
        have, wanted = ({_bare(p) for p in parts(side)} for side in (line, other))
        wanted -= {sp.S.One}
        if wanted and wanted < have and len(parts(line)) > 1:
            return True
    return False


def contained(other: Any, terms: Sequence[Any]) -> bool:
    """Whether all terms of another line are among the terms of a line, as they were typed."""
    left = [piece for term in terms for piece in sp.Add.make_args(term)]
    for term in sp.Add.make_args(other):
        if term not in left:
            return False
        left.remove(term)
    return True


def taken_off(other: Any, terms: Sequence[Any]) -> bool:
    """Whether terms as typed are one other line, some of it added and taken off: 2f - f."""
    if not isinstance(other, sp.Expr):
        return False
    shares = [_share(term, other) for term in terms]
    if other.is_Add and any(share is not None for share in shares):
        return True
    return None not in shares and min(shares) < 0 < max(shares)


def _share(term: Any, other: Any) -> Any:
    """Which multiple of another formula a term is by its build; None if it is none."""
    mine, theirs = (formula.as_coefficients_dict() for formula in (term, other))
    if mine.keys() != theirs.keys():
        return None
    (share, *others) = {mine[part] / theirs[part] for part in theirs}
    return None if others else share


def _bare(term: Any) -> Any:
    """A term or factor without the number before it."""
    return term.as_coeff_Mul()[1]


def _dressed_inside(line: Any, other: Any) -> bool:
    """Whether the two differ in one place only, and are dressed there."""
    if line.func != other.func or not line.args:
        return False
    if line.is_Add or line.is_Mul:
        mine, theirs = set(line.args) - set(other.args), set(other.args) - set(line.args)
        return len(mine) == 1 == len(theirs) and _dressed_place(mine.pop(), theirs.pop())
    if len(line.args) != len(other.args):
        return False
    differ = [pair for pair in zip(line.args, other.args, strict=True) if pair[0] != pair[1]]
    return len(differ) == 1 and _dressed_place(*differ[0])


def _dressed_place(line: Any, other: Any) -> bool:
    if not (isinstance(line, sp.Expr) and isinstance(other, sp.Expr)):
        return False
    # Inside, nothing says yet that the two are equal.
    return dressed(line, other) and decide(line, other, budget=PLACE_SECONDS).proved

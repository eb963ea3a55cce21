"""Which one small change turns a wrong line into a right one.

Candidates are tried at a few points first, so that hundreds of them cost milliseconds; the one that
survives is proved before it is named. Nothing is said rather than something uncertain.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

import sympy as sp

from derivations.kernel.balls import Point, Undecided, Undefined, evaluate
from derivations.kernel.clock import OutOfTimeError, limited
from derivations.kernel.ladder import decide
from derivations.kernel.points import points, symbols_of
from derivations.kernel.rungs import carried_out
from derivations.kernel.slips import Slip, candidates, is_average, nodes, of_averages, of_matrices

POINTS = 3
BITS = 64


def diagnose(wrong: Any, right: Any, given: Sequence[Any] = (), budget: float = 0.05) -> str:
    """The slip that a wrong line probably is, in words, or nothing.

    Args:
        wrong: the line as it was written.
        right: what it should equal, for example the line before it.
        given: SymPy relations that hold besides the symbols' own assumptions.
        budget: seconds after which the search gives up.
    """
    start = time.thread_time()
    try:
        with limited(budget):
            return _search(
                sp.sympify(wrong, strict=True),
                sp.sympify(right, strict=True),
                given,
                start + budget,
            )
    except (OutOfTimeError, RecursionError, ArithmeticError, TypeError, ValueError, AttributeError):
        return ""


def _search(wrong: Any, right: Any, given: Sequence[Any], deadline: float) -> str:
    if getattr(wrong, "is_Matrix", False) or getattr(right, "is_Matrix", False):
        return _first(of_matrices(wrong), right, lambda _: True, given, deadline)
    if any(is_average(node) for node in (*nodes(wrong), *nodes(right))):
        plausible = _in_one_world(wrong, right, given, deadline)
        return _first(of_averages(wrong, right), right, plausible, given, deadline)
    derivatives = sorted(right.atoms(sp.Derivative), key=str)
    right = carried_out(right)
    probe = _Probe(right, given)
    tried = candidates(wrong, right, [d.expr for d in derivatives])
    return _first(tried, right, probe.agrees, given, deadline)


def _first(
    candidates: Iterator[Slip],
    right: Any,
    plausible: Callable[[Any], bool],
    given: Sequence[Any],
    deadline: float,
) -> str:
    for repaired, said in candidates:
        left = deadline - time.thread_time()
        if left <= 0:
            return ""
        if plausible(repaired) and decide(right, repaired, given=given, budget=left).proved:
            return said
    return ""


class _Probe:
    """The right line's values at a few points, and a quick comparison with others'."""

    def __init__(self, right: Any, given: Sequence[Any]) -> None:
        self.points: list[Point] = []
        self.values: list[Any] = []
        symbols = symbols_of(right, *given)
        for point in islice(points(symbols, given, str(right)), 12):
            value = _value(right, point)
            if value is not None:
                self.points.append(point)
                self.values.append(value)
            if len(self.points) == POINTS:
                break

    def agrees(self, other: Any) -> bool:
        """Whether an expression may be equal to the right line, as far as the points tell."""
        for point, value in zip(self.points, self.values, strict=True):
            got = _value(other, point)
            if got is None or not (got - value).contains(0):
                return False
        return bool(self.points)


def _value(e: Any, point: Point) -> Any:
    try:
        return evaluate(e, point, BITS)
    except (Undefined, Undecided, OverflowError, ValueError):
        return None


def _in_one_world(
    wrong: Any, right: Any, given: Sequence[Any], deadline: float
) -> Callable[[Any], bool]:
    """Whether an expression may be equal to the right one, as far as one distribution tells."""
    from derivations.kernel.expectation.comparison import compared
    from derivations.kernel.expectation.search import Search

    worlds = list(islice(Search((wrong, right), given, deadline).worlds(), 1))
    return lambda other: all(compared(right, other, "=", w)[0] != "refutes" for w in worlds)

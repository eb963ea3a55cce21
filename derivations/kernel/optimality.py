"""Claims on extrema: stationary points, minima and maxima, free or constrained, unique."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp

from derivations.kernel.balls import differentiated
from derivations.kernel.ladder import decide
from derivations.kernel.verdict import Verdict


def stationary(
    f: Any, at: Mapping[Any, Any], given: Sequence[Any] = (), budget: float = 1.0
) -> Verdict:
    """Whether every partial derivative of f is 0 at a point.

    Args:
        f: the function, in the symbols that are the keys of `at`, and parameters.
        at: the value of each variable.
        given: SymPy relations that hold between the parameters.
        budget: seconds for each derivative.
    """
    verdicts = []
    for v in at:
        slope = differentiated(sp.Derivative(f, v))
        verdicts.append(decide(slope.subs(dict(at)), 0, given=given, budget=budget))
    return _worst(verdicts)


def extremum(
    f: Any,
    at: Mapping[Any, Any],
    kind: str,
    given: Sequence[Any] = (),
    *,
    subject_to: Sequence[Any] = (),
    unique: bool = False,
    budget: float = 1.0,
) -> Verdict:
    """Whether f has its minimum or maximum at a point, of all points that meet the constraints.

    Args:
        f: the function.
        at: the value of each variable at the extremum.
        kind: minimum or maximum.
        given: SymPy relations between the parameters.
        subject_to: SymPy relations that the variables must meet; the point must meet them too.
        unique: whether no other point may have the same value.
        budget: seconds for each of the questions.

    Raises:
        ValueError: the kind is not one of the two.
    """
    if kind not in ("minimum", "maximum"):
        raise ValueError(f"extremum: kind must be minimum or maximum; got {kind!r}")
    relation = ">=" if kind == "minimum" else "<="
    value = f.subs(dict(at))
    verdicts = [_met(c, at, given, budget) for c in subject_to]
    everywhere = (*given, *subject_to)
    verdicts.append(decide(f, value, relation, given=everywhere, budget=budget))
    if unique:
        strict = relation[0]
        for v, place in at.items():
            elsewhere = (*everywhere, sp.Ne(v, place))
            verdicts.append(decide(f, value, strict, given=elsewhere, budget=budget))
    return _worst(verdicts)


def _met(constraint: Any, at: Mapping[Any, Any], given: Sequence[Any], budget: float) -> Verdict:
    """Whether the point itself meets a constraint."""
    relation = {"==": "="}.get(constraint.rel_op, constraint.rel_op)
    lhs, rhs = (side.subs(dict(at)) for side in (constraint.lhs, constraint.rhs))
    return decide(lhs, rhs, relation, given=given, budget=budget)


def multipliers(
    f: Any,
    at: Mapping[Any, Any],
    constraints: Sequence[Any],
    values: Sequence[Any],
    given: Sequence[Any] = (),
    budget: float = 1.0,
) -> Verdict:
    """Whether a point is stationary for f + sum of multiplier times constraint (Lagrange, KKT).

    Args:
        f: the function.
        at: the value of each variable.
        constraints: expressions that are 0 at the point.
        values: their multipliers.
        given: SymPy relations between the parameters.
        budget: seconds for each derivative.
    """
    lagrangian = f + sum((m * c for m, c in zip(values, constraints, strict=True)), sp.S.Zero)
    met = [decide(c.subs(dict(at)), 0, given=given, budget=budget) for c in constraints]
    return _worst([*met, stationary(lagrangian, at, given, budget)])


def _worst(verdicts: Sequence[Verdict]) -> Verdict:
    order = ("refuted", "unknown", "supported", "proved")
    return min(verdicts, key=lambda v: order.index(v.status))

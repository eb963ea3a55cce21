"""The public door: `decide` climbs the rungs, cheapest first, within its budget."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import sympy as sp

from derivations.kernel import cases, limits, structural
from derivations.kernel.balls import Point, differentiated
from derivations.kernel.conditions import conditions_of
from derivations.kernel.field import Field, GiveUp
from derivations.kernel.order import ALLOWED, sign
from derivations.kernel.points import points, ranges_of, symbols_of
from derivations.kernel.verdict import Verdict
from derivations.kernel.witness import Outcome, try_point

RELATIONS = tuple(ALLOWED)
QUICK_POINTS = 3
AGREEING_POINTS = 8
POINTS_TRIED = 24
REPLAYED_POINTS = 2


def decide(
    lhs: Any, rhs: Any, relation: str = "=", given: Sequence[Any] = (), budget: float = 1.0
) -> Verdict:
    """Whether lhs stands in the relation to rhs wherever the assumptions hold.

    Args:
        lhs: a SymPy expression; derivatives and limits may be unevaluated.
        rhs: the other side.
        relation: one of = != < <= > >=.
        given: SymPy relations that hold besides the symbols' own assumptions.
        budget: seconds after which the answer is `unknown` or `supported`.

    Returns:
        A verdict; the same one for the same question.

    Raises:
        ValueError: the relation is not one of those listed.
    """
    if relation not in RELATIONS:
        raise ValueError(f"decide: relation must be one of {' '.join(RELATIONS)}; got {relation!r}")
    start = time.perf_counter()
    question = _Question(sp.S(lhs), sp.S(rhs), relation, tuple(given), start + budget)
    try:
        verdict = question.answer()
    except (GiveUp, RecursionError) as error:
        verdict = Verdict("unknown", "", reason=str(error) or "the expression is nested too deeply")
    except Exception as error:
        reason = f"internal error: {type(error).__name__}: {error}"
        verdict = Verdict("unknown", "", reason=reason)
    milliseconds = (time.perf_counter() - start) * 1000
    return Verdict(
        verdict.status,
        verdict.method,
        verdict.witness,
        verdict.conditions,
        verdict.evidence,
        verdict.reason,
        milliseconds,
    )


class _Question:
    def __init__(
        self, lhs: Any, rhs: Any, relation: str, given: tuple[Any, ...], deadline: float
    ) -> None:
        self.lhs, self.rhs, self.relation, self.given = lhs, rhs, relation, given
        self.deadline = deadline
        self.evidence: list[str] = []
        self.excluded: list[str] = []

    def answer(self) -> Verdict:
        if self.relation in ("=", "<=", ">=") and structural.same(self.lhs, self.rhs):
            return self._proved("the two sides being the same expression")
        self._take_limits()
        if self.relation == "=" and structural.same(self.lhs, self.rhs):
            return self._proved("a limit taken by comparing degrees")
        sequence = self._points()
        first = list(islice(sequence, QUICK_POINTS))
        for point in first:
            outcome = try_point(self.lhs, self.rhs, self.relation, point, quick=True)
            if outcome.kind == "refutes":
                return self._refuted(outcome)
            if outcome.kind == "holds" and not point and not self._has_families():
                return self._proved("ball arithmetic: both sides are constants")
        try:
            method = self._prove()
            reason = ""
        except GiveUp as error:
            method, reason = "", str(error)
        if method:
            return self._replayed(method, sequence)
        return self._sampled(reason or "no proof was found", [*first, *self._more(sequence)])

    def _points(self) -> Iterator[Point]:
        symbols = symbols_of(self.lhs, self.rhs, *self.given)
        return points(symbols, self.given, f"{self.lhs}|{self.relation}|{self.rhs}")

    def _has_families(self) -> bool:
        """Whether indexed families occur: a point gives their entries values by itself."""
        return bool(self.lhs.has(sp.Indexed) or self.rhs.has(sp.Indexed))

    def _more(self, sequence: Iterator[Point]) -> Iterator[Point]:
        for point in islice(sequence, POINTS_TRIED):
            if time.perf_counter() > self.deadline:
                return
            yield point

    def _take_limits(self) -> None:
        for side in ("lhs", "rhs"):
            expression = getattr(self, side)
            for limit in expression.atoms(sp.Limit):
                value = limits.value(limit, self.deadline)
                self.evidence.append(f"{limit} = {value}")
                expression = expression.xreplace({limit: value})
            setattr(self, side, expression)

    def _prove(self) -> str:
        """The method of a proof, or nothing."""
        regions = list(cases.split(self.lhs, self.rhs, self.deadline))
        method = ""
        for case in regions:
            if case.excluded:
                self.excluded.append(case.excluded)
                continue
            method = self._prove_smooth(case.lhs, case.rhs)
            if not method:
                return ""
            if case.region:
                self.evidence.append(f"{case.region}: {method}")
        return f"cases, each by {method}" if len(regions) > 1 else method

    def _prove_smooth(self, lhs: Any, rhs: Any) -> str:
        field = Field(self.deadline, ranges_of(self.given))
        difference = field.fraction(_carried_out(lhs) - _carried_out(rhs))
        self.excluded += field.conditions
        if difference.is_zero():
            if self.relation in ("=", "<=", ">="):
                return "rational functions over exponentials, logarithms and roots"
            return ""
        if self.relation == "=":
            return ""
        if sign(field, difference) <= ALLOWED[self.relation]:
            return "the signs of the factors of the difference"
        return ""

    def _replayed(self, method: str, sequence: Iterator[Point]) -> Verdict:
        """A proof is tried at points that it did not use; a clash is our error, never a verdict."""
        for point in islice(sequence, REPLAYED_POINTS):
            outcome = try_point(self.lhs, self.rhs, self.relation, point, quick=True)
            if outcome.kind == "refutes" and outcome.witness is not None:
                clash = f"the kernel contradicts itself ({method}): {outcome.witness.sentence()}"
                return Verdict("unknown", "", reason=f"internal error: {clash}")
        return self._proved(method)

    def _sampled(self, reason: str, sequence: Sequence[Point]) -> Verdict:
        agreeing, undefined, last = 0, 0, ""
        for point in sequence:
            outcome = try_point(self.lhs, self.rhs, self.relation, point)
            if outcome.kind == "refutes":
                return self._refuted(outcome)
            agreeing += outcome.kind in ("agrees", "holds")
            undefined += outcome.kind == "undefined"
            last = outcome.reason or last
            if agreeing >= AGREEING_POINTS or time.perf_counter() > self.deadline:
                break
        if agreeing >= AGREEING_POINTS:
            return Verdict("supported", f"{agreeing} points", reason=reason)
        if sequence and undefined == len(sequence):
            reason = f"no point was found at which both sides are defined ({last})"
        elif not sequence:
            reason = "no point was found at which the assumptions hold"
        elif last:
            reason = f"{reason}; {last}"
        return Verdict("unknown", "", reason=reason)

    def _refuted(self, outcome: Outcome) -> Verdict:
        return Verdict("refuted", "an exact point", outcome.witness, evidence=tuple(self.evidence))

    def _proved(self, method: str) -> Verdict:
        found = [*conditions_of(self.lhs, self.rhs, deadline=self.deadline), *self.excluded]
        unique = tuple(dict.fromkeys(found))
        return Verdict("proved", method, conditions=unique, evidence=tuple(self.evidence))


def _carried_out(expression: Any) -> Any:
    derivatives = expression.atoms(sp.Derivative)
    return (
        expression.xreplace({d: differentiated(d) for d in derivatives})
        if derivatives
        else expression
    )

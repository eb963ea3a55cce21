"""The public door: `decide` climbs the rungs, cheapest first, within its budget."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

import sympy as sp

from derivations.kernel import structural
from derivations.kernel.balls import Point
from derivations.kernel.clock import OutOfTimeError, limited
from derivations.kernel.conditions import conditions_of
from derivations.kernel.field import GiveUp
from derivations.kernel.order import ALLOWED
from derivations.kernel.points import points, symbols_of
from derivations.kernel.rungs import Proof, Question, first_proof
from derivations.kernel.verdict import Verdict
from derivations.kernel.witness import Outcome, try_point

RELATIONS = tuple(ALLOWED)
QUICK_POINTS = 5
AGREEING_POINTS = 12
POINTS_TRIED = 36
REPLAYED_POINTS = 2
RECHECKED_POINTS = 20


def decide(
    lhs: Any, rhs: Any, relation: str = "=", given: Sequence[Any] = (), budget: float = 1.0
) -> Verdict:
    """Whether lhs stands in the relation to rhs wherever the assumptions hold.

    Args:
        lhs: a SymPy expression; derivatives, sums, integrals and limits may be unevaluated, and
            matrices and expectations as `derivations.matrices` and `derivations.random` make them.
        rhs: the other side.
        relation: one of = != < <= > >=.
        given: SymPy relations that hold besides the symbols' own assumptions.
        budget: seconds of CPU time after which the answer is `unknown` or `supported`.

    Returns:
        A verdict; the same one for the same question.

    Raises:
        ValueError: the relation is not one of those listed.
        TypeError: a side is text, or nothing that SymPy knows; text is never evaluated.
    """
    if relation not in RELATIONS:
        raise ValueError(f"decide: relation must be one of {' '.join(RELATIONS)}; got {relation!r}")
    sides = _expression(lhs), _expression(rhs)
    began, start = time.perf_counter(), time.thread_time()
    try:
        with limited(budget * 1.05):
            assumed = tuple(g for g in given if g is not sp.true)
            verdict = _answer(*sides, relation, assumed, start + budget)
    except OutOfTimeError:
        verdict = Verdict("unknown", "", reason="out of time")
    except (GiveUp, RecursionError) as error:
        verdict = Verdict("unknown", "", reason=str(error) or "the expression is nested too deeply")
    except Exception as error:
        # The door is total: what fails inside is named as ours, and never a verdict.
        verdict = Verdict("unknown", "", reason=f"internal error: {type(error).__name__}: {error}")
    return replace(verdict, ms=(time.perf_counter() - began) * 1000)


def _expression(side: Any) -> Any:
    try:
        return sp.sympify(side, strict=True)
    except sp.SympifyError:
        said = f"decide: a side must be an expression; got {type(side).__name__}"
        hint = "; read text with parse_expression" if isinstance(side, str) else ""
        raise TypeError(said + hint) from None


def _answer(lhs: Any, rhs: Any, relation: str, given: tuple[Any, ...], deadline: float) -> Verdict:
    for other in _other_worlds(lhs, rhs, *given):
        verdict: Verdict | None = other(lhs, rhs, relation, given, deadline)
        if verdict is not None:
            return verdict
    return _Climb(Question(lhs, rhs, relation, given, deadline)).verdict()


def _other_worlds(*expressions: Any) -> Iterator[Any]:
    """The rungs whose quantities are not numbers; imported only when there are some."""
    nodes = {node for e in expressions for node in sp.preorder_traversal(e)}
    homes = {getattr(type(node), "__module__", None) for node in nodes}
    if "derivations.matrices" in homes or any(map(_is_matrix, nodes)):
        from derivations.kernel import matrices

        yield matrices.answer
    if "derivations.random" in homes:
        from derivations.kernel import expectation

        yield expectation.answer


def _is_matrix(node: Any) -> bool:
    return bool(getattr(node, "is_Matrix", False) or getattr(node, "is_MatrixExpr", False))


class _Climb:
    """One question about numbers, from the cheapest answer to the last."""

    def __init__(self, question: Question) -> None:
        self.q = question
        self.reasons: list[str] = []

    def verdict(self) -> Verdict:
        q = self.q
        if q.relation in ("=", "<=", ">=") and structural.same(q.lhs, q.rhs):
            return self._proved(Proof("the two sides being the same expression"))
        sequence = self._points()
        first = list(islice(sequence, QUICK_POINTS))
        if not first:
            return Verdict("unknown", "", reason="no point was found at which the assumptions hold")
        for point in first:
            outcome = try_point(q.lhs, q.rhs, q.relation, point, quick=True)
            if outcome.kind == "refutes":
                return self._refuted(outcome, point)
            if outcome.kind == "holds" and not point and not self._has_families():
                return self._proved(Proof("ball arithmetic: both sides are constants"))
        proof = first_proof(q, self.reasons)
        if proof is not None:
            return self._replayed(proof, sequence)
        return self._sampled([*first, *self._more(sequence)])

    def _points(self) -> Iterator[Point]:
        q = self.q
        symbols = symbols_of(q.lhs, q.rhs, *q.given)
        return points(symbols, q.given, f"{q.lhs}|{q.relation}|{q.rhs}")

    def _has_families(self) -> bool:
        """Whether indexed families occur: a point gives their entries values by itself."""
        return bool(self.q.lhs.has(sp.Indexed) or self.q.rhs.has(sp.Indexed))

    def _more(self, sequence: Iterator[Point]) -> Iterator[Point]:
        for point in islice(sequence, POINTS_TRIED):
            if time.thread_time() > self.q.deadline:
                return
            yield point

    def _replayed(self, proof: Proof, sequence: Iterator[Point]) -> Verdict:
        """A proof is tried at points that it did not use; a clash is our error, never a verdict."""
        q = self.q
        for point in islice(sequence, REPLAYED_POINTS):
            outcome = try_point(q.lhs, q.rhs, q.relation, point, quick=True)
            if outcome.kind == "refutes" and outcome.witness is not None:
                clash = f"the kernel contradicts itself ({proof.method}): "
                reason = f"internal error: {clash}{outcome.witness.sentence()}"
                return Verdict("unknown", "", reason=reason)
        return self._proved(proof)

    def _sampled(self, sequence: Sequence[Point]) -> Verdict:
        q, agreeing, undefined, last = self.q, 0, 0, ""
        for point in sequence:
            outcome = try_point(q.lhs, q.rhs, q.relation, point)
            if outcome.kind == "refutes":
                return self._refuted(outcome, point)
            agreeing += outcome.kind in ("agrees", "holds")
            undefined += outcome.kind == "undefined"
            last = outcome.reason or last
            if agreeing >= AGREEING_POINTS or time.thread_time() > q.deadline:
                break
        reason = "; ".join(self.reasons) or "no proof was found"
        if agreeing >= AGREEING_POINTS:
            return Verdict("supported", f"{agreeing} points", reason=reason)
        if sequence and undefined == len(sequence):
            reason = f"no point was found at which both sides are defined ({last})"
        elif last:
            reason = f"{reason}; {last}"
        return Verdict("unknown", "", reason=reason)

    def _refuted(self, outcome: Outcome, point: Point) -> Verdict:
        q = self.q

        def again() -> bool:
            return try_point(q.lhs, q.rhs, q.relation, point).kind == "refutes"

        return Verdict("refuted", "an exact point", outcome.witness, replay=again)

    def _proved(self, proof: Proof) -> Verdict:
        q = self.q
        found = [
            *conditions_of(q.lhs, q.rhs, given=q.given, deadline=q.deadline),
            *proof.conditions,
        ]
        return Verdict(
            "proved",
            proof.method,
            conditions=tuple(dict.fromkeys(found)),
            evidence=proof.evidence,
            certificates=proof.certificates,
            replay=self._holds_elsewhere,
        )

    def _holds_elsewhere(self) -> bool:
        """Whether no further point, of those not tried before, speaks against the relation."""
        q = self.q
        unseen = islice(self._points(), QUICK_POINTS + REPLAYED_POINTS, RECHECKED_POINTS)
        outcomes = (try_point(q.lhs, q.rhs, q.relation, point) for point in unseen)
        return all(outcome.kind != "refutes" for outcome in outcomes)

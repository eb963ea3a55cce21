"""Rung: expectations, variances and covariances over declared random variables."""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import islice
from typing import Any

import sympy as sp

from derivations.kernel.expectation.algebra import Reducer
from derivations.kernel.expectation.atoms import Atoms
from derivations.kernel.expectation.comparison import compared
from derivations.kernel.expectation.nodes import OPERATORS, Distributed, Fact, RandomSymbol
from derivations.kernel.expectation.search import Search, identifications
from derivations.kernel.expectation.terms import operators_in
from derivations.kernel.field import GiveUp
from derivations.kernel.verdict import Verdict, Witness

REDUCED = "both sides as reduced by the known moments, not as given"
METHOD = "the algebra of expectations"
REPLAYED_WORLDS = 1
PROOF_SHARE = 0.6  # of the time left; the rest is for a witness


def answer(
    lhs: Any, rhs: Any, relation: str, given: Sequence[Any], deadline: float
) -> Verdict | None:
    """What the declarations of the random variables say of one question.

    Args:
        lhs: one side; a variable outside E, Var, Cov and Prob stands for any of its values.
        rhs: the other side.
        relation: one of = != < <= > >=.
        given: relations and declared facts (`independent`, `uncorrelated`); an equation between
            expectations, such as Eq(Cov(X, Y), c), is used as an equation.
        deadline: the `time.thread_time()` after which to stop.

    Returns:
        A verdict, or None when nothing in the question is random.
    """
    spoken_of = any(isinstance(g, Distributed) for g in given)
    if not (spoken_of or any(side.has(RandomSymbol, *OPERATORS) for side in (lhs, rhs))):
        return None
    return _Question(lhs, rhs, relation, tuple(given), deadline).answer()


class _Question:
    def __init__(
        self, lhs: Any, rhs: Any, relation: str, given: tuple[Any, ...], deadline: float
    ) -> None:
        self.lhs, self.rhs, self.relation, self.given = lhs, rhs, relation, given
        self.deadline = deadline
        self.reducer = Reducer((lhs, rhs), given, deadline)
        self.search = Search((lhs, rhs), given, deadline)

    def answer(self) -> Verdict:
        reduced: tuple[Any, Any] | None = None
        verdict = Verdict("unknown", "", reason="out of time")
        try:
            reduced = self.reducer.reduced(self.lhs), self.reducer.reduced(self.rhs)
            verdict = self._remainder(*reduced)
        except GiveUp as error:
            verdict = Verdict("unknown", "", reason=str(error) or "no rule applies")
        if verdict.proved:
            return self._replayed(verdict)
        witness = self._refuted(self.lhs, self.rhs, ())
        if witness is None and reduced is not None:
            witness = self._refuted(*reduced, (REDUCED,))
        if witness is None:
            witness = self._refuted_as_one()
        return verdict if witness is None else witness

    def _remainder(self, left: Any, right: Any) -> Verdict:
        """The verdict on the sides without operators; refuted and supported count for nothing.

        The opaque expectations are not free numbers, so a point for them would refute too much.
        """
        from derivations.kernel.ladder import decide

        atoms = Atoms()
        known = self._equations()
        a, b = atoms.plain(left.xreplace(known)), atoms.plain(right.xreplace(known))
        plain = [atoms.plain(self.reducer.reduced(g)) for g in self._relations()]
        budget = PROOF_SHARE * max(self.deadline - time.thread_time(), 0.0)
        below = decide(a, b, self.relation, plain, budget)
        moments = self.reducer.moments
        if below.proved:
            return Verdict(
                "proved",
                METHOD,
                conditions=(*moments.conditions, *below.conditions, *self._finite()),
                evidence=(*moments.evidence, *below.evidence),
            )
        closed = not atoms.operators and not atoms.labels
        if below.supported and closed:
            return Verdict(
                "supported", below.method, evidence=(*moments.evidence,), reason=below.reason
            )
        if below.refuted and closed:
            return Verdict("refuted", below.method, below.witness, evidence=(REDUCED,))
        return Verdict("unknown", "", reason=f"{left} and {right} are not known to agree")

    def _finite(self) -> tuple[str, ...]:
        """What every step needs, unless all distributions are known to have all moments."""
        labels = {s for e in (self.lhs, self.rhs) for s in e.atoms(RandomSymbol)}
        declared = all(s.declaration.law and s.declaration.law.specified for s in labels)
        return () if declared else ("the expectations are finite",)

    def _relations(self) -> list[Any]:
        """The assumed relations; equations between expectations are used by substitution."""
        plain = [g for g in self.given if not isinstance(g, Fact)]
        return [g for g in plain if not (isinstance(g, sp.Equality) and g.has(*OPERATORS))]

    def _equations(self) -> dict[Any, Any]:
        """Assumed equations between expectations, each solved for its largest expectation."""
        known: dict[Any, Any] = {}
        for g in self.given:
            if not (isinstance(g, sp.Equality) and g.has(*OPERATORS)):
                continue
            sides = [self.reducer.reduced(side) for side in g.args]
            gap = sp.expand((sides[0] - sides[1]).xreplace(known))
            for atom in sorted(operators_in(gap), key=lambda o: (-o.count_ops(), str(o))):
                slope = gap.coeff(atom, 1)
                if slope.is_number and slope != 0 and not (gap - slope * atom).has(atom):
                    value = sp.expand(-(gap - slope * atom) / slope)
                    known = {o: v.xreplace({atom: value}) for o, v in known.items()}
                    known[atom] = value
                    break
        return known

    def _replayed(self, verdict: Verdict) -> Verdict:
        """A proof is tried in a world that it did not use; a clash is our error."""
        for world in islice(self.search.worlds(), REPLAYED_WORLDS):
            outcome, witness = compared(self.lhs, self.rhs, self.relation, world)
            if outcome == "refutes" and witness is not None:
                clash = f"the kernel contradicts itself ({METHOD}): {witness.sentence()}"
                return Verdict("unknown", "", reason=f"internal error: {clash}")
        return verdict

    def _refuted(self, left: Any, right: Any, notes: tuple[str, ...]) -> Verdict | None:
        return _searched(self.search, left, right, self.relation, notes)

    def _refuted_as_one(self) -> Verdict | None:
        """Refute with one variable put for another that nothing keeps apart from it."""
        for old, new, replaced in identifications(self.search.labels, self.search.facts):
            sides = [side.xreplace(replaced) for side in (self.lhs, self.rhs)]
            given = [g.xreplace(replaced) for g in self.given]
            reducer = Reducer(sides, given, self.deadline)
            try:
                left, right = (reducer.reduced(side) for side in sides)
            except GiveUp:
                continue
            search = Search(sides, given, self.deadline)
            notes = (f"{old} = {new} always", REDUCED)
            found = _searched(search, left, right, self.relation, notes)
            if found is not None and found.witness is not None:
                point = ((str(old), f"the same variable as {new}"), *found.witness.point)
                witness = Witness(point, found.witness.lhs, found.witness.rhs)
                return Verdict("refuted", found.method, witness, evidence=notes)
        return None


def _searched(
    search: Search, left: Any, right: Any, relation: str, notes: tuple[str, ...]
) -> Verdict | None:
    for world in search.worlds():
        outcome, witness = compared(left, right, relation, world)
        if outcome == "refutes":
            return Verdict("refuted", "a distribution", witness, evidence=notes)
    return None

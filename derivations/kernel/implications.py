"""Steps between equations: whether one follows from the other, in which direction.

"Set the derivative to zero and solve" is a chain of equations. A step may lose a solution (dividing
by what can vanish), gain one (squaring), or be an equivalence; each direction is its own verdict.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp

from derivations.kernel.balls import Undecided, Undefined, evaluate
from derivations.kernel.clock import OutOfTimeError, limited
from derivations.kernel.field import Field, GiveUp
from derivations.kernel.monotone import Region
from derivations.kernel.real_statements import NEGATED, RELATION
from derivations.kernel.reals import Reals
from derivations.kernel.rungs import carried_out
from derivations.kernel.verdict import Verdict, Witness
from derivations.kernel.witness import decimal

EMPTY = "nothing is there for it to hold at: what is given has no solution, or a side no value"


@dataclass(frozen=True, slots=True)
class Step:
    """How two equations, or systems of them, stand to each other.

    Attributes:
        forward: whether the second follows from the first.
        backward: whether the first follows from the second.
    """

    forward: Verdict
    backward: Verdict

    @property
    def arrow(self) -> str:
        """`<=>`, `=>`, `<=`, `not` when both are refuted, or `?` when something is open."""
        if self.forward.proved and self.backward.proved:
            return "<=>"
        if self.forward.proved and self.backward.refuted:
            return "=>"
        if self.forward.refuted and self.backward.proved:
            return "<="
        return "not" if self.forward.refuted and self.backward.refuted else "?"

    def sentence(self) -> str:
        """The step in words, with the solution that is lost or gained."""
        if self.arrow == "<=>":
            return "the two are equivalent"
        parts = []
        if self.forward.refuted and self.forward.witness is not None:
            parts.append(f"a solution is lost: {_where(self.forward.witness)}")
        if self.backward.refuted and self.backward.witness is not None:
            parts.append(f"a solution is gained: {_where(self.backward.witness)}")
        return "; ".join(parts) or "it was not decided whether the two are equivalent"


def compare(before: Any, after: Any, given: Sequence[Any] = (), budget: float = 1.0) -> Step:
    """How one equation, or a system, follows from another.

    Args:
        before: a SymPy relation, or a sequence of them that hold together.
        after: the same.
        given: relations that hold throughout.
        budget: seconds for both directions together.
    """
    first, second = (_system(side) for side in (before, after))
    return Step(
        follows(first, second, given, budget / 2), follows(second, first, given, budget / 2)
    )


def follows(
    premises: Any, conclusions: Any, given: Sequence[Any] = (), budget: float = 1.0
) -> Verdict:
    """Whether every conclusion holds wherever the premises do.

    Args:
        premises: a SymPy relation, or a sequence of them.
        conclusions: the same.
        given: relations that hold throughout.
        budget: seconds.
    """
    start = time.thread_time()
    question = _Question(_system(premises), tuple(given), start + budget)
    try:
        with limited(budget * 1.05):
            verdicts = [question.answer(c) for c in _system(conclusions)]
    except OutOfTimeError:
        verdicts = [Verdict("unknown", "", reason="out of time")]
    except (GiveUp, RecursionError) as error:
        verdicts = [Verdict("unknown", "", reason=str(error) or "nested too deeply")]
    order = ("refuted", "unknown", "supported", "proved")
    worst = min(verdicts, key=lambda v: order.index(v.status))
    conditions = tuple(dict.fromkeys(c for v in verdicts for c in v.conditions))
    ms = (time.thread_time() - start) * 1000
    return Verdict(
        worst.status, worst.method, worst.witness, conditions, worst.evidence, worst.reason, ms
    )


class _Question:
    def __init__(self, premises: tuple[Any, ...], given: tuple[Any, ...], deadline: float) -> None:
        self.premises, self.given, self.deadline = premises, given, deadline

    def answer(self, conclusion: Any) -> Verdict:
        """The verdict on one conclusion."""
        if conclusion is sp.true or conclusion in self.premises:
            return Verdict("proved", "it is one of the premises")
        scaled = self._scaled(conclusion)
        if scaled is not None:
            return scaled
        reasons = []
        known = (*self.given, *self.premises)
        reals = Reals(known, self.deadline)
        relation = RELATION[conclusion.rel_op]
        try:
            if reals.entails(conclusion.lhs, conclusion.rhs, relation):
                contrary = Reals(known, self.deadline)
                if contrary.entails(conclusion.lhs, conclusion.rhs, NEGATED[relation]):
                    return Verdict("unknown", "", reason=EMPTY)
                return Verdict("proved", "real arithmetic")
        except GiveUp as error:
            reasons.append(str(error))
        for point in self._solutions(reals.model, conclusion):
            witness = self._violation(point, conclusion)
            if witness is not None:
                return Verdict("refuted", "an exact solution", witness)
        return Verdict("unknown", "", reason="; ".join(reasons) or "no proof was found")

    def _scaled(self, conclusion: Any) -> Verdict | None:
        """One equation as a multiple of the other: what must not vanish, and whether it may."""
        if len(self.premises) != 1 or not isinstance(conclusion, sp.Equality):
            return None
        (premise,) = self.premises
        if not isinstance(premise, sp.Equality):
            return None
        field = Field(self.deadline, self.given)
        try:
            first, second = (
                field.normal(f)
                for f in field.fractions(
                    *(carried_out(e.lhs - e.rhs) for e in (premise, conclusion))
                )
            )
        except GiveUp:
            return None
        if second.is_zero():
            return Verdict("proved", "it holds by itself")
        if first.is_zero():  # 0 = 0 has every number for a solution
            return None
        common = first.num.gcd(second.num)
        extra = first.num / common  # the premise is extra * common = 0
        if common.is_constant():
            return None
        if extra.is_constant():
            condition = self._must_not_vanish(field, second.den)
            return Verdict("proved", "a multiple of the premise", conditions=condition)
        if Region(self.given, self.deadline).entails(field.expression(extra), "!="):
            condition = self._must_not_vanish(field, second.den)
            said = f"divided by {field.expression(extra)}, which is never 0"
            return Verdict("proved", said, conditions=condition)
        return None

    def _must_not_vanish(self, field: Field, den: Any) -> tuple[str, ...]:
        if den.is_constant():
            return ()
        expression = field.expression(den)
        if Region(self.given, self.deadline).entails(expression, "!="):
            return ()
        return (f"{expression} != 0",)

    def _solutions(self, model: Any, conclusion: Any) -> Iterator[dict[Any, Any]]:
        """Points at which the premises hold: z3's, and roots of an equation in one symbol."""
        if model:
            yield {s: sp.Rational(int(v.p), int(v.q)) for s, v in model.items()}
        symbols = sorted(
            {s for e in (*self.premises, conclusion) for s in e.free_symbols if s.is_Symbol},
            key=str,
        )
        for v in symbols:
            others = {s: sp.Integer(k + 2) for k, s in enumerate(o for o in symbols if o != v)}
            for premise in self.premises:
                if not (isinstance(premise, sp.Equality) and premise.has(v)):
                    continue
                equation = sp.expand((premise.lhs - premise.rhs).subs(others))
                if equation.free_symbols != {v} or not equation.is_polynomial(v):
                    continue
                for root in sp.roots(sp.Poly(equation, v)):
                    yield {**others, v: root}

    def _violation(self, point: dict[Any, Any], conclusion: Any) -> Witness | None:
        """The witness, if the premises hold exactly at the point and the conclusion does not."""
        for relation in (*self.premises, *self.given):
            if relation.subs(point) is not sp.true and not _holds_exactly(relation, point):
                return None
        if any(s.is_positive and not v.is_positive for s, v in point.items()):
            return None
        if any(s.is_integer and not v.is_integer for s, v in point.items()):
            return None
        if any(s.is_real and not v.is_real for s, v in point.items()):
            return None
        try:
            left, right = (
                evaluate(side.subs(point), {}, 128) for side in (conclusion.lhs, conclusion.rhs)
            )
        except (Undefined, Undecided):
            return None
        if (left - right).contains(0) or not isinstance(conclusion, sp.Equality):
            return None
        shown = tuple((str(s), str(v)) for s, v in point.items())
        return Witness(shown, decimal(left, 4), decimal(right, 4))


def _holds_exactly(relation: Any, point: dict[Any, Any]) -> bool:
    if not isinstance(relation, sp.Equality):
        return bool(relation.subs(point) == sp.true)
    return bool(sp.expand((relation.lhs - relation.rhs).subs(point)) == 0)


def _system(side: Any) -> tuple[Any, ...]:
    return tuple(side) if isinstance(side, (list, tuple)) else (side,)


def _where(witness: Witness) -> str:
    return ", ".join(f"{name} = {value}" for name, value in witness.point)

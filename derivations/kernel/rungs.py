"""The proving rungs in their order: what each asks of its own file, and what it answers.

A rung gives a `Proof`, or None when it cannot decide, or raises `GiveUp` with the reason. No rung
calls another; those that turn a question into a simpler one hand it back to the ladder.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from derivations.kernel import algebraic, cases, constancy, monotone, reals
from derivations.kernel.balls import differentiated, evaluate, switches
from derivations.kernel.field import Field, GiveUp
from derivations.kernel.order import ALLOWED, sign

FRACTIONS = "rational functions over exponentials, logarithms and roots"


@dataclass(frozen=True, slots=True)
class Question:
    """Two sides, how they should stand to each other, and what holds besides."""

    lhs: Any
    rhs: Any
    relation: str
    given: tuple[Any, ...]
    deadline: float

    def with_sides(self, lhs: Any, rhs: Any) -> Question:
        """The same question on other sides."""
        return Question(lhs, rhs, self.relation, self.given, self.deadline)


@dataclass(slots=True)
class Proof:
    """Why a relation holds.

    Attributes:
        method: the argument, in a few words.
        conditions: what it needs besides the assumptions.
        evidence: what was found on the way, one sentence each.
        certificates: what can be checked again by itself.
    """

    method: str
    conditions: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    certificates: tuple[Any, ...] = field(default=())


def by_cases(q: Question) -> Proof | None:
    """Each region of the switches by exact fractions, or by the signs of the factors."""
    setting = cases.Setting(q.given, q.deadline)
    regions = list(cases.split(q.lhs, q.rhs, setting))
    method, conditions, evidence = "", [], []
    for case in regions:
        if case.excluded:
            conditions.append(case.excluded)
            continue
        exact = Field(q.deadline, case.given)
        difference = exact.fraction(carried_out(case.lhs) - carried_out(case.rhs))
        method = _of_difference(exact, difference, q.relation)
        if not method:
            return None
        conditions += exact.conditions
        if case.region:
            evidence.append(f"{case.region}: {method}")
    if not method:
        return None
    said = f"cases, each by {method}" if len(regions) > 1 else method
    return Proof(said, tuple(conditions), tuple(evidence))


def _of_difference(exact: Field, difference: Any, relation: str) -> str:
    if difference.is_zero():
        return FRACTIONS if relation in ("=", "<=", ">=") else ""
    if relation != "=" and sign(exact, difference) <= ALLOWED[relation]:
        return "the signs of the factors of the difference"
    return ""


def by_logarithms(q: Question) -> Proof | None:
    """Positive sides are equal when their logarithms are."""
    if q.relation != "=" or not (q.lhs.has(sp.exp) and q.rhs.has(sp.exp)):
        return None
    exact = Field(q.deadline, q.given)
    sides = exact.fractions(q.lhs, q.rhs)
    if not all(exact.is_positive(f.num) and exact.is_positive(f.den) for f in sides):
        return None
    equal = exact.fraction(sp.log(q.lhs) - sp.log(q.rhs)).is_zero()
    return Proof("equal logarithms of positive sides") if equal else None


def by_real_arithmetic(q: Question) -> Proof | None:
    """Polynomials in real quantities, by z3; derivatives where z3 alone does not see it."""
    if q.lhs.has(sp.Integral, sp.Limit) or q.rhs.has(sp.Integral, sp.Limit):
        return None
    lhs, rhs = carried_out(q.lhs), carried_out(q.rhs)
    if q.relation not in ("=", "!="):
        proved = monotone.proves(lhs, rhs, q.relation, q.given, q.deadline)
        return Proof("real arithmetic and the sign of a derivative") if proved else None
    if not (switches(lhs) or switches(rhs) or q.given or _has_roots(lhs, rhs)):
        return None
    proved = reals.proves(lhs, rhs, q.relation, q.given, q.deadline)
    return Proof("real arithmetic") if proved else None


def by_derivatives(q: Question) -> Proof | None:
    """Equal derivatives and one equal value."""
    if q.relation != "=":
        return None
    method = constancy.proves(q.lhs, q.rhs, q.given, q.deadline)
    return Proof(method) if method else None


def by_phases(q: Question) -> Proof | None:
    """A constant D with exp(i D) = 1 is a multiple of 2 pi, and 0 when it is small."""
    difference = q.lhs - q.rhs
    if q.relation != "=" or difference.free_symbols or not difference.is_real:
        return None
    if not abs(evaluate(difference, {}, 64)) < 6:
        return None
    exact = Field(q.deadline)
    turned = exact.fraction(sp.exp(sp.I * sp.expand(difference)) - 1)
    equal = turned.is_zero() or algebraic.vanishes(exact, turned.num)
    return Proof("equal phases, less than 2 pi apart") if equal else None


def by_separation(q: Question) -> Proof | None:
    """An algebraic constant that is smaller than such constants can be is 0."""
    difference = q.lhs - q.rhs
    if q.relation != "=" or difference.free_symbols:
        return None
    exact = Field(q.deadline)
    equal = algebraic.vanishes(exact, exact.fraction(difference).num)
    return Proof("a bound on how small an algebraic number can be") if equal else None


def by_calculus(q: Question) -> Proof | None:
    """Integrals, series and closed sums by certificates; then the question that is left."""
    if not (q.lhs.has(*_CALCULUS) or q.rhs.has(*_CALCULUS)):
        return _by_remainder(q)
    from derivations.kernel import calculus

    # The rung's own steps cannot be interrupted: it gets a part of the time only.
    deadline = time.thread_time() + 0.6 * (q.deadline - time.thread_time())
    reason = GiveUp("no proof was found")
    try:
        values = [calculus.evaluated(side, q.given, deadline) for side in (q.lhs, q.rhs)]
        left = q.with_sides(*[v.value for v in values])
        if (left.lhs, left.rhs) != (q.lhs, q.rhs):
            proof = first_proof(left)
            if proof is not None:
                return _with_certificates(proof, values)
    except GiveUp as error:
        reason = error
    if q.relation == "=" and time.thread_time() < deadline:
        equal = calculus.same(q.lhs, q.rhs, q.given, deadline)
        return Proof("equal integrals", equal.conditions, equal.evidence, equal.certificates)
    raise reason


def _by_remainder(q: Question) -> Proof | None:
    if q.relation not in ("<=", ">=") or not (q.lhs.has(sp.Abs) or q.rhs.has(sp.Abs)):
        return None
    from derivations.kernel import calculus

    small, large = (q.lhs, q.rhs) if q.relation == "<=" else (q.rhs, q.lhs)
    said = calculus.remainder(small, large, q.given, q.deadline)
    return Proof(said) if said else None


def _with_certificates(proof: Proof, values: Any) -> Proof:
    return Proof(
        f"certificates for integrals and sums, then {proof.method}",
        (*(c for v in values for c in v.conditions), *proof.conditions),
        (*(e for v in values for e in v.evidence), *proof.evidence),
        (*(c for v in values for c in v.certificates), *proof.certificates),
    )


RUNGS: tuple[Callable[[Question], Proof | None], ...] = (
    by_cases,
    by_logarithms,
    by_real_arithmetic,
    by_derivatives,
    by_separation,
    by_phases,
    by_calculus,
)
_CALCULUS = (sp.Integral, sp.Sum, sp.Limit)


def first_proof(q: Question, reasons: list[str] | None = None) -> Proof | None:
    """The first rung's proof; what the others lacked is added to `reasons`."""
    for said in _climb(q):
        if isinstance(said, Proof):
            return said
        if reasons is not None and said not in reasons:
            reasons.append(said)
    return None


def _climb(q: Question) -> Iterator[Proof | str]:
    from derivations.kernel.balls import Undecided, Undefined

    for rung in RUNGS:
        if time.thread_time() > q.deadline:
            yield "out of time"
            return
        try:
            proof = rung(q)
        except (GiveUp, Undecided, Undefined) as error:
            yield str(error)
            continue
        if proof is not None:
            yield proof
            return


def carried_out(expression: Any) -> Any:
    """The expression with its derivatives taken."""
    derivatives = expression.atoms(sp.Derivative)
    if not derivatives:
        return expression
    return expression.xreplace({d: differentiated(d) for d in derivatives})


def _has_roots(*sides: Any) -> bool:
    """Whether a root occurs: its sign is what the exact fractions do not know."""
    powers = (p for side in sides for p in side.atoms(sp.Pow))
    return any(p.exp.is_Rational and not p.exp.is_Integer for p in powers)

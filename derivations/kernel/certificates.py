"""What a closed form rests on: small facts that are checked again without the search for them."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any, Protocol

import sympy as sp

from derivations.kernel.field import Field, GiveUp

RECHECK_SECONDS = 2.0


class Certificate(Protocol):
    """One fact that a closed form rests on."""

    def recheck(self) -> bool:
        """Whether the fact holds, decided anew by exact arithmetic."""


@dataclass(frozen=True, slots=True)
class Equality:
    """Two expressions are the same: a derivative and its integrand, a term and its template."""

    lhs: Any
    rhs: Any
    says: str

    def recheck(self) -> bool:
        """Whether both sides have one normal form."""
        return equal(self.lhs, self.rhs, time.thread_time() + RECHECK_SECONDS)


@dataclass(frozen=True, slots=True)
class Antiderivative:
    """`candidate` has the derivative `integrand` in `variable`."""

    candidate: Any
    integrand: Any
    variable: Any

    def recheck(self) -> bool:
        """Differentiate the candidate and compare."""
        slope = self.candidate.diff(self.variable)
        return equal(slope, self.integrand, time.thread_time() + RECHECK_SECONDS)


@dataclass(frozen=True, slots=True)
class Telescoper:
    """`candidate(k + 1) - candidate(k)` is `term(k)`."""

    candidate: Any
    term: Any
    index: Any

    def recheck(self) -> bool:
        """Take the difference and compare."""
        step = self.candidate.subs(self.index, self.index + 1) - self.candidate
        return equal(step, self.term, time.thread_time() + RECHECK_SECONDS)


@dataclass(frozen=True, slots=True)
class Closed:
    """A definite integral or a sum in closed form.

    Attributes:
        value: the closed form.
        conditions: what it needs besides the assumptions, as text.
        evidence: how it was reached, a sentence each.
        certificates: the facts it rests on; each can be checked again.
    """

    value: Any
    conditions: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    certificates: tuple[Certificate, ...] = field(default=())


def shown(e: Any) -> str:
    """An expression as text, its internal names written plainly."""
    e = sp.sympify(e, strict=True)
    return str(e.xreplace({d: sp.Symbol(d.name) for d in e.atoms(sp.Dummy)}))


def equal(lhs: Any, rhs: Any, deadline: float) -> bool:
    """Whether the field certifies that both sides are equal."""
    try:
        return bool(Field(deadline).fraction(sp.sympify(lhs, strict=True) - rhs).is_zero())
    except GiveUp:
        return False

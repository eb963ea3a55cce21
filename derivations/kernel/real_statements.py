"""Questions about real numbers as statements that z3 reads, over the generators of the field."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import sympy as sp
from flint import fmpq

from derivations.kernel.field import Field, GiveUp
from derivations.kernel.fractions import Fraction

WORK = 1_500_000  # z3's own count of steps: the same on every machine
NEGATED = {"=": "!=", "!=": "=", "<=": ">", ">=": "<", "<": ">=", ">": "<="}
RELATION = {"==": "=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


class Statements:
    """One set of assumptions with its field, and z3's words for what is said in it."""

    def __init__(self, given: Sequence[Any], deadline: float) -> None:
        import z3

        self.z3 = z3
        self.deadline = deadline
        self.given = tuple(g for g in given if g is not sp.true)
        if not all(isinstance(g, sp.core.relational.Relational) for g in self.given):
            raise GiveUp("an assumption is not a relation")
        self.field = Field(deadline, self.given)
        self.replaced: dict[Any, Any] = {}
        self.model: dict[Any, fmpq] | None = None

    def unsatisfiable(self, statements: Sequence[Any]) -> bool:
        """Whether z3 finds that no real values meet them all; a point that does is kept.

        Raises:
            GiveUp: no time is left.
        """
        left = self.deadline - time.thread_time()
        if left <= 0:
            raise GiveUp("out of time")
        solver = self.z3.SolverFor("QF_NRA")
        solver.set("rlimit", WORK)
        solver.set("timeout", max(1, int(1000 * left)))
        solver.add(*statements)
        answer = solver.check()
        if answer == self.z3.sat:
            self.model = self._point(solver.model())
        return bool(answer == self.z3.unsat)

    def _point(self, model: Any) -> dict[Any, fmpq] | None:
        """The symbols' values in z3's model, when all are rational."""
        point = {}
        for place, g in enumerate(self.field.generators):
            if g.kind or not g.expression.is_Symbol or isinstance(g.expression, sp.Dummy):
                continue
            value = model.eval(self._variable(place), model_completion=True)
            if not self.z3.is_rational_value(value):
                return None
            point[g.expression] = fmpq(value.numerator_as_long(), value.denominator_as_long())
        return point

    def condition(self, condition: Any) -> Any:
        """The statement that a condition of relations holds.

        Raises:
            GiveUp: it is made of something else.
        """
        z3 = self.z3
        if condition in (True, sp.true):
            return z3.BoolVal(True)
        if isinstance(condition, sp.And):
            return z3.And(*[self.condition(c) for c in condition.args])
        if isinstance(condition, sp.Or):
            return z3.Or(*[self.condition(c) for c in condition.args])
        if isinstance(condition, sp.Not):
            return z3.Not(self.condition(condition.args[0]))
        if not isinstance(condition, sp.core.relational.Relational):
            raise GiveUp(f"{condition} is not a relation")
        difference = self.of(condition.lhs) - self.of(condition.rhs)
        return self.compare(difference, RELATION[condition.rel_op])

    def of(self, e: Any) -> Fraction:
        """The expression as a reduced fraction of the field."""
        return self.field.reduce(self.field.of(e))

    def equal(self, a: Fraction, b: Fraction) -> Any:
        """The statement that two fractions are equal."""
        return self.compare(a - b, "=")

    def compare(self, f: Fraction, relation: str) -> Any:
        """The statement that a fraction stands in a relation to 0, where it is defined."""
        num, den = self._polynomial(f.num), self._polynomial(f.den)
        defined = den != 0
        value = num if f.den.is_constant() and int(f.den.leading_coefficient()) > 0 else num * den
        statement = {
            "=": num == 0,
            "!=": num != 0,
            "<": value < 0,
            "<=": value <= 0,
            ">": value > 0,
            ">=": value >= 0,
        }[relation]
        return statement if f.den.is_constant() else self.z3.And(defined, statement)

    def _polynomial(self, p: Any) -> Any:
        total = self.z3.RealVal(0)
        for monomial, c in p.terms():
            term = self.z3.RealVal(int(c))
            for place, exponent in enumerate(monomial):
                if int(exponent) > 40:
                    raise GiveUp("a power too large for real arithmetic")
                for _ in range(int(exponent)):
                    term = term * self._variable(place)
            total = total + term
        return total

    def _variable(self, place: int) -> Any:
        return self.z3.Real(f"g{place}")

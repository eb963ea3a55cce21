"""Rung: real arithmetic, by z3 over the generators of the field.

The question becomes polynomials in the generators, each generator with facts that hold for it by
theorem: exp is positive and lies above its tangent, |x| is one of x and -x, a sum of squares is not
negative. z3 looks for real values that meet all facts and break the claim; when there are none, the
claim is proved. Facts may be too weak, never wrong, so a failed search proves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy as sp

from derivations.kernel.fractions import ONE, Fraction
from derivations.kernel.real_facts import SWITCHES, Facts
from derivations.kernel.real_rewrites import common_angles, exponentiated_relation
from derivations.kernel.real_statements import NEGATED, RELATION


def proves(lhs: Any, rhs: Any, relation: str, given: Sequence[Any], deadline: float) -> bool:
    """Whether z3 finds that the relation holds wherever the assumptions do.

    Where its contrary would be found as well, nothing is there for it to hold at: the assumptions
    contradict each other, or a side is 1/0 in disguise.

    Raises:
        GiveUp: the question is not one about real numbers in these generators.
    """
    found = Reals(given, deadline).entails(lhs, rhs, relation)
    return found and not Reals(given, deadline).entails(lhs, rhs, NEGATED[relation])


class Reals(Facts):
    """The facts of one set of assumptions, and the questions put to them."""

    def entails(self, lhs: Any, rhs: Any, relation: str) -> bool:
        """Whether the relation follows; after a no, `model` may hold a candidate against it."""
        self.model = None
        lhs, rhs = common_angles(sp.sympify(lhs, strict=True), sp.sympify(rhs, strict=True))
        difference = self._smooth(lhs) - self._smooth(rhs)
        relations = [
            g.func(self._smooth(g.lhs), self._smooth(g.rhs), evaluate=False) for g in self.given
        ]
        relations += [g for r in relations for g in exponentiated_relation(r)]
        parts = [g.lhs - g.rhs for g in relations]
        nodes = {d: self._parts(node) for d, node in self.replaced.items()}
        inner = [e for expressions in nodes.values() for e in expressions]
        fractions = self.field.fractions(difference, *parts, *inner)
        goal = self.compare(fractions[0], NEGATED[relation])
        facts = [
            self.compare(f, RELATION[g.rel_op])
            for f, g in zip(fractions[1:], relations, strict=False)
        ]
        for dummy, node in self.replaced.items():
            facts.append(self._switch(dummy, node))
        facts += self.generator_facts(facts)
        return self.unsatisfiable([*facts, goal])

    def _smooth(self, e: Any) -> Any:
        """The expression with each switch, sine and cosine replaced by a symbol of its own."""
        if not e.args:
            return e
        if isinstance(e, sp.tan):
            e = sp.sin(e.args[0]) / sp.cos(e.args[0])
        e = e.func(*[self._smooth(a) for a in e.args])
        if isinstance(e, (*SWITCHES, sp.sin, sp.cos)):
            for dummy, node in self.replaced.items():
                if node == e:
                    return dummy
            dummy = sp.Dummy(f"s{len(self.replaced)}", real=True)
            self.replaced[dummy] = e
            return dummy
        return e

    def _parts(self, node: Any) -> list[Any]:
        """The expressions inside a replaced node that facts speak of."""
        if isinstance(node, sp.Piecewise):
            return [e for branch, condition in node.args for e in (branch, *_sides(condition))]
        if isinstance(node, (sp.sin, sp.cos)):
            return [node.args[0]]
        return list(node.args)

    def _switch(self, dummy: Any, node: Any) -> Any:
        """What holds between a switch and its arguments."""
        z3, d = self.z3, self.of(dummy)
        if isinstance(node, sp.Piecewise):
            earlier: list[Any] = []
            cases: list[Any] = []
            for branch, condition in node.args:
                applies = self.condition(condition)
                cases.append(z3.And(*earlier, applies, self.equal(d, self.of(branch))))
                earlier.append(z3.Not(applies))
            return z3.Or(*cases)
        arguments = [self.of(a) for a in node.args]
        if isinstance(node, (sp.Max, sp.Min)):
            relation = ">=" if isinstance(node, sp.Max) else "<="
            bounds = [self.compare(d - a, relation) for a in arguments]
            return z3.And(*bounds, z3.Or(*[self.equal(d, a) for a in arguments]))
        (a, *rest) = arguments
        if isinstance(node, (sp.sin, sp.cos)):
            return self._wave(node, d, a)
        if isinstance(node, sp.floor):
            return z3.And(self.compare(d - a, "<="), self.compare(d - a + Fraction(ONE), ">"))
        positive, negative, at_zero = {
            sp.Abs: (a, -a, Fraction(ONE) + -Fraction(ONE)),
            sp.sign: (Fraction(ONE), -Fraction(ONE), self.of(sp.S.Zero)),
            sp.Heaviside: (Fraction(ONE), self.of(sp.S.Zero), rest[0] if rest else a),
        }[node.func]
        return z3.Or(
            z3.And(self.compare(a, ">"), self.equal(d, positive)),
            z3.And(self.compare(a, "<"), self.equal(d, negative)),
            z3.And(self.compare(a, "="), self.equal(d, at_zero)),
        )

    def _wave(self, node: Any, d: Fraction, a: Fraction) -> Any:
        """Sine and cosine: between -1 and 1, of squares that add up to 1, |sin x| <= |x|."""
        z3 = self.z3
        facts = [self.compare(d * d + -Fraction(ONE), "<=")]
        quarter = self.of(sp.pi / 2)
        inside = z3.And(self.compare(a - quarter, "<"), self.compare(a + quarter, ">"))
        if isinstance(node, sp.sin):
            facts.append(self.compare(d * d - a * a, "<="))
            facts.append(z3.Implies(inside, self.compare(d * d + -Fraction(ONE), "<")))
        else:
            facts.append(z3.Implies(inside, self.compare(d, ">")))
        partner = sp.cos if isinstance(node, sp.sin) else sp.sin
        for other, its in self.replaced.items():
            if its == partner(node.args[0]):
                o = self.of(other)
                facts.append(self.compare(d * d + o * o + -Fraction(ONE), "="))
        return z3.And(*facts)


def _sides(condition: Any) -> list[Any]:
    return [r.lhs - r.rhs for r in condition.atoms(sp.core.relational.Relational)]

"""What holds by theorem for each generator of the field, and between them, as statements for z3."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import sympy as sp

from derivations.kernel.balls import Undecided, Undefined, evaluate
from derivations.kernel.field import Field, Generator, GiveUp
from derivations.kernel.fractions import CONTEXT, ONE, Fraction
from derivations.kernel.loops import in_range
from derivations.kernel.order import POSITIVE, ZERO, sign
from derivations.kernel.real_statements import NEGATED, RELATION, Statements

MAX_GENERATORS = 18
SWITCHES = (sp.Abs, sp.Max, sp.Min, sp.sign, sp.Heaviside, sp.Piecewise, sp.floor)


class Facts(Statements):
    """Statements with what is known of their generators."""

    def generator_facts(self, known: list[Any]) -> list[Any]:
        """What holds for each generator; facts may bring in further generators."""
        facts: list[Any] = []
        place = 0
        while place < len(self.field.generators):
            if place >= MAX_GENERATORS:
                raise GiveUp("too many independent quantities for real arithmetic")
            facts += self._generator(place, self.field.generators[place], [*known, *facts])
            place += 1
        return facts + self._pairs()

    def _generator(self, place: int, g: Generator, known: list[Any]) -> list[Any]:
        v = Fraction(CONTEXT.gen(place))
        if g.kind in ("exp", "log", "root", "power", "sum"):
            facts: list[Any] = getattr(self, f"_{g.kind}")(v, g, known)
        elif g.expression.is_Symbol:
            facts = _symbol_facts(self, v, g.expression)
        elif isinstance(g.expression, sp.functions.special.tensor_functions.KroneckerDelta):
            facts = [self.z3.Or(self.compare(v, "="), self.equal(v, Fraction(ONE)))]
        elif g.real:
            facts = []
        elif g.expression == sp.I or not g.expression.is_extended_real:
            raise GiveUp(f"{g.expression} may not be real")
        else:
            facts = []
        if g.positive:
            facts.append(self.compare(v, ">"))
        if not g.expression.free_symbols:
            facts += self._bounds(v, g.expression)
        return facts

    def _bounds(self, v: Fraction, constant: Any) -> list[Any]:
        """A constant lies in its ball."""
        try:
            ball = evaluate(constant, {}, 96).real
        except (Undefined, Undecided):
            return []
        edges = [_dyadic(edge) for edge in (ball.lower(), ball.upper())]
        down, up = (Fraction(CONTEXT.constant(p), CONTEXT.constant(q)) for p, q in edges)
        return [self.compare(v - down, ">="), self.compare(v - up, "<=")]

    def _exp(self, u: Fraction, g: Generator, _: list[Any]) -> list[Any]:
        """u = exp(t) > 0, u >= 1 + t, and 1/u >= 1 - t."""
        t, one = self._exponent(g), Fraction(ONE)
        power = self._power_facts(u, g)
        return [
            *power,
            self.compare(u, ">"),
            self.compare(u - one - t, ">="),
            self.compare(u * (one - t) - one, "<="),
        ]

    def _exponent(self, g: Generator) -> Fraction:
        monomial = g.key[1]
        return self.of(monomial / self.field.roots.get(monomial, 1))

    def _log(self, w: Fraction, g: Generator, known: list[Any]) -> list[Any]:
        """w = log(a): 1 - 1/a <= w <= a - 1; a is certainly positive, or this rung gives up."""
        a, one = self.of(g.expression.args[0]), Fraction(ONE)
        self._require(a, ">", known, g)
        return [
            self.compare(a, ">"),
            self.compare(w - a + one, "<="),
            self.compare(w * a - a + one, ">="),
        ]

    def _root(self, r: Fraction, g: Generator, known: list[Any]) -> list[Any]:
        """r**q = a and r >= 0 for a certainly not negative."""
        q, a = self.field.relations[self.field.index[g.key]]
        if not g.positive:
            self._require(a, ">=", known, g)
        return [self.compare(r, ">="), self.equal(r**q, a)]

    def _power(self, p: Fraction, g: Generator, known: list[Any]) -> list[Any]:
        """p = b**k, with b > 0 unless k is whole."""
        base, exponent = g.expression.args
        if base == -1:
            return [self.equal(p * p, Fraction(ONE))]
        if not exponent.is_integer:
            self._require(self.of(base), ">", known, g)
        return self._beside_one(p, self.of(base), self.of(exponent))

    def _power_facts(self, p: Fraction, g: Generator) -> list[Any]:
        """What holds for exp(k log b) as a power."""
        monomial = g.key[1] / self.field.roots.get(g.key[1], 1)
        logs = [f for f in sp.Mul.make_args(monomial) if isinstance(f, sp.log)]
        if len(logs) != 1:
            return []
        exponent = self.of(monomial / logs[0])
        return self._beside_one(p, self.of(logs[0].args[0]), exponent)

    def _beside_one(self, p: Fraction, b: Fraction, k: Fraction) -> list[Any]:
        """b**k lies on 1's side as b for k >= 0, and beyond b for k >= 1."""
        z3, one = self.z3, Fraction(ONE)
        large = self.compare(b - one, ">=")
        small = z3.And(self.compare(b, ">"), self.compare(b - one, "<="))
        facts = [
            z3.Implies(
                self.compare(k - least, ">="),
                z3.And(
                    z3.Implies(large, self.compare(p - beside, ">=")),
                    z3.Implies(small, self.compare(p - beside, "<=")),
                ),
            )
            for least, beside in ((self.of(sp.S.Zero), one), (one, b))
        ]
        return facts + [z3.Implies(self.compare(b, r), self.compare(p, r)) for r in (">=", ">")]

    def _sum(self, s: Fraction, g: Generator, _: list[Any]) -> list[Any]:
        """A sum of terms that are not negative is not, and is at least each of its terms."""
        if not g.real:
            raise GiveUp(f"{g.expression} may not be real")
        node = g.expression
        body, (index, low, high) = node.args[0], node.args[1]
        inner = Field(self.deadline)
        with inner.inside(index, low, high):
            if not sign(inner, inner.fraction(body)) <= POSITIVE | ZERO:
                return []
        facts = [self.compare(s, ">=")]
        for symbol, (first, last) in self.field.known_ranges.items():
            if in_range(self.field, symbol, low, high) and (first, last):
                facts.append(self.compare(s - self.of(body.subs(index, symbol)), ">="))
        return facts

    def _pairs(self) -> list[Any]:
        """exp and log rise; Cauchy and Schwarz bound a sum of products."""
        facts: list[Any] = []
        generators = self.field.generators
        for kind in ("exp", "log"):
            places = [i for i, g in enumerate(generators) if g.kind == kind][:4]
            for i, j in combinations(places, 2):
                u, w = (Fraction(CONTEXT.gen(place)) for place in (i, j))
                s, t = (self._argument(generators[place]) for place in (i, j))
                facts += [
                    self.compare(u - w, relation) == self.compare(s - t, relation)
                    for relation in (">=", "<=")
                ]
        return facts + self._cauchy_schwarz()

    def _argument(self, g: Generator) -> Fraction:
        return self._exponent(g) if g.kind == "exp" else self.of(g.expression.args[0])

    def _cauchy_schwarz(self) -> list[Any]:
        sums = [
            (Fraction(CONTEXT.gen(i)), *g.expression.args)
            for i, g in enumerate(self.field.generators)
            if g.kind == "sum" and len(g.expression.args) == 2
        ]
        facts = []
        for s, body, limits in sums:
            _, low, high = limits
            squares = [(t, b) for t, b, other in sums if other == limits and b != body]
            length = self.of(high - low + 1)
            for (p, a), (q, b) in [
                *combinations(squares, 2),
                *[(pair, (length, sp.S.One)) for pair in squares],
            ]:
                if sp.expand(a * b - body**2) == 0:
                    facts.append(self.compare(s * s - p * q, "<="))
        return facts

    def _require(self, f: Fraction, relation: str, known: list[Any], g: Generator) -> None:
        """A fact that the generator's being real rests on.

        Raises:
            GiveUp: it does not follow from what is known so far.
        """
        symbols = [
            fact
            for place, other in enumerate(self.field.generators)
            if not other.kind and other.expression.is_Symbol
            for fact in _symbol_facts(self, Fraction(CONTEXT.gen(place)), other.expression)
        ]
        given = [
            self.compare(
                self.of(r.lhs) - self.of(r.rhs),
                RELATION[r.rel_op],
            )
            for r in self.given
            if not r.has(*SWITCHES)
        ]
        goal = self.compare(f, NEGATED[relation])
        if not self.unsatisfiable([*symbols, *given, *known, goal]):
            raise GiveUp(f"{g.expression} may not be real")


def _dyadic(edge: Any) -> tuple[int, int]:
    """An exact ball as numerator and denominator."""
    mantissa, exponent = (int(n) for n in edge.man_exp())
    return (mantissa << exponent, 1) if exponent >= 0 else (mantissa, 1 << -exponent)


def _symbol_facts(reals: Statements, v: Fraction, symbol: Any) -> list[Any]:
    if not symbol.is_extended_real:
        raise GiveUp(f"{symbol} may not be real")
    if symbol.is_integer and symbol.is_positive:
        return [reals.compare(v - Fraction(ONE), ">=")]
    for assumption, relation in (
        (symbol.is_positive, ">"),
        (symbol.is_negative, "<"),
        (symbol.is_nonnegative, ">="),
        (symbol.is_nonpositive, "<="),
        (symbol.is_nonzero, "!="),
    ):
        if assumption:
            return [reals.compare(v, relation)]
    return []

"""Rung: real arithmetic, by z3 over the generators of the field.

The question becomes polynomials in the generators, each generator with facts that hold for it by
theorem: exp is positive and lies above its tangent, |x| is one of x and -x, a sum of squares is not
negative. z3 looks for real values that meet all facts and break the claim; when there are none, the
claim is proved. Facts may be too weak, never wrong, so a failed search proves nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

import sympy as sp
from flint import fmpq

from derivations.kernel.balls import Undecided, Undefined, evaluate
from derivations.kernel.field import Field, Generator, GiveUp
from derivations.kernel.fractions import CONTEXT, ONE, Fraction
from derivations.kernel.order import POSITIVE, ZERO, sign

WORK = 1_500_000  # z3's own count of steps: the same on every machine
MAX_GENERATORS = 18
MAX_MULTIPLE = 6
_SWITCHES = (sp.Abs, sp.Max, sp.Min, sp.sign, sp.Heaviside, sp.Piecewise, sp.floor)
_NEGATED = {"=": "!=", "!=": "=", "<=": ">", ">=": "<", "<": ">=", ">": "<="}
_RELATION = {"==": "=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


def proves(lhs: Any, rhs: Any, relation: str, given: Sequence[Any], deadline: float) -> bool:
    """Whether z3 finds that the relation holds wherever the assumptions do.

    Where its contrary would be found as well, nothing is there for it to hold at: the assumptions
    contradict each other, or a side is 1/0 in disguise.

    Raises:
        GiveUp: the question is not one about real numbers in these generators.
    """
    found = Reals(given, deadline).entails(lhs, rhs, relation)
    return found and not Reals(given, deadline).entails(lhs, rhs, _NEGATED[relation])


class Reals:
    """The facts of one set of assumptions, and the questions put to them."""

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

    def entails(self, lhs: Any, rhs: Any, relation: str) -> bool:
        """Whether the relation follows; after a no, `model` may hold a candidate against it."""
        self.model = None
        lhs, rhs = _common_angles(sp.sympify(lhs, strict=True), sp.sympify(rhs, strict=True))
        difference = self._smooth(lhs) - self._smooth(rhs)
        relations = [
            g.func(self._smooth(g.lhs), self._smooth(g.rhs), evaluate=False) for g in self.given
        ]
        relations += [g for r in relations for g in _exponentiated_relation(r)]
        parts = [g.lhs - g.rhs for g in relations]
        nodes = {d: self._parts(node) for d, node in self.replaced.items()}
        inner = [e for expressions in nodes.values() for e in expressions]
        fractions = self.field.fractions(difference, *parts, *inner)
        goal = self._compare(fractions[0], _NEGATED[relation])
        facts = [
            self._compare(f, _RELATION[g.rel_op])
            for f, g in zip(fractions[1:], relations, strict=False)
        ]
        for dummy, node in self.replaced.items():
            facts.append(self._switch(dummy, node))
        facts += self._generators(facts)
        return self._unsatisfiable([*facts, goal])

    def _unsatisfiable(self, statements: Sequence[Any]) -> bool:
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

    # Expressions to statements

    def _smooth(self, e: Any) -> Any:
        """The expression with each switch, sine and cosine replaced by a symbol of its own."""
        if not e.args:
            return e
        if isinstance(e, sp.tan):
            e = sp.sin(e.args[0]) / sp.cos(e.args[0])
        e = e.func(*[self._smooth(a) for a in e.args])
        if isinstance(e, (*_SWITCHES, sp.sin, sp.cos)):
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
        z3, d = self.z3, self._of(dummy)
        if isinstance(node, sp.Piecewise):
            earlier: list[Any] = []
            cases: list[Any] = []
            for branch, condition in node.args:
                applies = self._condition(condition)
                cases.append(z3.And(*earlier, applies, self._equal(d, self._of(branch))))
                earlier.append(z3.Not(applies))
            return z3.Or(*cases)
        arguments = [self._of(a) for a in node.args]
        if isinstance(node, (sp.Max, sp.Min)):
            relation = ">=" if isinstance(node, sp.Max) else "<="
            bounds = [self._compare(d - a, relation) for a in arguments]
            return z3.And(*bounds, z3.Or(*[self._equal(d, a) for a in arguments]))
        (a, *rest) = arguments
        if isinstance(node, (sp.sin, sp.cos)):
            return self._wave(node, d, a)
        if isinstance(node, sp.floor):
            return z3.And(self._compare(d - a, "<="), self._compare(d - a + Fraction(ONE), ">"))
        positive, negative, at_zero = {
            sp.Abs: (a, -a, Fraction(ONE) + -Fraction(ONE)),
            sp.sign: (Fraction(ONE), -Fraction(ONE), self._of(sp.S.Zero)),
            sp.Heaviside: (Fraction(ONE), self._of(sp.S.Zero), rest[0] if rest else a),
        }[node.func]
        return z3.Or(
            z3.And(self._compare(a, ">"), self._equal(d, positive)),
            z3.And(self._compare(a, "<"), self._equal(d, negative)),
            z3.And(self._compare(a, "="), self._equal(d, at_zero)),
        )

    def _wave(self, node: Any, d: Fraction, a: Fraction) -> Any:
        """Sine and cosine: between -1 and 1, of squares that add up to 1, |sin x| <= |x|."""
        z3 = self.z3
        facts = [self._compare(d * d + -Fraction(ONE), "<=")]
        quarter = self._of(sp.pi / 2)
        inside = z3.And(self._compare(a - quarter, "<"), self._compare(a + quarter, ">"))
        if isinstance(node, sp.sin):
            facts.append(self._compare(d * d - a * a, "<="))
            facts.append(z3.Implies(inside, self._compare(d * d + -Fraction(ONE), "<")))
        else:
            facts.append(z3.Implies(inside, self._compare(d, ">")))
        partner = sp.cos if isinstance(node, sp.sin) else sp.sin
        for other, its in self.replaced.items():
            if its == partner(node.args[0]):
                o = self._of(other)
                facts.append(self._compare(d * d + o * o + -Fraction(ONE), "="))
        return z3.And(*facts)

    def _condition(self, condition: Any) -> Any:
        z3 = self.z3
        if condition in (True, sp.true):
            return z3.BoolVal(True)
        if isinstance(condition, sp.And):
            return z3.And(*[self._condition(c) for c in condition.args])
        if isinstance(condition, sp.Or):
            return z3.Or(*[self._condition(c) for c in condition.args])
        if isinstance(condition, sp.Not):
            return z3.Not(self._condition(condition.args[0]))
        if not isinstance(condition, sp.core.relational.Relational):
            raise GiveUp(f"{condition} is not a relation")
        difference = self._of(condition.lhs) - self._of(condition.rhs)
        return self._compare(difference, _RELATION[condition.rel_op])

    def _of(self, e: Any) -> Fraction:
        return self.field.reduce(self.field.of(e))

    def _equal(self, a: Fraction, b: Fraction) -> Any:
        return self._compare(a - b, "=")

    def _compare(self, f: Fraction, relation: str) -> Any:
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

    # Facts

    def _generators(self, known: list[Any]) -> list[Any]:
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
            facts = [self.z3.Or(self._compare(v, "="), self._equal(v, Fraction(ONE)))]
        elif g.real:
            facts = []
        elif g.expression == sp.I or not g.expression.is_extended_real:
            raise GiveUp(f"{g.expression} may not be real")
        else:
            facts = []
        if g.positive:
            facts.append(self._compare(v, ">"))
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
        return [self._compare(v - down, ">="), self._compare(v - up, "<=")]

    def _exp(self, u: Fraction, g: Generator, _: list[Any]) -> list[Any]:
        """u = exp(t) > 0, u >= 1 + t, and 1/u >= 1 - t."""
        t, one = self._exponent(g), Fraction(ONE)
        power = self._power_facts(u, g)
        return [
            *power,
            self._compare(u, ">"),
            self._compare(u - one - t, ">="),
            self._compare(u * (one - t) - one, "<="),
        ]

    def _exponent(self, g: Generator) -> Fraction:
        monomial = g.key[1]
        return self._of(monomial / self.field.roots.get(monomial, 1))

    def _log(self, w: Fraction, g: Generator, known: list[Any]) -> list[Any]:
        """w = log(a): 1 - 1/a <= w <= a - 1; a is certainly positive, or this rung gives up."""
        a, one = self._of(g.expression.args[0]), Fraction(ONE)
        self._require(a, ">", known, g)
        return [
            self._compare(a, ">"),
            self._compare(w - a + one, "<="),
            self._compare(w * a - a + one, ">="),
        ]

    def _root(self, r: Fraction, g: Generator, known: list[Any]) -> list[Any]:
        """r**q = a and r >= 0 for a certainly not negative."""
        q, a = self.field.relations[self.field.index[g.key]]
        if not g.positive:
            self._require(a, ">=", known, g)
        return [self._compare(r, ">="), self._equal(r**q, a)]

    def _power(self, p: Fraction, g: Generator, known: list[Any]) -> list[Any]:
        """p = b**k, with b > 0 unless k is whole."""
        base, exponent = g.expression.args
        if base == -1:
            return [self._equal(p * p, Fraction(ONE))]
        if not exponent.is_integer:
            self._require(self._of(base), ">", known, g)
        return self._beside_one(p, self._of(base), self._of(exponent))

    def _power_facts(self, p: Fraction, g: Generator) -> list[Any]:
        """What holds for exp(k log b) as a power."""
        monomial = g.key[1] / self.field.roots.get(g.key[1], 1)
        logs = [f for f in sp.Mul.make_args(monomial) if isinstance(f, sp.log)]
        if len(logs) != 1:
            return []
        exponent = self._of(monomial / logs[0])
        return self._beside_one(p, self._of(logs[0].args[0]), exponent)

    def _beside_one(self, p: Fraction, b: Fraction, k: Fraction) -> list[Any]:
        """b**k lies on 1's side as b for k >= 0, and beyond b for k >= 1."""
        z3, one = self.z3, Fraction(ONE)
        large = self._compare(b - one, ">=")
        small = z3.And(self._compare(b, ">"), self._compare(b - one, "<="))
        facts = [
            z3.Implies(
                self._compare(k - least, ">="),
                z3.And(
                    z3.Implies(large, self._compare(p - beside, ">=")),
                    z3.Implies(small, self._compare(p - beside, "<=")),
                ),
            )
            for least, beside in ((self._of(sp.S.Zero), one), (one, b))
        ]
        return facts + [z3.Implies(self._compare(b, r), self._compare(p, r)) for r in (">=", ">")]

    def _sum(self, s: Fraction, g: Generator, _: list[Any]) -> list[Any]:
        """A sum of terms that are not negative is not, and is at least each of its terms."""
        if not g.real:
            raise GiveUp(f"{g.expression} may not be real")
        node = g.expression
        body, (index, low, high) = node.args[0], node.args[1]
        inner = Field(self.deadline)
        inner.scope = ((index, low, high),)
        if not sign(inner, inner.fraction(body)) <= POSITIVE | ZERO:
            return []
        facts = [self._compare(s, ">=")]
        from derivations.kernel.sums import in_range

        for symbol, (first, last) in self.field.known_ranges.items():
            if in_range(self.field, symbol, low, high) and (first, last):
                facts.append(self._compare(s - self._of(body.subs(index, symbol)), ">="))
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
                    self._compare(u - w, relation) == self._compare(s - t, relation)
                    for relation in (">=", "<=")
                ]
        return facts + self._cauchy_schwarz()

    def _argument(self, g: Generator) -> Fraction:
        return self._exponent(g) if g.kind == "exp" else self._of(g.expression.args[0])

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
            length = self._of(high - low + 1)
            for (p, a), (q, b) in [
                *combinations(squares, 2),
                *[(pair, (length, sp.S.One)) for pair in squares],
            ]:
                if sp.expand(a * b - body**2) == 0:
                    facts.append(self._compare(s * s - p * q, "<="))
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
            self._compare(
                self._of(r.lhs) - self._of(r.rhs),
                _RELATION[r.rel_op],
            )
            for r in self.given
            if not r.has(*_SWITCHES)
        ]
        goal = self._compare(f, _NEGATED[relation])
        if not self._unsatisfiable([*symbols, *given, *known, goal]):
            raise GiveUp(f"{g.expression} may not be real")


def exponentiated(lhs: Any, rhs: Any) -> Iterator[tuple[Any, Any]]:
    """L >= R as exp(L - R) >= 1, with the logarithms gone, if there are some to lose."""
    product, rest, lost = sp.S.One, sp.S.Zero, False
    for term in sp.Add.make_args(sp.expand(lhs - rhs)):
        c, factor = term.as_coeff_Mul()
        if isinstance(factor, sp.log) and c.is_Rational:
            product, lost = product * factor.args[0] ** c, True
        else:
            rest += term
    if lost:
        yield product * sp.exp(rest), sp.S.One


def _exponentiated_relation(relation: Any) -> Iterator[Any]:
    if relation.rel_op in (">", ">=", "<", "<="):
        for left, right in exponentiated(relation.lhs, relation.rhs):
            exponential = relation.func(left, right)
            if isinstance(exponential, sp.core.relational.Relational):
                yield exponential


def _common_angles(*sides: Any) -> tuple[Any, ...]:
    """Sine and cosine of multiples of one angle by those of the angle itself."""
    calls = {c for side in sides for c in side.atoms(sp.sin, sp.cos)}
    angles: dict[Any, set[Any]] = {}
    for call in calls:
        c, direction = call.args[0].as_coeff_Mul()
        if c.is_Rational and direction.free_symbols:
            angles.setdefault(direction, set()).add(c)
    swaps = {}
    for direction, multiples in angles.items():
        if len(multiples) > 1:
            unit = sp.gcd_list(list(multiples))
            for c in multiples:
                k, angle = c / unit, sp.Dummy("a")
                if 1 < abs(k) <= MAX_MULTIPLE:
                    for f in (sp.sin, sp.cos):
                        expanded = sp.expand_trig(f(k * angle))
                        swaps[f(c * direction)] = expanded.subs(angle, unit * direction)
    return tuple(side.xreplace(swaps) for side in sides) if swaps else sides


def _dyadic(edge: Any) -> tuple[int, int]:
    """An exact ball as numerator and denominator."""
    mantissa, exponent = (int(n) for n in edge.man_exp())
    return (mantissa << exponent, 1) if exponent >= 0 else (mantissa, 1 << -exponent)


def _symbol_facts(reals: Reals, v: Fraction, symbol: Any) -> list[Any]:
    if not symbol.is_extended_real:
        raise GiveUp(f"{symbol} may not be real")
    if symbol.is_integer and symbol.is_positive:
        return [reals._compare(v - Fraction(ONE), ">=")]
    for assumption, relation in (
        (symbol.is_positive, ">"),
        (symbol.is_negative, "<"),
        (symbol.is_nonnegative, ">="),
        (symbol.is_nonpositive, "<="),
        (symbol.is_nonzero, "!="),
    ):
        if assumption:
            return [reals._compare(v, relation)]
    return []


def _sides(condition: Any) -> list[Any]:
    return [r.lhs - r.rhs for r in condition.atoms(sp.core.relational.Relational)]

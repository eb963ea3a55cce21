"""One question about matrices: shapes, then points, then a proof."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import islice
from typing import Any

import sympy as sp
from flint import acb, arb, fmpq
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

from derivations.kernel.balls import Undecided, Undefined
from derivations.kernel.field import Field, GiveUp, Refine
from derivations.kernel.fractions import Fraction, TooLarge
from derivations.kernel.matrices import definite, elementwise, evaluate, explicit, inverses, shapes
from derivations.kernel.matrices.assumptions import assume
from derivations.kernel.matrices.blocks import grid
from derivations.kernel.matrices.duals import Rows
from derivations.kernel.matrices.evaluate import Point
from derivations.kernel.matrices.known import declared, properties_of, unread
from derivations.kernel.matrices.reader import Reader, bare
from derivations.kernel.matrices.sampling import sample
from derivations.kernel.matrices.words import Element
from derivations.kernel.verdict import Verdict, Witness
from derivations.kernel.witness import AGREEMENT, decimal
from derivations.matrices import Gradient, Hessian

QUICK_POINTS = 2
AGREEING_POINTS = 8
POINTS_TRIED = 24
RESTARTS = 6
METHOD = "a normal form of noncommutative products"
_OPERATIONS = {"add": "sum", "mul": "product", "pow": "power"}


class Question:
    """Both sides, the relation and the assumptions, until the deadline."""

    def __init__(
        self, lhs: Any, rhs: Any, relation: str, given: tuple[Any, ...], deadline: float
    ) -> None:
        left, right = _plain(lhs), _plain(rhs)
        self.lhs, self.rhs, self.relation = _zero(left, right), _zero(right, left), relation
        self.given, self.deadline = given, deadline
        self.declared = declared(given)
        self.reason = ""
        self.conditions: tuple[str, ...] = ()
        # A gradient by a symmetric matrix has two readings; a witness must separate both.
        self.ambiguous = False
        self.readings = (False, True) if self._moves_symmetric() else (False,)

    def answer(self) -> Verdict:
        """The verdict."""
        for side in (self.lhs, self.rhs):
            node = shapes.not_read(side)
            if node is not None:
                reason = f"{type(node).__name__} of matrices is beyond this rung"
                return Verdict("unknown", "", reason=reason)
        clash = self._clash()
        if clash is not None and any(isinstance(g, sp.Equality) for g in self.given):
            return Verdict("unknown", "", reason="the shapes may agree by a given equation")
        if clash is not None:
            return clash
        if self.relation not in ("=", "<=", ">=", "<", ">"):
            return Verdict("unknown", "", reason=f"{self.relation} between matrices")
        beyond = unread(self.given)
        if beyond:
            self.reason = f"the assumption {beyond[0]} is not understood"
        sequence = iter(()) if beyond else sample((self.lhs, self.rhs), self.given, self.declared)
        agreeing = 0
        for point in islice(sequence, QUICK_POINTS):
            witness, agrees = self._tried(point)
            if witness is not None:
                return Verdict("refuted", "exact matrices", witness)
            agreeing += agrees
        method = self._proved()
        if method:
            return Verdict("proved", method, conditions=self.conditions)
        return self._sampled(sequence, agreeing)

    def _moves_symmetric(self) -> bool:
        nodes = [d for e in (self.lhs, self.rhs) for d in e.atoms(Gradient, Hessian)]
        return any("symmetric" in properties_of(d.args[1], self.declared) for d in nodes)

    # Shapes

    def _clash(self) -> Verdict | None:
        for side in (self.lhs, self.rhs):
            found = shapes.clash(side)
            if found is not None:
                node, left, right = found
                return _by_shape(node, left, right)
        left, right = shapes.shape_of(self.lhs), shapes.shape_of(self.rhs)
        return None if shapes.fit(left, right) else _by_shape(None, left, right)

    # Points

    def _tried(self, point: Point) -> tuple[Witness | None, bool]:
        """A witness against the relation, and whether the sides agree, at one point."""
        witness, agrees, refuting = None, True, 0
        for along in self.readings:
            try:
                sides = self.lhs, self.rhs
                left, right = evaluate.values(sides, point, self.declared, along=along)
            except (Undefined, Undecided) as error:
                self.reason = str(error)
                return None, False
            except (OverflowError, ValueError, RecursionError) as error:
                self.reason = str(error)
                return None, False
            if self._violates(left, right):
                witness, agrees = Witness(_named(point), *_texts(left, right)), False
                refuting += 1
            else:
                agrees = agrees and _agree(left, right)
        self.ambiguous = self.ambiguous or 0 < refuting < len(self.readings)
        return (witness if refuting == len(self.readings) else None), agrees

    def _violates(self, left: Rows, right: Rows) -> bool:
        pairs = [p for r, s in zip(left, right, strict=True) for p in zip(r, s, strict=True)]
        if self.relation == "=":
            return any(_differ(a, b) for a, b in pairs)
        sign = 1 if self.relation[0] == ">" else -1
        difference = [
            [sign * (a - b) for a, b in zip(r, s, strict=True)]
            for r, s in zip(left, right, strict=True)
        ]
        return definite.refuted(difference, strict=len(self.relation) == 1)

    def _sampled(self, sequence: Iterator[Point], agreeing: int) -> Verdict:
        for point in islice(sequence, POINTS_TRIED):
            if time.thread_time() > self.deadline:
                break
            witness, agrees = self._tried(point)
            if witness is not None:
                return Verdict("refuted", "exact matrices", witness)
            agreeing += agrees
            if agreeing >= AGREEING_POINTS and self.relation == "=" and not self.ambiguous:
                reason = self.reason or "no proof was found"
                return Verdict("supported", f"{agreeing} points", reason=reason)
        return Verdict("unknown", "", reason=self.reason or "no proof was found")

    # Proof

    def _proved(self) -> str:
        """The method of a proof, or nothing."""
        if self._attempted(entries=False):
            return METHOD if self.relation == "=" else "a sum of squares and definite terms"
        small = explicit.is_small(self.lhs, self.rhs) and self._attempted(entries=True)
        return "rational functions of the entries" if small else ""

    def _attempted(self, *, entries: bool) -> bool:
        field, symbols = Field(self.deadline), dict[Any, Any]()
        for _ in range(RESTARTS):
            try:
                return self._proved_over(field, symbols, entries=entries)
            except Refine:
                field._reset()
            except TooLarge:
                self.reason = "the polynomials grow too large"
                return False
            except GiveUp as error:
                self.reason = str(error)
                return False
            except RecursionError:
                self.reason = "the expression is nested too deeply"
                return False
        return False

    def _proved_over(self, field: Field, symbols: dict[Any, Any], *, entries: bool) -> bool:
        inverted = self._inverted()
        known = dict(self.declared)
        for symbol in inverted:
            known[symbol] = known.get(symbol, frozenset()) | {"invertible"}
        reader = Reader(self.deadline, known, field, symbols)
        reader.explicit = entries
        for symbol in inverted:
            if "invertible" not in properties_of(symbol, self.declared):
                reader.algebra.conditions[f"{symbol} is invertible"] = None
        assume(reader, self.given)
        left, right = _read(reader, self.lhs), _read(reader, self.rhs)
        if self.relation != "=":
            proved = self._ordered(reader, left, right)
        else:
            proved = self._equal(reader, left, right)
        if proved:
            found = {**reader.algebra.conditions, **self._defined(reader), **field.conditions}
            self.conditions = tuple(found)
        return proved

    def _defined(self, reader: Reader) -> dict[str, None]:
        """Divisors and arguments of logarithms that are not certain to be right."""
        found: dict[str, None] = {}
        for node in (n for e in (self.lhs, self.rhs) for n in _numbers(e)):
            if node.is_Pow and not node.is_Matrix and node.exp.could_extract_minus_sign():
                base, needed = node.base, "!="
            elif isinstance(node, sp.log):
                base, needed = node.args[0], ">"
            else:
                continue
            value = reader.scalar(base)
            certain = definite.positive(reader.algebra, value) or (
                needed == "!=" and reader.algebra.is_unit(value)
            )
            if not certain:
                found[f"{base} {needed} 0"] = None
        return found

    def _inverted(self) -> list[Any]:
        nodes = [n for e in (self.lhs, self.rhs) for n in e.atoms(sp.MatPow)]
        bases = {bare(n.base) for n in nodes if n.exp.could_extract_minus_sign()}
        return sorted((b for b in bases if isinstance(b, sp.MatrixSymbol)), key=str)

    def _equal(self, reader: Reader, left: Any, right: Any) -> bool:
        if isinstance(left, Fraction):
            return self._equal_numbers(reader, left, right)
        return all(_equal_elements(reader, a, b) for a, b in left.pairs(right, reader))

    def _equal_numbers(self, reader: Reader, left: Fraction, right: Fraction) -> bool:
        field = reader.algebra.field
        if field.reduce(left - right).is_zero():
            return True
        for _ in _growing(reader):
            reader.cache.clear()
            left, right = _read(reader, self.lhs), _read(reader, self.rhs)
            if field.reduce(left - right).is_zero():
                return True
        return False

    def _ordered(self, reader: Reader, left: Any, right: Any) -> bool:
        if self.relation[0] == "<":
            left, right = right, left
        if isinstance(left, Fraction):
            difference = left - right
            if len(self.relation) == 1:
                return definite.positive(reader.algebra, difference)
            return definite.nonnegative(reader.algebra, difference)
        pairs = list(left.pairs(right, reader))
        if len(pairs) != 1:
            return False
        difference = reader.algebra.subtract(*pairs[0])
        known = definite.sign(reader.algebra, difference)
        if len(self.relation) == 1:
            return known == "positive definite"
        return bool(known) or definite.is_projection(reader.algebra, difference)


def _equal_elements(reader: Reader, a: Element, b: Element) -> bool:
    algebra = reader.algebra
    difference = algebra.subtract(a, b)
    if algebra.is_zero(difference) or inverses.cleared(algebra, difference):
        return True
    return any(algebra.is_zero(algebra.renewed(difference)) for _ in _growing(reader))


def _growing(reader: Reader) -> Iterator[Any]:
    """New rules one by one, if sums are inverted at all."""
    algebra = reader.algebra
    if any(x.kind == "inverse" for x in algebra.letters):
        yield from inverses.completed(algebra)


def _numbers(e: Any) -> Iterator[Any]:
    """The nodes, and those of functions applied to entries."""
    nodes = sp.preorder_traversal(e)
    for node in nodes:
        if isinstance(node, sp.Lambda):
            nodes.skip()
        else:
            yield node
        if isinstance(node, ElementwiseApplyFunction):
            yield from sp.preorder_traversal(elementwise.body_of(node.function))


def _read(reader: Reader, e: Any) -> Any:
    return grid(reader, e) if e.is_Matrix and shapes.shape_of(e) != (1, 1) else reader.scalar(e)


def _plain(e: Any) -> Any:
    e = sp.sympify(e, strict=True)
    return sp.ImmutableMatrix(e) if isinstance(e, sp.MatrixBase) else e


def _zero(e: Any, other: Any) -> Any:
    """A bare 0 beside a matrix is the zero matrix."""
    return sp.ZeroMatrix(*other.shape) if e == 0 and other.is_Matrix else e


def _by_shape(where: Any, left: Any, right: Any) -> Verdict:
    kind = type(where).__name__.removeprefix("Mat").lower()
    point = () if where is None else ((_OPERATIONS.get(kind, kind), str(where)),)
    a, b = (f"shape ({', '.join(map(str, shape))})" for shape in (left, right))
    return Verdict("refuted", "shapes", Witness(point, a, b))


def _differ(a: Any, b: Any) -> bool:
    difference = a - b
    return bool(difference != 0 if isinstance(difference, fmpq) else not difference.contains(0))


def _agree(left: Rows, right: Rows) -> bool:
    pairs = [p for r, s in zip(left, right, strict=True) for p in zip(r, s, strict=True)]
    return all(a - b == 0 if isinstance(a - b, fmpq) else abs(a - b) < AGREEMENT for a, b in pairs)


def _named(point: Point) -> tuple[tuple[str, str], ...]:
    numbers = [(str(s), str(v)) for s, v in point.numbers.items()]
    return (*numbers, *((str(m), _text(rows, 4)) for m, rows in point.matrices.items()))


def _texts(left: Rows, right: Rows) -> tuple[str, str]:
    for digits in (4, 6, 10, 20, 40, 60):
        a, b = _text(left, digits), _text(right, digits)
        if a != b:
            break
    return a, b


def _text(rows: Rows, digits: int) -> str:
    cells = [[_number(x, digits) for x in row] for row in rows]
    if len(cells) == 1 and len(cells[0]) == 1:
        return cells[0][0]
    return "[" + ", ".join("[" + ", ".join(row) + "]" for row in cells) + "]"


def _number(x: Any, digits: int) -> str:
    return decimal(acb(x), digits) if isinstance(x, arb) else str(x)

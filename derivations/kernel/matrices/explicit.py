"""Matrices of fixed small size, entry by entry: a symbol becomes a grid of its entries."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import sympy as sp

from derivations.kernel.field import GiveUp
from derivations.kernel.fractions import Fraction
from derivations.kernel.matrices.known import properties_of
from derivations.kernel.matrices.words import NOTHING, UNIT, Element
from derivations.matrices import DeclaredMatrix, Gradient, Hessian, Jacobian

if TYPE_CHECKING:
    from derivations.kernel.matrices.reader import Reader

MAX_SIZE = 4
Numbers = list[list[Fraction]]


def is_small(*expressions: Any) -> bool:
    """Whether every size is a number, and a small one."""
    shapes = [
        node.shape
        for e in expressions
        for node in sp.preorder_traversal(e)
        if getattr(node, "is_Matrix", False)
    ]
    return all(sp.S(n).is_Integer and 0 < int(n) <= MAX_SIZE for shape in shapes for n in shape)


def numbers(reader: Reader, e: Any) -> Numbers | None:
    """The entries of what this module reads by itself, or None."""
    rule = _RULES.get(type(e))
    return rule(reader, e) if rule is not None else None


def elements(rows: Numbers) -> list[list[Element]]:
    """Numbers as 1 x 1 matrices."""
    one = sp.S.One
    return [[Element(one, one, {} if x.is_zero() else {(): x}) for x in row] for row in rows]


def number(a: Element) -> Fraction:
    """The number in a 1 x 1 matrix."""
    return a.terms.get((), NOTHING)


def det(rows: Numbers) -> Fraction:
    """The determinant by expansion along the first row."""
    if not rows:
        return UNIT
    total = NOTHING
    for j, x in enumerate(rows[0]):
        if not x.is_zero():
            minor = det([[*row[:j], *row[j + 1 :]] for row in rows[1:]])
            total = total + (x if j % 2 == 0 else -x) * minor
    return total


def inverse(reader: Reader, rows: Numbers) -> Numbers:
    """The inverse: cofactors over the determinant."""
    whole = reader.algebra.field.reduce(det(rows))
    if whole.is_zero():
        raise GiveUp("the inverse of a singular matrix")
    n, scale = len(rows), whole.inverse()
    if not reader.algebra.is_unit(whole):
        reader.algebra.conditions["the inverted matrix is invertible"] = None

    def cofactor(i: int, j: int) -> Fraction:
        kept = [r for k, r in enumerate(rows) if k != i]
        minor = det([[*row[:j], *row[j + 1 :]] for row in kept])
        return minor if (i + j) % 2 == 0 else -minor

    return [[scale * cofactor(j, i) for j in range(n)] for i in range(n)]


def _sizes(e: Any) -> tuple[range, range]:
    rows, columns = e.shape
    return range(int(rows)), range(int(columns))


def _symbol(reader: Reader, e: Any) -> Numbers:
    rows, columns = _sizes(e)
    known = properties_of(e, reader.given)

    def entry(i: int, j: int) -> Fraction:
        if "diagonal" in known and i != j:
            return NOTHING
        place = (min(i, j), max(i, j)) if "symmetric" in known else (i, j)
        return reader.algebra.quantity(
            ("entry", e, *place), positive=i == j and "positive_definite" in known
        )

    return [[entry(i, j) for j in columns] for i in rows]


def _filled(value: Callable[[int, int], Fraction]) -> Callable[[Reader, Any], Numbers]:
    def rule(_: Reader, e: Any) -> Numbers:
        rows, columns = _sizes(e)
        return [[value(i, j) for j in columns] for i in rows]

    return rule


def _read(reader: Reader, e: Any) -> Numbers:
    from derivations.kernel.matrices.blocks import grid

    return [[number(x) for x in line] for line in grid(reader, e).blocks]


def _hadamard(reader: Reader, e: Any) -> Numbers:
    total, *rest = [_read(reader, a) for a in e.args]
    for other in rest:
        total = [
            [x * y for x, y in zip(r, s, strict=True)] for r, s in zip(total, other, strict=True)
        ]
    return total


def _diag(reader: Reader, e: Any) -> Numbers:
    rows = _read(reader, e.args[0])
    entries = rows[0] if len(rows) == 1 else [row[0] for row in rows]
    n = range(len(entries))
    return [[entries[i] if i == j else NOTHING for j in n] for i in n]


def _rate(reader: Reader, f: Fraction, x: Any, i: int, j: int) -> Fraction:
    """The derivative of a number by one entry."""
    field = reader.algebra.field
    if properties_of(x, reader.given) & {"symmetric", "orthogonal", "orthonormal", "idempotent"}:
        raise GiveUp(f"a gradient by the entries of the constrained {x}")
    entry = reader.algebra.dummies.get(("entry", x, i, j))
    if entry is None:
        return NOTHING
    expression = field.expression(f.num) / field.expression(f.den)
    return field.of(sp.diff(expression, entry))


def _turned(rows: Numbers, *, turn: bool) -> Numbers:
    return [list(column) for column in zip(*rows, strict=True)] if turn else rows


def _gradient(reader: Reader, e: Any) -> Numbers:
    f, x, _ = e.args
    value = reader.scalar(f)
    rows, columns = _sizes(x)
    result = [[_rate(reader, value, x, i, j) for j in columns] for i in rows]
    return _turned(result, turn=e.layout == "numerator")


def _jacobian(reader: Reader, e: Any) -> Numbers:
    f, x, _ = e.args
    values = _read(reader, f)
    result = [[_rate(reader, row[0], x, i, 0) for i in _sizes(x)[0]] for row in values]
    return _turned(result, turn=e.layout == "denominator")


def _hessian(reader: Reader, e: Any) -> Numbers:
    return _jacobian(reader, Jacobian(Gradient(e.args[0], e.args[1]), e.args[1]))


_RULES: dict[Any, Callable[[Any, Any], Numbers]] = {
    sp.MatrixSymbol: _symbol,
    DeclaredMatrix: _symbol,
    sp.Identity: _filled(lambda i, j: UNIT if i == j else NOTHING),
    sp.ZeroMatrix: _filled(lambda *_: NOTHING),
    sp.OneMatrix: _filled(lambda *_: UNIT),
    sp.HadamardProduct: _hadamard,
    sp.DiagMatrix: _diag,
    Gradient: _gradient,
    Jacobian: _jacobian,
    Hessian: _hessian,
}

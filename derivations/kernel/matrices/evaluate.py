"""Both sides as given, at exact points: sizes are numbers and matrices have rational entries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp
from flint import ctx, fmpq
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

from derivations.kernel import balls
from derivations.kernel.balls import Undecided
from derivations.kernel.matrices import duals
from derivations.kernel.matrices.duals import ONE, ZERO, Dual, Rows
from derivations.kernel.matrices.elementwise import ARGUMENT, body_of
from derivations.kernel.matrices.known import properties_of
from derivations.kernel.matrices.scalars import RULES, is_whole
from derivations.matrices import DeclaredMatrix, Gradient, Hessian, Jacobian, Vec

BITS = 256
MAX_SIZE = 40
_CONSTRAINED = {"orthogonal", "orthonormal", "idempotent", "diagonal"}


@dataclass(frozen=True, slots=True)
class Point:
    """A value for every size, every scalar and every matrix of a question."""

    numbers: Mapping[Any, Any]
    matrices: Mapping[Any, Rows]


class Evaluator:
    """Evaluates expressions at one point.

    With `along_symmetric`, a gradient by a symmetric matrix moves within the symmetric matrices;
    else every entry moves by itself.
    """

    def __init__(
        self,
        point: Point,
        given: Mapping[Any, frozenset[str]],
        *,
        along_symmetric: bool = False,
        level: int = 0,
    ) -> None:
        self.point = point
        self.given = dict(given)
        self.along_symmetric = along_symmetric
        self.level = level
        self.cache: dict[Any, Any] = {}

    def size(self, n: Any) -> int:
        """A size as a number."""
        value = n.subs({s: int(v) for s, v in self.point.numbers.items() if is_whole(v)})
        if not (value.is_Integer and 0 < int(value) <= MAX_SIZE):
            raise Undecided(f"the size {n} is {value} here")
        return int(value)

    def matrix(self, e: Any) -> Rows:
        """The value of a matrix expression."""
        found: Rows | None = self.cache.get(e)
        if found is None:
            rule = _RULES.get(type(e))
            if rule is None and isinstance(e, sp.MatrixBase):
                rule = _explicit
            if rule is None and isinstance(e, sp.BlockMatrix):
                rule = _block
            if rule is None:
                raise Undecided(f"{type(e).__name__} cannot be evaluated")
            found = self.cache[e] = rule(self, e)
        return found

    def scalar(self, e: Any) -> Any:
        """The value of a scalar expression."""
        if e.is_Rational:
            return fmpq(int(e.p), int(e.q))
        if e.is_Matrix:
            rows = self.matrix(e)
            if len(rows) != 1 or len(rows[0]) != 1:
                raise Undecided(f"{e} is not a number")
            return rows[0][0]
        if e.is_Symbol:
            if e not in self.point.numbers:
                raise Undecided(f"no value for {e}")
            return self.point.numbers[e]
        rule = RULES.get(e.func)
        return rule(self, e) if rule is not None else self._other(e)

    def _other(self, e: Any) -> Any:
        numbers = {s: v for s, v in self.point.numbers.items() if isinstance(v, fmpq)}
        if e.has(sp.MatrixExpr) or not e.free_symbols <= numbers.keys():
            raise Undecided(f"{e.func.__name__} cannot be evaluated")
        value = balls.evaluate(e, numbers, ctx.prec)
        if not value.imag.is_zero():
            raise Undecided(f"{e} is not real")
        return value.real

    def moved(self, x: Any, i: int, j: int) -> Evaluator:
        """The evaluator at a point where one entry of x moves."""
        properties = properties_of(x, self.given)
        if properties & _CONSTRAINED:
            raise Undecided(f"a derivative along the constraint on {x}")
        level = self.level + 1
        both = self.along_symmetric and "symmetric" in properties and i != j
        moving = {(i, j), (j, i)} if both else {(i, j)}
        speed = fmpq(1, 2) if both else ONE
        rows = [
            [Dual(v, speed if (r, c) in moving else ZERO, level) for c, v in enumerate(row)]
            for r, row in enumerate(self.matrix(x))
        ]
        point = Point(self.point.numbers, {**self.point.matrices, x: rows})
        return Evaluator(point, self.given, along_symmetric=self.along_symmetric, level=level)

    def gradient(self, f: Any, x: Any) -> Rows:
        """The derivatives of a number by the entries of x, in the shape of x."""
        rows = self.matrix(x)
        return [
            [
                duals.derivative(self.moved(x, i, j).scalar(f), self.level + 1)
                for j in range(len(rows[0]))
            ]
            for i in range(len(rows))
        ]

    def jacobian(self, f: Any, x: Any) -> Rows:
        """The derivatives of a column by a column: a column for each entry of x."""
        columns = []
        for i in range(len(self.matrix(x))):
            moved = self.moved(x, i, 0).matrix(f)
            columns.append([duals.derivative(row[0], self.level + 1) for row in moved])
        return duals.transposed(columns)


def values(
    sides: tuple[Any, Any], point: Point, given: Mapping[Any, frozenset[str]], *, along: bool
) -> tuple[Rows, Rows]:
    """Both sides at a point, as matrices."""
    previous = ctx.prec
    ctx.prec = BITS
    try:
        evaluator = Evaluator(point, given, along_symmetric=along)
        left, right = (
            evaluator.matrix(e) if e.is_Matrix else [[evaluator.scalar(e)]] for e in sides
        )
    finally:
        ctx.prec = previous
    return left, right


def _symbol(evaluator: Evaluator, e: Any) -> Rows:
    if e not in evaluator.point.matrices:
        raise Undecided(f"no value for {e}")
    return evaluator.point.matrices[e]


def _explicit(evaluator: Evaluator, e: Any) -> Rows:
    return [[evaluator.scalar(x) for x in row] for row in e.tolist()]


def _sum(evaluator: Evaluator, e: Any) -> Rows:
    first, *rest = [evaluator.matrix(a) for a in e.args]
    for other in rest:
        first = duals.combined(lambda x, y: x + y, first, other)
    return first


def _product(evaluator: Evaluator, e: Any) -> Rows:
    c: Any = ONE
    result: Rows | None = None
    for a in e.args:
        if a.is_Matrix:
            factor = evaluator.matrix(a)
            result = factor if result is None else duals.product(result, factor)
        else:
            c = evaluator.scalar(a) * c
    if result is None:
        raise Undecided(f"{e} holds no matrix")
    return [[c * x for x in row] for row in result]


def _power(evaluator: Evaluator, e: Any) -> Rows:
    exponent = evaluator.scalar(e.exp)
    if not (is_whole(exponent) and abs(int(exponent.p)) <= MAX_SIZE):
        raise Undecided("a power of a matrix that is not whole")
    base, n = evaluator.matrix(e.base), int(exponent.p)
    if n < 0:
        base = duals.inverse(base)
    result = duals.eye(len(base))
    for _ in range(abs(n)):
        result = duals.product(result, base)
    return result


def _filled(value: fmpq) -> Callable[[Evaluator, Any], Rows]:
    def rule(evaluator: Evaluator, e: Any) -> Rows:
        rows, columns = (evaluator.size(n) for n in e.shape)
        return [[value] * columns for _ in range(rows)]

    return rule


def _identity(evaluator: Evaluator, e: Any) -> Rows:
    return duals.eye(evaluator.size(e.shape[0]))


def _hadamard(evaluator: Evaluator, e: Any) -> Rows:
    first, *rest = [evaluator.matrix(a) for a in e.args]
    for other in rest:
        first = duals.combined(lambda x, y: x * y, first, other)
    return first


def _hadamard_power(evaluator: Evaluator, e: Any) -> Rows:
    exponent = evaluator.scalar(e.args[1])
    if not (is_whole(exponent) and abs(int(exponent.p)) <= MAX_SIZE):
        raise Undecided("an entrywise power that is not whole")
    return [[duals.power(x, int(exponent.p)) for x in row] for row in evaluator.matrix(e.args[0])]


def _kronecker(evaluator: Evaluator, e: Any) -> Rows:
    first, *rest = [evaluator.matrix(a) for a in e.args]
    for other in rest:
        first = duals.kronecker(first, other)
        if max(len(first), len(first[0])) > MAX_SIZE:
            raise Undecided("the Kronecker product is too large")
    return first


def _diag(evaluator: Evaluator, e: Any) -> Rows:
    rows = evaluator.matrix(e.args[0])
    entries = rows[0] if len(rows) == 1 else [row[0] for row in rows]
    n = len(entries)
    return [[entries[i] if i == j else ZERO for j in range(n)] for i in range(n)]


def _diagonal_part(evaluator: Evaluator, e: Any) -> Rows:
    rows = evaluator.matrix(e.args[0])
    return [[x if i == j else ZERO for j, x in enumerate(row)] for i, row in enumerate(rows)]


def _diagonal_of(evaluator: Evaluator, e: Any) -> Rows:
    return [[row[i]] for i, row in enumerate(evaluator.matrix(e.args[0]))]


def _block(evaluator: Evaluator, e: Any) -> Rows:
    rows: Rows = []
    for i in range(e.blockshape[0]):
        parts = [evaluator.matrix(e.blocks[i, j]) for j in range(e.blockshape[1])]
        if len({len(p) for p in parts}) != 1:
            raise Undecided("the blocks do not fit")
        rows += [[x for part in line for x in part] for line in zip(*parts, strict=True)]
    return rows


def _vec(evaluator: Evaluator, e: Any) -> Rows:
    return [[x] for column in duals.transposed(evaluator.matrix(e.args[0])) for x in column]


def _elementwise(evaluator: Evaluator, e: Any) -> Rows:
    body = body_of(e.function)

    def value(x: Any) -> Any:
        numbers = {**evaluator.point.numbers, ARGUMENT: x}
        return Evaluator(Point(numbers, {}), {}).scalar(body)

    return [[value(x) for x in row] for row in evaluator.matrix(e.expr)]


def _gradient(evaluator: Evaluator, e: Any) -> Rows:
    rows = evaluator.gradient(e.args[0], e.args[1])
    return rows if e.layout == "denominator" else duals.transposed(rows)


def _jacobian(evaluator: Evaluator, e: Any) -> Rows:
    rows = evaluator.jacobian(e.args[0], e.args[1])
    return rows if e.layout == "numerator" else duals.transposed(rows)


def _hessian(evaluator: Evaluator, e: Any) -> Rows:
    return evaluator.jacobian(Gradient(e.args[0], e.args[1]), e.args[1])


_RULES: dict[Any, Callable[[Evaluator, Any], Rows]] = {
    sp.MatrixSymbol: _symbol,
    DeclaredMatrix: _symbol,
    sp.MatAdd: _sum,
    sp.MatMul: _product,
    sp.Transpose: lambda evaluator, e: duals.transposed(evaluator.matrix(e.arg)),
    sp.Adjoint: lambda evaluator, e: duals.transposed(evaluator.matrix(e.arg)),
    sp.MatPow: _power,
    sp.Inverse: _power,
    sp.Identity: _identity,
    sp.ZeroMatrix: _filled(ZERO),
    sp.OneMatrix: _filled(ONE),
    sp.HadamardProduct: _hadamard,
    sp.HadamardPower: _hadamard_power,
    sp.KroneckerProduct: _kronecker,
    sp.BlockMatrix: _block,
    sp.DiagMatrix: _diag,
    sp.matrices.expressions.diagonal.DiagonalMatrix: _diagonal_part,
    sp.matrices.expressions.diagonal.DiagonalOf: _diagonal_of,
    ElementwiseApplyFunction: _elementwise,
    Vec: _vec,
    Gradient: _gradient,
    Jacobian: _jacobian,
    Hessian: _hessian,
}

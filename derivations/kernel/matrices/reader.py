"""From SymPy's matrix expressions to normal forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

from derivations.kernel.field import Field, GiveUp
from derivations.kernel.fractions import Fraction
from derivations.kernel.matrices import (
    blocks,
    definite,
    differentials,
    elementwise,
    inverses,
    structure,
)
from derivations.kernel.matrices.known import properties_of
from derivations.kernel.matrices.shapes import NUMBERS
from derivations.kernel.matrices.words import NOTHING, UNIT, Algebra, Element, same_size
from derivations.matrices import DeclaredMatrix, Gradient, Hessian, Jacobian, Scalar, Vec

MAX_POWER = 12


class Reader:
    """Reads the expressions of one question into one algebra."""

    def __init__(
        self,
        deadline: float,
        given: dict[Any, frozenset[str]],
        field: Field | None = None,
        symbols: dict[Any, Any] | None = None,
    ) -> None:
        symbols = {} if symbols is None else symbols
        self.algebra = Algebra(field or Field(deadline), deadline, symbols)
        self.given = given
        self.cache: dict[Any, Any] = {}
        self.explicit = False  # whether every matrix is read entry by entry

    def matrix(self, e: Any) -> Element:
        """The normal form of a matrix expression."""
        found: Element | None = self.cache.get(e)
        if found is None:
            rule = _MATRIX_RULES.get(type(e), _opaque)
            found = self.cache[e] = rule(self, e)
        return found

    def scalar(self, e: Any) -> Fraction:
        """The value of a scalar expression that may hold traces and determinants."""
        if getattr(e, "is_Matrix", False) or isinstance(e, sp.MatrixExpr):
            return self.one_by_one(e)
        if e.is_Rational or e.is_Symbol or not has_matrices(e):
            return self.algebra.field.of(e)
        if e.is_Add:
            total = NOTHING
            for term in e.args:
                total = total + self.scalar(term)
            return total
        if e.is_Mul:
            product = UNIT
            for factor in e.args:
                product = product * self.scalar(factor)
            return product
        if e.is_Pow and e.exp.is_Integer and abs(int(e.exp)) <= MAX_POWER:
            base = self.algebra.field.reduce(self.scalar(e.base))
            if int(e.exp) < 0 and base.is_zero():
                raise GiveUp("a denominator is zero")
            return base ** int(e.exp)
        if isinstance(e, sp.Trace):
            return blocks.trace(self, blocks.grid(self, e.arg))
        if isinstance(e, sp.Determinant):
            return blocks.det(self, blocks.grid(self, e.arg))
        if isinstance(e, Scalar):
            return self.one_by_one(e.args[0])
        if isinstance(e, sp.matrices.expressions.matexpr.MatrixElement):
            return self.entry(e)
        return self.algebra.field.of(self.without_matrices(e))

    def without_matrices(self, e: Any) -> Any:
        """The expression with a symbol for every trace, determinant and entry."""
        if not has_matrices(e):
            return e
        if isinstance(e, NUMBERS) or e.is_Matrix:
            f = self.algebra.field.reduce(self.scalar(e))
            return self.algebra.field.expression(f.num) / self.algebra.field.expression(f.den)
        return e.func(*[self.without_matrices(a) for a in e.args])

    def one_by_one(self, e: Any) -> Fraction:
        """The number in a 1 x 1 matrix."""
        if not all(same_size(size, sp.S.One) for size in e.shape):
            raise GiveUp(f"{e} stands where a number is expected")
        ((element,),) = blocks.grid(self, e).blocks
        return element.terms.get((), NOTHING)

    def entry(self, e: Any) -> Fraction:
        """One entry: e_i' M e_j."""
        parent, i, j = e.args
        if self.explicit and i.is_Integer and j.is_Integer:
            block = blocks.grid(self, parent).blocks[int(i)][int(j)]
            return block.terms.get((), NOTHING)
        return self.entry_of(self.matrix(parent), i, j).terms.get((), NOTHING)

    def entry_of(self, element: Element, i: Any, j: Any) -> Element:
        """One entry as a 1 x 1 matrix."""
        left, right = self.unit(element.rows, sp.S(i)), self.unit(element.columns, sp.S(j))
        return self.algebra.multiply(self.algebra.transpose(left), element, right)

    def invert(self, element: Element, text: Any) -> Element:
        """The inverse of what is read; the condition is recorded."""
        if all(same_size(size, sp.S.One) for size in element.shape):
            f = self.algebra.field.reduce(element.terms.get((), NOTHING))
            if f.is_zero():
                raise GiveUp("a denominator is zero")
            return Element(element.rows, element.columns, {(): f.inverse()})
        if not self._certainly_invertible(element):
            self.algebra.conditions[f"{bare(text)} is invertible"] = None
        return inverses.inverse(self.algebra, element)

    def _certainly_invertible(self, element: Element) -> bool:
        if len(element.terms) == 1:
            ((word, c),) = element.terms.items()
            certain = inverses.is_invertible(self.algebra, word, element.rows)
            if certain and self.algebra.is_unit(c):
                return True
        return definite.sign(self.algebra, element) == "positive definite"

    def unit(self, n: Any, i: Any) -> Element:
        """The column that has a one at place i, counted from 0."""
        if n == 1:
            return self.algebra.identity(sp.S.One)
        data = (n, sp.expand(i))
        return self.algebra.of_letter(
            self.algebra.letter("unit", (*data, False), (*data, True), (n, sp.S.One))
        )


def bare(e: Any) -> Any:
    """The expression without outer transposes."""
    while isinstance(e, sp.Transpose):
        e = e.arg
    return e


def has_matrices(e: Any) -> bool:
    """Whether a matrix occurs inside."""
    return bool(e.has(sp.MatrixExpr) or e.has(sp.MatrixBase) or e.has(*NUMBERS))


def _symbol(reader: Reader, e: Any) -> Element:
    algebra = reader.algebra
    properties = properties_of(e, reader.given)
    if e.shape == (1, 1):
        positive = "positive_definite" in properties
        value = algebra.quantity(("entry", e), positive=positive)
        return Element(sp.S.One, sp.S.One, {(): value})
    data = (e, False)
    flipped = data if "symmetric" in properties else (e, True)
    i = algebra.letter("symbol", data, flipped, e.shape, properties)
    if "idempotent" in properties:
        for letter in (i, algebra.flipped[i]):
            algebra.add_rule((letter, letter), {(letter,): UNIT})
    if "orthogonal" in properties:
        algebra.add_rule((i, algebra.flipped[i]), {(): UNIT})
    if "orthonormal" in properties:
        algebra.add_rule((algebra.flipped[i], i), {(): UNIT})
    return algebra.of_letter(i)


def _sum(reader: Reader, e: Any) -> Element:
    return reader.algebra.add(*[reader.matrix(a) for a in e.args])


def _product(reader: Reader, e: Any) -> Element:
    c, factors = UNIT, []
    for a in e.args:
        if a.is_Matrix:
            factors.append(reader.matrix(a))
        else:
            c = c * reader.scalar(a)
    product = reader.algebra.multiply(*factors)
    return reader.algebra.scale(c, product)


def _transpose(reader: Reader, e: Any) -> Element:
    return reader.algebra.transpose(reader.matrix(e.arg))


def _power(reader: Reader, e: Any) -> Element:
    base, exponent = e.base, e.exp
    if not (exponent.is_Integer and abs(int(exponent)) <= MAX_POWER):
        return _opaque(reader, e)
    element = reader.matrix(base)
    if int(exponent) < 0:
        element = reader.invert(element, base)
    n = abs(int(exponent))
    if n == 0:
        return reader.algebra.identity(element.rows)
    return reader.algebra.multiply(*[element] * n)


def _identity(reader: Reader, e: Any) -> Element:
    return reader.algebra.identity(e.shape[0])


def _zero(reader: Reader, e: Any) -> Element:
    return reader.algebra.zero(*e.shape)


def _ones(reader: Reader, e: Any) -> Element:
    algebra = reader.algebra
    left, right = (structure.ones(algebra, n) if n != 1 else () for n in e.shape)
    return algebra.of_word(left + algebra.flip(right), *e.shape)


def _hadamard(reader: Reader, e: Any) -> Element:
    product, *rest = [reader.matrix(a) for a in e.args]
    for factor in rest:
        product = structure.hadamard(reader.algebra, product, factor)
    return product


def _hadamard_power(reader: Reader, e: Any) -> Element:
    base, exponent = e.args
    if not (exponent.is_Integer and 1 <= int(exponent) <= MAX_POWER):
        return _opaque(reader, e)
    product = factor = reader.matrix(base)
    for _ in range(int(exponent) - 1):
        product = structure.hadamard(reader.algebra, product, factor)
    return product


def _kronecker(reader: Reader, e: Any) -> Element:
    return structure.kronecker(reader.algebra, *[reader.matrix(a) for a in e.args])


def _vec(reader: Reader, e: Any) -> Element:
    return structure.vec(reader.algebra, reader.matrix(e.args[0]))


def _diag(reader: Reader, e: Any) -> Element:
    x = reader.matrix(e.args[0])
    return structure.diag(reader.algebra, x if x.columns == 1 else reader.algebra.transpose(x))


def _diagonal_part(reader: Reader, e: Any) -> Element:
    algebra, a = reader.algebra, reader.matrix(e.args[0])
    return structure.hadamard(algebra, algebra.identity(a.rows), a)


def _diagonal_of(reader: Reader, e: Any) -> Element:
    algebra = reader.algebra
    part = _diagonal_part(reader, e)
    return algebra.multiply(part, _ones(reader, sp.OneMatrix(part.rows, 1)))


def _elementwise(reader: Reader, e: Any) -> Element:
    body = elementwise.body_of(e.function)
    return elementwise.applied(reader.algebra, body, reader.matrix(e.expr))


def _gradient(reader: Reader, e: Any) -> Element:
    f, x, _ = e.args
    result = differentials.gradient(reader, f, x)
    return result if e.layout == "denominator" else reader.algebra.transpose(result)


def _jacobian(reader: Reader, e: Any) -> Element:
    f, x, _ = e.args
    result = differentials.jacobian(reader, reader.matrix(f), x)
    return result if e.layout == "numerator" else reader.algebra.transpose(result)


def _hessian(reader: Reader, e: Any) -> Element:
    f, x, _ = e.args
    return differentials.jacobian(reader, differentials.gradient(reader, f, x), x)


def _opaque(reader: Reader, e: Any) -> Element:
    """A matrix that is not looked into."""
    if not e.is_MatrixExpr:
        raise GiveUp(f"{type(e).__name__} is beyond matrices")
    letter = reader.algebra.letter("opaque", (e, False), (e, True), e.shape)
    return reader.algebra.of_letter(letter)


_MATRIX_RULES: dict[Any, Callable[[Reader, Any], Element]] = {
    sp.MatrixSymbol: _symbol,
    DeclaredMatrix: _symbol,
    sp.MatAdd: _sum,
    sp.MatMul: _product,
    sp.Transpose: _transpose,
    sp.Adjoint: _transpose,
    sp.MatPow: _power,
    sp.Inverse: _power,
    sp.Identity: _identity,
    sp.ZeroMatrix: _zero,
    sp.OneMatrix: _ones,
    sp.HadamardProduct: _hadamard,
    sp.HadamardPower: _hadamard_power,
    sp.KroneckerProduct: _kronecker,
    sp.DiagMatrix: _diag,
    sp.matrices.expressions.diagonal.DiagonalMatrix: _diagonal_part,
    sp.matrices.expressions.diagonal.DiagonalOf: _diagonal_of,
    ElementwiseApplyFunction: _elementwise,
    Vec: _vec,
    Gradient: _gradient,
    Jacobian: _jacobian,
    Hessian: _hessian,
}

"""Matrices with symbolic sizes: their declarations, and the operators of the notes.

Everything is real. A product is `A * B`, a transpose `A.T`, an inverse `A.I`; a 1 x 1 product such
as `x.T * A * x` becomes a number by `scalar(...)`.
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.core.symbol import Str
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

PROPERTIES = (
    "symmetric",
    "positive_definite",
    "orthogonal",
    "orthonormal",
    "idempotent",
    "invertible",
    "diagonal",
)
LAYOUTS = ("denominator", "numerator")


class DeclaredMatrix(sp.MatrixSymbol):
    """A matrix symbol that carries its properties, some of `PROPERTIES`."""

    def __new__(cls, name: Any, n: Any, m: Any, properties: Any = ()) -> Any:
        """The symbol; a property that is not known raises ValueError."""
        names = sorted({str(p) for p in properties})
        unknown = set(names) - set(PROPERTIES)
        if unknown:
            raise ValueError(
                f"matrix: properties must be among {PROPERTIES}; got {sorted(unknown)}"
            )
        plain = sp.MatrixSymbol(name, n, m)
        declared = sp.Tuple(*[Str(p) for p in names])
        return sp.Basic.__new__(cls, *plain.args, declared)

    @property
    def properties(self) -> frozenset[str]:
        """The declared properties."""
        return frozenset(str(p) for p in self.args[3])

    @property
    def free_symbols(self) -> set[Any]:
        """The matrix itself and the symbols of its sizes."""
        return {self, *self.args[1].free_symbols, *self.args[2].free_symbols}


def matrix(name: str, n: Any, m: Any, *properties: str) -> Any:
    """A real n x m matrix, with some of `PROPERTIES`."""
    return DeclaredMatrix(name, n, m, properties) if properties else sp.MatrixSymbol(name, n, m)


def vector(name: str, n: Any) -> Any:
    """A real column vector: an n x 1 matrix."""
    return sp.MatrixSymbol(name, n, 1)


def symmetric(name: str, n: Any) -> Any:
    """A matrix equal to its transpose."""
    return matrix(name, n, n, "symmetric")


def positive_definite(name: str, n: Any) -> Any:
    """A symmetric matrix A with x'Ax > 0 for every x other than 0."""
    return matrix(name, n, n, "positive_definite")


def orthogonal(name: str, n: Any) -> Any:
    """A square matrix whose inverse is its transpose."""
    return matrix(name, n, n, "orthogonal")


def orthonormal(name: str, n: Any, d: Any = 1) -> Any:
    """An n x d matrix with orthonormal columns, d <= n; a vector of length 1 for d = 1."""
    return matrix(name, n, d, "orthonormal")


def idempotent(name: str, n: Any) -> Any:
    """A square matrix equal to its own square."""
    return matrix(name, n, n, "idempotent")


def invertible(name: str, n: Any) -> Any:
    """A square matrix that has an inverse."""
    return matrix(name, n, n, "invertible")


def diagonal(name: str, n: Any) -> Any:
    """A square matrix that is zero off its diagonal."""
    return matrix(name, n, n, "diagonal")


def identity(n: Any) -> Any:
    """The n x n identity matrix."""
    return sp.Identity(n)


def zeros(n: Any, m: Any) -> Any:
    """The n x m matrix of zeros."""
    return sp.ZeroMatrix(n, m)


def ones(n: Any, m: Any = 1) -> Any:
    """The n x m matrix of ones."""
    return sp.OneMatrix(n, m)


def transpose(A: Any) -> Any:
    """The transpose A'."""
    return sp.Transpose(A)


def inverse(A: Any) -> Any:
    """The inverse of a square matrix."""
    return sp.Inverse(A)


def trace(A: Any) -> Any:
    """The sum of the diagonal entries."""
    return sp.Trace(A)


def det(A: Any) -> Any:
    """The determinant."""
    return sp.Determinant(A)


def logdet(A: Any) -> Any:
    """The logarithm of the determinant."""
    return sp.log(sp.Determinant(A))


def hadamard(*factors: Any) -> Any:
    """The entrywise product."""
    return sp.HadamardProduct(*factors)


def kronecker(*factors: Any) -> Any:
    """The Kronecker product: the blocks a_ij B."""
    return sp.KroneckerProduct(*factors)


def elementwise(f: Any, A: Any) -> Any:
    """A function of one number, such as sp.exp, at every entry."""
    t = sp.Dummy("t", real=True)
    return ElementwiseApplyFunction(sp.Lambda(t, f(t)), A)


def diag(x: Any) -> Any:
    """The diagonal matrix that has the vector x on its diagonal."""
    return sp.DiagMatrix(x)


def block(rows: Any) -> Any:
    """A matrix made of blocks, given row by row."""
    return sp.BlockMatrix(rows)


def dot(x: Any, y: Any) -> Any:
    """The inner product x'y of two vectors, a number."""
    return Scalar(x.T * y)


def norm(x: Any) -> Any:
    """The Euclidean length of a vector, a number."""
    return sp.sqrt(dot(x, x))


def frobenius(A: Any) -> Any:
    """The square root of the sum of the squared entries."""
    return sp.sqrt(sp.Trace(A.T * A))


def scalar(M: Any) -> Any:
    """The number that a 1 x 1 matrix holds."""
    return Scalar(M)


class Scalar(sp.Expr):
    """The number in a 1 x 1 matrix."""

    is_commutative = True
    is_real = True

    def __new__(cls, M: Any) -> Any:
        """The number in M."""
        return sp.Basic.__new__(cls, sp.S(M))

    def _sympystr(self, printer: Any) -> str:
        return f"({printer.doprint(self.args[0])})"

    def _latex(self, printer: Any, exp: str = "", **_: Any) -> str:
        inner = printer._print(self.args[0])
        return rf"\left({inner}\right)^{{{exp}}}" if exp else str(inner)


class Vec(sp.MatrixExpr):
    """The columns of a matrix, one below the other."""

    def __new__(cls, A: Any) -> Any:
        """The columns of A."""
        return sp.Basic.__new__(cls, A)

    @property
    def shape(self) -> tuple[Any, Any]:
        """(rows times columns, 1)."""
        rows, columns = self.args[0].shape
        return rows * columns, sp.S.One


def vec(A: Any) -> Any:
    """The columns of a matrix, one below the other."""
    return Vec(A)


class _Derivative(sp.MatrixExpr):
    def __new__(cls, f: Any, x: Any, layout: Any) -> Any:
        if str(layout) not in LAYOUTS:
            raise ValueError(f"{cls.__name__}: layout must be one of {LAYOUTS}; got {layout!r}")
        if not isinstance(x, sp.MatrixSymbol):
            raise TypeError(f"{cls.__name__}: differentiate by a matrix symbol; got {x}")
        return sp.Basic.__new__(cls, sp.S(f), x, Str(str(layout)))

    @property
    def layout(self) -> str:
        """One of `LAYOUTS`."""
        return str(self.args[2])

    def _latex(self, printer: Any, **_: Any) -> str:
        f, x = (printer._print(a) for a in self.args[:2])
        power = "^{2}" if isinstance(self, Hessian) else ""
        turned = "^{T}" if isinstance(self, Gradient) and self.layout == "numerator" else ""
        if isinstance(self, Jacobian):
            return rf"\frac{{\partial \left({f}\right)}}{{\partial {x}}}"
        return rf"\nabla{power}_{{{x}{turned}}} \left({f}\right)"

    def _sympystr(self, printer: Any) -> str:
        f, x = (printer._print(a) for a in self.args[:2])
        return f"{type(self).__name__}({f}, {x})"


class Gradient(_Derivative):
    """The derivatives of a number f by the entries of x: in the shape of x in denominator layout.

    For a symmetric x it is the symmetric matrix G with df = tr(G dx).
    """

    def __new__(cls, f: Any, x: Any, layout: Any = "denominator") -> Any:
        """Of f by x, in the layout."""
        return super().__new__(cls, f, x, layout)

    @property
    def shape(self) -> tuple[Any, Any]:
        """The shape of x, turned round in numerator layout."""
        rows, columns = self.args[1].shape
        return (rows, columns) if self.layout == "denominator" else (columns, rows)


class Jacobian(_Derivative):
    """The derivatives of a vector f by a vector x: df_i / dx_j in row i in numerator layout."""

    def __new__(cls, f: Any, x: Any, layout: Any = "numerator") -> Any:
        """Of f by x, in the layout."""
        return super().__new__(cls, f, x, layout)

    @property
    def shape(self) -> tuple[Any, Any]:
        """(entries of f, entries of x), turned round in denominator layout."""
        shape = self.args[0].shape[0], self.args[1].shape[0]
        return shape if self.layout == "numerator" else shape[::-1]


class Hessian(_Derivative):
    """The second derivatives of a number f by the entries of a vector x."""

    def __new__(cls, f: Any, x: Any, layout: Any = "numerator") -> Any:
        """Of f by x, in the layout."""
        return super().__new__(cls, f, x, layout)

    @property
    def shape(self) -> tuple[Any, Any]:
        """Square, a row for each entry of x."""
        return self.args[1].shape[0], self.args[1].shape[0]

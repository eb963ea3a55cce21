"""What norms, gradients, transposes and matrices with entries stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sympy as sp

from derivations.reading.grammar import Node

if TYPE_CHECKING:
    from derivations.reading.meaning import Meaning

TRANSPOSE = "top"  # the exponent in x^\top


def is_matrix(value: Any) -> bool:
    """Whether this has rows and columns."""
    return isinstance(value, sp.MatrixExpr | sp.MatrixBase)


def number(value: Any) -> Any:
    """The number in a product of one row and one column; anything else as it is."""
    if not (is_matrix(value) and value.shape == (1, 1)):
        return value
    if isinstance(value, sp.MatrixBase):
        return value[0, 0]
    from derivations.matrices import scalar

    return scalar(value)


def transposed(meaning: Meaning, node: Node, base: Any, exponent: Node) -> Any:
    r"""The transpose, of `x^\top`, `x^T` and `A^{-T}`; nothing for another exponent.

    Raises:
        ParseError: the base has no transpose, or T may be an exponent too.
    """
    inverted = exponent.kind == "neg"
    mark = exponent.parts[0] if inverted else exponent
    if mark.kind != "name" or mark.value not in (TRANSPOSE, "T"):
        return None
    if not is_matrix(base):
        if mark.value == "T":
            return None
        said = "this is a number here, not a vector or a matrix: it has no transpose; leave it out"
        raise meaning.error(node, said)
    if mark.value in meaning.names:
        said = "T may be the transpose or the exponent that the question calls T"
        raise meaning.error(node, rf"{said}; write ^\top for the transpose")
    return base.T.inv() if inverted else base.T


def norm(meaning: Meaning, node: Node) -> Any:
    """The Euclidean length of a vector, or the Frobenius norm of a matrix.

    Raises:
        ParseError: it is neither, or the sign is not clear.
    """
    (inner,) = node.parts
    if inner.kind == "name" and isinstance(meaning.names.get(inner.value), sp.IndexedBase):
        said = rf"write it with the entries: \sqrt{{\sum_{{i=1}}^{{n}} {inner.value}_i^2}}"
        raise meaning.error(node, f"the number of entries of {inner.value} is not said; {said}")
    value = meaning.of(inner)
    if not is_matrix(value):
        raise meaning.error(node, "this is a number here, not a vector; write |x| for its size")
    if (value.shape[1] == 1) == (node.value == "F"):
        said = "\\lVert x \\rVert is read of a vector in a column, \\lVert A \\rVert_F of a matrix"
        raise meaning.error(node, said)
    if isinstance(value, sp.MatrixBase):
        return sp.sqrt(sum(entry**2 for entry in value))
    from derivations import matrices

    return matrices.frobenius(value) if node.value == "F" else matrices.norm(value)


def gradient(meaning: Meaning, node: Node) -> Any:
    """The gradient by a vector, in its shape; by a number the derivative.

    Raises:
        ParseError: what is differentiated, or by what, cannot be.
    """
    body, variable = (meaning.of(part) for part in node.parts)
    if isinstance(variable, sp.Symbol | sp.Indexed):
        return sp.Derivative(body, variable)
    if not isinstance(variable, sp.MatrixSymbol) or is_matrix(body):
        said = "the gradient is that of a number, by a variable, a vector or a matrix"
        raise meaning.error(node, said)
    from derivations.matrices import Gradient

    return Gradient(body, variable)


def grid(meaning: Meaning, node: Node) -> Any:
    """A matrix with its entries, or the determinant of one.

    Raises:
        ParseError: an entry is a matrix itself, or a determinant's matrix is not square.
    """
    entries = [meaning.of(part) for part in node.parts]
    if any(is_matrix(entry) for entry in entries):
        raise meaning.error(node, "the entries of a matrix with entries must be numbers here")
    rows = int(node.value)
    made = sp.ImmutableDenseMatrix(rows, len(entries) // rows, entries)
    if node.kind == "grid":
        return made
    if rows * rows != len(entries) or rows > 4:
        raise meaning.error(node, "a determinant is read of 4 rows and 4 columns at most")
    return made.det(method="berkowitz")

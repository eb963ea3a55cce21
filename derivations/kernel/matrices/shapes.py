"""Shapes are checked first: a line that does not conform is wrong whatever its entries."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import sympy as sp

from derivations.kernel.matrices.words import same_size
from derivations.matrices import Gradient, Hessian, Jacobian, Scalar

NUMBERS = (sp.Trace, sp.Determinant, Scalar, sp.matrices.expressions.matexpr.MatrixElement)
Clash = tuple[Any, tuple[Any, Any], tuple[Any, Any]]


def shape_of(e: Any) -> tuple[Any, Any]:
    """The shape; a number is 1 x 1."""
    return tuple(e.shape) if getattr(e, "is_Matrix", False) else (sp.S.One, sp.S.One)


def not_read(e: Any) -> Any:
    """The first node that holds a matrix and has no known shape, such as a Sum, or None."""
    if getattr(e, "is_Matrix", False) or isinstance(e, NUMBERS):
        return None
    if any(getattr(a, "is_Matrix", False) for a in e.args):
        return e
    return next((found for a in e.args if (found := not_read(a)) is not None), None)


def fit(a: tuple[Any, Any], b: tuple[Any, Any]) -> bool:
    """Whether two shapes are certainly the same."""
    return same_size(a[0], b[0]) and same_size(a[1], b[1])


def clash(e: Any) -> Clash | None:
    """The first operation inside that does not conform, with the two shapes that clash."""
    for node in sp.postorder_traversal(e):
        for left, right, fits in _demands(node):
            if not fits:
                return node, left, right
    return None


def _demands(node: Any) -> Iterator[tuple[Any, Any, bool]]:
    if isinstance(node, sp.MatAdd | sp.HadamardProduct):
        for a, b in pairwise(node.args):
            yield a.shape, b.shape, fit(a.shape, b.shape)
    elif isinstance(node, sp.MatMul):
        factors = [a for a in node.args if a.is_Matrix]
        for a, b in pairwise(factors):
            yield a.shape, b.shape, same_size(a.shape[1], b.shape[0])
    elif isinstance(node, sp.MatPow | sp.Trace | sp.Determinant):
        shape = shape_of(node.args[0])
        yield shape, shape[::-1], same_size(*shape)
    elif isinstance(node, Scalar | Gradient | Hessian):
        shape, one = shape_of(node.args[0]), (sp.S.One, sp.S.One)
        yield shape, one, fit(shape, one)
    elif isinstance(node, Jacobian):
        for a in node.args[:2]:
            shape = shape_of(a)
            yield shape, (shape[0], sp.S.One), same_size(shape[1], sp.S.One)
    elif isinstance(node, sp.BlockMatrix):
        yield from _block_demands(node)


def _block_demands(node: Any) -> Iterator[tuple[Any, Any, bool]]:
    rows, columns = node.blockshape
    for i in range(rows):
        for j in range(columns):
            shape, first = node.blocks[i, j].shape, node.blocks[i, 0].shape
            top = node.blocks[0, j].shape
            yield first, shape, same_size(first[0], shape[0])
            yield top, shape, same_size(top[1], shape[1])

"""Rung: matrices with symbolic sizes.

Shapes are checked first; then both sides are evaluated as given at exact small matrices; then a
noncommutative normal form proves equality.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy as sp

from derivations.kernel.matrices.question import Question
from derivations.kernel.verdict import Verdict
from derivations.matrices import Scalar

__all__ = ["answer"]


def answer(
    lhs: Any, rhs: Any, relation: str, given: Sequence[Any], deadline: float
) -> Verdict | None:
    """The verdict on one question about matrices, or None if it is about something else.

    Args:
        lhs: a matrix expression, or a number made of matrices (a trace, a determinant).
        rhs: the other side.
        relation: `=`; `>=`, `<=`, `>` and `<` compare symmetric matrices by definiteness.
        given: relations between scalars, and declarations such as Q.symmetric(A).
        deadline: the value of `time.thread_time()` after which the answer is `unknown`.
    """
    if not any(_about_matrices(e) for e in (lhs, rhs)):
        return None
    return Question(lhs, rhs, relation, tuple(given), deadline).answer()


def _about_matrices(e: Any) -> bool:
    return bool(
        isinstance(e, sp.MatrixBase | sp.MatrixExpr)
        or (isinstance(e, sp.Basic) and e.has(sp.MatrixExpr, sp.MatrixBase, Scalar))
    )

"""The values of numbers made of matrices, at a point."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import sympy as sp
from flint import fmpq

from derivations.functions import sigmoid, softplus
from derivations.kernel.balls import Undecided, Undefined
from derivations.kernel.matrices import duals
from derivations.kernel.matrices.duals import ONE, ZERO
from derivations.matrices import Scalar

if TYPE_CHECKING:
    from derivations.kernel.matrices.evaluate import Evaluator

MAX_POWER = 40
MatrixElement = sp.matrices.expressions.matexpr.MatrixElement


def is_whole(value: Any) -> bool:
    """Whether a value is an exact integer."""
    return isinstance(value, fmpq) and value.q == 1


def _larger(sign: int) -> Callable[[Evaluator, Any], Any]:
    def rule(evaluator: Evaluator, e: Any) -> Any:
        best, *rest = [evaluator.scalar(a) for a in e.args]
        for other in rest:
            best = other if duals.sign(other - best) == sign else best
        return best

    return rule


def _step(evaluator: Evaluator, e: Any) -> Any:
    side = duals.sign(evaluator.scalar(e.args[0]))
    if side == 0:
        raise Undecided("a step at its jump")
    return ONE if side > 0 else ZERO


def _rewritten(evaluator: Evaluator, e: Any) -> Any:
    formula = e.formula() if isinstance(e, sigmoid | softplus) else e.rewrite(sp.exp)
    return evaluator.scalar(formula)


def _number_sum(evaluator: Evaluator, e: Any) -> Any:
    total: Any = ZERO
    for a in e.args:
        total = evaluator.scalar(a) + total
    return total


def _number_product(evaluator: Evaluator, e: Any) -> Any:
    result: Any = ONE
    for a in e.args:
        result = evaluator.scalar(a) * result
    return result


def _number_power(evaluator: Evaluator, e: Any) -> Any:
    if e.base == sp.E:
        return duals.exp(evaluator.scalar(e.exp))
    base = evaluator.scalar(e.base)
    exponent = evaluator.scalar(e.exp)
    if isinstance(exponent, fmpq) and exponent.q in (1, 2) and abs(int(exponent.p)) <= MAX_POWER:
        root = base if exponent.q == 1 else duals.sqrt(base)
        return duals.power(root, int(exponent.p))
    return duals.exp(duals.log(base) * exponent)


def _trace(evaluator: Evaluator, e: Any) -> Any:
    total: Any = ZERO
    for i, row in enumerate(evaluator.matrix(e.arg)):
        total = row[i] + total
    return total


def _entry(evaluator: Evaluator, e: Any) -> Any:
    parent, *indices = e.args
    rows = evaluator.matrix(parent)
    i, j = (evaluator.scalar(k) for k in indices)
    if not (is_whole(i) and is_whole(j) and 0 <= i < len(rows) and 0 <= j < len(rows[0])):
        raise Undefined(f"{e} is outside the matrix here")
    return rows[int(i.p)][int(j.p)]


RULES: dict[Any, Callable[[Evaluator, Any], Any]] = {
    sp.Add: _number_sum,
    sp.Mul: _number_product,
    sp.Pow: _number_power,
    sp.exp: lambda evaluator, e: duals.exp(evaluator.scalar(e.args[0])),
    sp.log: lambda evaluator, e: duals.log(evaluator.scalar(e.args[0])),
    sp.Max: _larger(1),
    sp.Min: _larger(-1),
    sp.Heaviside: _step,
    **dict.fromkeys((sp.tanh, sp.cosh, sp.sinh, sigmoid, softplus), _rewritten),
    sp.Trace: _trace,
    sp.Determinant: lambda evaluator, e: duals.det(evaluator.matrix(e.arg)),
    Scalar: lambda evaluator, e: evaluator.scalar(e.args[0]),
    MatrixElement: _entry,
}

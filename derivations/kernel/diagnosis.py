"""Which one small change turns a wrong line into a right one.

Candidates are tried at a few points first, so that hundreds of them cost milliseconds; the one that
survives is proved before it is named. Nothing is said rather than something uncertain.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

import sympy as sp

from derivations.functions import sigmoid, softplus
from derivations.kernel.balls import Point, Undecided, Undefined, evaluate
from derivations.kernel.clock import OutOfTimeError, limited
from derivations.kernel.ladder import decide
from derivations.kernel.points import points, symbols_of
from derivations.kernel.rungs import carried_out

POINTS = 3
BITS = 64
FACTORS = (2, sp.S.Half, 3, sp.Rational(1, 3), 4, sp.Rational(1, 4))
Slip = tuple[Any, str]


def diagnose(wrong: Any, right: Any, given: Sequence[Any] = (), budget: float = 0.05) -> str:
    """The slip that a wrong line probably is, in words, or nothing.

    Args:
        wrong: the line as it was written.
        right: what it should equal, for example the line before it.
        given: SymPy relations that hold besides the symbols' own assumptions.
        budget: seconds after which the search gives up.
    """
    start = time.thread_time()
    try:
        with limited(budget):
            return _search(
                sp.sympify(wrong, strict=True),
                sp.sympify(right, strict=True),
                given,
                start + budget,
            )
    except (OutOfTimeError, RecursionError, ArithmeticError, TypeError, ValueError, AttributeError):
        return ""


def _search(wrong: Any, right: Any, given: Sequence[Any], deadline: float) -> str:
    if getattr(wrong, "is_Matrix", False) or getattr(right, "is_Matrix", False):
        return _first(_of_matrices(wrong), right, lambda _: True, given, deadline)
    if any(_is_average(node) for node in (*_nodes(wrong), *_nodes(right))):
        plausible = _in_one_world(wrong, right, given, deadline)
        return _first(_of_averages(wrong, right), right, plausible, given, deadline)
    derivatives = sorted(right.atoms(sp.Derivative), key=str)
    right = carried_out(right)
    probe = _Probe(right, given)
    candidates = _candidates(wrong, right, [d.expr for d in derivatives])
    return _first(candidates, right, probe.agrees, given, deadline)


def _first(
    candidates: Iterator[Slip],
    right: Any,
    plausible: Callable[[Any], bool],
    given: Sequence[Any],
    deadline: float,
) -> str:
    for repaired, said in candidates:
        left = deadline - time.thread_time()
        if left <= 0:
            return ""
        if plausible(repaired) and decide(right, repaired, given=given, budget=left).proved:
            return said
    return ""


class _Probe:
    """The right line's values at a few points, and a quick comparison with others'."""

    def __init__(self, right: Any, given: Sequence[Any]) -> None:
        self.points: list[Point] = []
        self.values: list[Any] = []
        symbols = symbols_of(right, *given)
        for point in islice(points(symbols, given, str(right)), 12):
            value = _value(right, point)
            if value is not None:
                self.points.append(point)
                self.values.append(value)
            if len(self.points) == POINTS:
                break

    def agrees(self, other: Any) -> bool:
        """Whether an expression may be equal to the right line, as far as the points tell."""
        for point, value in zip(self.points, self.values, strict=True):
            got = _value(other, point)
            if got is None or not (got - value).contains(0):
                return False
        return bool(self.points)


def _value(e: Any, point: Point) -> Any:
    try:
        return evaluate(e, point, BITS)
    except (Undefined, Undecided, OverflowError, ValueError):
        return None


def _candidates(wrong: Any, right: Any, differentiated: Sequence[Any]) -> Iterator[Slip]:
    yield -wrong, "a sign: the whole line should have the other sign"
    for function in differentiated:
        yield from _of_chain_rule(wrong, function)
    yield from _of_terms(wrong, right)
    for base in (2, 10) if wrong.has(sp.log) else ():
        log = sp.log(base)
        said = f"the base of a logarithm: log and log{base} differ by the factor log({base})"
        yield wrong * log, said
        yield wrong / log, said
    for factor in FACTORS:
        yield factor * wrong, f"a factor: the line should be {factor} times what it is"
    for node in _nodes(wrong):
        for repaired, said in _of_node(node):
            yield wrong.xreplace({node: repaired}), said
    yield from _of_indices(wrong)
    yield from _of_chain_rule(wrong, right)
    yield from _of_whole(wrong, right)


def _of_chain_rule(wrong: Any, function: Any) -> Iterator[Slip]:
    """The derivative of an inner function that is missing as a factor."""
    for node in _nodes(function):
        if node.is_Function and not node.args[0].is_Symbol:
            for v in sorted((s for s in node.args[0].free_symbols if s.is_Symbol), key=str):
                inner = sp.diff(node.args[0], v)
                if inner not in (0, 1, -1):
                    said = f"the chain rule: the derivative {inner} of {node.args[0]} is missing"
                    yield wrong * inner, said


def _of_whole(wrong: Any, right: Any) -> Iterator[Slip]:
    """A factor that the whole line lacks: 1/n, or one of the right line's own."""
    if any(f.is_Pow and f.exp.is_negative for f in sp.Mul.make_args(wrong)):
        yield 1 / wrong, "numerator and denominator are swapped"
    for s in sorted((s for s in right.free_symbols if s.is_Symbol), key=str):
        yield wrong / s, f"a factor 1/{s} is missing"
        yield wrong * s, f"a factor {s} is missing"
    for factor in sp.Mul.make_args(right):
        if not factor.is_number:
            yield wrong * factor, f"the factor {factor} is missing"


def _of_terms(wrong: Any, right: Any) -> Iterator[Slip]:
    """A term of the whole line with the wrong sign, missing, or too much."""
    for term in sp.Add.make_args(wrong) if wrong.is_Add else ():
        yield wrong - 2 * term, f"a sign: the term {term} should have the other sign"
        yield wrong - term, f"the term {term} is too much"
    expanded = sp.expand(right)
    for source in (right, expanded) if expanded != right else (right,):
        for term in sp.Add.make_args(source):
            yield wrong + term, f"the term {term} is missing"


def _of_node(node: Any) -> Iterator[Slip]:
    """Changes inside the line: signs, exponents, arguments, functions."""
    if node.is_Add:
        for term in node.args:
            said = f"a sign: the term {term} in {node} should have the other sign"
            yield node - 2 * term, said
        for term in node.args:
            yield node - term, f"the term {term} in {node} is too much"
        yield node + 1, f"{node} should be {node + 1}"
        yield node - 1, f"{node} should be {node - 1}"
    elif node.is_Pow and node.exp != -1:
        for change in (1, -1):
            power = node.exp + change
            yield node.base**power, f"a power: {node.base} should have the exponent {power}"
        yield node.base ** (-node.exp), f"a sign: the exponent of {node} should have the other sign"
    elif node.is_Pow:
        yield node.base, f"{node.base} should not be in the denominator"
    elif node.is_Function and len(node.args) == 1:
        yield (
            node.func(-node.args[0]),
            f"a sign: the argument of {node} should have the other sign"
            if not isinstance(node, sp.exp)
            else f"a sign: the exponent of {node} should have the other sign",
        )
        for other in _CONFUSED.get(node.func, ()):
            yield other(node.args[0]), f"{node} should be {other(node.args[0])}"
    elif node.is_Mul:
        for factor in node.args:
            if not factor.is_number or factor not in (-1,):
                yield node / factor, f"the factor {factor} in {node} is too much"
        for factor in (2, sp.S.Half):
            yield node * factor, f"a factor: {node} should be {factor} times what it is"


_CONFUSED: dict[Any, tuple[Any, ...]] = {
    sp.sin: (sp.cos, lambda x: -sp.cos(x)),
    sp.cos: (sp.sin, lambda x: -sp.sin(x)),
    sp.sinh: (sp.cosh,),
    sp.cosh: (sp.sinh,),
    sp.tanh: (sigmoid,),
    sigmoid: (lambda x: 1 - sigmoid(x), sp.tanh),
    softplus: (sigmoid,),
}


def _of_indices(wrong: Any) -> Iterator[Slip]:
    """An entry x[i] that should be x[j], or an index that is off by one."""
    entries = sorted(wrong.atoms(sp.Indexed), key=str)
    indices = sorted({i for e in entries for i in e.indices}, key=str)
    for entry in entries:
        for place, index in enumerate(entry.indices):
            for other in (*indices, index + 1, index - 1):
                if other != index:
                    changed = list(entry.indices)
                    changed[place] = other
                    mended = entry.base[tuple(changed)]
                    yield wrong.xreplace({entry: mended}), f"an index: {entry} should be {mended}"


def _is_average(node: Any) -> bool:
    return type(node).__module__ == "derivations.random" and not node.is_Symbol


def _in_one_world(
    wrong: Any, right: Any, given: Sequence[Any], deadline: float
) -> Callable[[Any], bool]:
    """Whether an expression may be equal to the right one, as far as one distribution tells."""
    from derivations.kernel.expectation.comparison import compared
    from derivations.kernel.expectation.search import Search

    worlds = list(islice(Search((wrong, right), given, deadline).worlds(), 1))
    return lambda other: all(compared(right, other, "=", w)[0] != "refutes" for w in worlds)


def _of_averages(wrong: Any, right: Any) -> Iterator[Slip]:
    """The square of a mean for the mean of a square, a factor of a variance, and what is usual."""
    # A mean of products that lacks a factor is more likely than one that has a term too much.
    nodes = sorted(_nodes(wrong), key=lambda node: bool(node.is_Add))
    for node in nodes:
        for mended in _of_average(node):
            yield wrong.xreplace({node: mended}), f"{node} should be {mended}"
    yield -wrong, "a sign: the whole line should have the other sign"
    for term in sp.Add.make_args(wrong) if wrong.is_Add else ():
        yield wrong - 2 * term, f"a sign: the term {term} should have the other sign"
    for node in nodes:
        for mended, said in _of_node(node):
            yield wrong.xreplace({node: mended}), said
    yield from _of_terms(wrong, right)


def _of_average(node: Any) -> Iterator[Any]:
    """E(x)^2 for E(x^2) and the other way round, a power left out, a factor not squared."""
    if node.is_Pow and _is_average(node.base) and node.base.operands == 1:
        operator, (inside, given) = node.base.func, node.base.args
        yield operator(inside**node.exp, given)
    elif _is_average(node) and node.operands == 1 and node.args[0].is_Pow:
        power, given = node.args
        yield node.func(power.base, given) ** power.exp
    elif _is_average(node):
        yield node**2
    elif node.is_Mul:
        for average in filter(_is_average, node.args):
            factor = node / average
            yield factor**2 * average
            yield sp.sqrt(factor) * average


def _of_matrices(wrong: Any) -> Iterator[Slip]:
    """A transpose, a sign, a factor 2 or the order of two factors."""
    yield wrong.T, "a transpose: the whole line should be transposed"
    yield -wrong, "a sign: the whole line should have the other sign"
    for factor in (2, sp.S.Half):
        yield factor * wrong, f"a factor: the line should be {factor} times what it is"
    for symbol in sorted(wrong.atoms(sp.MatrixSymbol), key=str):
        try:
            yield wrong.xreplace({symbol: symbol.T}), f"a transpose: {symbol} should be {symbol}.T"
        except (ValueError, TypeError):
            continue
    for node in _nodes(wrong):
        if isinstance(node, sp.MatMul):
            scalars, factors = node.as_coeff_matrices()
            for k in range(len(factors) - 1):
                order = [*factors[:k], factors[k + 1], factors[k], *factors[k + 2 :]]
                try:
                    swapped = sp.MatMul(scalars, *order)
                except ValueError:
                    continue
                said = f"an order: {factors[k]} and {factors[k + 1]} should be swapped"
                yield wrong.xreplace({node: swapped}), said


def _nodes(e: Any) -> list[Any]:
    """The nodes with arguments, each once, outside in."""
    return list(dict.fromkeys(n for n in sp.preorder_traversal(e) if n.args))

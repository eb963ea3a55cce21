"""The slips that people make in a line, each undone: candidates for what the line should be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import sympy as sp

from derivations.functions import sigmoid, softplus
from derivations.typed import typed

READABLE = 60  # characters of a formula within a sentence
FACTORS = (2, sp.S.Half, 3, sp.Rational(1, 3), 4, sp.Rational(1, 4))
Slip: TypeAlias = "tuple[Any, str]"


def candidates(wrong: Any, right: Any, differentiated: Sequence[Any]) -> Iterator[Slip]:
    """What a wrong line should be, with the slip in words; the likelier slips first.

    Args:
        wrong: the line as it was written.
        right: what it should equal, with its derivatives taken.
        differentiated: what the right line takes derivatives of.
    """
    yield -wrong, "a sign: the whole line should have the other sign"
    yield from _of_limits(wrong, right)
    for function in differentiated:
        yield from _of_chain_rule(wrong, function)
    yield from _of_terms(wrong, right)
    for base in (2, 10) if wrong.has(sp.log) else ():
        log = sp.log(base)
        said = f"the base of a logarithm: log and log{base} differ by the factor log({base})"
        yield wrong * log, said
        yield wrong / log, said
    for factor in FACTORS:
        yield factor * wrong, f"a factor: the line should be {typed(factor)} times what it is"
    for node in nodes(wrong):
        for repaired, said in _of_node(node):
            yield wrong.xreplace({node: repaired}), said
    yield from _of_indices(wrong)
    yield from _of_chain_rule(wrong, right)
    yield from _of_whole(wrong, right)


def _of_chain_rule(wrong: Any, function: Any) -> Iterator[Slip]:
    """The derivative of an inner function that is missing as a factor."""
    for node in nodes(function):
        if node.is_Function and not node.args[0].is_Symbol:
            for v in sorted((s for s in node.args[0].free_symbols if s.is_Symbol), key=str):
                inner = sp.diff(node.args[0], v)
                if inner not in (0, 1, -1):
                    lost = f"the derivative {typed(inner)} of {typed(node.args[0])}"
                    yield wrong * inner, f"the chain rule: {lost} is missing"


def _of_whole(wrong: Any, right: Any) -> Iterator[Slip]:
    """A factor that the whole line lacks: 1/n, or one of the right line's own."""
    if any(f.is_Pow and f.exp.is_negative for f in sp.Mul.make_args(wrong)):
        yield 1 / wrong, "numerator and denominator are swapped"
    for s in sorted((s for s in right.free_symbols if s.is_Symbol), key=str):
        yield wrong / s, f"a factor 1/{typed(s)} is missing"
        yield wrong * s, f"a factor {typed(s)} is missing"
    for factor in sp.Mul.make_args(right):
        if not factor.is_number:
            yield wrong * factor, f"the factor {typed(factor)} is missing"


def _of_terms(wrong: Any, right: Any) -> Iterator[Slip]:
    """A term of the whole line with the wrong sign, missing, or too much."""
    for term in sp.Add.make_args(wrong) if wrong.is_Add else ():
        yield wrong - 2 * term, f"a sign: the term {typed(term)} should have the other sign"
        yield wrong - term, f"the term {typed(term)} is too much"
    expanded = sp.expand(right)
    for source in (right, expanded) if expanded != right else (right,):
        for term in sp.Add.make_args(source):
            yield wrong + term, f"the term {typed(term)} is missing"


def _of_node(node: Any) -> Iterator[Slip]:
    """Changes inside the line: signs, exponents, arguments, functions."""
    if node.is_Add:
        for term in node.args:
            said = f"a sign: the term {typed(term)}{_place(node)} should have the other sign"
            yield node - 2 * term, said
        for term in node.args:
            yield node - term, f"the term {typed(term)}{_place(node)} is too much"
        yield node + 1, f"{typed(node)} should be {typed(node + 1)}"
        yield node - 1, f"{typed(node)} should be {typed(node - 1)}"
    elif node.is_Pow and node.exp != -1:
        for change in (1, -1):
            power = node.exp + change
            yield (
                node.base**power,
                f"a power: {typed(node.base)} should have the exponent {typed(power)}",
            )
        yield (
            node.base ** (-node.exp),
            f"a sign: the exponent of {typed(node)} should have the other sign",
        )
    elif node.is_Pow:
        yield node.base, f"{typed(node.base)} should not be in the denominator"
    elif node.is_Function and len(node.args) == 1:
        yield (
            node.func(-node.args[0]),
            f"a sign: the argument of {typed(node)} should have the other sign"
            if not isinstance(node, sp.exp)
            else f"a sign: the exponent of {typed(node)} should have the other sign",
        )
        for other in _CONFUSED.get(node.func, ()):
            yield other(node.args[0]), f"{typed(node)} should be {typed(other(node.args[0]))}"
    elif node.is_Mul:
        for factor in node.args:
            if not factor.is_number or factor not in (-1,):
                yield node / factor, f"the factor {typed(factor)}{_place(node)} is too much"
        for factor in (2, sp.S.Half):
            yield (
                node * factor,
                f"a factor: {typed(node)} should be {typed(factor)} times what it is",
            )


def _place(node: Any) -> str:
    """Where a term stands, when that can be read."""
    text = typed(node)
    return f" in {text}" if len(text) <= READABLE else ""


_CONFUSED: dict[Any, tuple[Any, ...]] = {
    sp.sin: (sp.cos, lambda x: -sp.cos(x)),
    sp.cos: (sp.sin, lambda x: -sp.sin(x)),
    sp.sinh: (sp.cosh,),
    sp.cosh: (sp.sinh,),
    sp.tanh: (sigmoid,),
    sigmoid: (lambda x: 1 - sigmoid(x), sp.tanh),
    softplus: (sigmoid,),
}


def _of_limits(wrong: Any, right: Any) -> Iterator[Slip]:
    """A sum, a product or an integral that begins or ends elsewhere than one of the right line."""
    kinds = (sp.Sum, sp.Product, sp.Integral)
    limits = [limit for node in nodes(right) if isinstance(node, kinds) for limit in node.limits]
    for node in (node for node in nodes(wrong) if isinstance(node, kinds)):
        verb = {sp.Sum: "the sum over", sp.Product: "the product over"}.get(
            node.func, "the integral over"
        )
        for k, (variable, *ends) in enumerate(node.limits):
            for _, *others in dict.fromkeys(limit for limit in limits if len(limit) == 3):
                if len(ends) != 2 or others == ends:
                    continue
                changed = [*node.limits]
                changed[k] = (variable, *others)
                said = " and ".join(
                    f"{word} at {typed(other)}, not at {typed(end)}"
                    for word, end, other in zip(("begin", "end"), ends, others, strict=True)
                    if end != other
                )
                mended = node.func(node.function, *changed)
                yield (
                    wrong.xreplace({node: mended}),
                    f"an index: {verb} {typed(variable)} should {said}",
                )


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
                    yield (
                        wrong.xreplace({entry: mended}),
                        f"an index: {typed(entry)} should be {typed(mended)}",
                    )


def is_average(node: Any) -> bool:
    """Whether it is an expectation, a variance or a covariance."""
    return type(node).__module__ == "derivations.random" and not node.is_Symbol


def of_averages(wrong: Any, right: Any) -> Iterator[Slip]:
    """The square of a mean for the mean of a square, a factor of a variance, and what is usual."""
    # A mean of products that lacks a factor is more likely than one that has a term too much.
    ordered = sorted(nodes(wrong), key=lambda node: bool(node.is_Add))
    for node in ordered:
        for mended in _of_average(node):
            yield wrong.xreplace({node: mended}), f"{typed(node)} should be {typed(mended)}"
    yield -wrong, "a sign: the whole line should have the other sign"
    for term in sp.Add.make_args(wrong) if wrong.is_Add else ():
        yield wrong - 2 * term, f"a sign: the term {typed(term)} should have the other sign"
    for node in ordered:
        for mended, said in _of_node(node):
            yield wrong.xreplace({node: mended}), said
    yield from _of_terms(wrong, right)


def _of_average(node: Any) -> Iterator[Any]:
    """E(x)^2 for E(x^2) and the other way round, a power left out, a factor not squared."""
    if node.is_Pow and is_average(node.base) and node.base.operands == 1:
        operator, (inside, given) = node.base.func, node.base.args
        yield operator(inside**node.exp, given)
    elif is_average(node) and node.operands == 1 and node.args[0].is_Pow:
        power, given = node.args
        yield node.func(power.base, given) ** power.exp
    elif is_average(node):
        yield node**2
    elif node.is_Mul:
        for average in filter(is_average, node.args):
            factor = node / average
            yield factor**2 * average
            yield sp.sqrt(factor) * average


def of_matrices(wrong: Any) -> Iterator[Slip]:
    """A transpose, a sign, a factor 2 or the order of two factors."""
    yield wrong.T, "a transpose: the whole line should be transposed"
    yield -wrong, "a sign: the whole line should have the other sign"
    for factor in (2, sp.S.Half):
        yield factor * wrong, f"a factor: the line should be {typed(factor)} times what it is"
    for symbol in sorted(wrong.atoms(sp.MatrixSymbol), key=str):
        try:
            yield (
                wrong.xreplace({symbol: symbol.T}),
                f"a transpose: {typed(symbol)} should be {typed(symbol)}.T",
            )
        except (ValueError, TypeError):
            continue
    for node in nodes(wrong):
        if isinstance(node, sp.MatMul):
            scalars, factors = node.as_coeff_matrices()
            for k in range(len(factors) - 1):
                order = [*factors[:k], factors[k + 1], factors[k], *factors[k + 2 :]]
                try:
                    swapped = sp.MatMul(scalars, *order)
                except ValueError:
                    continue
                said = (
                    f"an order: {typed(factors[k])} and {typed(factors[k + 1])} should be swapped"
                )
                yield wrong.xreplace({node: swapped}), said


def nodes(e: Any) -> list[Any]:
    """The nodes with arguments, each once, outside in."""
    return list(dict.fromkeys(n for n in sp.preorder_traversal(e) if n.args))

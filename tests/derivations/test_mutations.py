"""The mutation guard: a proved line with one thing changed is refuted."""

from collections.abc import Iterator
from typing import Any

import pytest
import sympy as sp

from derivations.discover import claims
from derivations.kernel import decide
from derivations.steps import unit_of
from derivations.symbols import real
from derivations.verify import verify

OPPOSITE = {"<=": ">", ">=": "<", "<": ">=", ">": "<="}
BOUND = (sp.Derivative, sp.Integral, sp.Sum, sp.Product, sp.Limit)
EQUAL_ALLOWED = 3
"""How many mutants of one claim may happen to be equal to the line they come from."""


def mutants(expression: Any) -> Iterator[tuple[str, Any]]:
    """The line with a sign, a factor, an integer or an exponent changed, each named."""
    if expression == 0:
        yield "another constant", sp.S.One
        return
    yield "a sign", _with_one_sign_flipped(expression)
    yield "a factor 2", 2 * expression
    yield from _first(expression, "an integer", lambda e: e.is_Integer, lambda e: e + 1)
    yield from _first(expression, "an exponent", lambda e: e.is_Symbol, lambda e: e**2)


def _with_one_sign_flipped(expression: Any) -> Any:
    if expression.is_Add:
        first, *rest = expression.args
        return sp.Add(-first, *rest)
    return -expression


def _first(expression: Any, name: str, is_one: Any, change: Any) -> Iterator[tuple[str, Any]]:
    changed = _changed(expression, is_one, change)
    if changed is not None:
        yield name, changed


def _changed(expression: Any, is_one: Any, change: Any) -> Any:
    """The expression with its first fitting part changed; None if there is none."""
    if getattr(expression, "is_Matrix", False) and not expression.is_MatMul:
        return None  # a matrix's name and sizes are no parts of the line
    if is_one(expression):
        return change(expression)
    if isinstance(expression, sp.core.relational.Relational | sp.logic.boolalg.Boolean):
        return None
    free = expression.args[:1] if isinstance(expression, BOUND) else expression.args
    for position, part in enumerate(free):
        changed = _changed(part, is_one, change)
        if changed is not None:
            arguments = list(expression.args)
            arguments[position] = changed
            return expression.func(*arguments)
    return None


def questions(step: Any) -> Iterator[tuple[str, Any, Any, str]]:
    """What the kernel must refute, for a proved line."""
    if step.relation == "=":
        for name, mutant in mutants(step.rhs):
            yield name, step.lhs, mutant, "="
    elif step.relation == "≈":
        unit = unit_of(step.printed)
        yield "one unit more", step.lhs, step.rhs + unit / 2, ">="
        yield "one unit less", step.lhs, step.rhs - unit / 2, "<="
    elif step.relation in OPPOSITE:
        yield "the opposite relation", step.lhs, step.rhs, OPPOSITE[step.relation]


def proved_lines(claim: Any) -> list[Any]:
    return [s for s in verify(claim).steps if s.kind != "via" and s.verdict.proved]


@pytest.mark.parametrize("claim", claims(), ids=lambda claim: f"{claim.topic}.{claim.name}")
def test_every_mutant_is_refuted(claim):
    lines = proved_lines(claim)
    assert lines, "no line of this claim is proved"
    equal, survivors = [], []
    for step in lines:
        for name, lhs, mutant, relation in questions(step):
            verdict = decide(lhs, mutant, relation, step.given)
            said = f"line {step.line}, {name} changed: {lhs} {relation} {mutant}"
            if (
                verdict.proved
                and relation == "="
                and decide(step.rhs, mutant, "=", step.given).proved
            ):
                equal.append(said)
            elif not verdict.refuted:
                survivors.append(f"{said}: {verdict.sentence()}")
    assert survivors == []
    assert len(equal) <= EQUAL_ALLOWED, equal


def test_mutants_of_a_known_line():
    x = real("x")
    assert dict(mutants(x**3)) == {
        "a sign": -(x**3),
        "a factor 2": 2 * x**3,
        "an integer": x**4,
        "an exponent": x**6,
    }


def test_one_sign_of_a_sum_is_flipped():
    x = real("x")
    assert dict(mutants(x + sp.sin(x)))["a sign"] in (x - sp.sin(x), sp.sin(x) - x)


def test_zero_has_a_mutant():
    assert list(mutants(sp.S.Zero)) == [("another constant", 1)]


def test_bound_variables_are_left_alone():
    x = real("x")
    assert dict(mutants(sp.Derivative(sp.sin(x), x)))["an exponent"] == sp.Derivative(
        sp.sin(x**2), x
    )

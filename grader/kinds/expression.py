"""An expression: equal to the reference wherever both are defined."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from derivations import ParseError, decide, parse_expression
from grader.kinds.text import in_words, names_of, written
from grader.outcome import Finding, Judgement, wrong
from grader.student import Student, clean

UNDONE = (sp.Derivative, sp.Integral, sp.Limit, sp.Sum, sp.Product)


def mark(part: Any, variant: Mapping[str, Any], student: Student) -> Judgement:
    """Full points when proved equal, the credit of a known mistake, or none."""
    name = part.answer.name
    text = written(name, student, '"2*x + 1"')
    if isinstance(text, Judgement):
        return text
    try:
        given = parse_expression(text, names_of(part.answer.symbols))
    except ParseError as error:
        return wrong(f"{name} cannot be read: {error.pointed()}", text=clean(text))
    reference = sp.sympify(part.reference(variant))
    if given.has(*UNDONE) and not reference.has(*UNDONE):
        return wrong("carry out the derivative: the answer must not hold D(...)", text=clean(text))
    verdict = decide(reference, given)
    details: dict[str, Any] = {"text": clean(text), "verdict": verdict.as_dict()}
    if verdict.proved:
        return Judgement(part.points, "right", _conditions(verdict, details))
    if verdict.supported:
        said = f"accepted, and flagged for a person to look at: {verdict.sentence()}"
        return Judgement(part.points, "right", (Finding("note", said, **details),))
    if verdict.unknown:
        said = f"not checked: {verdict.sentence()}"
        return Judgement(0.0, "not-checked", (Finding("not-checked", said, **details),))
    details["witness"] = in_words(verdict, "the answer", "yours")
    for mistake in part.mistakes:
        if decide(sp.sympify(mistake.value(variant)), given).proved:
            finding = Finding("wrong", "this is not the answer", diagnosis=mistake.help, **details)
            return Judgement(mistake.credit, "partial" if mistake.credit else "wrong", (finding,))
    return wrong("this is not the answer", **details)


def _conditions(verdict: Any, details: dict[str, Any]) -> tuple[Finding, ...]:
    if not verdict.conditions:
        return ()
    return (Finding("note", f"right where {' and '.join(verdict.conditions)}", **details),)

"""An expression: equal to the reference wherever both are defined."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from derivations import ParseError, decide, parse_expression
from grader.kinds.text import first_line, in_words, names_of, shown, unreadable, written
from grader.outcome import Finding, Judgement, wrong
from grader.student import Student

UNDONE = {
    sp.Derivative: ("derivative", "D(...)"),
    sp.Subs: ("derivative", "D(...)"),
    sp.Integral: ("integral", "int(...)"),
    sp.Sum: ("sum", "sum(...)"),
    sp.Product: ("product", "prod(...)"),
}


def mark(part: Any, variant: Mapping[str, Any], student: Student) -> Judgement:
    """Full points when proved equal, the credit of a known mistake, or none."""
    name = part.answer.name
    text = written(name, student, '"2*x + 1"')
    if isinstance(text, Judgement):
        return text
    try:
        given = parse_expression(text, names_of(part.answer.symbols), first_line(text))
    except ParseError as error:
        return unreadable(name, error, text)
    reference = sp.sympify(part.reference(variant), strict=True)
    if (left := _left_undone(given)) and not reference.has(*UNDONE):
        return wrong(left, text=shown(text))
    verdict = decide(reference, given)
    details: dict[str, Any] = {"text": shown(text), "verdict": verdict.as_dict()}
    if verdict.proved:
        if (form := _form(part.answer, given)) is not None:
            return wrong(form, **details)
        return Judgement(part.points, "right", _conditions(verdict, details))
    if verdict.supported:
        said = f"accepted, and flagged for a person to look at: {verdict.sentence()}"
        return Judgement(part.points, "right", (Finding("note", said, **details),))
    if verdict.unknown:
        said = f"not checked: {verdict.sentence()}"
        return Judgement(0.0, "not-checked", (Finding("not-checked", said, **details),))
    details["witness"] = in_words(verdict, "the answer", "yours")
    for mistake in part.mistakes:
        if decide(sp.sympify(mistake.value(variant), strict=True), given).proved:
            finding = Finding("wrong", "this is not the answer", diagnosis=mistake.help, **details)
            return Judgement(mistake.credit, "partial" if mistake.credit else "wrong", (finding,))
    return wrong("this is not the answer", **details)


def _left_undone(given: Any) -> str:
    """What is said of an answer in which something is left to work out; empty when nothing is."""
    left = dict.fromkeys(named for kind, named in UNDONE.items() if given.has(kind))
    if not left:
        return ""
    work = " and the ".join(name for name, _ in left)
    signs = " or ".join(sign for _, sign in left)
    return f"carry out the {work}: the answer must not hold {signs}"


def _form(answer: Any, given: Any) -> str | None:
    """What is missing from the form asked for, of an answer that is equal to the reference."""
    if answer.form == "expanded" and sp.expand(given) != given:
        return "equal to the answer, but not expanded as asked: multiply the brackets out"
    if answer.form == "factored" and not (given.is_Mul or given.is_Pow or given.is_Atom):
        return "equal to the answer, but not factored as asked: write it as a product"
    if answer.functions:
        used = {type(f).__name__ for f in given.atoms(sp.Function)}
        used |= {"exp"} if given.has(sp.exp) else set()
        if others := sorted(used - set(answer.functions)):
            only = " and ".join(answer.functions)
            return f"equal to the answer, but to be written with {only} only: {', '.join(others)}"
    return None


def _conditions(verdict: Any, details: dict[str, Any]) -> tuple[Finding, ...]:
    if not verdict.conditions:
        return ()
    return (Finding("note", f"right where {' and '.join(verdict.conditions)}", **details),)

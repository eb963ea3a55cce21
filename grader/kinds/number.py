"""A number: exact when written exactly, else within the tolerance or the figures asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from derivations import ParseError, decide, parse_expression
from grader import frames
from grader.kinds.forms import in_time
from grader.kinds.text import first_line, shown, unreadable
from grader.outcome import Finding, Judgement, wrong
from grader.student import Student

SECONDS = 1.0  # of our time: a sum of a billion terms is short to write


def mark(part: Any, variant: Mapping[str, Any], student: Student) -> Judgement:
    """Full points for the number, the credit of a known mistake, or none."""
    name = part.answer.name
    reply = student.text(name)
    if reply.failure is not None:
        return wrong(f"{name} {reply.failure.sentence()}")
    if reply.value is None or (isinstance(reply.value, str) and not reply.value.strip()):
        return Judgement(0.0, "missing", (Finding("note", f"{name} is left blank"),))
    given = read(name, reply.value)
    if isinstance(given, Judgement):
        return given
    why = f"takes over {SECONDS:g} s to work out"
    try:
        found = in_time(SECONDS, _judged, part, variant, given, reply.value)
    except OverflowError:
        found, why = None, "passes through numbers too large to work out"
    if found is not None:
        return found
    said = f"not checked: {name} {why}; write the number itself"
    return Judgement(0.0, "not-checked", (Finding("not-checked", said, text=shown(reply.value)),))


def _judged(part: Any, variant: Mapping[str, Any], given: Any, typed: Any) -> Judgement:
    answer = part.answer
    reference = sp.sympify(part.reference(variant), strict=True)
    if _agrees(given, reference, answer):
        return Judgement(part.points, "right")
    for mistake in part.mistakes:
        if _agrees(given, sp.sympify(mistake.value(variant), strict=True), answer):
            finding = Finding("wrong", "this is not the number", diagnosis=mistake.help)
            return Judgement(mistake.credit, "partial" if mistake.credit else "wrong", (finding,))
    if answer.digits and _agrees(given, reference, answer, loose=True):
        said = f"right, but rounded too far: {answer.digits} significant figures are asked for"
        return wrong(said, given=shown(str(typed)))
    return wrong("this is not the number", given=shown(str(typed)))


def read(name: str, value: Any) -> Any:
    """The number that was handed in, or the judgement when it is none."""
    if isinstance(value, str):
        try:
            number = parse_expression(value, {}, first_line(value))
        except ParseError as error:
            return unreadable(name, error, value)
        if not number.is_number:
            return wrong(f"{name} must be one number", text=shown(value))
        return number
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return wrong(f"{name} must be a number; it is {frames.describe(value)}")
    if isinstance(value, float) and value != value:
        return wrong(f"{name} is nan (not a number)")
    # A float is what was printed: 0.1 means a tenth, not the binary fraction beside it.
    return (
        sp.Rational(repr(value)) if abs(value) != float("inf") else sp.oo * (1 if value > 0 else -1)
    )


def _agrees(given: Any, reference: Any, answer: Any, *, loose: bool = False) -> bool:
    if decide(reference, given).proved:
        return True
    if given.is_infinite or reference.is_infinite:
        return False
    gap = abs(sp.N(given - reference, 30)) / answer.condition
    if answer.digits:
        figures = answer.digits - 1 if loose else answer.digits
        return bool(figures > 0 and gap <= _half_unit(reference, figures))
    return bool(gap <= answer.atol + answer.rtol * abs(sp.N(reference, 30)))


def _half_unit(reference: Any, figures: int) -> Any:
    """Half a unit of the last significant figure, and a breath more for a tie."""
    if reference == 0:
        return sp.Rational(1, 2) * sp.Integer(10) ** -figures
    exponent = sp.floor(sp.log(abs(reference), 10)) - figures + 1
    return sp.Rational(500001, 1000000) * sp.Integer(10) ** exponent

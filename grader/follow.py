"""Error carried forward: a later part marked from the student's own, wrong, earlier answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import sympy as sp

from derivations import ParseError, parse_expression
from grader.kinds import array, number
from grader.kinds.forms import in_time
from grader.kinds.text import credit
from grader.outcome import Finding, Judgement, Outcome
from grader.student import Student

Mark = Callable[[Any], Judgement]
LARGEST = 10**30  # beyond it, and below its inverse, nobody computes on by hand
SECONDS = 1.0  # of computing, for what a student's own answer leads to
_FIGURES = 30
_NUMERIC = (ArithmeticError, ValueError, TypeError, IndexError, np.linalg.LinAlgError)


def follow(
    part: Any, variant: Mapping[str, Any], student: Student, judged: Judgement, mark: Mark
) -> Judgement:
    """The better of a judgement and what the answer is worth from the student's earlier answers.

    Args:
        part: a part that comes after others, and whose answer is not the right one.
        variant: what was drawn.
        student: the submission.
        judged: what the answer is worth beside the right one.
        mark: judges a part of this submission by its kind alone.
    """
    own: dict[str, Any] = {}
    missing: list[str] = []
    wrong: list[str] = []
    for earlier in part.after:
        value = _own(earlier, variant, student)
        if value is None:
            missing.append(earlier.name)
            continue
        own[earlier.function_name] = value
        if mark(earlier).outcome != "right":
            wrong.append(earlier.name)
    if missing:
        said = f"your {_listed(missing)} is blank or cannot be read, so no error is carried forward"
        judged = _noted(judged, said)
    if not own:
        return judged
    followed = part.following(own)
    if not in_time(SECONDS, _sound, followed, variant):
        said = f"your {_listed(wrong)} leaves nothing to work out here: no error is carried forward"
        return _noted(judged, said) if wrong else judged
    found = mark(followed)
    # A rounded earlier answer that was accepted costs nothing here either.
    share = part.share if wrong else 1.0
    points = credit(found.points * share)
    if points <= judged.points:
        return judged
    if not wrong:
        return found
    said = f"marked from your own {_listed(wrong)}, which is wrong"
    if found.outcome == "right":
        said = f"right for your own {_listed(wrong)}, which is wrong: error carried forward"
    outcome: Outcome = "right" if points == part.points else "partial"
    return _noted(replace(found, points=points, outcome=outcome), said)


def _own(part: Any, variant: Mapping[str, Any], student: Student) -> Any:
    """An earlier answer as its reference would be, or None when nothing can go on from it."""
    if part.name not in student.names:
        return None
    reply = student.text(part.name)
    if reply.failure is not None or reply.value is None:
        return None
    kind = type(part.answer).__name__
    try:
        return _READ[kind](part, variant, reply.value)
    except _NUMERIC:
        return None


def _number(part: Any, _: Mapping[str, Any], value: Any) -> Any:
    given = number.read(part.name, value)
    if isinstance(given, Judgement) or not given.is_real or given.is_infinite:
        return None
    if not given.is_Rational:
        # Roots and logarithms of a stranger are not carried on exactly: their size has no bound.
        rounded = in_time(SECONDS, lambda: sp.Rational(str(sp.N(given, _FIGURES))))
        if rounded is None:
            return None
        given = rounded
    return given if _is_of_size(given) else None


def _array(part: Any, variant: Mapping[str, Any], value: Any) -> Any:
    given = array.read(value)
    if given is None or given.shape != np.shape(part.reference(variant)):
        return None
    return given if all(_is_of_size(entry) for entry in given.flat) else None


def _expression(part: Any, _: Mapping[str, Any], value: Any) -> Any:
    if not isinstance(value, str):
        return None
    try:
        given = parse_expression(value, part.answer.names)
    except ParseError:
        return None
    return None if given.has(sp.Derivative, sp.Integral, sp.Limit, sp.Sum, sp.Product) else given


_READ: Mapping[str, Callable[[Any, Mapping[str, Any], Any], Any]] = {
    "Number": _number,
    "Array": _array,
    "Expression": _expression,
}


def _is_of_size(value: Any) -> bool:
    return bool(value == 0 or 1 / LARGEST <= abs(value) <= LARGEST)


def _sound(followed: Any, variant: Mapping[str, Any]) -> bool:
    """Whether there is something to work out, with its slips: no 0/0, and not just zeros.

    A wrong answer that leaves nothing but zeros would make a present of what comes after it.
    """
    try:
        with np.errstate(all="ignore"):
            values = [followed.reference(variant), *(m.value(variant) for m in followed.mistakes)]
    except _NUMERIC:
        return False
    return all(map(_is_finite, values)) and bool(np.any(np.asarray(values[0], dtype=object) != 0))


def _is_finite(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        return bool(np.all(np.isfinite(value)))
    found = sp.sympify(value)
    return not found.has(sp.nan, sp.zoo, sp.oo, -sp.oo)


def _noted(judged: Judgement, said: str) -> Judgement:
    return replace(judged, findings=(*judged.findings, Finding("note", said)))


def _listed(names: Any) -> str:
    return " and ".join(names)

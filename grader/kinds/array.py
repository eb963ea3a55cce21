"""An array: the shape first, then every entry; the first wrong one is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from grader import frames
from grader.kinds import values
from grader.outcome import Finding, Judgement, wrong
from grader.student import Student


def mark(part: Any, variant: Mapping[str, Any], student: Student) -> Judgement:
    """Full points when every entry agrees, the credit of a known mistake, or none."""
    answer, name = part.answer, part.answer.name
    reply = student.text(name)
    if reply.failure is not None:
        return wrong(f"{name} {reply.failure.sentence()}")
    if reply.value is None:
        return Judgement(0.0, "missing", (Finding("note", f"{name} is left blank"),))
    given = _array(reply.value)
    if given is None:
        said = frames.describe(reply.value)
        return wrong(f"{name} must be an array or nested lists of numbers; it is {said}")
    reference = np.asarray(part.reference(variant), dtype=float)
    if given.shape != reference.shape:
        return wrong(f"{name} has the shape {given.shape}; the shape should be {reference.shape}")
    if not values.agrees(given, reference, answer.rtol, answer.atol):
        return Judgement(part.points, "right")
    for mistake in part.mistakes:
        slip = np.asarray(mistake.value(variant), dtype=float)
        if slip.shape == given.shape and not values.agrees(given, slip, answer.rtol, answer.atol):
            finding = Finding("wrong", f"{name} is not right", diagnosis=mistake.help)
            return Judgement(mistake.credit, "partial" if mistake.credit else "wrong", (finding,))
    return wrong(_where(name, given, reference, answer))


def _array(value: Any) -> Any:
    """The value as an array of floats, or None when it is ragged or not made of numbers."""
    if isinstance(value, np.ndarray):
        return value.astype(float)
    if isinstance(value, bool) or not isinstance(value, (int, float, list)):
        return None
    try:
        array = np.array(value, dtype=float)
    except (ValueError, TypeError, OverflowError):
        return None
    return array


def _where(name: str, given: Any, reference: Any, answer: Any) -> str:
    """How many entries are wrong, and which is the first."""
    with np.errstate(all="ignore"):
        close = np.abs(given - reference) <= answer.atol + answer.rtol * np.abs(reference)
    wrong_places = np.argwhere(~close)
    first = tuple(int(i) for i in wrong_places[0]) if wrong_places.size else ()
    index = f"[{', '.join(map(str, first))}]" if first else ""
    count, total = len(wrong_places), reference.size
    return f"{count} of {total} entries are wrong, the first at {name}{index} = {given[first]:.6g}"

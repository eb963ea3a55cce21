"""An array: the shape first, then every entry; the first wrong one is shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from derivations import ParseError, parse_array
from grader import frames
from grader.kinds import values
from grader.kinds.text import first_line, is_written, unreadable
from grader.outcome import Finding, Judgement, wrong
from grader.student import Student

# No exponent: a few characters would stand for more digits than there is memory.
EXACT = re.compile(r"[+-]?\d{1,60}(/\d{1,60}|\.\d{0,60})?", re.ASCII)


def mark(part: Any, variant: Mapping[str, Any], student: Student) -> Judgement:
    """Full points when every entry agrees, the credit of a known mistake, or none."""
    answer, name = part.answer, part.answer.name
    reply = student.text(name)
    if reply.failure is not None:
        return wrong(f"{name} {reply.failure.sentence()}")
    if reply.value is None or (isinstance(reply.value, str) and not reply.value.strip()):
        return Judgement(0.0, "missing", (Finding("note", f"{name} is left blank"),))
    try:
        given = read(reply.value)
    except ParseError as error:
        return unreadable(name, error, reply.value)
    if given is None:
        said = frames.describe(reply.value)
        return wrong(
            f"{name} must be an array or nested lists of numbers, or of exact ones such as "
            f'"1/3"; it is {said}'
        )
    reference = np.asarray(part.reference(variant), dtype=float)
    if _fits(given, reference, answer):
        return Judgement(part.points, "right")
    for mistake in part.mistakes:  # a slip may have another shape: a table with its axes swapped
        if _fits(given, np.asarray(mistake.value(variant), dtype=float), answer):
            finding = Finding("wrong", f"{name} is not right", diagnosis=mistake.help)
            return Judgement(mistake.credit, "partial" if mistake.credit else "wrong", (finding,))
    if given.shape != reference.shape:
        return wrong(f"{name} has the shape {given.shape}; the shape should be {reference.shape}")
    return wrong(_where(name, given, reference, answer))


def read(value: Any) -> Any:
    """The value as an array of floats, or None when it is ragged or not made of numbers.

    Raises:
        ParseError: it is text that is no array.
    """
    if isinstance(value, str) and is_written(value):
        value = parse_array(value, first_line(value))
    if isinstance(value, np.ndarray):
        return value.astype(float) if value.dtype.kind in "biuf" else None
    if isinstance(value, bool) or not isinstance(value, int | float | list | tuple):
        return None
    try:
        return np.array(_numbers(value), dtype=float)
    except (ValueError, TypeError, OverflowError, ZeroDivisionError):
        return None


def _numbers(value: Any) -> Any:
    """The value with each exact number, such as "1/3", as the float next to it.

    Raises:
        ValueError: a string is no such number.
    """
    if isinstance(value, list | tuple):
        return [_numbers(item) for item in value]
    if not isinstance(value, str):
        return value
    if EXACT.fullmatch(value.strip()) is None:
        raise ValueError
    return float(Fraction(value.strip()))


def _fits(given: Any, wanted: Any, answer: Any) -> bool:
    """Whether an array has the shape and the entries of another."""
    if given.shape != wanted.shape:
        return False
    return not values.agrees(given, wanted, answer.rtol, answer.atol)


def _where(name: str, given: Any, reference: Any, answer: Any) -> str:
    """How many entries are wrong, and which is the first."""
    with np.errstate(all="ignore"):
        close = np.abs(given - reference) <= answer.atol + answer.rtol * np.abs(reference)
    wrong_places = np.argwhere(~close)
    first = tuple(int(i) for i in wrong_places[0]) if wrong_places.size else ()
    index = f"[{', '.join(map(str, first))}]" if first else ""
    count, total = len(wrong_places), reference.size
    return f"{count} of {total} entries are wrong, the first at {name}{index} = {given[first]:.6g}"

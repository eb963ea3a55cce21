"""What the kinds whose answer is a string have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from grader import frames
from grader.outcome import Finding, Judgement, wrong
from grader.student import Student


def written(name: str, student: Student, example: str) -> str | Judgement:
    """The string that a student wrote, or the judgement when there is none."""
    reply = student.text(name)
    if reply.failure is not None:
        said = f"{name} {reply.failure.sentence()}"
        return wrong(said)
    if not isinstance(reply.value, str):
        came = frames.describe(reply.value)
        return wrong(f"{name} must be a string such as {example}; it is {came}")
    if not reply.value.strip():
        return Judgement(0.0, "missing", (Finding("note", f"{name} is left blank"),))
    return reply.value


def names_of(symbols: Sequence[Any]) -> dict[str, Any]:
    """The symbols of an exercise by name, for the parser."""
    return {symbol.name: symbol for symbol in symbols}


def credit(points: float) -> float:
    """Points in quarters, rounded down."""
    return int(points * 4 + 1e-9) / 4


def in_words(verdict: Any, left: str, right: str) -> str:
    """The witness of a refuted equality, with the names that a student gives the two sides."""
    witness = verdict.witness
    if witness is None:
        return str(verdict.sentence())
    where = ", ".join(f"{name} = {value}" for name, value in witness.point)
    return f"{f'at {where} ' if where else ''}{left} is {witness.lhs}, {right} is {witness.rhs}"

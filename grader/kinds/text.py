"""What the kinds whose answer is a string have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from derivations import ParseError
from derivations.reading.latex_text import is_latex
from grader import frames
from grader.outcome import Finding, Judgement, wrong
from grader.student import Student, clean
from grader.written.document import Passage

POINTED = 2000  # characters of a message that quotes a line


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


def first_line(text: str) -> int:
    """The line of the file at which a text begins, as far as that is known."""
    return text.line if isinstance(text, Passage) else 1


def shown(text: str) -> str:
    """The text in one line, safe to print."""
    return clean(" ".join(text.split()))


def is_written(text: str) -> bool:
    """Whether a text is written for people, in LaTeX or in a document, not typed for the grader."""
    return isinstance(text, Passage) or is_latex(text)


def why_unread(error: ParseError, text: str) -> tuple[Literal["not-checked", "wrong"], str]:
    """How bad it is that a text cannot be read, and in words where and why.

    What is typed for the grader is held to its language. What is written for people may be right
    all the same: it is not checked.
    """
    pointed = clean(error.pointed(), POINTED)
    if not is_written(text):
        return "wrong", pointed
    where = text.where if isinstance(text, Passage) else ""
    return "not-checked", f"{where}line {error.line}, column {error.column}: {pointed}"


def unreadable(name: str, error: ParseError, text: str, line: int | None = None) -> Judgement:
    """The judgement on a text that cannot be read."""
    outcome, said = why_unread(error, text)
    finding = Finding(outcome, f"{name} cannot be read: {said}", line=line, text=shown(text))
    return Judgement(0.0, outcome, (finding,))


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
    return f"{f'at {where}, ' if where else ''}{left} is {witness.lhs}, {right} is {witness.rhs}"

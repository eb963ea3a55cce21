"""Marking one part: finds the answer in the submission and hands it to its kind.

A kind of answer is a module of `grader.kinds` named like its class, with one function
`mark(part, variant, student) -> Judgement`.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from importlib import import_module
from typing import Any

from grader.outcome import Finding, Judgement, PartMark
from grader.student import Student
from grader.written.student import Written


def mark_part(part: Any, variant: Mapping[str, Any], student: Student) -> PartMark:
    """The mark for one part of an exercise.

    Never raises for anything that a submission does; an error of ours is the outcome `failed`.
    """
    try:
        judged = _judged(part, variant, student)
    except Exception as error:
        said = f"our checker failed ({type(error).__name__}: {error}); this is not your fault"
        judged = Judgement(0.0, "failed", (Finding("failed", said),))
    points = min(max(judged.points, 0.0), float(part.points))
    return PartMark(
        part.id,
        part.answer.name,
        points,
        part.points,
        judged.outcome,
        judged.findings,
        judged.lines,
    )


def _judged(part: Any, variant: Mapping[str, Any], student: Student) -> Judgement:
    name = part.answer.name
    if isinstance(student, Written) and (said := student.unanswered(part.answer)) is not None:
        return said
    if name not in student.names:
        return Judgement(0.0, "missing", (Finding("note", _absent(name, student)),))

    def mark(judged_part: Any) -> Judgement:
        kind = import_module(f"grader.kinds.{type(judged_part.answer).__name__.lower()}")
        found: Judgement = kind.mark(judged_part, variant, student)
        return found

    judged = mark(part)
    if part.after and judged.outcome in ("wrong", "partial"):
        from grader.follow import follow  # only then: it loads what a blank sheet can do without

        return follow(part, variant, student, judged, mark)
    return judged


def _absent(name: str, student: Student) -> str:
    close = get_close_matches(name, student.names, n=1, cutoff=0.8)
    if close:
        return f"{name} is not defined; did you mean {name} where you wrote {close[0]}?"
    if student.stopped is not None:
        return f"{name} was not reached: the file stopped before it"
    return f"{name} is not defined in the submission"

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

RUN = ("Code", "Gradient")  # the kinds whose time is the sandbox's
SECONDS = 30.0  # of our time for an answer in writing, beside the limits on its single steps


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
        kind = type(judged_part.answer).__name__
        marking = import_module(f"grader.kinds.{kind.lower()}").mark
        found: Judgement | None
        if kind in RUN:
            found = marking(judged_part, variant, student)
        else:
            forms = import_module("grader.kinds.forms")
            found = forms.in_time(SECONDS, marking, judged_part, variant, student)
        return _too_long(name) if found is None else found

    judged = mark(part)
    if part.after and judged.outcome in ("wrong", "partial"):
        from grader.follow import follow  # only then: it loads what a blank sheet can do without

        return follow(part, variant, student, judged, mark)
    return judged


def _too_long(name: str) -> Judgement:
    said = f"not checked: {name} took over {SECONDS:g} s to work through; write it more simply"
    return Judgement(0.0, "not-checked", (Finding("not-checked", said),))


def _absent(name: str, student: Student) -> str:
    close = get_close_matches(name, student.names, n=1, cutoff=0.8)
    if close:
        return f"{name} is not defined; did you mean {name} where you wrote {close[0]}?"
    if student.stopped is not None:
        return f"{name} was not reached: the file stopped before it"
    return f"{name} is not defined in the submission"

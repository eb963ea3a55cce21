"""A function: run in the sandbox on inputs that were drawn after it was loaded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from grader.kinds import values
from grader.outcome import Finding, Judgement, wrong
from grader.student import Reply, Student

FATAL = ("timeout", "crash", "output", "protocol", "gone")


@dataclass(frozen=True)
class Trial:
    """One call: what went in, what should have come out, and what came."""

    args: Sequence[Any]
    want: Any
    reply: Reply
    problem: str


def mark(part: Any, variant: Mapping[str, Any], student: Student) -> Judgement:
    """Full points when every input agrees, the credit of a known mistake, or none."""
    answer = part.answer
    if (said := not_a_function(answer.name, student)) is not None:
        return said
    inputs = values.by_size(answer.inputs(np.random.default_rng()))
    return judged(part, variant, inputs, student)


def judged(
    part: Any, variant: Mapping[str, Any], inputs: Sequence[Sequence[Any]], student: Student
) -> Judgement:
    """What the calls on the inputs come to: right, blank, a known mistake, or wrong."""
    answer = part.answer
    trials = tried(answer, part.reference(variant), inputs, student)
    if not any(trial.problem for trial in trials):
        return Judgement(part.points, "right")
    if is_blank(trials):
        return Judgement(0.0, "missing", (Finding("note", f"{answer.name} is left blank"),))
    finding = first_failing(answer.name, answer.arguments, trials)
    mistake = known_mistake(part, variant, trials, complete=len(trials) == len(inputs))
    if mistake is not None:
        outcome: Any = "partial" if mistake.credit else "wrong"
        return Judgement(mistake.credit, outcome, (replace(finding, diagnosis=mistake.help),))
    return Judgement(0.0, "wrong", (finding,))


def not_a_function(name: str, student: Student) -> Judgement | None:
    """The judgement when a name that should be a function is something else."""
    kind = student.names[name]
    return None if kind == "function" else wrong(f"{name} must be a function; it is of type {kind}")


def tried(
    answer: Any,
    reference: Callable[..., Any],
    inputs: Sequence[Sequence[Any]],
    student: Student,
) -> list[Trial]:
    """The calls on all inputs, up to one that the submission did not survive."""
    trials: list[Trial] = []
    for args in inputs:
        want = reference(*values.copies(args))
        reply = student.call(answer.name, args)
        trials.append(Trial(args, want, reply, problem_of(reply, want, answer)))
        if reply.failure is not None and reply.failure.kind in FATAL:
            break
    return trials


def is_blank(trials: Sequence[Trial]) -> bool:
    """Whether the function is still that of the starter file."""
    failure = trials[0].reply.failure
    return failure is not None and failure.message == "raised NotImplementedError"


def problem_of(reply: Reply, want: Any, answer: Any) -> str:
    """What is wrong with one reply, or nothing."""
    if reply.failure is not None:
        return reply.failure.sentence()
    return values.agrees(reply.value, want, answer.rtol, answer.atol)


def first_failing(name: str, parameters: Sequence[str], trials: Sequence[Trial]) -> Finding:
    """The smallest input that fails, with the expected value and the given one."""
    trial = next(t for t in trials if t.problem)
    failure = trial.reply.failure
    return Finding(
        "wrong",
        f"{name} {trial.problem}",
        input=values.show_inputs(parameters, trial.args),
        expected=values.show(trial.want),
        given="" if failure else values.show(trial.reply.value),
        line=failure.line if failure else None,
    )


def known_mistake(
    part: Any, variant: Mapping[str, Any], trials: Sequence[Trial], *, complete: bool
) -> Any:
    """The declared mistake that gives the same values on every input, or None."""
    if not complete or any(t.reply.failure is not None for t in trials):
        return None
    for mistake in part.mistakes:
        function = mistake.value(variant)
        with np.errstate(all="ignore"):
            pairs = [(t.reply.value, function(*values.copies(t.args))) for t in trials]
        if all(values.same(got, slip, 1e-6, 1e-9) for got, slip in pairs):
            return mistake
    return None

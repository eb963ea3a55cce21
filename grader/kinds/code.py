"""A function: run in the sandbox on inputs that were drawn after it was loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from grader.kinds import growth, unusual, values
from grader.kinds.structure import Structure
from grader.kinds.text import credit
from grader.kinds.trial import Trial, reference_at, smallest, steady, tried
from grader.outcome import Finding, Judgement, wrong
from grader.student import Student


def mark(part: Any, variant: Mapping[str, Any], student: Student) -> Judgement:
    """Full points when every input agrees, the credit of a known mistake, or none.

    A function that is right and changes its arguments, fails on unusual arrays or is far too slow
    loses the shares of the points that the exercise declares.
    """
    answer = part.answer
    if (said := not_a_function(answer.name, student)) is not None:
        return said
    inputs = values.by_size(answer.inputs(np.random.default_rng()))
    return judged(part, variant, inputs, student)


def judged(
    part: Any, variant: Mapping[str, Any], inputs: Sequence[Sequence[Any]], student: Student
) -> Judgement:
    """What the calls on the inputs come to: right, blank, a known mistake, or wrong."""
    answer, reference = part.answer, part.reference(variant)
    inputs = [values.plain(args) for args in inputs]
    trials = on_all(answer, reference, inputs, student)
    if not any(trial.problem for trial in trials):
        return _with_costs(part, reference, trials, student)
    if is_blank(trials):
        return Judgement(0.0, "missing", (Finding("note", f"{answer.name} is left blank"),))
    mistake = known_mistake(part, variant, trials, complete=len(trials) == len(inputs))
    failing = next(trial for trial in trials if trial.problem)
    finding = shrunk(answer, reference, inputs, failing, student).finding(answer)
    if mistake is not None:
        outcome: Any = "partial" if mistake.credit else "wrong"
        return Judgement(mistake.credit, outcome, (replace(finding, diagnosis=mistake.help),))
    return Judgement(0.0, "wrong", (finding,))


def not_a_function(name: str, student: Student) -> Judgement | None:
    """The judgement when a name that should be a function is something else."""
    kind = student.names[name]
    return None if kind == "function" else wrong(f"{name} must be a function; it is of type {kind}")


def on_all(
    answer: Any,
    reference: Callable[..., Any],
    inputs: Sequence[Sequence[Any]],
    student: Student,
) -> list[Trial]:
    """The calls on all inputs, up to one that the submission did not survive."""
    trials: list[Trial] = []
    for args in inputs:
        want = reference(*values.owned(args))
        trials.append(tried(answer, student, args, want, answer.rtol, answer.atol))
        if trials[-1].fatal:
            break
    return trials


def is_blank(trials: Sequence[Trial]) -> bool:
    """Whether the function is still that of the starter file."""
    failure = trials[0].reply.failure
    return failure is not None and failure.message == "raised NotImplementedError"


def shrunk(
    answer: Any,
    reference: Callable[..., Any],
    inputs: Sequence[Sequence[Any]],
    trial: Trial,
    student: Student,
) -> Trial:
    """The smallest input that fails in the same way as a drawn one.

    The reference has to be defined there, and steady if it was: nobody is shown a tie or a kink, at
    which two answers may both be right, unless the exercise itself asked for one.
    """
    calm = steady(answer, reference, trial.args, trial.want)
    endless = not values.finite(trial.want)

    def failing(args: Sequence[Any]) -> Trial | None:
        want = reference_at(answer, reference, args)
        if want is None or not (endless or values.finite(want)):
            return None
        found = tried(answer, student, args, want, answer.rtol, answer.atol)
        if not found.problem or (calm and not steady(answer, reference, args, want)):
            return None
        return found

    return smallest(Structure(inputs, trial.args), trial.args, trial, failing)


def known_mistake(
    part: Any, variant: Mapping[str, Any], trials: Sequence[Trial], *, complete: bool
) -> Any:
    """The declared mistake that gives the same values on every input, or None."""
    if not complete or any(t.reply.failure is not None for t in trials):
        return None
    for mistake in part.mistakes:
        function = mistake.value(variant)
        with np.errstate(all="ignore"):
            pairs = [(t.reply.value, function(*values.owned(t.args))) for t in trials]
        if all(values.same(got, slip, 1e-6, 1e-9) for got, slip in pairs):
            return mistake
    return None


def _with_costs(
    part: Any, reference: Callable[..., Any], trials: Sequence[Trial], student: Student
) -> Judgement:
    """The points for right values, less the shares that the way to them costs."""
    costs = list(_costs(part.answer, reference, trials, student))
    if not costs:
        return Judgement(part.points, "right")
    points = credit(part.points * max(0.0, 1.0 - sum(share for share, _ in costs)))
    findings = tuple(finding for _, finding in costs)
    outcome: Any = "right" if points == part.points else "partial" if points else "wrong"
    return Judgement(points, outcome, findings)


def _costs(
    answer: Any, reference: Callable[..., Any], trials: Sequence[Trial], student: Student
) -> Iterator[tuple[float, Finding]]:
    changed = next(filter(None, (_changed(answer, trial) for trial in trials)), None)
    if changed is not None:
        yield answer.in_place, changed
    failing = unusual.first_failing(
        answer, reference, [t.args for t in trials], student, writes=changed is not None
    )
    if failing is not None:
        form, trial = failing
        said = f"{answer.name} {trial.problem}, though only for {form.name}"
        finding = replace(trial.finding(answer, said), diagnosis=form.help)
        yield (answer.in_place if form.writes else answer.unusual), finding
    if answer.growth is not None:
        slow = growth.too_slow(answer, reference, student)
        if slow is not None:
            yield 1.0 - answer.growth.credit, slow


def _changed(answer: Any, trial: Trial) -> Finding | None:
    """What a call did to its arguments, if anything."""
    after = trial.reply.after
    if after is None or len(after) != len(trial.args):
        return None
    for i, (before, now) in enumerate(zip(trial.args, after, strict=True)):
        if values.unchanged(before, now):
            continue
        name = answer.arguments[i] if len(answer.arguments) == len(after) else f"argument {i + 1}"
        return Finding(
            "wrong",
            f"{answer.name} changes its argument {name}: whoever calls it loses their numbers",
            input=values.show_inputs([name], [before]),
            given=f"{values.show_inputs([name], [now])} after the call",
            diagnosis=f"Work on a copy ({name}.copy()), and mind that a slice is a view.",
        )
    return None

"""A backward pass: held against the reference, and against the student's own forward pass."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from grader.kinds import values
from grader.kinds.code import judged, not_a_function
from grader.kinds.text import credit
from grader.outcome import Judgement
from grader.student import Student

OWN_SHARE = 0.5  # for the right gradient of a forward pass that is wrong
STEP = 1e-5
LARGEST = 12  # entries of an input that is tried with differences


def mark(part: Any, variant: Mapping[str, Any], student: Student) -> Judgement:
    """Full points for the reference's gradient, half for that of one's own wrong forward pass."""
    answer = part.answer
    if (said := not_a_function(answer.name, student)) is not None:
        return said
    rng = np.random.default_rng()
    forward = _forward(part)
    inputs = []
    for args in values.by_size(answer.inputs(rng)):
        output = forward.reference(variant)(*values.owned(args))
        inputs.append((*args, _upstream(np.shape(output), rng)))
    found = judged(part, variant, inputs, student)
    unknown = found.outcome == "wrong" and not found.findings[0].diagnosis
    reference = part.reference(variant)
    if (
        unknown
        and _is_wrong(answer, forward.reference(variant), inputs, student)
        and _fits_own_forward(answer, inputs, student)
        and _asks_something(answer, reference, inputs, student)
    ):
        said_own = (
            f"this is the gradient of your {answer.forward}, which is not the function asked for; "
            "half of the points for the method"
        )
        points = credit(part.points * OWN_SHARE)
        return Judgement(points, "partial", (replace(found.findings[0], diagnosis=said_own),))
    return found


def _forward(part: Any) -> Any:
    """The part that asks for the forward function, in the same exercise."""
    return next(p for p in part.exercise.parts if p.name == part.answer.forward)


def _upstream(shape: tuple[int, ...], rng: np.random.Generator) -> Any:
    """A gradient from above that is neither 0 nor 1, so that ignoring it shows."""
    drawn = rng.uniform(0.5, 2.0, size=shape) * rng.choice([-1.0, 1.0], size=shape)
    return drawn if shape else float(drawn)


def _is_wrong(
    answer: Any, right: Callable[..., Any], inputs: Sequence[Sequence[Any]], student: Student
) -> bool:
    """Whether the student's own forward pass is another function than the right one."""
    if student.names.get(answer.forward) != "function":
        return False
    for *args, _ in inputs:
        with np.errstate(all="ignore"):
            wanted = right(*values.owned(args))
        if not values.same(student.call(answer.forward, args).value, wanted, 1e-6, 1e-9):
            return True
    return False


def _fits_own_forward(answer: Any, inputs: Sequence[Sequence[Any]], student: Student) -> bool:
    """Whether the gradient is that of the student's own forward pass, and not just zeros."""
    small = [args for args in inputs if np.size(args[0]) <= LARGEST][:2]
    seen = 0.0
    for args in small:
        reply = student.call(answer.name, args)
        if not isinstance(reply.value, np.ndarray):
            return False
        want = _differences(lambda *a: student.call(answer.forward, a).value, args)
        if want is None or not values.same(reply.value, want, 1e-4, 1e-6):
            return False
        seen = max(seen, float(np.max(np.abs(want), initial=0.0)))
    return bool(small) and seen > 0


def _asks_something(
    answer: Any,
    reference: Callable[..., Any],
    inputs: Sequence[Sequence[Any]],
    student: Student,
) -> bool:
    """Whether the gradient depends on what the right one depends on.

    The gradient of sum(z) is easily right, and no share of the work that was asked for. It has to
    move with each argument that moves the reference's beside the differentiated one, and with that
    one where it is alone.
    """
    for args in [args for args in inputs if np.size(args[0]) > 1][:2]:
        moved = [place for place in range(1, len(args) - 1) if _reacts(reference, args, place)]
        if not moved and _reacts(reference, args, 0):
            moved = [0]
        if not all(_reacts(_gradient_of(answer, student), args, place) for place in moved):
            return False
    return True


def _gradient_of(answer: Any, student: Student) -> Callable[..., Any]:
    return lambda *args: student.call(answer.name, args).value


def _reacts(function: Callable[..., Any], args: Sequence[Any], place: int) -> bool:
    """Whether a gradient changes with one of its array arguments."""
    if not isinstance(args[place], np.ndarray) or not args[place].ndim:
        return False
    # Rolled, a one-hot target is still one; negated, an entry is on the other side of a kink.
    other = np.roll(args[place], 1, axis=-1) if place else -args[place]
    try:
        with np.errstate(all="ignore"):
            before = function(*values.owned(args))
            after = function(*values.owned([*args[:place], other, *args[place + 1 :]]))
    except Exception:  # the reference is not defined there
        return False
    return not values.same(after, before, 1e-9, 1e-9)


def _differences(function: Callable[..., Any], args: Sequence[Any]) -> Any:
    """The gradient with respect to the first argument by central differences, or None."""
    *inputs, upstream = args
    x = np.asarray(inputs[0], dtype=float)
    gradient = np.empty_like(x)
    for place in np.ndindex(x.shape):
        sides = []
        for step in (STEP, -STEP):
            moved = x.copy()
            moved[place] += step
            value = function(moved, *inputs[1:])
            if not isinstance(value, float | np.ndarray) or np.shape(value) != np.shape(upstream):
                return None
            sides.append(float(np.sum(upstream * value)))
        gradient[place] = (sides[0] - sides[1]) / (2 * STEP)
    return gradient

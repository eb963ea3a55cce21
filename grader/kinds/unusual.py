"""The same question in unusual arrays: views, other dtypes, one row and none.

They are made from the drawn inputs, so that no exercise has to list them. Each is asked only where
the reference is sure of its own answer to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from grader.kinds import values
from grader.kinds.shrink import without
from grader.kinds.structure import Structure
from grader.kinds.trial import Trial, reference_at, smallest, steady, tried
from grader.student import Student

EACH = 2  # inputs that are tried in each unusual form
LARGEST = 2_000  # entries
SINGLE = 1e-3  # the relative error allowed in single precision


@dataclass(frozen=True)
class Form:
    """One way to make arrays unusual.

    Attributes:
        name: what is unusual about them, as the end of a sentence.
        help: what to look for when a function fails.
        of: makes such arguments from drawn ones, or None where that cannot be.
        rough: whether they are computed in single precision.
        writes: whether failing means that the function writes to its arguments.
        empty: whether there is nothing to compute, so that the shape is all that can be asked.
    """

    name: str
    help: str
    of: Callable[[Sequence[Any], Sequence[Sequence[Any]]], list[Any] | None]
    rough: bool = False
    writes: bool = False
    empty: bool = False


def first_failing(
    answer: Any,
    reference: Callable[..., Any],
    inputs: Sequence[Sequence[Any]],
    student: Student,
    *,
    writes: bool,
) -> tuple[Form, Trial] | None:
    """The first unusual form in which the function fails, or None.

    Args:
        answer: the kind of answer.
        reference: the right function.
        inputs: the drawn ones, at which the student's function is right.
        student: the submission.
        writes: whether it is known to change its arguments.
    """
    forms = [form for form in FORMS if not (writes and form.writes)]
    for form in [*forms, INTEGERS] if answer.integers else forms:
        for args in _suited(form, inputs):

            def failing(args: Sequence[Any], form: Form = form) -> Trial | None:
                changed = form.of(args, inputs)
                trial = changed and _asked(answer, reference, form, changed, student)
                return trial if trial and trial.problem and not trial.not_run else None

            trial = failing(args)
            if trial is not None:
                return form, smallest(Structure(inputs, args), args, trial, failing)
    return None


def _suited(form: Form, inputs: Sequence[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """A few inputs that can take a form, those first in which a wrong order would show."""
    small = [args for args in inputs if sum(map(np.size, args)) <= LARGEST]
    ordered = sorted(small, key=_looks_the_same)
    return islice((args for args in ordered if form.of(args, inputs) is not None), EACH)


def _asked(
    answer: Any, reference: Callable[..., Any], form: Form, args: Sequence[Any], student: Student
) -> Trial | None:
    """The call on unusual arguments, or None where the reference is not sure of its answer."""
    want = reference_at(answer, reference, args)
    if want is None or not values.finite(want) or (form.empty and values.count(want)):
        return None
    rtol, atol = answer.rtol, answer.atol
    if form.rough:
        rtol, atol = max(rtol, SINGLE), max(atol, SINGLE * values.largest(want))
        if not _sure(answer, reference, args, want, atol / 10):
            return None
    return tried(answer, student, args, want, rtol, atol)


def _sure(
    answer: Any, reference: Callable[..., Any], args: Sequence[Any], want: Any, atol: float
) -> bool:
    """Whether single precision is enough for the reference, and no tie hangs on a last digit."""
    double = [a.astype(float) if _is_float(a) else a for a in args]
    exact = reference_at(answer, reference, double)
    names = [""] * len(want) if isinstance(want, tuple) else ()
    if exact is None or values.agrees(want, exact, 0.0, atol, names):
        return False
    return steady(answer, reference, double, exact)


def _looks_the_same(args: Sequence[Any]) -> bool:
    """Whether every array has one value only: then a wrong order would not show."""
    return all(np.unique(a).size < 2 for a in args if isinstance(a, np.ndarray))


def _is_float(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind == "f"


def _fits_single(a: Any) -> bool:
    size = np.abs(a) if _is_float(a) else None
    return size is not None and bool(((size == 0) | ((size > 1e-30) & (size < 1e30))).all())


def _is_whole(a: Any) -> bool:
    return _is_float(a) and bool((a == np.round(a)).all() and (np.abs(a) < 2**31).all())


def _read_only(a: Any) -> Any:
    a = a.copy()
    a.flags.writeable = False
    return a


def _each(
    when: Callable[[Any], bool], change: Callable[[Any], Any]
) -> Callable[[Sequence[Any], object], list[Any] | None]:
    """Changes the arrays that are of one sort, if there are any."""

    def of(args: Sequence[Any], _: object) -> list[Any] | None:
        chosen = [isinstance(a, np.ndarray) and when(a) for a in args]
        made = [change(a) if yes else a for a, yes in zip(args, chosen, strict=True)]
        return made if any(chosen) else None

    return of


def _shortened(
    count: int,
) -> Callable[[Sequence[Any], Sequence[Sequence[Any]]], list[Any] | None]:
    """Keeps so many rows of the first matrix, and of what goes with them."""

    def of(args: Sequence[Any], inputs: Sequence[Sequence[Any]]) -> list[Any] | None:
        structure = Structure(inputs, args)
        for places in structure.linked:
            matrices = [i for i, axis in places if axis == 0 and args[i].ndim > 1]
            if matrices and len(args[matrices[0]]) > 1:
                shorter = next(without(args, places, count, len(args[matrices[0]])))
                return shorter if structure.holds(shorter) else None
        return None

    return of


FORMS = (
    Form(
        "arrays that cannot be written",
        "For some inputs it would change its argument: work on a copy.",
        _each(lambda a: a.size > 0, _read_only),
        writes=True,
    ),
    Form(
        "views of every other entry of larger arrays",
        "Slices such as a[::2] are arrays, too: use the shape, and not how they lie in memory.",
        _each(lambda a: a.ndim > 0 and a.size > 1, lambda a: a.repeat(2, -1)[..., ::2]),
    ),
    Form(
        "arrays stored by columns, as a transpose is",
        "Use the shape of an array, and not how it lies in memory.",
        _each(lambda a: a.ndim > 1 and min(a.shape) > 1, np.asfortranarray),
    ),
    Form(
        "arrays of dtype float32",
        "Is there an array of a dtype that cannot hold the result?",
        _each(_fits_single, lambda a: a.astype(np.float32)),
        rough=True,
    ),
    Form(
        "a matrix of a single row",
        "Does an axis get lost (np.squeeze), or a spread of 0 divide something?",
        _shortened(1),
    ),
    Form(
        "a matrix without rows",
        "No rows have a result of a certain shape all the same.",
        _shortened(0),
        empty=True,
    ),
)
INTEGERS = Form(
    "arrays of integers",
    "An array made like one of integers (np.empty_like, np.zeros_like) cuts fractions off.",
    _each(_is_whole, lambda a: a.astype(np.int64)),
)

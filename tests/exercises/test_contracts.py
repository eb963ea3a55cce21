"""What every exercise promises: it draws, renders, and marks fairly.

Variants are looked at for fifty seeds, and marked for the first ten; the slow target goes on.
"""

import re
from functools import cache

import numpy as np
import pytest
import sympy as sp

from exercises.answers import (
    Array,
    Chain,
    Code,
    Derivation,
    Erratum,
    Expression,
    Fault,
    Gradient,
    Number,
)
from exercises.core import Exercise
from exercises.discover import exercises
from grader.mark import mark_part
from grader.student import InProcess

SEEDS = range(50)
MARKED = range(10)
REST = range(10, 50)  # marked by the slow target
MANY = range(50, 400)  # for the slow target: variants that fifty seeds need not draw
MARKING = [MARKED, pytest.param(REST, marks=pytest.mark.slow)]
PARTS = [part for exercise in exercises() for part in exercise.parts]
MISTAKES = [(part, mistake) for part in PARTS for mistake in part.mistakes]
GARBAGE = {"text": "blah = (", "number": -987.654, "function": lambda *args: None, "blank": " \n "}


def by_id(items):
    return [getattr(item, "id", None) or f"{item[0].id}-{item[1].name}" for item in items]


def written(answer, value):
    """A reference or a mistake as a student hands it in."""
    if isinstance(answer, Derivation | Erratum):
        return value.text if isinstance(value, Chain | Fault) else value
    if isinstance(answer, Expression | Number):
        return sp.sstr(sp.sympify(value))
    return np.asarray(value, dtype=float) if isinstance(answer, Array) else value


def others(part, variant):
    """Right answers to the other parts: a gradient is held against its forward pass."""
    parts = part.exercise.parts
    return {p.name: written(p.answer, p.reference(variant)) for p in parts if p is not part}


@cache
def distinct_variants(exercise, seeds=SEEDS):
    """Each variant that the seeds draw, once; every test of an exercise looks at the same."""
    seen = {}
    for seed in seeds:
        variant = exercise.draw(seed)
        seen.setdefault(repr(variant), variant)
    return list(seen.values())


@pytest.mark.parametrize("seeds", MARKING, ids=len)
@pytest.mark.parametrize("part", PARTS, ids=by_id(PARTS))
def test_reference_earns_full_marks(part, seeds):
    for variant in distinct_variants(part.exercise, seeds):
        answer = written(part.answer, part.reference(variant))
        mark = mark_part(part, variant, InProcess({**others(part, variant), part.name: answer}))
        assert (mark.points, mark.outcome, mark.flagged) == (part.points, "right", False), mark


@pytest.mark.parametrize("seeds", MARKING, ids=len)
@pytest.mark.parametrize(("part", "mistake"), MISTAKES, ids=by_id(MISTAKES))
def test_mistake_earns_its_credit_and_its_help(part, mistake, seeds):
    for variant in distinct_variants(part.exercise, seeds):
        answer = written(part.answer, mistake.value(variant))
        mark = mark_part(part, variant, InProcess({**others(part, variant), part.name: answer}))
        assert mark.points == mistake.credit
        assert mistake.help in [finding.diagnosis for finding in mark.findings]


@pytest.mark.parametrize("part", PARTS, ids=by_id(PARTS))
@pytest.mark.parametrize("garbage", sorted(GARBAGE))
def test_garbage_earns_nothing_and_is_named(part, garbage):
    variant = part.exercise.draw(0)
    mark = mark_part(part, variant, InProcess({part.name: GARBAGE[garbage]}))
    assert mark.points == 0
    assert mark.outcome in ("wrong", "missing")
    assert mark.findings[0].message


@pytest.mark.parametrize("part", PARTS, ids=by_id(PARTS))
def test_absent_answer_is_missing(part):
    mark = mark_part(part, part.exercise.draw(0), InProcess({}))
    assert (mark.points, mark.outcome) == (0, "missing")


@pytest.mark.parametrize("part", PARTS, ids=by_id(PARTS))
def test_text_renders_and_no_hint_holds_the_answer(part):
    for variant in distinct_variants(part.exercise):
        text = part.text(variant)
        assert text
        assert "{{" not in text
        assert part.instruction(variant)
        if isinstance(part.answer, Code | Gradient | Number | Array):
            continue  # a single number may stand in any text
        reference = part.reference(variant)
        end = _answer(reference)
        said = [text, *part.hints, *(m.help for m in part.mistakes)]
        assert all(_plain(end) not in _plain(words) for words in said)


@pytest.mark.parametrize("exercise", exercises(), ids=lambda e: e.id)
def test_equal_seeds_draw_equal_variants(exercise):
    for seed in MARKED:
        assert exercise.draw(seed) == exercise.draw(str(seed))


@pytest.mark.parametrize("exercise", exercises(), ids=lambda e: e.id)
def test_claims_stand_in_the_ledger(exercise):
    from derivations import ledger

    assert exercise.claims
    assert set(exercise.claims) <= {row.id for row in ledger.rows()}


def check_soundness(part, variant):
    """There is one right answer, it is a number where one is asked for, and nobody tells it."""
    if isinstance(part.answer, Code | Gradient | Derivation | Erratum):
        return
    right = part.reference(variant)
    assert is_finite(right), f"the reference is {right}"
    for mistake in part.mistakes:
        value = mistake.value(variant)
        assert not same(value, right), f"{mistake.name} is the right answer to {variant}"
    text = [part.text(variant), *part.hints, *(mistake.help for mistake in part.mistakes)]
    if told := [form for form in spelled(right) if any(stands_in(form, said) for said in text)]:
        raise AssertionError(f"{part.id} tells its answer {told[0]} in the question: {variant}")


@pytest.mark.parametrize("part", PARTS, ids=by_id(PARTS))
def test_every_variant_is_sound(part):
    for variant in distinct_variants(part.exercise):
        check_soundness(part, variant)


@pytest.mark.slow
@pytest.mark.parametrize("part", PARTS, ids=by_id(PARTS))
def test_many_more_variants_are_sound(part):
    for variant in distinct_variants(part.exercise, MANY):
        check_soundness(part, variant)


def made(question, value, slip=None, answer=None):
    """An exercise with one part whose reference is a value, and a slip of another value."""
    ex = Exercise("A test")

    def asked():
        return value

    asked.__doc__ = question
    part = ex.part(points=2, answer=answer or Number("y"))(asked)
    if slip is not None:
        part.mistake(credit=1, help="Look again.")(lambda: slip)
    return part


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (made("Q?", sp.nan), "the reference is nan"),
        (made("Q?", sp.zoo), "the reference is zoo"),
        (made("Q?", np.array([1.0, np.nan]), answer=Array("y")), "the reference is"),
        (made("Q?", sp.Rational(1, 3), slip=sp.Rational(2, 6)), "is the right answer"),
        (made("Q?", np.ones(2), slip=np.array([1, 1]), answer=Array("y")), "is the right answer"),
        (made("Is it 5/7?", sp.Rational(5, 7)), "tells its answer"),
        (made(r"Is it $\frac{5}{7}$?", sp.Rational(5, 7)), "tells its answer"),
        (made("Think of 0.125 first.", sp.Rational(1, 8)), "tells its answer"),
        (made("Is it 1, 4, 9?", np.array([1.0, 4.0, 9.0]), answer=Array("y")), "tells its answer"),
    ],
)
def test_a_degenerate_variant_is_caught(part, said):
    with pytest.raises(AssertionError, match=said):
        check_soundness(part, {})


def test_a_sound_variant_is_let_through():
    check_soundness(made("From 15/7 and 10.125, and 1, 4, 90?", sp.Rational(5, 7), 3), {})


@pytest.mark.parametrize("exercise", exercises(), ids=lambda e: e.id)
def test_facts_for_teachers_are_sound(exercise):
    from exercises.prerequisites import needed

    assert 2 <= exercise.minutes <= 60
    assert exercise.minutes >= exercise.points
    assert exercise.id not in needed(exercise)


def test_prerequisites_run_in_no_circle():
    from exercises.prerequisites import check_no_cycle

    check_no_cycle(exercises())


def is_finite(value):
    if isinstance(value, np.ndarray):
        return bool(np.all(np.isfinite(value)))
    return not sp.sympify(value).has(sp.nan, sp.zoo, sp.oo, -sp.oo)


def same(one, other):
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return np.shape(one) == np.shape(other) and np.allclose(one, other, rtol=1e-12, atol=0)
    gap = sp.sympify(one) - sp.sympify(other)
    return gap == 0 or (gap.is_number and abs(sp.N(gap, 40)) < 1e-30)


def spelled(value):
    """How an answer could stand in a text, where that is no coincidence."""
    if isinstance(value, np.ndarray):
        if value.ndim != 1 or value.size < 3:
            return []
        return [", ".join(f"{entry:g}" for entry in value)]
    exact = sp.sympify(value)
    if not exact.is_number or exact.is_Integer:
        return []  # a whole number may stand in any text, and formulas are looked for above
    forms = [sp.sstr(exact), sp.latex(exact)]
    decimal = f"{float(exact):.10g}"
    return [*forms, *([decimal] if len(decimal) >= 5 else [])]


def stands_in(form, text):
    """Whether a text holds a number or a list of them as it is, and not as a piece of another."""
    return re.search(rf"(?<![\w./-]){re.escape(form)}(?![\w/]|\.\d)", text) is not None


def _answer(reference):
    if isinstance(reference, Fault):
        return reference.right
    return reference.end if isinstance(reference, Chain) else sp.sstr(reference)


def _plain(text):
    return re.sub(r"\s|\*", "", text)

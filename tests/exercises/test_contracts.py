"""What every exercise promises, over fifty seeds: it draws, renders, and marks fairly."""

import re

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
from exercises.discover import exercises
from grader.mark import mark_part
from grader.student import InProcess

SEEDS = range(50)
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


def distinct_variants(exercise):
    """One seed for each variant that the fifty seeds draw."""
    seen = {}
    for seed in SEEDS:
        seen.setdefault(repr(exercise.draw(seed)), seed)
    return [exercise.draw(seed) for seed in seen.values()]


@pytest.mark.parametrize("part", PARTS, ids=by_id(PARTS))
def test_reference_earns_full_marks(part):
    for variant in distinct_variants(part.exercise):
        answer = written(part.answer, part.reference(variant))
        mark = mark_part(part, variant, InProcess({**others(part, variant), part.name: answer}))
        assert (mark.points, mark.outcome, mark.flagged) == (part.points, "right", False), mark


@pytest.mark.parametrize(("part", "mistake"), MISTAKES, ids=by_id(MISTAKES))
def test_mistake_earns_its_credit_and_its_help(part, mistake):
    for variant in distinct_variants(part.exercise):
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
    for seed in SEEDS:
        assert exercise.draw(seed) == exercise.draw(str(seed))


@pytest.mark.parametrize("exercise", exercises(), ids=lambda e: e.id)
def test_claims_stand_in_the_ledger(exercise):
    from derivations import ledger

    assert exercise.claims
    assert set(exercise.claims) <= {row.id for row in ledger.rows()}


def _answer(reference):
    if isinstance(reference, Fault):
        return reference.right
    return reference.end if isinstance(reference, Chain) else sp.sstr(reference)


def _plain(text):
    return re.sub(r"\s|\*", "", text)

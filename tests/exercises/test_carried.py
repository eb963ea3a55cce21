"""Error carried forward: a later part is marked from the student's own earlier answer."""

from types import SimpleNamespace

import numpy as np
import pytest
import sympy as sp

from exercises.answers import Array, Code, Expression, Number
from exercises.core import Exercise, ExerciseError
from exercises.discover import exercises
from grader import follow
from grader.mark import mark_part
from grader.student import InProcess

LATER = [part for exercise in exercises() for part in exercise.parts if part.after]
X = sp.Symbol("x", real=True)


def of_mean_and_spread(share=1.0, digits=0):
    """The mean of 1, 2 and 6, and the sum of squares about it."""
    ex = Exercise("Three numbers")
    ex.variant(lambda v: {"data": (1, 2, 6)})

    @ex.part(points=1, answer=Number("m", digits=digits))
    def mean(data):
        """The mean?"""
        return sp.Rational(sum(data), len(data))

    @ex.part(points=2, answer=Number("s"), after=mean, share=share)
    def spread(data, mean):
        """The sum of squares about it?"""
        return sum((k - mean) ** 2 for k in data)

    @spread.mistake(credit=1, help="Distances, squared.")
    def distances(data, mean):
        return sum(abs(k - mean) for k in data)

    @ex.part(points=2, answer=Number("r"), after=(mean, spread))
    def ratio(mean, spread):
        """And the ratio of the two?"""
        return mean / spread

    return ex


def marks(ex, **answers):
    return [mark_part(part, ex.draw(1), InProcess(answers)) for part in ex.parts]


def said(mark):
    return " ".join(finding.message for finding in mark.findings)


def test_right_answers_are_right_and_nothing_is_said():
    found = marks(of_mean_and_spread(), m="3", s="14", r="3/14")
    assert [(mark.points, mark.outcome, mark.findings) for mark in found] == [
        (1, "right", ()),
        (2, "right", ()),
        (2, "right", ()),
    ]


def test_what_follows_from_a_wrong_answer_earns_its_points():
    # About 2, the median: 1 + 0 + 16 = 17.
    mean, spread, ratio = marks(of_mean_and_spread(), m="2", s="17", r="2/17")
    assert (mean.points, spread.points, ratio.points) == (0, 2, 2)
    assert "right for your own m, which is wrong" in said(spread)
    assert "your own m and s" in said(ratio)


def test_only_the_declared_share_is_earned():
    _, spread, _ = marks(of_mean_and_spread(share=0.5), m="2", s="17")
    assert (spread.points, spread.outcome) == (1, "partial")


def test_a_known_slip_counts_from_the_wrong_answer_too():
    # Distances from 2: 1 + 0 + 4 = 5; from the right mean 3: 2 + 1 + 3 = 6.
    _, spread, _ = marks(of_mean_and_spread(), m="2", s="5")
    assert (spread.points, spread.outcome) == (1, "partial")
    assert spread.findings[0].diagnosis == "Distances, squared."
    _, halved, _ = marks(of_mean_and_spread(share=0.5), m="2", s="5")
    assert halved.points == 0.5


@pytest.mark.parametrize("spread", ["16", "18", "-17", "17.1"])
def test_what_does_not_follow_earns_nothing(spread):
    _, mark, _ = marks(of_mean_and_spread(), m="2", s=spread)
    assert (mark.points, mark.outcome) == (0, "wrong")


def test_the_right_answer_counts_behind_a_wrong_one():
    _, spread, _ = marks(of_mean_and_spread(), m="2", s="14")
    assert (spread.points, spread.outcome) == (2, "right")


@pytest.mark.parametrize("blank", [None, "", "two", "1/0", [1, 2], float("nan"), float("inf")])
def test_a_blank_earlier_answer_is_named(blank):
    _, spread, _ = marks(of_mean_and_spread(), m=blank, s="17")
    assert (spread.points, spread.outcome) == (0, "wrong")
    assert "your m is blank or cannot be read, so no error is carried forward" in said(spread)
    assert "your m is blank" in said(marks(of_mean_and_spread(), s="17")[1])


def test_a_wrong_answer_that_leaves_nothing_to_do_is_no_present():
    # 0 / spread is 0 whatever the spread, and 3 / 0 is nothing at all.
    for m, s, r in [("0", "41", "0"), ("3", "0", "0")]:
        ratio = marks(of_mean_and_spread(), m=m, s=s, r=r)[2]
        assert (ratio.points, ratio.outcome) == (0, "wrong")
        assert "leaves nothing to work out here" in said(ratio)


def test_a_rounded_answer_that_was_accepted_costs_nothing_later():
    ex = Exercise("A third")
    ex.variant(lambda v: {})

    @ex.part(points=1, answer=Number("third", digits=2))
    def third():
        """One third, to two figures?"""
        return sp.Rational(1, 3)

    @ex.part(points=2, answer=Number("six_times"), after=third, share=0.5)
    def six_times(third):
        """Six times that?"""
        return 6 * third

    first, second = marks(ex, third=0.33, six_times="1.98")
    assert (first.outcome, second.points, second.outcome) == ("right", 2, "right")


def test_arrays_and_formulas_are_carried_on():
    ex = Exercise("A slope")
    ex.variant(lambda v: {"a": 3})

    @ex.part(points=1, answer=Expression("f", (X,)))
    def function(a):
        """The function?"""
        return a * X**2

    @ex.part(points=2, answer=Expression("slope", (X,)), after=function)
    def slope(function):
        """Its slope?"""
        return sp.diff(function, X)

    @ex.part(points=2, answer=Array("table"), after=slope)
    def table(slope):
        """The slope at 1 and 2?"""
        return np.array([float(slope.subs(X, k)) for k in (1, 2)])

    @ex.part(points=1, answer=Number("total"), after=table)
    def total(table):
        """Their sum?"""
        return sp.Rational(sum(table))

    found = marks(ex, f="x^3", slope="3x^2", table=[3, 12], total=15)
    assert [mark.points for mark in found] == [0, 2, 2, 1]
    wrong_shape = marks(ex, f="3x^2", slope="6x", table=[6, 12, 18], total=36)
    assert wrong_shape[3].points == 0
    assert "table is blank or cannot be read" in said(wrong_shape[3])


@pytest.mark.parametrize(
    ("declare", "words"),
    [
        (lambda ex, first: ex.part(1, Number("b"), after=first)(later), "argument first"),
        (lambda ex, first: ex.part(1, Number("b"), after=first, share=0)(fitting), "share"),
        (lambda _, first: Exercise("Other").part(1, Number("b"), after=first)(fitting), "earlier"),
    ],
)
def test_bad_declarations_are_named(declare, words):
    ex = Exercise("A title")

    @ex.part(points=1, answer=Number("a"))
    def first():
        """A?"""
        return 1

    with pytest.raises(ExerciseError, match=words):
        declare(ex, first)


def later():
    """B?"""


def fitting(first):
    """B?"""
    return first


def test_nothing_is_computed_from_code():
    ex = Exercise("A title")

    @ex.part(points=1, answer=Code("f", lambda rng: []))
    def first():
        """A?"""

    with pytest.raises(ExerciseError, match=r"nothing can be computed from .*first, a Code"):
        ex.part(1, Number("b"), after=first)(fitting)


def changed(part, variant):
    """A wrong answer to a part, a little off the right one."""
    right = part.reference(variant)
    if isinstance(part.answer, Array):
        return right + np.linspace(0.5, 0.75, right.size).reshape(right.shape)
    symbols = sorted(getattr(right, "free_symbols", ()), key=str)
    return right * sp.Rational(9, 8) + sp.Rational(1, 16) + sum(symbols)


def same(one, other):
    if isinstance(one, sp.Basic) and (one.free_symbols or other.free_symbols):
        return sp.expand(one - other) == 0
    return np.allclose(np.asarray(one, dtype=float), np.asarray(other, dtype=float))


def handed_in(answer, value):
    return value if isinstance(answer, Array) else sp.sstr(value)


@pytest.mark.parametrize("part", LATER, ids=lambda part: part.id)
def test_every_later_part_of_the_bank_follows_a_wrong_answer(part):
    differs = False
    for seed in range(10):
        variant = part.exercise.draw(seed)
        own = {earlier.function_name: changed(earlier, variant) for earlier in part.after}
        given = {
            earlier.name: handed_in(earlier.answer, own[earlier.function_name])
            for earlier in part.after
        }
        followed = part.following(own).reference(variant)
        right = part.reference(variant)
        differs |= not same(followed, right)
        given[part.name] = handed_in(part.answer, followed)
        mark = mark_part(part, variant, InProcess(given))
        assert mark.points == pytest.approx(part.points * part.share), mark
        given[part.name] = handed_in(part.answer, followed * sp.Rational(3, 2) + 1)
        if isinstance(part.answer, Array):
            given[part.name] = followed * 1.5 + 1
        assert mark_part(part, variant, InProcess(given)).points < part.points
    assert differs


def test_an_earlier_answer_that_takes_for_ever_is_not_followed(monkeypatch):
    def for_ever(*_):
        while True:
            sp.sin(X).series(X, 0, 9)

    ex = of_mean_and_spread()
    monkeypatch.setattr(follow, "SECONDS", 0.2)
    monkeypatch.setattr(follow, "sp", SimpleNamespace(**{**vars(sp), "N": for_ever}))
    _, spread, _ = marks(ex, m="sqrt(2)", s="17")
    assert (spread.points, spread.outcome) == (0, "wrong")
    assert "no error is carried forward" in said(spread)

"""What comes before what: topics stand for their exercises, circles and typos are named."""

import pytest

from exercises.core import Exercise, ExerciseError
from exercises.discover import exercise_ids
from exercises.prerequisites import check_no_cycle, in_order, misplaced, needed

IDS = ("a.one", "a.two", "b.one")


def called(id, *prerequisites):
    ex = Exercise("A title", prerequisites=prerequisites)
    ex._module = f"exercises.{id}"
    return ex


def test_a_topic_stands_for_all_its_exercises():
    assert needed(called("b.one", "a"), IDS) == ("a.one", "a.two")
    assert needed(called("b.one", "a.two", "a"), IDS) == ("a.two", "a.one")
    assert needed(called("b.one"), IDS) == ()


@pytest.mark.parametrize(
    ("wanted", "said"), [("a.onw", "did you mean a.one"), ("b", "holds the exercise itself")]
)
def test_unknown_ones_and_oneself_are_named(wanted, said):
    with pytest.raises(ExerciseError, match=said):
        needed(called("b.one", wanted), IDS)


def test_a_circle_is_shown():
    items = [called("a.one", "b.one"), called("a.two"), called("b.one", "a.one")]
    with pytest.raises(ExerciseError, match=r"circle: (a|b).one needs (a|b).one needs (a|b).one"):
        check_no_cycle(items)
    check_no_cycle([called("a.one"), called("a.two", "a.one"), called("b.one", "a")])


def test_order_is_kept_where_nothing_asks_for_another():
    known = exercise_ids()
    first, second, third = (called(id) for id in known[:3])
    late = called(known[3], known[0])
    assert in_order([late, third, first, second]) == [third, first, late, second]
    assert misplaced([first, late]) == ""
    assert f"{late.id} builds on {first.id}" in misplaced([late, first])

"""The table of credit that a teacher reads, worked out by hand."""

import pytest

from exercises.credit import Credit


def test_the_table_of_four_points_and_three_steps():
    # a quarter of 4 is 1; the 3 left are for 3 steps, and the last step is lost by stopping
    assert Credit().rows(4, 3) == (
        ("1", "the end, in the form asked for"),
        ("3", "the working, 2 steps or more (the model makes 3)"),
        ("-1", "each line that does not follow from the line before it"),
        ("-1", "sound working that stops a step short of the end"),
        ("-3", "one step from the start to the end: no working"),
    )


def test_a_table_of_ones_own():
    table = Credit(answer=0.5, other_form=0.25, unfinished=0.5, least_steps=3).rows(8, 4)
    assert table == (
        ("4", "the end, in the form asked for"),
        ("4", "the working, 3 steps or more (the model makes 4)"),
        ("-1", "each line that does not follow from the line before it"),
        # half of what 3 of 4 steps earn: 4 * (1 - 3/8)
        ("-2.5", "sound working that stops a step short of the end"),
        ("1", "an end that is equal, but written otherwise"),
        ("-4", "one step from the start to the end: no working"),
    )


def test_one_step_can_be_the_whole_working():
    said = [what for _, what in Credit().rows(2, 1)]
    assert said[1] == "the working"
    assert not any("no working" in what for what in said)


@pytest.mark.parametrize(("model", "least"), [(1, 1), (2, 2), (3, 2), (4, 2), (5, 3), (7, 4)])
def test_half_of_the_models_steps_and_two_where_it_has_two(model, least):
    assert Credit().least(model) == least


@pytest.mark.parametrize(
    ("points", "given"), [(0.249, 0.0), (0.25, 0.25), (1.9999999999, 2.0), (2.49, 2.25)]
)
def test_points_are_rounded_down_to_a_unit(points, given):
    assert Credit().rounded(points) == given


def test_only_shares_make_a_table():
    for wrong in ({"answer": 1.5}, {"unfinished": -0.1}, {"least_steps": -1}, {"unit": 0}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            Credit(**wrong)
    assert Credit(unit=1).rounded(1.7) == 1
    with pytest.raises(ValueError, match="at most 1"):
        Credit(unit=1.5)

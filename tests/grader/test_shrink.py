"""Shrinking: planted bugs are shown at inputs that one can follow by hand, and legal ones."""

import ast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exercises.answers import Code
from exercises.core import Exercise
from grader.kinds.shrink import ATTEMPTS, Shrinker, cost, simpler_numbers
from grader.kinds.structure import Structure
from grader.mark import mark_part
from grader.student import InProcess


def normalised(x):
    """Each row less its mean."""
    return x - x.mean(axis=1, keepdims=True)


def matrices(rng):
    return [(rng.normal(size=shape),) for shape in ((4, 3), (9, 5), (6, 2), (20, 7))]


def labelled(rng):
    """Points with labels from 0 to K - 1, all of which come up."""
    drawn = []
    for n, d, k in ((6, 2, 2), (9, 3, 3), (30, 4, 5)):
        drawn.append((rng.normal(size=(n, d)), rng.permutation(np.arange(n) % k)))
    return drawn


def means(x, y):
    return np.array([x[y == k].mean(axis=0) for k in range(int(y.max()) + 1)])


def distributions(rng):
    return [(rng.dirichlet(np.ones(k), size=n),) for n, k in ((1, 2), (4, 3), (12, 6))]


def entropy(p):
    return -(p * np.log(np.where(p > 0, p, 1.0))).sum(axis=1)


def part_of(reference, inputs, parameters, **policy):
    ex = Exercise("An exercise")
    ex.variant(lambda v: {})

    def value():
        """What is it?"""
        return reference

    answer = Code("f", inputs, rtol=1e-7, atol=1e-9, parameters=parameters, **policy)
    return ex.part(points=4, answer=answer)(value)


class Watched(InProcess):
    """A submission whose arguments are kept."""

    def __init__(self, function):
        super().__init__({"f": function})
        self.seen = []

    def call(self, name, args):
        self.seen.append(args)
        return super().call(name, args)


def finding_of(reference, inputs, parameters, wrong, **policy):
    student = Watched(wrong)
    mark = mark_part(part_of(reference, inputs, parameters, **policy), {}, student)
    assert mark.outcome == "wrong"
    return mark.findings[0], student


def last_row_forgotten(x):
    out = normalised(x)
    out[-1] = x[-1]
    return out


def without_one_row(x):
    if len(x) == 1:
        raise ZeroDivisionError
    return normalised(x)


PLANTED = {
    "wrong axis": (lambda x: x - x.mean(axis=0), 2),
    "over everything": (lambda x: x - x.mean(), 2),
    "last row forgotten": (last_row_forgotten, 1),
    "transposed": (lambda x: normalised(x).T, 4),
    "n = 3 and more": (lambda x: normalised(x) if len(x) < 3 else x, 3),
    "only large": (lambda x: np.where(np.abs(x) > 1.5, 9.0, normalised(x)), 2),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_a_matrix_becomes_a_few_round_numbers(planted):
    wrong, most = PLANTED[planted]
    finding, student = finding_of(normalised, matrices, ("x",), wrong)
    shown = np.array(ast.literal_eval(finding.input.removeprefix("x = ")))
    assert shown.size <= most
    assert (shown == np.round(shown)).all() or planted == "only large"
    with np.errstate(all="ignore"):
        assert not np.array_equal(wrong(shown), normalised(shown))
    assert len(student.seen) <= ATTEMPTS + 4


def test_overflow_is_shown_at_a_number_that_one_can_read():
    def softplus(x):
        return np.logaddexp(0.0, x)

    def naive(x):
        return np.log(1 + np.exp(x))

    def inputs(rng):
        return [(rng.normal(size=30),), (rng.normal(scale=900.0, size=(60, 2)),)]

    finding, _ = finding_of(softplus, inputs, ("x",), naive)
    assert (finding.input, finding.expected, finding.given) == (
        "x = [[1000]]",
        "[[1000]]",
        "[[inf]]",
    )


def test_a_failure_at_one_example_stays_one():
    def inputs(rng):
        return [(rng.normal(size=(1, 4)),), (rng.normal(size=(5, 2)),)]

    finding, _ = finding_of(normalised, inputs, ("x",), without_one_row)
    assert finding.input == "x = [[0]]"
    assert "ZeroDivisionError" in finding.message


def test_another_failure_is_not_taken_for_the_same_one():
    def two_faults(x):
        if len(x) >= 3:
            raise ValueError("too many")
        return x  # wrong as well, and for smaller inputs

    finding, _ = finding_of(normalised, matrices, ("x",), two_faults)
    assert "ValueError" in finding.message
    assert finding.input == "x = [[0], [0], [0]]"


def test_only_ties_are_shown_when_only_ties_fail():
    def first_largest(x):
        return int(np.argmax(x))

    def last_largest(x):
        return int(len(x) - 1 - np.argmax(x[::-1]))

    def inputs(rng):
        return [(rng.normal(size=9),), (np.array([2.5, 7.0, 1.0, 7.0, 3.0]),)]

    finding, _ = finding_of(first_largest, inputs, ("x",), last_largest)
    assert (finding.input, finding.expected, finding.given) == ("x = [0, 0]", "0", "1")


def test_a_kink_is_not_shown_when_the_failure_was_elsewhere():
    def slope(x):
        return (x > 0).astype(float)

    def inputs(rng):
        return [(rng.normal(size=(5, 4)) + 0.1,)]

    finding, student = finding_of(slope, inputs, ("x",), lambda x: -1.0 * (x >= 0))
    assert "[[1]]" in finding.input  # and not [[0]], where a slope is a matter of taste
    assert student.seen


def test_labels_stay_labels_of_the_points_beside_them():
    def without_last_class(x, y):
        found = means(x, y)
        found[-1] += 1
        return found

    finding, student = finding_of(means, labelled, ("x", "y"), without_last_class)
    for x, y in student.seen:
        assert len(x) == len(y)
        assert set(y) == set(range(max(y) + 1))
    assert finding.input == "x = [[0], [0]], y = [0, 1]" or finding.input == "x = [[0]], y = [0]"


def test_probabilities_go_on_adding_up_to_one():
    finding, student = finding_of(entropy, distributions, ("p",), lambda p: entropy(p) / np.log(2))
    for (p,) in student.seen:
        assert (p >= 0).all()
        np.testing.assert_allclose(p.sum(axis=-1), 1.0, rtol=1e-12)
    assert finding.input == "p = [[0.5, 0.5]]"


def test_the_exercise_may_say_what_is_legal():
    def at_least_three_rows(x):
        return len(x) >= 3

    wrong, _ = PLANTED["last row forgotten"]
    _, student = finding_of(normalised, matrices, ("x",), wrong, valid=at_least_three_rows)
    assert min(len(x) for (x,) in student.seen) == 3


def test_a_size_that_is_an_argument_follows_its_axis():
    def eye(x, n):
        return np.eye(n) + x

    def inputs(rng):
        return [(rng.normal(size=(n, n)), n) for n in (3, 5)]

    _, student = finding_of(eye, inputs, ("x", "n"), lambda x, n: np.ones((n, n)) + x)
    assert {len(x) == n for x, n in student.seen} == {True}
    assert min(n for _, n in student.seen) == 1


@settings(deadline=None, max_examples=40)
@given(
    seed=st.integers(0, 2**32 - 1),
    rows=st.integers(1, 12),
    columns=st.integers(1, 8),
    bound=st.floats(0.1, 3.0),
)
def test_the_smallest_input_is_still_interesting_and_found_again(seed, rows, columns, bound):
    x = np.random.default_rng(seed).normal(size=(rows, columns))

    def far(args):
        return True if np.abs(args[0]).max() > bound else None

    if not far([x]):
        return
    structure = Structure([[x]], [x])
    found = [Shrinker(structure, [x], True, far) for _ in range(2)]
    for search in found:
        search.run()
    np.testing.assert_array_equal(found[0].args[0], found[1].args[0])
    small = found[0].args[0]
    assert far([small])
    assert cost(small) <= cost(x)
    assert np.count_nonzero(small) == 1
    assert small.size == 1 or rows == columns


@given(st.floats())
def test_simpler_numbers_are_simpler(number):
    costs = [cost(simpler) for simpler in simpler_numbers(number)]
    assert all(c < cost(number) for c in costs)

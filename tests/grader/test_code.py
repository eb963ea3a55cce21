"""Functions: unusual arrays, changed arguments, several values, and what is said of them."""

import ast

import numpy as np
import pytest
import sympy as sp

from exercises.answers import Array, Code, Gradient, Number
from exercises.core import Exercise
from grader import frames
from grader.kinds import values
from grader.mark import mark_part
from grader.sandbox import Limits, Sandbox
from grader.student import Failure, InProcess, Reply


def part_of(answer, reference):
    ex = Exercise("An exercise")
    ex.variant(lambda v: {})

    def value():
        """What is it?"""
        return reference

    return ex.part(points=4, answer=answer)(value)


def centred(x):
    return x - x.mean(axis=1, keepdims=True)


def matrices(rng):
    return [(rng.normal(size=(3, 2)),), (np.array([[1.0, 2.0], [3.0, 5.0]]),)]


def code(reference=centred, inputs=matrices, parameters=("x",), **policy):
    answer = Code("f", inputs, rtol=1e-9, atol=1e-9, parameters=parameters, **policy)
    return part_of(answer, reference)


def marked(part, function):
    return mark_part(part, {}, InProcess({"f": function}))


def writes(x):
    x -= x.mean(axis=1, keepdims=True)
    return x


def writes_through_a_view(x):
    flat = x.reshape(-1)
    mean = x.mean(axis=1, keepdims=True)
    out = x - mean
    flat[:1] = 0.0
    return out


def writes_only_large_ones(x):
    x[x > 1e6] = 1e6
    return centred(x)


def restores(x):
    kept = x.copy()
    out = centred(x)
    x[...] = 0.0
    x[...] = kept
    return out


def reads_memory(x):
    raw = np.lib.stride_tricks.as_strided(x, x.shape, (8 * x.shape[1], 8))
    return centred(raw.copy())


def loses_an_axis(x):
    return np.squeeze(centred(x))


def cuts_fractions(x):
    out = np.zeros_like(x)
    out[...] = centred(x)
    return out


def few_digits(x):
    return np.round(centred(x), 1 if x.dtype == np.float32 else 15)


@pytest.mark.parametrize(
    ("function", "said", "help"),
    [
        (writes, "changes its argument x", "x.copy()"),
        (writes_through_a_view, "changes its argument x", "a slice is a view"),
        (writes_only_large_ones, "arrays that cannot be written", "work on a copy"),
        (reads_memory, "views of every other entry", "lie in memory"),
        (loses_an_axis, "only for a matrix of a single row", "np.squeeze"),
        (few_digits, "arrays of dtype float32", "dtype"),
    ],
)
def test_the_right_values_in_a_careless_way_cost_a_share(function, said, help):
    mark = marked(code(), function)
    assert (mark.points, mark.outcome) == (3, "partial")
    assert len(mark.findings) == 1
    assert said in mark.findings[0].message
    assert help in mark.findings[0].diagnosis


def test_the_reader_sees_the_argument_before_and_after():
    finding = marked(code(inputs=lambda rng: [(np.array([[1.0, 3.0]]),)]), writes).findings[0]
    assert finding.input == "x = [[1, 3]]"
    assert finding.given == "x = [[-1, 1]] after the call"


def test_shares_are_the_exercises_to_declare():
    assert marked(code(in_place=0.0), writes).points == 4
    assert marked(code(in_place=1.0), writes).points == 0
    assert marked(code(unusual=0.5), loses_an_axis).points == 2
    both = marked(code(), lambda x: np.squeeze(writes(x)))
    assert (both.points, len(both.findings)) == (2, 2)


@pytest.mark.parametrize("function", [centred, restores, cuts_fractions])
def test_careful_functions_lose_nothing(function):
    if function is restores:  # nothing is lost, but it cannot be done with what cannot be written
        assert marked(code(), function).points == 3
    else:
        assert marked(code(), function).points == 4


def test_integers_are_tried_where_the_exercise_says_so():
    mark = marked(code(integers=True), cuts_fractions)
    assert mark.points == 3
    assert "arrays of integers" in mark.findings[0].message
    assert "np.empty_like" in mark.findings[0].diagnosis
    assert marked(code(integers=True), centred).points == 4


def test_what_the_reference_is_not_sure_of_is_not_asked():
    def last_bit(x):  # of a number in double precision; nothing of it is left in single precision
        return np.round((x * 2.0**40) % 2.0)

    def inputs(rng):
        return [(rng.normal(size=(3, 2)),)]

    def doubles_only(x):
        if x.dtype != np.float64:
            raise TypeError("only float64")
        return last_bit(x)

    assert marked(code(last_bit, inputs), doubles_only).points == 4
    assert marked(code(centred, inputs), lambda x: centred(x) + doubles_only(x) * 0).points == 3


def test_nothing_is_asked_of_no_example_but_the_shape():
    def spread(x):
        return float(np.sum(x.var(axis=0))) if len(x) else 0.0

    def raises_on_none(x):
        if not len(x):
            raise ValueError("no examples")
        return spread(x)

    assert marked(code(spread), raises_on_none).points == 4  # 0 for no example is a choice

    def no_rows(x):
        if not len(x):
            raise ValueError("no examples")
        return centred(x)

    mark = marked(code(), no_rows)
    assert mark.points == 3
    assert "a matrix without rows" in mark.findings[0].message


def test_unusual_inputs_keep_the_exercises_promises():
    def labelled(rng):
        return [(rng.normal(size=(n, 2)), np.arange(n) % 2) for n in (4, 7)]

    def means(x, y):
        return np.array([x[y == k].mean(axis=0) for k in range(2)])

    seen = []

    def watched(x, y):
        seen.append((x, y))
        return means(x, y)

    assert marked(code(means, labelled, ("x", "y")), watched).points == 4
    assert all(len(x) == len(y) for x, y in seen)
    assert {x.dtype.name for x, _ in seen} == {"float64", "float32"}


def statistics(x):
    return x.mean(), x.var(axis=0)


SEVERAL = {"reference": statistics, "returns": ("mean", "variance")}


@pytest.mark.parametrize(
    ("function", "points", "said"),
    [
        (statistics, 4, ""),
        (lambda x: list(statistics(x)), 4, ""),
        (lambda x: (x.mean(), x.std(axis=0)), 0, "another value (as its variance)"),
        (lambda x: (x.mean() + 1, x.var(axis=0)), 0, "another value (as its mean)"),
        (lambda x: (x.mean(), x.var()), 0, "return a NumPy array (as its variance)"),
        (lambda x: x.mean(), 0, "returned a float; return a tuple of 2: mean, variance"),
        (lambda x: (x.mean(),), 0, "returned a tuple of 1; return a tuple of 2"),
        (lambda x: (x.var(axis=0), x.mean()), 0, "(as its mean)"),
    ],
)
def test_several_values_are_compared_by_name(function, points, said):
    mark = marked(code(**SEVERAL), function)
    assert mark.points == points
    assert said in "".join(finding.message for finding in mark.findings)


def test_several_values_are_shown_by_name():
    finding = marked(code(**SEVERAL), lambda x: (x.mean(), x.std(axis=0) + 1)).findings[0]
    assert finding.expected == "mean = 0, variance = [0]"
    assert finding.given == "mean = 0, variance = [1]"
    assert "tuple: `mean`, `variance`" in code(**SEVERAL).instruction({})


def test_a_known_mistake_in_one_of_several_values():
    part = code(**SEVERAL)
    slip = lambda x: (x.mean(), x.var(axis=0, ddof=1))  # noqa: E731
    part.mistake(credit=2, help="biased")(lambda: slip)
    with np.errstate(all="ignore"):
        mark = marked(part, slip)
    assert (mark.points, mark.findings[0].diagnosis) == (2, "biased")


def test_a_gradient_is_tried_on_unusual_arrays_too():
    ex = Exercise("An exercise")
    ex.variant(lambda v: {})

    @ex.part(points=2, answer=Code("square", matrices, parameters=("x",)))
    def forward():
        """Square it."""
        return np.square

    @ex.part(points=4, answer=Gradient("back", "square", matrices, parameters=("x",)))
    def backward():
        """And back."""
        return lambda x, gradient: 2 * x * gradient

    def in_place(x, gradient):
        gradient *= 2 * x
        return gradient

    mark = mark_part(backward, {}, InProcess({"square": np.square, "back": in_place}))
    assert mark.points == 3
    assert "argument gradient" in mark.findings[0].message


def test_prints_while_a_small_input_is_sought_cost_no_other_part():
    source = (
        "def f(x):\n"
        "    print('x' * 30_000)\n"
        "    if len(x) < 3: print('y' * 90_000)\n"
        "    return x\n"
        "def g(x):\n"
        "    print('x' * 60_000)\n"
        "    return x\n"
    )
    limits = Limits(load=10.0, call=5.0, total=60.0, output=100_000)
    with Sandbox(source, limits, allow_weak=True).load() as student:
        part = code(inputs=lambda rng: [(rng.normal(size=(4, 2)),)])
        finding = mark_part(part, {}, student).findings[0]
        assert "another value" in finding.message
        assert len(ast.literal_eval(finding.input.removeprefix("x = "))) >= 3
        assert [student.call("g", [1.0]).value for _ in range(4)] == [1.0] * 4


def test_what_was_not_run_costs_nothing():
    class Exhausted(InProcess):
        calls = 0

        def call(self, name, args):
            self.calls += 1
            if self.calls > 2:
                return Reply(failure=Failure("gone", "was not run: the time is used up"))
            return super().call(name, args)

    assert mark_part(code(), {}, Exhausted({"f": centred})).points == 4


LAYOUTS = {
    "plain": np.arange(6.0).reshape(2, 3),
    "by columns": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    "strided": np.arange(12.0).reshape(2, 6)[:, ::2],
    "backwards": np.arange(6)[::-1],
    "of nothing": np.empty((0, 3)),
    "one number": np.array(3.5),
}


@pytest.mark.parametrize("name", LAYOUTS)
@pytest.mark.parametrize("writeable", [True, False])
def test_arrays_cross_with_their_layout(name, writeable):
    array = LAYOUTS[name].view()
    array.flags.writeable = writeable
    source = (
        "def f(x): return [x.flags.c_contiguous, x.flags.f_contiguous, x.flags.writeable]\n"
        "def g(x): return x"
    )
    with Sandbox(source, allow_weak=True).load() as student:
        flags = student.call("f", [array]).value
        back = student.call("g", [array])
    assert flags == [array.flags.c_contiguous, array.flags.f_contiguous, writeable]
    np.testing.assert_array_equal(back.value, array)
    assert back.after is None


def test_a_layout_costs_the_reader_at_most_twice_the_memory():
    header = {"t": "array", "dtype": "|u1", "shape": [1] * 7 + [1 << 20], "layout": "strided"}
    assert frames.decode(header, bytes(1 << 20)).base.nbytes <= 2 << 20
    with pytest.raises(frames.FrameError, match="layout"):
        frames.decode({**header, "layout": "round"}, bytes(1 << 20))


@pytest.mark.parametrize("after", ["[]", "[{}]", "3", "{'t': 'none'}", "[{'t':'none'}] * 9"])
def test_forged_arguments_change_no_verdict_for_the_better(after):
    source = (
        "import sys\nframe = sys._getframe()\n"
        "while 'frames' not in frame.f_globals: frame = frame.f_back\n"
        "frames = frame.f_globals['frames']\n"
        "value = {'t': 'float', 'v': '0x1p+1'}\n"
        f"frames.called = lambda *a: ({{'value': value, 'after': {after}}}, b'')\n"
        "def f(x): return 2.0\n"
    )
    part = code(lambda x: 1.0)
    with Sandbox(source, allow_weak=True).load() as student:
        mark = mark_part(part, {}, student)
    assert (mark.points, mark.outcome) == (0, "wrong")


def test_as_many_digits_are_shown_as_tell_numbers_apart():
    assert values.show_inputs(["x"], [np.array([1e9, 1e9 + 1])]) == "x = [1000000000, 1000000001]"
    assert values.show_inputs(["x"], [np.array([1 / 3, 0.0])]) == "x = [0.333333, 0]"
    assert values.show_both(1.0, 1.0000001) == ("1", "1.0000001")
    assert values.show_both(0.5, 0.25) == ("0.5", "0.25")


def test_infinities_and_signs_of_zero_are_shown_plainly():
    assert values.show(np.array([-0.0, np.inf])) == "[0, inf]"
    assert values.show(np.empty((0, 3))) == "an empty array of shape (0, 3)"


@pytest.mark.parametrize(
    ("entries", "points"),
    [
        ([["1/3", "-2/3"], ["0.5", "+4"]], 4),
        ([["1/3", -2 / 3], [0.5, 4]], 4),
        ((("1/3", "-2/3"), (0.5, 4)), 4),
        ([["1/3", "2/3"], ["0.5", "4"]], 0),
        ([["1/0", "-2/3"], ["0.5", "4"]], 0),
        ([["1e999999999", "-2/3"], ["0.5", "4"]], 0),
        ([["9" * 5000, "-2/3"], ["0.5", "4"]], 0),
        ([["sqrt(2)", "-2/3"], ["0.5", "4"]], 0),
    ],
)
def test_entries_may_be_written_exactly(entries, points):
    part = part_of(Array("f"), np.array([[1 / 3, -2 / 3], [0.5, 4.0]]))
    mark = mark_part(part, {}, InProcess({"f": entries}))
    assert mark.points == points
    assert mark.outcome in ("right", "wrong")


def test_an_ill_conditioned_question_allows_for_rounding_on_the_way():
    # ln(1.001) from a logarithm to 4 figures of 1.00100: the condition is 1/ln(1.001) = 1000.
    exact = sp.log(sp.Rational(1001, 1000))
    given = "0.00101"
    strict = part_of(Number("f", digits=4), exact)
    fair = part_of(Number("f", digits=4, condition=1000), exact)
    assert mark_part(strict, {}, InProcess({"f": given})).points == 0
    assert mark_part(fair, {}, InProcess({"f": given})).points == 4
    assert mark_part(fair, {}, InProcess({"f": "0.01"})).points == 0
    with pytest.raises(ValueError, match="1 at least"):
        Number("f", condition=0.5)

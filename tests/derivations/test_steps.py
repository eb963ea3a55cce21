"""The rules of a chain, on tiny claims; the printed lines are false or true by school algebra."""

import inspect

import pytest
import sympy as sp

from derivations import ledger
from derivations.claims import Claim, ClaimError, claim, definition, not_checkable, run
from derivations.steps import eq, ge, gt, implies, le, lt, misprint, rounds, start, via
from derivations.symbols import positive, real
from derivations.verify import verify

x, y = real("x y")
p = positive("p")
SQUARE, EXPANDED, WRONG = (x + 1) ** 2, x**2 + 2 * x + 1, x**2 + 1


def judged(*steps, ids=("XU-13",), chain=True):
    def body():
        yield from steps

    return verify(Claim(ids, body, "claim", chain))


def problems(*steps, **options):
    return [step.problem for step in judged(*steps, **options).failures]


def test_true_line_holds():
    result = judged(start(SQUARE), eq(EXPANDED))
    assert result.ok
    assert result.steps[0].verdict.proved
    assert result.steps[0].row_id == "XU-13"


def test_false_line_fails_with_its_witness():
    (problem,) = problems(start(SQUARE), eq(WRONG))
    assert problem.startswith("this printed line is false: at x = ")


def test_each_line_is_judged_against_the_line_before_it():
    failures = judged(start(SQUARE), eq(WRONG), eq(1 + x**2)).failures
    assert [step.rhs for step in failures] == [WRONG]
    assert judged(start(SQUARE), eq(WRONG), eq(1 + x**2)).steps[1].lhs == WRONG


def test_second_start_begins_anew():
    assert judged(start(SQUARE), eq(EXPANDED), start(x), eq(2 * x - x)).ok
    assert not judged(start(SQUARE), eq(EXPANDED), start(x), eq(2 * x)).ok


def test_misprint_with_its_correction_holds():
    result = judged(start(SQUARE), misprint(WRONG, "no middle term"), eq(EXPANDED))
    assert result.ok
    assert [step.kind for step in result.steps] == ["misprint", "correction"]
    assert result.steps[0].verdict.refuted
    assert result.steps[1].lhs == SQUARE


def test_misprint_that_is_true_fails():
    (problem,) = problems(start(SQUARE), misprint(EXPANDED, "looks odd"), eq(EXPANDED))
    assert problem.startswith("this misprint is true: proved by ")


def test_misprint_that_is_not_decided_fails():
    unknown = sp.Function("f")(x)
    (problem,) = problems(start(unknown), misprint(sp.Function("g")(x), "odd"), eq(unknown))
    assert problem.startswith("this misprint is not refuted: ")


def test_correction_that_is_false_fails():
    (problem,) = problems(start(SQUARE), misprint(WRONG, "no middle term"), eq(x**2 + x + 1))
    assert problem.startswith("this correction is false: ")


@pytest.mark.parametrize(
    "after",
    [[], [misprint(WRONG - 1, "again")], [start(x), eq(x)], [via(EXPANDED)]],
    ids=["end", "misprint", "start", "only via"],
)
def test_misprint_without_correction_is_no_claim(after):
    with pytest.raises(ClaimError, match="followed by its correction"):
        judged(start(SQUARE), misprint(WRONG, "no middle term"), *after)


def test_chain_goes_on_from_the_correction():
    steps = [start(SQUARE), misprint(WRONG, "no middle term"), eq(EXPANDED)]
    assert judged(*steps, eq(x * (x + 2) + 1)).ok
    assert not judged(*steps, eq(1 + x**2)).ok


def test_chain_may_go_on_from_the_misprint():
    steps = [start(SQUARE), misprint(WRONG, "no middle term", then="printed"), eq(EXPANDED)]
    assert judged(*steps, eq(1 + x**2)).ok
    assert not judged(*steps, eq(x * (x + 2) + 1)).ok


def test_misprint_of_an_inequality():
    assert judged(start(x**2), misprint(gt(0), "x may be 0"), ge(0)).ok
    assert not judged(start(x**2 + 1), misprint(gt(0), "x may be 0"), ge(0)).ok


def test_misprint_needs_a_reason_and_a_printed_line():
    with pytest.raises(ValueError, match="say what went wrong"):
        misprint(WRONG, " ")
    with pytest.raises(ValueError, match="via is not a printed line"):
        misprint(via(WRONG), "why")


@pytest.mark.parametrize(
    ("step", "holds"),
    [
        (le(x**2), True),
        (le(0), False),
        (ge(0), True),
        (ge(1), False),
        (lt(x**2 + 1), True),
        (lt(x**2), False),
        (gt(-1), True),
        (gt(0), False),
    ],
)
def test_inequalities_read_from_the_line_before(step, holds):
    assert judged(start(x**2), step).ok is holds


def test_via_is_judged_but_is_no_printed_line():
    result = judged(start(SQUARE), via(x * (x + 2) + 1), eq(EXPANDED))
    assert result.ok
    assert result.steps[0].row_id == ""
    (problem,) = problems(start(SQUARE), via(WRONG), eq(x**2 + 1))
    assert problem.startswith("this line of our own is false")


def test_symbols_carry_their_assumptions():
    assert judged(start(sp.Abs(p)), eq(p)).ok
    assert not judged(start(sp.Abs(x)), eq(x)).ok


def test_given_holds_along_the_chain():
    steps = [eq(x), eq(x + 0)]
    assert judged(start(sp.Abs(x)), *steps).failures[0].verdict.refuted
    assert not any(
        step.verdict.refuted for step in judged(start(sp.Abs(x), given=[x > 0]), *steps).steps
    )


def test_implies_by_a_factor():
    premise = sp.Eq(2 * x, 6 * y, evaluate=False)
    half = sp.Rational(1, 2)
    assert judged(start(premise), implies(sp.Eq(x, 3 * y), by=half)).ok
    assert not judged(start(premise), implies(sp.Eq(x, 2 * y), by=half)).ok


def test_implies_follows_from_the_statement_just_made():
    steps = [start(2 * x + x), eq(3 * x)]
    conclusion = sp.Eq(6 * x, 2 * x + 4 * x, evaluate=False)
    assert judged(*steps, implies(conclusion, by=2)).ok


def test_implies_turns_an_inequality_by_no_negative_factor():
    premise = sp.Le(x, y)
    assert judged(start(premise), implies(sp.Le(2 * x, 2 * y), by=2)).ok
    assert not judged(start(premise), implies(sp.Le(-x, -y), by=-1)).ok


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ([start(x), implies(sp.Eq(x, y))], "no relation before"),
        ([start(sp.Eq(x, y)), implies(x)], "implies takes a relation"),
        ([start(sp.Eq(x, y)), eq(x)], "go on with implies"),
        ([start(sp.Eq(x, y)), implies(sp.Le(x, y), by=1)], "relations of one kind"),
        ([eq(x)], "begins with start"),
        ([start(x)], "nothing follows this start"),
        ([], "no printed line"),
        ([start(x), 3], "yield a line"),
    ],
)
def test_misuse_is_named(steps, message):
    with pytest.raises(ClaimError, match=message):
        judged(*steps)


@pytest.mark.parametrize(
    ("value", "printed", "holds"),
    [
        (sp.Rational(1, 3), "0.333", True),
        (sp.Rational(1, 3), "0.33", True),
        (sp.Rational(2, 3), "0.666", False),
        (sp.Rational(2, 3), "0.667", True),
        (sp.exp(1), "2.718", True),
        (sp.exp(1), "2.719", False),
        (sp.exp(-5), "6.74e-3", True),
        (sp.exp(-5), "6.73e-3", False),
        (-sp.pi, "-3.1416", True),
        (-sp.pi, "-3.1415", False),
    ],
)
def test_rounds_is_within_half_a_unit_of_the_last_place(value, printed, holds):
    result = judged(start(value), rounds(printed))
    assert result.ok is holds
    assert printed in result.steps[0].latex


def test_rounds_takes_a_decimal():
    with pytest.raises(ValueError, match="finite decimal"):
        rounds("1/3")
    with pytest.raises(ValueError, match="finite decimal"):
        rounds("nan")


def test_supported_is_neither_more_nor_less():
    (problem,) = problems(start(SQUARE), eq(EXPANDED, supported="too hard"))
    assert "supported= is no longer needed" in problem
    (problem,) = problems(start(SQUARE), eq(WRONG, supported="too hard"))
    assert "is false" in problem


def test_printed_lines_match_the_rows_one_to_one():
    lines = [start(x)] + [eq(x)] * len(ledger.steps_of("XU-3"))
    result = judged(*lines, ids=("XU-3", "XU-13"))
    assert [step.row_ids for step in result.steps] == [
        ("XU-3.s1", "XU-3", "XU-13"),
        ("XU-3.s2", "XU-3", "XU-13"),
    ]
    with pytest.raises(ClaimError, match=r"XU-3 has 2 printed lines .* this claim has 3"):
        judged(*lines, eq(x), ids=("XU-3",))


def test_misprint_and_correction_count_as_one_line():
    result = judged(
        start(SQUARE), misprint(WRONG, "no middle term"), eq(EXPANDED), eq(SQUARE), ids=("XU-3",)
    )
    assert [step.row_id for step in result.steps] == ["XU-3.s1", "XU-3.s1", "XU-3.s2"]


def test_listed_lines_match_one_to_one():
    ids = ("XU-3.s1", "XU-3.s2")
    result = judged(start(x), eq(x), eq(x), ids=ids)
    assert tuple(step.row_id for step in result.steps) == ids
    with pytest.raises(ClaimError, match="2 printed lines"):
        judged(start(x), eq(x), ids=ids)


def test_chain_false_leaves_the_lines_to_others():
    assert [step.row_id for step in judged(start(x), eq(x), ids=("XU-3",), chain=False).steps] == [
        "XU-3"
    ]


def test_unknown_row_is_named():
    with pytest.raises(ClaimError, match="the ledger has no row XU-9999"):
        judged(start(x), eq(x), ids=("XU-9999",))


def fails_on_its_last_line():
    yield start(SQUARE)
    yield eq(EXPANDED)
    yield eq(
        WRONG,
    )


def test_failure_names_file_and_line():
    made = Claim(("XU-13",), fails_on_its_last_line, "claim", chain=True)
    (failure,) = verify(made).failures
    lines, first = inspect.getsourcelines(fails_on_its_last_line)
    assert failure.file == __file__
    assert failure.line == first + next(i for i, s in enumerate(lines) if "yield eq(\n" in s)


def raises_on_its_second_line():
    yield start(x)
    raise ZeroDivisionError("x is 0")


def test_crash_names_file_and_line():
    made = Claim(("XU-13",), raises_on_its_second_line, "claim", chain=True)
    with pytest.raises(ClaimError, match="ZeroDivisionError: x is 0") as caught:
        verify(made)
    _, first = inspect.getsourcelines(raises_on_its_second_line)
    assert (caught.value.file, caught.value.line) == (__file__, first + 2)


def test_function_that_yields_nothing_is_named():
    made = Claim(("XU-13",), lambda: None, "claim", chain=True)
    with pytest.raises(ClaimError, match="yields no lines"):
        verify(made)


@pytest.mark.parametrize("maker", [claim, run, definition])
def test_decorators_need_ids(maker):
    with pytest.raises(TypeError, match="needs the ids"):
        maker()
    with pytest.raises(TypeError, match="needs the ids"):
        maker(len)


def test_reasons_are_one_line_and_given_once():
    not_checkable({"A": "because"})
    with pytest.raises(ValueError, match="second time"):
        not_checkable({"A": "because"})
    with pytest.raises(ValueError, match="in one line"):
        not_checkable({"B": " "})

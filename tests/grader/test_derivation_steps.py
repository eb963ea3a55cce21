"""What counts as a step: jumps, padding, multiplying out; and what the credit table does."""

import re
from dataclasses import asdict
from pathlib import Path

import pytest
from sympy import IndexedBase, Symbol

from exercises.answers import Chain, Derivation
from exercises.core import Exercise
from exercises.credit import Credit
from grader.mark import mark_part
from grader.student import InProcess

t, x = Symbol("t", real=True), Symbol("x", real=True)
r = Symbol("r", positive=True)
SIGMOID = (
    "D(1/(1 + exp(-t)), t)",
    "exp(-t)/(1 + exp(-t))^2",
    "1/(1 + exp(-t))*(1 - 1/(1 + exp(-t)))",
    "sigma(t)*(1 - sigma(t))",
)
START, STEP, _, END = SIGMOID
ONE = "(sin(t)^2 + cos(t)^2)"


def part(chain, points=4, **options):
    ex = Exercise("A chain")
    ex.variant(lambda v: {})

    def value():
        """Q"""
        return chain if isinstance(chain, Chain) else Chain(chain)

    symbols = options.pop("symbols", (t, x, r))
    return ex.part(points=points, answer=Derivation("y", symbols, **options))(value)


def marked(asked, lines):
    return mark_part(asked, {}, InProcess({"y": "\n= ".join(lines)}))


def said(mark):
    return " | ".join(finding.message for finding in mark.findings)


PADDED = {
    "times one": [START, f"{START}*{ONE}", END],
    "the answer times one": [START, f"({END})*{ONE}", END],
    "plus nothing": [START, f"{START} + {ONE} - 1", END],
    "the answer plus nothing": [START, f"{END} + {ONE} - 1", END],
    "inside": [START, f"D(1/(1 + exp(-t)*{ONE}), t)", END],
    "twice": [START, f"{START}*{ONE}", f"{START}*(cosh(t)^2 - sinh(t)^2)", END],
    "half of both": [START, f"{START}/2 + ({END})/2", END],
    "there and back": [START, f"{START}*{ONE}", START, END],
    "an identity left undone": [START, f"({END})*D(t, t)", END],
    "a quotient that cancels": [START, f"({END})*(t^2 - 1)/((t - 1)*(t + 1))", END],
    "inside and outside": [START, f"D(1/(1 + exp(-t)*{ONE}), t)*{ONE}", END],
    "inside an exponent": [START, f"D(1/(1 + exp(-t*{ONE})), t)", END],
    "a constant to be differentiated": [START, f"D(1/(1 + exp(-t)) + {ONE}, t)", END],
    "added inside and taken off outside": [START, "D(t + 1/(1 + exp(-t)), t) - 1", END],
    "more of it taken off again": [START, f"(t + 1)*{START} - t*{START}", END],
    "squared and back": [START, f"(({START} + 1)^2 - ({START})^2 - 1)/2", END],
    "an integral over nothing": [START, f"int({START}, u, 0, 1)", END],
    "twice both": [START, "D(2/(2 + 2*exp(-t)), t)", END],
    "another way and back": [START, "D(exp(t)/(exp(t) + 1), t)", START, END],
    "after the end": [START, END, "sigma(t) - sigma(t)^2", END],
    "typed again": [START, START, END],
    "its size": [START, f"abs({END})", END],
    "the root of its square": [START, f"sqrt(({END})^2)", END],
    "less what is negative of it": [START, f"relu({END}) - relu(-({END}))", END],
    "a sum of one term": [START, f"sum({END}, i, 1, 1)", END],
    "a sum of terms of which one counts": [START, f"sum(delta(i, 1)*{END}, i, 1, 3)", END],
    "the mean of three": [START, f"sum({END}, i, 1, 3)/3", END],
    "a series that is 1": [START, f"sum(({END})/2^i, i, 1, oo)", END],
    "an integral over 0 to 1": [START, f"int(({END})*2*u, u, 0, 1)", END],
    "integrated and differentiated": [
        START,
        "D(int(sigma(u)*(1 - sigma(u)), u, 0, t), t)",
        END,
    ],
    "squares and their difference": [START, f"((({END}) + 1)^2 - (({END}) - 1)^2)/4", END],
    "twice less once": [START, f"2*({END}) - ({END})", END],
    "a name of its own": [f"a = {END}\n{START}", "a^2/a", END],
}


@pytest.mark.parametrize("case", PADDED)
def test_padding_earns_the_answer_and_no_working(case):
    mark = marked(part(SIGMOID), PADDED[case])
    assert (mark.points, mark.outcome) == (1, "partial"), said(mark)
    assert "the working is missing" in said(mark)
    assert "the model makes 3; show at least 2" in said(mark)


MEAN = "sum(x[j], j, 1, n)/n"
SQUARES = (
    f"sum((x[i] - {MEAN})^2, i, 1, n)",
    f"sum(x[i]^2, i, 1, n) - 2*{MEAN}*sum(x[i], i, 1, n) + n*({MEAN})^2",
    "sum(x[i]^2, i, 1, n) - sum(x[i], i, 1, n)^2/n",
)
SUMS = {
    "summed once": f"sum(sum((x[i] - {MEAN})^2, i, 1, n), k, 1, 1)",
    "integrated over 0 to 1": f"int(sum((x[i] - {MEAN})^2, i, 1, n), u, 0, 1)",
    "twice the end less once": f"2*({SQUARES[-1]}) - ({SQUARES[-1]})",
    "other names": f"sum((x[k] - {MEAN})^2, k, 1, n)",
    "another name inside": "sum((x[i] - sum(x[k], k, 1, n)/n)^2, i, 1, n)",
    "the difference turned round": f"sum(({MEAN} - x[i])^2, i, 1, n)",
    "twice and half": f"sum(2*(x[i] - {MEAN})^2, i, 1, n)/2",
    "added inside and taken off outside": (
        f"sum((x[i] - {MEAN})^2 + x[i], i, 1, n) - sum(x[i], i, 1, n)"
    ),
    "times one": f"sum((x[i] - {MEAN})^2*(sin(n)^2 + cos(n)^2), i, 1, n)",
}
OF_SUMS = {"symbols": (Symbol("n", integer=True, positive=True), IndexedBase("x", real=True))}


@pytest.mark.parametrize("case", SUMS)
def test_a_sum_written_otherwise_is_no_step(case):
    jump = marked(part(SQUARES, **OF_SUMS), [SQUARES[0], SQUARES[-1]]).points
    padded = marked(part(SQUARES, **OF_SUMS), [SQUARES[0], SUMS[case], SQUARES[-1]])
    assert padded.points == jump == 1, said(padded)


def test_a_square_multiplied_out_within_its_sum_is_a_step_where_the_sum_is_split_next():
    opened = f"sum(x[i]^2 - 2*x[i]*{MEAN} + ({MEAN})^2, i, 1, n)"
    lines = [SQUARES[0], opened, SQUARES[-1]]
    assert marked(part(SQUARES, **OF_SUMS), lines).points == 4
    slip = SQUARES[1].replace("+ n", "- n")
    assert marked(part(SQUARES, **OF_SUMS), [SQUARES[0], opened, slip]).points == 1 + 1 / 2


OTHER_WAYS = {
    "one line left out": [START, STEP, END],
    "another one left out": [START, SIGMOID[2], END],
    "a way of one's own": [START, "exp(t)/(1 + exp(t))^2", END],
    "padding between real steps": [START, f"{START}*{ONE}", STEP, END],
}


@pytest.mark.parametrize("case", OTHER_WAYS)
def test_real_steps_earn_the_working_by_any_way(case):
    mark = marked(part(SIGMOID), OTHER_WAYS[case])
    assert (mark.points, mark.outcome) == (4, "right"), said(mark)


def test_an_unfinished_sum_beside_the_answer_is_no_padding():
    mean = "sum(j*exp(-r)*r^j/factorial(j), j, 0, oo)"
    chain = (mean, "exp(-r)*sum(r^j/factorial(j - 1), j, 1, oo)", "r*exp(-r)*exp(r)", "r")
    own = [mean, "r*exp(-r)*sum(r^j/factorial(j), j, 0, oo)", "r"]
    assert marked(part(chain), own).points == 4
    padded = [mean, "r*(sin(r)^2 + cos(r)^2)", "r"]
    assert marked(part(chain), padded).points == 1


def limits_of(body):
    return rf"$$\frac{{d}}{{dt}} \frac{{1}}{{1 + e^{{-t}}}} = {body} = \sigma(t)(1 - \sigma(t))$$"


BETWEEN_LIMITS = (
    r"\left[ \sigma(t)(1 - \sigma(t)) u \right]_{u=0}^{u=1}",
    r"\left[ -\sigma(t)(1 - \sigma(t)) e^{-u} \right]_{u=0}^{u=\infty}",
    r"\left[ t \right]_{0}^{\sigma(t)(1 - \sigma(t))}",
)


@pytest.mark.parametrize("body", BETWEEN_LIMITS)
def test_the_answer_between_limits_is_no_working(body):
    mark = mark_part(part(SIGMOID), {}, InProcess({"y": limits_of(body)}))
    assert (mark.points, mark.outcome) == (1, "partial"), said(mark)


def test_an_integral_of_what_was_given_between_limits_is_working():
    chain = (
        "int(r*x*exp(-r*x), x, 0, oo)",
        "int(exp(-r*x), x, 0, oo)",
        "1/r",
    )
    own = r"$$\int_0^\infty r x e^{-r x} dx = \left[-\frac{e^{-r x}}{r}\right]_0^\infty = \frac1r$$"
    assert mark_part(part(chain), {}, InProcess({"y": own})).points == 4


def test_the_answer_multiplied_out_is_its_end():
    opened = [START, STEP, "sigma(t) - sigma(t)^2", END]
    assert marked(part(SIGMOID), opened).points == 4


def test_multiplying_out_is_a_step_where_the_model_does_it():
    start, middle, end = "(x + 1)*(x - 1)*(x + 2)", "(x^2 - 1)*(x + 2)", "x^3 + 2*x^2 - x - 2"
    asked = part((start, middle, end))
    assert marked(asked, [start, middle, end]).outcome == "right"
    assert marked(asked, [start, "(x + 1)*(x^2 + x - 2)", end]).outcome == "right"
    jump = marked(asked, [start, end])
    assert (jump.points, jump.outcome) == (1, "partial")
    assert "the working is missing" in said(jump)
    stopped = marked(asked, [start, middle])
    assert stopped.points < 4
    assert "not written as" in said(stopped)


def test_multiplying_out_is_none_where_the_model_does_not():
    start = "D((x + 1)^2/2, x)"
    asked = part((start, "(x + 1)*D(x + 1, x)", "x + 1"))
    assert marked(asked, [start, "(x + 1)*D(x + 1, x)", "x + 1"]).points == 4
    assert marked(asked, ["x + 1", "2*(x + 1) - x - 1", "x + 1"]).points == 1


def test_a_model_of_one_step_asks_for_one():
    mark = marked(part(("D(x^2, x)", "2*x")), ["D(x^2, x)", "2*x"])
    assert (mark.points, mark.outcome) == (4, "right")


def test_a_long_model_asks_for_half_of_its_steps():
    terms = [f"D(x^{k}, x)" for k in range(1, 7)]
    done = ["1", "2*x", "3*x^2", "4*x^3", "5*x^4", "6*x^5"]
    model = [" + ".join([*done[:k], *terms[k:]]) for k in range(7)]
    asked = part(model)
    assert marked(asked, model).outcome == "right"
    assert marked(asked, [model[0], model[2], model[4], model[6]]).outcome == "right"
    two = marked(asked, [model[0], model[3], model[6]])
    assert two.points == 1 + 3 / 2  # one line between where two are asked for
    assert "this makes 2 steps (the model makes 6; show at least 3)" in said(two)


def test_a_wrong_line_after_the_answer_gives_no_working_back():
    jumped = marked(part(SIGMOID), [START, END, f"2*{END}", END])
    assert jumped.points <= 1
    assert marked(part(SIGMOID), [START, END, f"2*{END}"]).points == 0


def test_every_wrong_line_has_its_witness_and_its_slip():
    lines = [START, "-exp(-t)/(1 + exp(-t))^2", "-2*exp(-t)/(1 + exp(-t))^2"]
    first, second = (f for f in marked(part(SIGMOID), lines).findings if f.severity == "wrong")
    assert (first.line, second.line) == (2, 3)
    assert all("at t = " in f.witness and f.diagnosis for f in (first, second))
    assert "2 times" in second.diagnosis or "factor" in second.diagnosis


def test_a_slip_in_one_line_costs_one_step():
    mark = marked(part(SIGMOID), [START, "-exp(-t)/(1 + exp(-t))^2", SIGMOID[2], END])
    assert "says the same as line 1: so only line 2 is to be mended" in said(mark)
    assert mark.points == 1 + 3 * 2 / 3


def test_a_right_line_behind_a_slip_is_not_told_how_to_copy_the_slip():
    mark = marked(part(SIGMOID), [START, "-exp(-t)/(1 + exp(-t))^2", SIGMOID[2], END])
    slip, right = (f for f in mark.findings if f.severity == "wrong")
    assert "sign" in slip.diagnosis
    assert right.line == 3
    assert not right.diagnosis


def test_padding_is_named_where_it_leaves_the_working_short_and_not_elsewhere():
    short = marked(part(SIGMOID), [START, f"{START}*{ONE}", END])
    assert "not counted as a step" in said(short)
    whole = marked(part(SIGMOID), [START, f"{START}*{ONE}", *SIGMOID[1:]])
    assert (whole.points, said(whole)) == (4, "")


def test_a_line_that_goes_back_past_nonsense_costs_a_step_more():
    mark = marked(part(SIGMOID), [START, STEP, "cosh(t^3)", END])
    assert "says the same as line 2: look between" in said(mark)
    assert mark.points == 1 + 3 * 1 / 3


def test_collecting_terms_is_a_step():
    model = ("(x - 3*t)*(x + t)", "x^2 + x*t - 3*x*t - 3*t^2", "x^2 - 2*x*t - 3*t^2")
    mark = marked(part(model), list(model))
    assert (mark.points, mark.outcome) == (4, "right"), said(mark)
    padded = [model[0], "x^2 - 2*x*t - 3*t^2 + x*t - x*t", model[-1]]
    assert marked(part(model), padded).points == 1


def test_lines_are_kept_with_how_they_were_marked():
    mark = marked(part(SIGMOID), [START, "-exp(-t)/(1 + exp(-t))^2", "-sigma(t)*(1 - sigma(t))"])
    assert [(line.number, line.relation, line.outcome) for line in mark.lines][:2] == [
        (1, "", "right"),
        (2, "=", "wrong"),
    ]
    assert mark.lines[1].text == "-exp(-t)/(1 + exp(-t))^2"


CREDITS = {
    "half for the answer": (Credit(answer=0.5), [START, END], 2),
    "nothing for the answer": (Credit(answer=0), [START, END], 0),
    "unfinished counts in full": (Credit(unfinished=1), [START, STEP, SIGMOID[2]], 3 * 2 / 3),
    "unfinished counts half": (Credit(unfinished=0.5), [START, STEP, SIGMOID[2]], 3 * 1 / 3),
    "unfinished counts nothing": (Credit(unfinished=0), [START, STEP, SIGMOID[2]], 0),
    "another form counts": (
        Credit(other_form=0.5, unfinished=0),
        [START, STEP, "sigma(t)*sigma(-t)"],
        0.5,
    ),
    "one step is enough": (Credit(least_steps=1), [START, END], 4),
    "three steps are asked for": (Credit(least_steps=3), [START, STEP, END], 1 + 3 / 2),
    "whole points": (Credit(unit=1, unfinished=0.5), [START, STEP, SIGMOID[2]], 1),
}


@pytest.mark.parametrize("case", CREDITS)
def test_the_credit_table_is_the_exercises_own(case):
    credit, lines, points = CREDITS[case]
    assert marked(part(SIGMOID, credit=credit), lines).points == points


@pytest.mark.parametrize(
    "wrong", [{"answer": 1.5}, {"unfinished": -0.1}, {"least_steps": -1}, {"unit": 0}]
)
def test_a_credit_table_is_checked(wrong):
    with pytest.raises(ValueError, match=f"Credit: {next(iter(wrong))}"):
        Credit(**wrong)


def test_the_table_that_is_printed_is_the_one_that_is_used():
    rows = {why.split(",")[0]: points for points, why in Credit(answer=0.5).rows(4, 3)}
    assert rows["the end"] == "2"
    assert rows["the working"] == "2"
    jump = marked(part(SIGMOID, credit=Credit(answer=0.5)), [START, END])
    assert jump.points == float(rows["the end"])


def test_the_documented_table_is_the_default_one():
    text = (Path(__file__).parents[2] / "grader" / "README.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| (\w+) \| ([0-9.]+) \|", text, re.M))
    assert {name: float(value) for name, value in rows.items()} == asdict(Credit())


def test_the_student_is_told_how_many_steps_are_asked_for():
    assert "Show 2 steps or more" in part(SIGMOID).instruction({})
    assert "steps or more" not in part(("D(x^2, x)", "2*x")).instruction({})


DOMAINS = {
    "division": (["D(x^3/3, x)", "x^3/x", "x^2"], "line 2", "x = 0"),
    "cancelled as typed": (["D(x^3/3, x)", "D(x, x)*x^2", "(x/x)*x^2", "x^2"], "line 3", "x = 0"),
    "logarithm": (["D(x^2/2, x)", "exp(log(x))", "x"], "line 2", "x = 0"),
    "root": (["D(x^3/3, x)", "sqrt(x)^2*x", "x^2"], "line 2", "x = -1"),
    "a negative power": (["D(x^2/2, x)", "x^2*x^(-1)", "x"], "line 2", "x = 0"),
    "two symbols": (["D(x*t, x)", "t*(x - t)/(x - t)", "t"], "line 2", "t = 3, x = 3"),
}


@pytest.mark.parametrize("case", DOMAINS)
def test_a_point_that_is_lost_is_named(case):
    lines, where, point = DOMAINS[case]
    mark = marked(part((lines[0], lines[-1])), lines)
    assert mark.points == 4, said(mark)
    before = f"line {int(where.split()[1]) - 1}"
    assert f"{where} is not defined at {point}; {before} is" in said(mark)


NOTHING_LOST = {
    "a positive symbol": ({}, ["D(r^2/2, r)", "r^2/r", "r"]),
    "an assumption": ({"given": (x > 0,)}, ["D(x^2/2, x)", "x^2/x", "x"]),
    "undefined before, too": ({}, ["D(log(x), x)", "1/x"]),
    "never zero": ({}, ["D(x, x)", "(1 + x^2)/(1 + x^2)", "1"]),
    "a bound variable": ({}, ["D(x, x)", "int(1/t^2, t, 1, oo)", "1"]),
}


@pytest.mark.parametrize("case", NOTHING_LOST)
def test_no_point_is_lost_where_none_is(case):
    options, lines = NOTHING_LOST[case]
    mark = marked(part((lines[0], lines[-1]), **options), lines)
    assert mark.points == 4, said(mark)
    assert "not defined" not in said(mark)


@pytest.mark.parametrize("between", [["0"], ["cosh(t^3)"], ["0", "1"], ["t - t"], ["cosh("]])
def test_nonsense_before_the_answer_earns_no_more_than_the_answer_alone(between):
    jump = marked(part(SIGMOID), [START, END]).points
    assert marked(part(SIGMOID), [START, *between, END]).points <= jump


@pytest.mark.parametrize("line", [f"2*{END} - {END}", f"1 - (1 - {END})"])
def test_the_answer_added_and_taken_off_is_no_step(line):
    jump = marked(part(SIGMOID), [START, END])
    assert marked(part(SIGMOID), [START, line, END]).points == jump.points == 1

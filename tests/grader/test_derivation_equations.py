"""Chains of equations: equivalences, implications, and solutions that are lost or gained."""

import time

import pytest
from sympy import Symbol

from derivations import ParseError, parse_equations
from exercises.answers import Chain, Derivation
from exercises.core import Exercise
from exercises.credit import Credit
from exercises.discover import exercise
from grader.mark import mark_part
from grader.student import InProcess

x = Symbol("x", real=True)
p = Symbol("p", positive=True)
QUADRATIC = Chain(("x^2 - 5*x = -6", "(x - 2)*(x - 3) = 0", "(x - 5/2)^2 = 1/4"), arrow="<=>")


def part(chain, **options):
    ex = Exercise("Equations")
    ex.variant(lambda v: {})

    def value():
        """Q"""
        return chain

    return ex.part(points=4, answer=Derivation("y", (x, p), **options))(value)


def marked(chain, text, **options):
    return mark_part(part(chain, **options), {}, InProcess({"y": text}))


def said(mark):
    return " | ".join(finding.message for finding in mark.findings)


COIN = exercise("estimators.coin_solved").parts[0]
SLOPE = "D(3*log(p) + 2*log(1 - p), p) = 0"


def coin(*lines):
    return mark_part(COIN, {"heads": 3, "tails": 2}, InProcess({"coin_solved": "\n".join(lines)}))


COINS = {
    "the model's way": (
        [SLOPE, "<=> 3/p - 2/(1 - p) = 0", "<=> 3*(1 - p) = 2*p", "<=> p = 3/5"],
        4,
    ),
    "as implications": ([SLOPE, "=> 3/p = 2/(1 - p)", "=> 3 - 3*p = 2*p", "=> p = 3/5"], 4),
    "other signs": ([SLOPE, "⇔ 2/(1 - p) = 3/p", "⟹ 3/5 = p"], 4),
    "times p, which is positive": (
        [SLOPE, "<=> 3/p - 2/(1 - p) = 0", "<=> 3 - 2*p/(1 - p) = 0", "<=> p = 3/5"],
        4,
    ),
    "in one step": ([SLOPE, "<=> p = 3/5"], 1),
    "by what is always true": ([SLOPE, "=> 0 = 0", "=> p = 3/5"], 1),
    "by a name for itself": ([SLOPE, "=> p = p", "=> p = 3/5"], 1),
    "by a line that nobody doubts": ([SLOPE, "=> p > 0", "=> p = 3/5"], 1),
    "what is always true, and no end": ([SLOPE, "=> 0 = 0", "=> 1 = 1"], 0),
    "what nobody doubts, and no end": ([SLOPE, "=> p > 0", "=> p + 1 > 1"], 0),
    "one added on both sides": ([SLOPE, f"<=> 1 + {SLOPE[:-4]} = 1", "<=> p = 3/5"], 1),
    "from the answer": (["p = 3/5", "<=> 5*p = 3", "<=> p = 3/5"], 1),
    "dressed up": ([SLOPE, "<=> D(3*log(p) + 2*log(1 - p), p)*(sin(p)^2 + cos(p)^2) = 0",
                    "<=> p = 3/5"], 1),
    "not solved": ([SLOPE, "<=> 3/p - 2/(1 - p) = 0", "<=> 5*p = 3"], 2),
    "one sign wrong, then carried on": (
        [SLOPE, "<=> 3/p + 2/(1 - p) = 0", "<=> 3*(1 - p) = -2*p", "<=> p = 3"],
        2,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", COINS)
def test_a_coin_solved_for(case):
    lines, points = COINS[case]
    mark = coin(*lines)
    assert mark.points == points, said(mark)
    assert (mark.outcome == "right") == (points == 4)


def test_a_wrong_line_has_the_solution_that_refutes_it_and_the_slip():
    first = coin(*COINS["one sign wrong, then carried on"][0]).findings[0]
    assert first.message == "line 2 does not follow from line 1"
    assert first.witness == "at p = 3/5 line 1 holds, line 2 does not"
    assert "sign" in first.diagnosis


def test_an_equivalence_that_is_an_implication_says_which_solution_is_gained():
    chain = Chain(("x = 2", "2*x = 4", "x^2 = 4"), arrow="=>")
    mark = marked(chain, "x = 2\n=> 2*x = 4\n<=> x^2 = 4")
    assert "line 3 follows from line 2, but not the other way round: x = -2 is gained" in said(mark)
    assert mark.points == 1 + 3 * (1 - 0.5 / 2)  # half of one of two steps is lost
    assert marked(chain, "x = 2\n=> 2*x = 4\n=> x^2 = 4").outcome == "right"
    strict = marked(chain, "x = 2\n=> 2*x = 4\n<=> x^2 = 4", credit=Credit(one_way=1))
    assert strict.points == 1 + 3 * 0.5


@pytest.mark.parametrize("arrow", ["<=>", "=>"])
def test_dividing_loses_a_solution(arrow):
    chain = Chain(("x^2 = 3*x", "x*(x - 3) = 0", "(x - 3/2)^2 = 9/4"), arrow="<=>")
    mark = marked(chain, f"x^2 = 3*x\n{arrow} x = 3")
    wrong = mark.findings[0]
    assert wrong.message.startswith("line 2 does not follow from line 1: dividing by ")
    assert "loses the solution x = 0" in wrong.message
    assert wrong.witness == "at x = 0 line 1 holds, line 2 does not"


def test_taking_one_root_loses_the_other():
    mark = marked(Chain(("x^2 = 4", "x^2 - 4 = 0"), arrow="<=>"), "x^2 = 4\n<=> x = 2")
    assert mark.findings[0].witness == "at x = -2 line 1 holds, line 2 does not"


def test_an_assumption_makes_an_equivalence():
    chain = Chain(("x^2 = 3*x", "x = 3"), arrow="<=>")
    assert marked(chain, "x^2 = 3*x\n<=> x = 3", given=(x > 0,)).outcome == "right"
    assert marked(chain, "x^2 = 3*x\n<=> x = 3").outcome != "right"


def test_an_equation_that_is_not_decided_is_not_called_wrong():
    chain = Chain(("sin(x) + x = x^2", "sin(x) = x^2 - x"), arrow="<=>")
    mark = marked(chain, "sin(x) + x = x^2\n=> cos(sin(x) + x) = cos(x^2)")
    (finding,) = (f for f in mark.findings if f.line == 2 and f.verdict)
    assert finding.severity == "not-checked"
    assert finding.message.startswith("line 2 was not checked")
    assert mark.flagged


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x^2 - 5*x", "an equation is expected"),
        ("x = 1, x = 2", "begin the next equation with <=>"),
        ("<=> x = 1", "the first line is the start"),
        ("x = 1 <=>", "ends"),
        ("2*x = 1 + 3 = 4 = 8/2", "this line has another relation"),
        ("", "no formula"),
    ],
)
def test_what_is_no_chain_of_equations_is_refused(text, words):
    with pytest.raises(ParseError) as caught:
        parse_equations(text, {"x": x})
    assert words in str(caught.value)


def test_a_slope_worked_out_and_set_to_zero_in_one_line_is_read_as_both():
    mark = coin(f"{SLOPE[:-4]} = 3/p - 2/(1 - p) = 0", "=> 3*(1 - p) = 2*p", "=> p = 3/5")
    assert (mark.points, mark.outcome) == (4, "right"), said(mark)
    assert [line.text for line in mark.lines][:2] == [
        f"{SLOPE[:-4]} = 3/p - 2/(1 - p) = 0",
        "3/p - 2/(1 - p) = 0",
    ]
    wrong = coin(f"{SLOPE[:-4]} = 3/p + 2/(1 - p) = 0", "=> 3*(1 - p) = 2*p", "=> p = 3/5")
    assert [line.outcome for line in wrong.lines][:2] == ["right", "wrong"]


def test_an_unreadable_line_keeps_what_came_before():
    mark = marked(QUADRATIC, "x^2 - 5*x = -6\n<=> (x - 2)*(x - 3) = 0\n<=> x = 2 or x = 3")
    assert "line 3 cannot be read" in said(mark)
    assert 0 < mark.points < 4


def test_a_chain_of_equations_is_checked():
    with pytest.raises(ValueError, match="the arrow is"):
        Chain(("x = 1", "x = 2"), arrow="->")


def test_the_instruction_says_which_sign_and_what_is_given():
    said = COIN.instruction({"heads": 3, "tails": 2})
    assert "`<=>`" in said
    assert "`p < 1`" in said


def test_what_grows_when_it_is_worked_on_costs_no_more_than_its_time():
    large = "*".join(f"(x + {k}*p)^8" for k in range(1, 20))
    began = time.process_time()
    mark = marked(QUADRATIC, f"{large}*(x^2 - 1) = 0\n<=> {large}*(x + 1) = 0")
    assert time.process_time() - began < 10
    assert mark.points == 0
    assert mark.flagged
    assert "not checked" in said(mark)


def test_an_equation_that_the_assumptions_rule_out_is_marked_like_any_other():
    model = Chain(("3/p - 6/(1 - p) = 0", "3*(1 - p) = 6*p", "p = 1/3"), arrow="<=>")
    lines = ["3/p - 6/(1 - p) = 0", "3*(1 - p) + 6*p = 0", "3*p + 3 = 0", "p = -1"]  # p > 0
    mark = marked(model, "\n<=> ".join(lines))
    assert mark.outcome == "partial", said(mark)
    assert [line.outcome for line in mark.lines] == ["right", "wrong", "right", "right"]

"""What a slip costs in the derivations of the bank, wherever it is made and however it goes on."""

from fractions import Fraction
from functools import cache
from itertools import pairwise

import pytest

from derivations import parse_chain
from exercises.answers import Derivation
from exercises.discover import exercise, exercises
from grader.mark import mark_part
from grader.student import InProcess

SLIPS = {"sign": "-({})", "factor": "2*({})"}


def chains():
    """The derivations whose lines are joined by =, and how many there are of all kinds."""
    parts = [
        part
        for item in exercises()
        for part in item.parts
        if isinstance(part.answer, Derivation) and not reference(part).equations
    ]
    return {part.id: part for part in parts}


@cache
def reference(part):
    return part.reference(part.exercise.draw("1"))


def marked(part, lines):
    text = f"\n{reference(part).arrow} ".join(lines)
    return mark_part(part, part.exercise.draw("1"), InProcess({part.name: text}))


CHAINS = chains()
# Infinite sums and integrals take the kernel longest, and are marked as the others are.
QUICK = [name for name, part in CHAINS.items() if "oo" not in reference(part).text][::2]


def test_there_are_enough_chains_to_tell():
    assert len(CHAINS) >= 15


@pytest.mark.parametrize("name", CHAINS)
def test_a_slip_carried_on_costs_the_same_wherever_it_is_made(name):
    part, lines = CHAINS[name], reference(CHAINS[name]).lines
    slip = SLIPS["sign" if len(name) % 2 else "factor"]
    read = parse_chain("\n= ".join(lines), part.answer.names)
    steps = sum(bool(a.terms) or a.expression != b.expression for a, b in pairwise(read))
    share = part.points * Fraction(3, 4) * (steps - 1) / steps
    for k in (1, len(lines) - 2, len(lines) - 1):
        mark = marked(part, [*lines[:k], *(slip.format(line) for line in lines[k:])])
        assert mark.points == int(share * 4) / 4, (k, [f.message for f in mark.findings])


@pytest.mark.parametrize("name", QUICK)
def test_to_stop_earns_less_than_to_go_on_and_a_wrong_line_adds_nothing(name):
    part, lines = CHAINS[name], reference(CHAINS[name]).lines
    last = len({line.expression for line in parse_chain("\n= ".join(lines), part.answer.names)})
    sound = [marked(part, lines[:k]).points for k in range(1, last)]
    assert sound == sorted(sound)
    assert sound[0] == 0 < sound[1]
    assert sound[-1] < marked(part, lines).points == part.points
    for k in range(1, last - 1):
        slips = [SLIPS["factor"].format(line) for line in lines[k:]]
        stopped = marked(part, [*lines[:k], slips[0]]).points
        carried = marked(part, [*lines[:k], *slips]).points
        assert stopped <= sound[k - 1], k
        assert stopped <= carried, k
        assert 0 < carried <= sound[-1], k


DECOMPOSED = CHAINS["estimators.biased_variance.chain"]
MEAN = "sum(x[j], j, 1, n)/n"
OPENED = f"sum(x[i]^2 - 2*x[i]*{MEAN} + ({MEAN})^2, i, 1, n)"
SPLIT = f"sum(x[i]^2, i, 1, n) - 2*{MEAN}*sum(x[i], i, 1, n) + n*({MEAN})^2"
BY_HAND = {
    "opened": ([OPENED], 1.5),
    "opened, then a slip": ([OPENED, SPLIT.replace("+ n", "- n")], 1.5),
    "opened, a slip, and on to the end": (
        [OPENED, SPLIT.replace("+ n", "- n"), "sum(x[i]^2, i, 1, n) - 3*sum(x[i], i, 1, n)^2/n"],
        2,
    ),
    "opened with a slip, and on to the end": (
        [
            OPENED.replace("2*", ""),
            SPLIT.replace("2*", ""),
            "sum(x[i]^2, i, 1, n)",
        ],
        2,
    ),
    "a sum from 0 for 1": ([SPLIT.replace("(x[i], i, 1", "(x[i], i, 0")], 0),
}


@pytest.mark.parametrize("case", BY_HAND)
def test_a_decomposition_by_hand(case):
    lines, points = BY_HAND[case]
    mark = marked(DECOMPOSED, [reference(DECOMPOSED).start, *lines])
    assert mark.points == points, [f.message for f in mark.findings]


def test_a_slip_in_the_first_index_is_named_in_the_notation_that_is_typed():
    start = reference(DECOMPOSED).start
    mark = marked(DECOMPOSED, [start, start.replace("i, 1, n", "i, 0, n")])
    assert mark.findings[0].diagnosis == "an index: the sum over i should begin at 1, not at 0"


SIGMOID = exercise("activations.sigmoid_derivative").parts[0]
ONE = "(sin(t)^2 + cos(t)^2)"


@pytest.mark.parametrize(
    "lines",
    [
        ["2*{start}", "2*{end}"],
        ["2*{end}", "2*{end} + t - t"],
        [f"2*{{end}}*{ONE}", "2*{end}"],
        ["sin(2*t)", "2*sin(t)*cos(t)"],
        ["0", f"1 - {ONE}"],
        ["cosh(t)^2", "1 + sinh(t)^2", "cosh(2*t)/2 + 1/2"],
    ],
)
def test_nothing_is_earned_by_a_wrong_answer_however_it_is_dressed(lines):
    chain = reference(SIGMOID)
    given = [chain.start, *(x.format(start=chain.start, end=chain.end) for x in lines)]
    assert marked(SIGMOID, given).points == 0

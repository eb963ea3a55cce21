"""Derivations on expectations, marked line by line: what does not follow, and what is said."""

import pytest
from sympy import Symbol

from derivations.random import independent, random
from exercises.answers import Chain, Derivation, Expression
from exercises.core import Exercise
from exercises.discover import exercise
from grader.mark import mark_part
from grader.student import InProcess

X, Y = random("X"), random("Y")
c = Symbol("c", real=True)
VARIANCE = (
    "Var(X)",
    "E((X - E(X))^2)",
    "E(X^2 - 2*X*E(X) + E(X)^2)",
    "E(X^2) - 2*E(X*E(X)) + E(X)^2",
    "E(X^2) - E(X)^2",
)
SUM = ("Var(2*X - 3*Y + c)", "Var(2*X - 3*Y)", "Var(2*X) + Var(3*Y)", "4*Var(X) + 9*Var(Y)")


def marked(chain, lines, given=()):
    ex = Exercise("A chain")
    ex.variant(lambda v: {})

    @ex.part(points=4, answer=Derivation("y", (X, Y, c), given=given))
    def value():
        """Q"""
        return Chain(chain)

    text = lines if isinstance(lines, str) else "\n= ".join(lines)
    return mark_part(value, {}, InProcess({"y": text}))


def wrong(mark):
    return [finding for finding in mark.findings if finding.severity == "wrong"]


def test_the_model_earns_everything():
    assert marked(VARIANCE, VARIANCE).points == 4
    assert marked(SUM, SUM, (independent(X, Y),)).points == 4


def test_another_way_and_another_notation_earn_everything():
    by_covariance = ("Var(X)", "Cov(X, X)", "E[X*X] - E[X]*E[X]", "E[X^2] - E[X]^2")
    assert marked(VARIANCE, by_covariance).points == 4
    latex = r"""\begin{align*}
    \mathrm{Var}(X) &= \mathbb{E}\left[(X - \mathbb{E}[X])^2\right] \\
      &= \mathbb{E}[X^2 - 2X\,\mathbb{E}[X] + \mathbb{E}[X]^2] \\
      &= \mathbb{E}[X^2] - 2\,\mathbb{E}[X]\,\mathbb{E}[X] + \mathbb{E}[X]^2 \\
      &= \mathbb{E}[X^2] - \mathbb{E}[X]^2
    \end{align*}"""
    mark = marked(VARIANCE, latex)
    assert (mark.points, mark.outcome) == (4, "right")


def test_a_jump_and_padding_earn_the_answer_alone():
    for between in ([], ["Var(X) + E(X) - E(X)"], ["Var(X) + Cov(X, Y) - Cov(Y, X)"]):
        mark = marked(VARIANCE, [VARIANCE[0], *between, VARIANCE[-1]])
        assert mark.points == 1, between


@pytest.mark.parametrize(
    ("line", "diagnosis"),
    [
        ("E(X^2 - X*E(X) + E(X)^2)", "-X*E(X) should be 2 times what it is"),
        ("E(X^2 + 2*X*E(X) + E(X)^2)", "the term 2*X*E(X)"),
        ("E(X - E(X))^2", "E(X - E(X))^2 should be E((X - E(X))^2)"),
        ("E(X)^2 - E(X^2)", "the whole line should have the other sign"),
    ],
)
def test_a_slip_is_refuted_by_a_distribution_and_named(line, diagnosis):
    mark = marked(VARIANCE, [*VARIANCE[:2], line])
    first = wrong(mark)[0]
    assert first.line == 3
    assert first.witness.startswith("at X = ")
    assert " with probability " in first.witness
    assert "line 2 is " in first.witness
    assert diagnosis in first.diagnosis


def test_what_independence_allows_is_refuted_without_it():
    assert not wrong(marked(SUM, SUM, (independent(X, Y),)))
    first = wrong(marked(SUM, SUM))[0]
    assert first.line == 3
    assert first.witness.startswith("at (X, Y) = ")


def test_a_factor_of_a_variance_comes_out_squared():
    lines = [*SUM[:3], "2*Var(X) + 9*Var(Y)"]
    (slip,) = wrong(marked(SUM, lines, (independent(X, Y),)))
    assert slip.diagnosis == "2*Var(X) should be 4*Var(X)"


def test_that_means_exist_is_said_once():
    mark = marked(VARIANCE, VARIANCE)
    notes = [f for f in mark.findings if "expectations are finite" in f.message]
    assert [note.line for note in notes] == [2]


def test_a_point_that_a_line_loses_is_found_beside_declared_independence():
    lines = [*SUM[:3], "4*Var(X) + 9*Var(Y)*c/c"]
    mark = marked(SUM, lines, (independent(X, Y),))
    assert any("line 4 is not defined at c = 0" in f.message for f in mark.findings)
    lines[-1] = "4*Var(X) + 9*Var(Y)*X/X"
    mark = marked(SUM, lines, (independent(X, Y),))
    assert any("line 4 is not defined at X = 0" in f.message for f in mark.findings)


def test_nonsense_is_pointed_at_and_is_no_failure_of_ours():
    for text in ("Var(X) = E X", "Var(X) = E(X, Y)", "Var(X) = E(X | Y)", "Var(X) = Var"):
        mark = marked(VARIANCE, text)
        assert mark.points == 0
        assert mark.outcome == "wrong"
        assert "line 2 cannot be read" in wrong(mark)[-1].message
    unread = marked(VARIANCE, r"$\mathrm{Var}(X) = \mathbb{E}[X \mid Y]$")
    assert "not-checked" in {finding.severity for finding in unread.findings}


def test_a_large_power_costs_no_time_to_speak_of():
    mark = marked(VARIANCE, "Var(X) = E((X + Y + c)^100) - E((X*Y + Y^3)^60)")
    assert mark.outcome == "wrong"
    assert mark.seconds < 6


def test_a_formula_may_hold_them():
    ex = Exercise("A formula")
    ex.variant(lambda v: {})

    @ex.part(points=1, answer=Expression("y", (X,)))
    def value():
        """Q"""
        from derivations.random import E, Var

        return Var(X) + E(X) ** 2

    assert mark_part(value, {}, InProcess({"y": "E(X^2)"})).points == 1
    assert mark_part(value, {}, InProcess({"y": "E(X)^2"})).points == 0


def test_the_page_sets_a_wrong_line_as_a_formula():
    from grader.formats.page import formula

    part = exercise("probability.squares_on_average").parts[0]
    text = "\n= ".join([*VARIANCE[:2], "E(X^2) + E(X)^2"])
    mark = mark_part(part, {}, InProcess({part.name: text}))
    shown = [str(formula(mark, line)) for line in mark.lines]
    assert len(shown) == 3
    for page in shown[1:]:
        assert "<math" in page
        assert "&#x1D53C;" in page  # a double-struck E


def test_independence_is_said_in_the_question():
    part = exercise("probability.squares_on_average").parts[1]
    assert "for `X, Y independent`" in part.answer.instruction(part.reference({}))

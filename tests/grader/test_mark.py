"""Marking: what each kind of answer earns, and what is said about it."""

import numpy as np
import pytest
from sympy import Symbol, exp

from exercises.answers import Chain, Derivation, Expression
from exercises.core import Exercise
from exercises.discover import exercise
from grader import mark as marking
from grader.mark import mark_part
from grader.student import InProcess

SIGMOID = exercise("activations.sigmoid_derivative").parts[0]
TANH = exercise("activations.tanh_at").parts[0]
SOFTMAX = exercise("softmax.stable_softmax").parts[0]
LOSS, GRADIENT = exercise("softmax.cross_entropy_gradient").parts
START, STEP = "D(1/(1 + exp(-4t)), t)", "4 exp(-4t)/(1 + exp(-4t))^2"
END = "4 sigma(4t) (1 - sigma(4t))"

DERIVATIONS = {
    "full": ([START, STEP, END], 4, []),
    "one step to the answer": ([START, END], 1, ["working is missing"]),
    "from the answer": ([END, "4 sigma(4t) - 4 sigma(4t)^2", END], 1, ["working is missing"]),
    "only the start": ([START], 0, ["not written as"]),
    "a slip": ([START, STEP, "4 exp(4t)/(1+exp(-4t))^2", END], 3, ["line 3", "so only line 3"]),
    "a slip carried to the end": (
        [START, "exp(-4t)/(1 + exp(-4t))^2", "sigma(4t) (1 - sigma(4t))"],
        1.5,
        ["line 2 does not equal line 1", "end is not"],
    ),
    "nonsense between": ([START, "t", END], 1, ["line 2", "line 3"]),
    "another start": (["t", "t + 1 - 1 + sin(t) - sin(t)"], 0, ["must start", "not marked"]),
    "a start with a slip": (["D(1/(1 + exp(4t)), t)", "-4exp(4t)/(1+exp(4t))^2"], 1, ["start"]),
    "another form": ([START, STEP, "4 sigma(4t) sigma(-4t)"], 2, ["not written as"]),
    "an unknown name": ([START, STEP, "4 sigmaa(4t)"], 1.5, ["line 3 cannot be read"]),
    "an inequality": ([START, STEP, "<= 4"], 1.5, ["must follow with ="]),
}


def derivation(lines):
    text = "\n".join(
        line if line[0] in "<>" or not i else f"= {line}" for i, line in enumerate(lines)
    )
    return mark_part(SIGMOID, {"a": 4}, InProcess({"sigmoid_derivative": text}))


@pytest.mark.parametrize("case", DERIVATIONS)
def test_derivation(case):
    lines, points, said = DERIVATIONS[case]
    mark = derivation(lines)
    assert mark.points == points
    messages = " | ".join(finding.message for finding in mark.findings)
    assert all(words in messages for words in said), messages
    assert (mark.outcome == "right") == (points == 4)


def test_wrong_line_has_its_text_its_witness_and_the_slip():
    finding = derivation([START, "exp(-4t)/(1 + exp(-4t))^2", END]).findings[0]
    assert (finding.line, finding.text) == (2, "exp(-4t)/(1 + exp(-4t))^2")
    assert "at t = " in finding.witness
    assert "line 1 is" in finding.witness
    assert "4 times" in finding.diagnosis
    assert finding.verdict["status"] == "refuted"


def undecided(answer, reference):
    """A part whose right answer the kernel cannot judge: an unknown function's value."""
    ex = Exercise("Open")
    ex.variant(lambda v: {})

    def value():
        """Q"""
        return reference

    return ex.part(points=2, answer=answer)(value)


def test_what_the_kernel_cannot_judge_is_not_checked_and_never_wrong(monkeypatch):
    x = Symbol("x", real=True)
    part = undecided(Expression("y", (x,)), exp(x))
    from derivations import Verdict
    from grader.kinds import expression

    monkeypatch.setattr(
        expression, "decide", lambda *_: Verdict("unknown", "", reason="out of time")
    )
    mark = mark_part(part, {}, InProcess({"y": "exp(x) + 1"}))
    assert (mark.points, mark.outcome, mark.flagged) == (0, "not-checked", True)
    assert "not checked: " in mark.findings[0].message


def test_supported_earns_the_points_and_is_flagged(monkeypatch):
    t = Symbol("t", real=True)
    part = undecided(Derivation("y", (t,)), Chain(("2 sin(t) cos(t)", "sin(2t)")))
    from derivations import Verdict
    from grader.kinds import judging as kind

    monkeypatch.setattr(
        kind, "decide", lambda *_, **__: Verdict("supported", "8 points", reason="no proof")
    )
    mark = mark_part(part, {}, InProcess({"y": "2 sin(t) cos(t)\n= sin(2t)"}))
    assert mark.points == 2
    assert mark.flagged


def test_our_failure_is_called_ours(monkeypatch):
    monkeypatch.setattr(marking, "_judged", lambda *_: 1 / 0)
    mark = mark_part(TANH, {"a": 2, "b": 1}, InProcess({"tanh_gradient": "1"}))
    assert (mark.points, mark.outcome, mark.flagged) == (0, "failed", True)
    assert "not your fault" in mark.findings[0].message


@pytest.mark.parametrize(
    ("answer", "points", "said"),
    [
        ("2 (1 - tanh(2x + 1)^2)", 2, ""),
        ("2/cosh(2x + 1)^2", 2, ""),
        ("D(tanh(2x + 1), x)", 0, "carry out the derivative"),
        ("sum(x, i, 1, 2)", 0, "carry out the sum: the answer must not hold sum(...)"),
        ("int(x, x, 0, 1)", 0, "carry out the integral"),
        ("2 (1 - tanh(2y + 1)^2)", 0, "y is not known here"),
        ("2 (1 - tanh(2x - 1)^2)", 0, "not the answer"),
        (3.5, 0, "must be a string"),
        ("", 0, "left blank"),
    ],
)
def test_expression(answer, points, said):
    mark = mark_part(TANH, {"a": 2, "b": 1}, InProcess({"tanh_gradient": answer}))
    assert mark.points == points
    assert said in " ".join(finding.message for finding in mark.findings)


def softmax(function):
    return mark_part(SOFTMAX, {}, InProcess({"softmax": function}))


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (lambda z: z.tolist(), "returned a list; return a NumPy array"),
        (lambda z: 1.0, "returned a float; return a NumPy array"),
        (lambda z: z[..., :1], "the shape should be (2,)"),
        (lambda z: z * np.nan, "nan"),
        (lambda z: z, "returned another value"),
        (lambda z: np.array([None]), "an array of Python objects"),
        (lambda z: 1 / 0, "raised ZeroDivisionError: division by zero"),
        ("not a function", "must be a function; it is of type str"),
    ],
)
def test_code_that_is_wrong_says_how(function, said):
    mark = softmax(function)
    assert (mark.points, mark.outcome) == (0, "wrong")
    assert said in mark.findings[0].message


def test_code_shows_the_smallest_failing_input():
    finding = softmax(lambda z: z).findings[0]
    assert (finding.input, finding.expected, finding.given) == (
        "z = [0]",
        "[1]",
        "[0]",
    )


def test_code_cannot_change_the_inputs_that_are_compared():
    def cheat(z):
        z[...] = 0.0
        return np.full(z.shape, 1 / z.shape[-1])

    assert softmax(cheat).points == 0


def gradient(forward, backward):
    answers = {"cross_entropy": forward, "cross_entropy_gradient": backward}
    return mark_part(GRADIENT, {}, InProcess(answers))


def test_gradient_of_ones_own_forward_pass_earns_half():
    mark = gradient(lambda z, y: 3.0 * (z * y).sum(), lambda z, y, gradient: 3.0 * gradient * y)
    assert (mark.points, mark.outcome) == (1.5, "partial")
    assert "gradient of your cross_entropy" in mark.findings[0].diagnosis


@pytest.mark.parametrize(
    ("forward", "backward"),
    [
        (lambda z, y: float(z.sum()), lambda z, y, gradient: np.full_like(z, gradient)),
        (lambda z, y: float((z * z).sum() / 2), lambda z, y, gradient: gradient * z),
        (lambda z, y: float(z[0]), lambda z, y, gradient: gradient * (np.arange(len(z)) == 0.0)),
    ],
)
def test_gradient_of_an_easier_function_earns_nothing(forward, backward):
    assert gradient(forward, backward).points == 0


def test_gradient_of_the_right_forward_pass_for_small_inputs_only_earns_nothing():
    drop, part = exercise("regularization.soft_threshold").parts[1:]
    exact = part.reference({})

    def small_only(x, mask, p, gradient):
        return exact(x, mask, p, gradient) * (x.size <= 12)

    answers = {drop.name: drop.reference({}), part.name: small_only}
    mark = mark_part(part, {}, InProcess(answers))
    assert (mark.points, mark.outcome) == (0, "wrong")


def test_zero_gradient_of_a_constant_earns_nothing():
    mark = gradient(lambda z, y: 1.0, lambda z, y, gradient: 0.0 * z)
    assert mark.points == 0

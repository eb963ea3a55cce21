"""What `decide` promises of every question: total, in time, the same again, checked again."""

import random
import time

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from derivations import decide, natural, positive, real, sigmoid

x, y, a = real("x y a")
p, q = positive("p q")
n = natural("n")
ATOMS = (x, y, a, p, q, sp.Integer(2), sp.Integer(3), sp.S.Half)


def tree(size, draw):
    if size <= 1:
        return draw.choice(ATOMS)
    k, kind = draw.randint(1, size - 1), draw.random()
    if kind < 0.4:
        return tree(k, draw) + tree(size - k, draw)
    if kind < 0.75:
        return tree(k, draw) * tree(size - k, draw)
    inner = tree(size - 1, draw)
    return draw.choice([sp.exp(inner), sp.log(1 + inner**2), sp.sqrt(1 + inner**2)])


def unevaluated_tower():
    return sp.Pow(9, sp.Pow(9, 9, evaluate=False), evaluate=False)


HOSTILE = {
    "large power": lambda: ((x - a) ** 6000 + x, (a - x) ** 6000 + x),
    "tower": lambda: (unevaluated_tower(), sp.S.One),
    "gamma": lambda: (sp.gamma(p**q + 30) * p ** (p**q), sp.gamma(p**q)),
    "nested": lambda: (
        sp.sqrt(2 + sp.sqrt(3 + sp.sqrt(5 + sp.sqrt(7)))),
        sp.sqrt(2 + sp.sqrt(3 + sp.sqrt(5 + sp.sqrt(8)))),
    ),
    "sixth derivative": lambda: (
        sp.Derivative(sp.exp(sp.sin(x) ** 7 * sp.log(1 + x**2) ** 5), (x, 6)),
        x,
    ),
    "many cases": lambda: (
        sum(sp.Abs(x - k * y) for k in range(9)),
        2 * sum(sp.Abs(x - k * y) for k in range(9)),
    ),
    "integral": lambda: (
        sp.Integral(sp.exp(sp.sin(x**3) * sp.cos(x)) / (1 + x**5), (x, 0, 3)),
        sp.pi / 7,
    ),
    "300 nodes": lambda: (tree(300, random.Random(1)), tree(300, random.Random(2))),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_no_answer_long_after_the_budget(case):
    lhs, rhs = HOSTILE[case]()
    start = time.perf_counter()
    verdict = decide(lhs, rhs, budget=0.5)
    assert time.perf_counter() - start < 3  # a loaded machine; alone it is at most 0.55
    assert not verdict.reason.startswith("internal")


def test_a_timer_of_the_caller_survives():
    import signal

    rings = []
    before = signal.signal(signal.SIGPROF, lambda *_: rings.append(1))
    try:
        signal.setitimer(signal.ITIMER_PROF, 0.2)
        decide(x**2 - y**2, (x - y) * (x + y))
        until = time.process_time() + 0.4
        while time.process_time() < until:
            pass
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    assert rings == [1]


QUESTIONS = {
    "refuted": (sp.exp(x + y), sp.exp(x) + sp.exp(y)),
    "proved": (sp.exp(x + y), sp.exp(x) * sp.exp(y)),
    "integral": (sp.Integral(x * sp.exp(-p * x), (x, 0, sp.oo)), 1 / p**2),
    "series": (sp.Sum(n * q**n, (n, 1, 7)), q * sp.Derivative(sp.Sum(q**n, (n, 1, 7)), q)),
}


@pytest.mark.parametrize("case", QUESTIONS)
def test_the_same_again_and_checked_again(case):
    first, second = (decide(*QUESTIONS[case]) for _ in range(2))
    assert first.recheck()
    assert (first.status, first.method, first.witness) == (
        second.status,
        second.method,
        second.witness,
    )


def test_an_unknown_verdict_has_nothing_to_check():
    assert not decide(sp.Function("f")(x), sp.Function("g")(x)).recheck()


# Rewrites that are identities on the whole domain of these symbols.
SOUND = [
    lambda e: (e + 1) ** 2 - 2 * e - 1 - e**2 + e,
    lambda e: e * (1 + sp.exp(x)) - e * sp.exp(x),
    lambda e: sp.expand(e),
    lambda e: sp.factor_terms(e),
    lambda e: sp.together(e),
    lambda e: sp.log(sp.exp(e)) if e.is_real else e,
    lambda e: e * p / (q * p / q),
    lambda e: e + sigmoid(y) + sigmoid(-y) - 1,
    lambda e: e + sp.tanh(a) - (1 - 2 * sigmoid(-2 * a)),
]
UNSOUND = [
    lambda e: e + 1,
    lambda e: -e + sp.Rational(1, 7),
    lambda e: e + x / 100,
    lambda e: e * (1 + p / 50) + q / 50,
    lambda e: e + sigmoid(y) - sigmoid(-y) + sp.exp(y),
]
seeds = st.integers(0, 10**6)


def rewritten(e, draw, times):
    for _ in range(times):
        e = draw.choice(SOUND)(e)
    return e


@settings(max_examples=40, deadline=None)
@given(seeds)
def test_an_identity_is_never_refuted(seed):
    draw = random.Random(seed)
    e = tree(draw.randint(2, 7), draw)
    verdict = decide(e, rewritten(e, draw, 3), budget=0.5)
    assert not verdict.refuted, verdict
    assert not verdict.reason.startswith("internal")


@settings(max_examples=40, deadline=None)
@given(seeds)
def test_a_mutant_is_never_proved(seed):
    draw = random.Random(seed)
    e = tree(draw.randint(2, 7), draw)
    mutant = draw.choice(UNSOUND)(rewritten(e, draw, 2))
    verdict = decide(e, mutant, budget=0.5)
    assert not verdict.proved, verdict
    assert not verdict.reason.startswith("internal")


@pytest.mark.slow
@settings(max_examples=3000, deadline=None)
@given(seeds)
def test_identities_and_mutants_at_length(seed):
    draw = random.Random(seed)
    e = tree(draw.randint(2, 10), draw)
    assert not decide(e, rewritten(e, draw, 4), budget=0.5).refuted
    mutant = draw.choice(UNSOUND)(rewritten(e, draw, 3))
    assert not decide(e, mutant, budget=0.5).proved


BRANCHES = [
    (sp.sqrt(x**2 * y**2), x * y),
    (sp.log(x * y), sp.log(x) + sp.log(y)),
    ((x**2) ** sp.Rational(3, 2), x**3),
    (sp.log(x**2), 2 * sp.log(x)),
    (sp.sqrt(x) * sp.sqrt(y), sp.sqrt(x * y)),
    (sp.acos(sp.cos(x)), x),
    (sp.atan(sp.tan(x)), x),
    (sp.sqrt(1 / x), 1 / sp.sqrt(x)),
]


@pytest.mark.parametrize(("lhs", "rhs"), BRANCHES, ids=str)
def test_a_branch_is_never_lost(lhs, rhs):
    assert decide(lhs, rhs).refuted


@pytest.mark.parametrize("text", ["x**2", "__import__('os').getcwd()"])
def test_text_is_refused_and_never_evaluated(text):
    with pytest.raises(TypeError, match="read text with parse_expression"):
        decide(text, x)
    with pytest.raises(TypeError, match="must be an expression; got list"):
        decide(x, [x])

"""Finding the one change that mends a wrong line."""

import time

import pytest
import sympy as sp

from derivations import D, diagnose, natural, positive, real, sigmoid
from derivations.matrices import matrix

t, x, y = real("t x y")
p, q = positive("p q")
n, N = natural("n"), natural("N")
i, j = sp.symbols("i j", integer=True)
v = sp.IndexedBase(sp.Symbol("v", real=True))
A, B = matrix("A", N, N), matrix("B", N, N)
exp, log = sp.exp, sp.log

CASES = [
    (2 * t + 1, 2 * t - 1, "a sign: the term 1"),
    (exp(t), exp(-t), "the exponent of exp(t)"),
    (-t, t, "the whole line"),
    (3 * t**3, 3 * t**2, "the exponent 2"),
    (3 * t, 6 * t, "2 times"),
    (x**2 + y**2, (x + y) ** 2, "the term 2*x*y is missing"),
    (x**2 + x, x**2, "the term x is too much"),
    (1 - sp.tanh(2 * t) ** 2, D(sp.tanh(2 * t), t), "chain rule: the derivative 2 of 2*t"),
    (sigmoid(t) * (1 + sigmoid(t)), D(sigmoid(t), t), "a sign: the term sigma(t)"),
    (p / q, q / p, "swapped"),
    (log(p) / log(2), log(p), "the base of a logarithm"),
    (sp.Sum(v[i], (i, 1, n)), sp.Sum(v[i], (i, 1, n)) / n, "1/n is missing"),
    (v[i] * v[j], v[i] ** 2, "v[j] should be v[i]"),
    (
        sp.Sum(v[i] ** 2, (i, 0, n)),
        sp.Sum(v[i] ** 2, (i, 1, n)),
        "the sum over i should begin at 1, not at 0",
    ),
    (
        sp.Sum(v[j], (j, 1, n - 1)) / n,
        sp.Sum(v[i], (i, 1, n)) / n,
        "the sum over j should end at n, not at n - 1",
    ),
    (sp.cos(t), D(sp.cos(t), t), "-sin(t)"),
    (A * B.T, A * B, "B should be B.T"),
    (A.T * B.T, (A * B).T, "swapped"),
]


@pytest.mark.parametrize(("wrong", "right", "said"), CASES, ids=[c[2] for c in CASES])
def test_slip(wrong, right, said):
    assert said in diagnose(wrong, right, budget=1.0)


@pytest.mark.parametrize(
    ("wrong", "right"), [(sp.sin(t), t**5 + 1), (log(x), exp(y)), (t, sp.Integer(7) * t**9 + 5)]
)
def test_nothing_is_said_where_nothing_is_known(wrong, right):
    assert diagnose(wrong, right) == ""


def test_it_gives_up_in_time():
    big = sum((exp(k * x) * sp.sin(y) ** k for k in range(1, 40)), sp.S.Zero)
    start = time.perf_counter()
    diagnose(big, big**2 + 1, budget=0.05)
    assert time.perf_counter() - start < 2  # a machine under load; alone it is 0.05

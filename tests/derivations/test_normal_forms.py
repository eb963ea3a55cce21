"""The field's normal form has the value of the expression that it stands for.

A proof by normal forms rests on this alone; so random expressions of every kind are taken through
the field and both are evaluated, in balls, at exact points.
"""

import random
import time
from itertools import islice

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from derivations import natural, positive, real, sigmoid, softplus
from derivations.kernel.balls import Undecided, Undefined, evaluate
from derivations.kernel.field import Field, GiveUp
from derivations.kernel.points import points, symbols_of

x, y = real("x y")
p, q = positive("p q")
n, m = natural("n"), natural("m")
i, j, k = sp.symbols("i j k", integer=True)
v, w = (sp.IndexedBase(sp.Symbol(name, real=True)) for name in "vw")
u = sp.IndexedBase(sp.Symbol("u", positive=True))
ATOMS = (x, y, p, q, sp.Integer(2), sp.Rational(1, 3), sp.Integer(-1))
FUNCTIONS = (
    *(sp.exp, sp.sin, sp.cos, sp.tanh, sigmoid, softplus, sp.asinh, sp.atan, sp.cosh),
    *(lambda e: sp.log(e**2 + 1), lambda e: sp.sqrt(e**2 + p), lambda e: (e**2 + 1) ** -1),
    *(sp.log, sp.sqrt, lambda e: e**3, sp.asin, sp.acosh, sp.atanh, lambda e: sp.gamma(e + 2)),
    *(lambda e: p**e, lambda e: sp.loggamma(p + 2) + e, lambda e: sp.re(e), lambda e: sp.acos(e)),
)


def scalar(size, draw, atoms=ATOMS):
    if size <= 1:
        return draw.choice(atoms)
    cut, kind = draw.randint(1, size - 1), draw.random()
    if kind < 0.35:
        return scalar(cut, draw, atoms) + scalar(size - cut, draw, atoms)
    if kind < 0.7:
        return scalar(cut, draw, atoms) * scalar(size - cut, draw, atoms)
    return draw.choice(FUNCTIONS)(scalar(size - 1, draw, atoms))


def term(draw, indices):
    """A summand in the given indices: entries, shifts, powers, roots and deltas."""
    factors = []
    for index in indices:
        entry = draw.choice([v, w, u])[index + draw.randint(-1, 2)]
        turned = draw.choice([v, u])[n + 1 - index]
        factors.append(
            draw.choice(
                [
                    *(entry, entry**2, turned, index, index**2, q**index, sp.exp(entry)),
                    *((-1) ** index, 1 / (index + 1), sp.log(index + 1), q ** (n - index)),
                    *(sp.log(u[index]), sp.cos(index * x), sp.sqrt(index + 1), 1 / index),
                ]
            )
        )
    if len(indices) == 2:
        factors.append(
            draw.choice([v[sum(indices)], sp.KroneckerDelta(*indices), sp.S.One, w[indices]])
        )
    return sp.Mul(*factors) + draw.choice([0, x, p * indices[0]])


def loop(draw):
    """A sum or product of symbolic length, single, double or triangular."""
    kind = draw.random()
    low = draw.choice([sp.S.One, sp.Integer(2)])
    high = draw.choice([n, n + 1, m, n + m, 2 * n])
    if kind < 0.5:
        return sp.Sum(term(draw, [i]), (i, low, high))
    if kind < 0.65:
        factor = draw.choice([u[i], u[i + 1] * q, sp.exp(v[i]), i + 1, i / (i + 2), q, v[i] * w[i]])
        return sp.Product(factor, (i, low, high))
    inner = draw.choice([(1, m), (1, i), (1, i - 1), (i, n), (2, n)])
    inside = sp.Sum(term(draw, [i, j]), (j, *inner))
    return sp.Sum(inside, (i, low, draw.choice([n, n + 1])))


def same_value(e):
    """At how many points the expression and its normal form were compared, and agree."""
    try:
        field = Field(time.thread_time() + 1)
        f = field.fraction(e)
        normal = field.expression(f.num) / field.expression(f.den)
    except GiveUp:
        return 0
    compared = 0
    for point in islice(points(symbols_of(e), (), str(e)), 8):
        try:
            left, right = (evaluate(side, point, 128) for side in (e, normal))
        except (Undefined, Undecided, ValueError, OverflowError):
            continue
        assert (left - right).contains(0), (e, normal, point, left, right)
        compared += 1
    return compared


seeds = st.integers(0, 10**7)


@settings(max_examples=150, deadline=None)
@given(seeds)
def test_scalars(seed):
    draw = random.Random(seed)
    same_value(scalar(draw.randint(2, 8), draw))


@settings(max_examples=150, deadline=None)
@given(seeds)
def test_loops(seed):
    draw = random.Random(seed)
    same_value(loop(draw) + draw.choice([0, 1]) * loop(draw))


def test_the_comparison_compares():
    draw = random.Random(5)
    assert sum(same_value(loop(draw)) > 0 for _ in range(40)) > 20
    assert sum(same_value(scalar(5, draw)) > 0 for _ in range(40)) > 20


@pytest.mark.slow
@settings(max_examples=5000, deadline=None)
@given(seeds)
def test_scalars_and_loops_at_length(seed):
    draw = random.Random(seed)
    same_value(scalar(draw.randint(2, 10), draw))
    same_value(loop(draw) * draw.choice([1, x]) + draw.choice([0, 1]) * loop(draw))

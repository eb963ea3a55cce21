"""What the models compute beside the formulas that the kernel proves, at the same numbers."""

import numpy as np
import pytest
import scipy.stats
import sympy as sp

from derivations import D, decide, integer, natural, positive
from derivations import random as laws
from impl import distributions
from impl.layers.batchnorm import batch_norm
from impl.linear import SimpleRegression
from impl.softmax import cross_entropy

R = sp.Rational
# Our class, its parameters, the kernel's law of the same distribution, and SciPy's.
LAWS = [
    ("Bernoulli", (R(1, 4),), laws.Bernoulli, lambda p: scipy.stats.bernoulli(p)),
    ("Binomial", (7, R(1, 4)), laws.Binomial, lambda n, p: scipy.stats.binom(n, p)),
    ("Poisson", (R(5, 2),), laws.Poisson, lambda r: scipy.stats.poisson(r)),
    ("Geometric", (R(1, 3),), laws.Geometric, lambda p: scipy.stats.geom(p)),
    ("Uniform", (-1, 3), laws.Uniform, lambda a, b: scipy.stats.uniform(a, b - a)),
    ("Normal", (R(1, 2), 4), laws.Normal, lambda m, v: scipy.stats.norm(m, v**0.5)),
    ("Exponential", (R(3, 2),), laws.Exponential, lambda r: scipy.stats.expon(scale=1 / r)),
    ("Gamma", (3, 2), laws.Gamma, lambda k, r: scipy.stats.gamma(k, scale=1 / r)),
    ("Beta", (2, 3), laws.Beta, lambda a, b: scipy.stats.beta(a, b)),
]


@pytest.mark.parametrize(("name", "parameters", "law", "scipys"), LAWS, ids=[x[0] for x in LAWS])
def test_moments_are_proved_and_scipys(name, parameters, law, scipys):
    floats = [float(p) for p in parameters]
    if name == "Binomial":
        floats[0] = int(floats[0])
    ours = getattr(distributions, name)(*floats)
    X = laws.random("X", law(*map(sp.S, parameters)))
    for value, moment in ((ours.mean, laws.E(X)), (ours.variance, laws.Var(X))):
        exact = R(str(float(value))).limit_denominator(10_000)
        assert float(exact) == pytest.approx(float(value), rel=1e-14)
        assert decide(moment, exact, budget=5.0).proved
    mean, variance = scipys(*floats).stats("mv")
    assert (ours.mean, ours.variance) == pytest.approx((mean, variance), rel=1e-12)


m = natural("m")
i, j, k, l = (integer(name) for name in "ijkl")  # noqa: E741 - the notes' own index
x, g = (sp.IndexedBase(sp.Symbol(name, real=True)) for name in "xg")
epsilon = positive("epsilon")


def with_entries(formula, families, **values):
    """A formula at numbers: families by their entries from 1, symbols by name."""
    formula = formula.subs({m: len(next(iter(families.values())))}).doit()
    entries = {
        sp.IndexedBase(sp.Symbol(name, real=True))[place]: sp.Float(float(value), 40)
        for name, row in families.items()
        for place, value in enumerate(row, start=1)
    }
    named = {s: values[s.name] for s in formula.free_symbols if getattr(s, "name", "") in values}
    return float(formula.subs(named).subs(entries))


def test_batch_normalisation_gradient_is_the_proved_one():
    mean = sp.Sum(x[l], (l, 1, m)) / m
    deviation = sp.sqrt(sp.Sum((x[k] - mean) ** 2, (k, 1, m)) / m + epsilon)

    def hat(c):
        return (x[c] - mean) / deviation

    projected = sp.Sum(g[j] * hat(j), (j, 1, m)) / m
    formula = (g[i] - sp.Sum(g[j], (j, 1, m)) / m - hat(i) * projected) / deviation
    loss = sp.Sum(g[j] * hat(j), (j, 1, m))
    assert decide(D(loss, x[i]), formula, given=[i >= 1, i <= m], budget=5.0).proved
    rng = np.random.default_rng(1)
    batch, upstream = rng.normal(size=(5, 1)), rng.normal(size=(5, 1))
    ones, zeros = np.ones(1), np.zeros(1)
    gradients = batch_norm.backward(batch, ones, zeros, gradient=upstream, epsilon=0.25)
    for place in range(5):
        families = {"x": batch[:, 0], "g": upstream[:, 0]}
        want = with_entries(formula.subs(i, place + 1), families, epsilon=R(1, 4))
        assert gradients[0][place, 0] == pytest.approx(want, rel=1e-10, abs=1e-12)


def test_simple_regression_is_the_proved_closed_form():
    y = sp.IndexedBase(sp.Symbol("y", real=True))
    mean_x, mean_y = (sp.Sum(v[l], (l, 1, m)) / m for v in (x, y))
    above = sp.Sum((x[k] - mean_x) * (y[k] - mean_y), (k, 1, m))
    slope = above / sp.Sum((x[k] - mean_x) ** 2, (k, 1, m))
    b = sp.Symbol("b", real=True)
    residuals = sp.Sum((y[k] - (mean_y - b * mean_x) - b * x[k]) ** 2, (k, 1, m))
    assert decide(residuals.diff(b).subs(b, slope), 0, budget=5.0).proved
    rng = np.random.default_rng(2)
    X, Y = rng.normal(size=6), rng.normal(size=6)
    model = SimpleRegression().fit(X, Y)
    want = with_entries(slope, {"x": X, "y": Y})
    assert float(np.ravel(model.coef_ if hasattr(model, "coef_") else model.slope_)[0]) == (
        pytest.approx(want, rel=1e-10)
    )


def test_cross_entropy_gradient_is_the_proved_one():
    z, y = (sp.IndexedBase(sp.Symbol(name, real=True)) for name in "zy")
    p = sp.exp(z[i]) / sp.Sum(sp.exp(z[l]), (l, 1, m))
    formula = p * sp.Sum(y[k], (k, 1, m)) - y[i]
    loss = -sp.Sum(y[k] * (z[k] - sp.log(sp.Sum(sp.exp(z[l]), (l, 1, m)))), (k, 1, m))
    assert decide(D(loss, z[i]), formula, given=[i >= 1, i <= m], budget=5.0).proved
    rng = np.random.default_rng(3)
    scores, weights = rng.normal(size=4), rng.dirichlet(np.ones(4))
    got = cross_entropy.backward(scores, weights, gradient=1.0)
    for place in range(4):
        want = with_entries(formula.subs(i, place + 1), {"z": scores, "y": weights})
        assert got[place] == pytest.approx(want, rel=1e-10, abs=1e-14)

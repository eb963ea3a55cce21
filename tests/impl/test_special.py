"""Special functions against mpmath's arbitrary precision, identities and exact values."""

import math

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from impl.special import (
    betainc,
    deviance,
    digamma,
    erf,
    erfc,
    gammainc,
    gammaincc,
    gammaln,
    large_shape,
    stirling_error,
    trigamma,
    xlogy,
)

positive = st.floats(1e-3, 1e4)


def precise(function, *arguments):
    with mpmath.workdps(40):
        return float(function(*(mpmath.mpf(float(a)) for a in arguments)))


def grid(rng, n=150):
    return np.concatenate([10 ** rng.uniform(-8, 8, n), rng.uniform(0, 12, n), 1 + np.arange(9)])


@pytest.fixture
def rng():
    return np.random.default_rng(3)


def test_gammaln_to_the_last_digits(rng):
    near_zeros = np.concatenate([1 + rng.normal(size=50) * 1e-6, 2 + rng.normal(size=50) * 1e-6])
    x = np.concatenate([grid(rng), near_zeros, -rng.uniform(0, 15, 100)])
    expected = [precise(lambda v: mpmath.re(mpmath.loggamma(v)), v) for v in x]
    np.testing.assert_allclose(gammaln(x), expected, rtol=5e-14, atol=5e-15)
    zeros = near_zeros[:10]
    expected = [precise(mpmath.loggamma, v) for v in zeros]
    np.testing.assert_allclose(gammaln(zeros), expected, rtol=1e-13)


def test_gammaln_at_poles_ends_and_whole_numbers():
    assert gammaln([0.0, -1.0, -7.0, np.inf]).tolist() == [np.inf] * 4
    assert np.isnan(gammaln(np.nan))
    assert gammaln([1.0, 2.0]).tolist() == [0.0, 0.0]
    factorials = [math.log(math.factorial(n - 1)) for n in range(3, 60)]
    np.testing.assert_allclose(gammaln(np.arange(3, 60)), factorials, rtol=1e-14)
    assert gammaln(0.5) == pytest.approx(math.log(math.pi) / 2, rel=1e-15)


def test_digamma_and_trigamma(rng):
    x = np.concatenate([grid(rng), -rng.uniform(0, 8, 50)])
    np.testing.assert_allclose(
        digamma(x), [precise(mpmath.digamma, v) for v in x], rtol=2e-14, atol=2e-15
    )
    expected = [precise(lambda v: mpmath.polygamma(1, v), v) for v in x]
    np.testing.assert_allclose(trigamma(x), expected, rtol=1e-13)
    assert digamma(1.0) == pytest.approx(-np.euler_gamma, rel=1e-15)
    assert trigamma(1.0) == pytest.approx(math.pi**2 / 6, rel=1e-15)
    assert np.isnan(digamma(0.0))
    assert trigamma(0.0) == np.inf


def test_erf_and_erfc_are_those_of_the_standard_library(rng):
    tiny = rng.normal(size=100) * 1e-9
    x = np.concatenate([rng.normal(size=2000) * 3, tiny, rng.uniform(0, 26, 2000)])
    np.testing.assert_allclose(erf(x), np.frompyfunc(math.erf, 1, 1)(x).astype(float), rtol=1e-15)
    np.testing.assert_allclose(
        erfc(x), np.frompyfunc(math.erfc, 1, 1)(x).astype(float), rtol=3e-15, atol=1e-300
    )
    assert erf([np.inf, -np.inf, 0.0]).tolist() == [1.0, -1.0, 0.0]
    assert erfc([np.inf, -np.inf, 0.0, 1e300]).tolist() == [0.0, 2.0, 1.0, 0.0]
    assert np.isnan(erf(np.nan))
    assert np.isnan(erfc(np.nan))


def test_gammainc_against_many_digits(rng):
    a = 10 ** rng.uniform(-2, 4, 120)
    x = a * np.exp(2 * rng.normal(size=120) / np.maximum(np.sqrt(a), 0.5))
    for function, ends in ((gammainc, (0, None)), (gammaincc, (None, 0))):
        low = ends[0] == 0
        expected = [
            precise(
                lambda s, t, low=low: (
                    mpmath.gammainc(s, 0, t, regularized=True)
                    if low
                    else mpmath.gammainc(s, t, regularized=True)
                ),
                *pair,
            )
            for pair in zip(a, x, strict=True)
        ]
        np.testing.assert_allclose(function(a, x), expected, rtol=1e-12, atol=1e-290)


@given(positive, st.floats(0, 1e4))
def test_gamma_shares_add_up_and_follow_the_recurrence(a, x):
    lower, upper = gammainc(a, x), gammaincc(a, x)
    assert lower + upper == pytest.approx(1, abs=1e-15)
    step = 0.0 if x == 0 else math.exp(a * math.log(x) - x - math.lgamma(a + 1))
    assert gammainc(a + 1, x) == pytest.approx(float(lower) - step, abs=1e-9)


def test_gammainc_at_the_ends_and_outside():
    assert gammainc(2.0, [0.0, np.inf]).tolist() == [0.0, 1.0]
    assert gammaincc(2.0, [0.0, np.inf]).tolist() == [1.0, 0.0]
    assert np.isnan(gammainc([0.0, -1.0, 1.0, np.nan], [1.0, 1.0, -1.0, 1.0])).all()
    assert gammaincc(1.0, 50.0) == pytest.approx(math.exp(-50), rel=1e-14)


def test_gammainc_where_x_is_near_a_large_a():
    # The gamma distribution of shape a is about normal: half plus 1 / (3 sqrt(2 pi a)).
    assert gammainc(1e6, 1e6) == pytest.approx(0.5 + 1 / (3 * math.sqrt(2e6 * math.pi)), abs=1e-9)


def test_gammainc_of_large_shapes(rng):
    a = 10 ** rng.uniform(5, 6, 30)
    x = a + np.sqrt(a) * np.concatenate([rng.uniform(-6, 6, 26), [8, -8, 0, 1e-3]])
    for s, t, low, up in zip(a, x, gammainc(a, x), gammaincc(a, x), strict=True):
        with mpmath.workdps(40):
            s, t = mpmath.mpf(float(s)), mpmath.mpf(float(t))
            front = mpmath.exp(s * mpmath.log(t) - t - mpmath.loggamma(s + 1))
            below = front * mpmath.hyp1f1(1, s + 1, t)  # a series of positive terms
            assert low == pytest.approx(float(below), rel=2e-12)
            assert up == pytest.approx(float(1 - below), rel=2e-12)
    # Where the ways meet they agree.
    at, past = large_shape.LARGE, np.nextafter(large_shape.LARGE, 0)
    for place in (-3.0, 0.0, 2.0):
        x = at + place * at**0.5
        assert gammainc(at, x) == pytest.approx(float(gammainc(past, x)), rel=1e-12)


def test_gammainc_of_huge_shapes_is_quick_and_follows_the_recurrence():
    for a in (1e8, 1e10):
        for place in (-2.0, 0.0, 1.5):
            x = a + place * a**0.5
            with mpmath.workdps(40):
                s, t = mpmath.mpf(a), mpmath.mpf(x)
                step = float(mpmath.exp(s * mpmath.log(t) - t - mpmath.loggamma(s + 1)))
            assert gammainc(a, x) - gammainc(a + 1, x) == pytest.approx(step, rel=1e-8, abs=4e-16)
    assert gammaincc(1e300, 1.1e300) == 0
    assert gammainc(1e300, 1.1e300) == 1
    assert gammainc(1e300, 1e300) == 0.5


def test_betainc_against_many_digits(rng):
    a, b = 10 ** rng.uniform(-2, 3, 60), 10 ** rng.uniform(-2, 3, 60)
    logit = np.log(a / b) + 2 * rng.normal(size=60) / np.sqrt(np.minimum(a, b) + 0.1)
    x = 1 / (1 + np.exp(-logit))
    expected = [
        precise(lambda p, q, t: mpmath.betainc(p, q, 0, t, regularized=True), *three)
        for three in zip(a, b, x, strict=True)
    ]
    np.testing.assert_allclose(betainc(a, b, x), expected, rtol=1e-11, atol=1e-13)


@given(positive, positive, st.floats(0, 1))
def test_betainc_is_symmetric_and_a_share(a, b, x):
    share = float(betainc(a, b, x))
    assert 0 <= share <= 1
    if 1 - (1 - x) == x:
        assert float(betainc(b, a, 1 - x)) == pytest.approx(1 - share, abs=1e-10)


@given(st.integers(1, 60), st.integers(1, 60), st.fractions(0, 1, max_denominator=50))
def test_betainc_is_a_binomial_sum(a, b, x):
    n = a + b - 1
    exact = sum(math.comb(n, k) * x**k * (1 - x) ** (n - k) for k in range(a, n + 1))
    assert betainc(a, b, float(x)) == pytest.approx(float(exact), rel=1e-12, abs=1e-300)


def test_betainc_outside_is_nan():
    assert np.isnan(betainc([0.0, 1.0, 1.0], [1.0, -1.0, 1.0], [0.5, 0.5, 1.5])).all()
    assert betainc(2.0, 3.0, [0.0, 1.0]).tolist() == [0.0, 1.0]


def test_deviance_does_not_cancel():
    # With x = m (1 + e), the value is m (e^2 / 2 - e^3 / 6 + ...).
    m, e = 1e8, 1e-6
    x = m * (1 + e)
    exact = precise(lambda p, q: p * mpmath.log(p / q) - p + q, x, m)
    assert deviance(np.array(x), np.array(m)) == pytest.approx(exact, rel=1e-9)
    assert deviance(np.array([0.0, 2.0, 3.0]), np.array([5.0, 2.0, 0.0])).tolist() == [5, 0, np.inf]


def test_stirling_error():
    x = np.array([1e-3, 0.3, 1, 5, 9.99, 10, 200.0, 1e9])
    expected = [
        precise(
            lambda v: (
                mpmath.loggamma(v + 1)
                - ((v + 0.5) * mpmath.log(v) - v + mpmath.log(2 * mpmath.pi) / 2)
            ),
            v,
        )
        for v in x
    ]
    np.testing.assert_allclose(stirling_error(x), expected, rtol=1e-12)


def test_xlogy_at_zero():
    assert xlogy(np.array([0.0, 0.0, 1.0]), np.array([0.0, 5.0, 0.0])).tolist() == [0, 0, -np.inf]


@pytest.mark.parametrize("function", [gammaln, digamma, trigamma, erf, erfc])
def test_shape_type_and_emptiness(function):
    assert function(np.ones((2, 0, 3))).shape == (2, 0, 3)
    assert function(np.float32(1.5)).dtype == np.float32
    assert function(2).dtype == np.float64
    assert function(np.ones(20_000)).shape == (20_000,)

"""Distributions against scipy.stats, exact fractions, quadrature and their own draws."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from impl.core import ShapeError
from impl.distributions import (
    Bernoulli,
    Beta,
    Binomial,
    Dirichlet,
    Exponential,
    Gamma,
    Geometric,
    MultivariateNormal,
    Normal,
    NormalInverseGamma,
    Poisson,
    Uniform,
    beta_bernoulli,
    beta_binomial,
    dirichlet_multinomial,
    gamma_exponential,
    gamma_poisson,
    normal_inverse_gamma,
    normal_normal,
)

DISCRETE = [
    (Bernoulli(0.3), stats.bernoulli(0.3)),
    (Bernoulli(0.0), stats.bernoulli(0.0)),
    (Binomial(17, 0.35), stats.binom(17, 0.35)),
    (Binomial(5000, 0.002), stats.binom(5000, 0.002)),
    (Binomial(4, 1.0), stats.binom(4, 1.0)),
    (Poisson(3.7), stats.poisson(3.7)),
    (Poisson(250.0), stats.poisson(250.0)),
    (Geometric(0.2), stats.geom(0.2)),
    (Geometric(1.0), stats.geom(1.0)),
]
CONTINUOUS = [
    (Uniform(-2, 3), stats.uniform(-2, 5)),
    (Normal(1.5, 4.0), stats.norm(1.5, 2.0)),
    (Exponential(0.4), stats.expon(scale=2.5)),
    (Gamma(2.5, 1.5), stats.gamma(2.5, scale=1 / 1.5)),
    (Gamma(0.4, 2.0), stats.gamma(0.4, scale=0.5)),
    (Gamma(1.0, 3.0), stats.gamma(1.0, scale=1 / 3)),
    (Beta(2.0, 5.5), stats.beta(2.0, 5.5)),
    (Beta(0.5, 0.5), stats.beta(0.5, 0.5)),
]


def ids(pairs):
    return [repr(ours) for ours, _ in pairs]


@pytest.fixture
def rng():
    return np.random.default_rng(11)


@pytest.mark.parametrize(("ours", "theirs"), DISCRETE, ids=ids(DISCRETE))
def test_discrete_against_scipy(ours, theirs):
    k = np.concatenate([np.arange(-2, 40), np.arange(200, 300, 7), [0.5, -3.25]])
    np.testing.assert_allclose(ours.pmf(k), theirs.pmf(k), rtol=1e-10, atol=1e-300)
    with np.errstate(divide="ignore"):  # scipy's own, for p = 1
        cdf, mean, variance = theirs.cdf(k), theirs.mean(), theirs.var()
    np.testing.assert_allclose(ours.cdf(k), cdf, rtol=1e-10, atol=1e-300)
    np.testing.assert_allclose(ours.mean, mean, rtol=1e-14)
    np.testing.assert_allclose(ours.variance, variance, rtol=1e-14)


@pytest.mark.parametrize(("ours", "theirs"), CONTINUOUS, ids=ids(CONTINUOUS))
def test_continuous_against_scipy(ours, theirs):
    x = np.concatenate([np.linspace(-6, 12, 91) + 1e-3, [-2.0, 3.0, -1e100, 1e100]])
    np.testing.assert_allclose(ours.log_pdf(x), theirs.logpdf(x), rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(ours.pdf(x), theirs.pdf(x), rtol=1e-11)
    np.testing.assert_allclose(ours.cdf(x), theirs.cdf(x), rtol=1e-10, atol=1e-290)
    np.testing.assert_allclose(ours.mean, theirs.mean(), rtol=1e-14)
    np.testing.assert_allclose(ours.variance, theirs.var(), rtol=1e-14)
    low, high = theirs.ppf([1e-12, 1 - 1e-12])
    area = integrate.quad(lambda t: float(ours.pdf(t)), low, high, limit=200)[0]
    assert area == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("ours", [o for o, _ in DISCRETE + CONTINUOUS], ids=repr)
def test_draws_have_the_moments_and_nan_stays_nan(ours, rng):
    draws = ours.sample(rng, 40_000)
    error = 5 * math.sqrt(ours.variance / draws.size) + 1e-12
    assert draws.mean() == pytest.approx(ours.mean, abs=error)
    assert draws.var() == pytest.approx(ours.variance, rel=0.1)
    assert ours.sample(rng, (2, 3)).shape == (2, 3)
    assert np.ndim(ours.sample(rng)) == 0
    log = ours.log_pmf if hasattr(ours, "log_pmf") else ours.log_pdf
    assert np.isnan(log(np.nan))
    assert np.isnan(ours.cdf(np.nan))
    assert log(np.zeros((0, 2))).shape == (0, 2)
    assert log(np.float32(1)).dtype == np.float32
    assert ours.cdf(np.float32(1)).dtype == np.float32


@given(st.integers(1, 40), st.fractions(0, 1, max_denominator=64))
def test_binomial_is_exact(n, p):
    for k in range(n + 1):
        exact = float(math.comb(n, k) * p**k * (1 - p) ** (n - k))
        assert Binomial(n, float(p)).pmf(k) == pytest.approx(exact, rel=1e-12, abs=0)


def test_large_parameters_keep_their_digits():
    # In the middle, p(n) = binom(2n, n) / 4^n = (1 - 1/(8n) + ...) / sqrt(pi n).
    n = 10**12
    middle = (1 - 1 / (8 * n)) / math.sqrt(math.pi * n)
    assert Binomial(2 * n, 0.5).pmf(n) == pytest.approx(middle, rel=1e-13)
    # Stirling: e^-n n^n / n! = (1 - 1/(12n) + ...) / sqrt(2 pi n).
    peak = (1 - 1 / (12 * n)) / math.sqrt(2 * math.pi * n)
    assert Poisson(n).pmf(n) == pytest.approx(peak, rel=1e-13)
    assert Gamma(n + 1, 1).pdf(n) == pytest.approx(peak, rel=1e-13)


def test_far_tail_of_the_normal():
    assert Normal().cdf(-38.0) == pytest.approx(stats.norm.cdf(-38.0), rel=1e-11)
    assert Normal(1e6, 1.0).cdf(1e6) == 0.5


def test_fits_of_closed_form():
    assert Bernoulli.fit([1, 0, 0, 1, 1, 0, 1, 0]) == Bernoulli(0.5)
    assert Binomial.fit([1, 2, 3], 4) == Binomial(4, 0.5)
    assert Poisson.fit([0, 1, 5]) == Poisson(2.0)
    assert Poisson.fit([0, 0]) == Poisson(0.0)
    assert Geometric.fit([1, 3, 5, 7]) == Geometric(0.25)
    assert Uniform.fit([2, -1, 0.5]) == Uniform(-1, 2)
    assert Exponential.fit([1.0, 3.0]) == Exponential(0.5)
    assert Normal.fit([1.0, 2.0, 6.0]) == Normal(3.0, 14 / 3)


FITS = [
    (Gamma(3.0, 0.5), Gamma.fit, ("shape", "rate")),
    (Gamma(0.05, 10.0), Gamma.fit, ("shape", "rate")),
    (Gamma(5e6, 1.0), Gamma.fit, ("shape", "rate")),
    (Beta(2.0, 0.7), Beta.fit, ("a", "b")),
    (Beta(3000.0, 500.0), Beta.fit, ("a", "b")),
]


@pytest.mark.parametrize(("true", "fit", "names"), FITS, ids=lambda v: repr(v)[:20])
def test_iterative_fits_are_at_the_top(true, fit, names, rng):
    data = np.maximum(true.sample(rng, 500), 1e-300)
    found = fit(data)
    best = found.log_likelihood(data)
    assert best >= true.log_likelihood(data)
    for name in names:
        for factor in (0.999, 1.001):
            other = {n: getattr(found, n) * (factor if n == name else 1) for n in names}
            assert type(true)(**other).log_likelihood(data) < best


def test_gamma_fit_against_scipy(rng):
    data = rng.gamma(2.3, 4.0, 2000)
    shape, _, scale = stats.gamma.fit(data, floc=0)
    found = Gamma.fit(data)
    assert found.shape == pytest.approx(shape, rel=1e-6)
    assert found.rate == pytest.approx(1 / scale, rel=1e-6)


def test_dirichlet(rng):
    ours, theirs = Dirichlet([2.0, 0.7, 3.5]), stats.dirichlet([2.0, 0.7, 3.5])
    draws = ours.sample(rng, 3000)
    np.testing.assert_allclose(ours.log_pdf(draws), theirs.logpdf(draws.T), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(ours.mean, theirs.mean())
    np.testing.assert_allclose(ours.variance, theirs.var())
    np.testing.assert_allclose(ours.covariance, theirs.cov())
    np.testing.assert_allclose(np.cov(draws.T), ours.covariance, atol=0.004)
    assert ours.pdf([0.5, 0.6, -0.1]) == 0
    assert ours.pdf([0.5, 0.6, 0.1]) == 0
    found = Dirichlet.fit(draws)
    gradient_free = [
        Dirichlet(found.concentration * f).log_likelihood(draws)
        for f in np.exp(rng.normal(size=(40, 3)) * 0.01)
    ]
    assert max(gradient_free) < found.log_likelihood(draws)
    two = rng.beta(2, 3, 400)
    beta = Beta.fit(two)
    both = Dirichlet.fit(np.column_stack([two, 1 - two])).concentration
    np.testing.assert_allclose(both, [beta.a, beta.b], rtol=1e-9)


def test_multivariate_normal(rng):
    root = rng.normal(size=(3, 3))
    mean, covariance = np.array([1.0, -2.0, 0.5]), root @ root.T + np.eye(3)
    ours, theirs = MultivariateNormal(mean, covariance), stats.multivariate_normal(mean, covariance)
    x = rng.normal(size=(20, 3)) * 3
    np.testing.assert_allclose(ours.log_pdf(x), theirs.logpdf(x), rtol=1e-12)
    assert ours.log_pdf(x[0]).shape == ()
    draws = ours.sample(rng, 50_000)
    np.testing.assert_allclose(np.cov(draws.T), covariance, atol=0.15)
    assert ours.sample(rng).shape == (3,)
    found = MultivariateNormal.fit(draws)
    np.testing.assert_allclose(found.mean, draws.mean(0))
    np.testing.assert_allclose(found.covariance, np.cov(draws.T, bias=True), rtol=1e-9)
    one = MultivariateNormal([2.0], [[4.0]])
    np.testing.assert_allclose(one.log_pdf(x[:, :1]), Normal(2.0, 4.0).log_pdf(x[:, 0]))


def test_posteriors_by_counting():
    assert beta_bernoulli(Beta(1, 1), [1, 0, 1]) == Beta(3, 2)
    assert beta_binomial(Beta(2, 3), [4, 0], 5) == Beta(6, 9)
    assert gamma_poisson(Gamma(2, 1), [3, 0, 4]) == Gamma(9, 4)
    assert gamma_exponential(Gamma(2, 1), [0.5, 2.5]) == Gamma(4, 4)
    after = dirichlet_multinomial(Dirichlet([1, 1, 2]), [3, 0, 5])
    assert after.concentration.tolist() == [4, 1, 7]
    after = normal_normal(Normal(0.0, 4.0), [2.0, 4.0], 2.0)
    assert after.mean == pytest.approx(float(Fraction(12, 5)), rel=1e-15)
    assert after.variance == pytest.approx(0.8, rel=1e-15)


@pytest.mark.parametrize(
    ("posterior", "prior", "more"),
    [
        (beta_bernoulli, Beta(2, 3), ()),
        (beta_binomial, Beta(2, 3), (4,)),
        (gamma_poisson, Gamma(2, 3), ()),
        (gamma_exponential, Gamma(2, 3), ()),
        (normal_normal, Normal(1, 2), (3.0,)),
        (normal_inverse_gamma, NormalInverseGamma(1, 2, 3, 4), ()),
    ],
)
def test_without_data_the_posterior_is_the_prior(posterior, prior, more):
    assert posterior(prior, [], *more) == prior
    with pytest.raises(ShapeError, match="data must be 1-D; got shape"):
        posterior(prior, [[]], *more)


def constant(values):
    np.testing.assert_allclose(values, np.full_like(values, values[0]), rtol=1e-9)


def test_posterior_is_prior_times_likelihood(rng):
    """The quotient is the probability of the data, whatever the parameter."""
    p, rate, mu = rng.uniform(0.05, 0.95, 9), rng.uniform(0.1, 9, 9), rng.normal(size=9)
    k = np.array([2, 0, 5, 3])
    prior = Beta(1.5, 2.5)
    bayes = [prior.log_pdf(t) + Binomial(6, t).log_likelihood(k) for t in p]
    constant(np.array(bayes) - beta_binomial(prior, k, 6).log_pdf(p))
    prior = Gamma(1.5, 0.7)
    bayes = [prior.log_pdf(t) + Poisson(t).log_likelihood(k) for t in rate]
    constant(np.array(bayes) - gamma_poisson(prior, k).log_pdf(rate))
    bayes = [prior.log_pdf(t) + Exponential(t).log_likelihood(k) for t in rate]
    constant(np.array(bayes) - gamma_exponential(prior, k).log_pdf(rate))
    prior = Normal(0.3, 1.7)
    bayes = [prior.log_pdf(t) + Normal(t, 0.6).log_likelihood(k) for t in mu]
    constant(np.array(bayes) - normal_normal(prior, k, 0.6).log_pdf(mu))
    prior = NormalInverseGamma(0.4, 2.0, 3.0, 1.5)
    bayes = [
        prior.log_pdf(m, s) + Normal(m, s).log_likelihood(k) for m, s in zip(mu, rate, strict=True)
    ]
    constant(np.array(bayes) - normal_inverse_gamma(prior, k).log_pdf(mu, rate))


def test_normal_inverse_gamma_draws(rng):
    prior = NormalInverseGamma(0.4, 2.0, 6.0, 5.0)
    mean, variance = prior.sample(rng, 50_000)
    assert variance.mean() == pytest.approx(prior.expected_variance, rel=0.02)
    assert mean.mean() == pytest.approx(0.4, abs=0.02)
    assert NormalInverseGamma(0, 1, 1, 1).expected_variance == math.inf
    assert prior.log_pdf(0.0, -1.0) == -np.inf


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Bernoulli(1.2), "between 0 and 1"),
        (lambda: Binomial(2.5, 0.5), "whole number"),
        (lambda: Binomial(-1, 0.5), "n must be"),
        (lambda: Poisson(-1), "rate must be"),
        (lambda: Geometric(0), "above 0"),
        (lambda: Uniform(2, 2), "high must be finite and > 2"),
        (lambda: Normal(0, 0), "variance must be finite and > 0"),
        (lambda: Normal(math.nan, 1), "mean must be finite"),
        (lambda: Gamma(-1, 1), "shape must be"),
        (lambda: Beta(1, math.inf), "b must be"),
        (lambda: Dirichlet([1.0, 0.0]), "positive"),
        (lambda: MultivariateNormal([0, 0], [[1, 2], [2, 1]]), "positive definite"),
        (lambda: MultivariateNormal([0, 0], [[1, 1], [0, 1]]), "symmetric"),
        (lambda: NormalInverseGamma(0, 0, 1, 1), "pseudo_count must be"),
        (lambda: Normal.fit([1.0, 1.0]), "two different"),
        (lambda: Normal.fit([1.0, math.nan]), "finite"),
        (lambda: Uniform.fit([1.0]), "two different"),
        (lambda: Gamma.fit([1.0, 0.0]), "positive"),
        (lambda: Gamma.fit([2.0, 2.0]), "two different"),
        (lambda: Beta.fit([0.5, 1.0]), "strictly"),
        (lambda: Dirichlet.fit([[0.5, 0.5], [0.5, 0.5]]), "all be equal"),
        (lambda: Exponential.fit([0.0, 0.0]), "all be 0"),
        (lambda: Exponential.fit([-1.0, 0.0]), "between 0"),
        (lambda: Poisson.fit([1.5]), "whole"),
        (lambda: Geometric.fit([0, 1]), "at least 1"),
        (lambda: Bernoulli.fit([2]), "between 0 and 1"),
        (lambda: MultivariateNormal.fit([[1.0, 2.0], [2.0, 4.0]]), "span"),
    ],
)
def test_what_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize(
    "make",
    [
        lambda: Normal.fit([]),
        lambda: Poisson.fit([[1, 2]]),
        lambda: Dirichlet([1.0]),
        lambda: Dirichlet([1.0, 2.0]).log_pdf([0.2, 0.3, 0.5]),
        lambda: MultivariateNormal([0.0], [[1.0, 0.0]]),
        lambda: MultivariateNormal([0.0], [[1.0]]).log_pdf([[1.0, 2.0]]),
    ],
)
def test_wrong_shapes(make):
    with pytest.raises(ShapeError):
        make()

"""Posteriors in closed form: what a prior becomes once data are seen; without data, itself."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from impl.checks import values
from impl.core import Array
from impl.distributions.base import counts_of, number, sample_of
from impl.distributions.beta import Beta
from impl.distributions.dirichlet import Dirichlet
from impl.distributions.gamma import Gamma
from impl.distributions.normal import Normal
from impl.special import gammaln


def beta_bernoulli(prior: Beta, data: Any) -> Beta:
    """The posterior of p after draws of 0 and 1.

    Args:
        prior: of p.
        data: zeros and ones, shape (n,).
    """
    k = counts_of("beta_bernoulli", data, 1, least=0)
    return Beta(prior.a + float(k.sum()), prior.b + float((1 - k).sum()))


def beta_binomial(prior: Beta, data: Any, n: int) -> Beta:
    """The posterior of p after numbers of successes in n trials each.

    Args:
        prior: of p.
        data: whole numbers between 0 and n, shape (m,).
        n: trials behind each number.
    """
    k = counts_of("beta_binomial", data, n, least=0)
    return Beta(prior.a + float(k.sum()), prior.b + float((n - k).sum()))


def gamma_poisson(prior: Gamma, data: Any) -> Gamma:
    """The posterior of a Poisson rate after counts.

    Args:
        prior: of the rate.
        data: whole numbers from 0 on, shape (n,).
    """
    k = counts_of("gamma_poisson", data, least=0)
    return Gamma(prior.shape + float(k.sum()), prior.rate + k.size)


def gamma_exponential(prior: Gamma, data: Any) -> Gamma:
    """The posterior of an exponential rate after waiting times.

    Args:
        prior: of the rate.
        data: times, at least 0, shape (n,).
    """
    x = sample_of("gamma_exponential", data, low=0, least=0)
    return Gamma(prior.shape + x.size, prior.rate + float(x.sum()))


def dirichlet_multinomial(prior: Dirichlet, counts: Any) -> Dirichlet:
    """The posterior of the probabilities of K outcomes after counts of them.

    Args:
        prior: of the probabilities.
        counts: how often each came, whole numbers from 0 on, shape (K,).
    """
    alpha = prior.concentration
    values("dirichlet_multinomial", "counts", counts, alpha.size)
    return Dirichlet(alpha + counts_of("dirichlet_multinomial", counts))


def normal_normal(prior: Normal, data: Any, variance: float) -> Normal:
    """The posterior of a normal mean after draws of a known variance.

    Args:
        prior: of the mean.
        data: shape (n,).
        variance: of one draw around the mean.
    """
    x = sample_of("normal_normal", data, least=0)
    known = number("normal_normal", "variance", variance, above=0)
    if not x.size:
        return prior
    precision = 1 / prior.variance + x.size / known
    # Weights with sum 1, rather than sums of large numbers over large numbers.
    share = x.size / known / precision
    return Normal((1 - share) * prior.mean + share * float(x.mean()), 1 / precision)


@dataclass(frozen=True)
class NormalInverseGamma:
    """A prior of a normal's mean and variance together.

    The variance s has density proportional to s^(-shape - 1) e^(-scale / s), and given s the mean
    is N(mean, s / pseudo_count).

    Raises:
        ValueError: pseudo_count, shape or scale is not positive and finite.

    Method: K. Murphy, Conjugate Bayesian analysis of the Gaussian distribution (2007).
    """

    mean: float
    pseudo_count: float
    shape: float
    scale: float

    def __post_init__(self) -> None:
        number("NormalInverseGamma", "mean", self.mean)
        for name in ("pseudo_count", "shape", "scale"):
            number("NormalInverseGamma", name, getattr(self, name), above=0)

    def log_pdf(self, mean: Any, variance: Any) -> Array:
        """The log-density of a pair, elementwise; -inf where the variance is not positive."""
        mu = np.asarray(mean, np.float64)
        s = np.asarray(variance, np.float64)
        safe = np.where(s > 0, s, 1.0)
        of_variance = (
            self.shape * math.log(self.scale)
            - float(gammaln(self.shape))
            - (self.shape + 1) * np.log(safe)
            - self.scale / safe
        )
        spread = safe / self.pseudo_count
        of_mean = -0.5 * (mu - self.mean) ** 2 / spread - 0.5 * np.log(2 * math.pi * spread)
        return np.where(s > 0, of_variance + of_mean, -np.inf)

    @property
    def expected_variance(self) -> float:
        """The expectation of the variance; infinite when shape <= 1."""
        return self.scale / (self.shape - 1) if self.shape > 1 else math.inf

    def sample(self, rng: np.random.Generator, size: Any = None) -> tuple[Any, Any]:
        """Independent pairs: the means and the variances."""
        variance = self.scale / rng.gamma(self.shape, 1.0, size)
        return rng.normal(self.mean, np.sqrt(variance / self.pseudo_count)), variance


def normal_inverse_gamma(prior: NormalInverseGamma, data: Any) -> NormalInverseGamma:
    """The posterior of a normal's mean and variance after draws from it.

    Args:
        prior: of both.
        data: shape (n,).
    """
    x = sample_of("normal_inverse_gamma", data, least=0)
    if not x.size:
        return prior
    n, centre = x.size, float(x.mean())
    count = prior.pseudo_count + n
    gap = centre - prior.mean
    return NormalInverseGamma(
        mean=prior.mean + n / count * gap,
        pseudo_count=count,
        shape=prior.shape + n / 2,
        scale=prior.scale
        + 0.5 * float(((x - centre) ** 2).sum())
        + 0.5 * prior.pseudo_count * n / count * gap**2,
    )

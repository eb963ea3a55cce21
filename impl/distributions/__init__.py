"""Distributions with fixed parameters: densities, moments, draws, fits and posteriors."""

from impl.distributions.bernoulli import Bernoulli
from impl.distributions.beta import Beta
from impl.distributions.binomial import Binomial
from impl.distributions.conjugate import (
    NormalInverseGamma,
    beta_bernoulli,
    beta_binomial,
    dirichlet_multinomial,
    gamma_exponential,
    gamma_poisson,
    normal_inverse_gamma,
    normal_normal,
)
from impl.distributions.dirichlet import Dirichlet
from impl.distributions.exponential import Exponential
from impl.distributions.gamma import Gamma
from impl.distributions.geometric import Geometric
from impl.distributions.multivariate_normal import MultivariateNormal
from impl.distributions.normal import Normal
from impl.distributions.poisson import Poisson
from impl.distributions.uniform import Uniform

__all__ = [
    "Bernoulli",
    "Beta",
    "Binomial",
    "Dirichlet",
    "Exponential",
    "Gamma",
    "Geometric",
    "MultivariateNormal",
    "Normal",
    "NormalInverseGamma",
    "Poisson",
    "Uniform",
    "beta_bernoulli",
    "beta_binomial",
    "dirichlet_multinomial",
    "gamma_exponential",
    "gamma_poisson",
    "normal_inverse_gamma",
    "normal_normal",
]

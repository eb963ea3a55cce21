"""Su, equations 3.22 to 3.24: the gradients over the mini-batch, and inference."""

import sympy as sp
from sympy import Rational, Sum, sqrt

from derivations.batchnorm.notation import (
    HALF,
    IN_BATCH,
    batch_mean,
    batch_variance,
    beta,
    epsilon,
    g,
    gamma,
    i,
    j,
    k,
    m,
    mu,
    normalized,
    over_batch,
    v,
    variance_about,
    x,
)
from derivations.claims import claim, run
from derivations.functions import D
from derivations.random import E, iid
from derivations.steps import eq, misprint, start
from derivations.symbols import natural, nonnegative, real

x_hat = sp.IndexedBase(real("xhat"))
about_mu = variance_about(mu)
THREE_HALVES = Rational(3, 2)


def loss(center, variance):
    """The loss, the sum of g_j xhat_j, as a function of the statistics: here g_j is dL/dxhat_j."""
    return over_batch(lambda j: g[j] * (x[j] - center)) / sqrt(variance + epsilon)


def loss_of_outputs():
    """The loss as a function of the normalized values, where g[j] is dL/dy_j."""
    return over_batch(lambda j: g[j] * (gamma * x_hat[j] + beta))


def loss_by_variance(center, variance):
    """dL/dsigma^2 as the last line of its chain gives it."""
    weighted = over_batch(lambda j: g[j] * (x[j] - center) * (variance + epsilon) ** -THREE_HALVES)
    return -HALF * weighted


def held(derivative, variance, center=mu):
    """A derivative taken with sigma^2 (and mu) held fixed, at their values."""
    return derivative.doit().subs({v: variance, mu: center}, simultaneous=True)


@claim("SU-3.22a", "SU-3.22")
def gradient_of_gamma():
    """dL/dgamma is the sum of dL/dy_i times xhat_i."""
    yield start(D(loss_of_outputs(), gamma))
    yield eq(over_batch(lambda j: g[j] * D(gamma * x_hat[j] + beta, gamma)))
    yield eq(over_batch(lambda j: g[j] * x_hat[j]))


@claim("SU-3.22b")
def gradient_of_beta():
    """dL/dbeta is the sum of dL/dy_i."""
    yield start(D(loss_of_outputs(), beta))
    yield eq(over_batch(lambda j: g[j] * D(gamma * x_hat[j] + beta, beta)))
    yield eq(over_batch(lambda j: g[j]))


@claim("SU-3.22-sum")
def every_output_passes_its_gradient_to_gamma():
    """The first output and all others together add up to the gradient of gamma."""
    yield start(D(loss_of_outputs(), gamma))
    yield eq(
        D(g[1] * (gamma * x_hat[1] + beta), gamma)
        + Sum(D(g[j] * (gamma * x_hat[j] + beta), gamma), (j, 2, m))
    )


@claim("SU-3.23a")
def gradient_of_a_normalized_value():
    """dL/dxhat_i is dL/dy_i times gamma."""
    yield start(D(loss_of_outputs(), x_hat[i]), given=IN_BATCH)
    yield eq(g[i] * D(gamma * x_hat[i] + beta, x_hat[i]))
    yield eq(g[i] * gamma)


@claim("SU-3.23b")
def gradient_of_the_variance():
    """dL/dsigma^2 collects from all examples."""
    yield start(D(loss(mu, v), v))
    yield eq(over_batch(lambda j: g[j] * D(normalized(x[j], mu, v), v)))
    yield eq(over_batch(lambda j: g[j] * (x[j] - mu) * -HALF * (v + epsilon) ** -THREE_HALVES))
    yield eq(loss_by_variance(mu, v))


@claim("SU-3.23c", chain=False)
def gradient_of_the_mean():
    """dL/dmu, through the normalized values and through sigma^2."""
    root = sqrt(about_mu + epsilon)
    deviations = over_batch(lambda j: x[j] - mu)
    yield start(D(loss(mu, about_mu), mu))
    yield eq(
        -over_batch(lambda j: g[j] / root) - loss_by_variance(mu, about_mu) * 2 / m * deviations
    )


@claim("SU-3.23c.s1", "SU-3.23c.s2", "SU-3.23c.s3", "SU-3.23")
def gradient_of_the_mean_line_by_line():
    """dL/dmu; the first line loses the sum over i, which the next one has again."""
    f, by_variance = about_mu + epsilon, loss_by_variance(mu, about_mu)
    through_variance = by_variance * D(about_mu, mu)
    one = held(D(normalized(x[i], mu, v), mu), about_mu)
    yield start(D(loss(mu, about_mu), mu), given=IN_BATCH)
    yield misprint(g[i] * one + through_variance, "the sum over i is missing: i is free")
    yield eq(over_batch(lambda j: g[j] * one.subs(i, j)) + through_variance)
    yield eq(
        over_batch(lambda j: g[j] * -1 * f**-HALF)
        + by_variance / m * over_batch(lambda j: -2 * (x[j] - mu))
    )
    yield eq(
        -over_batch(lambda j: g[j] / sqrt(f))
        - by_variance * 2 / m * over_batch(lambda j: x[j] - mu)
    )


@claim("SU-3.23d")
def gradient_of_an_input():
    """dL/dx_i directly, through sigma^2 (mu held) and through mu: the whole derivative."""
    root = sqrt(batch_variance + epsilon)
    by_variance = loss_by_variance(batch_mean, batch_variance)
    by_mean = -over_batch(lambda j: g[j]) / root
    yield start(D(loss(batch_mean, batch_variance), x[i]), given=IN_BATCH)
    yield eq(
        g[i] * held(D(normalized(x[i], mu, v), x[i]), batch_variance, batch_mean)
        + by_variance * held(D(about_mu, x[i]), batch_variance, batch_mean)
        + by_mean * D(batch_mean, x[i])
    )
    yield eq(g[i] / root + 2 / m * by_variance * (x[i] - batch_mean) + by_mean / m)


def of_batches():
    """Mean and variance of one mini-batch of m independent draws."""
    X = iid("X", mean=mu, variance=nonnegative("sigma2"))
    mean = Sum(X[k], (k, 1, m)) / m
    return mean, Sum((X[j] - mean) ** 2, (j, 1, m)) / m


@claim("SU-3.24a")
def mean_for_inference():
    """mu_B is an unbiased estimate of mu."""
    yield start(mu)
    yield eq(E(of_batches()[0]))


@claim("SU-3.24b", "SU-3.24")
def variance_for_inference():
    """m/(m - 1) makes sigma_B^2 unbiased.

    The mini-batch of Algorithm 2 has m elements; the n of 1.19 is not a size in this section.
    """
    n, variance = natural("n"), nonnegative("sigma2")
    yield start(variance, given=[n >= 2, m >= 2])
    yield misprint(n / (n - 1) * E(of_batches()[1]), "the mini-batch has m elements, not n")
    yield eq(m / (m - 1) * E(of_batches()[1]))


@run("SU-3.24c")
def inference_for_one_input():
    """X = 5 with mu = 3, sigma^2 = 7/2, epsilon = 1/2, gamma = 2 and beta = 1 gives 3."""
    yield start(2 * (5 - 3) / sqrt(Rational(7, 2) + HALF) + 1)
    yield eq(3)

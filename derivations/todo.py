"""What the notes leave open, derived here: each todo with every step."""

from sympy import (
    IndexedBase,
    Integral,
    Limit,
    Product,
    Sum,
    binomial,
    exp,
    factorial,
    gamma,
    log,
    oo,
    pi,
    sqrt,
)

from derivations.claims import claim
from derivations.distributions.discrete import binomial_mass
from derivations.functions import D
from derivations.matrices import identity, matrix, vector, zeros
from derivations.steps import eq, le, start, via
from derivations.symbols import integer, natural, nonnegative, positive, real

i, k, m = integer("i k m")
n = natural("n")
t, u, x = real("t u x")
p = nonnegative("p")
lam, sigma = positive("lambda sigma")

# The moments of the binomial distribution from its mass function (after 1.9)


def over_successes(term):
    """The sum of the term times the mass of k, for k from 0 to n."""
    return Sum(term * binomial_mass(k, n, p), (k, 0, n))


def mean_of_the_binomial():
    """k C(n, k) = n C(n-1, k-1) takes out n p; the binomial theorem sums the rest to 1."""
    yield start(k * binomial(n, k), given=[k >= 1, k <= n])
    yield eq(n * binomial(n - 1, k - 1))
    yield start(over_successes(k))
    yield eq(n * p * Sum(binomial(n - 1, k) * p**k * (1 - p) ** (n - 1 - k), (k, 0, n - 1)))
    yield eq(n * p)


@claim("SU-1.9-todo")
def binomial_moments_from_the_mass_function():
    """Mean and variance by sums over the masses alone, without Bernoulli variables."""
    yield from mean_of_the_binomial()
    yield start(k * (k - 1) * binomial(n, k), given=[k >= 2, k <= n])
    yield eq(n * (n - 1) * binomial(n - 2, k - 2))
    yield start(over_successes(k * (k - 1)))
    yield eq(n * (n - 1) * p**2)
    yield start(over_successes(k**2))
    yield eq(over_successes(k * (k - 1)) + over_successes(k))
    yield eq(n * (n - 1) * p**2 + n * p)
    yield start(over_successes(k**2) - over_successes(k) ** 2)
    yield eq(n * (n - 1) * p**2 + n * p - (n * p) ** 2)
    yield eq(n * p * (1 - p))


# Taylor's formula (after 1.11, and in April after 1.9)


@claim("SUA-1.9-todo")
def taylor_formula_with_its_remainder():
    """The polynomial around t has the slope F[n+1] (x-t)^n/n! in t; its integral is the remainder.

    F[i] is the i-th derivative of f at t, so that it becomes F[i] + s F[i+1] near t + s. At t = x
    the polynomial is f(x), at t = x_0 it is the Taylor polynomial: the integral from x_0 to x of
    the slope is R_n(x). Where |f^(n+1)| is at most M, that is at most M (x-x_0)^(n+1)/(n+1)!.
    """
    s, x_0, M, F = real("s"), real("x_0"), positive("M"), IndexedBase("F", real=True)
    term = (x - t - s) ** i / factorial(i) * (F[i] + s * F[i + 1])
    up, down = F[i + 1] * (x - t) ** i / factorial(i), F[i] * (x - t) ** (i - 1) / factorial(i - 1)
    yield start(D(term, s).doit().subs(s, 0), given=[i >= 1])
    yield eq(up - down)
    yield start(Sum(up, (i, 0, n)) - Sum(down, (i, 1, n)))
    yield eq(F[n + 1] * (x - t) ** n / factorial(n))
    yield start(Integral(M * (x - t) ** n / factorial(n), (t, x_0, x)), given=[x > x_0])
    yield eq(M * (x - x_0) ** (n + 1) / factorial(n + 1))
    yield start(1 + x + x**2 / 2 + Integral((x - t) ** 2 / 2 * exp(t), (t, 0, x)))
    yield eq(exp(x), "the exponential for n = 2")


# The moments of the normal distribution (after 1.14)

mu = real("mu")
PHI = exp(-(u**2) / 2) / sqrt(2 * pi)


def over_the_line(integrand):
    """The integral over all u."""
    return Integral(integrand, (u, -oo, oo))


def gaussian_integral():
    """Its square is an integral over the plane, which polar coordinates make elementary."""
    v, r, phi = real("v r phi")
    bell = over_the_line(exp(-(u**2) / 2))
    yield start(bell**2)
    yield via(Integral(exp(-(u**2 + v**2) / 2), (u, -oo, oo), (v, -oo, oo)))
    yield via(Integral(r * exp(-(r**2) / 2), (r, 0, oo), (phi, 0, 2 * pi)))
    yield via(2 * pi * Integral(r * exp(-(r**2) / 2), (r, 0, oo)))
    yield eq(2 * pi)


@claim("SU-1.14-todo")
def normal_moments_by_integration():
    """Mass 1, mean mu and variance sigma^2, by x = mu + sigma u and integration by parts."""
    at_x = mu + sigma * u
    yield from gaussian_integral()
    yield start(exp(-((at_x - mu) ** 2) / (2 * sigma**2)) / sqrt(2 * pi * sigma**2) * D(at_x, u))
    yield eq(PHI, "the density at x = mu + sigma u, times dx")
    yield start(D(-PHI, u))
    yield eq(u * PHI)
    yield start(over_the_line(u * PHI))
    yield via(Limit(-PHI, u, oo, "-") - Limit(-PHI, u, -oo, "+"))
    yield eq(0)
    yield start(over_the_line(at_x * PHI))
    yield eq(mu)
    yield start(D(-u * PHI, u))
    yield eq(u**2 * PHI - PHI)
    yield start(over_the_line(u**2 * PHI))
    yield via(over_the_line(PHI), "u phi(u) vanishes at both ends")
    yield eq(1)
    yield start(over_the_line((at_x - mu) ** 2 * PHI))
    yield eq(sigma**2)


# The moments of the exponential distribution (after 1.16)


def over_the_waiting_time(function):
    """The integral of the function times the density of the waiting time."""
    return Integral(function * lam * exp(-lam * x), (x, 0, oo))


@claim("SU-1.16-todo")
def exponential_moments_by_integration():
    """Mean and variance by parts: the boundary terms x^k e^(-lambda x) are 0 at 0 and infinity."""
    yield start(D(-x * exp(-lam * x), x))
    yield eq(x * lam * exp(-lam * x) - exp(-lam * x))
    yield start(Limit(x * exp(-lam * x), x, oo, "-"))
    yield eq(0)
    yield start(over_the_waiting_time(x))
    yield via(Integral(exp(-lam * x), (x, 0, oo)))
    yield eq(1 / lam)
    yield start(D(-(x**2) * exp(-lam * x), x))
    yield eq(x**2 * lam * exp(-lam * x) - 2 * x * exp(-lam * x))
    yield start(Limit(x**2 * exp(-lam * x), x, oo, "-"))
    yield eq(0)
    yield start(over_the_waiting_time(x**2))
    yield via(2 / lam * over_the_waiting_time(x))
    yield eq(2 / lam**2)
    yield start(over_the_waiting_time(x**2) - over_the_waiting_time(x) ** 2)
    yield eq(1 / lam**2)


# The Beta distribution and conjugate distributions (end of 1.2.3)

alpha, beta = positive("alpha beta")
successes, failures = nonnegative("k"), nonnegative("m")


def beta_density(theta, a, b):
    """The density of the Beta distribution with parameters a and b."""
    return gamma(a + b) / (gamma(a) * gamma(b)) * theta ** (a - 1) * (1 - theta) ** (b - 1)


def beta_function(a, b):
    """What the integral of t^(a-1) (1-t)^(b-1) from 0 to 1 comes to."""
    return gamma(a) * gamma(b) / gamma(a + b)


@claim("SUA-1.14-todo")
def beta_moments():
    """The density integrates to 1; the mean and the variance are ratios of the same integral."""
    total = alpha + beta
    yield start(Integral(t ** (alpha - 1) * (1 - t) ** (beta - 1), (t, 0, 1)))
    yield eq(beta_function(alpha, beta))
    yield start(beta_density(t, alpha, beta), given=[t > 0, t < 1])
    yield eq(t ** (alpha - 1) * (1 - t) ** (beta - 1) / beta_function(alpha, beta))
    yield start(beta_function(alpha + 1, beta) / beta_function(alpha, beta))
    yield eq(alpha / total, "the mean")
    yield start(beta_function(alpha + 2, beta) / beta_function(alpha, beta))
    yield eq(alpha * (alpha + 1) / (total * (total + 1)), "the second moment")
    yield start(alpha * (alpha + 1) / (total * (total + 1)) - (alpha / total) ** 2)
    yield eq(alpha * beta / (total**2 * (total + 1)), "the variance")


@claim("SU-1-todo-beta")
def beta_is_conjugate_to_the_binomial():
    """After k successes and m failures a Beta(a, b) prior becomes a Beta(a + k, b + m) posterior.

    The posterior is prior times likelihood over evidence; its mean lies between the prior's mean
    and the share of successes, with weights a + b and k + m.
    """
    a, b, count = alpha + successes, beta + failures, successes + failures
    kernel = t ** (a - 1) * (1 - t) ** (b - 1)
    scale = binomial(count, successes) * gamma(alpha + beta) / (gamma(alpha) * gamma(beta))
    evidence = scale * gamma(a) * gamma(b) / gamma(a + b)
    likelihood = binomial(count, successes) * t**successes * (1 - t) ** failures
    yield start(likelihood * beta_density(t, alpha, beta), given=[t > 0, t < 1])
    yield eq(scale * kernel)
    yield start(scale * Integral(kernel, (t, 0, 1)))
    yield eq(evidence)
    yield start(likelihood * beta_density(t, alpha, beta) / evidence, given=[t > 0, t < 1])
    yield eq(beta_density(t, a, b))
    yield start(a / (a + b), given=[count > 0])
    yield eq(
        (alpha + beta) / (a + b) * (alpha / (alpha + beta)) + count / (a + b) * successes / count
    )


# The likelihood of naive Bayes (after 2.26): the second line of 2.21

j, values = integer("j"), natural("S")
COUNTS, THETA = IndexedBase("N", positive=True), IndexedBase("theta", positive=True)


def over_features(term):
    """The sum over the values of a feature, from 1 to S."""
    return Sum(term, (i, 1, values))


CLASS_SIZE = Sum(COUNTS[m], (m, 1, values))
FITTED = COUNTS[i] / CLASS_SIZE


@claim("SU-2.26-lik")
def likelihood_of_naive_bayes():
    """Within a class, theta[l] = P(X = a_l | Y = c_k) is fitted by N[l] over the sum of the N.

    N[l] counts the examples of the class with the l-th value. The fitted values solve the equations
    of the Lagrangian. With r[l] for theta[l] over its fitted value, any other probabilities, which
    add up to 1 as well, give a logarithm that is lower by at least 0.
    """
    multiplier, r = real("lambda"), IndexedBase("r", positive=True)
    log_likelihood = over_features(COUNTS[i] * log(THETA[i]))
    lagrangian = log_likelihood + multiplier * (over_features(THETA[i]) - 1)
    yield start(log(Product(THETA[i] ** COUNTS[i], (i, 1, values))))
    yield eq(log_likelihood)
    yield start(D(lagrangian, THETA[j]), given=[j >= 1, j <= values])
    yield eq(COUNTS[j] / THETA[j] + multiplier)
    yield start(COUNTS[j] / FITTED.subs(i, j) - CLASS_SIZE)
    yield eq(0, "lambda = -sum of N")
    yield start(over_features(FITTED))
    yield eq(1)
    yield start(log_likelihood - over_features(COUNTS[i] * log(FITTED)))
    yield eq(over_features(COUNTS[i] * log(THETA[i] / FITTED)))
    yield start(over_features(COUNTS[i] * log(r[i])))
    yield le(over_features(COUNTS[i] * (r[i] - 1)))
    yield start(over_features(COUNTS[i] * (THETA[i] / FITTED - 1)))
    yield eq(CLASS_SIZE * (over_features(THETA[i]) - 1))


# Why a linear network of many layers is one layer (after 3.20)


@claim("SU-3.20-todo")
def linear_layers_compose_to_one_layer():
    """Two layers are one with the product of the weights; a third joins them in the same way.

    The other way round, one layer is two, the second of them the identity.
    """
    d_0, d_1, d_2, d_3 = natural("d_0 d_1 d_2 d_3")
    v, b_1, b_2, b_3 = vector("x", d_0), vector("b_1", d_1), vector("b_2", d_2), vector("b_3", d_3)
    W_1, W_2, W_3 = matrix("W_1", d_1, d_0), matrix("W_2", d_2, d_1), matrix("W_3", d_3, d_2)
    two = W_2 * (W_1 * v + b_1) + b_2
    yield start(two)
    yield eq((W_2 * W_1) * v + (W_2 * b_1 + b_2))
    yield start(W_3 * two + b_3)
    yield eq((W_3 * W_2 * W_1) * v + (W_3 * (W_2 * b_1 + b_2) + b_3))
    yield start(identity(d_1) * (W_1 * v + b_1) + zeros(d_1, 1))
    yield eq(W_1 * v + b_1)

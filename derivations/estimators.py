"""Sample mean and variance, and the normal distribution fitted by maximum likelihood."""

from sympy import IndexedBase, Product, Sum, exp, log, pi, sqrt

from derivations.claims import claim, definition
from derivations.functions import D
from derivations.random import E, Normal, Var, iid, random
from derivations.steps import eq, le, misprint, start, via
from derivations.symbols import integer, natural, positive, real

i, J = integer("i j")
N = natural("n")
X = iid("X")  # X[1] has the distribution of the population
EX, VARX = E(X[1]), Var(X[1])


def sample_mean(sample):
    """The mean of the n entries."""
    return Sum(sample[J], (J, 1, N)) / N


def total(term):
    """The sum of the terms for i from 1 to n."""
    return Sum(term, (i, 1, N))


MEAN = sample_mean(X)
SAMPLE_VARIANCE = total((X[i] - MEAN) ** 2) / (N - 1)


# Jinming Su, section 1.2.4


@definition("SU-1.17")
def mean_of_a_sample():
    """The sum of the entries by their number."""
    return sample_mean(X)


@definition("SU-1.18")
def variance_of_a_sample():
    """The squared distances to the sample mean, summed and divided by n - 1."""
    return SAMPLE_VARIANCE


@claim("SU-1.19-thm")
def sample_mean_and_variance_are_unbiased():
    """Their expectations are those of the population, for independent draws."""
    yield start(E(MEAN))
    yield eq(EX)
    yield start(E(SAMPLE_VARIANCE), given=[N >= 2])
    yield eq(VARX)


@claim("SU-1.19a")
def expectation_of_the_sample_mean():
    """The expectation of the sample mean, by linearity."""
    yield start(E(MEAN))
    yield eq(E(total(X[i]) / N))
    yield eq(total(E(X[i])) / N)
    yield eq(1 / N * N * EX)
    yield eq(EX)


@claim("SU-1.19b", chain=False)
def expectation_of_the_sample_variance():
    """The expectation of the sample variance is the variance of the population."""
    yield start(E(SAMPLE_VARIANCE), given=[N >= 2])
    yield eq(VARX)


@claim(*[f"SU-1.19b.s{number}" for number in range(1, 9)])
def sample_variance_step_by_step():
    """The expectation of the sample variance; one line takes the mean of the squares unaveraged."""
    squares = total(X[i] ** 2)
    yield start(E(SAMPLE_VARIANCE), given=[N >= 2])
    yield eq(E(1 / (N - 1) * total((X[i] - MEAN) ** 2)))
    yield eq(1 / (N - 1) * E(total(X[i] ** 2 + MEAN**2 - 2 * X[i] * MEAN)))
    yield misprint(
        1 / (N - 1) * (E(squares) + N * MEAN**2 - 2 * N * MEAN**2),
        "the squared sample mean is random: its expectation is missing, twice",
    )
    yield eq(1 / (N - 1) * (E(squares) + N * E(MEAN**2) - 2 * N * E(MEAN**2)))
    yield eq(1 / (N - 1) * (N * E(X[1] ** 2) - N * E(MEAN**2)))
    yield eq(N / (N - 1) * (VARX + EX**2 - Var(MEAN) - E(MEAN) ** 2))
    yield eq(N / (N - 1) * (VARX - Var(MEAN)))
    yield eq(N / (N - 1) * (VARX - VARX / N))
    yield eq(VARX)


@claim("SU-1.19")
def proof_that_both_are_unbiased():
    """The two chains that one tag prints together."""
    yield from expectation_of_the_sample_mean.body()
    yield from sample_variance_step_by_step.body()


# Jinming Su, section 2.9.1

MU, SIGMA = real("mu"), positive("sigma")
HEIGHTS = IndexedBase("x", real=True)
FITTED_MEAN = sample_mean(HEIGHTS)
FITTED_VARIANCE = total((HEIGHTS[i] - FITTED_MEAN) ** 2) / N


def normal_density(x):
    """The density of the normal distribution with mean mu and standard deviation sigma."""
    return exp(-((x - MU) ** 2) / (2 * SIGMA**2)) / sqrt(2 * pi * SIGMA**2)


LIKELIHOOD = Product(normal_density(HEIGHTS[i]), (i, 1, N))
LOG_LIKELIHOOD = (
    -N / 2 * log(2 * pi)
    - N / 2 * log(SIGMA**2)
    - 1 / (2 * SIGMA**2) * total((HEIGHTS[i] - MU) ** 2)
)


@definition("SU-2.65a")
def likelihood_of_the_heights():
    """The joint density of independent heights: the product of their densities."""
    return LIKELIHOOD


@claim("SU-2.65", "SU-2.65b.s1", "SU-2.65b.s2", "SU-2.65b.s3")
def log_likelihood_of_the_heights():
    """The logarithm of the likelihood; that of its second line is of the whole product."""
    scales = (1 / sqrt(2 * pi)) ** N * (1 / sqrt(SIGMA**2)) ** N
    yield start(log(LIKELIHOOD))
    yield eq(log(Product(normal_density(HEIGHTS[i]), (i, 1, N))))
    yield eq(log(scales * exp(total(-((HEIGHTS[i] - MU) ** 2) / (2 * SIGMA**2)))))
    yield eq(LOG_LIKELIHOOD)


@claim("SU-2.66-dist")
def distribution_of_the_heights():
    """The second parameter of N(mu, .) is the variance, as beside (1.14): (2.65) needs sigma^2."""
    printed = random(r"N(\mu, \sigma)", Normal(MU, SIGMA))
    meant = random(r"N(\mu, \sigma^{2})", Normal(MU, SIGMA**2))
    yield start(SIGMA**2)
    yield misprint(Var(printed), "N(mu, sigma) has the variance sigma; sigma^2 is meant")
    yield eq(Var(meant))


@claim("SU-2.67a")
def fitted_mean():
    """The derivative by mu vanishes where mu is the sample mean."""
    yield start(D(LOG_LIKELIHOOD, MU))
    yield via((total(HEIGHTS[i]) - N * MU) / SIGMA**2)
    yield eq(N * (FITTED_MEAN - MU) / SIGMA**2)


@claim("SU-2.67b")
def fitted_variance():
    """At the sample mean, the derivative by sigma vanishes where sigma^2 is the mean square."""
    yield start(D(LOG_LIKELIHOOD, SIGMA))
    yield via(-N / SIGMA + total((HEIGHTS[i] - MU) ** 2) / SIGMA**3)
    yield via(-N / SIGMA + (N * FITTED_VARIANCE + N * (FITTED_MEAN - MU) ** 2) / SIGMA**3)
    yield eq(N * (FITTED_VARIANCE + (FITTED_MEAN - MU) ** 2 - SIGMA**2) / SIGMA**3)


def log_likelihood_by(variance, distance):
    """The logarithm of the likelihood, for a fitted variance and a fitted mean so far from mu."""
    squares = N * variance + N * distance**2
    return -N / 2 * log(2 * pi) - N / 2 * log(SIGMA**2) - squares / (2 * SIGMA**2)


@claim("SU-2.66", "SU-2.67")
def fitted_parameters_maximize_the_likelihood():
    """No mu and sigma give a greater likelihood than the fitted ones, if the x differ.

    The fitted variance is v, not 0, and mu lies w from the fitted mean; r is v / sigma^2.
    """
    v, w, r = positive("v"), real("w"), positive("r")
    yield start(LOG_LIKELIHOOD)
    yield eq(log_likelihood_by(FITTED_VARIANCE, FITTED_MEAN - MU))
    yield start(log_likelihood_by(v, w))
    yield le(log_likelihood_by(v, 0), "equality for w = 0")
    yield start(log_likelihood_by(v, 0) - log_likelihood_by(v, 0).subs(SIGMA, sqrt(v)))
    yield eq(N / 2 * (log(v / SIGMA**2) - v / SIGMA**2 + 1))
    yield start(N / 2 * (log(r) - r + 1))
    yield le(0, "equality for r = 1")

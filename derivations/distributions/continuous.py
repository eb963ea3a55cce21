"""Uniform, normal and exponential. Claims in the order of the notes."""

from sympy import Integral, Piecewise, exp, oo, pi, sqrt

from derivations.claims import claim, definition
from derivations.distributions.discrete import poisson_mass
from derivations.random import E, Exponential, Normal, Uniform, Var, random
from derivations.steps import eq, start, via
from derivations.symbols import nonnegative, positive, real

x, a, b, mu = real("x a b mu")
SIGMA, LAM = positive("sigma"), positive("lambda")
PROPER = (a < b,)
NORMALIZER = 1 / sqrt(2 * pi * SIGMA**2)
UNIFORM = random("X", Uniform(a, b))
NORMAL = random("X", Normal(mu, SIGMA**2))
WAITING = random("X", Exponential(LAM))


def normal_density(x):
    """The density of the normal distribution with mean mu and standard deviation sigma."""
    return NORMALIZER * exp(-((x - mu) ** 2) / (2 * SIGMA**2))


def between(antiderivative):
    """Its value at b less its value at a."""
    return antiderivative.subs(x, b) - antiderivative.subs(x, a)


# Uniform


@definition("SU-1.12")
def uniform_density():
    """1 / (b - a) from a to b, and 0 elsewhere."""
    return Piecewise((1 / (b - a), (x >= a) & (x <= b)), (0, True))


@claim("SU-1.12.sum")
def uniform_density_integrates_to_one():
    """Over all numbers, which comes to the integral from a to b."""
    yield start(Integral(uniform_density(), (x, -oo, oo)), given=PROPER)
    yield via(Integral(1 / (b - a), (x, a, b)))
    yield eq(1)


@claim("SU-1.12-prose")
def intervals_of_one_length_are_equally_probable():
    """Two intervals of length h inside the support have the same probability."""
    (c, d), h = real("c d"), positive("h")
    yield start(Integral(1 / (b - a), (x, c, c + h)), given=PROPER)
    yield eq(Integral(1 / (b - a), (x, d, d + h)))


@claim("SU-1.13a")
def mean_of_a_uniform_variable():
    """The midpoint; the integral is printed without dx."""
    yield start(E(UNIFORM), given=PROPER)
    yield eq(Integral(x * (1 / (b - a)), (x, a, b)))
    yield eq(between(x**2 / (2 * (b - a))))
    yield eq((b**2 - a**2) / (2 * (b - a)))
    yield eq((b + a) * (b - a) / (2 * (b - a)))
    yield eq((b + a) / 2)


@claim("SU-1.13b")
def second_moment_of_a_uniform_variable():
    """The mean of the squares; the integral is printed without dx."""
    yield start(E(UNIFORM**2), given=PROPER)
    yield eq(Integral(x**2 * (1 / (b - a)), (x, a, b)))
    yield eq(between(x**3 / (3 * (b - a))))
    yield eq((b**3 - a**3) / (3 * (b - a)))
    yield eq((b - a) * (b**2 + a**2 + a * b) / (3 * (b - a)))
    yield eq((a**2 + b**2 + a * b) / 3)


@claim("SU-1.13c")
def variance_of_a_uniform_variable():
    """The square of the length divided by 12."""
    yield start(Var(UNIFORM), given=PROPER)
    yield eq(E(UNIFORM**2) - E(UNIFORM) ** 2)
    yield eq((a**2 + b**2 + a * b) / 3 - ((b + a) / 2) ** 2)
    yield eq((4 * a**2 + 4 * b**2 + 4 * a * b) / 12 - (3 * a**2 + 3 * b**2 + 6 * a * b) / 12)
    yield eq((a - b) ** 2 / 12)


@claim("SU-1.13")
def moments_of_a_uniform_variable():
    """Mean, second moment and variance, as one tag prints them."""
    yield from mean_of_a_uniform_variable.body()
    yield from second_moment_of_a_uniform_variable.body()
    yield from variance_of_a_uniform_variable.body()


# Normal


@definition("SU-1.14")
def density_of_the_normal_distribution():
    """The bell curve with its centre at mu."""
    return normal_density(x)


@claim("SU-1.14.sum")
def normal_density_integrates_to_one():
    """The Gaussian integral, whose constant factor stands before it here."""
    yield start(NORMALIZER * Integral(exp(-((x - mu) ** 2) / (2 * SIGMA**2)), (x, -oo, oo)))
    yield eq(1)


@claim("SU-1.14.mean")
def mu_is_the_expectation():
    """The parameter mu is the mean; the todo on the moments integrates the density."""
    yield start(E(NORMAL))
    yield eq(mu)


@claim("SU-1.14.sd")
def sigma_is_the_standard_deviation():
    """The parameter sigma is the root of the variance; the todo integrates the density."""
    yield start(sqrt(Var(NORMAL)))
    yield eq(SIGMA)


# Exponential


@definition("SU-1.15")
def exponential_density():
    """lambda e^(-lambda x) from 0 on, and 0 before."""
    return Piecewise((LAM * exp(-LAM * x), x >= 0), (0, True))


@claim("SU-1.15.sum")
def exponential_density_integrates_to_one():
    """Over all numbers, which comes to the integral from 0."""
    yield start(Integral(exponential_density(), (x, -oo, oo)))
    yield via(Integral(LAM * exp(-LAM * x), (x, 0, oo)))
    yield eq(1)


@claim("SU-1.16a")
def mean_of_an_exponential_variable():
    """The mean waiting time is one over the rate."""
    yield start(E(WAITING))
    yield via(Integral(x * LAM * exp(-LAM * x), (x, 0, oo)))
    yield eq(1 / LAM)


@claim("SU-1.16b")
def variance_of_an_exponential_variable():
    """The variance of the waiting time is the square of its mean."""
    yield start(Var(WAITING))
    yield via(Integral((x - 1 / LAM) ** 2 * LAM * exp(-LAM * x), (x, 0, oo)))
    yield eq(1 / LAM**2)


@claim("SU-1.16")
def moments_of_an_exponential_variable():
    """Mean and variance, as one tag prints them."""
    yield start(E(WAITING))
    yield eq(1 / LAM)
    yield start(Var(WAITING))
    yield eq(1 / LAM**2)


@claim("SU-1.16-gap")
def time_between_events_is_exponential():
    """A gap longer than t means no event in time t, which has a Poisson number of mean lambda t."""
    t = nonnegative("t")
    yield start(Integral(LAM * exp(-LAM * x), (x, t, oo)))
    yield eq(poisson_mass(0, LAM * t))

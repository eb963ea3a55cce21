"""Bernoulli, binomial and Poisson. Claims in the order of the notes."""

from sympy import Add, Eq, Limit, Piecewise, Sum, binomial, exp, factorial, oo

from derivations.claims import claim
from derivations.random import Bernoulli, Binomial, E, Poisson, Prob, Var, iid, random
from derivations.steps import eq, misprint, start, via
from derivations.symbols import integer, natural, nonnegative, positive, real

i = integer("i")
N = natural("n")
P = nonnegative("p")
AT_MOST_ONE = (P <= 1,)
K = integer("k")
LAM = positive("lambda")
TRIAL = random("X", Bernoulli(P))
TRIALS = iid("X_", Bernoulli(P))  # X_[1], X_[2], ...: the trials of a binomial variable
SUCCESSES = random("X", Binomial(N, P))
EVENTS = random("X", Poisson(LAM))


def bernoulli_mass(k, p):
    """p at 1 and 1 - p at 0."""
    return Piecewise((p, Eq(k, 1)), (1 - p, Eq(k, 0)))


def binomial_mass(k, n, p):
    """The probability of k successes in n trials, f(k; n, p) of (1.8)."""
    return binomial(n, k) * p**k * (1 - p) ** (n - k)


def poisson_mass(k, rate):
    """The probability of k events."""
    return exp(-rate) * rate**k / factorial(k)


def factorial_before(i):
    """(i - 1)! for i from 1, written with the factorial that the kernel's series know."""
    return factorial(i) / i


def added(term):
    """The sum of the terms for i from 1 to n."""
    return Sum(term, (i, 1, N))


# Bernoulli


@claim("SU-1.6")
def bernoulli_mass_by_cases():
    """The mass is p at 1 and q = 1 - p at 0."""
    yield start(Prob(Eq(TRIAL, 1)), given=AT_MOST_ONE)
    yield eq(bernoulli_mass(1, P))
    yield start(Prob(Eq(TRIAL, 0)), given=AT_MOST_ONE)
    yield eq(bernoulli_mass(0, P))


@claim("SU-1.6.sum")
def bernoulli_masses_add_up_to_one():
    """P(X = 1) = p and P(X = 0) = 1 - p, which leave no other value."""
    yield start(Prob(Eq(TRIAL, 1)), given=AT_MOST_ONE)
    yield eq(P)
    yield start(Prob(Eq(TRIAL, 0)), given=AT_MOST_ONE)
    yield eq(1 - P)
    yield start(bernoulli_mass(1, P) + bernoulli_mass(0, P))
    yield eq(1)


@claim("SU-1.7a")
def mean_of_a_bernoulli_variable():
    """The mean is the probability of 1."""
    yield start(E(TRIAL), given=AT_MOST_ONE)
    yield eq(Prob(Eq(TRIAL, 1)) * 1 + Prob(Eq(TRIAL, 0)) * 0)
    yield eq(P)


@claim("SU-1.7b")
def second_moment_of_a_bernoulli_variable():
    """The square of a variable with the values 0 and 1 is the variable."""
    yield start(E(TRIAL**2), given=AT_MOST_ONE)
    yield eq(Prob(Eq(TRIAL, 1)) * 1**2 + Prob(Eq(TRIAL, 0)) * 0**2)
    yield eq(Prob(Eq(TRIAL, 1)))
    yield eq(P)


@claim("SU-1.7c")
def variance_of_a_bernoulli_variable():
    """The variance is p q."""
    yield start(Var(TRIAL), given=AT_MOST_ONE)
    yield eq(E(TRIAL**2) - E(TRIAL) ** 2)
    yield eq(P - P**2)
    yield eq(P * (1 - P))
    yield eq(P * bernoulli_mass(0, P), "q = 1 - p")


@claim("SU-1.7")
def moments_of_a_bernoulli_variable():
    """Mean, second moment and variance, as one tag prints them."""
    yield from mean_of_a_bernoulli_variable.body()
    yield from second_moment_of_a_bernoulli_variable.body()
    yield from variance_of_a_bernoulli_variable.body()


@claim("SU-1.7-note")
def squares_of_zero_and_one():
    """X = 1 and X^2 = 1^2 are the same event."""
    yield start(Prob(Eq(TRIAL, 1)), given=AT_MOST_ONE)
    yield eq(Prob(Eq(TRIAL**2, 1**2)))


# Binomial


@claim("SU-1.8")
def binomial_mass_counts_the_successes():
    """The mass of k; its generating function is that of a sum of n Bernoulli trials."""
    k, t = integer("k"), real("t")
    yield start(Prob(Eq(SUCCESSES, k)), given=[*AT_MOST_ONE, k >= 0, k <= N])
    yield eq(binomial_mass(k, N, P))
    yield start(E(exp(t * added(TRIALS[i]))), given=AT_MOST_ONE)
    yield via((1 - P + P * exp(t)) ** N)
    yield eq(Sum(exp(t * k) * binomial_mass(k, N, P), (k, 0, N)))


@claim("SU-1.8.sum")
def binomial_masses_add_up_to_one():
    """The binomial theorem for p and 1 - p."""
    yield start(Sum(binomial_mass(K, N, P), (K, 0, N)), given=AT_MOST_ONE)
    yield eq(1)


@claim("SU-1.9a")
def mean_of_a_binomial_variable():
    """The mean of a sum of n Bernoulli trials."""
    yield start(E(SUCCESSES), given=AT_MOST_ONE)
    yield eq(E(added(TRIALS[i])))
    yield eq(added(E(TRIALS[i])))
    yield eq(added(P))
    yield eq(N * P)


@claim("SU-1.9b")
def variance_of_a_binomial_variable():
    """The variances of independent trials add up."""
    yield start(Var(SUCCESSES), given=AT_MOST_ONE)
    yield eq(added(Var(TRIALS[i])))
    yield eq(N * Var(TRIALS[1]))
    yield eq(N * P * (1 - P))


@claim("SU-1.9")
def moments_of_a_binomial_variable():
    """Mean and variance, as one tag prints them."""
    yield from mean_of_a_binomial_variable.body()
    yield from variance_of_a_binomial_variable.body()


@claim("SUA-1.7", "SUA-1.7.s1", chain=False)
def variance_of_a_binomial_variable_in_april():
    """The variance of the first trial n times: the index stays 1, which the value allows."""
    yield start(Var(SUCCESSES), given=AT_MOST_ONE)
    yield eq(added(Var(TRIALS[1])))
    yield eq(N * Var(TRIALS[1]))
    yield eq(N * P * (1 - P))


# Poisson


@claim("SU-1.10")
def poisson_mass_has_no_n():
    """The mass of k events; printed as f(k; n, lambda), which (1.8) uses for the binomial mass."""
    k = integer("k")
    yield start(Prob(Eq(EVENTS, k)), given=[k >= 0])
    yield misprint(
        binomial_mass(k, N, LAM),
        "f(k; n, lambda) is the notation of the binomial mass: a Poisson mass has no n",
    )
    yield eq(poisson_mass(k, LAM))


@claim("SU-1.10.sum")
def poisson_masses_add_up_to_one():
    """The exponential series."""
    yield start(Sum(poisson_mass(K, LAM), (K, 0, oo)))
    yield eq(1)


@claim("SU-1.10-limit")
def poisson_is_the_limit_of_many_rare_trials():
    """An interval is cut in n parts, each with one event with probability lambda / n, and n grows.

    The mass of 0 tends to that of Poisson, and so does the ratio of each mass to the one before.
    """
    ratio = (N - K) * (LAM / N) / ((K + 1) * (1 - LAM / N))
    yield start(Limit(binomial_mass(0, N, LAM / N), N, oo, "-"))
    yield eq(poisson_mass(0, LAM))
    yield start(binomial_mass(K + 1, N, P))
    yield eq(binomial_mass(K, N, P) * (N - K) * P / ((K + 1) * (1 - P)))
    yield start(Limit(ratio, N, oo, "-"), given=[K >= 0])
    yield eq(LAM / (K + 1))
    yield start(poisson_mass(K + 1, LAM))
    yield eq(poisson_mass(K, LAM) * LAM / (K + 1))


@claim("SU-1.11a")
def mean_of_a_poisson_variable():
    """The mean is the rate."""
    yield start(E(EVENTS))
    yield eq(Sum(i * Prob(Eq(EVENTS, i)), (i, 0, oo)))
    yield eq(Sum(i * (exp(-LAM) * LAM**i / factorial(i)), (i, 1, oo)))
    yield eq(LAM * exp(-LAM) * Sum(LAM ** (i - 1) / factorial_before(i), (i, 1, oo)))
    yield eq(LAM * exp(-LAM) * Sum(LAM**i / factorial(i), (i, 0, oo)))
    yield eq(LAM * exp(-LAM) * exp(LAM))
    yield eq(LAM)


@claim("SU-1.11b")
def second_moment_of_a_poisson_variable():
    """Splitting i^2 into i (i - 1) and i."""
    yield start(E(EVENTS**2))
    yield via(Sum(i**2 * poisson_mass(i, LAM), (i, 0, oo)))
    yield via(
        Sum(i * (i - 1) * poisson_mass(i, LAM), (i, 0, oo))
        + Sum(i * poisson_mass(i, LAM), (i, 0, oo))
    )
    yield eq(LAM + LAM**2)


@claim("SU-1.11c")
def variance_of_a_poisson_variable():
    """The variance is the rate, as the mean is."""
    yield start(Var(EVENTS))
    yield eq(Add(LAM, LAM**2, -(LAM**2), evaluate=False))
    yield eq(LAM)


@claim("SU-1.11")
def moments_of_a_poisson_variable():
    """Mean, second moment and variance, under one tag; the lines between stand above."""
    yield start(E(EVENTS))
    yield eq(LAM)
    yield start(E(EVENTS**2))
    yield eq(LAM + LAM**2)
    yield start(Var(EVENTS))
    yield eq(Add(LAM, LAM**2, -(LAM**2), evaluate=False))
    yield eq(LAM)

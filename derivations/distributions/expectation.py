"""Expectation and variance, by masses and by a density. Claims in the order of the notes."""

from sympy import Function, IndexedBase, Integral, Sum, oo

from derivations.claims import claim, definition, not_checkable
from derivations.random import Density, Discrete, E, Var, random
from derivations.steps import eq, misprint, start
from derivations.symbols import integer, natural, real

i, N, SMALL_X = integer("i"), natural("n"), real("x")
VALUES, MASSES = IndexedBase("X"), IndexedBase("P")  # X_i and P(X_i)
DENSITY = Function("f", real=True)
X = random("X", Discrete(VALUES, MASSES, N))
Y = random("Y", Density(DENSITY))  # the continuous variable, which the notes call X as well


def over_values(g):
    """The sum of g(X_i) P(X_i) over the values."""
    return Sum(g(VALUES[i]) * MASSES[i], (i, 1, N))


def over_density(g):
    """The integral of g(x) f(x)."""
    return Integral(g(SMALL_X) * DENSITY(SMALL_X), (SMALL_X, -oo, oo))


SQUARES = over_values(lambda value: (value - E(X)) ** 2)
SQUARES_BY_DENSITY = over_density(lambda x: (x - E(Y)) ** 2)


@definition("SU-1.3a")
def expectation_by_masses():
    """Each value times its probability, added up."""
    return E(X), over_values(lambda value: value)


@definition("SU-1.3b")
def expectation_by_density():
    """The integral of x f(x)."""
    return E(Y), over_density(lambda x: x)


@claim("SU-1.3")
def expectation_of_both_kinds():
    """The sum for a discrete variable, the integral for a continuous one."""
    yield start(E(X))
    yield eq(over_values(lambda value: value), "for discrete variable")
    yield start(E(Y))
    yield eq(over_density(lambda x: x), "for continuous variable")


@definition("SU-1.4a")
def variance_by_masses():
    """Each squared distance to the expectation times its probability, added up."""
    return Var(X), SQUARES


@definition("SU-1.4b")
def variance_by_density():
    """The integral of the squared distance to the expectation times the density."""
    return Var(Y), SQUARES_BY_DENSITY


@claim("SU-1.4")
def variance_of_both_kinds():
    """The sum for a discrete variable, the integral for a continuous one."""
    yield start(Var(X))
    yield eq(SQUARES, "for discrete variable")
    yield start(Var(Y))
    yield eq(SQUARES_BY_DENSITY, "for continuous variable")


@claim("SU-1.5")
def variance_by_the_second_moment():
    """The mean of the square minus the square of the mean."""
    yield start(SQUARES)
    yield eq(E((X - E(X)) ** 2))
    yield eq(E(X**2 + E(X) ** 2 - 2 * X * E(X)))
    yield eq(E(X**2) + E(X) ** 2 - 2 * E(X) * E(X))
    yield eq(E(X**2) - E(X) ** 2)


# The April edition


@claim("SUA-1.2")
def variance_of_both_kinds_in_april():
    """The variance belongs to the variable X; printed for x, which is a value and does not vary."""
    yield start(SQUARES)
    yield misprint(Var(SMALL_X), "Var(X) is meant: x is a value, and its variance is 0")
    yield eq(Var(X))
    yield start(SQUARES_BY_DENSITY)
    yield misprint(Var(SMALL_X), "Var(X) is meant: x is the variable of the integral")
    yield eq(Var(Y))


@claim("SUA-1.3")
def variance_by_the_second_moment_in_april():
    """The mean of the square minus the square of the mean; the left side is printed for x."""
    yield start(SQUARES)
    yield misprint(Var(SMALL_X), "Var(X) is meant: x is a value, and its variance is 0")
    yield eq(Var(X))
    yield eq(E((X - E(X)) ** 2))
    yield eq(E(X**2 + E(X) ** 2 - 2 * X * E(X)))
    yield eq(E(X**2) + E(X) ** 2 - 2 * E(X) * E(X))
    yield eq(E(X**2) - E(X) ** 2)


@claim("SU-1-term-invariance")
def variance_is_called_invariance():
    """The notes call Var(X) the invariance of X; it is not invariant: doubling X alters it.

    The word is read as a quantity that a change of X leaves as it is.
    """
    yield start(Var(2 * X))
    yield misprint(Var(X), "the word is variance: Var(X) is no invariant of X")
    yield eq(4 * Var(X))


not_checkable({"SU-1.2-prose": "a remark on the aims of two fields"})

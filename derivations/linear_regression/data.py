"""What the claims on linear regression share: data of symbolic size, and sums over the examples.

A sum over the n entries of a vector is its product with a vector of ones.
"""

from sympy import IndexedBase, Rational, Sum, Symbol

from derivations.matrices import (
    hadamard,
    matrix,
    ones,
    scalar,
    vector,
)
from derivations.symbols import integer, natural, real

HALF = Rational(1, 2)
n, m, k, d = natural("n m k d")
i, j, l = integer("i j l")  # noqa: E741 - the notes' own index
x, y, w = (IndexedBase(Symbol(name, real=True)) for name in ("x", "y", "w"))
a, b = real("a b")
X, targets, weights = matrix("X", n, k), vector("y", n), vector("w", k)
design, theta = matrix("x", n, 2), vector("theta", 2)


def total(entries):
    """The sum of the n entries of a vector."""
    return scalar(ones(n).T * entries)


def sum_of_squares(entries):
    """The sum over the entries, each times itself."""
    return total(hadamard(entries, entries))


def over_examples(term):
    """The sum over the n examples."""
    return Sum(term, (i, 1, n))


def mean(values):
    """The sample mean of a family."""
    return over_examples(values[i]) / n


def prediction(example):
    """The inner product of the weights with an example's k features."""
    return Sum(w[l] * x[example, l], (l, 1, k))

"""The mini-batch x[1], ..., x[m] of one neuron, its normalization, and the loss behind it.

Of the loss only its derivatives dL/dy_j enter the chain rule. They are the numbers g[j] here, so
that the loss is written by its linear part, the sum of g[j] y_j.
"""

import sympy as sp
from sympy import Rational, Sum, sqrt

from derivations.symbols import integer, natural, nonnegative, positive, real

m = natural("m")
i, j, k, q = integer("i j k q")
x, g = (sp.IndexedBase(real(name)) for name in "xg")
mu, gamma, beta = real("mu gamma beta")
epsilon, v = positive("epsilon"), nonnegative("v")

IN_BATCH = [i >= 1, i <= m]
HALF = Rational(1, 2)


def over_batch(term):
    """The sum of term(j) over the mini-batch."""
    return Sum(term(j), (j, 1, m))


def variance_about(center):
    """The mean squared distance of the mini-batch to a center."""
    return Sum((x[k] - center) ** 2, (k, 1, m)) / m


batch_mean = Sum(x[q], (q, 1, m)) / m
batch_variance = variance_about(batch_mean)


def normalized(value, center, variance):
    """The value, centered and scaled."""
    return (value - center) / sqrt(variance + epsilon)


def transformed(value):
    """The output y of batch normalization for one value of the mini-batch."""
    return gamma * normalized(value, batch_mean, batch_variance) + beta

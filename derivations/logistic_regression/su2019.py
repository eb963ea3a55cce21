"""Logistic regression as Jinming Su's section 2.3 prints it. Claims in the order of the notes."""

from sympy import Eq, IndexedBase, Limit, Product, Sum, Symbol, exp, log, oo

from derivations.claims import claim, definition
from derivations.functions import D, sigmoid, softplus
from derivations.logistic_regression.model import (
    FEATURE_J,
    FEATURE_K,
    agreement_of_independent_labels,
    cost,
    cross_entropy,
    d,
    features,
    i,
    j,
    k,
    l,
    likelihood,
    mass,
    predicted,
    theta,
    v,
    weights,
    x,
    y,
)
from derivations.matrices import Hessian, diag, dot, elementwise, matrix, ones, vector
from derivations.random import Bernoulli, Prob, random
from derivations.steps import eq, ge, gt, misprint, start
from derivations.symbols import natural, positive, real

m = natural("m")
h_i = IndexedBase(Symbol("h", positive=True))
one = IndexedBase(Symbol("x_0", real=True))


def slope(t):
    """The derivative of the sigmoid."""
    return sigmoid(t) * (1 - sigmoid(t))


def prediction_of_one_example():
    """The sigmoid of the score of one example, whose features are x_0."""
    return sigmoid(Sum(theta[k] * one[k], (k, 1, d)))


def log_likelihood_of_one_example():
    """The logarithm of the probability of its label."""
    h, label = prediction_of_one_example(), real("y")
    return label * log(h) + (1 - label) * log(1 - h)


@definition("SU-2.9", "SU-2.9.s1")
def hypothesis():
    """The sigmoid of the inner product of weights and features."""
    return sigmoid(dot(weights, features))


@claim("SU-2.9.s2")
def hypothesis_written_out():
    """The hypothesis with the formula of the sigmoid."""
    yield start(sigmoid(dot(weights, features)))
    yield eq(1 / (1 + exp(-dot(weights, features))))


@definition("SU-2.10")
def sigmoid_of_the_notes():
    """The function g."""
    z = real("z")
    return sigmoid(z), 1 / (1 + exp(-z))


@claim("SU-2.11")
def sigmoid_slope():
    """The derivative of g is g (1 - g)."""
    z = real("z")
    yield start(D(1 / (1 + exp(-z)), z))
    yield eq(sigmoid(z) * (1 - sigmoid(z)))


@claim("SU-2.12")
def probabilities_of_the_two_labels():
    """The label is 1 with probability h, and 0 with probability 1 - h."""
    h = positive("h")
    label = random("Y", Bernoulli(h))
    yield start(Prob(Eq(label, 1)))
    yield eq(h)
    yield start(Prob(Eq(label, 0)))
    yield eq(1 - h)


@claim("SU-2.13")
def probability_of_a_label_as_a_power():
    """For y = 0 and for y = 1 the probability is h^y (1 - h)^(1 - y)."""
    h = predicted()
    for value, probability in ((1, h), (0, 1 - h)):
        yield start(probability)
        yield eq(mass(h, value))


@definition("SU-2.14.s1")
def likelihood_of_the_parameters():
    """The probability of the labels given the data, as a function of the parameters."""
    return likelihood(size=m)


@claim("SU-2.14.s2")
def examples_are_independent():
    """The probability of m independent labels y is the product of their probabilities."""
    yield start(agreement_of_independent_labels(h_i, m))
    yield eq(Product(h_i[i] * y[i] + (1 - h_i[i]) * (1 - y[i]), (i, 1, m)))


@claim("SU-2.14", "SU-2.14.s3", chain=False)
def likelihood_with_the_hypothesis():
    """The product of the label probabilities; the index of x is lost in the last line."""
    h = prediction_of_one_example()
    yield start(Product(mass(predicted(), y[i]), (i, 1, m)))
    yield misprint(
        Product(h ** y[i] * (1 - h) ** (1 - y[i]), (i, 1, m)),
        "x lost its index (i): every example would have the same prediction",
    )
    yield eq(Product(predicted() ** y[i] * (1 - predicted()) ** (1 - y[i]), (i, 1, m)))


@definition("SU-2.15.s1")
def log_likelihood():
    """The logarithm of the likelihood."""
    return log(likelihood(size=m))


@claim("SU-2.15", "SU-2.15.s2", chain=False)
def log_likelihood_is_a_sum():
    """The logarithm of the likelihood is the sum over the examples."""
    h = predicted()
    yield start(log(likelihood(size=m)))
    yield eq(Sum(y[i] * log(h) + (1 - y[i]) * log(1 - h), (i, 1, m)))


@claim("SU-2.15-bce")
def log_likelihood_is_minus_the_cross_entropy():
    """The log-likelihood is minus the binary cross entropy, summed over the examples."""
    yield start(log(likelihood(size=m)))
    yield eq(-Sum(cross_entropy(predicted(), y[i]), (i, 1, m)))


@claim("SU-2.15-convex")
def cross_entropy_is_convex():
    """The Hessian of the cross entropy in the weights is positive semidefinite.

    Gradient, entry (j, k) of the Hessian, and its quadratic form in any direction v.
    """
    h = predicted()
    yield start(D(cost(size=m), theta[k]), given=FEATURE_K)
    yield eq(Sum((h - y[i]) * x[i, k], (i, 1, m)))
    yield start(D(Sum((h - y[i]) * x[i, k], (i, 1, m)), theta[l]), given=[l >= 1, l <= d])
    yield eq(Sum(h * (1 - h) * x[i, k] * x[i, l], (i, 1, m)))
    form = Sum(v[k] * v[l] * x[i, k] * x[i, l], (l, 1, d), (k, 1, d))
    yield start(Sum(h * (1 - h) * form, (i, 1, m)))
    yield eq(Sum(h * (1 - h) * Sum(x[i, k] * v[k], (k, 1, d)) ** 2, (i, 1, m)))
    yield ge(0)


@claim("SU-2.15-convex2")
def convexity_by_second_derivatives():
    """In one variable the second derivative is at least 0, in several the Hessian semidefinite.

    The cross entropy is the sum of softplus(x'theta) minus the sum of y x'theta, here with the
    examples as the rows of X; along any line through any point its second derivative is v'Hv.
    """
    t, z, u = real("t z u")
    X, w, labels = matrix("X", m, d), vector("theta", d), vector("y", m)
    loss = dot(ones(m), elementwise(softplus, X * w)) - dot(labels, X * w)
    yield start(softplus(z) - real("y") * z)
    yield eq(cross_entropy(sigmoid(z), real("y")))
    yield start(Hessian(loss, w))
    yield eq(X.T * diag(elementwise(slope, X * w)) * X)
    yield start(D(softplus(z + t * u), t, t))
    yield eq(slope(z + t * u) * u**2)
    yield ge(0)


@claim("SU-2.15-globalmin")
def tangents_lie_below_the_cross_entropy():
    """The cross entropy lies above its tangents, so that a zero gradient marks a global minimum.

    That there is such a point does not follow: with one example x = 1, y = 1 the cross entropy is
    positive everywhere and tends to 0. The notes are read as speaking of a minimum that exists.
    """
    z, h, label, w = real("z h y w")
    yield start(softplus(z + h) - label * (z + h))
    yield ge(softplus(z) - label * z + (sigmoid(z) - label) * h)
    yield start(cross_entropy(sigmoid(w), 1))
    yield gt(0)
    yield start(Limit(-log(sigmoid(w)), w, oo, "-"))
    yield eq(0)


@claim("SU-2.16")
def slope_of_the_log_likelihood():
    """For one example, the derivative by a weight is the error times the feature."""
    yield start(D(log_likelihood_of_one_example(), theta[j]), given=FEATURE_J)
    yield eq((real("y") - prediction_of_one_example()) * one[j])


@claim("SU-2.17")
def stochastic_gradient_ascent():
    """A step along the gradient; to first order it raises the log-likelihood."""
    alpha = positive("alpha")
    error = real("y") - prediction_of_one_example()
    yield start(theta[j] + alpha * D(log_likelihood_of_one_example(), theta[j]), given=FEATURE_J)
    yield eq(theta[j] + alpha * error * one[j])
    yield start(Sum(error * one[j] * (alpha * error * one[j]), (j, 1, d)))
    yield ge(0)

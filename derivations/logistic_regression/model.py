"""What the claims on logistic regression share: data of symbolic size, scores, likelihood, cost.

Example i has the features x[i, 1], ..., x[i, d] and the label y[i]; where a bias is not written,
it is the last weight, as the notes agree with themselves.
"""

from sympy import IndexedBase, Product, Sum, Symbol, log

from derivations.functions import sigmoid
from derivations.matrices import vector
from derivations.random import Bernoulli, E, family
from derivations.symbols import integer, natural

n, d = natural("n d")
i, j, k, l = integer("i j k l")  # noqa: E741 - the notes' own index
x, y, theta, v = (IndexedBase(Symbol(name, real=True)) for name in ("x", "y", "theta", "v"))
features, weights = vector("x", d), vector("theta", d)
FEATURE_J, FEATURE_K = [j >= 1, j <= d], [k >= 1, k <= d]


def score(example=i):
    """The inner product of an example's features with the weights."""
    return Sum(x[example, j] * theta[j], (j, 1, d))


def predicted(example=i):
    """The probability that the model gives to the label 1."""
    return sigmoid(score(example))


def mass(t, label):
    """The probability of a label 0 or 1 when that of the label 1 is t."""
    return t**label * (1 - t) ** (1 - label)


def cross_entropy(t, label):
    """The cross entropy of a label with the probability t that is predicted for the label 1."""
    return -(label * log(t) + (1 - label) * log(1 - t))


def likelihood(t=None, size=n):
    """The probability of all labels: the product of their masses."""
    return Product(mass(predicted() if t is None else t, y[i]), (i, 1, size))


def cost(t=None, size=n):
    """Minus the sum that the notes print: y log t + (1 - y) log(1 - t) over the examples."""
    p = predicted() if t is None else t
    return -Sum(y[i] * log(p) + (1 - y[i]) * log(1 - p), (i, 1, size))


def agreement_of_independent_labels(t, size=n):
    """The probability that independent labels Y[i] are y[i] = 0 or 1, all of them.

    Y y + (1 - Y) (1 - y) is 1 when Y is y, and 0 otherwise.
    """
    labels = family("Y", distribution=lambda i: Bernoulli(t[i]))
    agrees = labels[i] * y[i] + (1 - labels[i]) * (1 - y[i])
    return E(Product(agrees, (i, 1, size)))

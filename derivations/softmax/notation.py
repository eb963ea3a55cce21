"""The notation that the softmax claims share: scores, probabilities, labels and their cost.

N examples, K classes and d features, all symbolic. Labels are numbers y[i, k]; where the notes
need that those of one example add up to 1, they are `shares`: any numbers divided by their sum,
one-hot labels among them.
"""

from sympy import IndexedBase, KroneckerDelta, Product, Sum, Symbol, exp, log

from derivations.symbols import integer, natural

i, j, k, l, m, r, c = (integer(name) for name in "ijklmrc")  # noqa: E741 - the notes' own index
N, K, d = (natural(name) for name in "NKd")
x, y, w, z, Z, theta = (
    IndexedBase(Symbol(name, real=True)) for name in ("x", "y", "w", "z", "Z", "theta")
)


def is_class(index):
    """The assumption that an index is one of the classes 1 to K."""
    return [index >= 1, index <= K]


def is_example(index):
    """The assumption that an index is one of the examples 1 to N."""
    return [index >= 1, index <= N]


def dot(example, of_class):
    """The score x'theta of a class: a sum over the features."""
    return Sum(x[example, j] * theta[of_class, j], (j, 1, d))


def softmax(score, of_class, classes=K):
    """The exponential of one score over the sum of all; `score` gives that of a class."""
    return exp(score(of_class)) / Sum(exp(score(l)), (l, 1, classes))


def linear_softmax(example, of_class):
    """The softmax of the scores x'theta."""
    return softmax(lambda one: dot(example, one), of_class)


def score_softmax(example, of_class):
    """The softmax of the scores Z of an example."""
    return softmax(lambda one: Z[example, one], of_class)


def labels(example, of_class):
    """Labels without any assumption."""
    return y[example, of_class]


def shares(example, of_class):
    """Labels of which those of one example add up to 1."""
    return w[example, of_class] / Sum(w[example, l], (l, 1, K))


def log_partition(example):
    """The logarithm of the sum of the exponentials of an example's scores."""
    return log(Sum(exp(Z[example, l]), (l, 1, K)))


def example_cost(example, label, probability):
    """The cross entropy of the label of an example with its probabilities."""
    return -Sum(label(example, k) * log(probability(example, k)), (k, 1, K))


def cost(label, probability):
    """The cross entropies of all examples, added up."""
    return -Sum(Sum(label(i, k) * log(probability(i, k)), (k, 1, K)), (i, 1, N))


def likelihood(label, probability):
    """The probability of all labels: a product over examples and classes."""
    return Product(Product(probability(i, k) ** label(i, k), (k, 1, K)), (i, 1, N))


def others(index, expression, of_class):
    """The sum of an expression over all classes but one."""
    kept = 1 - KroneckerDelta(index, of_class)
    return Sum(kept * expression, (index, 1, K))

"""Logistic regression as Richard Xu's section 2 prints it. Claims in the order of the notes."""

from sympy import Abs, Eq, IndexedBase, Matrix, Product, Rational, Sum, Symbol, exp, log, pi, sqrt

from derivations.claims import claim, definition, not_checkable, run
from derivations.functions import sigmoid
from derivations.logistic_regression.model import (
    agreement_of_independent_labels,
    cost,
    cross_entropy,
    features,
    i,
    likelihood,
    mass,
    n,
    predicted,
    score,
    weights,
    y,
)
from derivations.matrices import block, dot, scalar
from derivations.random import Bernoulli, Prob, random
from derivations.steps import eq, ge, gt, lt, misprint, start, via
from derivations.symbols import positive, real

EXAMPLES = ((1, "0.99"), (0, "0.005"), (1, "0.92"), (0, "0.1"), (1, "0.93"))
t_i = IndexedBase(Symbol("t", positive=True))


def logistic(t):
    """The sigmoid as the notes write it out inside their sums and products."""
    return 1 / (1 + exp(-t))


@run("XU-S2.1.n1", "XU-S2.1.n2", "XU-S2.1.n3", "XU-S2.1.n4", "XU-S2.1.n5")
def predictions_close_to_their_labels():
    """Each prediction lies between 0 and 1 and nearer to its own label than to the other one."""
    for label, prediction in EXAMPLES:
        f = Rational(prediction)
        yield start(f)
        yield gt(0)
        yield start(f)
        yield lt(1)
        yield start(Abs(f - label))
        yield lt(Abs(f - (1 - label)))


@claim("XU-S2.1.1.p1")
def prediction_is_between_zero_and_one():
    """Whatever the data and the weights, the prediction lies strictly between 0 and 1."""
    yield start(sigmoid(dot(features, weights)))
    yield gt(0)
    yield start(sigmoid(dot(features, weights)))
    yield lt(1)


@definition("XU-1")
def prediction():
    """Another name for the value f(x, theta) of the classifier."""
    return sigmoid(dot(features, weights))


@definition("XU-5")
def score_with_bias():
    """What the sigmoid is applied to."""
    return dot(features, weights) + real("b")


@claim("XU-6")
def sigmoid_of_the_score():
    """The sigmoid at x'theta + b; on the left the b is missing.

    The agreement that x'theta may stand for x'theta + b comes later, after (12).
    """
    b = real("b")
    t = dot(features, weights)
    yield start(1 / (1 + exp(-(t + b))))
    yield misprint(sigmoid(t), "the left side lost b: the argument is x'theta + b")
    yield eq(sigmoid(t + b))


def augmented_score():
    """The product of the data with a 1 below it and the weights with b below them."""
    with_one = block([[features], [Matrix([[1]])]])
    with_bias = block([[weights], [Matrix([[real("b")]])]])
    return scalar(with_one.T * with_bias)


@definition("XU-11")
def augmented_product():
    """The augmented vectors, as they are used: in their inner product."""
    return augmented_score()


@claim("XU-12")
def bias_as_a_weight():
    """The inner product of the augmented vectors is the score with bias."""
    b = real("b")
    yield start(augmented_score())
    yield eq(dot(features, weights) + 1 * b)
    yield eq(dot(features, weights) + b)


@claim("XU-26")
def logistic_regression_objective():
    """The objective is the sum of the cross entropies of the examples, written out.

    The sum reaches to the end of the parenthesis, since the second term carries its index.
    """
    p = logistic(score())
    yield start(Sum(cross_entropy(predicted(), y[i]), (i, 1, n)))
    yield eq(cost())
    yield eq(-Sum(y[i] * log(p) + (1 - y[i]) * log(1 - p), (i, 1, n)))


@claim("XU-S2.5.3.q1")
def where_p_and_q_are():
    """p = (y, 1 - y) and q = (sigma, 1 - sigma) sum to 1, and a term is their cross entropy."""
    label = real("y")
    p1, p2 = label, 1 - label
    q1, q2 = predicted(), sigmoid(-score())
    yield start(p1 + p2)
    yield eq(1)
    yield start(q1 + q2)
    yield eq(1)
    yield start(-(p1 * log(q1) + p2 * log(q2)))
    yield eq(cross_entropy(predicted(), label))


@definition("XU-S2.5.3.d1")
def predicted_probability():
    """The second distribution of the cross entropy."""
    return predicted()


@claim("XU-27")
def one_term_is_a_cross_entropy():
    """A term of the objective in the form of a cross entropy of two outcomes."""
    label, t = real("y t")
    (p1, p2), (q1, q2) = (label, 1 - label), (sigmoid(t), 1 - sigmoid(t))
    yield start(-(label * log(logistic(t)) + (1 - label) * log(1 - logistic(t))))
    yield eq(-(p1 * log(q1) + p2 * log(q2)))


def part_of_the_ones():
    """Minus the sum over the examples with label 1, which are those that y[i] counts."""
    return -Sum(y[i] * log(logistic(score())), (i, 1, n))


def part_of_the_zeros():
    """Minus the sum over the examples with label 0, which are those that 1 - y[i] counts."""
    return -Sum((1 - y[i]) * log(1 - logistic(score())), (i, 1, n))


@claim("XU-28")
def objective_class_by_class():
    """The objective is the sum of the two parts; the brace sets it equal to each of them."""
    both = part_of_the_ones() + part_of_the_zeros()
    yield start(cost())
    yield misprint(part_of_the_ones(), "a plus is missing: the two lines are parts of one sum")
    yield eq(both)
    yield start(cost())
    yield misprint(part_of_the_zeros(), "a plus is missing: the two lines are parts of one sum")
    yield eq(both)


@claim("XU-28.p1")
def the_two_objectives_are_equivalent():
    """Read as one sum, (28) has for each label the one term of (26) that is not 0."""
    t = real("t")
    for label, term in ((1, -log(logistic(t))), (0, -log(1 - logistic(t)))):
        yield start(cross_entropy(sigmoid(t), label))
        yield eq(term)


@claim("XU-29", "XU-36")
def biased_coin():
    """A Bernoulli variable is 1 with probability t and 0 with probability 1 - t."""
    t = positive("t")
    Y = random("Y", Bernoulli(t))
    yield start(Prob(Eq(Y, 1)))
    yield eq(t)
    yield start(Prob(Eq(Y, 0)))
    yield eq(1 - t)


@claim("XU-30")
def both_cases_as_one_power():
    """For y = 0 and for y = 1 the probability is t^y (1 - t)^(1 - y)."""
    t = positive("t")
    for value in (0, 1):
        yield start(Prob(Eq(random("Y", Bernoulli(t)), value)))
        yield eq(mass(t, value))


@claim("XU-31")
def label_with_a_probability_of_its_own():
    """With t replaced by the sigmoid of its score, (30) gives the two probabilities of label i."""
    t = sigmoid(score())
    yield start(mass(predicted(), 1))
    yield eq(t)
    yield start(mass(predicted(), 0))
    yield eq(1 - t)


@claim("XU-32")
def joint_likelihood():
    """The probability of all labels is the product of their Bernoulli probabilities."""
    t = logistic(score())
    yield start(likelihood())
    yield eq(Product(t ** y[i] * (1 - t) ** (1 - y[i]), (i, 1, n)))
    yield eq(likelihood(t))


@claim("XU-S2.5.4.p1")
def independent_labels_multiply():
    """The probability that independent labels take the values y is the product over the labels."""
    yield start(agreement_of_independent_labels(t_i))
    yield eq(Product(t_i[i] * y[i] + (1 - t_i[i]) * (1 - y[i]), (i, 1, n)))


@definition("XU-33")
def what_theta_maximizes():
    """The likelihood, whose largest value the estimate attains."""
    return likelihood()


@claim("XU-34")
def gaussian_likelihood_is_maximal_at_the_mean():
    """The product of equal normal densities is largest in mu at the mean: least squares."""
    mu, sigma = real("mu"), positive("sigma")
    mean = Sum(y[i], (i, 1, n)) / n
    density = exp(-((y[i] - mu) ** 2) / (2 * sigma**2)) / sqrt(2 * pi * sigma**2)
    squares = Sum((y[i] - mu) ** 2, (i, 1, n))
    yield start(log(Product(density, (i, 1, n))))
    yield eq(-n * log(2 * pi * sigma**2) / 2 - squares / (2 * sigma**2))
    yield start(squares)
    yield via(Sum((y[i] - mean) ** 2, (i, 1, n)) + n * (mean - mu) ** 2)
    yield ge(Sum((y[i] - mean) ** 2, (i, 1, n)))


@claim("XU-S2.5.4.p2")
def labels_are_not_identically_distributed():
    """Two examples whose scores differ have labels of different probabilities."""
    t, more = real("t"), positive("h")
    yield start(mass(sigmoid(t), 1))
    yield lt(mass(sigmoid(t + more), 1))


@claim("XU-35")
def negative_log_likelihood():
    """The cost is minus the logarithm of the likelihood; the logarithm is not printed."""
    t = logistic(score())
    product = Product(t ** y[i] * (1 - t) ** (1 - y[i]), (i, 1, n))
    yield start(cost())
    yield eq(-log(likelihood()))
    yield misprint(-product, "the logarithm of the product is lost")
    yield eq(-log(product))


@claim("XU-S2.5.5.p1")
def the_two_views_agree():
    """Minus the log-likelihood of the Bernoulli labels is the sum of the cross entropies."""
    yield start(-log(likelihood()))
    yield eq(Sum(cross_entropy(predicted(), y[i]), (i, 1, n)))


@claim("XU-37")
def two_ways_to_combine_the_cases():
    """At y = 0 and at y = 1 the power form and the linear form agree."""
    t = positive("t")
    for value in (0, 1):
        yield start((1 - t) ** (1 - value) * t**value)
        yield eq((1 - t) * (1 - value) + t * value)


@claim("XU-37.e1")
def power_form():
    """The power form gives the Bernoulli probabilities."""
    t = positive("t")
    for value in (0, 1):
        yield start(Prob(Eq(random("Y", Bernoulli(t)), value)))
        yield eq((1 - t) ** (1 - value) * t**value)


@claim("XU-37.e2")
def linear_form():
    """The linear form gives the Bernoulli probabilities."""
    t = positive("t")
    for value in (0, 1):
        yield start(Prob(Eq(random("Y", Bernoulli(t)), value)))
        yield eq((1 - t) * (1 - value) + t * value)


@definition("XU-75")
def loss_of_one_example():
    """The cross entropy of a label with the sigmoid of the score."""
    return cross_entropy(predicted(), real("y"))


not_checkable({"XU-S2.p1": "a remark on the name of the method"})

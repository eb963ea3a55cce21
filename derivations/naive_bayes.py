"""Naive Bayes: Bayes' rule, the classifier and its estimates. Claims in the order of the notes.

Classes are numbered k = 1, ..., K; u[i, k] is the indicator I(y_i = c_k), so that N_k is its sum
over the N examples, and P(y_i) the product over k of theta_k to the power u[i, k].
"""

from sympy import Ge, IndexedBase, Integral, Product, Sum, Symbol, log

from derivations.claims import claim, definition, not_checkable
from derivations.functions import D
from derivations.steps import eq, implies, le, lt, misprint, start, via
from derivations.symbols import integer, natural, positive, real

n, N, K, d = natural("n N K d")
i, j, k, l, m = integer("i j k l m")  # noqa: E741 - the notes' own index
theta, prior, given_class = (IndexedBase(Symbol(s, positive=True)) for s in ("theta", "p", "q"))
joint_of_cause = IndexedBase(Symbol("r", positive=True))
weight = IndexedBase(Symbol("w", nonnegative=True))
u = IndexedBase(Symbol("u", nonnegative=True))
lam = real("lambda")


def over_classes(term):
    """The sum over the classes."""
    return Sum(term, (k, 1, K))


def evidence():
    """P(x): the joint probabilities of x and each cause, added up; x is the l-th outcome."""
    return over_classes(joint_of_cause[k, l])


@definition("SU-2.18-prior")
def posterior_probability():
    """The probability of cause m when x is known: their joint probability over that of x."""
    return joint_of_cause[m, l] / evidence()


@claim("SU-2.18")
def bayes_rule():
    """The posterior is likelihood times prior over evidence, from a joint distribution."""
    prior_of_cause = Sum(joint_of_cause[m, j], (j, 1, d))
    likelihood = joint_of_cause[m, l] / prior_of_cause
    yield start(joint_of_cause[m, l] / evidence())
    yield eq(likelihood * prior_of_cause / evidence())


@claim("SU-2.18-lik")
def likelihood_is_not_a_distribution_of_the_parameter():
    """The probabilities t and 1 - t of a coin sum to 1 over x; over t the first has area 1/2."""
    t = positive("t")
    yield start(t + (1 - t))
    yield eq(1)
    yield start(Integral(t, (t, 0, 1)))
    yield lt(1)


def class_score(c):
    """The prior of a class times the probabilities of the features in it."""
    return prior[c] * Product(given_class[j, c], (j, 1, d))


@definition("SU-2.19.s1")
def what_the_classifier_maximizes():
    """The posterior of a class."""
    return class_score(k) / Sum(class_score(l), (l, 1, K))


@claim("SU-2.19", "SU-2.19.s2", chain=False)
def posterior_of_a_class():
    """The posterior from the joint probability; the k of the sum hides that of the class."""
    yield start(class_score(k) / Sum(class_score(l), (l, 1, K)))
    yield eq(class_score(k) / over_classes(class_score(k)))


@claim("SU-2.20", "SU-2.20-denom")
def denominator_does_not_matter():
    """One class is at least as probable as another just when its numerator is at least as large."""
    total = over_classes(class_score(k))
    numerators = Ge(class_score(l), class_score(m), evaluate=False)
    posteriors = Ge(class_score(l) / total, class_score(m) / total, evaluate=False)
    yield start(posteriors)
    yield implies(numerators, by=total)
    yield start(numerators)
    yield implies(posteriors, by=1 / total)


def size_of_class(c):
    """N_k: the number of examples of a class."""
    return Sum(u[i, c], (i, 1, N))


def sum_of_logarithms(value):
    """The sum over the classes of N_k times the logarithm of a value for each."""
    return over_classes(size_of_class(k) * log(value))


COUNT = IndexedBase(Symbol("N", positive=True))
EXAMPLES = over_classes(COUNT[k])


@claim("SU-2.21a")
def relative_frequencies_are_most_likely():
    """No other class probabilities give the labels a larger likelihood than N_k / N.

    Here the classes are not empty, and N is the sum of the N_k.
    """
    frequency, ratio = COUNT[k] / EXAMPLES, theta[k] * EXAMPLES / COUNT[k]
    excess = over_classes(COUNT[k] * (ratio - 1))
    yield start(over_classes(frequency))
    yield eq(1)
    yield start(over_classes(COUNT[k] * log(theta[k])) - over_classes(COUNT[k] * log(frequency)))
    yield eq(over_classes(COUNT[k] * log(ratio)))
    yield le(excess, "log r is at most r - 1")
    yield eq(EXAMPLES * (over_classes(theta[k]) - 1), "which is 0 for probabilities")


value = IndexedBase(Symbol("v", nonnegative=True))


def relative_frequency_of_value(s):
    """The share of the examples of class k whose j-th feature has the s-th of its values."""
    return Sum(value[i, j, s] * (u[i, k] / size_of_class(k)), (i, 1, N))


@claim("SU-2.21", "SU-2.21b")
def relative_frequency_within_a_class():
    """The estimate belongs to the value a_jl; on the left a^(j) names no value.

    The left is read as any value of the j-th feature, here the m-th. That the share is most
    likely is derived with SU-2.26-lik.
    """
    yield start(relative_frequency_of_value(l))
    yield misprint(relative_frequency_of_value(m), "l is missing on the left: a^(j) is a_jl")
    yield eq(Sum(value[i, j, l] * u[i, k], (i, 1, N)) / size_of_class(k))


def probability_of_labels(size):
    """The product of P(y_i) over so many labels."""
    return Product(Product(theta[k] ** u[i, k], (k, 1, K)), (i, 1, size))


@claim("SU-2.22")
def joint_probability_of_the_labels():
    """The labels multiply, and each class contributes theta_k to the power N_k.

    The first line lists n labels and multiplies N of them; N is what (2.21) calls their number.
    """
    yield start(probability_of_labels(N))
    yield misprint(probability_of_labels(n), "the labels are y_1, ..., y_N, not y_n")
    yield eq(probability_of_labels(N))
    yield misprint(
        Product(theta[k] ** size_of_class(k), (i, 1, N)),
        "the last product runs over the classes k = 1, ..., K and not over the examples",
    )
    yield eq(Product(theta[k] ** size_of_class(k), (k, 1, K)))


@definition("SU-2.23")
def likelihood_of_the_class_probabilities():
    """The joint probability as a function of theta, whose k is once set above and once below."""
    return probability_of_labels(N)


@claim("SU-2.24")
def log_likelihood():
    """The logarithm of the likelihood is a sum over the classes."""
    yield start(log(probability_of_labels(N)))
    yield misprint(
        Sum(size_of_class(k) * log(theta[k]), (i, 1, N)),
        "the sum runs over the classes k = 1, ..., K and not over the examples",
    )
    yield eq(sum_of_logarithms(theta[k]))


@definition("SU-2.24.c")
def constraint():
    """The sum of the class probabilities, which is to be 1."""
    return over_classes(theta[k])


@claim("SU-2.25")
def lagrangian_of_the_log_likelihood():
    """The log-likelihood plus lambda times the constraint, with the same slip in the sum."""
    multiplied = lam * (over_classes(theta[k]) - 1)
    yield start(log(probability_of_labels(N)) + multiplied)
    yield misprint(
        Sum(size_of_class(k) * log(theta[k]), (i, 1, N)) + multiplied,
        "the sum runs over the classes k = 1, ..., K and not over the examples",
    )
    yield eq(sum_of_logarithms(theta[k]) + multiplied)


def shared(c):
    """The indicator of a class, divided by the sum of the indicators of the example, which is 1."""
    return weight[i, c] / Sum(weight[i, l], (l, 1, K))


@claim("SU-2.26")
def class_probabilities_from_the_lagrangian():
    """theta_k = -N_k / lambda is stationary, and the sum 1 makes lambda minus the sum of the N_k.

    That sum counts every example once in each class that it belongs to, and so is N.
    """
    lagrangian = sum_of_logarithms(theta[k]) + lam * (over_classes(theta[k]) - 1)
    members = Sum(shared(k), (i, 1, N))
    yield start(D(lagrangian, theta[m]), given=[m >= 1, m <= K])
    yield via(size_of_class(m) / theta[m] + lam, "zero for theta_m = -N_m / lambda")
    multiplier = -Sum(Sum(shared(m), (m, 1, K)), (i, 1, N))
    yield start(-members / multiplier)
    yield eq(members / N)
    yield eq(Sum(shared(k), (i, 1, N)) / N)


not_checkable(
    {
        "SU-2.18-freq": "a view of what probability means",
        "SU-2.13-gen": "a classification of models by name",
        "SUA-1.15-freq": "a view of what probability means",
    }
)

"""The softmax classifier of the course, in its order."""

from sympy import Ge, IndexedBase, Limit, Product, Rational, Sum, Symbol, exp, log, oo

from derivations.claims import claim, definition
from derivations.functions import D
from derivations.softmax.notation import Z, i, j, k, l, softmax, w, x, y
from derivations.steps import eq, ge, gt, implies, lt, misprint, rounds, start
from derivations.symbols import natural, positive, real

n, m, classes = natural("n"), natural("m"), natural("c")
b, other = (IndexedBase(Symbol(name, real=True)) for name in ("b", "A"))
p, q, marginal, joint = (IndexedBase(Symbol(name, positive=True)) for name in "pqQP")
label = IndexedBase(Symbol("label", positive=True))


def affine_score(of_class):
    """The score w'x + b of a class."""
    return Sum(w[of_class, j] * x[j], (j, 1, n)) + b[of_class]


def all_of(probability):
    """The product over the m examples."""
    return Product(probability, (i, 1, m))


def total(expression):
    """The sum over the m examples."""
    return Sum(expression, (i, 1, m))


def log_partition(score):
    """The logarithm of the sum of the exponentials of the scores of example i."""
    return log(Sum(exp(score[i, l]), (l, 1, classes)))


def own_score(score):
    """The score of example i at its own class, picked by its one-hot label."""
    return Sum(y[i, k] * score[i, k], (k, 1, classes))


def own_softmax(score):
    """The softmax of example i at its own class."""
    return exp(own_score(score)) / Sum(exp(score[i, l]), (l, 1, classes))


def mean_loss(score):
    """The average of the losses of the examples."""
    return total(log_partition(score) - own_score(score)) / m


@definition("CO-softmax-def", "CO-softmax-prob")
def softmax_of_affine_scores():
    """The exponential of the score w'x + b over the sum of all: the probability of the class."""
    return softmax(affine_score, i, classes)


@claim("CO-softmax-normalized")
def softmax_is_normalized():
    """The softmax of all classes adds up to 1."""
    yield start(Sum(softmax(affine_score, i, classes), (i, 1, classes)))
    yield eq(1)


@claim("CO-softmax-joint")
def joint_probability_of_independent_examples():
    """A product over the examples, each by the conditional probability of its label."""
    yield start(all_of(joint[i]))
    yield eq(all_of(marginal[i] * (joint[i] / marginal[i])))


@claim("CO-softmax-mle", chain=False)
def most_likely_parameters_have_the_least_mean_loss():
    """The maximum stays in place when p(x) is dropped, by the logarithm, and by minus 1/m.

    p and q are the probabilities that two choices of theta give to the labels, and L and M two
    likelihoods.
    """
    high, low = positive("L M")
    yield start(Ge(all_of(marginal[i] * p[i]), all_of(marginal[i] * q[i])))
    yield implies(Ge(all_of(p[i]), all_of(q[i])), by=1 / all_of(marginal[i]))
    yield start(Ge(high, low))
    yield implies(Ge(log(high), log(low)))
    yield start(-log(all_of(own_softmax(Z))) / m)
    yield eq(mean_loss(Z))


@claim(*(f"CO-softmax-mle.s{line}" for line in range(1, 7)))
def maximum_likelihood_line_by_line():
    """Each line has its maximum where the line before has it.

    The second is the logarithm of the first; the others differ by a positive factor.

    p and q are the probabilities that two choices of theta give to the labels, and Z and A are
    their scores.
    """
    yield start(Ge(all_of(marginal[i] * p[i]), all_of(marginal[i] * q[i])))
    yield implies(Ge(all_of(p[i]), all_of(q[i])), by=1 / all_of(marginal[i]))
    yield start(log(all_of(p[i])))
    yield eq(total(log(p[i])))
    yield start(total(log(own_softmax(Z))))
    yield misprint(
        total(log(own_softmax(Z) / label[i])),
        "OCR: the label is the index of softmax, read as the denominator of a fraction",
    )
    yield eq(total(log(own_softmax(Z))))
    yield eq(total(log(exp(own_score(Z)) / Sum(exp(Z[i, l]), (l, 1, classes)))))
    yield start(Ge(total(log(own_softmax(Z))), total(log(own_softmax(other)))))
    yield implies(Ge(-mean_loss(Z), -mean_loss(other)), by=1 / m)
    yield implies(Ge(mean_loss(other), mean_loss(Z)), by=1)


@claim("CO-softmax-lossdef")
def loss_is_not_its_minimiser():
    """The loss is the average itself; its arg min is a parameter, printed as the loss.

    Two examples with scores w and 0, one of each class: the arg min is w = 0.
    """
    weight = real("w")
    loss = (2 * log(exp(weight) + 1) - weight) / 2
    yield start(D(loss, weight).doit().subs(weight, 0))
    yield eq(0)
    yield start(loss.subs(weight, 0))
    yield misprint(0, "the loss is what is minimised, not the place of its minimum")
    yield eq(log(2))


@claim("CO-softmax-single")
def log_likelihood_of_one_example():
    """The score of its class minus the logarithm of the sum of the exponentials of all."""
    yield start(log(own_softmax(Z)))
    yield eq(own_score(Z) - log_partition(Z))


def log_softmax_with_a_lead(lead):
    """The log-likelihood of one example whose score leads those of all other classes equally."""
    a = real("a")
    return log(exp(a + lead) / (exp(a + lead) + (classes - 1) * exp(a)))


@claim("CO-softmax-largest-score")
def largest_score_may_lead_by_little():
    """The largest score gives a value near 0 only if it leads the others by much.

    The witness has the two scores 1/10 and 0. R are the other exponentials over its own.
    """
    a, (lead, rest) = Rational(1, 10), positive("M R")
    yield start(log(exp(a) / (exp(a) + exp(0))))
    yield misprint(rounds("0.0"), "a largest score that leads by little has a loss near log c")
    yield ge(-log(2))
    yield start(-log(1 + rest))
    yield ge(-rest)
    yield start(log_softmax_with_a_lead(lead))
    yield eq(-log(1 + (classes - 1) * exp(-lead)))
    yield start(Limit(-log(1 + (classes - 1) * exp(-lead)), lead, oo, "-"))
    yield eq(0)


@claim("CO-softmax-else")
def log_likelihood_is_negative():
    """With another class there is always a loss; R is the sum of the other exponentials."""
    score, rest = real("a"), positive("R")
    yield start(log(exp(score) / (exp(score) + rest)))
    yield lt(0)
    yield start(-log(exp(score) / (exp(score) + rest)))
    yield gt(0)

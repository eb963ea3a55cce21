"""The Gaussian classifier: one normal density for each class. Claims in the order of the notes.

n is the number of examples, K that of the classes and d the dimension of x; the notes write n and k
for several of them.
"""

from sympy import Ge, IndexedBase, Matrix, Product, Rational, Sum, Symbol, exp, log, pi, sqrt

from derivations.claims import claim, definition
from derivations.matrices import Gradient, det, logdet, positive_definite, scalar, vector
from derivations.random import Cov, Var, random
from derivations.steps import eq, implies, misprint, start
from derivations.symbols import integer, natural, real

HALF = Rational(1, 2)
n, K, d = natural("n K d")
i, j, l = integer("i j l")  # noqa: E741 - the notes' own index
point, mu, Sigma = vector("x", d), vector("mu", d), positive_definite("Sigma", d)
joint = IndexedBase(Symbol("p", positive=True))
x = IndexedBase(Symbol("x", real=True))
u = IndexedBase(Symbol("u", nonnegative=True))
PRIOR = 1 / K
DISTANCE = scalar((point - mu).T * Sigma.I * (point - mu))


def over_examples(term):
    """The sum over the examples."""
    return Sum(term, (i, 1, n))


def density():
    """The normal density of a class in d dimensions."""
    return exp(-DISTANCE / 2) / sqrt((2 * pi) ** d * det(Sigma))


@definition("CO-gauss-model")
def density_of_a_class():
    """The density of an example of a class, which has its own mean and covariance.

    The notes write i for the example and for its class in one line; later the class is j.
    """
    return density()


@claim("CO-gauss-paramcount")
def two_parameters_for_each_class():
    """A mean and a covariance matrix, counted as one parameter each, make 2 n for n classes."""
    yield start(Sum(2, (j, 1, n)))
    yield eq(2 * n)


@claim("CO-gauss-covmatrix")
def covariance_matrix_of_two_dimensions():
    """The printed matrix gives the variance of every combination of the two dimensions."""
    a, b = real("a b")
    first, second = random("X_1"), random("X_2")
    mixed = Cov(first, second)
    printed = Matrix([[Var(first), mixed], [mixed, Var(second)]])
    combination = Matrix([a, b])
    yield start(Var(a * first + b * second))
    yield eq((combination.T * printed * combination)[0])


@definition("CO-gauss-prior")
def equally_likely_classes():
    """The probability of each of the K classes."""
    return 1 / K


@claim("CO-gauss-loglik.s1", "CO-gauss-loglik.s2", "CO-gauss-loglik.s3")
def log_likelihood_splits():
    """The joint probability is prior times conditional, and their logarithms part."""
    conditional = joint[i] / PRIOR
    yield start(log(Product(joint[i], (i, 1, n))))
    yield eq(over_examples(log(joint[i])))
    yield eq(over_examples(log(PRIOR * conditional)))
    yield eq(over_examples(log(conditional)) + over_examples(log(PRIOR)))


@claim("CO-gauss-loglik.s4", "CO-gauss-loglik.s5")
def logarithm_of_the_density():
    """The logarithm of the normal density; the n of these lines is the dimension d."""
    yield start(log(density()))
    yield eq(log(1 / sqrt((2 * pi) ** d * det(Sigma)) * exp(-HALF * DISTANCE)))
    yield eq(-d * log(2 * pi) / 2 - logdet(Sigma) / 2 - DISTANCE / 2)


@claim("CO-gauss-loglik", "CO-gauss-loglik.s6", chain=False)
def log_likelihood_of_the_classifier():
    """The log-likelihood with the constant parts joined; the sum is printed over j.

    Of example i, D[i] is log|Sigma| of its class and q[i] the quadratic form.
    """
    logdets, forms = (IndexedBase(Symbol(name, real=True)) for name in ("D", "q"))
    constant = n * (log(PRIOR) - d * log(2 * pi) / 2)
    term = -logdets[i] / 2 - forms[i] / 2
    yield start(over_examples(-d * log(2 * pi) / 2 + term) + over_examples(log(PRIOR)))
    yield misprint(
        Sum(term, (j, 1, n)) + constant,
        "the sum runs over j, and its terms are those of example i: the index is i",
    )
    yield eq(over_examples(term) + constant)


@claim("CO-gauss-indices")
def one_letter_for_several_numbers():
    """The dimension is not the number of examples, and n classes do not share 1 as 1/k each."""
    yield start(log(1 / sqrt((2 * pi) ** d)))
    yield misprint(-n * log(2 * pi) / 2, "n is the number of examples: the dimension is d")
    yield eq(-d * log(2 * pi) / 2)
    yield start(Sum(1 / K, (j, 1, K)))
    yield misprint(Sum(1 / K, (j, 1, n)), "the classes are n in one line and k in the next")
    yield eq(1)


def members():
    """The number of examples of class j, which u[i, j] indicates."""
    return over_examples(u[i, j])


def class_mean(c):
    """The mean of one coordinate over the examples of class j."""
    return over_examples(u[i, j] * x[i, c]) / members()


@claim("CO-gauss-mu-mle")
def mean_of_a_class():
    """The most likely mean of a class is the mean of its examples, of which there are not n.

    Each example adds Sigma^-1 (x - mu) to the gradient, and those of the class add up to 0.
    """
    yield start(Gradient(log(density()), mu))
    yield eq(Sigma.I * (point - mu))
    yield start(over_examples(u[i, j] * (x[i, l] - class_mean(l))))
    yield eq(0)
    yield start(over_examples(u[i, j] / members() * x[i, l]))
    yield misprint(
        over_examples(u[i, j] * x[i, l]) / n,
        "the sum is over the examples of class j and is divided by their number, not by n",
    )
    yield eq(over_examples(u[i, j] * x[i, l]) / members())


@claim("CO-gauss-test")
def most_probable_class():
    """Class j is at least as probable as class l just when its density is at least as large."""
    evidence = Sum(joint[i], (i, 1, K))
    (first, second), (one, other) = (joint[j], joint[l]), (joint[j] / PRIOR, joint[l] / PRIOR)
    yield start(Ge(first / evidence, second / evidence, evaluate=False))
    yield implies(Ge(first / evidence, second / evidence, evaluate=False), by=1)
    yield implies(Ge(PRIOR * one / evidence, PRIOR * other / evidence, evaluate=False), by=1)
    yield implies(Ge(one, other, evaluate=False), by=K * evidence)

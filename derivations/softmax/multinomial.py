"""Richard Xu, section 2.7: the cost of multinomial regression, and its likelihood."""

from sympy import (
    IndexedBase,
    KroneckerDelta,
    Le,
    Product,
    Sum,
    Symbol,
    exp,
    log,
)

from derivations.claims import claim, definition
from derivations.functions import D
from derivations.softmax.notation import (
    K,
    N,
    Z,
    c,
    cost,
    dot,
    i,
    is_class,
    k,
    l,
    labels,
    likelihood,
    linear_softmax,
    log_partition,
    score_softmax,
    shares,
    softmax,
    w,
    y,
    z,
)
from derivations.steps import eq, ge, gt, implies, misprint, start
from derivations.symbols import integer, natural, positive, real

other = IndexedBase(Symbol("A", real=True))
t = IndexedBase(Symbol("t", positive=True))


@claim("XU-S2.7.p1")
def zero_cost_is_impossible():
    """Every example costs something, whatever theta is; R is the sum of the other exponentials."""
    score, rest = real("u"), positive("R")
    yield start(-log(exp(score) / (exp(score) + rest)))
    yield gt(0)


@claim("XU-45")
def cost_of_multinomial_regression():
    """The logarithm of the quotient is the difference of the logarithms."""
    difference = log(exp(dot(i, k))) - log(Sum(exp(dot(i, l)), (l, 1, K)))
    yield start(cost(labels, linear_softmax))
    yield eq(-Sum(Sum(y[i, k] * log(linear_softmax(i, k)), (k, 1, K)), (i, 1, N)))
    yield eq(-Sum(Sum(y[i, k] * difference, (k, 1, K)), (i, 1, N)))


@claim("XU-46")
def cost_by_the_probabilities():
    """The same with the softmax called q; the sum is printed up to n instead of N."""
    n = natural("n")
    q = linear_softmax(i, k)
    yield start(cost(labels, linear_softmax))
    yield misprint(
        -Sum(Sum(y[i, k] * log(q), (k, 1, K)), (i, 1, n)), "the examples are numbered up to N"
    )
    yield eq(-Sum(Sum(y[i, k] * log(q), (k, 1, K)), (i, 1, N)))


@claim("XU-47")
def cost_class_by_class():
    """The cost is the sum of the K lines, printed as if it were each of them.

    The examples of class k are those with y_ik = 1; exp(A_ik) stands for the softmax.
    """
    yield start(cost(labels, lambda example, one: exp(other[example, one])))
    yield misprint(
        -Sum(y[i, 1] * log(exp(other[i, 1])), (i, 1, N)), "a brace instead of a sum of the lines"
    )
    yield eq(-Sum(Sum(y[i, k] * log(exp(other[i, k])), (i, 1, N)), (k, 1, K)))


# Section 2.7.1


@claim("XU-S2.7.1.d1")
def probability_vector():
    """The components of t add up to 1; the summand t_i is printed as the index of the sum.

    Every such t > 0 is a softmax: that of its logarithms.
    """
    yield start(Sum(softmax(lambda one: z[one], k), (k, 1, K)))
    yield eq(1)
    yield start(softmax(lambda one: log(t[one]), k))
    yield eq(t[k] / Sum(t[l], (l, 1, K)))


@claim("XU-48", "XU-S2.7.1.p1", "XU-49.e1", "XU-49")
def probability_of_a_one_hot_vector():
    """At the one-hot vector of class c the product of the powers is t_c."""
    yield start(Product(t[k] ** KroneckerDelta(k, c), (k, 1, K)), given=is_class(c))
    yield eq(t[c])


@claim("XU-49.e2")
def probability_of_the_label_of_an_example():
    """The same with the index of the example."""
    yield start(Product(t[i, k] ** KroneckerDelta(k, c), (k, 1, K)), given=is_class(c))
    yield eq(t[i, c])


@definition("XU-50")
def probabilities_of_an_example():
    """The softmax of the scores x'theta."""
    return linear_softmax(i, k)


@definition("XU-51")
def joint_likelihood():
    """The product over the examples of the probabilities of their labels."""
    return likelihood(labels, linear_softmax)


@claim("XU-51.p1")
def every_example_has_a_distribution_of_its_own():
    """The factor of an example, summed over all labels that it can have, is 1."""
    power = linear_softmax(i, k) ** KroneckerDelta(k, c)
    yield start(Sum(Product(power, (k, 1, K)), (c, 1, K)))
    yield eq(1)


@claim("XU-52")
def cost_is_minus_the_log_likelihood():
    """The cost of multinomial regression is minus the logarithm of the joint likelihood."""
    yield start(cost(labels, linear_softmax))
    yield eq(-log(likelihood(labels, linear_softmax)))
    product = Product(linear_softmax(i, k) ** y[i, k], (k, 1, K))
    yield eq(-log(Product(product, (i, 1, N))))
    yield eq(cost(labels, linear_softmax))


# Section 2.7.2


@claim("XU-53")
def least_cost():
    """The theta of the highest likelihood has the least cost; A are the scores of another theta."""

    def other_softmax(example, one):
        return softmax(lambda of_class: other[example, of_class], one)

    best, rest = likelihood(labels, score_softmax), likelihood(labels, other_softmax)
    yield start(Le(-log(best), -log(rest)))
    yield implies(Le(cost(labels, score_softmax), cost(labels, other_softmax)), by=1)
    yield implies(
        Le(
            -Sum(Sum(y[i, k] * log(score_softmax(i, k)), (k, 1, K)), (i, 1, N)),
            -Sum(Sum(y[i, k] * log(other_softmax(i, k)), (k, 1, K)), (i, 1, N)),
        ),
        by=1,
    )


def moved_softmax(of_class):
    """The softmax at scores that have moved by s in the direction w."""
    return softmax(lambda one: z[one] + real("s") * w[one], of_class)


@claim("XU-S2.7.2.q1")
def descent_finds_the_least_cost():
    """By descent: the cost is convex in the scores, so that no other minimum is in the way.

    Along any direction its second derivative is a variance, half the mean of (w_k - w_m)^2. The
    part with the labels is linear, and the scores are linear in theta.
    """
    s, m = real("s"), integer("m")
    mean = Sum(moved_softmax(k) * w[k], (k, 1, K))
    pairs = moved_softmax(k) * moved_softmax(m) * (w[k] - w[m]) ** 2
    yield start(cost(shares, score_softmax))
    linear = Sum(Sum(shares(i, k) * Z[i, k], (k, 1, K)), (i, 1, N))
    yield eq(Sum(log_partition(i), (i, 1, N)) - linear)
    yield start(D(log(Sum(exp(z[k] + s * w[k]), (k, 1, K))), s, 2))
    yield eq(Sum(moved_softmax(k) * w[k] ** 2, (k, 1, K)) - mean**2)
    yield eq(Sum(Sum(pairs, (m, 1, K)), (k, 1, K)) / 2)
    yield ge(0)

"""Richard Xu, sections 2.9 and 2.10: the gradients of softmax and of multinomial regression."""

from sympy import KroneckerDelta, Sum, exp, log

from derivations.claims import claim, definition
from derivations.functions import D
from derivations.matrices import vector
from derivations.softmax.notation import (
    K,
    N,
    Z,
    cost,
    d,
    dot,
    example_cost,
    i,
    is_class,
    is_example,
    j,
    k,
    l,
    labels,
    linear_softmax,
    log_partition,
    m,
    others,
    score_softmax,
    shares,
    softmax,
    theta,
    w,
    x,
    y,
    z,
)
from derivations.steps import eq, misprint, start, via
from derivations.symbols import integer, positive, real

n, r = integer("n"), integer("r")
weight = real("theta_m")
"""The weight of feature r in the score of class m: the one variable in the gradient by theta."""


def cost_of_scores():
    """The cost when the labels of every example add up to 1, which the first claim proves."""
    linear = Sum(Sum(shares(i, k) * Z[i, k], (k, 1, K)), (i, 1, N))
    return Sum(log_partition(i), (i, 1, N)) - linear


def moved(example, of_class):
    """A score as a function of one weight: only that of class m contains it."""
    return Z[example, of_class] + KroneckerDelta(of_class, m) * x[example, r] * weight


def moved_softmax(example, of_class):
    """The softmax as a function of one weight."""
    return softmax(lambda one: moved(example, one), of_class)


def cost_of_weight():
    """The cost as a function of one weight, again with labels that add up to 1."""
    partition = Sum(log(Sum(exp(moved(i, l)), (l, 1, K))), (i, 1, N))
    constant = Sum(Sum(y[i, k] * Z[i, k], (k, 1, K)), (i, 1, N))
    return partition - constant - weight * Sum(y[i, m] * x[i, r], (i, 1, N))


def gradient_of_weight():
    """The sum over the examples of feature times error."""
    return Sum(x[i, r] * (moved_softmax(i, m) - y[i, m]), (i, 1, N))


@definition("XU-60.d1")
def softmax_vector():
    """The vector with the softmax of the scores x'theta in component k."""
    return linear_softmax(i, k)


@claim("XU-60")
def gradient_of_multinomial_regression():
    """The gradient sums feature times error over the examples; printed is the error of one.

    Component m, r of the gradient. The labels of an example add up to 1.
    """
    yield start(cost(shares, score_softmax))
    yield eq(-Sum(Sum(shares(i, k) * log(score_softmax(i, k)), (k, 1, K)), (i, 1, N)))
    yield via(cost_of_scores())
    yield start(D(cost_of_weight(), weight), given=[*is_class(m), *is_example(n)])
    yield misprint(
        moved_softmax(n, m) - y[n, m],
        "the sum over i and the factor x_i are missing, so that i is free on the right alone",
    )
    yield eq(gradient_of_weight())
    probabilities, label = vector("q", K), vector("y", K)
    yield start(probabilities - label)
    yield misprint((probabilities - label).T, "a column cannot be its own transpose")
    yield eq((probabilities.T - label.T).T)


@claim("XU-64.d1")
def score_of_a_class():
    """The score belongs to one example: Z_k needs the index i as well, or all x_i'theta agree."""
    yield start(dot(1, k))
    yield misprint(dot(2, k), "i is free on the right alone: Z_k would be every example's score")
    yield eq(Sum(theta[k, j] * x[1, j], (j, 1, d)))


@claim("XU-64")
def gradient_by_the_scores():
    """The derivative by Z_nm is the error of example n; the printed sum adds all examples' errors.

    The scores Z_ik = x_i'theta_k carry the index i, which is printed without, and the k of the
    inner sum is not the k of the derivative, which is m here.
    """
    here = [*is_class(m), *is_example(n)]
    single = "Z_k is a score of one example, and the other examples do not contain it"
    error = score_softmax(i, m) - shares(i, m)
    yield start(cost(shares, score_softmax))
    yield via(cost_of_scores())
    yield start(D(cost_of_scores(), Z[n, m]), given=here)
    summed = Sum(D(example_cost(i, shares, score_softmax), Z[i, m]), (i, 1, N))
    yield misprint(summed, single, then="printed")
    yield eq(score_softmax(n, m) - shares(n, m))
    yield eq(Sum(error, (i, 1, N)))
    yield start(D(cost_of_scores(), Z[n, m]), given=here)
    yield misprint(Sum(error, (i, 1, N)), single, then="printed")
    yield eq(score_softmax(n, m) - shares(n, m))
    yield eq(Sum(exp(Z[i, m]) / Sum(exp(Z[i, l]), (l, 1, K)) - shares(i, m), (i, 1, N)))


@claim("XU-65")
def gradient_by_the_weights():
    """The ends agree; the product between them multiplies two sums instead of summing products.

    Component m, r of the gradient, with the derivative by Z as (64) prints it.
    """
    here = [*is_class(m), *is_example(n)]
    product = x[n, r] * Sum(moved_softmax(i, m) - y[i, m], (i, 1, N))
    chain_rule = Sum((moved_softmax(i, m) - y[i, m]) * D(moved(i, m), weight), (i, 1, N))
    outside = "the chain rule sums over the examples, whose x_i differ: the sum comes last"
    yield start(D(cost_of_weight(), weight), given=here)
    yield misprint(product, outside)
    yield eq(gradient_of_weight())
    yield start(gradient_of_weight(), given=here)
    yield misprint(product, outside)
    yield eq(chain_rule)
    yield start(D(cost_of_weight(), weight), given=here)
    yield eq(gradient_of_weight())


# One example: the softmax p of the scores z, and labels y that add up to 1


def p(of_class):
    """The softmax of the scores z; the notes write exp^z for e^z."""
    return softmax(lambda one: z[one], of_class)


def share(of_class):
    """A label, of which all together are 1."""
    return w[of_class] / Sum(w[l], (l, 1, K))


def partition():
    """The sum of all exponentials."""
    return Sum(exp(z[l]), (l, 1, K))


def derivative_by_exponential(numerator, of_class):
    """The derivative of a quotient by the exponential u = exp(z_k) in its denominator."""
    u = positive("u")
    quotient = numerator(u) / (u + others(l, exp(z[l]), of_class))
    return D(quotient, u).doit().subs(u, exp(z[of_class]))


@definition("XU-66")
def cross_entropy_with_softmax():
    """The cross entropy of labels that add up to 1 with the softmax of the scores."""
    return -Sum(share(k) * log(p(k)), (k, 1, K))


@claim("XU-67")
def own_derivative_by_the_chain_rule():
    """The derivative of p_k by z_k goes through exp(z_k)."""
    yield start(D(p(k), z[k]), given=is_class(k))
    yield eq(D(exp(z[k]) / partition(), z[k]))
    yield eq(derivative_by_exponential(lambda u: u, k) * D(exp(z[k]), z[k]))


@claim("XU-68")
def derivative_of_a_quotient_with_its_variable_above():
    """The derivative of x / (x + c) by the product rule."""
    variable, constant = real("x c")
    yield start(D(variable / (variable + constant), variable))
    yield eq(D(variable * (variable + constant) ** -1, variable))
    yield eq((variable + constant) ** -1 - variable * (variable + constant) ** -2)
    yield eq(((variable + constant) - variable) / (variable + constant) ** 2)
    yield eq(constant / (variable + constant) ** 2)


@claim("XU-69")
def own_derivative_of_softmax():
    """The derivative of p_k by its own score is p_k (1 - p_k)."""
    rest = others(l, exp(z[l]), k)
    yield start(D(p(k), z[k]), given=is_class(k))
    yield eq(derivative_by_exponential(lambda u: u, k) * D(exp(z[k]), z[k]))
    yield eq(rest / partition() ** 2 * exp(z[k]))
    yield eq((rest / partition()) * (exp(z[k]) / partition()))
    yield eq(p(k) * (1 - p(k)))


@claim("XU-70")
def derivative_of_a_quotient_with_its_variable_below():
    """The derivative of y / (z + c), with y and c constant."""
    above, variable, constant = real("y z c")
    yield start(D(above / (variable + constant), variable))
    yield eq(D(above * (variable + constant) ** -1, variable))
    yield eq(-above / (variable + constant) ** 2)


@claim("XU-71")
def other_derivative_of_softmax():
    """The derivative of p_k by another score is -p_i p_k.

    Every line is multiplied by 1 - delta_ik: it says nothing where i is k.
    """
    apart = 1 - KroneckerDelta(i, k)
    yield start(apart * D(p(k), z[i]), given=[*is_class(i), *is_class(k)])
    slope = derivative_by_exponential(lambda _: exp(z[k]), i)
    yield eq(apart * slope * D(exp(z[i]), z[i]))
    yield eq(-apart * exp(z[k]) / partition() ** 2 * exp(z[i]))
    yield eq(-apart * (exp(z[i]) / partition()) * (exp(z[k]) / partition()))
    yield eq(-apart * p(i) * p(k))


@claim("XU-72", "XU-72.e1", "XU-72.e2")
def jacobian_of_softmax():
    """Both cases: i = k, and i other than k, where 1 - delta_ik is not 0."""
    apart = 1 - KroneckerDelta(i, k)
    yield start(D(p(i), z[i]), given=is_class(i))
    yield eq(p(i) * (1 - p(i)))
    yield start(apart * D(p(k), z[i]), given=[*is_class(i), *is_class(k)])
    yield eq(-apart * p(i) * p(k))


def split_softmax(of_class):
    """The softmax with e^z_i apart from the other exponentials, as (71) writes it."""
    return exp(z[of_class]) / (exp(z[i]) + others(l, exp(z[l]), i))


@claim("XU-73")
def gradient_of_cross_entropy_with_softmax():
    """The derivative by a score is probability minus label, because the labels add up to 1."""
    p_k, p_i = split_softmax(k), split_softmax(i)
    yield start(-Sum(share(k) * log(p(k)), (k, 1, K)), given=is_class(i))
    yield via(-Sum(share(k) * log(p_k), (k, 1, K)))
    yield start(D(-Sum(share(k) * log(p_k), (k, 1, K)), z[i]), given=is_class(i))
    yield eq(-Sum(share(k) * D(log(p_k), z[i]), (k, 1, K)))
    yield eq(-Sum(share(k) / p_k * D(p_k, z[i]), (k, 1, K)))
    yield eq(-share(i) * (1 - p_i) - others(k, share(k) / p_k * (-p_k * p_i), i))
    yield eq(-share(i) * (1 - p_i) + others(k, share(k) * p_i, i))
    yield eq(-share(i) + share(i) * p_i + others(k, share(k) * p_i, i))
    yield eq(p_i * Sum(share(k), (k, 1, K)) - share(i))
    yield eq(p_i - share(i))


@claim("XU-76")
def multinomial_regression():
    """One-hot labels, softmax and cross entropy: their average is the cost over N."""
    yield start(Sum(example_cost(i, labels, linear_softmax), (i, 1, N)) / N)
    yield eq(cost(labels, linear_softmax) / N)

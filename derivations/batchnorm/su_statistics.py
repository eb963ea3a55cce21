"""Su, sections 3.3.1 to 3.3.3: covariate shift, and what normalization does to a mini-batch."""

import sympy as sp
from sympy import Limit, Ne, Rational, Sum, exp, oo, sqrt, tanh

from derivations.batchnorm.notation import (
    HALF,
    batch_mean,
    batch_variance,
    beta,
    epsilon,
    gamma,
    i,
    j,
    k,
    m,
    mu,
    normalized,
    over_batch,
    v,
    x,
)
from derivations.claims import claim, definition, not_checkable
from derivations.functions import sigmoid
from derivations.matrices import identity, matrix, vector
from derivations.random import Bernoulli, Cov, E, Normal, Var, independent, random
from derivations.steps import eq, ge, gt, implies, le, misprint, start
from derivations.symbols import natural, nonnegative, positive, real

P_train, P_test = (sp.IndexedBase(positive(name)) for name in ("P_tr", "P_te"))
sizes = natural("K L")
X = random("X")
h = (X - E(X)) / sqrt(Var(X))


def mass(P):
    """The sum of the weights over all x and all y."""
    return Sum(P[i, j], (j, 1, sizes[1]), (i, 1, sizes[0]))


def marginal(P, position):
    """P(x): the share of one x, whatever y is."""
    return Sum(P[position, j], (j, 1, sizes[1])) / mass(P)


def conditional(P, position, label):
    """P(y|x): the share of one y among those of one x."""
    return P[position, label] / Sum(P[position, j], (j, 1, sizes[1]))


def slope(t):
    """The slope of the sigmoid."""
    return sigmoid(t) * (1 - sigmoid(t))


def average(term):
    """E of the notes in 3.21: the mean over the mini-batch."""
    return over_batch(term) / m


def x_hat(position):
    """One normalized value of the mini-batch."""
    return normalized(x[position], batch_mean, batch_variance)


def without_epsilon(position):
    """One normalized value of the mini-batch when epsilon is neglected."""
    return (x[position] - batch_mean) / sqrt(batch_variance)


@claim("SU-3.16", "SU-3.18")
def covariate_shift_changes_the_joint_distribution():
    """One conditional P(y|x) > 0 and two marginals P(x) give two joint probabilities."""
    train, test, shared = positive("P_tr P_te P")
    yield start(Ne(train, test))
    yield implies(Ne(shared * train, shared * test), by=shared)


@claim("SU-3.16-special")
def dataset_shift_need_not_be_covariate_shift():
    """Two conditionals with one marginal change the joint probability as well."""
    train, test, shared = positive("P_tr P_te P")
    yield start(Ne(train, test))
    yield implies(Ne(train * shared, test * shared), by=shared)


@claim("SU-3.17")
def joint_probability_is_conditional_times_marginal():
    """The chain rule of probability, for the training and for the test distribution."""
    yield start(P_train[i, k] / mass(P_train))
    yield eq(conditional(P_train, i, k) * marginal(P_train, i))
    yield start(P_test[i, k] / mass(P_test))
    yield eq(conditional(P_test, i, k) * marginal(P_test, i))


@claim("SU-3.18-iid")
def covariate_shift_leaves_independence_alone():
    """Draws from two distributions can be independent: they are not identically distributed.

    For values 0 and 1, dependence is the same as a squared covariance above 0.
    """
    p, q = positive("p q")
    train, test = random("x_tr", Bernoulli(p)), random("x_te", Bernoulli(q))
    yield start(Cov(train, test) ** 2, given=[independent(train, test)])
    yield misprint(
        gt(0), "what 3.18 violates is 'identically distributed'; independence is not touched"
    )
    yield eq(0)
    yield start(E(train) - E(test))
    yield eq(p - q)


@claim("SU-3.19-ics")
def parameters_move_the_distribution_of_an_activation():
    """Mean and variance of w x + b change with w and b."""
    w, b = real("w b")
    yield start(E(w * X + b))
    yield eq(w * E(X) + b)
    yield start(Var(w * X + b))
    yield eq(w**2 * Var(X))


@claim("SU-3.19-sat")
def growing_weights_saturate():
    """For x > 0 and growing w the slopes of sigmoid and tanh at w x + b vanish."""
    t, w, b = positive("x"), real("w"), real("b")
    yield start(Limit(slope(w * t + b), w, oo, "-"))
    yield eq(0)
    yield start(Limit(1 - tanh(w * t + b) ** 2, w, oo, "-"))
    yield eq(0)


@claim("SU-3.19-white2")
def whitening_discards_the_scale():
    """Activations a times as large are whitened to the same values.

    That whitening is expensive is a judgement without a measure.
    """
    a = positive("a")
    yield start((a * X - E(a * X)) / sqrt(Var(a * X)))
    yield eq(h)


@definition("SU-3.19")
def population_normalization():
    """A variable less its mean, over its standard deviation."""
    return h


@claim("SU-3.19-dim")
def input_has_as_many_entries_as_dimensions():
    """The list of a d-dimensional input ends at x^(d); k is the running index of 3.19."""
    d, last = natural("d k")
    yield start(d)
    yield misprint(
        Sum(1, (j, 1, last)), "the list ends at the running index k and not at the dimension d"
    )
    yield eq(Sum(1, (j, 1, d)))


@claim("SU-3.19-sig")
def sigmoid_is_nearly_linear_near_zero():
    """Between 0 and x the sigmoid leaves the line 1/2 + x/4 by at most x^3/48; it mirrors."""
    t = nonnegative("x")
    yield start(sigmoid(t))
    yield le(HALF + t / 4)
    yield start(sigmoid(t))
    yield ge(HALF + t / 4 - t**3 / 48)
    yield start(sigmoid(-t) - HALF)
    yield eq(-(sigmoid(t) - HALF))


@claim("SU-3.19-lin")
def linear_layers_compose_to_one_linear_layer():
    """Linear layers of any sizes are one linear layer: by two at a time, any number of them.

    The other way round one layer is two, where the second is the identity: of n units, when the
    layer has n. This answers the question that the notes leave open.
    """
    d0, d1, d2, d3 = natural("d_0 d_1 d_2 d_3")
    W1, W2, W3 = matrix("W_1", d1, d0), matrix("W_2", d2, d1), matrix("W_3", d3, d2)
    b1, b2, b3, value = vector("b_1", d1), vector("b_2", d2), vector("b_3", d3), vector("x", d0)
    yield start(W2 * (W1 * value + b1) + b2)
    yield eq((W2 * W1) * value + (W2 * b1 + b2))
    yield start(W3 * (W2 * (W1 * value + b1) + b2) + b3)
    yield eq(W3 * ((W2 * W1) * value + (W2 * b1 + b2)) + b3)
    yield eq((W3 * W2 * W1) * value + (W3 * W2 * b1 + W3 * b2 + b3))
    yield start(identity(d1) * (W1 * value + b1))
    yield eq(W1 * value + b1)


@definition("SU-3.20")
def scale_and_shift():
    """The normalized value times gamma, plus beta."""
    return gamma * real("x_hat") + beta


@claim("SU-3.20-rep")
def scale_and_shift_can_undo_the_normalization():
    """y has any mean beta and variance gamma^2, and is x itself for one choice of them."""
    yield start(E(gamma * h + beta))
    yield eq(beta)
    yield start(Var(gamma * h + beta))
    yield eq(gamma**2)
    yield start((gamma * h + beta).subs({gamma: sqrt(Var(X)), beta: E(X)}))
    yield eq(X)


@claim("SU-3.21a")
def normalized_batch_has_mean_zero():
    """The mean of the normalized values is 0; E is the mean over the mini-batch.

    Only under that reading do mu_B and sigma_B come out of E. The first two lines hold for any mu
    and sigma; the last one is where mu is the mean of the mini-batch.
    """
    root = sqrt(v + epsilon)
    linear = (average(lambda j: x[j]) - average(lambda _: mu)) / root
    yield start(average(lambda j: normalized(x[j], mu, v)))
    yield eq(average(lambda j: (x[j] - mu) / root))
    yield eq(linear)
    yield start(linear.subs(mu, batch_mean))
    yield eq(0)


@claim("SU-3.21b", "SU-3.21")
def normalized_batch_has_variance_nearly_one():
    """The variance of the normalized values is 1 but for epsilon: the limit for epsilon to 0."""
    s, spread = positive("s"), batch_variance + epsilon
    mean = Sum(x_hat(i), (i, 1, m)) / m
    yield start(average(lambda j: (x_hat(j) - mean) ** 2))
    yield eq(average(lambda j: x_hat(j) ** 2) - mean**2)
    yield eq(average(lambda j: ((x[j] - batch_mean) / sqrt(spread)) ** 2) + 0)
    yield eq(1 / spread * average(lambda j: (x[j] - batch_mean) ** 2))
    yield eq(1 / spread * batch_variance)
    yield start(Limit(1 / (s + epsilon) * s, epsilon, 0, "+"))
    yield eq(1)


@claim("SU-3.21-dist")
def neglecting_epsilon_the_variance_is_one():
    """With epsilon = 0 the normalized values have mean 0 and variance 1 exactly."""
    yield start(average(without_epsilon))
    yield eq(0)
    yield start(average(lambda j: without_epsilon(j) ** 2))
    yield eq(1)


@claim("SU-3.21-normal")
def normalization_does_not_make_normal():
    """Mean 0 and variance 1 do not make a normal distribution: two values stay two values.

    A coin, normalized, is -1 or 1, and has the fourth moment 1; the standard normal has 3.
    """
    coin, normal = random("coin", Bernoulli(HALF)), random("N", Normal(0, 1))
    fair = (coin - E(coin)) / sqrt(Var(coin))
    yield start(E(fair))
    yield eq(E(normal))
    yield start(Var(fair))
    yield eq(Var(normal))
    yield start(E(fair**4))
    yield misprint(E(normal**4), "normalization moves and scales, it does not change the shape")
    yield eq(1)


@claim("SU-3.24-adv")
def normalized_inputs_keep_the_sigmoid_unsaturated():
    """Over a normalized mini-batch the slope of the sigmoid is at least 3/16 on average.

    Its maximum is 1/4. An input of 10, not normalized, has a slope below 1/10000.
    """
    t = real("x")
    yield start(slope(t))
    yield ge(Rational(1, 4) - t**2 / 16)
    yield start(average(lambda j: Rational(1, 4) - without_epsilon(j) ** 2 / 16))
    yield eq(Rational(3, 16))
    yield start(exp(-10) / (1 + exp(-10)) ** 2)
    yield eq(slope(10))
    yield le(Rational(1, 10000))


not_checkable(
    {
        "SU-3.16-hyp": "names the hypothesis of independent and identically distributed data",
        "SU-3.16-anova": "a term of statistics; analysis of covariance is ANCOVA, not ANOVA",
        "SU-3.19-sat2": "advice on training",
    }
)

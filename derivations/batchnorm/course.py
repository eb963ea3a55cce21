"""Batch normalization in the course: the method, and the gradients node by node.

A node's gradient is that of one example, until the notes sum over the mini-batch. The letters of
the nodes are those of the notes: y = a + beta, a = gamma b, b = c d, c = x - mu, d = 1/e,
e = sqrt(f), f = sigma^2 + epsilon.
"""

import sympy as sp
from sympy import Integer, Limit, Rational, Sum, sqrt

from derivations.batchnorm.notation import (
    HALF,
    IN_BATCH,
    batch_mean,
    batch_variance,
    beta,
    epsilon,
    g,
    gamma,
    i,
    k,
    m,
    mu,
    over_batch,
    transformed,
    v,
    variance_about,
    x,
)
from derivations.claims import claim, run
from derivations.functions import D
from derivations.random import E, Var, random
from derivations.steps import eq, gt, lt, misprint, start
from derivations.symbols import positive, real

u, t = (sp.IndexedBase(real(name)) for name in "ut")
dy = real("dy")
BATCH = (1, 2, 3, 6)


def loss_of_two_weights(w1, w2):
    """A loss behind two layers of one unit each."""
    return (w1 * w2 - 2) ** 2


def loss(b):
    """The loss of one example as a function of the node b, where dy is dL/dy."""
    return dy * (gamma * b + beta)


def batch_loss(center, variance):
    """The loss of the mini-batch, the sum of g_j y_j, as a function of its statistics."""
    deviations = over_batch(lambda j: g[j] * (x[j] - center))
    return gamma / sqrt(variance + epsilon) * deviations + beta * over_batch(lambda j: g[j])


def loss_by_variance(center, variance):
    """dL/dsigma^2: what the node sigma^2 gets from all examples."""
    deviations = over_batch(lambda j: g[j] * (x[j] - center))
    return -HALF * gamma * deviations / (variance + epsilon) ** Rational(3, 2)


def centered_and_scaled(inputs, position):
    """One of the inputs after normalization with epsilon = 0."""
    center = Sum(inputs(k), (k, 1, m)) / m
    squares = Sum((inputs(k) - center) ** 2, (k, 1, m)) / m
    return (inputs(position) - center) / sqrt(squares)


@claim("CO-bn-simultaneous")
def two_good_steps_can_be_bad_together():
    """The step for w_2 lowers the loss for the old w_1, both steps together raise it."""
    w1, w2 = real("w1 w2")
    slope = D(loss_of_two_weights(w1, w2), w2).doit().subs({w1: 1, w2: 1})
    yield start(1 - slope / 2)
    yield eq(2)
    yield start(Integer(loss_of_two_weights(1, 2)))
    yield lt(loss_of_two_weights(1, 1))
    yield start(Integer(loss_of_two_weights(2, 2)))
    yield gt(loss_of_two_weights(1, 1))


@claim("CO-bn-goal", "SU-3.19-mv")
def normalized_variable_has_mean_zero_and_variance_one():
    """A variable less its mean, over its standard deviation, has mean 0 and variance 1."""
    X = random("X")
    h = (X - E(X)) / sqrt(Var(X))
    yield start(E(h))
    yield eq(0)
    yield start(Var(h))
    yield eq(1)


@run("CO-bn-forward", "SU-3.21-alg")
def forward_pass_of_four_examples():
    """The batch 1, 2, 3, 6 with epsilon = 1/2, gamma = 2 and beta = 1 gives -1, 0, 1, 4."""
    mean = Rational(sum(BATCH), 4)
    variance = sum((value - mean) ** 2 for value in BATCH) / 4
    scale = 2 / sqrt(variance + HALF)
    yield start(mean)
    yield eq(3)
    yield start(variance)
    yield eq(Rational(7, 2))
    yield start(scale * (BATCH[0] - mean) + 1)
    yield eq(-1)
    yield start(scale * (BATCH[1] - mean) + 1)
    yield eq(0)
    yield start(scale * (BATCH[2] - mean) + 1)
    yield eq(1)
    yield start(scale * (BATCH[3] - mean) + 1)
    yield eq(4)


@claim("CO-bn-mean")
def batch_mean_of_the_output_is_beta():
    """The outputs of a mini-batch have the mean beta, for every epsilon."""
    yield start(over_batch(lambda j: transformed(x[j])) / m)
    yield eq(beta)


@claim("CO-bn-var")
def batch_variance_of_the_output():
    """The outputs of a mini-batch have a variance below gamma^2, because of epsilon."""
    yield start(over_batch(lambda j: (transformed(x[j]) - beta) ** 2) / m)
    yield misprint(gamma**2, "epsilon in the denominator makes it smaller; equal in the limit only")
    yield eq(gamma**2 * batch_variance / (batch_variance + epsilon))
    s = positive("s")
    yield start(Limit(gamma**2 * s / (s + epsilon), epsilon, 0, "+"))
    yield eq(gamma**2)


@claim("CO-bn-initrobust")
def output_does_not_depend_on_the_scale_of_the_weights():
    """Weights a times as large give the same normalized values, for epsilon = 0."""
    a, w = positive("a"), real("w")
    yield start(centered_and_scaled(lambda k: a * (w * u[k] + t[k]), i), given=IN_BATCH)
    yield eq(centered_and_scaled(lambda k: w * u[k] + t[k], i))


@claim("CO-bn-bp-1")
def gradient_of_the_shift():
    """y = a + beta passes dL/dy on to a and to beta."""
    a = real("a")
    yield start(D(dy * (a + beta), a))
    yield eq(D(dy * (a + beta), beta))
    yield eq(dy)


@claim("CO-bn-bp-2")
def derivatives_of_the_scaling():
    """a = gamma b has the derivative b by gamma and gamma by b."""
    b = real("b")
    yield start(D(gamma * b, gamma))
    yield eq(b)
    yield start(D(gamma * b, b))
    yield eq(gamma)


@claim("CO-bn-bp-3")
def gradient_of_the_normalized_value():
    """dL/db is gamma times dL/dy."""
    a, b = real("a b")
    yield start(D(loss(b), b))
    yield eq(D(gamma * b, b) * D(dy * (a + beta), a))
    yield eq(gamma * dy)


@claim("CO-bn-bp-4")
def gradient_of_gamma():
    """dL/dgamma is b times dL/dy."""
    b = real("b")
    yield start(D(loss(b), gamma))
    yield eq(b * dy)


@claim("CO-bn-bp-5")
def derivative_of_the_reciprocal():
    """d = 1/e has the derivative -1/e^2."""
    e = positive("e")
    yield start(D(1 / e, e))
    yield eq(-1 / e**2)


@claim("CO-bn-bp-6")
def gradient_of_the_standard_deviation():
    """The product of -1/e^2, c, gamma and dL/dy is dL/de, and not dL/dc as printed.

    In the notes this follows d = 1/e; the letter may be a misread e. dL/dc is given further on.
    """
    c, e = real("c"), positive("e")
    yield start(-1 / e**2 * c * gamma * dy)
    yield misprint(D(loss(c / e), c), "this is dL/de, a letter misread: dL/dc is d gamma dL/dy")
    yield eq(D(loss(c / e), e))


@claim("CO-bn-bp-7")
def derivative_of_the_root():
    """e = sqrt(f) has the derivative 1 / (2 sqrt(f))."""
    f = positive("f")
    yield start(D(sqrt(f), f))
    yield eq(1 / (2 * sqrt(f)))


@claim("CO-bn-bp-8")
def gradient_of_the_shifted_variance():
    """dL/df is de/df times dL/de."""
    c, f = real("c"), positive("f")
    e = sqrt(f)
    yield start(D(loss(c / e), f))
    yield eq(1 / (2 * sqrt(f)) * (-1 / e**2) * c * gamma * dy)


@claim("CO-bn-bp-9")
def examples_add_their_gradients():
    """The gradient of the batch is the sum of the gradients of its examples."""
    f = positive("f")
    yield start(D(over_batch(lambda j: g[j] * (gamma * u[j] / sqrt(f) + beta)), f))
    yield eq(over_batch(lambda j: D(g[j] * (gamma * u[j] / sqrt(f) + beta), f)))
    yield eq(over_batch(lambda j: 1 / (2 * sqrt(f)) * (-1 / f) * u[j] * gamma * g[j]))


@claim("CO-bn-bp-10")
def gradient_of_the_deviation():
    """dL/dc is d gamma times dL/dy."""
    c, d = real("c d")
    yield start(D(loss(c * d), c))
    yield eq(d * gamma * dy)


@claim("CO-bn-bp-11")
def gradient_of_the_reciprocal():
    """dL/dd is c gamma times dL/dy."""
    c, d = real("c d")
    yield start(D(loss(c * d), d))
    yield eq(c * gamma * dy)


@claim("CO-bn-bp-12")
def gradients_through_the_deviation():
    """Through c = x - mu, x gets d gamma dL/dy, and mu the same with the other sign."""
    value, d = real("x d")
    yield start(D(loss((value - mu) * d), value))
    yield eq(d * gamma * dy)
    yield start(D(loss((value - mu) * d), mu))
    yield eq(-d * gamma * dy)


@claim("CO-bn-bp-13")
def gradients_of_the_variance_and_of_epsilon():
    """f = sigma^2 + epsilon passes the same gradient on to both."""
    c = real("c")
    f = v + epsilon
    e = sqrt(f)
    yield start(D(loss(c / e), v))
    yield eq(1 / (2 * sqrt(f)) * (-1 / e**2) * c * gamma * dy)
    yield eq(D(loss(c / e), epsilon))


@claim("CO-bn-dbeta")
def gradient_of_beta_over_the_batch():
    """dL/dbeta is the sum of dL/dy over the mini-batch."""
    yield start(D(batch_loss(mu, v), beta))
    yield eq(over_batch(lambda j: g[j]))


@claim("CO-bn-dmu-1")
def gradient_of_the_mean_through_both_ways():
    """mu acts through the deviations and through sigma^2; 1/sqrt(f) is lost in the first."""
    variance = variance_about(mu)
    through_variance = loss_by_variance(mu, variance) * D(variance, mu)
    yield start(D(batch_loss(mu, variance), mu))
    yield misprint(
        -gamma * over_batch(lambda j: g[j]) + through_variance,
        "the factor 1/sqrt(sigma^2 + epsilon) of the first term is missing",
    )
    yield eq(-gamma * over_batch(lambda j: g[j]) / sqrt(variance + epsilon) + through_variance)


@claim("CO-bn-dvar-dmu")
def variance_by_the_mean():
    """dsigma^2/dmu is -2/m times the sum of the deviations."""
    yield start(D(variance_about(mu), mu))
    yield eq(-2 / m * over_batch(lambda j: x[j] - mu))


@claim("CO-bn-dmu-2")
def gradient_of_the_mean_in_full():
    """The second term is a product of two sums, which is 0 at the mean of the mini-batch.

    The printed x - mu is read with the index j, and the printed dgamma/dy as gamma dL/dy: the
    derivative of the parameter gamma by an output would be 0.
    """
    variance = variance_about(mu)
    f = variance + epsilon
    first = -1 / sqrt(f) * gamma * over_batch(lambda j: g[j])
    weighted = over_batch(lambda j: (x[j] - mu) * gamma * g[j])
    second = 1 / (m * f ** Rational(3, 2)) * weighted
    yield start(D(batch_loss(mu, variance), mu))
    yield misprint(
        first + second,
        "the sum of the deviations from dsigma^2/dmu is missing, and dgamma/dy is gamma dL/dy",
    )
    yield eq(first + second * over_batch(lambda j: x[j] - mu))
    yield start((second * over_batch(lambda j: x[j] - mu)).subs(mu, batch_mean))
    yield eq(0)


@claim("CO-bn-dx")
def gradient_of_an_input():
    """x_i acts directly, through sigma^2 and through mu.

    The arrow before the last term is read as a plus. The index of the sum is that of x as well.
    """
    root = sqrt(batch_variance + epsilon)
    by_mean = -gamma * over_batch(lambda j: g[j]) / root
    by_variance = loss_by_variance(batch_mean, batch_variance)
    through_statistics = 2 * (x[i] - batch_mean) / m * by_variance + by_mean / m
    yield start(D(batch_loss(batch_mean, batch_variance), x[i]), given=IN_BATCH)
    yield misprint(
        gamma * over_batch(lambda j: g[j]) + through_statistics,
        "x_j acts directly on y_j alone, with the factor 1/sqrt(sigma^2 + epsilon): no sum",
    )
    yield eq(gamma * g[i] / root + through_statistics)


@claim("CO-bn-dvar-dx")
def variance_by_an_input():
    """dsigma^2/dx_i is 2 (x_i - mu) / m with mu held fixed."""
    yield start(D(variance_about(mu), x[i]), given=IN_BATCH)
    yield eq(2 * (x[i] - mu) / m)


@claim("CO-bn-higher-lr")
def larger_weights_get_smaller_gradients():
    """Weights a times as large have a gradient a times as small, which tames large steps.

    A neuron w u + q t with the centered inputs u and t, which have the variances A and C and the
    covariance B over the mini-batch; epsilon is 0.
    """
    w, q, B, u_i, t_i = real("w q B u_i t_i")
    a, A, C = positive("a A C")
    slope = D((w * u_i + q * t_i) / sqrt(w**2 * A + 2 * w * q * B + q**2 * C), w)
    yield start(slope.doit().subs({w: a * w, q: a * q}, simultaneous=True))
    yield eq(slope / a)

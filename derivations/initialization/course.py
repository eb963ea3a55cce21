"""Initialization in the course: zeros, small and large values, Xavier and He."""

from sympy import Heaviside, Limit, Rational, Sum, exp, oo, tanh

from derivations.claims import claim, run
from derivations.functions import D, relu, sigmoid
from derivations.initialization.notation import (
    centered,
    g,
    i,
    k,
    layer,
    n_in,
    n_out,
    of_variance,
    slope,
    x,
    z,
)
from derivations.matrices import Gradient, matrix, scalar, vector
from derivations.random import E, Normal, Prob, Var, random
from derivations.steps import eq, le, start
from derivations.symbols import natural, nonnegative, positive, real

HALF = Rational(1, 2)


@claim("CO-init-zeros", "SU-3.7.1-sig")
def equal_weights_stay_equal():
    """Hidden units with equal weights have equal outputs and gradients, so they stay equal.

    The output is the sum of v sigma(w u) over the hidden units, and dL/doutput is G. The gradients
    of v and of w depend on the unit by its own v and w alone. For zeros they are G/2 and 0.
    """
    v, weight, u, others, G = real("v w u others G")
    loss = G * (v * sigmoid(weight * u) + others)
    by_v, by_w = G * sigmoid(weight * u), G * v * u * slope(weight * u)
    yield start(D(loss, v))
    yield eq(by_v)
    yield start(D(loss, weight))
    yield eq(by_w)
    yield start(by_v.subs(weight, 0))
    yield eq(G / 2)
    yield start(by_w.subs({v: 0, weight: 0}))
    yield eq(0)


@claim("CO-init-small")
def small_weights_let_activations_decay():
    """Through rectified layers with a weight e^-q below 1 an activation decays to 0."""
    h, q, depth = positive("h q L")
    yield start(relu(exp(-q) * h))
    yield eq(exp(-q) * h)
    yield start(Limit(exp(-q * depth) * h, depth, oo, "-"))
    yield eq(0)


@claim("CO-init-small-grad")
def vanishing_activations_give_no_gradient():
    """dL/dw is dL/dz times the transposed input, which vanishes with the input."""
    rows, columns = natural("m n")
    W, h, dz = matrix("W", rows, columns), vector("h", columns), vector("g", rows)
    one, entry, size = real("g_1 h_1 t")
    yield start(Gradient(scalar(dz.T * W * h), W))
    yield eq(dz * h.T)
    yield start(Limit(one * (size * entry), size, 0, "+"))
    yield eq(0)


@claim("CO-init-large")
def large_weights_let_activations_explode():
    """With a weight e^q above 1, activation and gradient outgrow all bounds: 1/|dL/dw| vanishes."""
    h, q, depth, dz = positive("h q L g")
    yield start(relu(exp(q) * h))
    yield eq(exp(q) * h)
    yield start(Limit(1 / (exp(q * depth) * h), depth, oo, "-"))
    yield eq(0)
    yield start(Limit(1 / (dz * exp(q * depth) * h), depth, oo, "-"))
    yield eq(0)


@claim("CO-xavier-cond", "SU-3.34-glorot")
def what_xavier_asks_for():
    """Equal variances of activations, and of gradients: n_in Var(w) = 1 and n_out Var(w) = 1.

    Both hold for linear activations at the first step, where the weights are still independent of
    the inputs and of the gradients.
    """
    forward, is_forward = of_variance(1 / n_in)
    backward, is_backward = of_variance(1 / n_out)
    yield start(Var(layer(centered[k], forward)), given=is_forward)
    yield eq(Var(centered[k]))
    yield start(Var(Sum(backward[k, i] * g[k], (k, 1, n_out))), given=is_backward)
    yield eq(Var(g[k]))


@claim("CO-xavier-var")
def three_variances_of_xavier():
    """1/n_in keeps the activations, 1/n_out the gradients; between them lies 2/(n_in + n_out)."""
    weights, independent_weights = of_variance(1 / n_in)
    yield start(Var(layer(centered[k], weights)), given=independent_weights)
    yield eq(Var(centered[k]))
    yield start(2 / (1 / (1 / n_in) + 1 / (1 / n_out)))
    yield eq(2 / (n_in + n_out))


@run("CO-xavier-example")
def variances_for_four_inputs_and_three_outputs():
    """n_in = 4 and n_out = 3 give 1/4, 1/3 and 2/7."""
    sizes = {n_in: 4, n_out: 3}
    yield start((1 / n_in).subs(sizes))
    yield eq(Rational(1, 4))
    yield start((1 / n_out).subs(sizes))
    yield eq(Rational(1, 3))
    yield start((2 / (n_in + n_out)).subs(sizes))
    yield eq(Rational(2, 7))


@claim("CO-xavier-normal")
def xavier_normal_weights():
    """N(0, 2/(n_in + n_out)) has the mean 0 and the variance of Xavier."""
    weight = random("w", Normal(0, 2 / (n_in + n_out)))
    yield start(E(weight))
    yield eq(0)
    yield start(Var(weight))
    yield eq(2 / (n_in + n_out))


@claim("CO-xavier-deep")
def a_signal_shrinks_in_every_layer():
    """With Var(w) = 1/n_in the state has the mean square of its input, which tanh lowers.

    The notes say that weights die down; what dies down over many layers is the activation. A
    rectifier halves the mean square in each layer.
    """
    weights, independent_weights = of_variance(1 / n_in)
    t, depth, first = real("t"), positive("L"), nonnegative("v")
    yield start(tanh(t) ** 2)
    yield le(t**2)
    yield start(Var(layer(x[k], weights)), given=independent_weights)
    yield eq(E(x[k] ** 2))
    yield start(Limit(HALF**depth * first, depth, oo, "-"))
    yield eq(0)


@claim("CO-xavier-relu", "SU-3.37-glorot")
def xavier_halves_the_variance_of_rectified_layers():
    """A rectifier is 0 half of the time, and with Var(w) = 1/n_in the variance is halved."""
    weights, independent_weights = of_variance(1 / n_in)
    yield start(Prob(z[k] > 0))
    yield eq(HALF)
    yield start(Var(layer(relu(z[k]), weights)), given=independent_weights)
    yield eq(Var(z[k]) / 2)


@claim("CO-he-var", "SU-3.37-goal")
def he_keeps_the_variance_of_rectified_layers():
    """With Var(w) = 2/n_in a rectified layer has the variance of the one before.

    The same for the gradients by the activations, with n_out in the place of n_in.
    """
    forward, is_forward = of_variance(2 / n_in)
    backward, is_backward = of_variance(2 / n_out)
    yield start(Var(layer(relu(z[k]), forward)), given=is_forward)
    yield eq(Var(z[k]))
    gradient = Sum(backward[k, i] * g[k] * Heaviside(z[k]), (k, 1, n_out))
    yield start(Var(gradient), given=is_backward)
    yield eq(Var(g[k]))

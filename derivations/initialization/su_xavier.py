"""Su, section 3.7.3: Xavier, which keeps the variance of activations and of gradients.

The activation is linear with slope 1, and weights are independent of inputs and of gradients.
"""

from sympy import Eq, Sum, sqrt

from derivations.claims import claim, definition
from derivations.functions import D
from derivations.initialization.notation import (
    INDEPENDENT,
    G,
    a,
    any_w,
    centered,
    g,
    i,
    k,
    layer,
    n_in,
    n_out,
    r,
    s,
    w,
    weights,
    x,
)
from derivations.random import E, Uniform, Var, random
from derivations.steps import eq, implies, misprint, start, via
from derivations.symbols import natural, positive


@definition("SU-3.34a")
def linear_layer():
    """a_i is the sum over k of w_ik x_k."""
    return layer(x[k], any_w)


@claim("SU-3.34b", "SU-3.34")
def variance_of_a_weighted_input():
    """The variance of a product of independent variables by means and variances."""
    one = any_w[i, k] * x[k]
    yield start(Var(one), given=INDEPENDENT)
    yield eq(E(any_w[i, k] ** 2 * x[k] ** 2) - E(one) ** 2)
    yield eq(E(any_w[i, k] ** 2) * E(x[k] ** 2) - E(any_w[i, k]) ** 2 * E(x[k]) ** 2)
    yield eq(
        E(any_w[i, k]) ** 2 * Var(x[k])
        + E(x[k]) ** 2 * Var(any_w[i, k])
        + Var(x[k]) * Var(any_w[i, k])
    )


@claim("SU-3.35")
def variance_of_a_linear_layer():
    """With means 0 the variance of a unit is n_in Var(x) Var(w).

    The index k that is free after the sum is any input, as all have one distribution. The last
    line renames x^l, the activation of the layer before.
    """
    yield start(Var(layer(centered[k])), given=INDEPENDENT)
    yield eq(Sum(Var(centered[k]) * Var(w[i, k]), (k, 1, n_in)))
    yield eq(n_in * Var(centered[k]) * Var(w[i, k]))
    yield eq(n_in * Var(centered[1]) * Var(w[1, 1]))
    yield eq(n_in * Var(centered[1]) * Var(w[1, 1]), "x^l is a^(l-1), n_in is n_(l-1)")


@claim("SU-3.35-fwd")
def variance_that_keeps_the_activations():
    """Var(a) = Var(x) asks for Var(w) = 1/n_in."""
    of_weights, of_inputs = positive("Var_w Var_x")
    yield start(Eq(n_in * of_inputs * of_weights, of_inputs))
    yield implies(Eq(of_weights, 1 / n_in), by=1 / (n_in * of_inputs))


@claim("SU-3.36")
def variance_of_a_gradient():
    """With means 0 the variance of dL/dz_i is n_out Var(w) Var(dL/dz_k).

    The first line is that of any slopes s_k; from the second on they are 1.
    """
    m = natural("m")
    loss = Sum(G[k] * Sum(weights[k, r] * s[r] * a[r], (r, 1, m)), (k, 1, n_out))
    yield start(D(loss, a[i]), given=[i >= 1, i <= m])
    yield via(Sum(weights[k, i] * G[k] * s[i], (k, 1, n_out)), "s_i is the slope at z_i = a_i")
    yield start(Var(Sum(w[k, i] * g[k] * s[i], (k, 1, n_out))), given=INDEPENDENT)
    yield misprint(
        Var(Sum(w[i, k] * g[k] * s[k], (k, 1, n_out))),
        "the weight from unit i to unit k is w_ki, and the slope is that of unit i, at z_i",
    )
    yield eq(Var(Sum(w[k, i] * g[k] * s[i], (k, 1, n_out))))
    yield start(Var(Sum(w[k, i] * g[k], (k, 1, n_out))), given=INDEPENDENT)
    yield misprint(
        Var(n_out * w[i, k] * g[k]),
        "a sum of n_out independent terms is not n_out times one of them",
    )
    yield eq(n_out * Var(w[i, k] * g[k]))
    yield eq(n_out * Var(w[i, k]) * Var(g[k]))
    yield eq(n_out * Var(w[i, k]) * Var(g[k]), "n_out is n_(l+1)")


@claim("SU-3.36-bwd")
def variance_that_keeps_the_gradients():
    """Equal variances of the gradients ask for Var(w) = 1/n_out."""
    of_weights, of_gradients = positive("Var_w Var_g")
    yield start(Eq(of_gradients, n_out * of_weights * of_gradients))
    yield implies(Eq(of_weights, 1 / n_out), by=-1 / (n_out * of_gradients))


@claim("SU-3.36-avg")
def variance_between_the_two():
    """The average of n_in and n_out in the place of either."""
    yield start(1 / ((n_in + n_out) / 2))
    yield eq(2 / (n_in + n_out))


@claim("SU-3.36-unif")
def uniform_weights_of_xavier():
    """The uniform distribution up to sqrt(6)/sqrt(n_in + n_out) has mean 0 and this variance."""
    bound = sqrt(6) / sqrt(n_in + n_out)
    weight = random("w", Uniform(-bound, bound))
    yield start(E(weight))
    yield eq(0)
    yield start(Var(weight))
    yield eq(2 / (n_in + n_out))

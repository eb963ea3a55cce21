"""Su, section 3.7.4: He's initialization (MSRA) for rectified layers.

The weights are symmetric about 0, as normal and uniform ones are, and so are the states z: a mean
of 0 alone would not make half of E(z^2) come from z > 0. The slope f'(z) is 1 for z > 0 and 0 for
z < 0. Weights, states and gradients are independent of each other.
"""

import sympy as sp
from sympy import Eq, Heaviside, Integral, Rational, Sum, oo, sqrt

from derivations.claims import claim, definition
from derivations.functions import D, relu
from derivations.initialization.notation import (
    INDEPENDENT,
    G,
    a,
    any_w,
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
    z,
)
from derivations.random import Density, E, Normal, Uniform, Var, distributed, random
from derivations.steps import eq, gt, implies, misprint, start
from derivations.symbols import natural, positive, real

HALF = Rational(1, 2)

t = real("z")
p = sp.Function("p")
state = random("z_i", Density(p), mean=0, symmetric=True)
n_next = natural("n_(l+1)")


def integral(term, low=-oo, high=oo):
    """The integral of p(z) term dz."""
    return Integral(p(t) * term, (t, low, high))


@claim("SU-3.37-ref")
def rectifier_is_not_linear():
    """relu(1) + relu(-1) is above relu(1 - 1).

    The reference ?? of the notes is to 3.36.
    """
    yield start(relu(1) + relu(-1))
    yield gt(relu(1 - 1))


@definition("SU-3.37a")
def rectified_layer():
    """a_i is f(z_i) with f = ReLU, where z_i is the sum over k of w_ik x_k as in 3.34."""
    return relu(real("z"))


@claim("SU-3.37b", "SU-3.37")
def variance_of_a_weighted_input_again():
    """The variance of a product of independent variables by their moments."""
    one = any_w[i, k] * x[k]
    yield start(Var(one), given=INDEPENDENT)
    yield eq(E(any_w[i, k] ** 2 * x[k] ** 2) - E(one) ** 2)
    yield eq(E(any_w[i, k] ** 2) * E(x[k] ** 2) - E(any_w[i, k]) ** 2 * E(x[k]) ** 2)


@claim("SU-3.38a")
def variance_of_a_state():
    """For weights of mean 0 the variance of z_i needs the mean square of the inputs."""
    yield start(Var(layer(x[k])), given=INDEPENDENT)
    yield eq(Sum(Var(w[i, k] * x[k]), (k, 1, n_in)))
    yield eq(n_in * E(w[i, k] ** 2) * E(x[k] ** 2))
    yield eq(n_in * Var(w[i, k]) * E(x[k] ** 2))


@claim("SU-3.38b", "SU-3.38")
def mean_of_a_state():
    """The mean of z_i is 0 for weights of mean 0, which is used in the last line only.

    The first line drops the sum over the inputs. No harm is done, as every term of it is 0.
    """
    yield start(E(layer(x[k], any_w)), given=INDEPENDENT)
    yield misprint(
        E(any_w[i, k] * x[k]), "z_i is a sum over k: the sum is missing, and k is free", "printed"
    )
    yield eq(Sum(E(any_w[i, k] * x[k]), (k, 1, n_in)))
    yield eq(E(any_w[i, k]) * E(x[k]))
    yield start(E(w[i, k]) * E(x[k]), given=INDEPENDENT)
    yield eq(0)


@claim("SU-3.39")
def mean_square_behind_a_rectifier():
    """Half of the mean square of a symmetric state passes the rectifier."""
    active = relu(t) ** 2
    yield start(E(relu(state) ** 2), given=[distributed(state)])
    yield eq(E(relu(state) ** 2), "x_i is f(z_i)")
    yield eq(integral(active))
    yield eq(integral(active, -oo, 0) + integral(active, 0, oo))
    yield eq(0 + integral(t**2, 0, oo))
    yield misprint(
        HALF * integral(t**2, 0, oo),
        "the half is that of the integral from -oo: the lower limit has to change with it",
    )
    yield eq(HALF * integral(t**2))
    yield eq(HALF * E(state**2))
    yield eq(HALF * Var(state))


@claim("SU-3.39.end")
def rectifier_halves_the_mean_square():
    """The mean square of an activation is half of the variance of a symmetric state."""
    yield start(E(relu(z[i]) ** 2))
    yield eq(HALF * Var(z[i]))


@claim("SU-3.40")
def variance_from_layer_to_layer():
    """The variance of a state by that of the state of the layer before; z is that one."""
    yield start(Var(layer(relu(z[k]))), given=INDEPENDENT)
    yield eq(n_in * Var(w[i, k]) * E(relu(z[i]) ** 2))
    yield eq(HALF * n_in * Var(w[i, k]) * Var(z[i]))


@claim("SU-3.40-fwd")
def variance_that_keeps_the_states():
    """Equal variances of the states ask for Var(w) = 2/n_in."""
    of_weights, of_states = positive("Var_w Var_z")
    yield start(Eq(HALF * n_in * of_weights * of_states, of_states))
    yield implies(Eq(of_weights, 2 / n_in), by=2 / (n_in * of_states))


@claim("SU-3.41")
def gradient_of_an_activation():
    """dL/da_i collects dL/dz_k, which is the slope f'(z_k) times dL/da_k.

    The slopes are the numbers s_k here, and G_k is dL/da_k.
    """
    m = natural("m")
    loss = Sum(G[k] * s[k] * Sum(weights[k, r] * a[r], (r, 1, m)), (k, 1, n_next))
    yield start(D(loss, a[i]), given=[i >= 1, i <= m])
    yield misprint(
        Sum(weights[i, k] * G[k], (k, 1, n_next)),
        "the slope f'(z_k) is missing, and the weight from unit i to unit k is w_ki",
    )
    yield eq(Sum(weights[k, i] * s[k] * G[k], (k, 1, n_next)))


@claim("SU-3.42")
def variance_of_the_gradient_of_an_activation():
    """Each line against the one before it as printed: the slopes come back in the third.

    g_k is dL/da_k. The first line holds for the gradients by z_k, as 3.41 does; the second is
    true of either; the third is true when the one before it has the gradients by z_k.
    """
    f = Heaviside(z[k])
    lines = n_next * E(w[i, k] ** 2) * E(g[k] ** 2)
    third = n_next * Var(w[i, k]) * E(g[k] ** 2 * f**2)
    yield start(Var(Sum(w[k, i] * g[k] * f, (k, 1, n_next))), given=INDEPENDENT)
    yield misprint(n_next * Var(w[i, k] * g[k]), "dL/da_k stands for dL/dz_k: the slope is missing")
    yield eq(n_next * Var(w[k, i] * g[k] * f))
    yield start(n_next * Var(w[i, k] * g[k]), given=INDEPENDENT)
    yield eq(lines)
    yield start(third, given=INDEPENDENT)
    yield misprint(lines, "the slope that comes in here is missing in the line before")
    yield eq(n_next * E(w[i, k] ** 2) * E((g[k] * f) ** 2))
    yield eq(n_next * Var(w[i, k]) * E(g[k] ** 2) * E(f**2))


@claim("SU-3.42-half")
def mean_square_of_the_slope():
    """The slope of a rectifier is 1 half of the time."""
    yield start(E(Heaviside(z[k]) ** 2))
    yield eq(HALF)


@claim("SU-3.42-mean")
def gradients_have_mean_zero():
    """A sum of gradients with independent weights of mean 0 has the mean 0."""
    yield start(E(Sum(w[k, i] * g[k] * Heaviside(z[k]), (k, 1, n_next))), given=INDEPENDENT)
    yield eq(0)


@claim("SU-3.43")
def variance_of_gradients_from_layer_to_layer():
    """The variance of a gradient is half of n_(l+1) Var(w) times that of the layer behind."""
    one_gradient = Sum(w[k, i] * g[k] * Heaviside(z[k]), (k, 1, n_next))
    yield start(Var(one_gradient), given=INDEPENDENT)
    yield eq(HALF * n_next * Var(w[i, k]) * Var(g[k]))


@claim("SU-3.43-bwd")
def variance_that_keeps_the_gradients_of_activations():
    """Equal variances of the gradients ask for Var(w) = 2/n_(l+1), for every layer l."""
    of_weights, of_gradients = positive("Var_w Var_g")
    yield start(Eq(of_gradients, HALF * n_next * of_weights * of_gradients))
    yield implies(Eq(of_weights, 2 / n_next), by=-2 / (n_next * of_gradients))


@claim("SU-3.43-msra")
def normal_weights_of_msra():
    """N(0, 2/n_in), with the variance as second argument, is what 3.40 asks for.

    The backward condition just before it in the notes has n_l, the outputs, in the place of n_in.
    """
    weight = random("w", Normal(0, 2 / n_in))
    yield start(E(weight))
    yield eq(0)
    yield start(Var(weight))
    yield eq(2 / n_in)


@claim("SU-3.43-both")
def both_methods_with_either_distribution():
    """Normal and uniform weights can have the variance of Xavier and that of MSRA."""
    c = positive("c")
    yield start(Var(random("w", Normal(0, c))))
    yield eq(c)
    yield start(Var(random("w", Uniform(-sqrt(3 * c), sqrt(3 * c)))))
    yield eq(c)
    yield start(Var(random("w", Normal(0, 2 / (n_in + n_out)))))
    yield eq(2 / (n_in + n_out))
    yield start(Var(random("w", Uniform(-sqrt(6) / sqrt(n_in), sqrt(6) / sqrt(n_in)))))
    yield eq(2 / n_in)

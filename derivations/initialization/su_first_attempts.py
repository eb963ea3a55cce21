"""Su, sections 3.7.1 and 3.7.2: why neither zeros nor a standard Gaussian."""

from sympy import Abs, Rational, Sum, log, sqrt

from derivations.claims import claim
from derivations.functions import D, relu, sigmoid
from derivations.initialization.notation import G, a, i, j, k, n, n_in, r, slope, weights
from derivations.random import E, Normal, Var, iid
from derivations.steps import eq, ge, le, lt, misprint, start
from derivations.symbols import natural, positive, real

b = real("b")
standard = iid("w", Normal(0, 1))


@claim("SU-3.7.1-grad")
def gradients_of_the_output_layer():
    """The error is dL/da_j times the slope; the gradient of w_jk is the error times a_k.

    In the second statement G[j] stands for the error of unit j, as L enters by dL/dz_j only.
    """
    t, by_output = real("z dL_da")
    m = natural("m")
    state = Sum(weights[j, r] * a[r], (r, 1, m)) + b
    yield start(D(by_output * sigmoid(t), t))
    yield eq(by_output * slope(t))
    inside = [i >= 1, i <= n, k >= 1, k <= m]
    yield start(D(Sum(G[j] * state, (j, 1, n)), weights[i, k]), given=inside)
    yield eq(G[i] * a[k])


@claim("SU-3.7.1-lr")
def logistic_regression_learns_from_zeros():
    """At zero weights the gradient of w_k is (1/2 - y) x_k: it differs from input to input."""
    y, u = real("y u")
    state = Sum(weights[j] * a[j], (j, 1, n))
    loss = -(y * log(sigmoid(state)) + (1 - y) * log(1 - sigmoid(state)))
    yield start(D(loss, weights[k]), given=[k >= 1, k <= n])
    yield eq((sigmoid(state) - y) * a[k])
    yield start((sigmoid(u) - y).subs(u, 0) * (a[1] - a[2]))
    yield eq((Rational(1, 2) - y) * a[1] - (Rational(1, 2) - y) * a[2])


@claim("SU-3.7.1-relu")
def rectified_units_with_zero_weights_are_dead():
    """Outputs and weight gradients of rectified hidden units vanish with the weights.

    The output of a unit is between 0 and |w u|, the gradient of v is that output times G, and the
    gradient of w has the factor v. Only the last bias has a gradient, and it moves no weight.
    """
    v, weight, u, by_output = real("v w u G")
    yield start(relu(weight * u))
    yield ge(0)
    yield start(relu(weight * u))
    yield le(Abs(weight * u))
    yield start(D(by_output * v * relu(weight * u), v))
    yield eq(by_output * relu(weight * u))
    yield start(D(by_output * v * relu(weight * u), weight).subs(v, 0))
    yield eq(0)


@claim("SU-3.7.2-a")
def weighted_sum_of_ones():
    """With standard normal weights the sum over 50 inputs of 1 has the variance 50.

    The second argument of N is the variance, as in section 1 and in 3.7.4.
    """
    yield start(E(Sum(standard[k], (k, 1, n_in))))
    yield eq(0)
    yield start(Var(Sum(standard[k], (k, 1, n_in))))
    yield eq(n_in)
    yield start(Var(Sum(standard[k], (k, 1, 50))))
    yield misprint(sqrt(50), "this is the standard deviation; the variance is 50")
    yield eq(50)


@claim("SU-3.7.2-sat")
def one_standard_deviation_is_saturated():
    """At sqrt(50) the slope of the sigmoid is below 1/1000."""
    yield start(slope(sqrt(50)))
    yield lt(Rational(1, 1000))


@claim("SU-3.7.2-b")
def weights_that_keep_out_of_saturation():
    """The sum of n_in weights has n_in times their variance, which is 1 for 1/n_in."""
    variance = positive("Var_w")
    corrected = iid("w", Normal(0, 1 / n_in))
    yield start(Var(Sum(iid("w", variance=variance)[k], (k, 1, n_in))))
    yield eq(n_in * variance)
    yield start(Var(Sum(corrected[k], (k, 1, n_in))))
    yield eq(1)
    yield start(Var(corrected[1]))
    yield misprint(sqrt(n_in), "wider weights saturate more: the variance must be 1/n_in")
    yield eq(1 / n_in)

"""Layers with random weights: their variables, sizes and indices.

A layer is z_i, the sum over k of w_ik x_k, as in 3.1 and 3.37: row i of w belongs to the unit that
the layer computes. In the gradient of x_i the same weights stand transposed, as w_ki.
"""

import sympy as sp
from sympy import Sum

from derivations.functions import sigmoid
from derivations.random import iid, independent
from derivations.symbols import integer, natural, real

n, n_in, n_out = natural("n n_in n_out")
i, j, k, r = integer("i j k r")

w, g = (iid(name, mean=0) for name in "wg")
"""Weights and gradients dL/dz_k of the next layer, each identically distributed with mean 0."""

x, centered = iid("x"), iid("x", mean=0)
"""Inputs: of any mean, as behind a rectifier, and of mean 0."""

any_w = iid("w")
"""Weights of any mean."""

z = iid("z", mean=0, symmetric=True, continuous=True)
"""States of a layer whose weights are symmetric about 0, as normal and uniform ones are."""

a, s, v, G = (sp.IndexedBase(real(name)) for name in ("a", "s", "v", "G"))
weights = sp.IndexedBase(real("w"))

INDEPENDENT = [independent(w, any_w, x, centered, g, z)]


def slope(t):
    """The slope of the sigmoid."""
    return sigmoid(t) * (1 - sigmoid(t))


def of_variance(variance):
    """Weights of mean 0 and this variance, with the assumption that they depend on nothing else."""
    found = iid("w", mean=0, variance=variance)
    return found, [independent(found, x, centered, g, z)]


def layer(inputs, by=w):
    """Unit i of a layer: the sum over k of w_ik inputs_k."""
    return Sum(by[i, k] * inputs, (k, 1, n_in))

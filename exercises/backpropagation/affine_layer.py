"""The affine layer in code, with the gradients of its weights and of its input."""

import numpy as np

from exercises.answers import Code, Gradient
from exercises.core import Exercise
from impl.layers.affine import affine

ex = Exercise(
    "The workhorse: an affine layer",
    claims=["SU-3.2", "SU-3.6", "CO-bp-matmul-x", "CO-bp-matmul-w", "CO-nn-shapes"],
    level=2,
    prerequisites=["backpropagation.tiny_network"],
)


def inputs(rng):
    """One example, one unit, one feature, many of each, large values, and strided views."""
    shapes = ((1, 1, 1), (1, 3, 2), (4, 1, 3), (5, 3, 1), (6, 4, 5))
    drawn = [
        (rng.normal(size=(m, d)), rng.normal(size=(n, d)), rng.normal(size=m)) for n, m, d in shapes
    ]
    wide = rng.normal(size=(3, 8))
    drawn.append((wide[:, ::2], rng.normal(size=(4, 2)).T, rng.normal(size=3)))
    drawn.append((1e6 * rng.normal(size=(2, 2)), rng.normal(size=(3, 2)), np.zeros(2)))
    return drawn


def inputs_with_gradient(rng):
    """The same, each with a gradient from above."""
    return [(*args, rng.normal(size=(len(args[1]), len(args[2])))) for args in inputs(rng)]


PARAMETERS = ("weights", "x", "bias")


@ex.part(points=2, answer=Code("affine_layer", inputs, parameters=PARAMETERS, atol=1e-9))
def forward():
    r"""A batch of examples is stored as the **rows** of `x`, of shape `(n, d)`. Each of the $m$
    units has a row of `weights`, of shape `(m, d)`, and an entry of `bias`. Return the array of
    shape `(n, m)` whose row $i$ is $W x_i + b$.
    """
    return lambda weights, x, bias: affine(x, weights, bias)


@forward.mistake(credit=1, help="Right as long as the bias is zero.")
def no_bias():
    return lambda weights, x, bias: x @ weights.T


@forward.hint
def which_one_is_transposed():
    "Write the shapes under the product: the two inner ones have to be equal."


@ex.part(
    points=3,
    answer=Gradient(
        "affine_layer_gradient", "affine_layer", inputs, parameters=PARAMETERS, atol=1e-9
    ),
)
def to_weights():
    r"""Compute the gradient with respect to the **weights**, of shape `(m, d)`, given the
    `gradient` from above, of shape `(n, m)`.
    """
    return lambda weights, x, bias, gradient: affine.backward(x, weights, bias, gradient)[1]


@to_weights.mistake(credit=1, help="Every example contributes in full: the batch is summed.")
def averaged():
    return lambda weights, x, bias, gradient: gradient.T @ x / len(x)


@to_weights.mistake(credit=1, help="Use the gradient from above: not every entry of it is 1.")
def ignored_upstream():
    return lambda weights, x, bias, gradient: np.ones_like(gradient).T @ x


@to_weights.hint
def shapes_decide():
    "From shapes (n, m) and (n, d), with one transpose, only one product has the shape (m, d)."


@ex.part(
    points=3,
    answer=Code(
        "affine_layer_to_input",
        inputs_with_gradient,
        parameters=(*PARAMETERS, "gradient"),
        atol=1e-9,
    ),
)
def to_input():
    r"""The layer before wants its share: compute the gradient with respect to **`x`**, of shape
    `(n, d)`, from the same `gradient`.
    """
    return lambda weights, x, bias, gradient: affine.backward(x, weights, bias, gradient)[0]


@to_input.mistake(credit=0, help="This is larger for larger biases; a constant has no slope.")
def with_bias():
    return lambda weights, x, bias, gradient: (gradient + bias) @ weights


@to_input.mistake(credit=1, help="The sign: a positive weight passes a gradient on unchanged.")
def wrong_sign():
    return lambda weights, x, bias, gradient: -gradient @ weights


@to_input.hint
def all_paths():
    "One entry of x reaches every unit. Sum over them: that is a matrix product again."

"""A network with two hidden units, forward and backward by hand."""

import numpy as np
from sympy import Matrix, Rational, latex

from exercises.answers import Array, Number
from exercises.core import Exercise

ex = Exercise(
    "Backpropagation on the back of an envelope",
    claims=["CH-5.3", "CO-bp-relu", "SU-FC-BP", "XU-105"],
    level=2,
)


@ex.variant
def draw(v):
    x = v.distinct_integers(1, 4, n=2)
    # The first unit is on and the second one off, or the reverse.
    on, off = v.distinct_integers(1, 3, n=2), v.distinct_integers(1, 3, n=2)
    rows = ((on[0], on[1]), (-off[0], -off[1]))
    bias = (v.integer(1, 2), v.integer(-2, -1))
    order = v.choice(((0, 1), (1, 0)))
    weights, bias = tuple(rows[k] for k in order), tuple(bias[k] for k in order)
    output = v.distinct_integers(2, 5, n=2)
    error = v.sign() * v.choice((3, 5, 7))
    prediction = _forward(x, weights, bias, output)[2]
    return {
        "x": x,
        "weights": weights,
        "bias": bias,
        "output": output,
        "y": prediction - error,
        "error": error,
        "x_tex": latex(Matrix(x)),
        "w_tex": latex(Matrix(weights)),
        "b_tex": latex(Matrix(bias)),
        "u_tex": latex(Matrix([output])),
    }


def _forward(x, weights, bias, output):
    z = list(np.array(weights) @ np.array(x) + np.array(bias))
    a = [max(0, int(k)) for k in z]
    return z, a, int(np.dot(output, a))


def _delta(x, weights, bias, output, error):
    z, _, _ = _forward(x, weights, bias, output)
    return np.array([error * u * (k > 0) for u, k in zip(output, z, strict=True)], dtype=float)


@ex.part(points=2, answer=Array("tiny_network_units"))
def units(x, weights, bias, output):
    r"""A network computes $\hat y = U\,\mathrm{ReLU}(W x + b)$ with
    $$x = {{ x_tex }},\quad W = {{ w_tex }},\quad b = {{ b_tex }},\quad U = {{ u_tex }}.$$
    What do the two hidden units pass on, **after** the ReLU?
    """
    return np.array(_forward(x, weights, bias, output)[1], dtype=float)


@units.mistake(credit=1, help="Up to the ReLU all is well; now let it act.")
def without_relu(x, weights, bias, output):
    return np.array(_forward(x, weights, bias, output)[0], dtype=float)


@units.hint
def row_times_column():
    "Each row of W belongs to one hidden unit. Multiply, add the bias, and then apply the ReLU."


@ex.part(points=1, answer=Number("tiny_network_loss"))
def loss(error):
    r"""The target is $y = {{ y }}$. What is the loss $L = \frac12 (\hat y - y)^2$?"""
    return Rational(error**2, 2)


@loss.mistake(credit=0, help="There is a factor in front of the square.")
def without_half(error):
    return error**2


@loss.hint
def output_first():
    "You need the prediction: weigh what the units pass on, and add."


@ex.part(points=2, answer=Array("tiny_network_delta"))
def delta(x, weights, bias, output, error):
    r"""Walk back. Give the error signals $\partial L / \partial z_1$ and
    $\partial L / \partial z_2$ of the hidden units, where $z = W x + b$.
    """
    return _delta(x, weights, bias, output, error)


@delta.mistake(credit=1, help="A unit that was switched off passes no gradient back.")
def through_a_closed_gate(output, error):
    return error * np.array(output, dtype=float)


@delta.mistake(credit=1, help="All right but the sign: differentiate the square with care.")
def target_minus_prediction(x, weights, bias, output, error):
    return -_delta(x, weights, bias, output, error)


@delta.hint
def from_the_loss():
    "Begin at the loss: how does it change with the prediction? Then one layer at a time."


@ex.part(points=3, answer=Array("tiny_network_gradient"))
def gradient(x, weights, bias, output, error):
    r"""Give the gradient of $L$ with respect to $W$, as a matrix of the same shape: entry $(j, k)$
    is $\partial L / \partial W_{jk}$.
    """
    return np.outer(_delta(x, weights, bias, output, error), x)


@gradient.mistake(credit=2, help="The right numbers, but the rows belong to the hidden units.")
def transposed(x, weights, bias, output, error):
    return np.outer(x, _delta(x, weights, bias, output, error))


@gradient.mistake(credit=1, help="A unit that was off learns nothing from this example.")
def gate_ignored(x, output, error):
    return error * np.outer(output, x)


@gradient.hint
def signal_times_input():
    "A weight sees two things: the error signal where it ends, and the input where it begins."

"""A network with two hidden units, forward and backward by hand."""

import numpy as np
from sympy import Matrix, Rational, latex

from exercises.answers import Array, Number
from exercises.core import Exercise
from exercises.drawing import graph

ex = Exercise(
    "Backpropagation on the back of an envelope",
    claims=["CH-5.3", "CO-bp-relu", "SU-FC-BP", "XU-105"],
    level=2,
    prerequisites=["backpropagation.computation_graph"],
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


def _error(units, output, y):
    return np.dot(output, units) - y


def _delta(units, output, y):
    return _error(units, output, y) * np.array(output, dtype=float) * (units > 0)


@ex.figure(
    alt="A network: two inputs lead to each of two hidden units, and those to one output. On the "
    "arrows stand the weights: into the first hidden unit {{ weights[0] }}, into the second "
    "{{ weights[1] }}, into the output {{ output }}."
)
def network(axes, weights, output):
    nodes = {"$x_1$": (0, 1.5), "$x_2$": (0, 0), "$z_1$": (2.4, 1.5), "$z_2$": (2.4, 0)}
    ways = [(f"$x_{k + 1}$", f"$z_{j + 1}$", f"${weights[j][k]}$") for j in (0, 1) for k in (0, 1)]
    ways += [(f"$z_{j + 1}$", r"$\hat y$", f"${output[j]}$") for j in (0, 1)]
    graph(axes, {**nodes, r"$\hat y$": (4.4, 0.75)}, ways)


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


@ex.part(points=1, answer=Number("tiny_network_loss"), after=units)
def loss(units, output, y):
    r"""The target is $y = {{ y }}$. What is the loss $L = \frac12 (\hat y - y)^2$?"""
    return Rational(_error(units, output, y)) ** 2 / 2


@loss.mistake(credit=0, help="There is a factor in front of the square.")
def without_half(units, output, y):
    return Rational(_error(units, output, y)) ** 2


@loss.hint
def output_first():
    "You need the prediction: weigh what the units pass on, and add."


@ex.part(points=2, answer=Array("tiny_network_delta"), after=units)
def delta(units, output, y):
    r"""Walk back. Give the error signals $\partial L / \partial z_1$ and
    $\partial L / \partial z_2$ of the hidden units, where $z = W x + b$.
    """
    return _delta(units, output, y)


@delta.mistake(credit=1, help="A unit that was switched off passes no gradient back.")
def through_a_closed_gate(units, output, y):
    return _error(units, output, y) * np.array(output, dtype=float)


@delta.mistake(credit=1, help="All right but the sign: differentiate the square with care.")
def target_minus_prediction(units, output, y):
    return -_delta(units, output, y)


@delta.hint
def from_the_loss():
    "Begin at the loss: how does it change with the prediction? Then one layer at a time."


@ex.part(points=3, answer=Array("tiny_network_gradient"), after=delta)
def gradient(x, delta):
    r"""Give the gradient of $L$ with respect to $W$, as a matrix of the same shape: entry $(j, k)$
    is $\partial L / \partial W_{jk}$.
    """
    return np.outer(delta, x)


@gradient.mistake(credit=2, help="The right numbers, but the rows belong to the hidden units.")
def transposed(x, delta):
    return np.outer(x, delta)


@gradient.mistake(credit=1, help="A unit that was off learns nothing from this example.")
def gate_ignored(x, output, error):
    return error * np.outer(output, x)


@gradient.hint
def signal_times_input():
    "A weight sees two things: the error signal where it ends, and the input where it begins."

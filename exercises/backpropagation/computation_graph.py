"""Gradients through a small computation graph, node by node."""

import numpy as np
from sympy import Rational, latex, log

from exercises.answers import Array, Number
from exercises.core import Exercise
from exercises.drawing import graph

ex = Exercise("The chain rule on a graph", claims=["CO-bp-graph", "CO-bp-max"], level=2)


@ex.variant
def draw(v):
    x = (v.sign() * v.integer(1, 3), v.sign() * v.integer(4, 5))
    w = tuple(v.integer(-4, 4, exclude=[0, k]) for k in x)
    odds = v.integer(2, 6)
    rest = x[0] * w[0] + x[1] * w[1]
    return {"x": x, "w": w, "odds": odds, "offset": latex(log(odds) - rest)}


@ex.figure(
    alt="A graph that is read from left to right: w0 and x0 are multiplied, w1 and x1 are "
    "multiplied, the two products and w2 are added, and the sum goes through a sigmoid to give f."
)
def drawn(axes):
    inputs = {"$w_0$": (0, 3), "$x_0$": (0, 1.8), "$w_1$": (0, 0.6), "$x_1$": (0, -0.6)}
    inner = {r"$\times$": (1.6, 2.4), r"$\times\,$": (1.6, 0), "$+$": (3.1, 1.2)}
    outer = {"$w_2$": (3.1, -0.6), r"$\sigma$": (4.4, 1.2), "$f$": (5.7, 1.2)}
    one, other = list(inner)[:2]
    pairs = [("$w_0$", one), ("$x_0$", one), ("$w_1$", other), ("$x_1$", other)]
    pairs += [(one, "$+$"), (other, "$+$"), ("$w_2$", "$+$"), ("$+$", r"$\sigma$")]
    graph(axes, {**inputs, **inner, **outer}, [(*p, "") for p in (*pairs, (r"$\sigma$", "$f$"))])


@ex.part(points=1, answer=Number("graph_output"))
def output(odds):
    r"""The graph computes
    $$f = \frac{1}{1 + e^{-(w_0 x_0 + w_1 x_1 + w_2)}}$$
    at $x = ({{ x[0] }}, {{ x[1] }})$, $w_0 = {{ w[0] }}$, $w_1 = {{ w[1] }}$ and
    $w_2 = {{ offset }}$. Compute $f$ exactly; the numbers are kind.
    """
    return Rational(odds, odds + 1)


@output.mistake(credit=0, help="The exponent has a minus sign.")
def lost_minus(odds):
    return Rational(1, odds + 1)


@output.hint
def sum_first():
    "Work out the exponent first: nearly everything cancels."


@ex.part(points=3, answer=Array("graph_weight_gradient", rtol=5e-3))
def weights(x, odds):
    r"""Send the gradient back through the graph: give the derivatives of $f$ with respect to
    $w_0$, $w_1$ and $w_2$, in this order, as fractions or to three significant figures.
    """
    slope = odds / (odds + 1) ** 2
    return slope * np.array([x[0], x[1], 1])


@weights.mistake(credit=1, help="The sigmoid is a node, too: its slope multiplies everything.")
def forgot_the_sigmoid(x):
    return np.array([x[0], x[1], 1])


@weights.mistake(credit=1, help="At a product each factor receives the value of the other one.")
def own_factor(w, odds):
    return odds / (odds + 1) ** 2 * np.array([w[0], w[1], 1])


@weights.hint
def sigmoid_at_once():
    "Take the whole sigmoid as one node: you know its slope from its value."


@ex.part(points=2, answer=Array("graph_input_gradient", rtol=5e-3))
def inputs(w, odds):
    r"""And the derivatives of $f$ with respect to $x_0$ and $x_1$?"""
    return odds / (odds + 1) ** 2 * np.array(w)


@inputs.mistake(credit=1, help="At a product each factor receives the value of the other one.")
def own_value(x, odds):
    return odds / (odds + 1) ** 2 * np.array(x)


@inputs.hint
def nothing_new():
    "The way back is the same as before, up to the last node."

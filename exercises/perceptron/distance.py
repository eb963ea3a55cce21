"""Where a point stands beside a line: functional and geometric margins."""

import numpy as np
from sympy import Rational, Symbol

from exercises.answers import Code, Expression, Number
from exercises.core import Exercise

ex = Exercise(
    "On the right side, and by how much",
    claims=["SU-2.33", "SU-2.39-progress", "SU-2.44", "SU-2.47"],
    level=2,
    prerequisites=["perceptron.by_hand"],
    minutes=15,
)
TRIPLES = ((3, 4, 5), (4, 3, 5), (5, 12, 13), (12, 5, 13), (8, 6, 10), (6, 8, 10))
e = Symbol("e", positive=True)


@ex.variant
def draw(v):
    def line():
        a, b, length = v.choice(TRIPLES)
        w = (a, v.sign() * b)
        x, bias = v.distinct_integers(-3, 4, n=2), v.integer(-9, 9, exclude=[0])
        return {"w": w, "length": length, "x": x, "y": -1, "b": bias}

    def is_sound(d):
        inner = d["w"][0] * d["x"][0] + d["w"][1] * d["x"][1]
        # On its wrong side, at a distance that is not whole, with or without the constant.
        functional = d["y"] * (inner + d["b"])
        return functional < 0 and functional % d["length"] and inner % d["length"]

    return v.until(line, is_sound)


def _margin(w, x, y, b):
    return y * (w[0] * x[0] + w[1] * x[1] + b)


@ex.part(points=1, answer=Number("functional_margin"))
def functional(w, x, y, b):
    r"""A line separates two classes, or tries to: $w = {{ w }}$, $b = {{ b }}$. The point
    $x = {{ x }}$ has the label $-1$. What is its functional margin?
    """
    return _margin(w, x, y, b)


@functional.mistake(credit=0, help="Where did the label go?")
def score_alone(w, x, b):
    return _margin(w, x, 1, b)


@functional.hint
def two_factors():
    "The label times the score: positive for a point on its own side."


@ex.part(points=2, answer=Number("geometric_margin"), after=functional)
def geometric(functional, length):
    r"""And its geometric margin? Give it exactly."""
    return Rational(functional) / length


@geometric.mistake(credit=1, help="Divide by the length of w, not by its square.")
def by_the_square(functional, length):
    return Rational(functional) / length**2


@geometric.mistake(credit=1, help="A margin has a sign: it tells a right point from a wrong one.")
def without_sign(functional, length):
    return -Rational(functional) / length


@geometric.hint
def length_of_w():
    "How does the functional margin change when w and b double? The geometric one must not."


@ex.part(points=3, answer=Expression("margin_after_update", (e,)))
def after_update(w, x, y, b):
    r"""The perceptron learns from this point once, with learning rate $\eta$, written `e`. What is
    its functional margin **afterwards**, as a formula in `e`?
    """
    return _margin(w, x, y, b) + e * (x[0] ** 2 + x[1] ** 2 + 1)


@after_update.mistake(credit=2, help="The constant has learned something, too.")
def constant_asleep(w, x, y, b):
    return _margin(w, x, y, b) + e * (x[0] ** 2 + x[1] ** 2)


@after_update.mistake(credit=1, help="Learning from a point should not make its margin smaller.")
def wrong_way(w, x, y, b):
    return _margin(w, x, y, b) - e * (x[0] ** 2 + x[1] ** 2 + 1)


@after_update.hint
def insert_the_update():
    "Put the new w and the new b into the margin, and multiply out: the label squared is 1."


def inputs(rng):
    """A point on the line, one point, many points, one feature, a strided view."""
    wide = rng.normal(size=(6, 8))
    return [
        (np.array([[0.0, 1.0]]), np.array([1]), np.array([1.0, 0.0]), 0.0),
        (np.array([[2.0]]), np.array([-1]), np.array([-3.0]), 1.0),
        (rng.normal(size=(9, 3)), rng.choice([-1, 1], size=9), rng.normal(size=3), 0.5),
        (wide[:, ::2], rng.choice([-1, 1], size=6), rng.normal(size=4), -2.0),
    ]


def _smallest(X, y, w, b):
    return float(np.min(y * (X @ w + b)) / np.linalg.norm(w))


@ex.part(points=2, answer=Code("smallest_margin", inputs, parameters=("X", "y", "w", "b")))
def smallest():
    r"""In code: `X` has the shape `(n, d)`, the labels `y` are $1$ or $-1$. Return the geometric
    margin of the whole set, that of its worst point, as a number.
    """
    return _smallest


@smallest.mistake(credit=1, help="The worst point decides, whichever side of the line it is on.")
def without_labels():
    return lambda X, y, w, b: float(np.min(np.abs(X @ w + b)) / np.linalg.norm(w))


@smallest.mistake(credit=1, help="This one grows when w and b are doubled.")
def functional_one():
    return lambda X, y, w, b: float(np.min(y * (X @ w + b)))


@smallest.hint
def one_line():
    "All margins at once are one product of arrays; then take the least."

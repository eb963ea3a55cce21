"""The gradient of a multinomial model for one example, and a step."""

import numpy as np
from sympy import latex

from exercises.answers import Array
from exercises.core import Exercise

ex = Exercise(
    "Push one, pull the others",
    claims=["XU-41", "XU-64", "XU-65", "XU-76"],
    level=2,
    prerequisites=["softmax.by_hand", "multinomial_regression.two_classes"],
)
CLASSES = ("red", "green", "blue")


@ex.variant
def draw(v):
    p = v.weights(3, denominator=10)
    while len(set(p)) < 2:
        p = v.weights(3, denominator=10)
    x = v.choice([(2, -1), (-3, 2), (3, 1), (2, 5), (-1, 4), (3, -2)])
    return {
        "p": p,
        "x": x,
        "label": v.integer(0, 2),
        "w": (v.distinct_integers(-3, 3, n=2), v.distinct_integers(-3, 3, n=2), (0, 0)),
        "shown": ", ".join(latex(k) for k in p),
        "names": CLASSES,
    }


def _off(p, label):
    return np.array([float(k) for k in p]) - np.eye(3)[label]


@ex.part(points=3, answer=Array("colour_gradient"))
def gradient(p, x, label):
    r"""A multinomial model without constants has one row of weights for each class: red, green and
    blue. For the example $x = {{ x }}$ it gives the probabilities $({{ shown }})$, in this order;
    in truth the example is **{{ names[label] }}**. What is the gradient of its cross-entropy loss
    with respect to the $3 \times 2$ matrix of weights?
    """
    return np.outer(_off(p, label), x)


@gradient.mistake(
    credit=1, help="The right class should be pushed up: which sign has its gradient?"
)
def wrong_sign(p, x, label):
    return -np.outer(_off(p, label), x)


@gradient.mistake(credit=1, help="The other classes' weights move, too: they share the sum.")
def right_class_only(p, x, label):
    return np.outer(_off(p, label) * np.eye(3)[label], x)


@gradient.mistake(credit=0, help="Where did the label go?")
def no_label(p, x):
    return np.outer([float(k) for k in p], x)


@gradient.hint
def scores_first():
    "First the gradient with respect to the three scores. Then, which feature feeds which score?"


@ex.part(points=2, answer=Array("colour_weights"), after=gradient)
def step(gradient, w):
    r"""Suppose that the weights were, row by row, {{ w[0] }}, {{ w[1] }} and {{ w[2] }}. Take one
    step of gradient descent with learning rate $0.1$. What are the new weights?
    """
    return np.array(w, dtype=float) - 0.1 * gradient


@step.mistake(credit=1, help="After this step the right class is less probable than before.")
def uphill(gradient, w):
    return np.array(w, dtype=float) + 0.1 * gradient


@step.mistake(credit=1, help="That is a step with learning rate 1.")
def full_step(gradient, w):
    return np.array(w, dtype=float) - gradient


@step.hint
def against_the_gradient():
    "Descent goes against the gradient, entry by entry."

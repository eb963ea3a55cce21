"""One pass of the perceptron over four points, by hand."""

import numpy as np
from sympy import Rational

from exercises.answers import Array, Number
from exercises.core import Exercise
from exercises.drawing import points, zero_lines

ex = Exercise(
    "Learning from mistakes only",
    claims=["SU-2.31", "SU-2.32", "SU-2.39-alg", "SU-2.39", "SU-2.40"],
    level=1,
    minutes=12,
)


def _pass(data, labels):
    """The weights (w1, w2, b) after one pass, and how often each point changed them."""
    w, updates = np.zeros(3), []
    for x, y in zip(data, labels, strict=True):
        wrong = y * (w @ np.array([*x, 1])) <= 0
        w = w + wrong * y * np.array([*x, 1])
        updates.append(int(wrong))
    return w, updates


def _is_instructive(drawn):
    w, updates = _pass(drawn["data"], drawn["labels"])
    averse, _ = _pass(drawn["data"], [-y for y in drawn["labels"]])
    score = w @ np.array([*drawn["query"], 1])
    return (
        sum(updates) == 3  # one point is right at once, or it would be addition
        and w[2] != 0
        and np.all(w[:2] != 0)
        and score != 0
        and drawn["query"] not in drawn["data"]
        and not np.array_equal(w, averse)
    )


@ex.variant
def draw(v):
    def four():
        places = [(a, b) for a in range(-2, 4) for b in range(-2, 4) if (a, b) != (0, 0)]
        *data, query = v.shuffled(places)[:5]
        return {"data": tuple(data), "labels": v.shuffled((1, 1, -1, -1)), "query": query}

    return v.until(four, _is_instructive)


@ex.figure(
    alt="Four points in the plane: {% for x in data %}{{ 'ABCD'[loop.index0] }} at {{ x }}, "
    "labelled {{ labels[loop.index0] }}{{ '; ' if not loop.last }}{% endfor %}."
)
def plane(axes, data, labels):
    signs = {"label +1": 1, "label −1": -1}
    groups = {
        words: [x for x, y in zip(data, labels, strict=True) if y == sign]
        for words, sign in signs.items()
    }
    names = ["ABCD"[data.index(x)] for group in groups.values() for x in group]
    zero_lines(axes)
    points(axes, groups, names)


@ex.part(points=3, answer=Array("perceptron_weights"))
def weights(data, labels):
    r"""A perceptron starts knowing nothing: $w = (0, 0)$ and $b = 0$. It sees four points, one
    after the other: {% for x in data %}{{ "ABCD"[loop.index0] }} at ${{ x }}$ with label
    ${{ labels[loop.index0] }}${{ ", then " if not loop.last }}{% endfor %}.

    Whenever $y\,(w^\top x + b) \le 0$, it learns with $\eta = 1$: $w \leftarrow w + y x$ and
    $b \leftarrow b + y$. Give $w_1$, $w_2$ and $b$ after one pass.
    """
    return _pass(data, labels)[0]


@weights.mistake(credit=1, help="It learns from mistakes only. Test each point before you add it.")
def always_learns(data, labels):
    return sum(y * np.array([*x, 1.0]) for x, y in zip(data, labels, strict=True))


@weights.mistake(credit=1, help="All right, but turned around: a point with label +1 is added.")
def turned_around(data, labels):
    return -_pass(data, labels)[0]


@weights.mistake(credit=2, help="The constant learns as well, as if it had an input of 1.")
def constant_asleep(data, labels):
    w = np.zeros(2)
    for x, y in zip(data, labels, strict=True):
        w = w + (y * (w @ np.array(x)) <= 0) * y * np.array(x)
    return np.array([*w, 0.0])


@weights.hint
def the_first_point():
    "At the very first point the score is 0. Does that count as a mistake?"


@ex.part(points=1, answer=Number("perceptron_score"), after=weights)
def score(weights, query):
    r"""A new point comes by: $x = {{ query }}$. What score $w^\top x + b$ does it get? Its sign
    is the prediction.
    """
    return sum(Rational(w) * k for w, k in zip(weights, (*query, 1), strict=True))


@score.mistake(credit=0, help="You have left the constant out.")
def no_constant(weights, query):
    return sum(Rational(w) * k for w, k in zip(weights, (*query, 0), strict=True))


@score.hint
def three_terms():
    "Three terms: one for each coordinate, and the constant."


@ex.part(points=2, answer=Array("perceptron_alpha"))
def alpha(data, labels):
    r"""In the dual form, $w = \sum_i \alpha_i y_i x_i$. Give $\alpha$ for A, B, C and D."""
    return np.array(_pass(data, labels)[1], dtype=float)


@alpha.mistake(credit=1, help="The label stands in the formula already: a count has no sign.")
def with_sign(data, labels):
    return np.array(_pass(data, labels)[1]) * np.array(labels, dtype=float)


@alpha.hint
def tally():
    "Keep a tally: how often has each point changed the weights?"

"""Where a decision tree cuts first: entropy, Gini impurity and information gain by hand."""

import numpy as np
from sympy import Rational, log

from exercises.answers import Array, Number
from exercises.core import Exercise

ex = Exercise(
    "Twenty questions, or fewer",
    claims=["XU-19", "XU-20"],  # the entropy; the notes have no trees
    level=2,
    prerequisites=["entropy.in_bits"],
    minutes=18,
)


def _entropy(counts):
    shares = [Rational(k, sum(counts)) for k in counts if k]
    return -sum(p * log(p, 2) for p in shares)


def _gini(counts):
    return 1 - sum(Rational(k, sum(counts)) ** 2 for k in counts)


def _after(left, right, impurity):
    """The mean impurity of the two sides, weighed by their sizes."""
    n = sum(left) + sum(right)
    return Rational(sum(left), n) * impurity(left) + Rational(sum(right), n) * impurity(right)


def _plain_mean(left, right):
    return (_entropy(left) + _entropy(right)) / 2


def _whole(left, right):
    return tuple(a + b for a, b in zip(left, right, strict=True))


@ex.variant
def draw(v):
    def branches():
        return {
            "left": (v.integer(4, 8), v.integer(1, 3)),
            "right": (v.integer(1, 3), v.integer(3, 7)),
        }

    def is_sound(d):
        left, right = d["left"], d["right"]
        # Unlike sides, so that their sizes matter, and a whole that is not even.
        return (
            sum(left) != sum(right)
            and _gini(left) != _gini(right)
            and len(set(_whole(left, right))) == 2
            # The plain mean of the two sides must not round to the same.
            and abs(_after(left, right, _entropy) - _plain_mean(left, right)) > 0.02
        )

    return v.until(branches, is_sound)


@ex.part(points=1, answer=Number("tree_entropy_before", digits=3))
def before(left, right):
    r"""A tree should tell mushrooms you can eat from those you cannot. A first question sends
    {{ left[0] }} good and {{ left[1] }} bad ones to the left, and {{ right[0] }} good and
    {{ right[1] }} bad ones to the right. What is the entropy of the labels **before** the question,
    in bits?
    """
    return _entropy(_whole(left, right))


@before.mistake(credit=0, help="That is in nats: take logarithms to the base 2.")
def in_nats(left, right):
    return _entropy(_whole(left, right)) * log(2)


@before.hint
def put_together():
    "Before the question both sides are one heap. Which share of it is good?"


@ex.part(points=3, answer=Number("tree_gain", digits=2), after=before)
def gain(left, right, before):
    r"""What is the information gain of the question, in bits, to two significant figures?"""
    return before - _after(left, right, _entropy)


@gain.mistake(credit=1, help="The sides have different sizes: weigh them.")
def sides_alike(left, right, before):
    return before - _plain_mean(left, right)


@gain.mistake(credit=1, help="That much uncertainty is left. How much has gone?")
def what_is_left(left, right):
    return _after(left, right, _entropy)


@gain.hint
def mean_of_the_sides():
    "What is left is a mean over the two sides. A mushroom is more likely to land in the larger."


@ex.part(points=2, answer=Array("tree_gini", rtol=5e-3))
def gini(left, right):
    r"""CART prefers the Gini impurity $1 - \sum_k p_k^2$. Give it for the left side and for the
    right one.
    """
    return np.array([_gini(left), _gini(right)], dtype=float)


@gini.mistake(credit=1, help="That is how pure they are.")
def purity(left, right):
    return np.array([1 - _gini(left), 1 - _gini(right)], dtype=float)


@gini.hint
def two_draws():
    "How likely is it that two mushrooms, drawn with replacement, are of different kinds?"


@ex.part(points=2, answer=Number("tree_gini_after", digits=3), after=gini)
def gini_after(left, right, gini):
    r"""And the impurity that is left after the question, over both sides?"""
    a, b = (Rational(g).limit_denominator(10**6) for g in gini)
    return (sum(left) * a + sum(right) * b) / (sum(left) + sum(right))


@gini_after.mistake(credit=1, help="The sides have different sizes: weigh them.")
def plain_mean(gini):
    a, b = (Rational(g).limit_denominator(10**6) for g in gini)
    return (a + b) / 2


@gini_after.hint
def as_with_the_entropy():
    "Weigh the two numbers as you did for the information gain."

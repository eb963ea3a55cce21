"""Softmax of three logits by hand, exactly."""

import numpy as np
from sympy import Rational, log

from exercises.answers import Array, Number
from exercises.core import Exercise

ex = Exercise(
    "Three logits, three probabilities", claims=["XU-42", "XU-43", "CO-softmax-single"], level=1
)


@ex.variant
def draw(v):
    odds = v.distinct_integers(1, 6, n=3)
    shift = v.integer(2, 4)
    return {
        "odds": odds,
        "target": v.integer(1, 3),
        "shift": shift,
        "shown": ", ".join("0" if k == 1 else rf"\log {k}" for k in odds),
        "moved": ", ".join(f"{shift}" if k == 1 else rf"\log {k} + {shift}" for k in odds),
    }


@ex.part(points=2, answer=Array("softmax_by_hand", rtol=5e-3))
def probabilities(odds):
    r"""A classifier gives the logits $z = ({{ shown }})$. Compute the three probabilities. Write
    them as fractions, or to three significant figures.
    """
    return np.array(odds) / sum(odds)


@probabilities.mistake(credit=1, help="These are in the right proportions. What must they add to?")
def not_normalised(odds):
    return np.array(odds, dtype=float)


@probabilities.mistake(credit=0, help="Take exponentials first, then divide by their sum.")
def of_the_logits(odds):
    z = np.log(odds)
    return z / z.sum()


@probabilities.hint
def undo_the_logarithm():
    "What is the exponential of a logarithm?"


@ex.part(points=1, answer=Array("softmax_shifted", rtol=5e-3))
def shifted(odds):
    r"""Somebody adds ${{ shift }}$ to every logit: $z = ({{ moved }})$. And now?"""
    return np.array(odds) / sum(odds)


@shifted.mistake(credit=0, help="Adding to a logit multiplies its exponential: by what?")
def added_to_each(odds, shift):
    moved = np.array(odds) + shift
    return moved / moved.sum()


@shifted.hint
def common_factor():
    "Every exponential gets the same factor. Where does it go?"


@ex.part(points=2, answer=Number("softmax_loss", digits=3))
def loss(odds, target):
    r"""The right class is number {{ target }}. What is the cross-entropy loss of this example, with
    the natural logarithm?
    """
    return -log(Rational(odds[target - 1], sum(odds)))


@loss.mistake(credit=1, help="A loss is never negative: look at the sign.")
def wrong_sign(odds, target):
    return log(Rational(odds[target - 1], sum(odds)))


@loss.mistake(credit=0, help="This is the loss in bits; take the natural logarithm.")
def in_bits(odds, target):
    return -log(Rational(odds[target - 1], sum(odds))) / log(2)


@loss.hint
def one_term_is_left():
    "The target is one-hot. How many terms of the sum are left?"

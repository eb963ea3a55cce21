"""The cross-entropy loss from logits, and its gradient."""

import numpy as np

from exercises.answers import Code, Gradient
from exercises.core import Exercise
from impl import softmax as reference

ex = Exercise("Cross-entropy, forward and backward", claims=["CO-softmax-lossdef"], level=2)


def inputs(rng):
    """Logits with a one-hot target: few classes, many, and a target far behind the others."""
    drawn = [(np.array([0.0, float(rng.integers(800, 1200))]), np.array([1.0, 0.0]))]
    for classes, scale in ((2, 1.0), (3, 1.0), (5, 2.0), (10, 1.0), (4, 300.0)):
        target = np.zeros(classes)
        target[rng.integers(classes)] = 1.0
        drawn.append((rng.normal(scale=scale, size=classes), target))
    return drawn


@ex.part(points=2, answer=Code("cross_entropy", inputs, parameters=("z", "y")))
def loss():
    r"""Compute the loss $L(z, y) = -\sum_k y_k \log p_k$ with $p = \mathrm{softmax}(z)$, for logits
    `z` and a one-hot target `y`, both of shape `(K,)`. Return one number. Logits may be in the
    hundreds.
    """
    return reference.cross_entropy


@loss.mistake(credit=1, help="Right until a probability is rounded to 0: simplify log p_k first.")
def logarithm_of_zero():
    def rounded(z, y):
        powers = np.exp(z - z.max())
        with np.errstate(divide="ignore", invalid="ignore"):
            return -np.sum(y * np.log(powers / powers.sum()))

    return rounded


@loss.mistake(credit=1, help="A loss falls when the right class becomes more likely: the sign.")
def wrong_sign():
    return lambda z, y: -reference.cross_entropy(z, y)


@loss.hint
def log_of_a_quotient():
    "What is the logarithm of a quotient, and of an exponential?"


@ex.part(
    points=3,
    answer=Gradient("cross_entropy_gradient", "cross_entropy", inputs, parameters=("z", "y")),
)
def gradient():
    r"""Compute the gradient of your loss with respect to `z`, times the number `gradient` that
    arrives from above: an array of shape `(K,)`.
    """
    return reference.cross_entropy.backward


@gradient.mistake(
    credit=1, help="The target is subtracted from the probabilities, not the reverse."
)
def wrong_sign_of_gradient():
    return lambda z, y, gradient: -reference.cross_entropy.backward(z, y, gradient)


@gradient.mistake(credit=2, help="Use the number that arrives from above.")
def ignored_upstream():
    return lambda z, y, gradient: reference.cross_entropy.backward(z, y, 1.0)


@gradient.hint
def one_logit_at_a_time():
    "Differentiate for the right class's logit first, then for another one. What do they share?"

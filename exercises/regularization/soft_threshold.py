"""The soft threshold and inverted dropout, in code."""

import numpy as np

from exercises.answers import Code, Gradient
from exercises.core import Exercise
from impl.layers.dropout import inverted_dropout
from impl.regularization import prox_l1

ex = Exercise(
    "Regularisers in three lines each",
    claims=["CO-l1-sparse", "CO-dropout-inverted", "SU-2.29-sparse"],
    level=2,
)


def weights(rng):
    """One weight, weights at the threshold, no threshold at all, two axes, a strided view."""
    s = float(rng.uniform(0.2, 1.5))
    return [
        (np.array([3.0]), s),
        (np.array([s, -s, 0.0, 2 * s, -2 * s]), s),
        (rng.normal(size=4), 0.0),
        (rng.normal(size=(3, 4)), s),
        (rng.normal(size=(4, 6))[:, ::2], s),
        (1e8 * rng.normal(size=3), 1e7),
    ]


@ex.part(points=3, answer=Code("soft_threshold", weights, parameters=("v", "s")))
def threshold():
    r"""After each step of lasso every entry of `v`, an array of any shape, moves by `s` towards 0
    and stops there if it arrives. Return the moved entries; `s` is a number that is not negative.
    """
    return prox_l1


@threshold.mistake(credit=1, help="Look at the small entries: they should stop at zero.")
def through_zero():
    return lambda v, s: v - s * np.sign(v)


@threshold.mistake(credit=1, help="Small entries are right. The large ones have to move as well.")
def hard_threshold():
    return lambda v, s: np.where(np.abs(v) > s, v, 0.0)


@threshold.mistake(credit=1, help="Try a negative entry: which way is zero?")
def one_sided():
    return lambda v, s: np.maximum(v - s, 0.0)


@threshold.hint
def size_and_sign():
    "Treat the size of an entry and its sign separately."


def masked(rng):
    """One entry, everything dropped, nothing dropped, two axes, a strided view."""
    p = float(rng.uniform(0.1, 0.8))
    full = (rng.random(size=(4, 6)) < 0.5).astype(float)
    return [
        (rng.normal(size=1), np.ones(1), p),
        (rng.normal(size=3), np.zeros(3), p),
        (rng.normal(size=3), np.ones(3), 0.0),
        (rng.normal(size=(4, 6)), full, p),
        (rng.normal(size=(4, 6))[:, ::2], full[:, ::2], 0.5),
    ]


PARAMETERS = ("x", "mask", "p")


@ex.part(points=2, answer=Code("drop", masked, parameters=PARAMETERS))
def dropout():
    r"""Inverted dropout at training time: `mask` has the shape of `x`, holds zeros and ones, and
    was drawn with the probability `p` of a **zero**. Switch entries of `x` off where the mask is 0,
    and scale the others so that the mean over all masks is `x`.
    """
    return lambda x, mask, p: inverted_dropout(x, mask, p=p)


@dropout.mistake(credit=1, help="The mean comes out too small: this is plain dropout.")
def not_scaled():
    return lambda x, mask, p: x * mask


@dropout.mistake(credit=1, help="Scale by the chance of being kept: p is that of a zero.")
def scaled_by_p():
    def scaled(x, mask, p):
        with np.errstate(divide="ignore", invalid="ignore"):
            return x * mask / p

    return scaled


@dropout.hint
def mean_of_the_mask():
    "What is the mean of one entry of the mask?"


@ex.part(points=2, answer=Gradient("drop_gradient", "drop", masked, parameters=PARAMETERS))
def backward():
    r"""Compute the gradient with respect to `x`, given the `gradient` from above, of its shape."""
    return lambda x, mask, p, gradient: inverted_dropout.backward(x, mask, gradient, p=p)


@backward.mistake(credit=1, help="The scaling of the way forth applies on the way back, too.")
def backward_not_scaled():
    return lambda x, mask, p, gradient: gradient * mask


@backward.mistake(credit=0, help="An entry that was switched off has no influence on the loss.")
def mask_ignored():
    return lambda x, mask, p, gradient: gradient / (1 - p)


@backward.hint
def linear():
    "The layer is linear in x: every entry is multiplied by a number that does not depend on x."

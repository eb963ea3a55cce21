"""Max pooling of one image in code, forward and backward."""

import numpy as np

from exercises.answers import Code, Gradient
from exercises.core import Exercise
from impl.layers.pooling import max_pool2d

ex = Exercise(
    "A max pooling layer",
    claims=["CO-pool-outsize", "XU-141.n2", "CO-bp-max"],
    level=2,
    prerequisites=["pooling.backward"],
)


def inputs(rng):
    """One window, odd sizes, all negative, a single row of windows, a strided view."""
    return [
        (rng.normal(size=(2, 2)),),
        (rng.normal(size=(3, 5)),),
        (-5.0 - rng.uniform(size=(4, 4)),),
        (rng.normal(size=(2, 7)),),
        (rng.normal(size=(6, 8))[:, ::2],),
        (1e6 * rng.normal(size=(8, 6)),),
    ]


def inputs_with_ties(rng):
    """The same, and windows with equal entries."""
    return [*inputs(rng), (np.zeros((4, 4)),), (np.floor(rng.uniform(0, 2, size=(4, 6))),)]


def _forward(x):
    return max_pool2d(x[None, None], 2, 2)[0, 0]


def _backward(x, gradient):
    return max_pool2d.backward(x[None, None], gradient[None, None], 2, 2)[0, 0]


@ex.part(points=2, answer=Code("pool", inputs_with_ties, parameters=("x",)))
def forward():
    r"""Return the largest value of each $2 \times 2$ window (stride 2) of `x`, of shape `(h, w)`.
    If a side is odd, its last row or column is left out: the result has shape `(h // 2, w // 2)`.
    """
    return _forward


@forward.mistake(credit=0, help="This is an average.")
def average():
    def mean(x):
        h, w = (2 * (n // 2) for n in x.shape)
        return x[:h, :w].reshape(h // 2, 2, w // 2, 2).mean(axis=(1, 3))

    return mean


@forward.mistake(credit=1, help="Try an image that is negative everywhere.")
def never_negative():
    return lambda x: np.maximum(_forward(x), 0.0)


@forward.hint
def four_slices():
    "Slices with step 2 give the top left entries of all windows at once. And the other three?"


def without_ties(x):
    """Whether no two entries are equal."""
    return np.unique(x).size == x.size


@ex.part(
    points=4,
    answer=Gradient("pool_gradient", "pool", inputs, parameters=("x",), valid=without_ties),
)
def backward():
    r"""Compute the gradient with respect to `x`, of its shape, given the `gradient` from above. In
    the images of this part no two entries of a window are equal.
    """
    return _backward


@backward.mistake(credit=2, help="Right places; use the gradient from above there.")
def ignored_upstream():
    return lambda x, gradient: _backward(x, np.ones_like(gradient))


@backward.mistake(credit=1, help="Only the entry that won passes the gradient on.")
def spread_out():
    def spread(x, gradient):
        result = np.zeros_like(x)
        h, w = (2 * n for n in gradient.shape)
        result[:h, :w] = np.kron(gradient, np.ones((2, 2)))
        return result

    return spread


@backward.hint
def a_mask():
    "Blow the output up to the image's size again. Where does it equal the image?"

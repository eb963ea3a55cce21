"""The backward pass of softmax itself, without building its Jacobian."""

import numpy as np

from exercises.answers import Code, Gradient
from exercises.core import Exercise
from impl.softmax import softmax as reference

ex = Exercise(
    "Back through a softmax",
    claims=["XU-72", "CO-softmax-def"],
    level=3,
    prerequisites=["softmax.jacobian"],
)


def inputs(rng):
    """One class, two, many, ties, far apart, and a strided view."""
    return [
        (np.array([float(rng.normal())]),),
        (np.array([0.0, 0.0]),),
        (np.array([float(rng.integers(900, 1100)), 0.0, 1.0]),),
        (rng.normal(size=4),),
        (rng.normal(size=12)[::4],),
        (rng.normal(scale=2.0, size=10),),
    ]


@ex.part(points=2, answer=Code("attention_weights", inputs, parameters=("scores",)))
def values():
    r"""In an attention layer, scores become weights by a softmax. Return the weights of `scores`,
    an array of shape `(K,)`. Scores may be around 1000.
    """
    return reference


@values.mistake(credit=1, help="Right for small scores only: nothing was done against overflow.")
def overflows():
    def naive(scores):
        with np.errstate(over="ignore", invalid="ignore"):
            powers = np.exp(scores)
            return powers / powers.sum()

    return naive


@values.hint
def shift():
    "The weights do not change when the same number is subtracted from every score."


@ex.part(
    points=4,
    answer=Gradient(
        "attention_weights_gradient", "attention_weights", inputs, parameters=("scores",)
    ),
)
def gradient():
    r"""Compute the gradient with respect to `scores`, given the `gradient` with respect to the
    weights. The matrix of all $K^2$ derivatives is not needed: memory of size $K$ is enough.
    """
    return reference.backward


@gradient.mistake(credit=1, help="Each score moves every weight: you have the diagonal only.")
def diagonal_only():
    def diagonal(scores, gradient):
        p = reference(scores)
        return p * (1 - p) * gradient

    return diagonal


@gradient.mistake(credit=1, help="What is subtracted is a mean; this is subtracted unweighted.")
def unweighted_mean():
    def plain(scores, gradient):
        return reference(scores) * (gradient - np.mean(gradient))

    return plain


@gradient.hint
def one_sum():
    "Write the sum over the classes out. One part is an inner product that all entries share."

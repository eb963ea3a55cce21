"""A softmax that survives large logits."""

import numpy as np

from exercises.answers import Code, Growth
from exercises.core import Exercise
from impl.softmax import softmax

ex = Exercise(
    "A softmax that survives large logits",
    claims=["CO-softmax-def"],
    level=1,
    prerequisites=["softmax.by_hand"],
)


def inputs(rng):
    """Small and large logits, one example and many, each with its extremes."""
    return [
        (np.array([0.0, 0.0]),),
        (np.array([0.0, float(rng.integers(900, 1100))]),),
        (np.array([[0.0, 1.0], [2.0, 2.0]]),),
        (rng.normal(size=5),),
        (rng.normal(size=(4, 3)),),
        (rng.normal(scale=400.0, size=(3, 6)),),
        (rng.normal(size=(2, 2)) - 1000.0,),
    ]


def many_rows(rng, n):
    """So many examples of few classes."""
    return (rng.normal(size=(n, 5)),)


ROWS = Growth(many_rows, over="rows")


@ex.part(points=3, answer=Code("softmax", inputs, parameters=("z",), growth=ROWS))
def values():
    r"""Compute $p_k = e^{z_k} / \sum_j e^{z_j}$ over the **last** axis of an array `z` of shape
    `(K,)` or `(n, K)`, and return an array of the same shape. It must hold for logits such as 1000,
    where $e^{1000}$ is too large for a float. A loop over the rows costs half of the
    points: NumPy can do without.
    """
    return softmax


@values.mistake(credit=1, help="Right for small logits only: what may be subtracted from each z?")
def overflows():
    def naive(z):
        powers = np.exp(z)
        return powers / powers.sum(axis=-1, keepdims=True)

    return naive


@values.mistake(credit=1, help="For an array of shape (n, K) every row is a softmax of its own.")
def whole_array():
    def over_everything(z):
        powers = np.exp(z - z.max())
        return powers / powers.sum()

    return over_everything


@values.hint
def shift():
    "Multiply numerator and denominator by the same positive number. Which one helps?"

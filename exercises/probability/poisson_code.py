"""Poisson probabilities of large counts, by logarithms."""

import math

import numpy as np

from exercises.answers import Code
from exercises.core import Exercise
from impl.distributions.poisson import Poisson

ex = Exercise("A thousand calls an hour", claims=["SU-1.10", "SU-1.10.sum"], level=2)


def inputs(rng):
    """No call, one, many, the likeliest and unlikely counts, and a strided view."""
    return [
        (np.array([0]), 2.5),
        (np.array([1, 2]), 1.0),
        (np.array([0, 3, 1]), float(rng.uniform(0.1, 0.9))),
        (rng.integers(0, 12, size=8)[::2], float(rng.uniform(2.0, 6.0))),
        (np.array([1000, 900, 1100]), 1000.0),
        (rng.integers(300, 500, size=5), float(rng.uniform(350.0, 450.0))),
    ]


@ex.part(points=3, answer=Code("poisson_log", inputs, parameters=("k", "rate")))
def values():
    r"""A help line gets a Poisson number of calls, with the given `rate`. Return the **logarithm**
    of the probability of $k$ calls for each entry of `k`, a one-dimensional array of whole numbers.
    With 1000 calls neither the factorial nor the power fits into a float.
    """
    return lambda k, rate: np.asarray(Poisson(rate).log_pmf(k))


@values.mistake(credit=1, help="Right for small counts only: take the logarithm factor by factor.")
def overflows():
    def naive(k, rate):
        factorials = np.array([float(math.factorial(j)) if j < 170 else math.inf for j in k])
        with np.errstate(all="ignore"):
            return np.log(np.exp(-rate) * np.power(rate, k) / factorials)

    return naive


@values.mistake(credit=1, help="The gamma function is one step off the factorial.")
def gamma_shifted():
    return lambda k, rate: np.array(
        [j * math.log(rate) - rate - (math.lgamma(j) if j > 0 else 0.0) for j in k]
    )


@values.hint
def log_factorial():
    "Products become sums. `math.lgamma` knows the logarithm of a factorial."

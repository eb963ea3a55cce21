"""The sample variance of numbers that are large and close together."""

import numpy as np

from exercises.answers import Code
from exercises.core import Exercise
from impl.estimators import sample_variance, standard_error

ex = Exercise("A variance that keeps its digits", claims=["SU-1.18", "SU-1.19b"], level=2)


def inputs(rng):
    """Two values, equal ones, far from zero, many, and a strided view."""
    return [
        (np.array([1.0, 2.0]),),
        (np.array([3.0, 3.0, 3.0]),),
        (1e9 + rng.integers(0, 9, size=4).astype(float),),
        (rng.normal(size=12)[::3],),
        (rng.normal(5.0, 0.1, size=9),),
        (rng.exponential(size=500),),
    ]


@ex.part(points=3, answer=Code("unbiased_variance", inputs, parameters=("x",), atol=1e-10))
def variance():
    r"""Return the unbiased sample variance of `x`, an array of at least two numbers. Satellites
    send such arrays: all entries are near $10^9$, and what matters is by how little they differ.
    Use neither `np.var` nor `statistics`; you could, but then you would not see the point.
    """
    return lambda x: float(sample_variance(x))


@variance.mistake(credit=1, help="The divisor makes it too small on average.")
def most_likely():
    return lambda x: float(np.mean((x - x.mean()) ** 2))


@variance.mistake(credit=1, help="Right on paper. What is left of two huge numbers subtracted?")
def cancels():
    def shortcut(x):
        n = x.size
        return float((np.sum(x**2) - np.sum(x) ** 2 / n) / (n - 1))

    return shortcut


@variance.hint
def centre_first():
    "Numbers near zero keep their digits when they are squared. How do you get there?"


@ex.part(points=2, answer=Code("error_of_the_mean", inputs, parameters=("x",), atol=1e-10))
def error():
    r"""Return the estimated standard deviation of the **mean** of such an array."""
    return lambda x: float(standard_error(x))


@error.mistake(credit=1, help="This is how far single values stray.")
def of_one():
    return lambda x: float(np.sqrt(sample_variance(x)))


@error.mistake(credit=1, help="This is its square.")
def not_rooted():
    return lambda x: float(sample_variance(x) / x.size)


@error.hint
def scaled_variance():
    "The mean of n independent values has the variance of one of them, divided by what?"

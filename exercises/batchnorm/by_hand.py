"""A mini-batch of four, normalised by hand."""

import numpy as np

from exercises.answers import Array
from exercises.core import Exercise

ex = Exercise(
    "Normalise a batch of four",
    claims=["SU-3.21-alg", "SU-3.20", "CO-bn-forward"],
    level=1,
    prerequisites=["estimators.four_measurements"],
)
# Deviations that add up to 0, and the root of their mean square.
SPREADS = (
    ((-11, -1, 5, 7), 7),
    ((-7, -5, 1, 11), 7),
    ((-7, -1, 1, 7), 5),
    ((-5, 1, 1, 3), 3),
    ((-3, -1, -1, 5), 3),
)


@ex.variant
def draw(v):
    deviations, root = v.choice(SPREADS)
    mean = v.integer(2, 9)
    batch = v.shuffled([mean + d for d in deviations])
    return {
        "batch": batch,
        "root": root,
        "gamma": v.integer(2, 4),
        "beta": v.integer(-3, 3, exclude=[0]),
        "shown": ", ".join(map(str, batch)),
    }


@ex.part(points=2, answer=Array("batch_moments"))
def moments(batch):
    r"""One feature of a mini-batch has the values ${{ shown }}$. Give the two numbers that batch
    normalisation computes from them: the mean $\mu$ and the variance $\sigma^2$.
    """
    return np.array([np.mean(batch), np.var(batch)])


@moments.mistake(credit=1, help="Batch normalisation divides by m itself, not by m - 1.")
def unbiased(batch):
    return np.array([np.mean(batch), np.var(batch, ddof=1)])


@moments.mistake(credit=1, help="The second number is the standard deviation; do not take a root.")
def deviation(batch):
    return np.array([np.mean(batch), np.std(batch)])


@moments.hint
def deviations():
    "Subtract the mean from each value first, then average the squares."


@ex.part(points=2, answer=Array("batch_normalised", rtol=5e-3), after=moments)
def normalised(batch, moments):
    r"""Normalise: give $\hat x$ for the four values in the order given. Take $\epsilon = 0$; the
    numbers allow it. Write fractions, or three significant figures.
    """
    return (np.array(batch) - moments[0]) / np.sqrt(moments[1])


@normalised.mistake(credit=1, help="Divide by the standard deviation, not by the variance.")
def by_the_variance(batch, moments):
    return (np.array(batch) - moments[0]) / moments[1]


@normalised.mistake(credit=1, help="Centred, but not yet scaled.")
def centred_only(batch, moments):
    return np.array(batch) - moments[0]


@normalised.hint
def check_yourself():
    "What should the mean and the mean square of your four results be?"


@ex.part(points=1, answer=Array("batch_scaled", rtol=5e-3), after=normalised)
def scaled(normalised, gamma, beta):
    r"""The layer has learned $\gamma = {{ gamma }}$ and $\beta = {{ beta }}$. What comes out?"""
    return gamma * normalised + beta


@scaled.mistake(credit=0, help="Scale first, shift afterwards.")
def shifted_first(normalised, gamma, beta):
    return gamma * (normalised + beta)


@scaled.hint
def two_letters():
    "One of the two learned numbers stretches, the other one moves."

"""Batch normalisation at inference, from the statistics of the training batches."""

import numpy as np
from sympy import Rational, latex

from exercises.answers import Array, Number
from exercises.core import Exercise

ex = Exercise(
    "One example, no batch",
    claims=["SU-3.24a", "SU-3.24b", "SU-3.24c", "CO-bn-forward"],
    level=2,
    prerequisites=["batchnorm.by_hand"],
)


@ex.variant
def draw(v):
    size = v.integer(3, 9)
    root = v.integer(2, 4)
    # The biased variances average to root^2 (size - 1) / size.
    middle = Rational(root**2 * (size - 1), size)
    spread = v.choice((Rational(1, 2), Rational(1, 4)))
    means = v.distinct_integers(-3, 6, n=3)
    while sum(means) % 3 == 0:
        means = v.distinct_integers(-3, 6, n=3)
    gamma, beta = v.integer(2, 4), v.integer(-2, 2, exclude=[0])
    x = v.integer(-4, 8)
    variances = v.shuffled((middle - spread, middle, middle + spread))
    return {
        "size": size,
        "means": means,
        "variances": variances,
        "gamma": gamma,
        "beta": beta,
        "x": x,
        "root": root,
        "means_tex": ", ".join(map(str, means)),
        "variances_tex": ", ".join(latex(s) for s in variances),
    }


@ex.part(points=3, answer=Array("running_moments", rtol=5e-3))
def moments(means, root):
    r"""During training, batch normalisation saw three batches of {{ size }} examples each. Their
    means were ${{ means_tex }}$ and their variances, divided by {{ size }} as usual,
    ${{ variances_tex }}$. Now a single example comes along. Give the mean and the **unbiased**
    variance that the layer should use for it, as plain averages over the three batches: as
    fractions, or to three significant figures.
    """
    return np.array([sum(means) / 3, root**2], dtype=float)


@moments.mistake(credit=1, help="Averaged as they are, these variances are too small on average.")
def biased(means, variances):
    return np.array([sum(means) / 3, float(sum(variances) / 3)])


@moments.mistake(credit=1, help="The correction makes the variance larger, not smaller.")
def corrected_the_wrong_way(means, variances, size):
    return np.array([sum(means) / 3, float(sum(variances) / 3) * (size - 1) / size])


@moments.hint
def size_of_a_batch():
    "The correction depends on how many examples a batch holds, not on the number of batches."


@ex.part(points=2, answer=Number("inference_output"))
def output(means, x, gamma, beta, root):
    r"""The layer has learned $\gamma = {{ gamma }}$ and $\beta = {{ beta }}$, and $\epsilon$ may be
    left out. What does it make of the value $x = {{ x }}$? Give it exactly.
    """
    return gamma * (x - Rational(sum(means), 3)) / root + beta


@output.mistake(credit=1, help="Divide by the standard deviation, not by the variance.")
def by_the_variance(means, x, gamma, beta, root):
    return gamma * (x - Rational(sum(means), 3)) / root**2 + beta


@output.hint
def as_in_training():
    "The formula is that of training. Only where its two statistics come from has changed."

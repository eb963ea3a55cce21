"""The E-step in code, for data so far away that every density underflows."""

import numpy as np

from exercises.answers import Code
from exercises.core import Exercise

ex = Exercise(
    "An E-step that survives outliers",
    claims=["SU-2.71-alg", "SU-2.71"],
    level=2,
    prerequisites=["gmm.em_by_hand", "softmax.log_sum_exp"],
    minutes=20,
)


def inputs(rng):
    """One point, one component, points far from every component, unequal widths, a strided view."""
    k = 3
    weights = rng.dirichlet(np.ones(k))
    means, variances = rng.normal(size=k), rng.uniform(0.5, 2.0, size=k)
    return [
        (np.array([0.3]), np.array([0.25, 0.75]), np.array([-1.0, 1.0]), np.array([1.0, 1.0])),
        (rng.normal(size=4), np.array([1.0]), np.array([0.0]), np.array([2.0])),
        (np.array([60.0, -80.0, 500.0]), weights, means, variances),
        (rng.normal(size=10)[::2], weights, 3 * means, variances),
    ]


def _log_joint(x, weights, means, variances):
    gaps = x[:, None] - means
    return np.log(weights) - 0.5 * np.log(2 * np.pi * variances) - gaps**2 / (2 * variances)


def _softmax(scores):
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


PARAMETERS = ("x", "weights", "means", "variances")


@ex.part(points=4, answer=Code("e_step", inputs, parameters=PARAMETERS, rtol=1e-7, atol=1e-12))
def e_step():
    r"""`x` has the shape `(n,)`, the mixture's `weights`, `means` and `variances` have `(k,)`.
    Return the responsibilities, of shape `(n, k)`. A point may lie a hundred standard deviations
    from everything: its row must still add up to 1.
    """
    return lambda x, weights, means, variances: _softmax(_log_joint(x, weights, means, variances))


@e_step.mistake(credit=2, help="Far away each density is 0 to a computer: stay in logarithms.")
def underflows():
    def divided(x, weights, means, variances):
        joint = np.exp(_log_joint(x, weights, means, variances))
        with np.errstate(invalid="ignore"):
            return joint / joint.sum(axis=1, keepdims=True)

    return divided


@e_step.mistake(credit=1, help="A narrow bell is a tall one: its width stands in front of it, too.")
def height_forgotten():
    def without(x, weights, means, variances):
        return _softmax(np.log(weights) - (x[:, None] - means) ** 2 / (2 * variances))

    return without


@e_step.mistake(credit=1, help="The mixture's weights are missing.")
def weights_forgotten():
    def without(x, weights, means, variances):
        return _softmax(_log_joint(x, np.ones_like(weights), means, variances))

    return without


@e_step.hint
def a_softmax():
    "The responsibilities are a softmax. Of which scores?"

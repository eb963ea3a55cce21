"""The gradients of a batch normalisation with four examples, by hand."""

import numpy as np

from exercises.answers import Array
from exercises.core import Exercise

ex = Exercise(
    "Gradients that know their batch",
    claims=["SU-3.22a", "SU-3.22b", "SU-3.23d", "CO-bn-dbeta"],
    level=3,
    prerequisites=["batchnorm.by_hand"],
)


@ex.variant
def draw(v):
    signs = v.shuffled((-1, -1, 1, 1))
    # Each of the two gradients that are summed up must differ from 0, and they from one another.
    while True:
        above = tuple(v.integer(-4, 4) for _ in range(4))
        to_beta = sum(above)
        to_gamma = sum(g * s for g, s in zip(above, signs, strict=True))
        if to_beta and to_gamma and abs(to_beta) != abs(to_gamma) and len(set(above)) > 2:
            break
    return {
        "signs": signs,
        "above": above,
        "gamma": v.integer(2, 5),
        "deviation": v.choice((2, 4, 8)),
        "signs_tex": ", ".join(map(str, signs)),
        "above_tex": ", ".join(map(str, above)),
    }


def _to_parameters(signs, above):
    x, g = np.array(signs, dtype=float), np.array(above, dtype=float)
    return np.array([g @ x, g.sum()])


@ex.part(points=2, answer=Array("batchnorm_parameter_gradient"))
def parameters(signs, above):
    r"""A feature has been normalised to $\hat x = ({{ signs_tex }})$ over a batch of four, and
    $y = \gamma \hat x + \beta$. From above arrives $\partial L / \partial y = ({{ above_tex }})$.
    Give the derivatives of $L$ with respect to $\gamma$ and $\beta$, in this order.
    """
    return _to_parameters(signs, above)


@parameters.mistake(credit=1, help="All four examples share the two numbers: sum, do not average.")
def averaged(signs, above):
    return _to_parameters(signs, above) / 4


@parameters.mistake(credit=1, help="Right numbers, wrong order: which one multiplies the input?")
def swapped(signs, above):
    return _to_parameters(signs, above)[::-1]


@parameters.hint
def shared_numbers():
    "Each example gives its own derivative. What happens to the derivatives of a shared number?"


@ex.part(points=4, answer=Array("batchnorm_input_gradient"))
def to_input(signs, above, gamma, deviation):
    r"""In this layer $\gamma = {{ gamma }}$, and the batch had the standard deviation
    $\sigma = {{ deviation }}$ (take $\epsilon = 0$). Give the derivatives of $L$ with respect to
    the four inputs $x$.
    """
    x, g = np.array(signs, dtype=float), np.array(above, dtype=float)
    to_gamma, to_beta = _to_parameters(signs, above)
    return gamma / deviation * (g - to_beta / 4 - x * to_gamma / 4)


@to_input.mistake(credit=1, help="Each input moves the mean and the variance of the batch, too.")
def constant_statistics(above, gamma, deviation):
    return gamma / deviation * np.array(above, dtype=float)


@to_input.mistake(credit=2, help="The mean is taken care of. The variance moves with x as well.")
def constant_variance(above, gamma, deviation):
    g = np.array(above, dtype=float)
    return gamma / deviation * (g - g.mean())


@to_input.hint
def orthogonal():
    "The result has no part along (1, 1, 1, 1) and none along the normalised values. Why?"

"""Adam in code: from a start and a list of gradients to the end."""

import numpy as np

from exercises.answers import Code
from exercises.core import Exercise
from impl.optimizers import Adam, Momentum

ex = Exercise(
    "Write your own Adam",
    claims=["CO-adam", "CO-adam-acorr", "CO-momentum"],
    level=2,
    prerequisites=["optimizers.adam_steps"],
)
RATE, BETA_1, BETA_2, GAMMA = 0.01, 0.9, 0.999, 1e-7


def inputs(rng):
    """One step, one number, many steps, a gradient of zero, tiny and large ones, a strided view."""
    return [
        (np.array([1.0]), np.array([[2.0]])),
        (rng.normal(size=3), rng.normal(size=(1, 3))),
        (rng.normal(size=1), rng.normal(size=(6, 1))),
        (rng.normal(size=2), np.array([[0.0, 1.0], [0.0, -1.0], [3.0, 0.0]])),
        (rng.normal(size=2), rng.normal(size=(5, 2)) * np.array([1e-4, 1e4])),
        (rng.normal(size=6)[::2], rng.normal(size=(40, 6))[::2, ::2]),
    ]


def _run(optimizer, theta, gradients):
    theta = np.array(theta, dtype=float)
    for g in gradients:
        optimizer.step([theta], [g])
    return theta


def _adam(theta, gradients):
    return _run(Adam(RATE, BETA_1, BETA_2, GAMMA), theta, gradients)


@ex.part(points=2, answer=Code("momentum_run", inputs, parameters=("theta", "gradients")))
def momentum():
    r"""Warm up with momentum. `theta` has shape `(d,)`, and row $t$ of `gradients`, of shape
    `(T, d)`, is the gradient of step $t$. From $v = 0$, each step is $v \leftarrow 0.9 v - 0.01 g$
    and then $\theta \leftarrow \theta + v$. Return $\theta$ after the last step, and leave the
    array that you were given as it is.
    """
    return lambda theta, gradients: _run(Momentum(RATE, BETA_1), theta, gradients)


@momentum.mistake(credit=1, help="This is plain descent: the velocity is not carried over.")
def no_velocity():
    return lambda theta, gradients: theta - RATE * gradients.sum(axis=0)


@momentum.hint
def two_arrays():
    "You need one array for the velocity, besides a copy of theta."


@ex.part(
    points=4,
    answer=Code("adam_run", inputs, rtol=1e-8, atol=1e-10, parameters=("theta", "gradients")),
)
def adam():
    r"""The same with Adam. From $v = a = 0$, step $t = 1, 2, \dots$ is
    $v \leftarrow 0.9 v + 0.1 g$ and $a \leftarrow 0.999 a + 0.001 g^2$, then
    $\tilde v = v / (1 - 0.9^t)$ and $\tilde a = a / (1 - 0.999^t)$, and last
    $\theta \leftarrow \theta - 0.01\, \tilde v / (\sqrt{\tilde a} + 10^{-7})$, entry by entry.
    """
    return _adam


@adam.mistake(credit=2, help="The first steps come out too long: the correction is missing.")
def no_correction():
    def run(theta, gradients):
        return _run(Adam(RATE, BETA_1, BETA_2, GAMMA, bias_correction=False), theta, gradients)

    return run


@adam.mistake(credit=2, help="Correct copies: the means themselves go on uncorrected.")
def corrected_in_place():
    def run(theta, gradients):
        theta, v, a = np.array(theta), np.zeros(len(theta)), np.zeros(len(theta))
        for t, g in enumerate(gradients, start=1):
            v = (BETA_1 * v + (1 - BETA_1) * g) / (1 - BETA_1**t)
            a = (BETA_2 * a + (1 - BETA_2) * g * g) / (1 - BETA_2**t)
            theta -= RATE * v / (np.sqrt(a) + GAMMA)
        return theta

    return run


@adam.mistake(credit=2, help="Steps are counted from 1; the correction lags one step behind.")
def counted_too_late():
    def run(theta, gradients):
        theta, v, a = np.array(theta), np.zeros(len(theta)), np.zeros(len(theta))
        for t, g in enumerate(gradients):
            v, a = BETA_1 * v + (1 - BETA_1) * g, BETA_2 * a + (1 - BETA_2) * g * g
            s = max(t, 1)
            root = np.sqrt(a / (1 - BETA_2**s)) + GAMMA
            theta -= RATE * v / (1 - BETA_1**s) / root
        return theta

    return run


@adam.hint
def first_step_known():
    "Test it on a single gradient: whatever its size, the first step has length 0.01."

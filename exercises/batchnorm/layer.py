"""Batch normalisation in code, forward and backward."""

import numpy as np

from exercises.answers import Code, Gradient, Growth
from exercises.core import Exercise
from impl.layers.batchnorm import batch_norm as reference

ex = Exercise(
    "Batch normalisation, there and back",
    claims=["SU-3.21-alg", "SU-3.20", "SU-3.23d", "SU-3.23c", "CO-bn-dvar-dx"],
    level=3,
    prerequisites=["batchnorm.by_hand"],
)
EPSILON = 1e-5


def inputs(rng):
    """Two examples, many, one feature, a feature far from zero, and a strided view."""
    drawn = []
    for n, d in ((2, 1), (3, 2), (8, 3), (5, 1)):
        drawn.append((rng.normal(1.0, 2.0, size=(n, d)), rng.normal(size=d), rng.normal(size=d)))
    far = rng.normal(size=(6, 2)) + np.array([0.0, 1000.0])
    drawn.append((far, np.array([1.0, 2.0]), np.zeros(2)))
    drawn.append((rng.normal(size=(7, 6))[:, ::2], rng.normal(size=3), rng.normal(size=3)))
    return drawn


def inputs_with_a_constant(rng):
    """The same, and a feature that is equal in all examples."""
    x = rng.normal(size=(4, 2))
    x[:, 1] = 3.0
    return [*inputs(rng), (x, np.array([2.0, 2.0]), np.array([0.5, -0.5]))]


def many_features(rng, n):
    """So many features of a few examples."""
    return rng.normal(size=(4, n)), rng.normal(size=n), rng.normal(size=n)


PARAMETERS = ("x", "gamma", "beta")
FEATURES = Growth(many_features, factor=20, over="features")


@ex.part(
    points=3,
    answer=Code(
        "batch_norm",
        inputs_with_a_constant,
        rtol=1e-6,
        atol=1e-9,
        parameters=PARAMETERS,
        growth=FEATURES,
    ),
)
def forward():
    r"""`x` has shape `(n, d)`: $n$ examples of $d$ features. Normalise every **feature** over the
    batch and return $\gamma \hat x + \beta$ with
    $\hat x = (x - \mu) / \sqrt{\sigma^2 + \epsilon}$, $\epsilon = 10^{-5}$ and the variance
    divided by $n$. `gamma` and `beta` have shape `(d,)`. Do not change `x` in place. A loop over
    the features costs half of the points.
    """
    return lambda x, gamma, beta: reference(x, gamma, beta, epsilon=EPSILON)


@forward.mistake(credit=1, help="One feature is averaged over the examples, not the reverse.")
def wrong_axis():
    def over_features(x, gamma, beta):
        mean, variance = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
        return gamma * (x - mean) / np.sqrt(variance + EPSILON) + beta

    return over_features


@forward.mistake(credit=2, help="Divide the sum of squares by n: this is the unbiased variance.")
def unbiased_variance():
    def unbiased(x, gamma, beta):
        variance = x.var(axis=0, ddof=1)
        return gamma * (x - x.mean(axis=0)) / np.sqrt(variance + EPSILON) + beta

    return unbiased


@forward.mistake(credit=2, help="Where does epsilon stand: inside the root or outside?")
def epsilon_outside():
    def outside(x, gamma, beta):
        return gamma * (x - x.mean(axis=0)) / (x.std(axis=0) + EPSILON) + beta

    return outside


@forward.hint
def axes():
    "A mean over the batch has one entry per feature. Along which axis do you take it?"


@ex.part(
    points=5,
    answer=Gradient(
        "batch_norm_gradient", "batch_norm", inputs, rtol=1e-5, atol=1e-7, parameters=PARAMETERS
    ),
)
def backward():
    r"""Compute the gradient with respect to `x`, of shape `(n, d)`, given the `gradient` from
    above. Mind that each example also moves the mean and the variance of all.
    """
    return lambda x, gamma, beta, gradient: reference.backward(
        x, gamma, beta, gradient, epsilon=EPSILON
    )[0]


@backward.mistake(
    credit=1, help="This treats the mean and the variance as constants, as at inference."
)
def constant_statistics():
    return lambda x, gamma, beta, gradient: gamma * gradient / np.sqrt(x.var(axis=0) + EPSILON)


@backward.mistake(credit=3, help="The path through the mean is there; that of the variance is not.")
def constant_variance():
    return lambda x, gamma, beta, gradient: (
        gamma * (gradient - gradient.mean(axis=0)) / np.sqrt(x.var(axis=0) + EPSILON)
    )


@backward.hint
def three_paths():
    "An entry reaches the loss directly, through the mean and through the variance: three terms."


@backward.hint
def what_is_subtracted():
    "A shift of the whole feature changes nothing, nor does a stretch: two parts must go."

"""Steps of the solvers of logistic regression that need nothing of the model."""

from __future__ import annotations

from impl.activations import sigmoid
from impl.core import Array
from impl.logistic.log_loss import LogLoss


def few_newton_steps(sample: LogLoss, theta: Array) -> Array:
    """About the best theta for some examples; the start where the sample is separable."""
    start = theta
    loss, gradient, weights = sample.with_weights(theta)
    for _ in range(8):
        step = sample.newton_step(gradient, weights)
        reached = sample.with_weights(theta + step)
        decrease = loss - reached[0]
        if not decrease > 0:
            break
        theta = theta + step
        loss, gradient, weights = reached
        # The whole's best theta is about d / 2 from the sample's, so more digits say nothing.
        if decrease < 0.05 * theta.size:
            break
    return start if sample.separated_by(theta) else theta


def sgd_pass(
    X: Array,
    positive: Array,
    order: Array,
    theta: Array,
    rate: float,
    shrink: float,
    constant: bool,
) -> None:
    """Change theta by one step for each example, in the given order. Source: SU-2.17."""
    for i in order:
        score = float(X[i] @ theta[:-1] + theta[-1])
        step = rate * (float(positive[i]) - float(sigmoid(score)))
        theta[:-1] *= shrink
        theta[:-1] += step * X[i]
        if constant:
            theta[-1] += step

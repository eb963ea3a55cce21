"""Starting weights: exact variances of uniform bounds, sampled ones within their standard error."""

import math

import numpy as np
import pytest

from impl.activations import relu
from impl.core import ShapeError
from impl.initialization import fans, gaussian, he, lecun, xavier, zeros
from impl.printed.initialization import scaled_gaussian

CASES = [
    (lecun, {}, 1 / 90),
    (xavier, {}, 2 / (90 + 450)),
    (he, {}, 2 / 90),
    (he, {"mode": "fan_out"}, 2 / 450),
]
SHAPE = (50, 10, 3, 3)


def rng(seed=0):
    return np.random.default_rng(seed)


def test_fans():
    assert fans((3, 4)) == (4, 3)
    assert fans(SHAPE) == (90, 450)
    assert fans((8, 2, 5)) == (10, 40)
    for wrong in [(), (3,), (0, 4), (3, 4, 0)]:
        with pytest.raises(ShapeError, match="fans: shape"):
            fans(wrong)


def test_the_course_example_of_four_inputs_and_three_outputs():
    # CO-xavier-example: 1/4, 1/3, or 2/7.
    fan_in, fan_out = fans((3, 4))
    assert (1 / fan_in, 1 / fan_out, 2 / (fan_in + fan_out)) == (1 / 4, 1 / 3, 2 / 7)


@pytest.mark.parametrize(("start", "options", "variance"), CASES)
@pytest.mark.parametrize("distribution", ["normal", "uniform"])
def test_variance_and_mean(start, options, variance, distribution):
    w = np.stack([start(SHAPE, rng(s), distribution, **options) for s in range(20)])
    n, kurtosis = w.size, 3 if distribution == "normal" else 1.8
    assert w.shape[1:] == SHAPE
    assert abs(w.mean()) < 5 * math.sqrt(variance / n)
    assert abs(w.var() - variance) < 5 * variance * math.sqrt((kurtosis - 1) / n)


def test_uniform_weights_stay_within_their_bound():
    # SU-3.36-unif: sqrt(6 / (n_in + n_out)).
    w = xavier((200, 100), rng(), "uniform")
    bound = math.sqrt(6 / 300)
    assert np.abs(w).max() <= bound
    assert np.abs(w).max() > 0.99 * bound


def test_types_and_seeds():
    assert he((2, 3), rng(), dtype=np.float32).dtype == np.float32
    np.testing.assert_array_equal(he((2, 3), rng(5)), he((2, 3), rng(5)))
    assert zeros((2, 3)).tolist() == [[0, 0, 0]] * 2
    assert np.all(gaussian((4, 4), rng(), sd=0.0) == 0)
    assert gaussian((300, 300), rng(), sd=2.0).std() == pytest.approx(2.0, rel=0.02)


def test_refusals():
    with pytest.raises(ValueError, match="sd must not be negative; got -1"):
        gaussian((2, 2), rng(), sd=-1)
    with pytest.raises(ValueError, match="distribution must be"):
        xavier((2, 2), rng(), "cauchy")
    with pytest.raises(ValueError, match="mode must be"):
        he((2, 2), rng(), mode="fan_avg")


def depth_variance(start, activation, layers=20, width=300):
    generator = rng(1)
    x = generator.normal(size=(200, width))
    for _ in range(layers):
        x = activation(x @ start((width, width), generator).T)
    return np.mean(x**2)


def test_he_keeps_a_relu_network_alive_and_xavier_does_not():
    assert 0.3 < depth_variance(he, relu) < 3
    assert depth_variance(xavier, relu) < 1e-4  # halved in each of 20 layers: 2^-20
    assert 0.3 < depth_variance(xavier, lambda x: x) < 3


def test_the_printed_gaussian_saturates_and_the_right_one_does_not():
    n = 50
    inputs = np.ones(n)
    printed = scaled_gaussian(n, 4000, rng()) @ inputs
    right = lecun((4000, n), rng()) @ inputs
    assert printed.std() == pytest.approx(n, rel=0.1)
    assert right.std() == pytest.approx(1, rel=0.1)

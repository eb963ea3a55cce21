"""Losses against numbers worked out by hand, closed forms and scipy."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from impl.core import ShapeError
from impl.losses import (
    absolute_error,
    binary_cross_entropy,
    distribution_cross_entropy,
    entropy,
    half_squared_error,
    hinge,
    huber,
    kl_divergence,
    smoothed_cross_entropy,
    squared_error,
)
from impl.matrix_calculus import check_op
from impl.regularization import smooth_labels
from impl.softmax import cross_entropy

RNG = np.random.default_rng(3)


def test_the_notes_example_of_a_squared_error():
    assert squared_error(np.array(0.88), np.array(1.0)) == pytest.approx(0.0144)
    assert half_squared_error(np.array(3.0), np.array(1.0)) == 2.0


@pytest.mark.parametrize("loss", [squared_error, half_squared_error, absolute_error, huber])
def test_nothing_is_broadcast(loss):
    with pytest.raises(ShapeError, match="one shape"):
        loss(np.zeros(3), np.zeros((3, 1)))


def test_huber_is_quadratic_inside_and_linear_outside():
    values = huber(np.array([0.5, -2.0, 5.0, 1e200]), np.zeros(4), delta=2.0)
    np.testing.assert_allclose(values, [0.125, 2.0, 8.0, 2e200])
    x = RNG.normal(size=50) * 3
    np.testing.assert_allclose(huber(x, np.zeros(50), 0.7), special.huber(0.7, x))
    with pytest.raises(ValueError, match="delta must be positive"):
        huber(x, x, 0.0)


def test_absolute_error_has_slope_zero_where_equal():
    to_prediction, to_target = absolute_error.backward([1.0, 2.0], [1.0, 5.0], gradient=1.0)
    assert to_prediction.tolist() == [0.0, -1.0]
    assert to_target.tolist() == [0.0, 1.0]


@given(st.floats(-700, 700), st.floats(0, 1))
def test_binary_cross_entropy_is_two_logaddexp(z, y):
    expected = y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)
    assert binary_cross_entropy(np.array(z), np.array(y)) == pytest.approx(expected, rel=1e-13)


def test_binary_cross_entropy_at_extremes():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        z = np.array([1e300, -1e300, 1e300, -1e300])
        y = np.array([1.0, 0.0, 0.0, 1.0])
        assert binary_cross_entropy(z, y).tolist() == [0.0, 0.0, 1e300, 1e300]
        np.testing.assert_array_equal(
            binary_cross_entropy.backward(z, y, gradient=np.ones(4)), [0, 0, 1, -1]
        )
    # A target near 1 keeps the digits of 1 - y, which z - z y would lose.
    almost = 1 - 3 * 2.0**-50
    assert binary_cross_entropy(np.array(700.3), np.array(almost)) == pytest.approx(
        700.3 * 3 * 2.0**-50, rel=1e-14, abs=0
    )
    # A logit of -40 keeps its 17 digits; 1 - sigma(40) would have been rounded to 0.
    assert binary_cross_entropy(np.array(-40.0), np.array(0.0)) == pytest.approx(
        math.exp(-40), rel=1e-14, abs=0
    )


def test_binary_cross_entropy_refuses_targets_outside():
    with pytest.raises(ValueError, match="between 0 and 1"):
        binary_cross_entropy(np.zeros(2), np.array([0.0, 1.5]))
    with pytest.raises(ValueError, match="between 0 and 1"):
        binary_cross_entropy(np.zeros(1), np.array([np.nan]))


def test_hinge():
    assert hinge(np.array([2.0, 0.5, -1.0, 1.0]), np.array([1, 1, 1, -1])).tolist() == [
        0,
        0.5,
        2,
        2,
    ]
    with pytest.raises(ValueError, match="-1 or 1"):
        hinge(np.zeros(2), np.array([0, 1]))


@pytest.mark.parametrize(
    ("p", "q", "printed"),
    [
        ((0.3, 0.7), (0.7, 0.3), 0.949),
        ((0.3, 0.7), (0.3, 0.7), 0.610),
        ((1.0, 0.0), (0.3, 0.7), 1.203),
        ((1.0, 0.0), (0.9, 0.1), 0.105),
    ],
)
def test_the_notes_cross_entropies(p, q, printed):
    value = distribution_cross_entropy(np.array(p), np.array(q))
    assert abs(value - printed) < 0.001


def test_entropy_and_divergence_against_scipy():
    p, q = RNG.dirichlet(np.ones(5), 20), RNG.dirichlet(np.ones(5), 20)
    np.testing.assert_allclose(entropy(p), stats.entropy(p, axis=1))
    np.testing.assert_allclose(kl_divergence(p, q), stats.entropy(p, q, axis=1), rtol=1e-10)
    np.testing.assert_allclose(
        distribution_cross_entropy(p, q), entropy(p) + kl_divergence(p, q), rtol=1e-12
    )


def test_zeros_in_distributions():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert entropy(np.array([1.0, 0.0])) == 0
        assert kl_divergence(np.array([0.5, 0.5]), np.array([1.0, 0.0])) == np.inf
        assert kl_divergence(np.array([1.0, 0.0]), np.array([1.0, 0.0])) == 0
        assert entropy.backward(np.array([1.0, 0.0]), gradient=1.0).tolist() == [-1, np.inf]
    with pytest.raises(ValueError, match="negative"):
        entropy(np.array([1.5, -0.5]))
    with pytest.raises(ValueError, match="NaN"):
        entropy(np.array([0.5, np.nan]))


@given(st.lists(st.floats(0.01, 1), min_size=2, max_size=6), st.randoms())
def test_divergence_is_not_negative(weights, random):
    p = np.array(weights) / sum(weights)
    shuffled = list(weights)
    random.shuffle(shuffled)
    q = np.array(shuffled) / sum(weights)
    assert kl_divergence(p, q) >= -1e-12


def test_smoothed_cross_entropy():
    z, labels = RNG.normal(size=(4, 3)), np.array([0, 2, 1, 1])
    by_hand = [
        -(0.8 * s[k] + 0.1 * (s.sum() - s[k]))
        for s, k in zip(special.log_softmax(z, axis=1), labels, strict=True)
    ]
    np.testing.assert_allclose(smoothed_cross_entropy(z, labels, amount=0.2), by_hand)
    np.testing.assert_array_equal(
        smoothed_cross_entropy(z, labels, amount=0.0), cross_entropy(z, labels)
    )
    for check in check_op(smoothed_cross_entropy, z, labels, amount=0.3).values():
        assert check.passed


def test_the_notes_smoothed_labels():
    row = smooth_labels(3, classes=10, amount=0.1)
    assert row[3] == 0.9
    assert np.round(np.delete(row, 3), 3).tolist() == [0.011] * 9
    assert row.sum() == pytest.approx(1)

"""Penalties: proximal steps against brute force, subgradients against their inequality."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from impl.core import ShapeError
from impl.printed.regularization import l1_update_with_constant, l1_update_with_decay
from impl.regularization import (
    EarlyStopping,
    l0,
    l1,
    l1_subdifferential,
    l2,
    prox_l0,
    prox_l1,
    prox_l2,
    smooth_labels,
    sparsifying_step,
    squared_norm,
    weight_decay_step,
)

NUMBERS = st.floats(-5, 5).map(lambda v: 0.0 if abs(v) < 1e-6 else v)


def test_values():
    w = np.array([[3.0, 0.0], [-4.0, 0.0]])
    assert (l0(w), l1(w), l2(w), squared_norm(w)) == (2, 7, 12.5, 25)
    assert (l0([]), l1(np.zeros(0)), l2(np.zeros(0))) == (0, 0, 0)
    np.testing.assert_array_equal(l2.backward(w, gradient=2.0), 2 * w)
    np.testing.assert_array_equal(squared_norm.backward(w, gradient=1.0), 2 * w)
    assert l1.backward(w, gradient=1.0).tolist() == [[1, 0], [-1, 0]]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_penalties_of_many_weights(dtype):
    w = np.random.default_rng(0).normal(size=(333, 301)).astype(dtype)
    for same in (w, np.asfortranarray(w), np.repeat(w, 2, axis=1)[:, ::2]):
        found = l1(same), l2(same), squared_norm(same)
        exact = w.astype(float).ravel().tolist()
        squares = math.fsum(v * v for v in exact)
        wanted = math.fsum(map(abs, exact)), squares / 2, squares
        assert found == pytest.approx(wanted, rel=20 * float(np.finfo(dtype).eps))
        assert all(value.dtype == dtype for value in found)


@given(st.lists(NUMBERS, min_size=1, max_size=4), st.lists(NUMBERS, min_size=4, max_size=4))
def test_every_subgradient_lies_under_the_norm(w, v):
    w, v = np.array(w), np.array(v[: len(w)])
    for s in l1_subdifferential(w):
        assert l1(v) >= l1(w) + s @ (v - w) - 1e-9


def test_the_subdifferential_is_an_interval_at_zero():
    low, high = l1_subdifferential(np.array([2.0, 0.0, -1.0]))
    assert low.tolist() == [1, -1, -1]
    assert high.tolist() == [1, 1, -1]


@pytest.mark.parametrize(
    ("prox", "penalty"),
    [(prox_l0, lambda w: w != 0), (prox_l1, np.abs), (prox_l2, lambda w: w**2 / 2)],
)
@given(v=NUMBERS, strength=st.floats(0, 4))
def test_proximal_steps_minimise(prox, penalty, v, strength):
    grid = np.append(np.linspace(-6, 6, 4001), [0.0, v])
    objective = lambda w: (w - v) ** 2 / 2 + strength * penalty(w)  # noqa: E731
    found = prox(np.array([v]), strength)
    assert objective(found)[0] <= objective(grid).min() + 1e-9


def test_proximal_steps_refuse_negative_strengths():
    for prox in (prox_l0, prox_l1, prox_l2):
        with pytest.raises(ValueError, match="strength must not be negative"):
            prox([1.0], -0.1)


def test_updates_and_the_printed_ones():
    w, g = np.array([2.0, -2.0, 0.5]), np.zeros(3)
    np.testing.assert_allclose(weight_decay_step(w, g, 0.1, 0.5), 0.95 * w)
    np.testing.assert_allclose(sparsifying_step(w, g, 0.1, 0.5), [1.95, -1.95, 0.45])
    # The printed rules: one is weight decay under another name, one pushes -2 away from 0.
    np.testing.assert_allclose(l1_update_with_decay(w, g, 0.1, 0.5), 0.95 * w)
    np.testing.assert_allclose(l1_update_with_constant(w, g, 0.1, 0.5), [1.95, -2.05, 0.45])


def test_smoothed_labels():
    np.testing.assert_allclose(smooth_labels([1, 0], 3, 0.2), [[0.1, 0.8, 0.1], [0.8, 0.1, 0.1]])
    assert smooth_labels(np.zeros(0, int), 2).shape == (0, 2)
    np.testing.assert_array_equal(smooth_labels([2], 3, 0.0), [[0, 0, 1]])
    with pytest.raises(ValueError, match="labels go from 0 to 2; got 0 to 3"):
        smooth_labels([0, 3], 3)
    with pytest.raises(ValueError, match="amount"):
        smooth_labels([0], 3, 1.0)
    with pytest.raises(ValueError, match="classes must be at least 2"):
        smooth_labels([0], 1)
    with pytest.raises(ShapeError, match="whole numbers"):
        smooth_labels([0.5], 3)


def test_early_stopping_keeps_the_best():
    stopping = EarlyStopping(patience=2)
    weights = np.array([1.0])
    said = []
    for loss in [3.0, 2.0, 2.5, 1.0, 1.5, 1.0]:
        said.append(stopping.update(loss, [weights]))
        weights += 1
    assert said == [False, False, False, False, False, True]
    assert (stopping.best_, stopping.best_step_) == (1.0, 3)
    assert stopping.best_parameters_[0].tolist() == [4.0]  # a copy, not the array that went on


def test_early_stopping_needs_real_improvement():
    stopping = EarlyStopping(patience=1, min_delta=0.5)
    assert [stopping.update(x) for x in (2.0, 1.4, 1.0)] == [False, False, True]
    nan = EarlyStopping(patience=2)
    assert [nan.update(np.nan), nan.update(np.nan)] == [False, True]
    for wrong in ({"patience": 0}, {"min_delta": -1.0}):
        with pytest.raises(ValueError, match="EarlyStopping"):
            EarlyStopping(**wrong)

"""Optimizers against their formulas written out step by step, and on quadratics."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from impl.core import ShapeError
from impl.optimizers import (
    SGD,
    AdaGrad,
    Adam,
    Momentum,
    Nesterov,
    Newton,
    RMSProp,
    RMSPropMomentum,
    clip_by_norm,
    clip_by_value,
    cosine_decay,
    descend,
    exponential_decay,
    inverse_time_decay,
    step_decay,
    warmup,
)
from impl.optimizers import adam as adam_module
from impl.printed.optimizers import RMSPropMomentumPrinted

EVERY = [SGD, Momentum, Nesterov, AdaGrad, RMSProp, RMSPropMomentum, Adam]
GRADIENTS = [2.0, -1.0, 0.5, 3.0]


def run(optimizer, gradients=GRADIENTS, start=1.0):
    theta = np.array([start])
    for g in gradients:
        optimizer.step([theta], [np.array([g])])
    return theta[0]


def test_sgd():
    assert run(SGD(0.1)) == pytest.approx(1 - 0.1 * sum(GRADIENTS))


def test_gradient_descent_on_the_square_of_the_notes():
    # f(x) = x^2 from -2 with rate 0.1: each step multiplies by 0.8.
    trace = descend(lambda x: 2 * x, -2.0, SGD(0.1), 10)
    np.testing.assert_allclose(trace, -2 * 0.8 ** np.arange(11))
    stopped = descend(lambda x: 2 * x, 2.0, SGD(0.1), 1000, tolerance=1e-3)
    # |x_{n+1} - x_n| = 0.4 * 0.8^n first falls to 0.001 at n = 27.
    assert len(stopped) == 29


def test_momentum_unrolled():
    # v_4 = -epsilon (alpha^3 g_1 + alpha^2 g_2 + alpha g_3 + g_4)
    g, alpha, rate = GRADIENTS, 0.9, 0.1
    v = [-rate * sum(alpha ** (k - i) * g[i] for i in range(k + 1)) for k in range(4)]
    assert run(Momentum(rate, alpha)) == pytest.approx(1 + sum(v))
    assert run(Momentum(rate, 0.0)) == pytest.approx(run(SGD(rate)))


def test_nesterov_looks_ahead():
    theta, v, alpha, rate = 1.0, 0.0, 0.8, 0.05
    for _ in range(6):
        v = alpha * v - rate * 2 * (theta + alpha * v)
        theta += v
    trace = descend(lambda x: 2 * x, 1.0, Nesterov(rate, alpha), 6)
    assert trace[-1] == pytest.approx(theta)


def test_adagrad_and_rmsprop():
    theta, a = 1.0, 0.0
    for g in GRADIENTS:
        a += g * g
        theta -= 0.1 * g / (math.sqrt(a) + 1e-7)
    assert run(AdaGrad(0.1)) == pytest.approx(theta, rel=1e-14)
    theta, a, v, moving = 1.0, 0.0, 0.0, 1.0
    for g in GRADIENTS:
        a = 0.8 * a + 0.2 * g * g
        theta -= 0.1 * g / (math.sqrt(a) + 1e-3)
        v = 0.7 * v - 0.1 * g / (math.sqrt(a) + 1e-3)
        moving += v
    assert run(RMSProp(0.1, 0.8, 1e-3)) == pytest.approx(theta, rel=1e-14)
    assert run(RMSPropMomentum(0.1, 0.8, 0.7, 1e-3)) == pytest.approx(moving, rel=1e-14)


@pytest.mark.parametrize("correct", [True, False])
def test_adam(correct):
    theta, v, a = 1.0, 0.0, 0.0
    for t, g in enumerate(GRADIENTS, start=1):
        v = 0.9 * v + 0.1 * g
        a = 0.99 * a + 0.01 * g * g
        v_t, a_t = (v / (1 - 0.9**t), a / (1 - 0.99**t)) if correct else (v, a)
        theta -= 0.1 * v_t / (math.sqrt(a_t) + 1e-7)
    found = run(Adam(0.1, 0.9, 0.99, bias_correction=correct))
    assert found == pytest.approx(theta, rel=1e-13)


@given(st.floats(1e-3, 1e3), st.sampled_from([-1, 1]))
def test_the_first_step_of_adam(size, sign):
    first = run(Adam(0.1), [sign * size], 0.0)
    assert first == pytest.approx(-0.1 * sign, rel=1e-3)
    # Without the correction: (1 - 0.9) / sqrt(1 - 0.999) = 3.16 times as long.
    plain = run(Adam(0.1, gamma=0.0, bias_correction=False), [sign * size], 0.0)
    assert plain / first == pytest.approx(0.1 / math.sqrt(0.001), rel=1e-3)


def test_adam_without_memory():
    assert run(Adam(0.1, 0.0, 0.0, gamma=0.0)) == pytest.approx(1 - 0.1 * 2)  # signs 1 -1 1 1
    with pytest.raises(ValueError, match="below 1"):
        Adam(0.1, beta_1=1.0)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_compiled_step_of_adam(dtype, monkeypatch):
    pytest.importorskip("numba", reason="the compiled kernels need numba")
    from impl._kernels import layers as loops

    results = []
    for used in (None, loops):
        monkeypatch.setattr(adam_module, "kernels", lambda *_, used=used: used)
        optimizer = Adam(0.01)
        theta = np.linspace(-1, 1, 77, dtype=dtype).reshape(7, 11)
        for k in range(4):
            optimizer.step([theta], [np.cos(k + theta)])
        results.append(theta)
    np.testing.assert_allclose(*results, rtol=1e-5 if dtype == np.float32 else 1e-13)


@pytest.mark.parametrize("make", EVERY)
def test_all_of_them_find_the_bottom(make):
    scale = np.array([1.0, 10.0])
    rate = {SGD: 0.05, Momentum: 0.02, Nesterov: 0.02, AdaGrad: 0.5}.get(make, 0.01)
    trace = descend(lambda x: scale * (x - 3), np.zeros(2), make(rate), 2000)
    np.testing.assert_allclose(trace[-1], 3, atol=0.02)
    assert trace.shape[1:] == (2,)


@pytest.mark.parametrize("make", EVERY)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_parameters_change_in_place_and_keep_their_type(make, dtype):
    theta, fortran = np.ones(3, dtype), np.asfortranarray(np.ones((2, 3), dtype))
    optimizer, held = make(0.1), theta
    g = [np.ones(3), np.ones((2, 3), int)]
    for _ in range(3):
        optimizer.step([theta, fortran], g)
    assert held is theta
    assert theta.dtype == fortran.dtype == dtype
    assert (theta < 1).all()
    np.testing.assert_allclose(fortran, theta[0])
    assert g[0].tolist() == [1, 1, 1]
    assert optimizer.t_ == 3


@pytest.mark.parametrize("make", EVERY)
def test_optimizers_refuse(make):
    with pytest.raises(ValueError, match="learning_rate must be positive; got -1"):
        make(-1)
    with pytest.raises(ShapeError, match="parameters' shapes"):
        make(0.1).step([np.ones(3)], [np.ones(2)])
    with pytest.raises(ShapeError, match="parameters' shapes"):
        make(0.1).step([np.ones(3)], [])
    with pytest.raises(TypeError, match="floats"):
        make(0.1).step([np.ones(3, int)], [np.ones(3)])
    optimizer = make(0.1)
    optimizer.step([np.ones(3)], [np.ones(3)])
    with pytest.raises(ShapeError, match="changed"):
        optimizer.step([np.ones(3), np.ones(2)], [np.ones(3), np.ones(2)])
    make(0.1).step([], [])


def test_the_printed_rmsprop_with_momentum_goes_astray():
    gradient = lambda x: 2 * x  # noqa: E731
    right = descend(gradient, 1.0, RMSPropMomentum(0.01), 500)
    printed = descend(gradient, 1.0, RMSPropMomentumPrinted(0.01), 500)
    assert abs(right[-1]) < 0.05
    assert np.abs(printed).max() > 1.5 or not np.isfinite(printed).all()
    still = np.zeros(1)
    RMSPropMomentumPrinted(0.01).step([still], [np.zeros(1)])
    assert np.isnan(still).all()
    RMSPropMomentum(0.01).step([ok := np.zeros(1)], [np.zeros(1)])
    assert ok == 0


def test_newton_reaches_the_bottom_of_a_quadratic_in_one_step():
    h = np.array([[2.0, 0.5, 0], [0.5, 3, 1], [0, 1, 4]])
    bottom = np.array([1.0, -2.0, 0.5])
    a, b = np.zeros(2), np.zeros((1, 1))
    g = h @ (0 - bottom)
    Newton().step([a, b], [g[:2], g[2:].reshape(1, 1)], h)
    np.testing.assert_allclose([*a, b[0, 0]], bottom)


def test_newton_refuses_and_is_damped():
    theta = np.ones(2)
    with pytest.raises(ValueError, match="singular"):
        Newton().step([theta], [np.ones(2)], np.zeros((2, 2)))
    Newton(damping=2.0).step([theta], [np.ones(2)], np.zeros((2, 2)))
    np.testing.assert_allclose(theta, 0.5)
    with pytest.raises(ShapeError, match="hessian must have shape"):
        Newton().step([theta], [np.ones(2)], np.eye(3))
    with pytest.raises(ValueError, match="damping"):
        Newton(damping=-1.0)


def test_clipping():
    g = [np.array([3.0]), np.array([[4.0]])]
    clipped = clip_by_norm(g, 1.0)
    assert [float(c.ravel()[0]) for c in clipped] == pytest.approx([0.6, 0.8])
    np.testing.assert_array_equal(clip_by_norm(g, 5.0)[0], g[0])
    np.testing.assert_allclose(clip_by_norm(g, 4.0)[1], [[3.2]])
    huge = clip_by_norm([np.array([3e200, 4e200])], 5.0)[0]
    np.testing.assert_allclose(huge, [3.0, 4.0])
    assert clip_by_norm([np.zeros(3)], 1.0)[0].tolist() == [0, 0, 0]
    assert clip_by_norm([], 1.0) == []
    assert np.isnan(clip_by_norm([np.array([np.nan, 1.0])], 1.0)[0][0])
    assert clip_by_value([np.array([-3.0, 0.5])], 1.0)[0].tolist() == [-1, 0.5]
    for clip in (clip_by_norm, clip_by_value):
        with pytest.raises(ValueError, match="limit must be positive"):
            clip(g, 0.0)


def test_schedules():
    assert [step_decay(1.0, 0.5, 3)(t) for t in (0, 2, 3, 6)] == [1, 1, 0.5, 0.25]
    assert exponential_decay(2.0, 0.5)(3) == 0.25
    assert inverse_time_decay(1.0, 0.5)(2) == 0.5
    assert [cosine_decay(1.0, 10, 0.2)(t) for t in (0, 5, 10, 99)] == pytest.approx(
        [1, 0.6, 0.2, 0.2]
    )
    assert [warmup(lambda t: 8.0, 4)(t) for t in (0, 1, 3, 9)] == [2, 4, 8, 8]
    with pytest.raises(ValueError, match="steps must be positive"):
        cosine_decay(1.0, 0)
    assert run(SGD(step_decay(1.0, 0.5, 1)), [1.0, 1.0, 1.0], 0.0) == -1.75

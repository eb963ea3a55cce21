"""Products of columns and passes of softmax and logistic regression, compiled and on NumPy."""

import sys

import numpy as np
import pytest

from impl import core
from impl._kernels.loading import kernels
from impl.linear import LinearRegression
from impl.linear.gram import cross_products
from impl.linear.least_squares import residual_triangle
from impl.logistic import log_loss
from impl.multinomial import MultinomialRegression, _Problem

NUMBA = core.has_numba()


@pytest.fixture
def rng():
    return np.random.default_rng(7)


@pytest.fixture(params=["compiled", "numpy"])
def backend(request, monkeypatch):
    """Either way to compute, whatever was loaded before."""
    if request.param == "compiled":
        if not NUMBA:
            pytest.skip("numba is not installed")
        for family in ("moments", "softmax", "linear"):
            assert kernels(family, 1e9) is not None
    else:
        monkeypatch.setattr(core, "has_numba", lambda: False)
        for family in ("moments", "softmax", "linear"):
            monkeypatch.delitem(sys.modules, f"impl._kernels.{family}", raising=False)
    return request.param


def exactly(X, y):
    """Centred in long double: means, X^T X, X^T y and y^T y."""
    X, y = X.astype(np.longdouble), y.astype(np.longdouble)
    mean, middle = X.mean(axis=0), y.mean()
    X, y = X - mean, y - middle
    return mean, X.T @ X, X.T @ y, y @ y


@pytest.mark.usefixtures("backend")
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize(("n", "d"), [(1, 1), (5, 3), (1000, 7), (2001, 18)])
def test_cross_products(rng, dtype, order, n, d):
    X = np.asarray(rng.normal(size=(n, d)) + 100 * rng.normal(size=d), dtype, order)
    y = (rng.normal(size=n) + 50).astype(dtype)
    mean, gram, cross, energy = exactly(X, y)
    found = cross_products(X, y)
    size = 1e-13 * n
    np.testing.assert_allclose(found.mean, mean.astype(float), rtol=1e-13)
    np.testing.assert_allclose(found.gram, gram.astype(float), rtol=1e-11, atol=size)
    np.testing.assert_allclose(found.cross, cross.astype(float), rtol=1e-11, atol=size)
    assert found.energy == pytest.approx(float(energy), rel=1e-11, abs=size)
    plain = cross_products(X, y, centre=False)
    whole = X.astype(float)
    np.testing.assert_allclose(plain.gram, whole.T @ whole, rtol=1e-12)
    assert not plain.mean.any()


@pytest.mark.usefixtures("backend")
def test_a_centre_that_the_first_look_misses(rng):
    # The thousand rows that are looked at first lie at 0, all others around 1e8.
    X = rng.normal(size=(100_000, 1)) + 1e8
    X[::100] = 0.0
    _, gram, _, _ = exactly(X, X[:, 0])
    np.testing.assert_allclose(cross_products(X, X[:, 0]).gram, gram.astype(float), rtol=3e-15)


@pytest.mark.usefixtures("backend")
def test_single_precision_is_in_small_blocks_only(rng):
    X = (rng.normal(size=(200_000, 3)) + 10).astype(np.float32)
    _, gram, _, _ = exactly(X, X[:, 0])
    found = cross_products(X, X[:, 0], precision=np.float32).gram
    np.testing.assert_allclose(found, gram.astype(float), rtol=1e-6, atol=0.1)


@pytest.mark.usefixtures("backend")
@pytest.mark.parametrize("centre", [True, False])
def test_the_triangle_by_cholesky_is_that_of_qr(rng, centre):
    X, y = rng.normal(size=(3000, 6)) + 3, rng.normal(size=3000)
    triangle, mean, middle = residual_triangle(X, y, centre)
    expected = np.linalg.qr(np.column_stack([X - mean, y - middle]), mode="r")
    expected *= np.sign(expected.diagonal())[:, None]
    np.testing.assert_allclose(triangle, expected, rtol=1e-10, atol=1e-10)


@pytest.mark.usefixtures("backend")
def test_columns_close_to_each_other_keep_the_digits_of_qr(rng):
    base = rng.normal(size=(4000, 3))
    X = np.column_stack([base, base[:, 0] + 1e-6 * rng.normal(size=4000)])
    w = np.array([1.0, -2.0, 3.0, 4.0])
    # By the normal equations the error would be about 1e-4.
    np.testing.assert_allclose(LinearRegression().fit(X, X @ w).coef_, w, rtol=1e-8)


@pytest.mark.usefixtures("backend")
def test_a_fit_without_rest_has_hardly_any_residual(rng):
    X = rng.normal(size=(4000, 3))
    model = LinearRegression().fit(X, X @ [1.0, 2.0, 3.0] + 5)
    assert model.residual_sum_ < 1e-22 * 4000


@pytest.mark.skipif(not NUMBA, reason="numba is not installed")
def test_threads_change_no_bit(rng, monkeypatch):
    import numba

    X, y = rng.normal(size=(9000, 6)), rng.integers(3, size=9000)
    assert kernels("moments", 1e9) is not None
    assert kernels("softmax", 1e9) is not None
    found = []
    for threads in (1, 3):
        monkeypatch.setattr(numba.config, "NUMBA_NUM_THREADS", threads)
        gram = cross_products(X, X[:, 0]).gram
        value, gradient = _Problem(X, y, 3, 1.0, True).mean(np.linspace(-1, 1, 21))
        found.append((gram.tobytes(), value, gradient.tobytes()))
    assert found[0] == found[1]


@pytest.mark.usefixtures("backend")
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize(("n", "d", "k"), [(256, 3, 2), (700, 5, 9), (1000, 4, 4)])
@pytest.mark.parametrize("constant", [True, False])
def test_softmax_objective_by_its_definition(rng, dtype, n, d, k, constant):
    X, y = rng.normal(scale=3, size=(n, d)).astype(dtype), rng.integers(k, size=n)
    theta = 10 * rng.normal(size=(k, d + 1))
    l2 = 0.7
    scores = X.astype(np.longdouble) @ theta[:, :d].T + theta[:, d]
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = powers / powers.sum(axis=1, keepdims=True)
    rest = p - np.eye(k)[y]
    log_own = np.log(powers.sum(axis=1)) + scores.max(axis=1) - scores[np.arange(n), y]
    value = (log_own.sum() + l2 / 2 * (theta[:, :d] ** 2).sum()) / n
    slope = np.column_stack([rest.T @ X + l2 * theta[:, :d], rest.sum(axis=0) * constant]) / n
    found, gradient = _Problem(X, y, k, l2, constant).mean(theta.ravel())
    assert found == pytest.approx(float(value), rel=1e-12)
    expected = slope.astype(float).ravel()
    np.testing.assert_allclose(gradient, expected, rtol=1e-10, atol=1e-12)


@pytest.mark.usefixtures("backend")
def test_softmax_scores_far_apart_do_not_overflow():
    X = np.linspace(-1e4, 1e4, 600)[:, None]
    y = (X[:, 0] > 0).astype(int)
    value, gradient = _Problem(X, y, 2, 0.0, True).mean(np.array([-1.0, 0.0, 1.0, 0.0]))
    assert value == pytest.approx(0, abs=1e-12)
    np.testing.assert_allclose(gradient, 0, atol=1e-12)
    assert MultinomialRegression(l2=1.0).fit(X, y).score(X, y) == 1.0


@pytest.mark.usefixtures("backend")
@pytest.mark.parametrize("n", [1, 15, 100, 3000])
def test_log_loss_by_its_definition(rng, n):
    X, positive = rng.normal(size=(n, 4)), rng.random(n) < 0.5
    theta = rng.normal(size=5)
    margins = np.where(positive, 1, -1) * (X @ theta[:4] + theta[4])
    found, gradient = log_loss.LogLoss(X, positive, 0.5, True).with_gradient(theta)
    penalty = 0.25 * theta[:4] @ theta[:4]
    assert found == pytest.approx(np.logaddexp(0, -margins).sum() + penalty, rel=1e-12)
    rest = np.where(positive, -1, 1) / (1 + np.exp(margins))
    expected = np.append(rest @ X + 0.5 * theta[:4], rest.sum())
    np.testing.assert_allclose(gradient, expected, rtol=1e-11, atol=1e-12)

"""Principal components: by hand, both methods, whitening, and rank-deficient rows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from impl.checks import NotFittedError
from impl.core import ShapeError
from impl.pca import PCA


def rows(n=200, d=5, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, d)) @ rng.normal(size=(d, d)) + rng.normal(size=d) * 5


def test_by_hand():
    # Along (3, 4) / 5 the values are -5, 0, 5: variance 50 / 3; across it there is none.
    X = np.array([[7.0, 16.0], [10.0, 20.0], [13.0, 24.0]])
    for method in ("covariance", "svd"):
        model = PCA(method=method).fit(X)
        np.testing.assert_allclose(model.mean_, [10, 20])
        np.testing.assert_allclose(model.components_[0], [0.6, 0.8], atol=1e-12)
        np.testing.assert_allclose(model.variances_, [50 / 3, 0], atol=1e-12)
        np.testing.assert_allclose(model.variance_ratios_, [1, 0], atol=1e-12)
        np.testing.assert_allclose(model.transform(X)[:, 0], [-5, 0, 5], atol=1e-12)
        assert model.rank_ == 1


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 30), st.integers(1, 8))
def test_both_methods_find_the_same_orthonormal_directions(seed, n, d):
    X = rows(n, d, seed)
    a, b = PCA(method="covariance").fit(X), PCA(method="svd").fit(X)
    k = min(n, d)
    np.testing.assert_allclose(a.variances_, b.variances_, rtol=1e-6, atol=1e-10 * a.variances_[0])
    for model in (a, b):
        np.testing.assert_allclose(model.components_ @ model.components_.T, np.eye(k), atol=1e-9)
        assert (np.diff(model.variances_) <= 1e-12 * model.variances_[0]).all()
        projected = model.transform(X)
        np.testing.assert_allclose(projected.mean(axis=0), 0, atol=1e-9)
        np.testing.assert_allclose(
            projected.T @ projected / n,
            np.diag(model.variances_),
            atol=1e-9 * max(1, model.variances_[0]),
        )


def test_the_first_direction_has_the_largest_variance_of_all():
    X = rows(50, 3, 2)
    model = PCA().fit(X)
    u = np.random.default_rng(0).normal(size=(3, 5000))
    u /= np.linalg.norm(u, axis=0)
    best = ((X - X.mean(axis=0)) @ u).var(axis=0).max()
    assert best <= model.variances_[0] * (1 + 1e-12)
    assert best > 0.95 * model.variances_[0]


@pytest.mark.parametrize("method", ["covariance", "svd"])
@pytest.mark.parametrize("whiten", ["pca", "zca"])
def test_whitened_rows_have_unit_covariance(method, whiten):
    X = rows(300, 4)
    model = PCA(method=method, whiten=whiten).fit(X)
    W = model.transform(X)
    np.testing.assert_allclose(W.T @ W / len(X), np.eye(4), atol=1e-9)
    np.testing.assert_allclose(model.inverse_transform(W), X, rtol=1e-9)
    np.testing.assert_allclose(model.fit_transform(X), W)


def test_zca_is_the_symmetric_whitening():
    X = rows(300, 4)
    model = PCA(whiten="zca").fit(X)
    matrix = model.transform(np.eye(4) + model.mean_)
    np.testing.assert_allclose(matrix, matrix.T, atol=1e-12)
    assert (np.linalg.eigvalsh(matrix) > 0).all()
    np.testing.assert_allclose(np.linalg.inv(matrix @ matrix), np.cov(X.T, ddof=0), rtol=1e-8)


@pytest.mark.parametrize("whiten", [None, "pca", "zca"])
@pytest.mark.parametrize("method", ["covariance", "svd"])
def test_directions_without_variance_stay_zero(method, whiten):
    rng = np.random.default_rng(0)
    X = np.column_stack([rng.normal(size=60), np.full(60, 5.0), np.zeros(60)])
    model = PCA(method=method, whiten=whiten).fit(X)
    assert model.rank_ == 1
    Z = model.transform(X)
    assert np.isfinite(Z).all()
    assert (np.abs(Z).max(axis=0) > 1e-6).sum() == 1
    np.testing.assert_allclose(model.inverse_transform(Z), X, atol=1e-9)


def test_one_row_and_equal_rows():
    for X in ([[1.0, 2.0, 3.0]], np.full((4, 2), 0.1)):
        model = PCA(whiten="pca").fit(X)
        assert model.rank_ == 0
        np.testing.assert_array_equal(model.transform(X), 0)
        assert (model.variance_ratios_ == 0).all() or model.variances_.max() < 1e-30


def test_fewer_rows_than_columns():
    X = rows(4, 9)
    model = PCA().fit(X)
    assert model.components_.shape == (4, 9)
    assert model.rank_ == 3
    np.testing.assert_allclose(model.inverse_transform(model.transform(X)), X, atol=1e-9)


def test_a_large_mean_costs_no_accuracy():
    X = np.random.default_rng(0).normal(size=(500, 3)) * [3.0, 2.0, 1.0]
    near, far = PCA().fit(X), PCA().fit(X + 1e6)
    np.testing.assert_allclose(far.variances_, near.variances_, rtol=1e-8)
    np.testing.assert_allclose(far.transform(X + 1e6), near.transform(X), atol=1e-7)


def test_float_types_and_layouts():
    X = rows(100, 4)
    for dtype in (np.float32, np.float64):
        model = PCA(2, whiten="pca").fit(X.astype(dtype))
        assert model.components_.dtype == model.mean_.dtype == dtype
        assert model.transform(X.astype(dtype)).dtype == dtype
    single = PCA(2).fit(X.astype(np.float32))
    np.testing.assert_allclose(single.variances_, PCA(2).fit(X).variances_, rtol=1e-4)
    np.testing.assert_allclose(
        PCA(2).fit_transform(np.asfortranarray(X)), PCA(2).fit_transform(X), rtol=1e-10, atol=1e-12
    )
    assert PCA(1).fit(np.arange(6).reshape(3, 2)).components_.dtype == np.float64


@pytest.mark.parametrize(
    ("options", "X", "error", "message"),
    [
        ({}, [1.0], ShapeError, "PCA.fit: X must be 2-D"),
        ({}, [[np.inf, 1.0]], ValueError, "must be finite"),
        ({"components": 3}, [[1.0, 2.0]], ValueError, "components must be from 1 to 1; got 3"),
        ({"method": "qr"}, [[1.0]], ValueError, "method must be"),
        ({"whiten": True}, [[1.0]], ValueError, "whiten must be"),
    ],
)
def test_refusals(options, X, error, message):
    with pytest.raises(error, match=message):
        PCA(**options).fit(X)


def test_other_columns_and_no_fit():
    with pytest.raises(NotFittedError):
        PCA().transform([[1.0]])
    with pytest.raises(ShapeError, match="must have 2 columns"):
        PCA().fit([[1.0, 2.0], [3.0, 4.0]]).transform([[1.0]])


def test_against_the_library():
    sklearn = pytest.importorskip("sklearn.decomposition", reason="scikit-learn is not installed")
    X = rows(80, 6)
    ours, theirs = PCA(3).fit(X), sklearn.PCA(3).fit(X)
    np.testing.assert_allclose(ours.variances_ * 80 / 79, theirs.explained_variance_, rtol=1e-9)
    np.testing.assert_allclose(np.abs(ours.transform(X)), np.abs(theirs.transform(X)), atol=1e-8)


def test_a_mean_that_the_float_type_cannot_hold_costs_no_variance():
    # Around 2^20 single precision goes in steps of 1/8: the mean lies between two steps.
    X = np.full((3000, 2), 2.0**20, np.float32)
    X[::2, 0] += 0.125
    X[:, 1] += 0.5 * (np.arange(3000) // 2 % 2).astype(np.float32)
    model = PCA(method="covariance").fit(X)
    np.testing.assert_array_equal(model.mean_, np.float32([2**20, 2**20 + 0.25]))
    np.testing.assert_allclose(model.variances_, [0.0625, 0.00390625], rtol=1e-4)
    np.testing.assert_allclose(np.abs(model.components_), [[0, 1], [1, 0]], atol=1e-6)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_rows_that_mislead_about_the_mean_cost_no_digits(dtype):
    # A sample of every 200th row, and no other, sees 1e4 in the first column.
    X = np.random.default_rng(2).normal(size=(200_000, 2)).astype(dtype)
    X[::200, 0] += 1e4
    exact = X.astype(np.float64)
    model = PCA(method="covariance").fit(X)
    np.testing.assert_allclose(model.variances_[0], exact[:, 0].var(), rtol=1e-5)
    np.testing.assert_allclose(model.mean_[0], exact[:, 0].mean(), rtol=1e-5)

"""Gaussian mixtures: EM against densities by another library, closed forms, and its promises."""

from importlib import import_module

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from impl.checks import NotFittedError
from impl.core import ShapeError, has_numba
from impl.gmm import GaussianMixture
from impl.kmeans import KMeans, kmeans_plus_plus
from impl.printed import gmm as printed


@pytest.fixture(params=["numpy", "numba"])
def backend(request, monkeypatch):
    if request.param == "numba" and not has_numba():
        pytest.skip("numba is not installed")
    module = import_module("impl._kernels.gmm") if request.param == "numba" else None
    monkeypatch.setattr("impl.gmm.kernels", lambda *_: module)


def clusters(n=600, seed=0, shift=0.0, dtype=np.float64):
    rng = np.random.default_rng(seed)
    centers = np.array([[0.0, 0.0, 1.0], [6.0, 0.0, -2.0], [0.0, 7.0, 4.0]])
    X = centers[rng.integers(3, size=n)] + rng.normal(size=(n, 3)) * [1.0, 0.5, 2.0]
    return (X + shift).astype(dtype)


def density(model, X):
    """By scipy, from the learned parameters alone."""
    covariances = model.covariances_
    if model.covariance == "diagonal":
        covariances = [np.diag(v) for v in covariances]
    return sum(
        w * stats.multivariate_normal(m, c).pdf(X)
        for w, m, c in zip(model.weights_, model.means_, covariances, strict=True)
    )


@pytest.mark.parametrize("covariance", ["full", "diagonal"])
def test_likelihood_never_falls_and_is_that_of_the_parameters(backend, covariance):
    X = clusters()
    model = GaussianMixture(3, covariance=covariance, tol=0, max_iter=40).fit(X)
    assert (np.diff(model.log_likelihoods_) >= -1e-8).all()
    assert model.log_likelihoods_[-1] > model.log_likelihoods_[0]
    assert model.log_likelihoods_[-1] == pytest.approx(np.log(density(model, X)).sum(), rel=1e-10)
    np.testing.assert_allclose(model.log_density(X), np.log(density(model, X)), rtol=1e-9)
    assert model.n_iter_ == 40
    assert len(model.log_likelihoods_) == 41


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 10**6),
    st.integers(1, 4),
    st.integers(1, 3),
    st.sampled_from(["full", "diagonal"]),
)
def test_likelihood_never_falls_on_any_rows(seed, k, d, covariance):
    rng = np.random.default_rng(seed)
    X = rng.integers(-3, 4, size=(12, d)).astype(float)  # repeated rows: components collapse
    model = GaussianMixture(k, covariance=covariance, tol=0, max_iter=30, rng=rng).fit(X)
    trace = model.log_likelihoods_
    assert (np.diff(trace) >= -1e-7 * np.abs(trace[:-1]).clip(1)).all()
    assert np.isfinite(model.covariances_).all()
    assert model.weights_.sum() == pytest.approx(1)


def test_one_component_is_the_maximum_likelihood_gaussian(backend):
    X = clusters(seed=3)
    model = GaussianMixture(1).fit(X)
    np.testing.assert_allclose(model.means_[0], X.mean(axis=0), rtol=1e-10)
    np.testing.assert_allclose(model.covariances_[0], np.cov(X.T, ddof=0), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(model.weights_, [1.0])


def test_e_step_by_hand():
    # Two unit Gaussians at 0 and 2 with weights 1/4 and 3/4: at x = 1 both densities are the same.
    model = GaussianMixture(2, covariance="diagonal").fit(np.array([[-1.0], [1.0], [1.0], [3.0]]))
    model._standard = (np.array([0.25, 0.75]), np.array([[0.0], [2.0]]), np.ones((2, 1)))
    model._center, model._scale = np.zeros(1), np.ones(1)
    np.testing.assert_allclose(model.responsibilities([[1.0]]), [[0.25, 0.75]])
    e = np.exp(-2.0)  # at x = 0 the second density is e^-2 of the first
    np.testing.assert_allclose(
        model.responsibilities([[0.0]]), [[1 / (1 + 3 * e), 3 * e / (1 + 3 * e)]]
    )


def test_separated_clusters_are_found(backend):
    X = clusters(3000)
    model = GaussianMixture(3, starts=3).fit(X)
    assert model.converged_
    order = np.argsort(model.means_ @ [1.0, 10.0, 0.0])
    np.testing.assert_allclose(model.means_[order], [[0, 0, 1], [6, 0, -2], [0, 7, 4]], atol=0.25)
    np.testing.assert_allclose(model.covariances_[order][0], np.diag([1.0, 0.25, 4.0]), atol=0.4)
    np.testing.assert_allclose(model.responsibilities(X).sum(axis=1), 1)
    assert set(model.predict(X)) == {0, 1, 2}


@pytest.mark.parametrize("covariance", ["full", "diagonal"])
@pytest.mark.parametrize("d", [1, 2, 5, 9])
def test_compiled_and_plain_passes_agree(monkeypatch, covariance, d):
    if not has_numba():
        pytest.skip("numba is not installed")
    rng = np.random.default_rng(d)
    X = rng.normal(size=(301, d)) * 10.0 ** rng.integers(-2, 3, size=d)
    found = []
    for module in (None, import_module("impl._kernels.gmm")):
        monkeypatch.setattr("impl.gmm.kernels", lambda family, work, module=module: module)
        found.append(GaussianMixture(4, covariance=covariance, tol=0, max_iter=15).fit(X))
    a, b = found
    np.testing.assert_allclose(a.log_likelihoods_, b.log_likelihoods_, rtol=1e-9)
    np.testing.assert_allclose(a.means_, b.means_, rtol=1e-6, atol=1e-9)


def test_moving_and_scaling_columns_moves_and_scales_the_fit():
    X = clusters()
    plain = GaussianMixture(3, max_iter=30, tol=0).fit(X)
    scale = np.array([1e-4, 1.0, 1e5])
    moved = GaussianMixture(3, max_iter=30, tol=0).fit(X * scale + 1e6 * scale)
    np.testing.assert_allclose(moved.means_, plain.means_ * scale + 1e6 * scale, rtol=1e-7)
    np.testing.assert_allclose(
        moved.covariances_, plain.covariances_ * np.outer(scale, scale), rtol=1e-3, atol=1e-12
    )


@pytest.mark.parametrize("covariance", ["full", "diagonal"])
def test_degenerate_rows(backend, covariance):
    same = GaussianMixture(2, covariance=covariance).fit(np.full((5, 2), 7.0))
    assert np.isfinite(same.log_likelihoods_).all()
    assert same.degenerate_.all()
    np.testing.assert_allclose(same.means_, 7.0)

    one = GaussianMixture(1, covariance=covariance).fit([[1.0, 2.0]])
    np.testing.assert_allclose(one.means_, [[1.0, 2.0]])
    assert np.isfinite(one.covariances_).all()

    rng = np.random.default_rng(1)
    constant = np.column_stack([rng.normal(size=50), np.full(50, 3.0)])
    model = GaussianMixture(2, covariance=covariance).fit(constant)
    assert np.isfinite(model.log_density(constant)).all()

    far = np.concatenate([rng.normal(size=(40, 2)), np.full((3, 2), 50.0)])
    collapsed = GaussianMixture(2, covariance=covariance, starts=3).fit(far)
    assert collapsed.degenerate_.sum() == 1
    assert (np.diff(collapsed.log_likelihoods_) >= -1e-8).all()


def test_a_component_far_from_all_rows_keeps_its_mean(backend):
    X = np.random.default_rng(0).normal(size=(30, 1))
    model = GaussianMixture(2, means=[[0.0], [1e6]]).fit(X)
    assert model.weights_[1] == pytest.approx(0, abs=1e-9)
    assert model.degenerate_.tolist() == [False, True]
    assert model.means_[1, 0] == pytest.approx(1e6)
    assert np.isfinite(model.log_density(X)).all()


def test_float_types_and_layouts():
    X = clusters()
    model = GaussianMixture(2, max_iter=5).fit(X)
    turned = GaussianMixture(2, max_iter=5).fit(np.asfortranarray(X))
    np.testing.assert_array_equal(model.means_, turned.means_)
    single = GaussianMixture(2, max_iter=5).fit(X.astype(np.float32))
    np.testing.assert_allclose(single.log_likelihoods_, model.log_likelihoods_, rtol=1e-4)
    assert single.responsibilities(X.astype(np.float32)).dtype == np.float32
    assert GaussianMixture(2).fit(np.arange(12).reshape(6, 2)).means_.dtype == np.float64


def test_sampling_and_fitting_return_to_the_mixture():
    model = GaussianMixture(3, starts=2).fit(clusters(2000))
    rows, labels = model.sample(20_000, np.random.default_rng(5))
    np.testing.assert_allclose(np.bincount(labels) / 20_000, model.weights_, atol=0.02)
    for j in range(3):
        np.testing.assert_allclose(rows[labels == j].mean(axis=0), model.means_[j], atol=0.1)
        np.testing.assert_allclose(np.cov(rows[labels == j].T), model.covariances_[j], atol=0.2)
    assert model.score(rows) == pytest.approx(np.log(density(model, rows)).mean())


@pytest.mark.parametrize(
    ("options", "X", "error", "message"),
    [
        ({}, [1.0, 2.0], ShapeError, r"GaussianMixture.fit: X must be 2-D"),
        ({}, np.empty((0, 2)), ShapeError, "at least one row"),
        ({}, [[1.0], [np.nan]], ValueError, r"must be finite; got nan at \(1, 0\)"),
        ({"components": 3}, [[1.0], [2.0]], ValueError, "components must be from 1 to n=2; got 3"),
        ({"covariance": "tied"}, [[1.0]], ValueError, "covariance must be"),
        ({"floor": 0.0}, [[1.0]], ValueError, "floor must be"),
        ({"starts": 0}, [[1.0]], ValueError, "starts and max_iter"),
        ({"means": [[1.0, 2.0]]}, [[1.0]], ShapeError, "must have 1 columns"),
        ({"components": 2, "means": [[1.0]]}, [[1.0], [2.0]], ValueError, "means must have 2 rows"),
    ],
)
def test_refusals(options, X, error, message):
    with pytest.raises(error, match=message):
        GaussianMixture(**options).fit(X)


def test_asking_before_fitting():
    with pytest.raises(NotFittedError, match="call fit first"):
        GaussianMixture().predict([[1.0]])


def test_against_the_library():
    sklearn = pytest.importorskip("sklearn.mixture", reason="scikit-learn is not installed")
    X = clusters(400)
    means = X[:3]
    ours = GaussianMixture(3, means=means, tol=1e-10, max_iter=500).fit(X)
    theirs = sklearn.GaussianMixture(3, means_init=means, tol=1e-10, max_iter=500).fit(X)
    assert ours.score(X) == pytest.approx(theirs.score(X), abs=1e-6)


def test_kmeans_by_hand_and_its_objective_never_rises():
    X = np.array([[0.0], [1.0], [10.0], [11.0]])
    model = KMeans(2).fit(X)
    np.testing.assert_allclose(np.sort(model.centers_, axis=0), [[0.5], [10.5]])
    assert model.inertia_ == pytest.approx(1.0)
    X = clusters(500, seed=9)
    model = KMeans(5, starts=2).fit(X)
    assert (np.diff(model.inertias_) <= 1e-9).all()
    distances = ((X[:, None] - model.centers_) ** 2).sum(axis=2)
    np.testing.assert_array_equal(model.labels_, distances.argmin(axis=1))
    assert model.inertia_ == pytest.approx(distances.min(axis=1).sum())
    np.testing.assert_array_equal(model.predict(X), model.labels_)


def test_kmeans_plus_plus_takes_a_row_of_each_point():
    X = np.repeat([[0.0], [5.0], [9.0]], 4, axis=0)
    places = kmeans_plus_plus(X, 3, np.random.default_rng(0))
    assert sorted(X[places, 0]) == [0, 5, 9]
    assert len(kmeans_plus_plus(np.zeros((3, 1)), 3, np.random.default_rng(0))) == 3
    with pytest.raises(ValueError, match="clusters must be from 1 to 3"):
        kmeans_plus_plus(X[:3], 4, np.random.default_rng(0))


def test_the_printed_update_lowers_the_likelihood():
    # One component on {-2, 2}: the standard deviation is 2, the printed sigma its square, 4.
    x, start = np.array([-2.0, 2.0]), ([1.0], [0.0], [2.0])
    phi, mu, sigma = printed.em_step(x, *start)
    np.testing.assert_allclose([phi[0], mu[0], sigma[0]], [1, 0, 4])
    before, after = printed.log_likelihood(x, *start), printed.log_likelihood(x, phi, mu, sigma)
    assert before == pytest.approx(2 * stats.norm(0, 2).logpdf(2))
    assert after < before - 0.1

"""Nearest neighbors against all distances computed one by one."""

from importlib import import_module

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from impl.checks import NotFittedError
from impl.core import ShapeError, has_numba
from impl.knn import KNearestNeighbors

DISTANCES = {
    "euclidean": "euclidean",
    "manhattan": "cityblock",
    "chebyshev": "chebyshev",
    "cosine": "cosine",
}


def use(monkeypatch, name):
    if name == "numba" and not has_numba():
        pytest.skip("numba is not installed")
    module = import_module("impl._kernels.knn") if name == "numba" else None
    monkeypatch.setattr("impl.knn.kernels", lambda *_: module)


@pytest.fixture(params=["numpy", "numba"])
def backend(request, monkeypatch):
    use(monkeypatch, request.param)


def test_by_hand(backend):
    model = KNearestNeighbors(3).fit([[0.0], [1.0], [3.0], [10.0]], ["a", "b", "b", "a"])
    distances, places = model.neighbors([[2.5]])
    np.testing.assert_allclose(distances, [[0.5, 1.5, 2.5]])
    np.testing.assert_array_equal(places, [[2, 1, 0]])
    assert model.predict([[2.5]]).tolist() == ["b"]
    np.testing.assert_allclose(model.predict_proba([[2.5]]), [[1 / 3, 2 / 3]])


def test_a_tie_goes_to_the_label_of_the_nearest(backend):
    model = KNearestNeighbors(2).fit([[0.0], [1.0]], ["a", "b"])
    assert model.predict([[0.9], [0.1]]).tolist() == ["b", "a"]


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 10**6),
    st.sampled_from(sorted(DISTANCES)),
    st.integers(1, 400),
    st.integers(1, 6),
    st.booleans(),
)
def test_against_all_distances(seed, distance, n, d, compiled):
    rng = np.random.default_rng(seed)
    X, Q = rng.normal(size=(n, d)), rng.normal(size=(7, d))
    k = int(rng.integers(1, n + 1))
    with pytest.MonkeyPatch.context() as patch:
        use(patch, "numba" if compiled and has_numba() else "numpy")
        patch.setattr("impl.knn.VALUES", 500)  # many blocks
        found, places = KNearestNeighbors(k, distance=distance).fit(X, range(n)).neighbors(Q)
    expected = cdist(Q, X, DISTANCES[distance])
    np.testing.assert_allclose(found, np.sort(expected, axis=1)[:, :k], atol=1e-9)
    np.testing.assert_allclose(np.take_along_axis(expected, places, 1), found, atol=1e-9)
    assert all(len(set(row)) == k for row in places.tolist())


def test_equal_distances_take_the_lower_place(backend):
    X = np.array([[1.0], [-1.0], [1.0], [5.0]])
    _, places = KNearestNeighbors(2).fit(X, [0, 1, 2, 3]).neighbors([[0.0]])
    np.testing.assert_array_equal(places, [[0, 1]])


def test_one_neighbor_of_a_stored_row_is_itself(backend):
    X = np.random.default_rng(0).normal(size=(3000, 4)) + 1e5
    model = KNearestNeighbors(1).fit(X, np.arange(3000))
    np.testing.assert_array_equal(model.predict(X), np.arange(3000))
    assert model.score(X, np.arange(3000)) == 1


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("distance", sorted(DISTANCES))
def test_float_types_and_layouts(backend, dtype, distance):
    rng = np.random.default_rng(1)
    X, Q = rng.normal(size=(50, 3)).astype(dtype), rng.normal(size=(6, 3)).astype(dtype)
    y = rng.integers(2, size=50)
    model = KNearestNeighbors(3, distance=distance).fit(X, y)
    turned = KNearestNeighbors(3, distance=distance).fit(np.asfortranarray(X), y)
    assert model.neighbors(Q)[0].dtype == dtype
    np.testing.assert_array_equal(model.predict(Q), turned.predict(np.asfortranarray(Q)))


def test_degenerate_rows(backend):
    one = KNearestNeighbors(1).fit([[1.0, 2.0]], [2**62 + 1])
    assert one.predict([[0.0, 0.0]]).tolist() == [2**62 + 1]
    same = KNearestNeighbors(3).fit(np.full((4, 2), 7.0), ["x", "x", "y", "y"])
    assert same.predict([[7.0, 7.0]]).tolist() == ["x"]
    zero = KNearestNeighbors(2, distance="cosine").fit([[0.0, 0.0], [1.0, 0.0]], [0, 1])
    np.testing.assert_allclose(zero.neighbors([[2.0, 0.0], [0.0, 0.0]])[0], [[0, 1], [1, 1]])


@pytest.mark.parametrize(
    ("options", "X", "y", "error", "message"),
    [
        ({"k": 2}, [[1.0]], [0], ValueError, "k must be from 1 to 1; got 2"),
        ({"k": 1, "distance": "l2"}, [[1.0]], [0], ValueError, "distance must be one of"),
        ({"k": 1}, [[np.nan]], [0], ValueError, "must be finite"),
        ({"k": 1}, [1.0], [0], ShapeError, "must be 2-D"),
        ({"k": 1}, [[1.0]], [0, 1], ShapeError, r"y must have shape \(1,\)"),
    ],
)
def test_refusals(options, X, y, error, message):
    with pytest.raises(error, match=message):
        KNearestNeighbors(**options).fit(X, y)
    with pytest.raises(NotFittedError):
        KNearestNeighbors().predict([[1.0]])


def test_refusals_of_queries():
    model = KNearestNeighbors(1).fit([[1.0, 2.0]], [0])
    with pytest.raises(ShapeError, match="must have 2 columns"):
        model.predict([[1.0]])
    with pytest.raises(ValueError, match="k must be from 1 to 1"):
        model.neighbors([[1.0, 2.0]], k=5)
    with pytest.raises(ValueError, match="must be finite"):
        model.predict([[np.inf, 0.0]])


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_many_blocks_and_threads(threads, dtype, monkeypatch):
    # More stored rows than the loops compare at a time, more queries than they take together.
    numba = pytest.importorskip("numba", reason="the compiled kernels need numba")
    monkeypatch.setattr(numba.config, "NUMBA_NUM_THREADS", threads)
    module = import_module("impl._kernels.knn")
    monkeypatch.setattr("impl.knn.kernels", lambda *_: module)
    rng = np.random.default_rng(3)
    X, Q = (rng.normal(size=(n, 7)).astype(dtype) for n in (2 * module.WIDTH + 37, 150))
    assert len(Q) > 2 * module.ROWS
    distances, places = KNearestNeighbors(4).fit(X, np.zeros(len(X))).neighbors(Q)
    everything = cdist(Q.astype(np.float64), X.astype(np.float64))
    np.testing.assert_array_equal(places, everything.argsort(axis=1)[:, :4])
    np.testing.assert_allclose(distances, np.sort(everything, axis=1)[:, :4], rtol=1e-5)


def test_against_the_library():
    datasets = pytest.importorskip("sklearn.datasets", reason="scikit-learn is not installed")
    neighbors = pytest.importorskip("sklearn.neighbors", reason="scikit-learn is not installed")
    X, y = datasets.load_digits(return_X_y=True)
    ours = KNearestNeighbors(1).fit(X[:1000], y[:1000])
    theirs = neighbors.KNeighborsClassifier(1).fit(X[:1000], y[:1000])
    assert ours.score(X[1000:], y[1000:]) == pytest.approx(theirs.score(X[1000:], y[1000:]))

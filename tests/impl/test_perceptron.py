"""The perceptron: by hand, primal against dual, the bound on mistakes, and what it refuses."""

from importlib import import_module

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from impl.checks import NotFittedError
from impl.core import ShapeError, has_numba
from impl.kernels import polynomial_kernel
from impl.perceptron import DualPerceptron, Perceptron, mistake_bound, perceptron_loss
from impl.svm import SVM

XOR = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


def use(monkeypatch, name):
    if name == "numba" and not has_numba():
        pytest.skip("numba is not installed")
    module = import_module("impl._kernels.margin") if name == "numba" else None
    monkeypatch.setattr("impl.perceptron.kernels", lambda *_: module)


@pytest.fixture(params=["numpy", "numba"])
def backend(request, monkeypatch):
    use(monkeypatch, request.param)


def separable(seed, n=40, d=3, gap=0.3):
    """Rows, signs, and a hyperplane that separates them with at least the gap."""
    rng = np.random.default_rng(seed)
    w = rng.normal(size=d)
    b = 0.3 * float(np.linalg.norm(w))
    X = rng.normal(size=(20 * n, d))
    distance = (X @ w + b) / np.linalg.norm(w)
    X = np.concatenate([X[distance > gap][: n // 2], X[distance < -gap][: n // 2]])
    X = rng.permutation(X)
    return X, np.where(X @ w + b > 0, 1, -1), w, b


def one_at_a_time(X, y, rate, epochs):
    """The notes' steps (a) to (d), literally."""
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, np.zeros(len(X), dtype=int)
    for _ in range(epochs):
        clean = True
        for i in range(len(X)):
            if y[i] * (w @ X[i] + b) <= 0:
                w, b = w + rate * y[i] * X[i], b + rate * y[i]
                mistakes[i] += 1
                clean = False
        if clean:
            break
    return w, b, mistakes


def test_by_hand(backend):
    # (w, b) goes (3, 1), (2, 0), (1, -1), (0, -2), (3, -1), (2, -2), (1, -3), (4, -2), (3, -3),
    # (2, -4).
    X, y = np.array([[3.0], [4.0], [1.0]]), np.array([1, 1, -1])
    model = Perceptron().fit(X, y)
    assert (model.weights_[0], model.bias_) == (2.0, -4.0)
    assert model.updates_.tolist() == [3, 0, 7]
    assert model.epochs_ == 8
    assert model.converged_
    np.testing.assert_array_equal(model.predict(X), y)


@pytest.mark.parametrize("compiled_from", [0, 3, 10**9])
def test_the_steps_one_at_a_time(monkeypatch, compiled_from):
    # Overlapping classes in several chunks, and epochs that go over to the compiled loops.
    rng = np.random.default_rng(8)
    X = rng.integers(-9, 10, size=(300, 3)).astype(float)
    y = np.where(X[:, 0] + rng.normal(scale=4.0, size=300) > 0, 1, -1)
    if compiled_from < 10**9 and not has_numba():
        pytest.skip("numba is not installed")
    calls = []

    def kernels(*_):
        calls.append(1)
        late = len(calls) > compiled_from
        return import_module("impl._kernels.margin") if late else None

    monkeypatch.setattr("impl.perceptron.kernels", kernels)
    model = Perceptron(0.5, max_epochs=7).fit(X, y)
    w, b, mistakes = one_at_a_time(X, y, 0.5, 7)
    np.testing.assert_array_equal(model.weights_, w)
    assert (model.bias_, model.epochs_, model.converged_) == (b, 7, False)
    np.testing.assert_array_equal(model.updates_, mistakes)
    assert len(calls) == min(compiled_from + 1, 7)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([0.25, 1.0]), st.booleans())
def test_bound_and_the_two_forms(seed, rate, compiled):
    X, y, w, b = separable(seed)
    with pytest.MonkeyPatch.context() as patch:
        use(patch, "numba" if compiled and has_numba() else "numpy")
        primal = Perceptron(rate, max_epochs=100_000).fit(X, y)
    dual = DualPerceptron(rate, max_epochs=100_000).fit(X, y)
    assert primal.converged_
    assert dual.converged_
    assert (y * primal.decision_function(X) > 0).all()
    assert 0 < primal.mistakes_ <= mistake_bound(X, y, w, b)
    widest = SVM(np.inf, tol=1e-8).fit(X, y)
    assert primal.mistakes_ <= mistake_bound(X, y, widest.weights_, widest.bias_)
    np.testing.assert_array_equal(dual.alphas_, rate * primal.updates_)
    assert dual.epochs_ == primal.epochs_
    np.testing.assert_allclose((dual.alphas_ * y) @ X, primal.weights_, atol=1e-9)
    assert dual.bias_ == pytest.approx((dual.alphas_ * y).sum())
    assert primal.bias_ == pytest.approx(dual.bias_)
    expected, bias, mistakes = one_at_a_time(X, y, rate, 100_000)
    np.testing.assert_allclose(primal.weights_, expected, atol=1e-10)
    assert primal.bias_ == pytest.approx(bias)
    np.testing.assert_array_equal(primal.updates_, mistakes)


def test_the_bound_by_hand():
    # (x, 1) of length sqrt(2) and margin 1 / 1 with w = 1, b = 0.
    assert mistake_bound([[1.0], [-1.0]], [1, -1], [1.0], 0.0) == pytest.approx(2.0)
    with pytest.raises(ValueError, match="must separate the rows"):
        mistake_bound([[1.0], [-1.0]], [1, 1], [1.0], 0.0)


def test_xor_never_converges_but_squares_do(backend):
    y = np.array([-1, 1, 1, -1])
    assert not Perceptron(max_epochs=50).fit(XOR, y).converged_
    assert not DualPerceptron(max_epochs=50).fit(XOR, y).converged_
    squared = DualPerceptron(kernel=lambda X, Y: polynomial_kernel(X, Y, degree=2)).fit(XOR, y)
    assert squared.converged_
    np.testing.assert_array_equal(squared.predict(XOR), y)


def test_the_rate_changes_no_decision(backend):
    X, y, *_ = separable(5)
    a, b = Perceptron(1.0).fit(X, y), Perceptron(0.125).fit(X, y)
    np.testing.assert_allclose(b.weights_, a.weights_ / 8)
    assert a.mistakes_ == b.mistakes_


def test_loss_counts_misclassified_rows_only():
    X, y = np.array([[1.0], [2.0], [-3.0]]), np.array([1, -1, 1])
    assert perceptron_loss(X, y, [2.0], 1.0) == pytest.approx(5 + 5)
    assert perceptron_loss(X, [1, 1, -1], [2.0], 1.0) == 0


def test_labels_floats_and_layouts(backend):
    X, y, *_ = separable(2)
    plain = Perceptron().fit(X, y)
    names = Perceptron().fit(X, np.where(y > 0, "yes", "no"))
    np.testing.assert_array_equal(names.predict(X) == "yes", y > 0)
    big = Perceptron().fit(np.asfortranarray(X), np.where(y > 0, 2**62 + 1, 2**62))
    np.testing.assert_array_equal(big.weights_, plain.weights_)
    assert set(big.predict(X)) == {2**62, 2**62 + 1}
    assert plain.decision_function(X.astype(np.float32)).dtype == np.float32
    assert plain.score(X, y) == 1


def test_one_row_of_each_class_and_constant_columns(backend):
    model = Perceptron().fit([[1.0, 5.0], [2.0, 5.0]], [0, 1])
    assert model.converged_


@pytest.mark.parametrize("model", [Perceptron, DualPerceptron])
@pytest.mark.parametrize(
    ("options", "X", "y", "error", "message"),
    [
        ({}, [[1.0]], [1], ValueError, r"fit: y must hold two classes; got 1"),
        ({}, [[1.0], [2.0], [3.0]], [1, 2, 3], ValueError, "two classes; got 3"),
        ({}, [[np.nan], [1.0]], [0, 1], ValueError, "must be finite"),
        ({}, [1.0, 2.0], [0, 1], ShapeError, "must be 2-D"),
        ({}, [[1.0], [2.0]], [0], ShapeError, r"y must have shape \(2,\)"),
        ({"rate": 0.0}, [[1.0], [2.0]], [0, 1], ValueError, "rate must be positive"),
        ({"max_epochs": 0}, [[1.0], [2.0]], [0, 1], ValueError, "max_epochs at least 1"),
    ],
)
def test_refusals(model, options, X, y, error, message):
    with pytest.raises(error, match=message):
        model(**options).fit(X, y)
    with pytest.raises(NotFittedError):
        model().predict([[1.0]])


def test_against_the_library():
    sklearn = pytest.importorskip("sklearn.linear_model", reason="scikit-learn is not installed")
    X, y, *_ = separable(3)
    ours = Perceptron(max_epochs=20).fit(X, y)
    theirs = sklearn.Perceptron(max_iter=ours.epochs_, tol=None, shuffle=False).fit(X, y)
    np.testing.assert_allclose(ours.weights_, theirs.coef_[0], atol=1e-10)

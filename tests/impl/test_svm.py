"""Support vector machines: by hand, optimality of the dual, and a general solver's answer."""

from importlib import import_module

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from impl.checks import NotFittedError
from impl.core import ShapeError, has_numba
from impl.kernels import gaussian_kernel, linear_kernel, polynomial_kernel
from impl.svm import SVM, geometric_margins, kkt_residuals


def use(monkeypatch, name):
    if name == "numba" and not has_numba():
        pytest.skip("numba is not installed")
    module = import_module("impl._kernels.margin") if name == "numba" else None
    monkeypatch.setattr("impl.svm.kernels", lambda *_: module)


@pytest.fixture(params=["numpy", "numba"])
def backend(request, monkeypatch):
    use(monkeypatch, request.param)


def noisy(seed, n=40, d=3):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    y = np.where(X[:, 0] + 0.5 * rng.normal(size=n) > 0, 1, -1)
    y[:2] = [1, -1]
    return X, y


KERNELS = {
    "linear": ({}, linear_kernel),
    "polynomial": ({"degree": 2, "scale": 0.5, "shift": 1.0},
                   lambda X, Y: polynomial_kernel(X, Y, degree=2, scale=0.5, shift=1.0)),
    "gaussian": ({"sigma": 1.5}, lambda X, Y: gaussian_kernel(X, Y, sigma=1.5)),
}  # fmt: skip


def test_hard_margin_by_hand(backend):
    # The nearest rows are (1, 1) and (3, 3): w = (1/2, 1/2), b = -2, half width sqrt(2).
    X = np.array([[1.0, 1.0], [0.0, 0.0], [3.0, 3.0], [4.0, 5.0]])
    y = np.array([-1, -1, 1, 1])
    model = SVM(np.inf, tol=1e-10).fit(X, y)
    np.testing.assert_allclose(model.weights_, [0.5, 0.5], atol=1e-9)
    assert model.bias_ == pytest.approx(-2)
    np.testing.assert_allclose(model.alphas_, [0.25, 0, 0.25, 0], atol=1e-9)
    np.testing.assert_array_equal(model.support_, [0, 2])
    assert model.dual_objective_ == pytest.approx(0.25)  # half of |w|^2: no duality gap
    margins = geometric_margins(X, y, model.weights_, model.bias_)
    assert margins.min() == pytest.approx(np.sqrt(2))


def test_soft_margin_by_hand(backend):
    # Three rows on a line, the outer one on the wrong side; C = 1/10 caps all multipliers.
    X, y = np.array([[0.0], [1.0]]), np.array([-1, 1])
    model = SVM(0.1, tol=1e-10).fit(X, y)
    np.testing.assert_allclose(model.alphas_, [0.1, 0.1])
    np.testing.assert_allclose(model.weights_, [0.1])
    assert model.dual_objective_ == pytest.approx(0.2 - 0.005)


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 10**6),
    st.sampled_from(sorted(KERNELS)),
    st.sampled_from([0.1, 1.0, 30.0]),
    st.booleans(),
)
def test_conditions_are_met(seed, name, C, compiled):
    X, y = noisy(seed)
    options, kernel = KERNELS[name]
    with pytest.MonkeyPatch.context() as patch:
        use(patch, "numba" if compiled and has_numba() else "numpy")
        model = SVM(C, kernel=name, tol=1e-6, **options).fit(X, y)
        residuals = kkt_residuals(model, X, y)
    assert residuals.max() <= 1e-6
    assert model.kkt_residual_ == pytest.approx(residuals.max(), abs=1e-8)
    beta = model.alphas_ * y
    assert beta.sum() == pytest.approx(0, abs=1e-10)
    assert model.alphas_.min() >= 0
    assert model.alphas_.max() <= C
    gram = kernel(X, X)
    np.testing.assert_allclose(model.decision_function(X), gram @ beta + model.bias_, atol=1e-8)
    dual = model.alphas_.sum() - 0.5 * beta @ gram @ beta
    assert model.dual_objective_ == pytest.approx(dual, rel=1e-9)
    hinge = np.maximum(1 - y * (gram @ beta + model.bias_), 0).sum()
    primal = 0.5 * beta @ gram @ beta + C * hinge
    assert primal - dual == pytest.approx(0, abs=1e-4 * max(1.0, primal))
    assert primal - dual >= -1e-9


@pytest.mark.parametrize("C", [0.5, 5.0])
def test_a_general_solver_finds_no_better_dual(backend, C):
    X, y = noisy(1, n=14)
    model = SVM(C, kernel="gaussian", sigma=1.0, tol=1e-8).fit(X, y)
    Q = gaussian_kernel(X, X) * np.outer(y, y)
    found = minimize(
        lambda a: 0.5 * a @ Q @ a - a.sum(),
        np.full(14, C / 2),
        jac=lambda a: Q @ a - 1,
        bounds=[(0, C)] * 14,
        constraints=[{"type": "eq", "fun": lambda a: a @ y, "jac": lambda a: y.astype(float)}],
        method="SLSQP",
        options={"ftol": 1e-12, "maxiter": 1000},
    )
    assert model.dual_objective_ == pytest.approx(-found.fun, abs=1e-6)


@pytest.mark.parametrize("name", sorted(KERNELS))
def test_a_small_cache_changes_nothing(monkeypatch, name):
    if not has_numba():
        pytest.skip("numba is not installed")
    use(monkeypatch, "numba")
    X, y = noisy(7, n=60)
    full = SVM(2.0, kernel=name, **KERNELS[name][0]).fit(X, y)
    monkeypatch.setattr("impl.svm.CACHE", 180)  # three rows
    small = SVM(2.0, kernel=name, **KERNELS[name][0]).fit(X, y)
    np.testing.assert_allclose(small.alphas_, full.alphas_, atol=1e-8)
    use(monkeypatch, "numpy")
    plain = SVM(2.0, kernel=name, **KERNELS[name][0]).fit(X, y)
    np.testing.assert_allclose(plain.alphas_, full.alphas_, atol=1e-4)
    assert plain.dual_objective_ == pytest.approx(full.dual_objective_, rel=1e-7)
    given = SVM(2.0, kernel=KERNELS[name][1]).fit(X, y)
    assert given.dual_objective_ == pytest.approx(full.dual_objective_, rel=1e-7)


def test_hard_margin_is_the_limit_of_soft_ones(backend):
    rng = np.random.default_rng(0)
    X = np.concatenate([rng.normal(size=(15, 2)), rng.normal(size=(15, 2)) + 6])
    y = np.repeat([0, 1], 15)
    hard = SVM(np.inf, tol=1e-9).fit(X, y)
    soft = SVM(1e4, tol=1e-9).fit(X, y)
    np.testing.assert_allclose(hard.weights_, soft.weights_, atol=1e-7)
    assert 0.5 * hard.weights_ @ hard.weights_ == pytest.approx(hard.dual_objective_)


def test_inseparable_rows_are_said_to_be_so(backend):
    X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    y = np.array([0, 1, 1, 0])
    with pytest.raises(ValueError, match="inseparable, try a finite C"):
        SVM(np.inf).fit(X, y)
    for kernel in ("gaussian", "polynomial"):
        assert SVM(np.inf, kernel=kernel, degree=2).fit(X, y).score(X, y) == 1


def test_equal_rows_with_different_labels(backend):
    model = SVM(1.0).fit([[1.0], [1.0], [2.0], [0.0]], [0, 1, 1, 0])
    assert np.isfinite(model.alphas_).all()
    assert model.kkt_residual_ <= 1e-6
    constant = SVM(1.0).fit(np.full((4, 2), 3.0), [0, 1, 1, 1])
    np.testing.assert_array_equal(constant.predict([[3.0, 3.0]]), [1])
    with pytest.raises(ValueError, match="inseparable"):
        SVM(np.inf).fit([[1.0], [1.0]], [0, 1])


def test_labels_floats_and_layouts(backend):
    X, y = noisy(3)
    plain = SVM(kernel="gaussian").fit(X, y)
    names = SVM(kernel="gaussian").fit(np.asfortranarray(X), np.where(y > 0, "yes", "no"))
    np.testing.assert_array_equal(names.predict(X) == "yes", plain.predict(X) == 1)
    big = SVM(kernel="gaussian").fit(X, np.where(y > 0, 2**62 + 1, 2**62))
    assert set(big.predict(X)) == {2**62, 2**62 + 1}
    np.testing.assert_array_equal(big.alphas_, plain.alphas_)
    single = SVM().fit(X.astype(np.float32), y)
    assert single.decision_function(X.astype(np.float32)).dtype == np.float32
    np.testing.assert_allclose(single.weights_, SVM().fit(X, y).weights_, atol=1e-4)


def test_a_large_mean_moves_the_bias_only(backend):
    X, y = noisy(4)
    near, far = SVM(tol=1e-9).fit(X, y), SVM(tol=1e-9).fit(X + 1e5, y)
    np.testing.assert_allclose(far.weights_, near.weights_, atol=1e-6)
    np.testing.assert_allclose(far.decision_function(X + 1e5), near.decision_function(X), atol=1e-5)


def test_margins_by_hand():
    np.testing.assert_allclose(
        geometric_margins([[2.0, 0.0], [0.0, 0.0]], [1, 1], [3.0, 4.0], -1.0), [1.0, -0.2]
    )
    with pytest.raises(ValueError, match="weights must not be zero"):
        geometric_margins([[1.0]], [1], [0.0], 1.0)


@pytest.mark.parametrize(
    ("options", "X", "y", "error", "message"),
    [
        ({}, [[1.0]], [1], ValueError, "y must hold two classes; got 1"),
        ({}, [[np.nan], [1.0]], [0, 1], ValueError, "must be finite"),
        ({}, [1.0, 2.0], [0, 1], ShapeError, "must be 2-D"),
        ({}, [[1.0], [2.0]], [0], ShapeError, r"y must have shape \(2,\)"),
        ({"C": 0.0}, [[1.0], [2.0]], [0, 1], ValueError, "C and tol must be positive"),
        ({"kernel": "rbf"}, [[1.0], [2.0]], [0, 1], ValueError, "kernel must be one of"),
        ({"kernel": "gaussian", "sigma": 0.0}, [[1.0], [2.0]], [0, 1], ValueError, "sigma"),
        ({"max_steps": 0}, [[1.0], [2.0]], [0, 1], ValueError, "after 0 steps"),
    ],
)
def test_refusals(backend, options, X, y, error, message):
    with pytest.raises(error, match=message):
        SVM(**options).fit(X, y)
    with pytest.raises(NotFittedError):
        SVM().predict([[1.0]])


def test_against_the_library():
    sklearn = pytest.importorskip("sklearn.svm", reason="scikit-learn is not installed")
    X, y = noisy(9, n=120)
    ours = SVM(3.0, kernel="gaussian", sigma=1.2).fit(X, y)
    theirs = sklearn.SVC(C=3.0, gamma=0.5 / 1.2**2, tol=1e-7).fit(X, y)
    np.testing.assert_allclose(ours.decision_function(X), theirs.decision_function(X), atol=1e-4)

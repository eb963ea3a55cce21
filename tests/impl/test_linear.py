"""Linear models against exact solutions, optimality conditions and each other."""

import math
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from impl import core
from impl.checks import NotFittedError
from impl.core import ShapeError
from impl.linear import (
    LMS,
    BestSubset,
    GradientDescentRegression,
    Lasso,
    LinearRegression,
    RankWarning,
    Ridge,
    SimpleRegression,
    normal_equations,
)
from impl.printed.linear import inverse_normal_equations, lms_step

MODELS = [LinearRegression, Ridge, Lasso, BestSubset, LMS, GradientDescentRegression]


@pytest.fixture
def rng():
    return np.random.default_rng(21)


def problem(rng, n=60, d=4, noise=0.5, offset=0.0):
    X = rng.normal(size=(n, d)) @ rng.normal(size=(d, d)) + offset
    w = rng.normal(size=d)
    return X, X @ w + 1.5 + noise * rng.normal(size=n), w


points = st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=2, max_size=12)


@given(points)
def test_simple_regression_is_exact(pairs):
    xs, ys = zip(*pairs, strict=True)
    n = len(xs)
    if len(set(xs)) == 1:
        with pytest.raises(ValueError, match="two different values"):
            SimpleRegression().fit(xs, ys)
        return
    x_mean, y_mean = Fraction(sum(xs), n), Fraction(sum(ys), n)
    slope = sum((y - y_mean) * x for x, y in pairs) / sum((x - x_mean) * x for x in xs)
    model = SimpleRegression().fit(xs, ys)
    assert model.slope_ == pytest.approx(float(slope), abs=1e-11)
    assert model.intercept_ == pytest.approx(float(y_mean - slope * x_mean), abs=1e-10)
    both = LinearRegression().fit(np.array(xs)[:, None], ys)
    assert both.coef_[0] == pytest.approx(model.slope_, abs=1e-9)
    assert both.intercept_ == pytest.approx(model.intercept_, abs=1e-8)


def test_simple_regression_errors_by_hand():
    # y = 1, 2, 4 at x = 0, 1, 2: slope 3/2, intercept 5/6, residuals 1/6, -1/3, 1/6.
    model = SimpleRegression().fit([0, 1, 2], [1, 2, 4])
    assert model.slope_ == pytest.approx(1.5)
    assert model.intercept_ == pytest.approx(5 / 6)
    assert model.residual_variance_ == pytest.approx(1 / 6)
    assert model.slope_error_ == pytest.approx(math.sqrt(1 / 12))
    assert model.intercept_error_ == pytest.approx(math.sqrt(1 / 6 * (1 / 3 + 1 / 2)))
    assert model.r_squared_ == pytest.approx(1 - (1 / 6) / (14 / 3))
    np.testing.assert_allclose(model.predict([3.0]), [5 / 6 + 4.5])
    two = SimpleRegression().fit([0, 1], [0, 2])
    assert two.slope_ == 2
    assert math.isnan(two.slope_error_)
    assert math.isnan(SimpleRegression().fit([0, 1, 2], [5, 5, 5]).r_squared_)


@pytest.mark.parametrize("fit_intercept", [True, False])
def test_residuals_are_orthogonal_to_the_columns(rng, fit_intercept):
    X, y, _ = problem(rng, n=5000, d=7, offset=3.0)
    model = LinearRegression(fit_intercept).fit(X, y)
    residual = y - model.predict(X)
    assert np.abs(X.T @ residual).max() < 1e-8
    assert (abs(residual.sum()) < 1e-8) == fit_intercept
    assert model.residual_sum_ == pytest.approx(residual @ residual)
    assert model.rank_ == 7
    w, b = normal_equations(X, y, fit_intercept)
    np.testing.assert_allclose(w, model.coef_, rtol=1e-8)
    assert b == pytest.approx(model.intercept_, abs=1e-9)


def test_blocks_make_no_difference(rng):
    X, y, _ = problem(rng, n=60_000, d=3)
    A = np.column_stack([X, np.ones(len(X))])
    expected = np.linalg.lstsq(A, y, rcond=None)[0]
    for model in (LinearRegression(), Ridge(alpha=1e-9)):
        model.fit(X, y)
        np.testing.assert_allclose([*model.coef_, model.intercept_], expected, rtol=1e-8)


def test_rank_deficiency_is_diagnosed(rng):
    X = rng.normal(size=(30, 3)) + 100.0
    X = np.column_stack([X, X[:, 0] - 2 * X[:, 1], np.full(30, 7.0)])
    y = X @ rng.normal(size=5)
    with pytest.warns(RankWarning, match="5 columns have rank 3"):
        model = LinearRegression().fit(X, y)
    assert model.rank_ == 3
    centred = X - X.mean(0)
    expected = np.linalg.pinv(centred, rcond=1e-10) @ (y - y.mean())
    np.testing.assert_allclose(model.coef_, expected, atol=1e-9)
    np.testing.assert_allclose(model.predict(X), y, rtol=1e-10)
    with pytest.raises(ValueError, match="invertible"):
        normal_equations(X, y, fit_intercept=True)
    with pytest.warns(RankWarning):
        wide = LinearRegression().fit(X[:3], y[:3])
    np.testing.assert_allclose(wide.predict(X[:3]), y[:3], rtol=1e-9)


def test_units_do_not_change_the_rank(rng):
    X, y, _ = problem(rng, n=3000)
    units = np.array([1e9, 1e-9, 1.0, 1e4])
    plain, model = LinearRegression().fit(X, y), LinearRegression().fit(X * units, y)
    assert model.rank_ == 4
    assert model.condition_ == pytest.approx(plain.condition_)
    np.testing.assert_allclose(model.coef_ * units, plain.coef_, rtol=1e-7)
    singular = np.linalg.svd(X - X.mean(0), compute_uv=False)
    np.testing.assert_allclose(plain.singular_values_, singular)
    twice = np.column_stack([X, 1e6 * X[:, 0], np.zeros(3000)])
    with pytest.warns(RankWarning, match="6 columns have rank 4"):
        model = LinearRegression().fit(twice, y)
    np.testing.assert_allclose(
        model.coef_, np.linalg.pinv(twice - twice.mean(0)) @ (y - y.mean()), atol=1e-8
    )
    with pytest.warns(RankWarning, match="rank 0"):
        assert LinearRegression().fit(np.ones((5, 2)), np.arange(5)).coef_.tolist() == [0, 0]


def test_ill_conditioned_problems(rng):
    """QR keeps half of the digits where the normal equations have none left."""
    t = np.linspace(0, 1, 200)
    X = np.vander(t, 11)
    w = np.ones(11)
    model = LinearRegression(fit_intercept=False).fit(X, X @ w)
    assert model.condition_ > 1e6
    np.testing.assert_allclose(model.coef_, w, atol=1e-6)
    assert np.abs(inverse_normal_equations(X, X @ w) - w).max() > 1e-3


def test_the_printed_lms_step_climbs():
    w, x, y = np.array([0.5, -1.0]), np.array([1.0, 2.0]), 1.0
    before = (w @ x - y) ** 2
    assert (lms_step(w, x, y, 0.1) @ x - y) ** 2 == pytest.approx(before * (1 + 0.1 * 5) ** 2)
    right = LMS(learning_rate=0.1, epochs=1, fit_intercept=False).fit(x[None], [y])
    # From 0 the first step is rate * y * x.
    np.testing.assert_allclose(right.coef_, 0.1 * y * x)


def test_lms_finds_what_fits_exactly(rng):
    X, _, w = problem(rng, noise=0)
    X = X / np.linalg.norm(X, axis=0)
    y = X @ w + 0.5
    model = LMS(epochs=4000, rng=rng).fit(X, y)
    np.testing.assert_allclose(model.coef_, w, atol=1e-3)
    assert model.losses_[-1] < 1e-4 * model.losses_[0]
    with pytest.raises(ValueError, match="learning_rate must be smaller"):
        LMS(learning_rate=1e3, epochs=300).fit(X, y)


def test_gradient_descent_never_climbs_and_arrives(rng):
    X, y, _ = problem(rng)
    model = GradientDescentRegression(max_iter=200_000, tol=1e-10).fit(X, y)
    exact = LinearRegression().fit(X, y)
    assert model.converged_
    np.testing.assert_allclose(model.coef_, exact.coef_, atol=1e-7)
    assert model.intercept_ == pytest.approx(exact.intercept_, abs=1e-7)
    assert (np.diff(model.losses_) <= 1e-12).all()
    assert model.losses_[-1] == pytest.approx(exact.residual_sum_ / 2 / len(y), rel=1e-9)
    assert not GradientDescentRegression(max_iter=1).fit(X, y).converged_
    with pytest.raises(ValueError, match="diverged"):
        GradientDescentRegression(learning_rate=100.0).fit(X, y)


@pytest.mark.parametrize("shape", [(60, 4), (5, 20), (1, 3)])
def test_ridge_gradient_vanishes(rng, shape):
    X, y = rng.normal(size=shape) + 5, rng.normal(size=shape[0])
    for intercept in (True, False):
        model = Ridge(alpha=0.7, fit_intercept=intercept).fit(X, y)
        residual = y - model.predict(X)
        np.testing.assert_allclose(X.T @ residual, 0.7 * model.coef_, atol=1e-9)
        if intercept:
            assert residual.sum() == pytest.approx(0, abs=1e-9)


def test_ridge_with_a_large_mean(rng):
    X, y, _ = problem(rng, n=3000)
    near, far = Ridge().fit(X, y), Ridge().fit(X + 1e7, y)
    np.testing.assert_allclose(far.coef_, near.coef_, rtol=1e-6)


def lasso_objective(X, y, w, b, alpha):
    return ((y - X @ w - b) ** 2).sum() / (2 * len(y)) + alpha * np.abs(w).sum()


@pytest.mark.parametrize("alpha", [1e-4, 0.03, 0.5, 50.0])
def test_lasso_conditions(rng, alpha):
    X, y, _ = problem(rng, d=8)
    model = Lasso(alpha=alpha, tol=1e-13).fit(X, y)
    w, n = model.coef_, len(y)
    correlation = X.T @ (y - model.predict(X)) / n
    active = w != 0
    np.testing.assert_allclose(correlation[active], alpha * np.sign(w[active]), atol=1e-6)
    assert (np.abs(correlation[~active]) <= alpha + 1e-6).all()
    value = lasso_objective(X, y, w, model.intercept_, alpha)
    assert model.objective_ == pytest.approx(value, rel=1e-9)
    assert model.converged_
    if alpha == 50.0:
        assert not active.any()
        assert model.intercept_ == pytest.approx(y.mean())
        assert model.gap_ == pytest.approx(0, abs=1e-12)


def test_lasso_of_orthogonal_columns_is_soft_thresholding():
    X = np.kron(np.eye(3), np.ones((4, 1))) * 2
    y = X @ [3.0, -0.5, 1.0]
    # Each column has |x|^2 / n = 16 / 12; w is moved by alpha 12 / 16 towards 0.
    model = Lasso(alpha=1.0, fit_intercept=False, tol=1e-14).fit(X, y)
    np.testing.assert_allclose(model.coef_, [2.25, 0.0, 0.25], atol=1e-12)
    rough = Lasso(alpha=1.0, fit_intercept=False, tol=0.5).fit(X, y)
    excess = rough.objective_ - model.objective_
    assert excess <= rough.gap_ + 1e-12


def test_lasso_that_is_not_done_says_so(rng):
    X, y, _ = problem(rng, d=8)
    with pytest.warns(UserWarning, match="max_iter must be larger"):
        model = Lasso(alpha=1.0, tol=1e-13, max_iter=0).fit(X, y)
    assert not model.converged_
    assert model.gap_ > 0


def test_best_subset_against_every_subset(rng):
    X, y, _ = problem(rng, d=5)
    model = BestSubset(alpha=3.0).fit(X, y)
    A = np.column_stack([X, np.ones(len(y))])
    costs = {}
    for k in range(6):
        for s in combinations(range(5), k):
            columns = A[:, [*s, 5]]
            r = y - columns @ np.linalg.lstsq(columns, y, rcond=None)[0]
            costs[s] = r @ r + 3.0 * k
    assert model.support_ == min(costs, key=costs.get)
    residual = y - model.predict(X)
    assert residual @ residual + 3.0 * len(model.support_) == pytest.approx(min(costs.values()))
    assert (np.diff(model.residual_sums_) <= 1e-9).all()
    assert set(np.flatnonzero(model.coef_)) == set(model.support_)
    assert BestSubset(max_features=0).fit(X, y).support_ == ()
    sparse = X @ [0, 2.0, 0, 0, -1.0]
    assert BestSubset().fit(X, sparse).support_ == (1, 4)
    with pytest.raises(ValueError, match="at most 16 columns"):
        BestSubset().fit(np.zeros((3, 17)), np.zeros(3))


@pytest.mark.parametrize("model", MODELS)
def test_layouts_types_and_inputs(model, rng):
    X, y, _ = problem(rng)
    X /= 10
    kept = X.copy(), y.copy()
    rows = model().fit(X, y)
    columns = model(layout="columns").fit(X.T, y)
    np.testing.assert_allclose(columns.coef_, rows.coef_, rtol=1e-9)
    np.testing.assert_allclose(columns.predict(X.T), rows.predict(X), rtol=1e-9)
    np.testing.assert_array_equal(X, kept[0])
    np.testing.assert_array_equal(y, kept[1])
    single = model().fit(X.astype(np.float32), y.astype(np.float32))
    assert single.coef_.dtype == np.float32
    assert single.predict(X.astype(np.float32)).dtype == np.float32
    np.testing.assert_allclose(single.coef_, rows.coef_, rtol=1e-3, atol=1e-4)
    assert model().fit(np.asfortranarray(X), y).coef_ == pytest.approx(rows.coef_, rel=1e-9)


@pytest.mark.parametrize("model", MODELS)
def test_what_is_refused(model, rng):
    X, y, _ = problem(rng)
    name = model.__name__
    with pytest.raises(NotFittedError, match=name):
        model().predict(X)
    with pytest.raises(ShapeError, match=rf"{name}.fit: X must be 2-D .* got shape \(5,\)"):
        model().fit(np.zeros(5), np.zeros(5))
    with pytest.raises(ShapeError, match=r"y must have shape \(60,\); got \(59,\)"):
        model().fit(X, y[1:])
    with pytest.raises(ShapeError, match="at least one row"):
        model().fit(X[:0], y[:0])
    with pytest.raises(ValueError, match="layout must be"):
        model(layout="diagonal").fit(X, y)
    X[3, 1] = np.nan
    with pytest.raises(ValueError, match=r"finite; got nan at \(3, 1\)"):
        model().fit(X, y)
    X[3, 1] = 0
    with pytest.raises(ShapeError, match="must have 4 columns"):
        model().fit(X, y).predict(X[:, :3])
    for alpha in (-1.0, 0.0, math.inf):
        if model in (Ridge, Lasso):
            with pytest.raises(ValueError, match="alpha must be"):
                model(alpha=alpha).fit(X, y)


@pytest.mark.parametrize("model", MODELS)
def test_one_example_and_constant_columns(model):
    if model is LinearRegression:
        with pytest.warns(RankWarning):
            fitted = model().fit([[2.0, 1.0]], [3.0])
    else:
        fitted = model().fit([[2.0, 1.0]], [3.0])
    np.testing.assert_allclose(fitted.predict([[2.0, 1.0]]), [3.0], atol=1e-6)


def test_compiled_loops_agree_with_numpy(rng, monkeypatch):
    X, y, _ = problem(rng, n=2000, d=150)
    lms = LMS(epochs=3, learning_rate=1e-5)
    lasso = Lasso(alpha=0.05, tol=1e-10)
    results = []
    for numba in (True, False):
        monkeypatch.setattr(core, "has_numba", lambda numba=numba: numba)
        if not numba:
            monkeypatch.delitem(__import__("sys").modules, "impl._kernels.linear")
        results.append((lms.fit(X, y).coef_.copy(), lasso.fit(X, y).coef_.copy()))
    np.testing.assert_allclose(results[0][0], results[1][0], rtol=1e-9)
    np.testing.assert_allclose(results[0][1], results[1][1], rtol=1e-4, atol=1e-6)


def test_float32_columns_far_from_the_origin_keep_their_rank():
    rng = np.random.default_rng(3)
    X = (rng.normal(size=(200, 4)) + 1e4).astype(np.float32)
    y = (X.astype(float) @ [1.0, -1.0, 2.0, 0.5]).astype(np.float32)
    model = LinearRegression().fit(X, y)
    assert model.rank_ == 4
    np.testing.assert_allclose(model.coef_, [1.0, -1.0, 2.0, 0.5], atol=2e-3)

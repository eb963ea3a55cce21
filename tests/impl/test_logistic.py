"""Logistic and softmax regression: closed forms, optimality, separable classes, extremes."""

import math
import sys
import warnings

import numpy as np
import pytest
from scipy import optimize

from impl import core
from impl.checks import NotFittedError
from impl.core import ShapeError
from impl.lbfgs import lbfgs
from impl.logistic import LogisticRegression, SeparationWarning
from impl.multinomial import MultinomialRegression
from impl.printed.logistic import cross_entropy_by_logarithms, log_likelihood_without_logarithms

SOLVERS = ["newton", "lbfgs", "gradient"]


@pytest.fixture
def rng():
    return np.random.default_rng(31)


def problem(rng, n=300, d=4, scale=1.0):
    X = rng.normal(size=(n, d)) * scale
    w = rng.normal(size=d) / scale
    y = (rng.random(n) < 1 / (1 + np.exp(-(X @ w) - 0.5))).astype(int)
    return X, y


def classes(rng, n=400, d=4, k=3):
    X = rng.normal(size=(n, d))
    return X, (X @ rng.normal(size=(d, k)) + rng.gumbel(size=(n, k))).argmax(axis=1)


def gradient(X, y, w, b, l2):
    """Of sum log(1 + e^-sz) + l2/2 |w|^2, straight from the definition."""
    residual = 1 / (1 + np.exp(-(X @ w + b))) - y
    return np.append(X.T @ residual + l2 * w, residual.sum())


@pytest.mark.parametrize("solver", SOLVERS)
def test_a_two_by_two_table_by_hand(solver):
    # 3 of 10 are positive at x = 0, and 8 of 10 at x = 1: the odds are 3/7 and 4.
    x = np.repeat([0.0, 1.0], 10)[:, None]
    y = np.r_[np.ones(3), np.zeros(7), np.ones(8), np.zeros(2)]
    model = LogisticRegression(solver=solver, tol=1e-8).fit(x, y)
    assert model.converged_
    assert model.intercept_ == pytest.approx(math.log(3 / 7), abs=1e-6)
    assert model.coef_[0] == pytest.approx(math.log(4) - math.log(3 / 7), abs=1e-6)
    likelihood = 3 * math.log(0.3) + 7 * math.log(0.7) + 8 * math.log(0.8) + 2 * math.log(0.2)
    assert model.loss_ == pytest.approx(-likelihood, rel=1e-12)
    np.testing.assert_allclose(model.predict_proba([[0.0], [1.0]])[:, 1], [0.3, 0.8], atol=1e-6)
    assert model.predict([[0.0], [1.0]]).tolist() == [0, 1]
    assert model.separation_ is None


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("l2", [0.0, 2.5])
def test_the_gradient_vanishes(rng, solver, l2):
    X, y = problem(rng)
    model = LogisticRegression(l2=l2, solver=solver, tol=1e-8).fit(X, y)
    assert model.converged_
    assert np.abs(gradient(X, y, model.coef_, model.intercept_, l2)).max() < 1e-5
    without = LogisticRegression(l2=l2, solver=solver, tol=1e-8, fit_intercept=False).fit(X, y)
    assert without.intercept_ == 0
    assert np.abs(gradient(X, y, without.coef_, 0, l2)[:-1]).max() < 1e-5


def test_stochastic_gradient_comes_near(rng):
    X, y = problem(rng)
    best = LogisticRegression().fit(X, y)
    model = LogisticRegression(solver="sgd", max_iter=60, learning_rate=0.01, rng=rng).fit(X, y)
    assert best.loss_ <= model.loss_ < best.loss_ * 1.01
    assert model.losses_[-1] < model.losses_[0]
    one = LogisticRegression(
        solver="sgd", max_iter=1, learning_rate=0.5, fit_intercept=False, tol=0
    ).fit([[2.0, -1.0], [0.0, 0.0]], [1, 0])
    # From 0, h = 1/2: w = rate (1 - 1/2) x.
    np.testing.assert_allclose(one.coef_, [0.5, -0.25])


def test_many_examples_by_one_pass_loops(rng, monkeypatch):
    X, y = problem(rng, n=20_000, d=10)
    newton = LogisticRegression(l2=1.0, solver="newton", tol=1e-11).fit(X, y)
    for numba in (True, False):
        monkeypatch.setattr(core, "has_numba", lambda numba=numba: numba)
        monkeypatch.delitem(sys.modules, "impl._kernels.linear", raising=False)
        model = LogisticRegression(l2=1.0, solver="lbfgs", tol=1e-8).fit(X, y)
        np.testing.assert_allclose(model.coef_, newton.coef_, atol=1e-6)
        assert model.loss_ == pytest.approx(newton.loss_, rel=1e-12)
        assert LogisticRegression(l2=1.0).fit(X, y).converged_


@pytest.mark.parametrize("solver", SOLVERS)
def test_separable_classes_are_diagnosed(rng, solver):
    X = rng.normal(size=(40, 2))
    y = X[:, 0] + 2 * X[:, 1] > 0.3
    X[y] += 0.1
    with pytest.warns(SeparationWarning, match=r"separable \(complete\).*l2 must be positive"):
        model = LogisticRegression(solver=solver).fit(X, y)
    assert model.separation_ == "complete"
    assert not model.converged_
    assert model.score(X, y) == 1.0
    assert LogisticRegression(l2=0.1, solver=solver).fit(X, y).separation_ is None


@pytest.mark.parametrize("solver", ["newton", "lbfgs"])
def test_quasi_complete_separation_is_diagnosed(solver):
    # x = 1 is always positive, x = 0 is both: w goes to infinity while b has its best value.
    x = np.r_[np.zeros(10), np.ones(6)][:, None]
    y = np.r_[np.ones(4), np.zeros(6), np.ones(6)]
    with pytest.warns(SeparationWarning, match="quasi-complete"):
        model = LogisticRegression(solver=solver).fit(x, y)
    assert model.separation_ == "quasi-complete"
    assert model.predict_proba([[0.0]])[0, 1] == pytest.approx(0.4, abs=1e-3)


def test_a_rare_feature_of_one_class_is_diagnosed(rng):
    X, y = problem(rng, n=30_000)
    rare = np.zeros(30_000)
    rare[np.flatnonzero(y)[[7, 77, 777]]] = 1.0  # only ever seen with y = 1
    both = np.column_stack([X, rare])
    with pytest.warns(SeparationWarning, match="quasi-complete"):
        LogisticRegression(solver="lbfgs").fit(both, y)
    both[np.flatnonzero(y == 0)[0], -1] = 1.0  # now its odds are 3 to 1 or so
    model = LogisticRegression(solver="lbfgs").fit(both, y)
    assert model.separation_ is None
    assert np.abs(gradient(both, y, model.coef_, model.intercept_, 0)).max() < 1e-1


def separation_by_linear_programming(X, y):
    """The largest margin sum of a direction on whose wrong side no example is; and the least."""
    A = np.column_stack([X, np.ones(len(X))]) * np.where(y, 1, -1)[:, None]
    box = [(-1, 1)] * A.shape[1]
    weak = optimize.linprog(-A.sum(axis=0), A_ub=-A, b_ub=np.zeros(len(A)), bounds=box)
    if -weak.fun < 1e-7:
        return None
    least = np.column_stack([-A, np.ones(len(A))])
    cost = np.r_[np.zeros(A.shape[1]), -1.0]
    strict = optimize.linprog(cost, A_ub=least, b_ub=np.zeros(len(A)), bounds=[*box, (None, 1)])
    return "complete" if -strict.fun > 1e-7 else "quasi-complete"


@pytest.mark.parametrize("solver", ["newton", "lbfgs"])
def test_separation_is_what_linear_programming_says(solver):
    rng = np.random.default_rng(77)
    seen = []
    for _ in range(120):
        n = int(rng.integers(4, 25))
        X = rng.integers(-2, 3, size=(n, int(rng.integers(1, 4)))).astype(float)
        y = rng.integers(0, 2, size=n)
        y[:2] = 0, 1
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SeparationWarning)
            model = LogisticRegression(solver=solver).fit(X, y)
        expected = separation_by_linear_programming(X, y)
        assert model.separation_ == expected
        assert model.converged_ == (expected is None)
        seen.append(expected)
    assert {None, "complete", "quasi-complete"} == set(seen)


@pytest.mark.parametrize("solver", ["newton", "lbfgs"])
def test_nearly_separable_is_not_separable(rng, solver):
    x = np.linspace(-1, 1, 400)[:, None]
    y = (x[:, 0] > 0).astype(int)
    y[[198, 201]] = 1, 0  # a small overlap around 0: a best w exists and is large
    model = LogisticRegression(solver=solver, tol=1e-9).fit(x, y)
    assert model.separation_ is None
    assert model.converged_
    assert model.coef_[0] > 50
    assert np.abs(gradient(x, y, model.coef_, model.intercept_, 0)).max() < 1e-5
    rare = np.r_[1, np.zeros(3000)]
    model = LogisticRegression(solver=solver).fit(rng.normal(size=(3001, 1)) * 1e-3, rare)
    assert model.separation_ is None


def test_dependent_columns_are_no_separation(rng):
    X, y = problem(rng)
    double = np.column_stack([X, X[:, 0] + X[:, 1], np.ones(len(X))])
    one, two = LogisticRegression().fit(X, y), LogisticRegression().fit(double, y)
    np.testing.assert_allclose(two.predict_proba(double), one.predict_proba(X), atol=1e-6)
    assert two.separation_ is None


@pytest.mark.parametrize("solver", ["newton", "lbfgs"])
def test_units_do_not_matter(rng, solver):
    X, y = problem(rng)
    units = np.array([1e6, 1e-6, 1.0, 1e3])
    plain = LogisticRegression(solver="newton").fit(X, y)
    model = LogisticRegression(solver=solver).fit(X * units + [0, 0, 1e3, 0], y)
    np.testing.assert_allclose(model.coef_ * units, plain.coef_, atol=1e-2)


def test_start_far_out_does_not_overflow():
    X = np.array([[1e4], [-1e4], [9e3], [-9e3]])
    model = LogisticRegression(l2=1e-3, solver="lbfgs").fit(X, [1, 0, 0, 1])
    assert np.isfinite(model.loss_)
    assert np.isfinite(model.predict_proba([[1e300]])).all()


def test_printed_forms_fail():
    scores, y = np.array([40.0, -1.0]), np.array([0.0, 0.0])
    right = 40 + math.log1p(math.exp(-1))
    assert np.logaddexp(0, scores).sum() == pytest.approx(right)
    assert cross_entropy_by_logarithms(scores, y) == math.inf
    assert cross_entropy_by_logarithms([0.5], [1]) == pytest.approx(math.log1p(math.exp(-0.5)))
    assert math.isnan(cross_entropy_by_logarithms([800.0], [1]))
    assert log_likelihood_without_logarithms([0.0, 0.0], [1, 0]) == 1.0


@pytest.mark.parametrize("model", [LogisticRegression, MultinomialRegression])
@pytest.mark.parametrize("labels", [["no", "yes"], [2**60, 2**60 + 1], [False, True], [-5, 7]])
def test_labels_of_any_kind(rng, model, labels):
    X, y = problem(rng, n=60)
    labels = np.array(labels)
    fitted = model(l2=1.0).fit(X, labels[y])
    assert fitted.classes_.tolist() == labels.tolist()
    assert set(fitted.predict(X)) <= set(labels)
    assert fitted.score(X, labels[y]) == pytest.approx(model(l2=1.0).fit(X, y).score(X, y))


@pytest.mark.parametrize("model", [LogisticRegression, MultinomialRegression])
def test_types_layouts_and_refusals(rng, model):
    X, y = problem(rng, n=80)
    kept = X.copy()
    whole = model(l2=1.0).fit(X, y)
    single = model(l2=1.0, tol=1e-5).fit(X.astype(np.float32), y)
    assert single.coef_.dtype == np.float32
    assert single.predict_proba(X.astype(np.float32)).dtype == np.float32
    np.testing.assert_allclose(single.coef_, whole.coef_, atol=1e-3)
    np.testing.assert_allclose(model(l2=1.0).fit(np.asfortranarray(X), y).coef_, whole.coef_)
    np.testing.assert_array_equal(X, kept)
    np.testing.assert_allclose(whole.predict_proba(X).sum(axis=1), 1)
    name = model.__name__
    for call, error, message in [
        (lambda: model().predict(X), NotFittedError, f"{name}: call fit"),
        (lambda: model().fit(X, np.zeros(80)), ValueError, "two classes"),
        (lambda: model().fit(X, y[1:]), ShapeError, r"y must have shape \(80,\)"),
        (lambda: model().fit(X[0], y), ShapeError, f"{name}.fit: X must be 2-D"),
        (lambda: model(l2=-1).fit(X, y), ValueError, "l2 must be"),
        (lambda: model(solver="magic").fit(X, y), ValueError, "solver must be"),
        (lambda: model().fit(X, y + 0.5), ValueError, "whole numbers or strings"),
        (lambda: whole.predict(X[:, :2]), ShapeError, "4 columns"),
        (lambda: model().fit(np.where(X > 1, np.nan, X), y), ValueError, "finite; got nan"),
    ]:
        with pytest.raises(error, match=message):
            call()
    with pytest.raises(ValueError, match="for more, MultinomialRegression"):
        LogisticRegression().fit(X, np.arange(80))


# Softmax regression


def softmax_gradient(X, y, model, l2):
    p = model.predict_proba(X)
    p[np.arange(len(y)), y] -= 1
    return np.column_stack([p.T @ X + l2 * model.coef_, p.sum(axis=0)])


@pytest.mark.parametrize("solver", ["lbfgs", "gradient"])
@pytest.mark.parametrize("l2", [0.0, 1.5])
def test_softmax_gradient_vanishes(rng, solver, l2):
    X, y = classes(rng)
    model = MultinomialRegression(l2=l2, solver=solver).fit(X, y)
    assert model.converged_
    assert np.abs(softmax_gradient(X, y, model, l2)).max() < 1e-3
    np.testing.assert_allclose(model.coef_.sum(axis=0), 0, atol=1e-12)
    own = model.predict_proba(X)[np.arange(len(y)), y]
    penalty = 0.5 * l2 * (model.coef_**2).sum()
    assert model.loss_ == pytest.approx(-np.log(own).sum() + penalty, rel=1e-10)


def test_two_classes_are_logistic_regression(rng):
    X, y = problem(rng)
    two = MultinomialRegression(l2=2.0, tol=1e-9).fit(X, y)
    one = LogisticRegression(l2=1.0).fit(X, y)  # half: w is spread over two rows
    np.testing.assert_allclose(two.coef_[1] - two.coef_[0], one.coef_, atol=1e-6)
    np.testing.assert_allclose(two.predict_proba(X), one.predict_proba(X), atol=1e-6)


def test_without_features_the_shares_come_out():
    y = np.repeat(["a", "b", "c"], [5, 3, 2])
    model = MultinomialRegression().fit(np.zeros((10, 1)), y)
    np.testing.assert_allclose(model.predict_proba([[0.0]]), [[0.5, 0.3, 0.2]], atol=1e-6)


def test_softmax_on_many_examples_and_by_batches(rng):
    X, y = classes(rng, n=30_000, d=6, k=4)
    model = MultinomialRegression(l2=1.0).fit(X, y)
    assert np.abs(softmax_gradient(X, y, model, 1.0)).max() < 0.1
    few = MultinomialRegression(
        l2=1.0, solver="sgd", batch_size=50, learning_rate=0.3, max_iter=2, rng=rng
    ).fit(X, y)
    assert model.loss_ <= few.loss_ < 1.02 * model.loss_


def test_separable_softmax_is_diagnosed(rng):
    X = rng.normal(size=(30, 2)) * 0.1 + np.repeat(np.array([[0, 0], [3, 0], [0, 3]]), 10, axis=0)
    y = np.repeat([0, 1, 2], 10)
    with pytest.warns(SeparationWarning):
        model = MultinomialRegression().fit(X, y)
    assert model.separable_
    assert not model.converged_
    assert model.score(X, y) == 1
    assert not MultinomialRegression(l2=0.1).fit(X, y).separable_


# The minimiser


def test_lbfgs_on_a_valley_and_a_bowl():
    def valley(x):
        a, b = 1 - x[0], x[1] - x[0] ** 2
        return a * a + 100 * b * b, np.array([-2 * a - 400 * x[0] * b, 200 * b])

    found = lbfgs(valley, np.array([-1.2, 1.0]), tol=1e-9)
    assert found.converged
    np.testing.assert_allclose(found.x, [1, 1], atol=1e-8)
    scale = 10.0 ** np.arange(6)

    def bowl(x):
        return 0.5 * float(scale @ (x * x)), scale * x

    assert lbfgs(bowl, np.ones(6), tol=1e-8).value < 1e-15
    exact = lbfgs(bowl, np.ones(6), tol=1e-8, inverse_hessian=lambda g: g / scale)
    assert exact.n_iter == 1
    assert not lbfgs(bowl, np.ones(6), tol=1e-8, max_iter=2).converged
    assert lbfgs(bowl, np.zeros(6)).n_iter == 0
    with pytest.raises(ValueError, match="finite at the start"):
        lbfgs(lambda x: (math.nan, x), np.ones(2))


def test_lbfgs_where_the_function_is_not_smooth():
    found = lbfgs(lambda x: (float(np.abs(x).sum()), np.sign(x)), np.array([0.3, -2.0]))
    assert found.value < 0.1


# Against the library


@pytest.mark.parametrize("name", ["breast_cancer", "iris", "wine", "digits"])
def test_against_scikit_learn(name):
    reason = "scikit-learn is not installed: comparison with the library left out"
    datasets = pytest.importorskip("sklearn.datasets", reason=reason)
    linear = pytest.importorskip("sklearn.linear_model", reason=reason)
    X, y = getattr(datasets, f"load_{name}")(return_X_y=True)
    X = (X - X.mean(0)) / (X.std(0) + 1e-9)
    # Its threads wait for each other for seconds when something else wants a core.
    with pytest.importorskip("threadpoolctl", reason=reason).threadpool_limits(1):
        theirs = linear.LogisticRegression(C=1.0, tol=1e-8, max_iter=2000).fit(X, y)
    two = len(set(y)) == 2
    ours = (LogisticRegression if two else MultinomialRegression)(l2=1.0).fit(X, y)
    np.testing.assert_allclose(ours.predict_proba(X), theirs.predict_proba(X), atol=2e-4)
    assert ours.score(X, y) == pytest.approx(theirs.score(X, y), abs=1e-9)
    print(f"{name}: ours {ours.score(X, y):.4f}, scikit-learn {theirs.score(X, y):.4f}")  # noqa: T201


@pytest.mark.parametrize("offset", [1e4, 1e6, 1e8])
@pytest.mark.parametrize("solver", ["newton", "lbfgs"])
def test_an_offset_of_the_columns_changes_the_intercept_alone(offset, solver):
    rng = np.random.default_rng(11)
    X = rng.normal(size=(150, 3))
    y = X @ [1.0, -2.0, 0.5] + rng.normal(size=150) > 0
    near = LogisticRegression(l2=1.0, solver=solver, tol=1e-10).fit(X, y)
    far = LogisticRegression(l2=1.0, solver=solver, tol=1e-10).fit(X + offset, y)
    assert far.converged_
    np.testing.assert_allclose(far.coef_, near.coef_, rtol=1e-5)
    np.testing.assert_array_equal(far.predict(X + offset), near.predict(X))

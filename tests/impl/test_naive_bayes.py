"""Naive Bayes against exact counts and Bayes' rule by hand."""

import math
import sys
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from impl import core
from impl.checks import NotFittedError
from impl.core import ShapeError
from impl.naive_bayes import BernoulliNB, CategoricalNB, GaussianNB, MultinomialNB
from impl.printed.naive_bayes import joint_by_products

MODELS = [GaussianNB, MultinomialNB, BernoulliNB, CategoricalNB]


@pytest.fixture
def rng():
    return np.random.default_rng(41)


def bits(rng, n=60, d=3, k=3):
    return rng.integers(0, 2, size=(n, d)), rng.integers(0, k, size=n)


def test_gaussian_by_scipy(rng):
    X = rng.normal(size=(80, 3)) * [1, 5, 0.2] + 3
    y = rng.integers(0, 3, size=80)
    model = GaussianNB(var_smoothing=0.0).fit(X, y)
    for k in range(3):
        own = X[y == k]
        np.testing.assert_allclose(model.theta_[k], own.mean(0), rtol=1e-12)
        np.testing.assert_allclose(model.var_[k], own.var(0), rtol=1e-12)
        density = stats.norm.logpdf(X, own.mean(0), own.std(0)).sum(axis=1)
        expected = math.log(len(own) / 80) + density
        np.testing.assert_allclose(model.joint_log_likelihood(X)[:, k], expected, rtol=1e-10)
    np.testing.assert_allclose(model.predict_proba(X).sum(axis=1), 1)
    assert (model.predict(X) == model.predict_proba(X).argmax(axis=1)).all()


@pytest.mark.parametrize("numba", [True, False])
def test_gaussian_with_large_and_distant_means(rng, numba, monkeypatch):
    monkeypatch.setattr(core, "has_numba", lambda: numba)
    monkeypatch.delitem(sys.modules, "impl._kernels.linear", raising=False)
    y = rng.integers(0, 2, size=30_000)
    X = rng.normal(size=(30_000, 5)) + 1e6 * (1 + y[:, None])
    X[0] += 1e5  # the first example is an odd one
    model = GaussianNB(var_smoothing=0.0).fit(X, y)
    for k in range(2):
        np.testing.assert_allclose(model.var_[k], X[y == k].var(axis=0), rtol=1e-9)
        np.testing.assert_allclose(model.theta_[k], X[y == k].mean(axis=0), rtol=1e-14)
    assert model.score(X[1:], y[1:]) == 1
    shifted = model.joint_log_likelihood(X[1:200])
    expected = stats.norm.logpdf(X[1:200, None, :], model.theta_, np.sqrt(model.var_)).sum(axis=2)
    np.testing.assert_allclose(shifted, expected + model.class_log_prior_, rtol=1e-9)


def test_gaussian_smoothing_of_constant_features(rng):
    X = rng.normal(size=(20, 2))
    X[:, 1] = np.repeat([0.0, 1.0], 10)
    y = np.repeat([0, 1], 10)
    model = GaussianNB(var_smoothing=0.01).fit(X, y)
    np.testing.assert_allclose(model.var_[:, 1], 0.01 * max(X.var(axis=0)), rtol=1e-12)
    with pytest.raises(ValueError, match="must vary within each class"):
        GaussianNB(var_smoothing=0.0).fit(X, y)
    with pytest.raises(ValueError, match="must vary"):
        GaussianNB().fit(np.ones((4, 2)), [0, 0, 1, 1])
    assert GaussianNB().fit(X, np.zeros(20)).predict(X).tolist() == [0] * 20


tables = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 1), st.integers(0, 1)), min_size=1)


@given(tables, st.fractions(0, 3, max_denominator=4))
def test_categorical_is_counting(rows, alpha):
    X, y = np.array(rows)[:, :2], np.array(rows)[:, 2]
    model = CategoricalNB(float(alpha)).fit(X, y)
    for i, (a, b) in enumerate(X):
        for k, label in enumerate(model.classes_):
            own = X[y == label]
            exact = Fraction(len(own), len(X))
            for j, v in ((0, a), (1, b)):
                hits = int((own[:, j] == v).sum())
                exact *= (hits + alpha) / (len(own) + alpha * len(set(X[:, j])))
            found = model.joint_log_likelihood(X[i : i + 1])[0, k]
            assert math.exp(found) == pytest.approx(float(exact), rel=1e-12)


def test_bernoulli_by_hand():
    X, y = [[1, 0], [1, 1], [0, 1]], ["s", "s", "h"]
    model = BernoulliNB(alpha=1.0).fit(X, y)
    # Class h: p = (0+1)/(1+2), (1+1)/3. Class s: (2+1)/(2+2), (1+1)/4. Example [1, 0]:
    joint = np.array([1 / 3 * (1 / 3) * (1 - 2 / 3), 2 / 3 * (3 / 4) * (1 - 1 / 2)])
    np.testing.assert_allclose(np.exp(model.joint_log_likelihood([[1, 0]])[0]), joint)
    np.testing.assert_allclose(model.predict_proba([[1, 0]])[0], joint / joint.sum())
    assert model.predict([[1, 0]]).tolist() == ["s"]


def test_multinomial_by_hand():
    X, y = [[2, 1, 0], [0, 1, 1]], [7, 3]
    model = MultinomialNB(alpha=1.0).fit(X, y)
    shares = np.array([[1, 2, 2], [3, 2, 1]]) / [[5], [6]]
    np.testing.assert_allclose(np.exp(model.feature_log_prob_), shares)
    expected = np.log(0.5) + np.log(shares) @ [3, 0, 1]
    np.testing.assert_allclose(model.joint_log_likelihood([[3, 0, 1]])[0], expected)
    assert model.classes_.tolist() == [3, 7]


def test_without_smoothing_what_was_not_seen_is_impossible():
    X, y = [[1, 0], [1, 0], [0, 1]], [0, 0, 1]
    for model in (BernoulliNB(0.0).fit(X, y), MultinomialNB(0.0).fit(X, y)):
        assert model.predict_proba([[1, 0]]).tolist() == [[1.0, 0.0]]
        assert model.predict([[0, 1]]).tolist() == [1]
    # Possible in no class: only the priors are left.
    np.testing.assert_allclose(BernoulliNB(0.0).fit(X, y).predict_proba([[1, 1]]), [[2 / 3, 1 / 3]])
    with pytest.raises(ValueError, match="alpha must be positive"):
        MultinomialNB(0.0).fit([[0, 0], [1, 1]], [0, 1])


def test_many_features_bring_the_printed_product_to_zero(rng):
    X, y = bits(rng, n=400, d=3000, k=2)
    model = BernoulliNB().fit(X, y)
    probability = np.exp(model.feature_log_prob_)
    likelihoods = np.where(X[0] == 1, probability, 1 - probability)
    assert joint_by_products([0.5, 0.5], likelihoods).tolist() == [0, 0]
    few = joint_by_products(np.exp(model.class_log_prior_), likelihoods[:, :9])
    assert (few > 0).all()
    assert np.isfinite(model.joint_log_likelihood(X[:1])).all()
    assert model.score(X, y) > 0.9


@pytest.mark.parametrize("model", [BernoulliNB, MultinomialNB])
def test_compiled_sums_agree(rng, model, monkeypatch):
    X, y = bits(rng, n=3000, d=200, k=4)
    counts = [X[y == k].sum(axis=0) for k in range(4)]
    for numba in (True, False):
        monkeypatch.setattr(core, "has_numba", lambda numba=numba: numba)
        monkeypatch.delitem(sys.modules, "impl._kernels.linear", raising=False)
        np.testing.assert_array_equal(model().fit(X, y).feature_count_, counts)
        with pytest.raises(ValueError, match="must not be negative"):
            model().fit(-X, y)


@pytest.mark.parametrize("numba", [True, False])
@pytest.mark.parametrize("form", ["csr_matrix", "csc_array", "coo_matrix"])
@pytest.mark.parametrize("alpha", [0.0, 1.0])
def test_sparse_counts_mean_what_dense_ones_do(rng, monkeypatch, numba, form, alpha):
    sparse = pytest.importorskip("scipy.sparse", reason="scipy is not installed")
    monkeypatch.setattr(core, "has_numba", lambda: numba)
    if not numba:
        monkeypatch.delitem(sys.modules, "impl._kernels.linear", raising=False)
    X = rng.poisson(0.1, size=(3000, 40)) * rng.integers(2, size=40)
    y = rng.integers(3, size=len(X))
    given = getattr(sparse, form)(X)
    dense, model = MultinomialNB(alpha).fit(X, y), MultinomialNB(alpha).fit(given, y)
    np.testing.assert_array_equal(model.feature_count_, [X[y == k].sum(axis=0) for k in range(3)])
    np.testing.assert_allclose(model.predict_log_proba(given), dense.predict_log_proba(X))
    assert model.score(given, y) == dense.score(X, y)


def test_sparse_counts_that_are_refused():
    sparse = pytest.importorskip("scipy.sparse", reason="scipy is not installed")
    X, y = sparse.csr_matrix([[2.0, 0.0], [0.0, 1.0]]), [0, 1]
    model = MultinomialNB().fit(X, y)
    with pytest.raises(ValueError, match="must not be negative"):
        MultinomialNB().fit(-X, y)
    with pytest.raises(ValueError, match="must not be negative"):
        model.predict(-X)
    with pytest.raises(ValueError, match="must be finite"):
        MultinomialNB().fit(X * np.nan, y)
    with pytest.raises(ValueError, match="must be finite"):
        model.predict(X * np.inf)
    with pytest.raises(core.ShapeError, match=r"must have 2 columns; got shape \(2, 3\)"):
        model.predict(sparse.csr_matrix((2, 3)))
    with pytest.raises(TypeError, match="real numbers; got complex"):
        MultinomialNB().fit(X * 1j, y)
    with pytest.raises(TypeError, match=r"pass X.toarray\(\)"):
        BernoulliNB().fit(X, y)
    wild = X.copy()
    wild.indices = wild.indices + 5
    with pytest.raises(ValueError, match="indices"):
        MultinomialNB().fit(wild, y)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(
    "labels", [["b", "a"], [2**62, -5], [True, False], [10**6, 3], [1.0, 4.0], [250, 3]]
)
def test_labels_of_any_kind(rng, model, labels):
    X, y = bits(rng, k=2)
    labels = np.array(labels)
    fitted = model().fit(X, labels[y])
    assert fitted.classes_.tolist() == sorted(labels.tolist())
    plain = model().fit(X, y)
    assert (fitted.predict(X) == labels[plain.predict(X)]).mean() > 0.9
    np.testing.assert_allclose(fitted.class_count_.sum(), 60)
    assert fitted.classes_.dtype == labels.dtype


def test_small_integer_types_do_not_wrap(rng):
    X, _ = bits(rng)
    y = np.array([-128, 127, 5] * 20, np.int8)
    model = GaussianNB().fit(X, y)
    assert model.classes_.tolist() == [-128, 5, 127]
    np.testing.assert_array_equal(model.class_count_, [20, 20, 20])
    np.testing.assert_allclose(model.theta_[0], X[0::3].mean(axis=0))


@pytest.mark.parametrize("model", MODELS)
def test_what_is_refused(rng, model):
    X, y = bits(rng)
    name = model.__name__
    for call, error, message in [
        (lambda: model().predict(X), NotFittedError, f"{name}: call fit"),
        (lambda: model().fit(X[0], y), ShapeError, f"{name}.fit: X must be 2-D"),
        (lambda: model().fit(X[:0], y[:0]), ShapeError, "at least one row"),
        (lambda: model().fit(X, y[1:]), ShapeError, r"y must have shape \(60,\)"),
        (lambda: model().fit(np.where(X == 1, np.nan, 0), y), ValueError, "finite; got nan"),
        (lambda: model(-1.0).fit(X, y), ValueError, "alpha must be"),
        (lambda: model().fit(X, y).predict(X[:, :2]), ShapeError, "3 columns"),
    ]:
        with pytest.raises(error, match=message):
            call()
    if model is BernoulliNB:
        with pytest.raises(ValueError, match="must be 0 or 1"):
            model().fit(X, y).predict(X + 5)
    one = model().fit(X[:1], y[:1]) if model is not GaussianNB else None
    assert one is None or one.predict(X[:1]).tolist() == y[:1].tolist()


def test_float32_is_kept(rng):
    X, y = bits(rng)
    model = GaussianNB().fit(X.astype(np.float32) + rng.normal(size=X.shape).astype("f"), y)
    assert model.theta_.dtype == np.float32


def test_strings_as_categories():
    model = CategoricalNB().fit([["red", "s"], ["red", "l"], ["blue", "l"]], [1, 1, 0])
    assert model.predict([["red", "l"], ["blue", "l"]]).tolist() == [1, 0]


def test_a_value_that_was_not_seen_is_one_more_value_of_count_0(rng):
    X, y = rng.integers(3, size=(40, 2)), rng.integers(2, size=40)
    for alpha in (0.5, 1.0):
        model = CategoricalNB(alpha).fit(X, y)
        # As if the new value had been named from the start, in the feature where it comes up.
        named = CategoricalNB(alpha, categories=[[0, 1, 2, 7], [0, 1, 2]]).fit(X, y)
        row = [[7, 1]]
        np.testing.assert_allclose(model.joint_log_likelihood(row), named.joint_log_likelihood(row))
        n = np.bincount(y)
        by_hand = n / 40 * alpha / (n + 4 * alpha)
        by_hand *= (np.bincount(y[X[:, 1] == 1], minlength=2) + alpha) / (n + 3 * alpha)
        np.testing.assert_allclose(np.exp(model.joint_log_likelihood(row)[0]), by_hand)
    bare = CategoricalNB(0.0).fit(X, y)
    np.testing.assert_allclose(bare.predict_proba([[7, 1]])[0], np.bincount(y) / 40)
    words = CategoricalNB().fit([["a"], ["b"], ["a"]], [0, 1, 0])
    assert words.predict_proba([["longer"]])[0] == pytest.approx([8 / 13, 5 / 13])


def test_categories_that_are_named():
    X, y = [["s"], ["l"], ["l"]], [0, 0, 1]
    model = CategoricalNB(categories=[["xl", "s", "l"]]).fit(X, y)
    assert model.categories_[0].tolist() == ["l", "s", "xl"]
    shares = [[2 / 5, 2 / 5, 1 / 5], [2 / 4, 1 / 4, 1 / 4]]
    np.testing.assert_allclose(np.exp(model.feature_log_prob_[0]), shares)
    with pytest.raises(ValueError, match=r"column 0 of X must hold its categories .*got 'm'"):
        model.predict([["m"]])
    with pytest.raises(ValueError, match=r"CategoricalNB\.fit: column 0"):
        CategoricalNB(categories=[["s"]]).fit(X, y)
    for wrong in ([], 3, [["s", "l"], ["a"]], [[]]):
        with pytest.raises(ShapeError, match="categories must be 1 lists, one a feature"):
            CategoricalNB(categories=wrong).fit(X, y)


def test_against_scikit_learn(rng):
    reason = "scikit-learn is not installed: comparison with the library left out"
    library = pytest.importorskip("sklearn.naive_bayes", reason=reason)
    datasets = pytest.importorskip("sklearn.datasets", reason=reason)
    X, y = datasets.load_digits(return_X_y=True)
    for name, data in [
        ("GaussianNB", X + 1),
        ("MultinomialNB", X),
        ("BernoulliNB", (X > 8).astype(int)),
        ("CategoricalNB", (X > 8).astype(int)),
    ]:
        # With the default smoothing, pixels that are constant in a class give values of 1e10.
        options = {"var_smoothing": 1e-3} if name == "GaussianNB" else {}
        ours = globals()[name](**options).fit(data, y)
        theirs = getattr(library, name)(**options).fit(data, y)
        np.testing.assert_allclose(
            ours.predict_log_proba(data), theirs.predict_log_proba(data), rtol=1e-6, atol=1e-6
        )
        print(f"{name}: ours {ours.score(data, y):.4f}, library {theirs.score(data, y):.4f}")  # noqa: T201

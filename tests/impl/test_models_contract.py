"""What every model promises, checked for each class of `impl` that has a `fit`."""

import inspect
import pkgutil
import warnings
from importlib import import_module

import numpy as np
import pytest

import impl
from impl._kernels import loading
from impl.checks import NotFittedError
from impl.core import ShapeError

N, D = 40, 3


def public_classes():
    """All classes that can be fitted, without those that others are made from."""
    names = [m.name for m in pkgutil.walk_packages(impl.__path__, "impl.") if "._" not in m.name]
    found = {
        value
        for name in names
        for value in vars(import_module(name)).values()
        if inspect.isclass(value) and value.__module__.startswith("impl.")
    }
    bases = {base for cls in found for base in cls.__mro__[1:]}
    return {
        cls.__name__: cls
        for cls in found - bases
        if hasattr(cls, "fit") and not cls.__name__.startswith("_")
    }


FITTED = public_classes()
DISTRIBUTIONS = {name for name, cls in FITTED.items() if inspect.ismethod(cls.fit)}
ON_SEQUENCES = {
    name for name, cls in FITTED.items() if "sequences" in inspect.signature(cls.fit).parameters
}
MODELS = set(FITTED) - DISTRIBUTIONS - ON_SEQUENCES
NEEDS_LABELS = {
    name
    for name in MODELS
    for base in FITTED[name].__mro__
    if "classes_" in (base.__doc__ or "") or "classes_" in vars(base).get("__annotations__", {})
}
HAS_TARGETS = {
    name
    for name in MODELS - NEEDS_LABELS
    for given in [inspect.signature(FITTED[name].fit).parameters.get("y")]
    if given is not None and given.default is inspect.Parameter.empty
}
PREDICTS = NEEDS_LABELS | HAS_TARGETS

OPTIONS = {
    "LogisticRegression": {"l2": 1.0},
    "MultinomialRegression": {"l2": 1.0},
    "Lasso": {"alpha": 0.01},
    "BestSubset": {"size": 2},
    "PCA": {"components": 2},
    "KNearestNeighbors": {"k": 1},
}


def make(name):
    """The model with quick settings and a generator of its own."""
    cls = FITTED[name]
    known = inspect.signature(cls).parameters
    options = {k: v for k, v in OPTIONS.get(name, {}).items() if k in known}
    if "rng" in known:
        options["rng"] = np.random.default_rng(0)
    if "batch_size" in known and "epochs" in known:
        options["epochs"] = 1 if name == "LeNet5" else 3
    if "trees" in known:
        options["trees"] = 5
    if "model" in known:
        options["model"] = FITTED["DecisionTree"]()
    if "models" in known:
        options["models"] = [FITTED["DecisionTree"](), FITTED["GaussianNB"]()]
    return cls(**options)


def examples(name, n=N, seed=1):
    """What the model learns from: tables for most, images and counts for some."""
    rng = np.random.default_rng(seed)
    y = np.arange(n) % 2
    if name in ("LeNet5", "SmallConvNet"):
        n, size = (4, 28) if name == "LeNet5" else (12, 8)
        y = y[:n]
        return rng.normal(size=(n, 1, size, size)) + 0.3 * y[:, None, None, None], y
    if name in ("BernoulliNB", "CategoricalNB", "MultinomialNB"):
        return (rng.random((n, D)) < 0.3 + 0.4 * y[:, None]).astype(float), y
    X = rng.normal(size=(n, D)) + 1.5 * y[:, None]
    if name == "SimpleRegression":
        return X[:, 0], y
    return X, y


def targets(name, X, y):
    """Labels, or for regression numbers that X explains in part."""
    if name in NEEDS_LABELS:
        return y
    line = X.reshape(len(X), -1)[:, 0]
    return 2 * line + 1 + 0.1 * np.cos(7 * np.arange(len(X)))


def fit(name, X, y):
    model = make(name)
    return model.fit(X, y) if name in PREDICTS else model.fit(X)


def outcome(model, X):
    """What the fitted model says of X, in floats where it can."""
    for method in ("decision_function", "predict_proba", "transform", "predict"):
        if hasattr(model, method):
            return np.asarray(getattr(model, method)(X))
    raise AssertionError(f"{model} says nothing of X")


def data(name):
    X, y = examples(name)
    return X, targets(name, X, y)


def said_by(name):
    """Who may say what is wrong: the model itself, or those that it is made of."""
    inner = "|DecisionTree|GaussianNB" if name in ("Bagging", "Voting", "OneVersusOne") else ""
    return f"(?:{name}{inner})"


every_model = pytest.mark.parametrize("name", sorted(MODELS))
every_classifier = pytest.mark.parametrize("name", sorted(NEEDS_LABELS))


def test_the_walk_finds_the_models():
    assert {"LinearRegression", "SVM", "MLPRegressor", "GaussianMixture", "PCA"} <= MODELS
    assert {"HiddenMarkovModel", "LinearChainCRF"} == ON_SEQUENCES
    assert {"Normal", "Beta", "Poisson"} <= DISTRIBUTIONS
    assert {"LDA", "MLPClassifier", "Voting", "KNearestNeighbors"} <= NEEDS_LABELS
    assert {"Ridge", "LMS", "MLPRegressor", "SimpleRegression"} <= HAS_TARGETS
    assert {"PCA", "KMeans", "TiedAutoencoder"} <= MODELS - PREDICTS


@every_model
def test_the_constructor_only_stores(name):
    model = make(name)
    assert set(vars(model)) == set(inspect.signature(FITTED[name]).parameters)


@every_model
def test_fit_returns_the_model_and_leaves_the_data_alone(name):
    X, y = data(name)
    kept = X.copy(), y.copy()
    X.setflags(write=False)
    y.setflags(write=False)
    model = make(name)
    assert (model.fit(X, y) if name in PREDICTS else model.fit(X)) is model
    outcome(model, X)
    np.testing.assert_array_equal(X, kept[0])
    np.testing.assert_array_equal(y, kept[1])
    learned = [key for key in vars(model) if key.endswith("_") and not key.startswith("_")]
    assert learned


@every_model
def test_before_fit_there_is_nothing_to_ask(name):
    X, _ = data(name)
    with pytest.raises(NotFittedError, match=f"{name}: call fit first"):
        outcome(make(name), X)


@every_model
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_values_that_are_no_numbers_are_refused(name, value):
    X, y = data(name)
    bad = X.copy()
    bad[(2, *[0] * (X.ndim - 1))] = value
    with pytest.raises(ValueError, match=rf"{said_by(name)}.*finite; got {value}"):
        fit(name, bad, y)
    with pytest.raises(ValueError, match=rf"{said_by(name)}.*finite; got {value}"):
        outcome(fit(name, X, y), bad)
    if name in HAS_TARGETS:
        worse = y.copy()
        worse[1] = value
        with pytest.raises(ValueError, match=rf"{said_by(name)}.*finite; got {value}"):
            fit(name, X, worse)


@every_model
def test_wrong_shapes_are_refused(name):
    X, y = data(name)
    with pytest.raises(ShapeError, match=f"{said_by(name)}.fit"):
        fit(name, X[:0], y[:0])
    with pytest.raises(ShapeError, match=f"{said_by(name)}.fit"):
        fit(name, np.zeros((2, 2, 2, 2, 2)), y)
    if name in PREDICTS:
        with pytest.raises(ShapeError, match=f"{said_by(name)}.fit: y must have shape"):
            fit(name, X, y[1:])
    if X.ndim == 2:
        with pytest.raises(ShapeError, match=f"{said_by(name)}.* 3 columns"):
            outcome(fit(name, X, y), np.ones((4, D + 1)))


@every_model
def test_layout_and_lists_do_not_matter(name):
    X, y = data(name)
    wanted = outcome(fit(name, X, y), X)
    wide = np.empty((2 * len(X), *X.shape[1:]))
    wide[::2] = X
    for same in (np.asfortranarray(X), wide[::2], X.tolist()):
        np.testing.assert_allclose(outcome(fit(name, same, y), same), wanted, rtol=1e-5, atol=1e-5)


@every_model
def test_single_precision_says_the_same_within_its_digits(name):
    X, y = data(name)
    exact, single = fit(name, X, y), fit(name, X.astype(np.float32), y)
    if hasattr(exact, "predict"):
        asked = X.astype(np.float32)
        agreed = np.isclose(single.predict(asked), exact.predict(X), rtol=1e-3, atol=1e-3)
        assert agreed.mean() >= 0.95  # a draw may turn out the other way
        if name in HAS_TARGETS:
            assert single.predict(asked).dtype == np.float32
            assert exact.predict(X).dtype == np.float64


@every_model
@pytest.mark.parametrize("dtype", [np.float16, np.longdouble, ">f4", ">f8"])
def test_other_float_types_do_not_reach_the_compiled_loops(name, dtype, monkeypatch):
    monkeypatch.setattr(loading, "compiled", lambda work: loading.has_numba())
    X, y = data(name)
    X = X.astype(dtype)
    exact = outcome(fit(name, X.astype(np.float64), y), X.astype(np.float64))
    found = outcome(fit(name, X, y), X)
    within = 0.02 if dtype is np.float16 else 1e-5 if dtype == ">f4" else 1e-9
    largest = np.abs(exact).max()
    np.testing.assert_allclose(found.astype(np.float64), exact, rtol=0, atol=within * largest)


@every_model
def test_a_fit_can_be_repeated(name):
    X, y = data(name)
    np.testing.assert_array_equal(outcome(fit(name, X, y), X), outcome(fit(name, X, y), X))
    model = fit(name, X[:20], y[:20])  # what was learned before leaves no trace
    if "rng" in vars(model):
        model.rng = np.random.default_rng(0)
    for part in vars(model).get("models", [vars(model).get("model")]):
        assert not hasattr(part, "classes_")
    model.fit(X, y) if name in PREDICTS else model.fit(X)
    np.testing.assert_array_equal(outcome(model, X), outcome(fit(name, X, y), X))


def learned_or_refused(name, X, y):
    """What the model says of the examples it was given; None if it will not learn from them."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # it may say that little can be learned
            model = fit(name, X, y)
    except ValueError as refusal:
        return None, str(refusal)
    return outcome(model, X), ""


@every_model
def test_one_example_is_learned_or_refused_in_words(name):
    X, y = data(name)
    said, refusal = learned_or_refused(name, X[:1], y[:1])
    if said is None:
        assert " must " in refusal
    else:
        assert len(said) == 1
        assert said.dtype.kind != "f" or np.isfinite(said).all()


@every_model
def test_a_constant_feature_is_borne_or_refused_in_words(name):
    X, y = data(name)
    if X.ndim == 2:
        X[:, 1] = 1.0
    else:
        X[:] = 1.0
    said, refusal = learned_or_refused(name, X, y)
    if said is None:
        assert " must " in refusal
    else:
        assert np.isfinite(said).all()


@pytest.mark.parametrize("name", sorted(PREDICTS))
def test_the_score_is_the_share_that_is_right_or_explained(name):
    X, y = data(name)
    model = fit(name, X, y)
    said = model.predict(X)
    if name in NEEDS_LABELS:
        assert model.score(X, y) == np.mean(said == y)
        return
    explained = 1 - np.mean((y - said) ** 2) / np.var(y)
    assert model.score(X, y) == pytest.approx(explained)
    assert np.isnan(model.score(X, np.ones(len(y))))
    with pytest.raises(ShapeError, match=rf"{name}.score: y must have shape \(40,\)"):
        model.score(X, y[:, None])


def _spellings(y):
    return {
        "strings": np.array(["no", "yes"])[y],
        "longer strings in a list": ["negative" if v == 0 else "positive" for v in y],
        "big integers": y + (2**62 + 1),
        "unsigned": y.astype(np.uint64) + np.uint64(2**63 + 5),
        "negative": 2 * y - 7,
        "booleans": y.astype(bool),
        "whole floats": y.astype(float),
    }


@every_classifier
@pytest.mark.parametrize("kind", sorted(_spellings(np.arange(2))))
def test_labels_of_any_kind(name, kind):
    X, y = examples(name)
    labels = np.asarray(_spellings(y)[kind])
    plain, named = fit(name, X, y), fit(name, X, _spellings(y)[kind])
    assert named.classes_.tolist() == [labels[0].item(), labels[1].item()]
    assert named.classes_.dtype == labels.dtype
    expected = labels[:2][plain.predict(X)]
    assert named.predict(X).tolist() == expected.tolist()
    if hasattr(named, "score"):
        assert named.score(X, labels) == pytest.approx(np.mean(expected == labels))


@every_classifier
def test_labels_that_are_no_labels_are_refused(name):
    X, y = examples(name)
    with pytest.raises(ValueError, match=f"{name}.*labels must be whole numbers or strings"):
        fit(name, X, y + 0.5)
    with pytest.raises(ValueError, match=f"{name}.*labels must"):
        fit(name, X, np.where(y == 1, np.nan, 0.0))


@pytest.mark.parametrize("name", sorted(DISTRIBUTIONS))
def test_distributions_are_fitted_to_numbers_only(name):
    cls = FITTED[name]
    more = {"n": 3} if "n" in inspect.signature(cls.fit).parameters else {}
    several = "X" in inspect.signature(cls.fit).parameters
    draws = np.array([[0.2, 0.8], [0.5, 0.5], [0.7, 0.3], [0.9, 0.1]])
    sample = draws + (0 if name == "Dirichlet" else [[0, 0], [1, 0], [0, 1], [0, 0]])
    if not several:
        sample = np.array([1.0, 1, 0, 1]) if hasattr(cls, "pmf") else draws[:, 0]
    if name == "Geometric":
        sample = sample + 1
    fitted = cls.fit(sample, **more)
    assert isinstance(fitted, cls)
    assert cls.fit(np.asfortranarray(sample[::-1])[::-1], **more) == fitted or several
    for value in (np.nan, np.inf):
        bad = sample.copy()
        bad[(1, 0)[: bad.ndim]] = value
        with pytest.raises(ValueError, match=f"{name}.*got"):
            cls.fit(bad, **more)
    with pytest.raises(ShapeError, match=f"{name}.fit"):
        cls.fit(sample[:0], **more)

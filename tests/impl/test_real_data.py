"""Each classifier on real data, against the library's answers on the same folds."""

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed")

from tests.benchmarks.real_data import (
    CLASSIFICATION,
    CLASSIFIERS,
    REGRESSIONS,
    load,
    predictions,
    r_squared,
    scaled,
)

# What draws at random or stops early cannot agree row by row; it may be less accurate by six rows
# of iris.
LEEWAY = 0.04
SLOW = {"MLP, 32 hidden units", "25 bagged trees", "perceptron, one against one"}

pytestmark = pytest.mark.filterwarnings("ignore:Stochastic Optimizer")


RUNS = [
    pytest.param(title, name, marks=pytest.mark.slow if name == "digits" or title in SLOW else ())
    for title in CLASSIFIERS
    for name in CLASSIFICATION
]


@pytest.mark.parametrize(("title", "name"), RUNS)
def test_classifiers_answer_as_the_library_does(title, name):
    pair = CLASSIFIERS[title]
    y, ours, theirs = predictions(pair, name)
    assert np.mean(ours == y) > np.unique(y, return_counts=True)[1].max() / len(y)
    if pair.exact and not (title == "softmax regression" and len(set(y)) == 2):
        # Ties and the last digits of equal scores are all that may differ.
        assert np.mean(ours != theirs) <= 0.002
    assert np.mean(ours == y) >= np.mean(theirs == y) - LEEWAY


@pytest.mark.parametrize("title", list(REGRESSIONS))
def test_regressions_predict_what_the_library_does(title):
    y, ours, theirs = predictions(REGRESSIONS[title], "diabetes", regression=True)
    np.testing.assert_allclose(ours, theirs, rtol=1e-4)
    assert r_squared(y, ours) == pytest.approx(r_squared(y, theirs), abs=1e-5)


@pytest.mark.parametrize("name", ["iris", "wine"])
def test_names_as_labels_change_nothing(name):
    X, y = load(name)
    words = np.array(["zeta", "alpha", "mu"])[y]
    for title in ("LDA", "naive Bayes, Gaussian", "5 nearest neighbors"):
        pair = CLASSIFIERS[title]
        rows, _ = scaled(pair.scaling, X, X)
        numbers = pair.ours().fit(rows, y).predict(rows)
        named = pair.ours().fit(rows, words).predict(rows)
        np.testing.assert_array_equal(named, np.array(["zeta", "alpha", "mu"])[numbers])

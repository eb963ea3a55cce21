"""Folds, scores and ensembles, for models of every kind."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from impl.checks import NotFittedError
from impl.core import ShapeError
from impl.ensembles import Bagging, OneVersusOne, Voting, average
from impl.forest import DecisionTree
from impl.knn import KNearestNeighbors
from impl.perceptron import Perceptron
from impl.svm import SVM
from impl.validation import accuracy, cross_validate, kfold, leave_one_out


class Majority:
    """The most frequent label, whatever the row."""

    def fit(self, X, y):
        labels, counts = np.unique(y, return_counts=True)
        self.label = labels[counts.argmax()]
        return self

    def predict(self, X):
        return np.full(len(X), self.label)


class Noisy:
    """A regressor whose error is drawn once."""

    def __init__(self, error):
        self.error = error

    def predict(self, X):
        return np.asarray(X)[:, 0] + self.error


def blobs(n=120, seed=0):
    rng = np.random.default_rng(seed)
    y = rng.integers(3, size=n)
    return np.array([[0.0, 0.0], [4.0, 0.0], [0.0, 4.0]])[y] + rng.normal(size=(n, 2)), y


@settings(max_examples=50, deadline=None)
@given(st.integers(2, 40), st.integers(2, 40), st.booleans(), st.booleans())
def test_every_row_is_held_out_once(n, folds, shuffled, stratified):
    folds = min(folds, n)
    rng = np.random.default_rng(n) if shuffled else None
    labels = np.arange(n) % 3 == 0 if stratified else None
    splits = list(kfold(n, folds, rng=rng, labels=labels))
    assert len(splits) == folds
    np.testing.assert_array_equal(np.sort(np.concatenate([h for _, h in splits])), np.arange(n))
    sizes = {len(held) for _, held in splits}
    assert max(sizes) - min(sizes) <= 1
    for train, held in splits:
        np.testing.assert_array_equal(np.union1d(train, held), np.arange(n))
        assert not np.intersect1d(train, held).size
        if stratified:
            assert abs(labels[held].sum() - labels.sum() / folds) < 1


def test_folds_by_hand():
    splits = [(t.tolist(), h.tolist()) for t, h in kfold(5, 2)]
    assert splits == [([3, 4], [0, 1, 2]), ([0, 1, 2], [3, 4])]
    assert [h.tolist() for _, h in leave_one_out(3)] == [[0], [1], [2]]
    shuffled = [h.tolist() for _, h in kfold(20, 2, rng=np.random.default_rng(0))]
    assert shuffled != [h.tolist() for _, h in kfold(20, 2)]


def test_leaving_one_out_of_a_majority_by_hand():
    # Three a, two b: without one a it is a tie that a wins; so 3 of 5 are right.
    scores = cross_validate(Majority(), np.zeros((5, 1)), list("aaabb"), leave_one_out(5))
    np.testing.assert_array_equal(scores, [1, 1, 1, 0, 0])


def test_leaving_one_out_of_the_nearest_neighbor():
    X = np.array([[0.0], [1.0], [5.0], [5.5], [0.4]])
    y = np.array([0, 0, 1, 1, 1])
    scores = cross_validate(KNearestNeighbors(1), X, y, leave_one_out(5))
    np.testing.assert_array_equal(scores, [0, 0, 1, 1, 0])


def test_the_model_itself_is_left_alone():
    X, y = blobs()
    model = KNearestNeighbors(3)
    scores = cross_validate(model, X, y, 4)
    assert scores.shape == (4,)
    assert scores.min() > 0.8
    assert not hasattr(model, "classes_")


def test_another_score():
    scores = cross_validate(
        Majority(), np.zeros((4, 1)), [0, 0, 0, 1], 2, score=lambda y, p: np.sum(y != p)
    )
    np.testing.assert_array_equal(scores, [0, 1])  # it says 0 both times, to {0, 0} and to {0, 1}


def test_refusals():
    with pytest.raises(ValueError, match="folds must be from 2 to n=3; got 4"):
        kfold(3, 4)
    with pytest.raises(ValueError, match="n must be at least 2"):
        leave_one_out(1)
    with pytest.raises(ShapeError, match="must be as long"):
        cross_validate(Majority(), np.zeros((3, 1)), [0, 1])
    with pytest.raises(TypeError, match="must have fit and predict"):
        cross_validate(object(), np.zeros((3, 1)), [0, 1, 1])
    with pytest.raises(ShapeError, match="one shape"):
        accuracy([1], [1, 2])
    assert accuracy(["a", "b"], ["a", "c"]) == 0.5


def test_bagging_beats_one_tree_and_estimates_its_error():
    X, y = blobs(300)
    X = X + np.random.default_rng(1).normal(size=X.shape)
    fresh, truth = blobs(2000, seed=5)
    fresh = fresh + np.random.default_rng(2).normal(size=fresh.shape)
    bag = Bagging(DecisionTree(), 30, rng=np.random.default_rng(0)).fit(X, y)
    assert bag.score(fresh, truth) > DecisionTree().fit(X, y).score(fresh, truth)
    assert bag.oob_error_ == pytest.approx(1 - bag.score(fresh, truth), abs=0.06)
    np.testing.assert_allclose(bag.predict_proba(fresh).sum(axis=1), 1)
    assert len(bag.models_) == 30


def test_bagging_gives_each_copy_its_own_generator():
    X, y = blobs(60)
    bag = Bagging(DecisionTree(max_features=1), 3).fit(X, y)
    assert len({id(m.rng) for m in bag.models_}) == 3
    again = Bagging(DecisionTree(max_features=1), 3).fit(X, y)
    np.testing.assert_array_equal(bag.predict(X), again.predict(X))


def test_bagging_of_rows_that_every_sample_must_hold():
    bag = Bagging(Perceptron(), 5).fit([[0.0], [1.0]], ["no", "yes"])
    np.testing.assert_array_equal(bag.predict([[0.0], [1.0]]), ["no", "yes"])
    one = Bagging(Majority(), 2).fit([[0.0]], [7])
    assert np.isnan(one.oob_error_)
    assert one.predict([[1.0]]).tolist() == [7]


def test_votes_by_hand():
    X, y = np.array([[0.0], [1.0], [2.0]]), np.array(["a", "b", "b"])
    models = [Majority(), KNearestNeighbors(1), KNearestNeighbors(1)]
    hard = Voting(models).fit(X, y)
    np.testing.assert_allclose(hard.predict_proba([[0.0]]), [[2 / 3, 1 / 3]])
    assert hard.predict([[0.0], [2.0]]).tolist() == ["a", "b"]
    soft = Voting([KNearestNeighbors(1), KNearestNeighbors(3)], "soft").fit(X, y)
    np.testing.assert_allclose(soft.predict_proba([[0.0]]), [[2 / 3, 1 / 3]])
    assert not hasattr(models[0], "label")


def test_two_class_models_learn_three_classes():
    X, y = blobs(150)
    names = np.array(["left", "right", "top"])[y]
    model = OneVersusOne(SVM(kernel="gaussian", sigma=2.0)).fit(X, names)
    assert len(model.models_) == 3
    assert model.score(X, names) > 0.9


@pytest.mark.parametrize("k", [2, 5])
def test_averaging_independent_errors_divides_their_variance_by_k(k):
    rng = np.random.default_rng(0)
    x = np.zeros((1, 1))
    found = [average([Noisy(e) for e in rng.normal(size=k)], x)[0] for _ in range(4000)]
    assert np.var(found) == pytest.approx(1 / k, rel=0.1)
    same = [average([Noisy(e)] * k, x)[0] for e in rng.normal(size=4000)]
    assert np.var(same) == pytest.approx(1, rel=0.1)


def test_refusals_of_ensembles():
    with pytest.raises(ValueError, match="count must be at least 1"):
        Bagging(Majority(), 0).fit([[1.0]], [0])
    with pytest.raises(ValueError, match="there must be a model"):
        Voting([]).fit([[1.0]], [0])
    with pytest.raises(ValueError, match="at least two labels"):
        OneVersusOne(SVM()).fit([[1.0]], [0])
    with pytest.raises(ShapeError, match="one shape"):
        average([], [[1.0]])
    with pytest.raises(NotFittedError):
        Voting([Majority()]).predict([[1.0]])
    with pytest.raises(ValueError, match="must be finite"):
        Bagging(Majority()).fit([[np.nan]], [0])


def test_real_data_beside_the_library():
    datasets = pytest.importorskip("sklearn.datasets", reason="scikit-learn is not installed")
    for load, least in ((datasets.load_iris, 0.9), (datasets.load_wine, 0.9)):
        X, y = load(return_X_y=True)
        X = (X - X.mean(axis=0)) / X.std(axis=0)
        splits = list(kfold(len(X), 5, rng=np.random.default_rng(0), labels=y))
        for model in (KNearestNeighbors(5), OneVersusOne(SVM()), Bagging(DecisionTree(), 20)):
            assert cross_validate(model, X, y, splits).mean() > least

"""Decision trees and forests: cuts by hand, the best of all cuts, and out-of-bag estimates."""

from importlib import import_module

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from impl.checks import NotFittedError
from impl.core import ShapeError, has_numba
from impl.forest import DecisionTree, RandomForest, entropy, gini

XOR = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


def use(monkeypatch, name):
    if name == "numba" and not has_numba():
        pytest.skip("numba is not installed")
    module = import_module("impl._kernels.trees") if name == "numba" else None
    monkeypatch.setattr("impl.forest.growth.kernels", lambda *_: module)
    monkeypatch.setattr("impl.forest.forest.kernels", lambda *_: module)


@pytest.fixture(params=["numpy", "numba"])
def backend(request, monkeypatch):
    use(monkeypatch, request.param)


def rings(n=300, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 4))
    return X, np.where((X[:, :2] ** 2).sum(axis=1) > 1.5, "out", "in")


def test_impurities():
    assert gini([5, 5]) == pytest.approx(0.5)
    assert gini([4, 0]) == 0
    assert gini([1, 1, 1, 1]) == pytest.approx(0.75)
    np.testing.assert_allclose(entropy([[1, 1], [3, 0]]), [np.log(2), 0])
    p = np.array([0.2, 0.3, 0.5])
    assert entropy(p) == pytest.approx(stats.entropy(p))
    with pytest.raises(ValueError, match="not all 0"):
        gini([0, 0])
    with pytest.raises(ValueError, match="counts must be >= 0"):
        entropy([-1, 2])
    with pytest.raises(ShapeError, match="K >= 1"):
        gini(3.0)


@pytest.mark.parametrize("criterion", ["gini", "entropy"])
def test_cuts_by_hand(backend, criterion):
    # The only clean cut lies between 2 and 4, at 3.
    tree = DecisionTree(criterion).fit([[1.0], [2.0], [4.0], [8.0]], ["a", "a", "b", "b"])
    assert tree.depth_ == 1
    assert tree.tree_.threshold[0] == 3
    np.testing.assert_array_equal(tree.tree_.counts, [[2, 2], [2, 0], [0, 2]])
    assert tree.predict([[3.0], [3.0001]]).tolist() == ["a", "b"]


@pytest.mark.parametrize("criterion", ["gini", "entropy"])
def test_xor_needs_a_cut_that_gains_nothing(backend, criterion):
    tree = DecisionTree(criterion).fit(XOR, [0, 1, 1, 0])
    assert tree.score(XOR, [0, 1, 1, 0]) == 1
    assert tree.depth_ == 2


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 10**6), st.sampled_from(["gini", "entropy"]), st.integers(1, 5), st.booleans()
)
def test_the_first_cut_is_the_best_of_all(seed, criterion, least, compiled):
    rng = np.random.default_rng(seed)
    X = rng.integers(0, 6, size=(20, 3)).astype(float)
    y = rng.integers(0, 3, size=20)
    with pytest.MonkeyPatch.context() as patch:
        use(patch, "numba" if compiled and has_numba() else "numpy")
        tree = DecisionTree(criterion, max_depth=1, min_leaf=least).fit(X, y)
    measure = gini if criterion == "gini" else entropy
    classes = len(tree.classes_)
    codes = np.searchsorted(tree.classes_, y)

    def mixed(rows):
        return rows.sum() * measure(np.bincount(codes[rows], minlength=classes))

    cuts = [
        mixed(X[:, f] <= t) + mixed(X[:, f] > t)
        for f in range(3)
        for t in np.unique(X[:, f])[:-1]
        if min((X[:, f] <= t).sum(), (X[:, f] > t).sum()) >= least
    ]
    nodes = tree.tree_
    if not cuts or classes == 1:
        assert nodes.feature.tolist() == [-1]
        return
    low = X[:, nodes.feature[0]] <= nodes.threshold[0]
    assert mixed(low) + mixed(~low) == pytest.approx(min(cuts), abs=1e-9)
    np.testing.assert_array_equal(nodes.counts[nodes.left[0]].sum(), low.sum())


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([None, "sqrt", 1]), st.integers(1, 4))
def test_compiled_and_plain_trees_are_the_same(seed, max_features, least):
    if not has_numba():
        pytest.skip("numba is not installed")
    rng = np.random.default_rng(seed)
    X = rng.integers(0, 10, size=(60, 5)) * rng.normal(size=5)
    y = rng.integers(0, 3, size=60)
    found = []
    for name, cells in (("numpy", 2**20), ("numpy", 500), ("numba", 0)):
        with pytest.MonkeyPatch.context() as patch:
            use(patch, name)
            patch.setattr("impl.forest.levels.CELLS", cells)  # features are taken in parts
            forest = RandomForest(
                3, max_features=max_features, min_leaf=least, rng=np.random.default_rng(seed)
            ).fit(X, y)
            found.append((forest, forest.predict_proba(X)))
    a, shares = found[0]
    for b, other_shares in found[1:]:
        for one, two in zip(a.trees_, b.trees_, strict=True):
            for part in ("feature", "threshold", "left", "counts"):
                np.testing.assert_array_equal(getattr(one, part), getattr(two, part))
        np.testing.assert_allclose(shares, other_shares)
        np.testing.assert_allclose(a.oob_proba_, b.oob_proba_)


def test_a_full_tree_learns_distinct_rows_by_heart(backend):
    rng = np.random.default_rng(1)
    X, y = rng.normal(size=(200, 2)), rng.integers(5, size=200)
    for criterion in ("gini", "entropy"):
        assert DecisionTree(criterion).fit(X, y).score(X, y) == 1


def test_bounds_on_growth_are_kept(backend):
    X, y = rings()
    shallow = DecisionTree(max_depth=2).fit(X, y)
    assert shallow.depth_ == 2
    wide = DecisionTree(min_leaf=20).fit(X, y).tree_
    assert wide.counts[wide.feature < 0].sum(axis=1).min() >= 20
    rare = DecisionTree(min_split=50).fit(X, y).tree_
    assert rare.counts[rare.feature >= 0].sum(axis=1).min() >= 50
    assert DecisionTree(max_depth=0).fit(X, y).tree_.feature.tolist() == [-1]
    np.testing.assert_allclose(shallow.predict_proba(X).sum(axis=1), 1)


def test_of_equal_cuts_the_first_is_taken(backend):
    X, y = rings()
    X = np.hstack([X, X])  # each feature twice
    tree = DecisionTree(rng=np.random.default_rng(5)).fit(X, y).tree_
    assert tree.feature.max() < 4
    other = DecisionTree(rng=np.random.default_rng(6)).fit(X, y).tree_
    np.testing.assert_array_equal(tree.feature, other.feature)


@pytest.mark.parametrize("max_features", [None, 1])
def test_nodes_stand_level_by_level(backend, max_features):
    X, y = rings()
    model = DecisionTree(max_features=max_features).fit(X, y)
    tree = model.tree_
    asked = np.flatnonzero(tree.feature >= 0)
    np.testing.assert_array_equal(tree.left[asked], np.arange(1, len(tree.left), 2))
    children = tree.counts[tree.left[asked]] + tree.counts[tree.left[asked] + 1]
    np.testing.assert_array_equal(children, tree.counts[asked])
    depth = np.zeros(len(tree.left), dtype=int)
    for node in asked:
        depth[tree.left[node]] = depth[tree.left[node] + 1] = depth[node] + 1
    assert model.depth_ == depth.max()
    assert (np.diff(depth) >= 0).all()


def test_features_to_try_are_drawn_evenly_among_those_that_vary(backend):
    X, y = rings(40)
    X[:, 2] = 1.0
    roots = [
        DecisionTree(max_depth=1, max_features=1, rng=np.random.default_rng(seed))
        .fit(X, y)
        .tree_.feature[0]
        for seed in range(300)
    ]
    found = np.bincount(roots, minlength=4)
    assert found[2] == 0
    assert stats.chisquare(found[[0, 1, 3]]).pvalue > 1e-3


def test_order_of_rows_scale_and_float_type_do_not_matter(backend):
    X, y = rings()
    tree = DecisionTree().fit(X, y)
    order = np.random.default_rng(0).permutation(len(X))
    np.testing.assert_array_equal(DecisionTree().fit(X[order], y[order]).predict(X), y)
    stretched = DecisionTree().fit(X * 4, y)
    np.testing.assert_array_equal(stretched.tree_.threshold, tree.tree_.threshold * 4)
    single = DecisionTree().fit(np.asfortranarray(X.astype(np.float32)), y)
    assert single.score(X.astype(np.float32), y) == 1


def test_out_of_bag_error_estimates_the_error(backend):
    X, y = rings(400)
    forest = RandomForest(60, rng=np.random.default_rng(0)).fit(X, y)
    fresh, truth = rings(2000, seed=9)
    error = 1 - forest.score(fresh, truth)
    assert error < 0.15
    assert forest.oob_error_ == pytest.approx(error, abs=0.05)
    known = ~np.isnan(forest.oob_proba_[:, 0])
    np.testing.assert_allclose(forest.oob_proba_[known].sum(axis=1), 1)


def test_a_forest_beats_a_tree_on_noisy_labels():
    X, y = rings(400)
    flipped = np.random.default_rng(1).random(400) < 0.2
    y = np.where(flipped, np.where(y == "in", "out", "in"), y)
    fresh, truth = rings(2000, seed=9)
    forest, tree = RandomForest(60).fit(X, y), DecisionTree().fit(X, y)
    assert forest.score(fresh, truth) > tree.score(fresh, truth) + 0.05


def test_threads_and_seeds(backend):
    X, y = rings()

    def forest(seed, jobs):
        model = RandomForest(6, jobs=jobs, rng=np.random.default_rng(seed)).fit(X, y)
        return model.predict_proba(X)

    np.testing.assert_array_equal(forest(3, 1), forest(3, 2))
    assert not np.array_equal(forest(3, 1), forest(4, 1))


def test_degenerate_rows(backend):
    one = RandomForest(3).fit([[1.0]], ["only"])
    assert one.predict([[5.0]]).tolist() == ["only"]
    assert np.isnan(one.oob_error_)
    constant = DecisionTree().fit(np.full((4, 2), 3.0), [2**62, 2**62 + 1, 2**62 + 1, 0])
    assert constant.predict([[0.0, 0.0]]).tolist() == [2**62 + 1]
    close = np.array([[1.0], [np.nextafter(1.0, 2)]])
    assert DecisionTree().fit(close, [0, 1]).score(close, [0, 1]) == 1
    huge = np.array([[-1.7e308], [1.7e308]])
    assert DecisionTree().fit(huge, [0, 1]).score(huge, [0, 1]) == 1
    whole = RandomForest(2, bootstrap=False).fit(XOR, [0, 1, 1, 0])
    assert np.isnan(whole.oob_proba_).all()


@pytest.mark.parametrize("model", [DecisionTree, RandomForest])
@pytest.mark.parametrize(
    ("options", "X", "y", "error", "message"),
    [
        ({"criterion": "mse"}, [[1.0]], [0], ValueError, "criterion must be"),
        ({"max_depth": -1}, [[1.0]], [0], ValueError, "max_depth >= 0"),
        ({"min_leaf": 0}, [[1.0]], [0], ValueError, "min_leaf >= 1"),
        ({"max_features": 2}, [[1.0]], [0], ValueError, "max_features from 1 to 1"),
        ({}, [[np.nan]], [0], ValueError, "must be finite"),
        ({}, [1.0], [0], ShapeError, "must be 2-D"),
        ({}, [[1.0]], [0, 1], ShapeError, r"y must have shape \(1,\)"),
    ],
)
def test_refusals(model, options, X, y, error, message):
    with pytest.raises(error, match=message):
        model(**options).fit(X, y)
    with pytest.raises(NotFittedError):
        model().predict([[1.0]])
    with pytest.raises(ValueError, match="trees and jobs"):
        RandomForest(0).fit([[1.0]], [0])


def test_against_the_library():
    datasets = pytest.importorskip("sklearn.datasets", reason="scikit-learn is not installed")
    trees = pytest.importorskip("sklearn.tree", reason="scikit-learn is not installed")
    X, y = datasets.load_breast_cancer(return_X_y=True)
    for criterion in ("gini", "entropy"):
        ours = DecisionTree(criterion, max_depth=3).fit(X[::2], y[::2])
        theirs = trees.DecisionTreeClassifier(criterion=criterion, max_depth=3, random_state=0)
        theirs.fit(X[::2], y[::2])
        assert ours.score(X[::2], y[::2]) == pytest.approx(theirs.score(X[::2], y[::2]), abs=0.01)
        assert ours.score(X[1::2], y[1::2]) > 0.9

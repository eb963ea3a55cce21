"""Linear-chain random fields against sums over all labelings, and training to the optimum."""

from importlib import import_module
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from impl.checks import NotFittedError
from impl.core import ShapeError, has_numba
from impl.crf import LinearChainCRF, log_partition, marginals, sequence_score, viterbi
from impl.crf.model import _expect
from impl.crf.passes import Batch


def use(monkeypatch, name):
    if name == "numba" and not has_numba():
        pytest.skip("numba is not installed")
    module = import_module("impl._kernels.crf") if name == "numba" else None
    monkeypatch.setattr("impl.crf.model.kernels", lambda *_: module)
    monkeypatch.setattr("impl.crf.passes.RANGE", 0.0 if name == "logarithms" else 300.0)


@pytest.fixture(params=["numpy", "logarithms", "numba"])
def backend(request, monkeypatch):
    use(monkeypatch, request.param)


@pytest.mark.parametrize(("steps", "k"), [(1, 1), (1, 4), (2, 3), (6, 2), (4, 4)])
def test_against_all_paths(steps, k):
    rng = np.random.default_rng(steps * 10 + k)
    E, A = rng.normal(size=(steps, k)) * 2, rng.normal(size=(k, k)) * 2
    nodes, edges = np.zeros((steps, k)), np.zeros((steps - 1, k, k))
    total, best, best_path = 0.0, -np.inf, None
    for path in product(range(k), repeat=steps):
        score = sum(E[t, path[t]] for t in range(steps))
        score += sum(A[path[t - 1], path[t]] for t in range(1, steps))
        assert sequence_score(E, A, np.array(path)) == pytest.approx(score)
        total += np.exp(score)
        nodes[range(steps), path] += np.exp(score)
        edges[range(steps - 1), path[:-1], path[1:]] += np.exp(score)
        if score > best:
            best, best_path = score, path
    assert log_partition(E, A) == pytest.approx(np.log(total))
    found = marginals(E, A)
    np.testing.assert_allclose(found[0], nodes / total, atol=1e-12)
    np.testing.assert_allclose(found[1], edges / total, atol=1e-12)
    path, value = viterbi(E, A)
    assert tuple(path) == best_path
    assert value == pytest.approx(best)


def test_extreme_scores_do_not_overflow():
    E, A = np.array([[1e4, -1e4], [-1e4, 1e4]]), np.array([[0.0, 5.0], [-1e4, 0.0]])
    assert log_partition(E, A) == pytest.approx(2e4 + 5)
    np.testing.assert_allclose(marginals(E, A)[0], [[1, 0], [0, 1]])
    assert log_partition(np.zeros((1000, 3)), np.zeros((3, 3))) == pytest.approx(1000 * np.log(3))


def loss(model, sequences, labels, weights, transitions):
    """The objective from its definition, one sequence at a time."""
    total = 0.0
    for x, y in zip(sequences, labels, strict=True):
        E = (x @ weights) if x.dtype.kind == "f" else weights[x]
        codes = np.searchsorted(model.classes_, y)
        total += log_partition(E, transitions) - sequence_score(E, transitions, codes)
    return total + 0.5 * model.l2 * ((weights**2).sum() + (transitions**2).sum())


def draw(seed=0, count=20, dense=False):
    rng = np.random.default_rng(seed)
    lengths = rng.integers(1, 9, size=count)
    if dense:
        sequences = [rng.normal(size=(t, 3)) for t in lengths]
        labels = [np.where(x[:, 0] > 0, "up", "down") for x in sequences]
    else:
        sequences = [rng.integers(6, size=t) for t in lengths]
        labels = [np.where(x % 2 == 0, "even", np.where(x > 3, "big", "odd")) for x in sequences]
    return sequences, labels


@pytest.mark.parametrize("dense", [False, True])
def test_training_ends_at_the_minimum(backend, dense):
    sequences, labels = draw(dense=dense)
    model = LinearChainCRF(0.5, tol=1e-8).fit(sequences, labels)
    assert model.converged_
    here = loss(model, sequences, labels, model.weights_, model.transitions_)
    assert model.objective_ == pytest.approx(here, rel=1e-10)
    for array in (model.weights_, model.transitions_):
        for place in np.ndindex(array.shape):
            sides = []
            for step in (1e-5, -1e-5):
                array[place] += step
                sides.append(loss(model, sequences, labels, model.weights_, model.transitions_))
                array[place] -= step
            assert (sides[0] - sides[1]) / 2e-5 == pytest.approx(0, abs=1e-5)
            assert min(sides) > here - 1e-12
    assert model.score(sequences, labels) > 0.9


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 10), st.integers(1, 40))
def test_all_ways_to_the_expectations_agree(seed, k, count):
    rng = np.random.default_rng(seed)
    ends = np.cumsum(rng.integers(1, 12, size=count))
    spread = 10.0 ** rng.uniform(-1, 1.5)  # the largest ones are rescaled at each step
    E, A = rng.normal(size=(ends[-1], k)) * spread, rng.normal(size=(k, k)) * spread
    found = {}
    for name in ("logarithms", "numpy", *(["numba"] if has_numba() else [])):
        with pytest.MonkeyPatch.context() as patch:
            use(patch, name)
            found[name] = _expect(E.copy(), A, Batch.of(ends))
    total, nodes, pairs = found.pop("logarithms")
    for other, other_nodes, other_pairs in found.values():
        assert total == pytest.approx(other, rel=1e-11)
        np.testing.assert_allclose(nodes, other_nodes, atol=1e-11)
        np.testing.assert_allclose(pairs, other_pairs, atol=1e-9)
        np.testing.assert_allclose(other_nodes.sum(axis=1), 1)
    assert pairs.sum() == pytest.approx(ends[-1] - count)


def test_one_log_partition_for_each_sequence(backend):
    rng = np.random.default_rng(3)
    ends = np.array([3, 4, 9])
    E, A = rng.normal(size=(9, 3)) * 4, rng.normal(size=(3, 3)) * 4
    parts = [E[:3], E[3:4], E[4:]]
    total, nodes, pairs = _expect(E.copy(), A, Batch.of(ends))
    assert total == pytest.approx(sum(log_partition(part, A) for part in parts))
    alone = [marginals(part, A) for part in parts]
    np.testing.assert_allclose(nodes, np.concatenate([found[0] for found in alone]))
    np.testing.assert_allclose(pairs, sum(found[1].sum(axis=0) for found in alone))


def test_wide_scores_take_the_logarithms(backend):
    E, A = np.array([[0.0, -900.0], [-900.0, 0.0]]), np.array([[0.0, -900.0], [0.0, 0.0]])
    total, nodes, pairs = _expect(E, A, Batch.of(np.array([2])))
    assert total == pytest.approx(np.log(3) - 900)  # three of the four paths score -900
    np.testing.assert_allclose(nodes, [[2 / 3, 1 / 3], [1 / 3, 2 / 3]])
    np.testing.assert_allclose(pairs, [[1 / 3, 1 / 3], [0, 1 / 3]])


def test_several_features_at_a_place_and_unknown_ones(backend):
    sequences = [np.array([[0, 1], [2, -1]]), np.array([[1, -1]])]
    ones = []
    for x in sequences:
        hot = np.zeros((len(x), 3))
        for t, c in zip(*np.nonzero(x >= 0), strict=True):
            hot[t, x[t, c]] += 1
        ones.append(hot)
    labels = [["b", "a"], ["a"]]
    by_number = LinearChainCRF(tol=1e-9).fit(sequences, labels)
    by_value = LinearChainCRF(tol=1e-9).fit(ones, labels)
    np.testing.assert_allclose(by_number.weights_, by_value.weights_, atol=1e-7)
    np.testing.assert_allclose(
        by_number.predict_proba(sequences[0]), by_value.predict_proba(ones[0]), atol=1e-7
    )
    np.testing.assert_allclose(by_number.predict_proba([99]), [[0.5, 0.5]])


def test_labels_of_any_kind():
    x = [np.array([0, 1, 0])]
    big = LinearChainCRF().fit(x, [[2**62 + 1, 2**62, 2**62 + 1]])
    assert big.predict(x[0]).tolist() == [2**62 + 1, 2**62, 2**62 + 1]
    one = LinearChainCRF().fit(x, [["same"] * 3])
    assert one.predict(x[0]).tolist() == ["same"] * 3
    single = LinearChainCRF().fit([np.eye(2, dtype=np.float32)], [[0, 1]])
    assert single.predict_proba(np.asfortranarray(np.eye(2))).shape == (2, 2)


@pytest.mark.parametrize(
    ("sequences", "labels", "error", "message"),
    [
        ([], [], ShapeError, "sequences must all be"),
        ([np.zeros((0, 2))], [[]], ShapeError, "T >= 1"),
        ([np.zeros((2, 2))], [[0]], ShapeError, "labels must be as long"),
        ([np.array([[np.nan]])], [[0]], ValueError, "features must be finite"),
        ([np.array([-2])], [[0]], ValueError, "feature numbers start at 0"),
        ([np.zeros((1, 2)), np.zeros((1, 3))], [[0], [1]], ShapeError, "sequences must all be"),
        ([["word"]], [[0]], ShapeError, "sequences must all be"),
    ],
)
def test_refusals(sequences, labels, error, message):
    with pytest.raises(error, match=message):
        LinearChainCRF().fit(sequences, labels)


def test_other_refusals():
    with pytest.raises(ValueError, match="l2 must be"):
        LinearChainCRF(-1.0).fit([[0]], [[0]])
    with pytest.raises(NotFittedError):
        LinearChainCRF().predict([0])
    with pytest.raises(ShapeError, match="as in fit"):
        LinearChainCRF().fit([[0, 1]], [[0, 1]]).predict(np.zeros((2, 2)))
    for function in (log_partition, marginals, viterbi):
        with pytest.raises(ShapeError, match=r"\(T, K\) and \(K, K\)"):
            function(np.zeros((3, 2)), np.zeros((3, 3)))
        with pytest.raises(ValueError, match="transitions must be finite"):
            function(np.zeros((3, 1)), np.array([[np.nan]]))
    with pytest.raises(ValueError, match="labels go from 0 to 1"):
        sequence_score(np.zeros((1, 2)), np.zeros((2, 2)), np.array([2]))
    with pytest.raises(ShapeError, match="labels must be whole numbers"):
        sequence_score(np.zeros((1, 2)), np.zeros((2, 2)), np.array([0.0]))


def test_against_the_library(tmp_path):
    crfsuite = pytest.importorskip("pycrfsuite", reason="python-crfsuite is not installed")
    sequences, labels = draw(3)
    trainer = crfsuite.Trainer(algorithm="lbfgs", verbose=False)
    for x, y in zip(sequences, labels, strict=True):
        trainer.append([[f"f{i}"] for i in x], list(y))
    trainer.set_params({"c1": 0.0, "c2": 0.5, "max_iterations": 500, "epsilon": 1e-9,
                        "delta": 1e-12, "feature.possible_states": True,
                        "feature.possible_transitions": True})  # fmt: skip
    trainer.train(str(tmp_path / "model"))
    ours = LinearChainCRF(1.0, tol=1e-8).fit(sequences, labels)  # their c2 is half of our l2
    assert ours.objective_ == pytest.approx(trainer.logparser.last_iteration["loss"], abs=1e-3)

"""Hidden Markov models against sums and maxima over all paths, and what learning promises."""

from importlib import import_module
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from impl.checks import NotFittedError
from impl.core import ShapeError, has_numba
from impl.hmm import HiddenMarkovModel, forward_backward, log_likelihood, viterbi
from impl.hmm.blocks import passes

PLACES = ("impl.hmm.inference.kernels", "impl.hmm.decoding.kernels", "impl.hmm.model.kernels")


def use(monkeypatch, name):
    if name == "numba" and not has_numba():
        pytest.skip("numba is not installed")
    module = import_module("impl._kernels.hmm") if name == "numba" else None
    for place in PLACES:
        monkeypatch.setattr(place, lambda *_: module)
    # "blocks" is NumPy with even the shortest sequences passed over in blocks; "steps" never.
    monkeypatch.setattr("impl.hmm.blocks.SHORT", 1 if name == "blocks" else 16)
    monkeypatch.setattr("impl.hmm.blocks.FEW_STATES", 0 if name == "steps" else 8)


@pytest.fixture(params=["steps", "blocks", "numba"])
def backend(request, monkeypatch):
    use(monkeypatch, request.param)


def random_model(rng, n, m, sparse=False):
    def draw(*shape):
        p = rng.dirichlet(np.ones(shape[-1]), size=shape[:-1])
        if sparse:
            p = np.where(rng.random(p.shape) < 0.3, 0, p)
            p[..., 0] += 1 - p.sum(axis=-1)
        return p

    return draw(n), draw(n, n), draw(n, m)


def drawn(rng, model, steps):
    """States and symbols that the model gives."""
    pi, A, B = model
    states = [rng.choice(len(pi), p=pi)]
    for _ in range(steps - 1):
        states.append(rng.choice(len(pi), p=A[states[-1]]))
    return np.array(states), np.array([rng.choice(B.shape[1], p=B[i]) for i in states])


def joint(model, path, observations):
    pi, A, B = model
    p = pi[path[0]] * B[path[0], observations[0]]
    for t in range(1, len(path)):
        p *= A[path[t - 1], path[t]] * B[path[t], observations[t]]
    return p


def by_all_paths(model, observations):
    n, steps = len(model[0]), len(observations)
    total, posteriors, counts = 0.0, np.zeros((steps, n)), np.zeros((n, n))
    best, best_path = -1.0, None
    for path in product(range(n), repeat=steps):
        p = joint(model, path, observations)
        total += p
        posteriors[range(steps), path] += p
        for i, j in pairwise(path):
            counts[i, j] += p
        if p > best:
            best, best_path = p, path
    return total, posteriors / total, counts / total, best, best_path


@pytest.mark.parametrize("method", ["scaled", "log"])
@pytest.mark.parametrize(
    ("n", "m", "steps"), [(1, 2, 3), (2, 3, 1), (2, 2, 7), (3, 4, 5), (5, 2, 4)]
)
@pytest.mark.parametrize("sparse", [False, True])
def test_against_all_paths(backend, method, n, m, steps, sparse):
    for seed in range(3):
        rng = np.random.default_rng(seed)
        model = random_model(rng, n, m, sparse)
        observations = np.zeros(steps, dtype=int) if sparse else rng.integers(m, size=steps)
        total, posteriors, counts, best, path = by_all_paths(model, observations)
        found = forward_backward(*model, observations, method=method)
        assert found.log_likelihood == pytest.approx(np.log(total), abs=1e-12)
        assert log_likelihood(*model, observations) == pytest.approx(np.log(total), abs=1e-12)
        np.testing.assert_allclose(found.posteriors, posteriors, atol=1e-12)
        np.testing.assert_allclose(found.expected_transitions, counts, atol=1e-12)
        states, value = viterbi(*model, observations)
        assert value == pytest.approx(np.log(best), abs=1e-12)
        assert joint(model, states, observations) == pytest.approx(best)
        if not sparse:
            assert tuple(states) == path


def test_filtered_and_scales_are_what_they_say(backend):
    rng = np.random.default_rng(4)
    model = random_model(rng, 3, 3)
    observations = rng.integers(3, size=6)
    found = forward_backward(*model, observations)
    for t in range(1, 7):
        total, posteriors, *_ = by_all_paths(model, observations[:t])
        np.testing.assert_allclose(found.filtered[t - 1], posteriors[-1], atol=1e-12)
        assert found.log_scales[:t].sum() == pytest.approx(np.log(total))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 19), st.integers(1, 40))
def test_compiled_scaled_and_logarithms_agree(seed, n, steps):
    if not has_numba():
        pytest.skip("numba is not installed")
    rng = np.random.default_rng(seed)
    model, observations = random_model(rng, n, 3), rng.integers(3, size=steps)
    with pytest.MonkeyPatch.context() as patch:
        use(patch, "numba")
        a, path = forward_backward(*model, observations), viterbi(*model, observations)
        use(patch, "steps")
        b, plain = forward_backward(*model, observations), viterbi(*model, observations)
        use(patch, "blocks")
        c = forward_backward(*model, observations)
    for other in (b, c, forward_backward(*model, observations, method="log")):
        assert a.log_likelihood == pytest.approx(other.log_likelihood, rel=1e-11)
        for name in ("posteriors", "filtered", "expected_transitions", "log_scales"):
            np.testing.assert_allclose(getattr(a, name), getattr(other, name), atol=1e-10)
    np.testing.assert_array_equal(path[0], plain[0])
    assert a.posteriors.sum(axis=1) == pytest.approx(np.ones(steps))
    assert a.expected_transitions.sum() == pytest.approx(steps - 1)


@pytest.mark.parametrize("sparse", [False, True])
@pytest.mark.parametrize("steps", [17, 18, 100, 333, 1000])
def test_blocks_of_time_change_nothing(steps, sparse, monkeypatch):
    for seed in range(10):
        rng = np.random.default_rng(seed)
        model = random_model(rng, 1 + seed % 8, 4, sparse)
        _, observations = drawn(rng, model, steps)
        args = (*model[:2], np.ascontiguousarray(model[2].T), observations)
        filtered, posteriors, logs, pairs = passes(*args)
        use(monkeypatch, "steps")
        slow = forward_backward(*model, observations)
        use(monkeypatch, "blocks")
        np.testing.assert_allclose(filtered, slow.filtered, rtol=1e-10, atol=1e-13)
        np.testing.assert_allclose(posteriors, slow.posteriors, rtol=1e-10, atol=1e-13)
        np.testing.assert_allclose(logs, slow.log_scales, rtol=1e-10, atol=1e-13)
        np.testing.assert_allclose(
            pairs * model[1], slow.expected_transitions, rtol=1e-10, atol=1e-12
        )


def test_blocks_leave_small_numbers_to_the_step_by_step_passes():
    # A product of six factors of 1e-40 is below the least normal number.
    B = np.array([[1.0, 1e-40], [1e-40, 1.0]])
    assert passes(np.ones(2) / 2, np.eye(2), B, np.zeros(100, dtype=int)) is None
    assert passes(np.array([1.0, 0.0]), np.eye(2), np.eye(2), np.array([0, 1] * 50)) is None
    # A symbol that no state gives.
    B = np.array([[1.0, 1.0], [0.0, 0.0]])
    assert passes(np.ones(2) / 2, np.eye(2), B, np.array([0] * 50 + [1])) is None


def test_long_sequences_do_not_underflow(backend):
    rng = np.random.default_rng(0)
    model, observations = random_model(rng, 4, 5), rng.integers(5, size=5000)
    found = forward_backward(*model, observations)
    assert -1e5 < found.log_likelihood < -1000
    assert np.isfinite(found.posteriors).all()


def test_logarithms_keep_what_scaling_loses(backend):
    # State 1 gets less probable by 1e-40 a step, and the last symbol can come from nowhere else.
    pi, A = [0.5, 0.5], np.eye(2)
    B = [[1.0, 0.0], [1e-40, 1 - 1e-40]]
    observations = [0] * 20 + [1]
    exact = np.log(0.5) + 20 * np.log(1e-40)
    for method in ("log", "scaled"):  # which notices, and goes over to logarithms
        found = forward_backward(pi, A, B, observations, method=method)
        assert found.log_likelihood == pytest.approx(exact)
        np.testing.assert_allclose(found.posteriors, [[0, 1]] * 21)
    assert log_likelihood(pi, A, B, observations) == pytest.approx(exact)
    start = (pi, A, B)
    model = HiddenMarkovModel(2, start=start, max_iter=1, tol=0).fit([observations])
    assert model.log_likelihoods_[0] == pytest.approx(exact)
    assert model.log_likelihoods_[1] == pytest.approx(20 * np.log(20 / 21) + np.log(1 / 21))


def test_evidence_that_turns_after_a_state_has_become_0(backend):
    # Two states that never change. Fifty symbols speak for one, each by 1e20, and then fifty for
    # the other: by symmetry neither is more probable.
    pi, A, B = np.full(2, 0.5), np.eye(2), np.array([[1.0, 1e-20], [1e-20, 1.0]])
    observations = np.repeat([0, 1], 50)
    exact = 50 * np.log(1e-20)
    found = forward_backward(pi, A, B, observations)
    assert found.log_likelihood == pytest.approx(exact)
    np.testing.assert_allclose(found.posteriors, 0.5)
    assert log_likelihood(pi, A, B, observations) == pytest.approx(exact)
    one_more = np.append(observations, 1)
    assert log_likelihood(pi, A, B, one_more) == pytest.approx(exact + np.log(0.5))
    model = HiddenMarkovModel(2, start=(pi, A, B), max_iter=1, tol=0).fit([observations])
    assert model.log_likelihoods_[0] == pytest.approx(exact)
    np.testing.assert_allclose(model.emission_, 0.5)


def test_impossible_observations(backend):
    model = ([1.0, 0.0], np.eye(2), np.eye(2))
    assert log_likelihood(*model, [0, 1]) == -np.inf
    for method in ("scaled", "log"):
        with pytest.raises(ValueError, match="up to place 1 probability 0"):
            forward_backward(*model, [0, 1], method=method)
    with pytest.raises(ValueError, match="probability 0"):
        viterbi(*model, [0, 1])


def test_baum_welch_step_by_all_paths(backend):
    rng = np.random.default_rng(2)
    model = random_model(rng, 2, 3)
    sequences = [np.array([0, 1, 2, 1]), np.array([2]), np.array([1, 1, 0])]
    fit = HiddenMarkovModel(2, start=model, max_iter=1, tol=0, symbols=range(3)).fit(sequences)
    first, pairs, seen = np.zeros(2), np.zeros((2, 2)), np.zeros((2, 3))
    likelihood = 0.0
    for o in sequences:
        total, posteriors, counts, *_ = by_all_paths(model, o)
        likelihood += np.log(total)
        first += posteriors[0]
        pairs += counts
        for t, symbol in enumerate(o):
            seen[:, symbol] += posteriors[t]
    np.testing.assert_allclose(fit.initial_, first / 3)
    np.testing.assert_allclose(fit.transition_, pairs / pairs.sum(axis=1, keepdims=True))
    np.testing.assert_allclose(fit.emission_, seen / seen.sum(axis=1, keepdims=True))
    assert fit.log_likelihoods_[0] == pytest.approx(likelihood)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 4), st.integers(1, 4), st.booleans())
def test_likelihood_never_falls(seed, n, m, compiled):
    rng = np.random.default_rng(seed)
    sequences = [rng.integers(m, size=rng.integers(1, 30)) for _ in range(4)]
    with pytest.MonkeyPatch.context() as patch:
        use(patch, "numba" if compiled and has_numba() else "blocks")
        model = HiddenMarkovModel(n, tol=0, max_iter=15, rng=rng).fit(sequences)
    assert (np.diff(model.log_likelihoods_) >= -1e-9).all()
    for rows in (model.initial_, model.transition_, model.emission_):
        np.testing.assert_allclose(rows.sum(axis=-1), 1)
    total = sum(model.log_likelihood(s) for s in sequences)
    assert model.log_likelihoods_[-1] == pytest.approx(total)


def test_one_state_learns_the_frequencies():
    model = HiddenMarkovModel(1).fit([["a", "b", "a"], ["c"]])
    np.testing.assert_array_equal(model.symbols_, ["a", "b", "c"])
    np.testing.assert_allclose(model.emission_, [[0.5, 0.25, 0.25]])
    assert model.log_likelihood(["b", "c"]) == pytest.approx(2 * np.log(0.25))


def test_learning_recovers_a_model_it_has_drawn():
    truth = ([0.5, 0.5], [[0.9, 0.1], [0.2, 0.8]], [[0.8, 0.1, 0.1], [0.1, 0.2, 0.7]])
    drawn = HiddenMarkovModel(2, start=truth, max_iter=1).fit([["x", "y", "z"]])
    drawn.initial_, drawn.transition_, drawn.emission_ = (np.array(p) for p in truth)
    rng = np.random.default_rng(0)
    sequences = [drawn.sample(400, rng)[0] for _ in range(20)]
    model = HiddenMarkovModel(2, rng=rng, max_iter=200).fit(sequences)
    assert model.converged_
    order = np.argsort(-model.emission_[:, 0])
    np.testing.assert_allclose(model.emission_[order], truth[2], atol=0.06)
    np.testing.assert_allclose(model.transition_[np.ix_(order, order)], truth[1], atol=0.06)
    symbols, states = drawn.sample(400, rng)
    assert np.mean(drawn.predict(symbols) == states) > 0.8


def test_symbols_of_any_kind_and_states_that_are_never_visited(backend):
    big = [2**62 + 1, 2**62 + 3, 2**62 + 1]
    model = HiddenMarkovModel(2).fit([big])
    np.testing.assert_array_equal(model.symbols_, [2**62 + 1, 2**62 + 3])
    assert model.predict(big).shape == (3,)
    start = ([1.0, 0.0], np.eye(2), [[0.5, 0.5], [0.1, 0.9]])
    model = HiddenMarkovModel(2, start=start, max_iter=5, tol=0).fit([[0, 1, 0]])
    np.testing.assert_allclose(model.emission_, [[2 / 3, 1 / 3], [0.1, 0.9]])
    np.testing.assert_allclose(model.transition_, np.eye(2))


PI, A2, B2 = [0.5, 0.5], [[0.5, 0.5], [0.5, 0.5]], [[0.5, 0.5], [0.5, 0.5]]


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([[0.5, 0.5]], A2, B2, [0]), ShapeError, "initial must have shape"),
        ((PI, [[1.0]], B2, [0]), ShapeError, r"transition must have shape \(2, 2\)"),
        ((PI, A2, [[1.0]], [0]), ShapeError, r"emission must have shape \(2, M\)"),
        (([0.5, 0.4], A2, B2, [0]), ValueError, "initial must be distributions"),
        ((PI, [[1.5, -0.5], [0.5, 0.5]], B2, [0]), ValueError, "rows of transition"),
        ((PI, A2, [[np.nan, 1.0], [0.5, 0.5]], [0]), ValueError, "emission must be finite"),
        ((PI, A2, B2, []), ShapeError, "T >= 1"),
        ((PI, A2, B2, [2]), ValueError, "from 0 to 1; got 2 to 2"),
        ((PI, A2, B2, [-1]), ValueError, "from 0 to 1"),
        ((PI, A2, B2, [0.5]), ValueError, "whole numbers"),
    ],
)
def test_refusals(arguments, error, message):
    for function in (forward_backward, log_likelihood, viterbi):
        with pytest.raises(error, match=message):
            function(*arguments)


def test_refusals_of_the_model():
    with pytest.raises(ShapeError, match="list of sequences"):
        HiddenMarkovModel(2).fit([])
    with pytest.raises(ShapeError, match="list of sequences"):
        HiddenMarkovModel(2).fit([[1], []])
    with pytest.raises(ValueError, match="states and max_iter"):
        HiddenMarkovModel(0).fit([[1]])
    with pytest.raises(ValueError, match="'q' is not in the alphabet"):
        HiddenMarkovModel(1).fit([["a"]]).predict(["q"])
    with pytest.raises(NotFittedError):
        HiddenMarkovModel().predict([0])
    with pytest.raises(ValueError, match="method must be"):
        forward_backward(PI, A2, B2, [0], method="exact")
    with pytest.raises(ValueError, match="probability 0"):
        HiddenMarkovModel(2, start=([1, 0], np.eye(2), np.eye(2))).fit([[0, 1]])


def test_against_the_library():
    hmmlearn = pytest.importorskip("hmmlearn.hmm", reason="hmmlearn is not installed")
    rng = np.random.default_rng(0)
    model, o = random_model(rng, 4, 5), rng.integers(5, size=300)
    theirs = hmmlearn.CategoricalHMM(4, implementation="scaling")
    theirs.startprob_, theirs.transmat_, theirs.emissionprob_ = model
    theirs.n_features = 5
    value, posteriors = theirs.score_samples(o[:, None])
    found = forward_backward(*model, o)
    assert found.log_likelihood == pytest.approx(value)
    np.testing.assert_allclose(found.posteriors, posteriors, atol=1e-10)

"""Hidden Markov models and conditional random fields."""

import tempfile

import numpy as np

from impl.crf import LinearChainCRF
from impl.hmm import HiddenMarkovModel, forward_backward, viterbi
from tests.benchmarks.cases.case import Sides, case, relative, to_same_objective


def chain(states, symbols, length):
    rng = np.random.default_rng(0)
    model = (
        rng.dirichlet(np.ones(states)),
        rng.dirichlet(np.ones(states), size=states),
        rng.dirichlet(np.ones(symbols), size=states),
    )
    path = np.empty(length, dtype=int)
    path[0] = 0
    steps = model[1].cumsum(axis=1)
    draws = rng.random(length)
    for t in range(1, length):
        path[t] = min(np.searchsorted(steps[path[t - 1]], draws[t]), states - 1)
    emitted = model[2].cumsum(axis=1)[path] > rng.random(length)[:, None]
    return model, emitted.argmax(axis=1)


def hmmlearn_model(model, **options):
    from hmmlearn.hmm import CategoricalHMM

    theirs = CategoricalHMM(len(model[0]), n_features=model[2].shape[1], **options)
    theirs.startprob_, theirs.transmat_, theirs.emissionprob_ = (a.copy() for a in model)
    return theirs


def posteriors(states, symbols, length):
    model, o = chain(states, symbols, length)

    def hmmlearn(implementation):
        def prepare():
            theirs = hmmlearn_model(model, implementation=implementation)
            column = o[:, None]
            return lambda: theirs.score_samples(column)

        return prepare

    return Sides(
        lambda: forward_backward(*model, o),
        {"hmmlearn scaling": hmmlearn("scaling"), "hmmlearn log": hmmlearn("log")},
        lambda a, b: relative(a.posteriors, b[1]),
        1e-9,
    )


@case("HMM forward-backward, T=100k, N=16")
def hmm_posteriors(dtype):
    return posteriors(16, 32, 100_000)


@case("HMM forward-backward, T=200, N=3", ("float64",), (1,), "hmm")
def hmm_posteriors_small(dtype):
    return posteriors(3, 5, 200)


def decoding(states, symbols, length):
    model, o = chain(states, symbols, length)

    def hmmlearn():
        theirs = hmmlearn_model(model)
        column = o[:, None]
        return lambda: theirs.decode(column)

    return Sides(
        lambda: viterbi(*model, o),
        {"hmmlearn": hmmlearn},
        lambda a, b: abs(a[1] - b[0]) / abs(b[0]),  # paths may tie
        1e-9,
    )


@case("HMM Viterbi, T=100k, N=16")
def hmm_viterbi(dtype):
    return decoding(16, 32, 100_000)


@case("HMM Viterbi, T=200, N=3", ("float64",), (1,), "hmm")
def hmm_viterbi_small(dtype):
    return decoding(3, 5, 200)


def learning(states, symbols, length):
    _, o = chain(states, symbols, length)
    start, _ = chain(states, symbols, 1)
    start = tuple(0.5 * a + 0.5 / a.shape[-1] for a in start)

    def hmmlearn(implementation):
        def prepare():
            column = o[:, None]

            def fit():
                theirs = hmmlearn_model(
                    start, implementation=implementation, init_params="", n_iter=10, tol=-np.inf
                )
                return theirs.fit(column)

            return fit

        return prepare

    return Sides(
        lambda: HiddenMarkovModel(
            states, symbols=range(symbols), start=start, tol=0.0, max_iter=10
        ).fit([o]),
        {"hmmlearn scaling": hmmlearn("scaling")},
        lambda a, b: max(
            relative(a.transition_, b.transmat_), relative(a.emission_, b.emissionprob_)
        ),
        1e-6,
    )


@case("Baum-Welch, T=100k, N=16, 10 iterations")
def baum_welch(dtype):
    return learning(16, 32, 100_000)


@case("Baum-Welch, T=200, N=3, 10 iterations", ("float64",), (1,), "hmm")
def baum_welch_small(dtype):
    return learning(3, 5, 200)


def tagged(count, length, features, labels):
    """Sequences of one feature a place whose labels depend on it and on the label before."""
    rng = np.random.default_rng(0)
    weights = rng.normal(scale=0.7, size=(features, labels))
    steps = rng.normal(size=(labels, labels))
    sequences, tags = [], []
    for _ in range(count):
        x = rng.integers(features, size=length)
        scores = weights[x] + rng.gumbel(size=(length, labels))
        y = [int(scores[0].argmax())]
        for t in range(1, length):
            y.append(int((scores[t] + steps[y[-1]]).argmax()))
        sequences.append(x)
        tags.append(np.array(y))
    return sequences, tags


class Trained:
    def __init__(self, objective):
        self.objective_ = objective


def field(count, length, features, labels):
    sequences, tags = tagged(count, length, features, labels)

    def crfsuite():
        import pycrfsuite

        trainer = pycrfsuite.Trainer(verbose=False)
        for x, y in zip(sequences, tags, strict=True):
            trainer.append([[f"w{i}"] for i in x], [str(label) for label in y])
        trainer.select("lbfgs")

        def fit(tol):
            trainer.set_params(
                {
                    "c1": 0.0,
                    "c2": 0.5,  # of the squares; our l2 is of half of them
                    "max_iterations": 1000,
                    "epsilon": tol,
                    "delta": tol,
                    "feature.possible_states": True,
                    "feature.possible_transitions": True,
                }
            )
            with tempfile.NamedTemporaryFile() as file:
                trainer.train(file.name)
            return Trained(trainer.logparser.last_iteration["loss"])

        return fit

    return to_same_objective(
        lambda tol: LinearChainCRF(1.0, tol=100 * tol, max_iter=1000).fit(sequences, tags),
        {"crfsuite": crfsuite},
        lambda model: model.objective_,
    )


@case("CRF, 1000 sequences of 20, 2000 features, 9 labels")
def crf(dtype):
    return field(1000, 20, 2000, 9)


@case("CRF, 20 sequences of 10, 30 features, 3 labels", ("float64",), (1,), "crf")
def crf_small(dtype):
    return field(20, 10, 30, 3)

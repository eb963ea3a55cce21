"""The models against other libraries: the same numbers from the same data."""

import copy

import numpy as np
import pytest

from impl import activations, losses, optimizers
from impl.crf import LinearChainCRF
from impl.forest import DecisionTree, RandomForest
from impl.gaussian_classifier import LDA, QDA
from impl.gmm import GaussianMixture
from impl.hmm import HiddenMarkovModel, forward_backward, viterbi
from impl.kernels import gaussian_kernel, linear_kernel, polynomial_kernel
from impl.knn import KNearestNeighbors
from impl.layers.batchnorm import batch_norm
from impl.layers.convolution import conv2d
from impl.layers.pooling import average_pool2d, max_pool2d
from impl.layers.transposed import transposed_conv2d
from impl.layers.upsampling import bilinear_upsample
from impl.linear import Lasso, LinearRegression, Ridge
from impl.logistic import LogisticRegression
from impl.multinomial import MultinomialRegression
from impl.naive_bayes import BernoulliNB, CategoricalNB, GaussianNB, MultinomialNB
from impl.nets.mlp import MLPClassifier
from impl.pca import PCA
from impl.perceptron import Perceptron
from impl.softmax import cross_entropy, log_softmax, softmax
from impl.svm import SVM

DTYPES = pytest.mark.parametrize("dtype", [np.float64, np.float32])


def library(module):
    top = module.split(".")[0]
    name = {"sklearn": "scikit-learn", "sklearn_crfsuite": "sklearn-crfsuite"}.get(top, top)
    return pytest.importorskip(module, reason=f"{name} is not installed: make peers")


def rows(n=300, d=6, classes=3, seed=0, apart=1.0):
    rng = np.random.default_rng(seed)
    y = rng.integers(classes, size=n)
    X = rng.normal(size=(n, d)) @ rng.normal(size=(d, d)) / 2
    return X + rng.normal(scale=apart, size=(classes, d))[y] + 3.0, y


def targets(n=300, d=6):
    X, _ = rows(n, d)
    rng = np.random.default_rng(1)
    return X, X @ rng.normal(size=d) + rng.normal(size=n) + 5.0


@pytest.mark.parametrize("n", [300, 4])  # also fewer examples than features
def test_ridge(n):
    theirs = library("sklearn.linear_model").Ridge(0.7)
    X, y = targets(n)
    ours, theirs = Ridge(0.7).fit(X, y), theirs.fit(X, y)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, rtol=1e-8)
    assert ours.intercept_ == pytest.approx(theirs.intercept_, rel=1e-8)


@pytest.mark.parametrize("intercept", [True, False])
def test_linear_regression(intercept):
    theirs = library("sklearn.linear_model").LinearRegression(fit_intercept=intercept)
    X, y = targets()
    ours, theirs = LinearRegression(fit_intercept=intercept).fit(X, y), theirs.fit(X, y)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, rtol=1e-9)
    np.testing.assert_allclose(ours.predict(X), theirs.predict(X), rtol=1e-9)


@pytest.mark.parametrize("alpha", [0.01, 0.3, 3.0])
def test_lasso(alpha):
    theirs = library("sklearn.linear_model").Lasso(alpha, tol=1e-12, max_iter=100_000)
    X, y = targets()
    ours, theirs = Lasso(alpha, tol=1e-12).fit(X, y), theirs.fit(X, y)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, atol=1e-5)
    np.testing.assert_array_equal(ours.coef_ == 0, theirs.coef_ == 0)


@pytest.mark.parametrize("solver", ["newton", "lbfgs"])
def test_logistic_regression(solver):
    model = library("sklearn.linear_model").LogisticRegression
    X, y = rows(classes=2)
    theirs = model(C=1 / 0.3, tol=1e-10, max_iter=10_000).fit(X, y)
    ours = LogisticRegression(l2=0.3, solver=solver, tol=1e-9).fit(X, y)
    np.testing.assert_allclose(ours.coef_, theirs.coef_[0], atol=1e-4)
    np.testing.assert_allclose(ours.predict_proba(X), theirs.predict_proba(X), atol=1e-5)


def test_softmax_regression():
    model = library("sklearn.linear_model").LogisticRegression
    X, y = rows()
    theirs = model(C=1 / 0.3, tol=1e-10, max_iter=10_000).fit(X, y)
    ours = MultinomialRegression(l2=0.3, tol=1e-9).fit(X, y)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, atol=1e-4)
    np.testing.assert_allclose(ours.predict_proba(X), theirs.predict_proba(X), atol=1e-5)


@pytest.mark.parametrize("ours", [BernoulliNB, CategoricalNB, GaussianNB, MultinomialNB])
@pytest.mark.parametrize("alpha", [1.0, 0.3])
def test_naive_bayes(ours, alpha):
    kind = getattr(library("sklearn.naive_bayes"), ours.__name__)
    X, y = rows()
    options = {} if ours is GaussianNB else {"alpha": alpha}
    if ours is BernoulliNB:
        X = (X > 3).astype(int)
    elif ours is not GaussianNB:
        X = np.floor(10 * np.abs(X)).astype(int) % 4  # every value of every feature is seen
    ours, theirs = ours(**options).fit(X, y), kind(**options).fit(X, y)
    np.testing.assert_allclose(
        ours.predict_log_proba(X), theirs.predict_log_proba(X), rtol=1e-8, atol=1e-10
    )


def test_lda_and_qda():
    analysis = library("sklearn.discriminant_analysis")
    X, y = rows()
    linear = analysis.LinearDiscriminantAnalysis(solver="lsqr").fit(X, y)
    ours = LDA().fit(X, y).predict_proba(X)
    np.testing.assert_allclose(ours, linear.predict_proba(X), atol=1e-9)
    quadratic = analysis.QuadraticDiscriminantAnalysis(store_covariance=True).fit(X, y)
    # Versions differ in the divisor, n or n - 1.
    for mine, given in zip(QDA().fit(X, y).covariances_, quadratic.covariance_, strict=True):
        np.testing.assert_allclose(mine / np.trace(mine), given / np.trace(given), rtol=1e-9)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ({"kernel": "linear"}, {"kernel": "linear"}),
        (
            {"kernel": "polynomial", "degree": 2, "scale": 0.5, "shift": 1.0},
            {"kernel": "poly", "degree": 2, "gamma": 0.5, "coef0": 1.0},
        ),
        ({"kernel": "gaussian", "sigma": 2.0}, {"kernel": "rbf", "gamma": 0.125}),
    ],
    ids=["linear", "polynomial", "gaussian"],
)
@pytest.mark.parametrize("C", [0.1, 10.0])
def test_svm(ours, theirs, C):
    machine = library("sklearn.svm").SVC(C=C, tol=1e-9, **theirs)
    X, y = rows(classes=2)
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    mine, machine = SVM(C, tol=1e-9, **ours).fit(X, y), machine.fit(X, y)
    np.testing.assert_allclose(mine.decision_function(X), machine.decision_function(X), atol=1e-6)
    assert np.abs(machine.dual_coef_).sum() == pytest.approx(mine.alphas_.sum(), rel=1e-6)


def test_perceptron():
    theirs = library("sklearn.linear_model").Perceptron(shuffle=False, max_iter=7, tol=None)
    X, y = rows(classes=2, apart=0.3)
    ours, theirs = Perceptron(max_epochs=7).fit(X, y), theirs.fit(X, y)
    np.testing.assert_allclose(ours.weights_, theirs.coef_[0], rtol=1e-9)
    assert ours.bias_ == pytest.approx(theirs.intercept_[0])


def test_kernels():
    pairwise = library("sklearn.metrics.pairwise")
    X, Y = rows()[0][:20], rows(seed=1)[0][:15]
    np.testing.assert_allclose(linear_kernel(X, Y), pairwise.linear_kernel(X, Y))
    np.testing.assert_allclose(
        polynomial_kernel(X, Y, degree=3, scale=0.5, shift=2.0),
        pairwise.polynomial_kernel(X, Y, degree=3, gamma=0.5, coef0=2.0),
    )
    np.testing.assert_allclose(
        gaussian_kernel(X, Y, sigma=1.5), pairwise.rbf_kernel(X, Y, gamma=1 / 4.5), atol=1e-12
    )


@pytest.mark.parametrize("distance", ["euclidean", "manhattan", "chebyshev", "cosine"])
@DTYPES
def test_nearest_neighbors(distance, dtype):
    model = library("sklearn.neighbors").KNeighborsClassifier
    X, y = rows()
    X, Q = X.astype(dtype), rows(seed=2)[0].astype(dtype)
    theirs = model(5, metric=distance, algorithm="brute").fit(X.astype(float), y)
    ours = KNearestNeighbors(5, distance=distance).fit(X, y)
    far, near = ours.neighbors(Q), theirs.kneighbors(Q.astype(float))
    np.testing.assert_allclose(far[0], near[0], atol=1e-9 if dtype == np.float64 else 1e-4)
    if dtype == np.float64:
        np.testing.assert_array_equal(far[1], near[1])
        np.testing.assert_allclose(ours.predict_proba(Q), theirs.predict_proba(Q.astype(float)))


@pytest.mark.parametrize("criterion", ["gini", "entropy"])
def test_decision_tree(criterion):
    model = library("sklearn.tree").DecisionTreeClassifier
    X, y = rows()
    for depth in (1, 2, 3):
        theirs = model(criterion=criterion, max_depth=depth, random_state=0).fit(X, y)
        ours = DecisionTree(criterion, max_depth=depth, rng=np.random.default_rng(0)).fit(X, y)
        np.testing.assert_allclose(ours.predict_proba(X), theirs.predict_proba(X))


def test_random_forest():
    model = library("sklearn.ensemble").RandomForestClassifier
    X, y = rows(2000, apart=0.8)
    one, other = (model(200, oob_score=True, random_state=k).fit(X, y) for k in range(2))
    ours = RandomForest(200, rng=np.random.default_rng(0)).fit(X, y)
    assert ours.oob_error_ == pytest.approx(1 - one.oob_score_, abs=0.02)
    # No further from either of two forests of theirs than these are from each other.
    between = np.abs(one.oob_decision_function_ - other.oob_decision_function_).mean()
    for theirs in (one, other):
        gap = np.abs(ours.oob_proba_ - theirs.oob_decision_function_)
        assert gap.mean() < 1.1 * between


@pytest.mark.parametrize("covariance", ["full", "diagonal"])
def test_gaussian_mixture(covariance):
    model = library("sklearn.mixture").GaussianMixture
    X, _ = rows(600, d=3, apart=4.0)
    start = X[[0, 1, 2]]
    ours = GaussianMixture(3, covariance=covariance, means=start, tol=1e-12, max_iter=2000).fit(X)
    kind = "full" if covariance == "full" else "diag"
    # From our end, their iterations must find nothing better.
    options = {
        "weights_init": ours.weights_,
        "means_init": ours.means_,
        "precisions_init": np.linalg.inv(ours.covariances_)
        if covariance == "full"
        else 1 / ours.covariances_,
    }
    theirs = model(3, covariance_type=kind, tol=1e-9, reg_covar=0.0, max_iter=50, **options).fit(X)
    np.testing.assert_allclose(ours.means_, theirs.means_, rtol=1e-4)
    np.testing.assert_allclose(ours.covariances_, theirs.covariances_, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(ours.log_density(X), theirs.score_samples(X), atol=1e-3)
    np.testing.assert_allclose(ours.responsibilities(X), theirs.predict_proba(X), atol=1e-3)


@pytest.mark.parametrize("method", ["covariance", "svd"])
@DTYPES
def test_pca(method, dtype):
    model = library("sklearn.decomposition").PCA
    X = rows()[0].astype(dtype)
    theirs = model(3, svd_solver="full").fit(X.astype(float))
    ours = PCA(3, method=method).fit(X)
    rough = 1e-9 if dtype == np.float64 else 1e-3
    np.testing.assert_allclose(np.abs(ours.components_), np.abs(theirs.components_), atol=rough)
    n = len(X)
    np.testing.assert_allclose(
        ours.variances_, theirs.explained_variance_ * (n - 1) / n, rtol=rough
    )
    np.testing.assert_allclose(ours.variance_ratios_, theirs.explained_variance_ratio_, rtol=rough)
    np.testing.assert_allclose(
        np.abs(ours.transform(X)), np.abs(theirs.transform(X)), atol=10 * rough
    )


def chain(states=3, symbols=4, seed=0):
    rng = np.random.default_rng(seed)
    return (
        rng.dirichlet(np.ones(states)),
        rng.dirichlet(np.ones(states), size=states),
        rng.dirichlet(np.ones(symbols), size=states),
    )


def their_hmm(model, **options):
    theirs = library("hmmlearn.hmm").CategoricalHMM(
        len(model[0]), n_features=model[2].shape[1], **options
    )
    theirs.startprob_, theirs.transmat_, theirs.emissionprob_ = (a.copy() for a in model)
    return theirs


@pytest.mark.parametrize("method", ["scaled", "log"])
@pytest.mark.parametrize("length", [1, 2, 500])
def test_forward_backward(method, length):
    model = chain()
    theirs = their_hmm(model)
    o = np.random.default_rng(1).integers(4, size=length)
    ours = forward_backward(*model, o, method=method)
    likelihood, posteriors = theirs.score_samples(o[:, None])
    assert ours.log_likelihood == pytest.approx(likelihood, rel=1e-10)
    np.testing.assert_allclose(ours.posteriors, posteriors, atol=1e-10)


@pytest.mark.parametrize("length", [1, 2, 500])
def test_viterbi(length):
    model = chain()
    theirs = their_hmm(model)
    o = np.random.default_rng(2).integers(4, size=length)
    path, value = viterbi(*model, o)
    best, _ = theirs.decode(o[:, None])
    assert value == pytest.approx(best, rel=1e-10)
    # Rounding decides between equally probable paths; ours must have the probability it says.
    pi, A, B = model
    likelihoods = [pi[path[0]], *A[path[:-1], path[1:]], *B[path, o]]
    assert np.log(likelihoods).sum() == pytest.approx(best, rel=1e-10)


def test_baum_welch_over_several_sequences():
    start = chain(seed=3)
    rng = np.random.default_rng(4)
    sequences = [rng.integers(4, size=n) for n in (30, 1, 100, 7)]
    theirs = their_hmm(start, init_params="", n_iter=5, tol=-np.inf)
    theirs.fit(np.concatenate(sequences)[:, None], lengths=[len(o) for o in sequences])
    ours = HiddenMarkovModel(3, symbols=range(4), start=start, tol=0.0, max_iter=5).fit(sequences)
    np.testing.assert_allclose(ours.initial_, theirs.startprob_, atol=1e-9)
    np.testing.assert_allclose(ours.transition_, theirs.transmat_, atol=1e-9)
    np.testing.assert_allclose(ours.emission_, theirs.emissionprob_, atol=1e-9)
    np.testing.assert_allclose(ours.log_likelihoods_[:5], theirs.monitor_.history, rtol=1e-9)


def test_crf():
    crfsuite = library("sklearn_crfsuite")
    rng = np.random.default_rng(5)
    sequences = [rng.integers(6, size=n) for n in (1, 5, 12, 9, 20, 2)]
    labels = [(x + rng.integers(2, size=len(x))) % 3 for x in sequences]
    theirs = crfsuite.CRF(
        algorithm="lbfgs",
        c1=0.0,
        c2=0.25,  # of the squares; l2 is of their halves
        all_possible_states=True,
        all_possible_transitions=True,
        epsilon=1e-9,
        delta=1e-12,
        max_iterations=2000,
    )
    words = [[{f"w{i}": 1.0} for i in x] for x in sequences]
    theirs.fit(words, [[str(label) for label in y] for y in labels])
    ours = LinearChainCRF(0.5, tol=1e-8).fit(sequences, labels)
    for x, given in zip(sequences, words, strict=True):
        places = theirs.predict_marginals_single(given)
        marginals = np.array([[place[str(k)] for k in ours.classes_] for place in places])
        np.testing.assert_allclose(ours.predict_proba(x), marginals, atol=2e-4)
        np.testing.assert_array_equal(ours.predict(x).astype(str), theirs.predict_single(given))


def both(op, arrays, theirs, dtype, **options):
    """Our value and gradients, and torch's, for one random upstream gradient."""
    torch = library("torch")
    arrays = [np.asarray(a, dtype) if np.asarray(a).dtype.kind == "f" else a for a in arrays]
    value = op(*arrays, **options)
    upstream = np.random.default_rng(9).normal(size=np.shape(value)).astype(dtype)
    found = op.backward(*arrays, gradient=upstream, **options)
    tensors = [torch.tensor(a) for a in arrays]
    differentiable = [tensors[i].requires_grad_() for i in op.differentiable]
    expected = theirs(torch, *tensors)
    expected.backward(torch.tensor(upstream))
    rough = {"rtol": 1e-9, "atol": 1e-10} if dtype == np.float64 else {"rtol": 1e-3, "atol": 1e-4}
    np.testing.assert_allclose(value, expected.detach().numpy(), **rough)
    found = found if isinstance(found, tuple) else (found,)
    for mine, tensor in zip(found, differentiable, strict=True):
        np.testing.assert_allclose(mine, tensor.grad.numpy(), **rough)


def normal(*shapes):
    rng = np.random.default_rng(0)
    return [rng.normal(size=shape) for shape in shapes]


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "relu", "elu", "softplus", "leaky_relu"])
@DTYPES
def test_activations(name, dtype):
    both(
        getattr(activations, name),
        [3 * normal((4, 50))[0]],
        lambda torch, x: getattr(torch.nn.functional, name)(x),
        dtype,
    )


@DTYPES
def test_softmax_and_cross_entropy(dtype):
    z = normal((7, 5))[0]
    y = np.arange(7) % 5
    both(softmax, [z], lambda torch, z: torch.softmax(z, -1), dtype)
    both(log_softmax, [z], lambda torch, z: torch.log_softmax(z, -1), dtype)
    both(
        cross_entropy,
        [z, y],
        lambda torch, z, y: torch.nn.functional.cross_entropy(z, y, reduction="none"),
        dtype,
    )
    # Theirs shares the amount among all 5 classes, ours among the 4 others.
    both(
        losses.smoothed_cross_entropy,
        [z, y],
        lambda torch, z, y: torch.nn.functional.cross_entropy(
            z,
            y,
            reduction="none",
            label_smoothing=0.1 * 5 / 4,
        ),
        dtype,
    )


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("squared_error", "mse_loss"), ("absolute_error", "l1_loss"), ("huber", "huber_loss")],
)
@DTYPES
def test_losses(ours, theirs, dtype):
    def loss(torch, a, y):
        return getattr(torch.nn.functional, theirs)(a, y, reduction="none")

    both(getattr(losses, ours), [3 * a for a in normal((4, 30), (4, 30))], loss, dtype)


@DTYPES
def test_binary_cross_entropy(dtype):
    z, y = 10 * normal((4, 30))[0], np.random.default_rng(1).random((4, 30))

    def loss(torch, z, y):
        name = "binary_cross_entropy_with_logits"
        return getattr(torch.nn.functional, name)(z, y, reduction="none")

    both(losses.binary_cross_entropy, [z, y], loss, dtype)


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (2, 1), ((1, 2), (0, 2)), (3, 0)])
@pytest.mark.parametrize("size", [1, 12])  # 12 images are enough for the compiled loops
@DTYPES
def test_convolution(stride, padding, size, dtype):
    images = 2 * size**2
    arrays = normal((images, 3, 11, 10), (5, 3, 3, 2), (5,))

    def theirs(torch, x, k, b):
        return torch.nn.functional.conv2d(x, k, b, stride=stride, padding=padding)

    both(conv2d, arrays, theirs, dtype, stride=stride, padding=padding)


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (2, 1), ((1, 2), (0, 1)), (3, 0)])
@DTYPES
def test_transposed_convolution(stride, padding, dtype):
    arrays = normal((2, 3, 5, 6), (3, 4, 3, 4), (4,))

    def theirs(torch, x, k, b):
        return torch.nn.functional.conv_transpose2d(x, k, b, stride=stride, padding=padding)

    both(transposed_conv2d, arrays, theirs, dtype, stride=stride, padding=padding)


@pytest.mark.parametrize(("size", "stride"), [(2, None), (3, 2), ((2, 3), 1)])
@pytest.mark.parametrize("images", [2, 4000])  # few and many: NumPy and the compiled loops
@DTYPES
def test_pooling(size, stride, images, dtype):
    x = normal((images, 3, 9, 10))
    for op, name in ((max_pool2d, "max_pool2d"), (average_pool2d, "avg_pool2d")):

        def theirs(torch, x, name=name):
            return getattr(torch.nn.functional, name)(x, size, stride)

        both(op, x, theirs, dtype, size=size, stride=stride)


@pytest.mark.parametrize("shape", [(30, 5), (6, 5, 4, 3), (400, 5, 24, 24)])
@DTYPES
def test_batch_norm(shape, dtype):
    arrays = normal(shape, (5,), (5,))
    arrays[0] += 4.0

    def theirs(torch, x, gamma, beta):
        return torch.nn.functional.batch_norm(x, None, None, gamma, beta, training=True)

    both(batch_norm, arrays, theirs, dtype)


@pytest.mark.parametrize("factor", [2, 3])
@pytest.mark.parametrize("images", [2, 700])
@DTYPES
def test_bilinear_upsampling(factor, images, dtype):
    def theirs(torch, x):
        return torch.nn.functional.interpolate(
            x, scale_factor=factor, mode="bilinear", align_corners=False
        )

    both(bilinear_upsample, normal((images, 2, 7, 8)), theirs, dtype, factor=factor)


OPTIMIZERS = {
    "SGD": (optimizers.SGD(0.1), "SGD", {"lr": 0.1}),
    "momentum": (optimizers.Momentum(0.1, 0.8), "SGD", {"lr": 0.1, "momentum": 0.8}),
    "AdaGrad": (optimizers.AdaGrad(0.1, 1e-6), "Adagrad", {"lr": 0.1, "eps": 1e-6}),
    "RMSProp": (
        optimizers.RMSProp(0.1, 0.8, 1e-6),
        "RMSprop",
        {"lr": 0.1, "alpha": 0.8, "eps": 1e-6},
    ),
    "RMSProp, momentum": (
        optimizers.RMSPropMomentum(0.1, 0.8, 0.7, 1e-6),
        "RMSprop",
        {"lr": 0.1, "alpha": 0.8, "eps": 1e-6, "momentum": 0.7},
    ),
    "Adam": (
        optimizers.Adam(0.1, 0.8, 0.95, 1e-6),
        "Adam",
        {"lr": 0.1, "betas": (0.8, 0.95), "eps": 1e-6},
    ),
}


@pytest.mark.parametrize("name", list(OPTIMIZERS))
@pytest.mark.parametrize("size", [5, 200_000])
def test_optimizers(name, size):
    torch = library("torch")
    mine, kind, options = OPTIMIZERS[name]
    mine = copy.deepcopy(mine)
    start, pull = normal(size, size)
    theta = start.copy()
    tensor = torch.tensor(start, requires_grad=True)
    theirs = getattr(torch.optim, kind)([tensor], **options)
    for _ in range(8):  # of sum pull theta - cos(theta)
        mine.step([theta], [pull + np.sin(theta)])
        tensor.grad = torch.tensor(pull) + tensor.detach().sin()
        theirs.step()
    np.testing.assert_allclose(theta, tensor.detach().numpy(), rtol=1e-8, atol=1e-9)


def test_network_gradients():
    torch = library("torch")
    X, y = rows(40)
    model = MLPClassifier((7, 5), activation="tanh", epochs=1, rng=np.random.default_rng(0))
    model.fit(X, y)
    loss, gradients = model.loss_and_gradients(X, y)
    tensors = [torch.tensor(p, requires_grad=True) for p in model.network_.parameters]
    a = torch.tensor(X)
    for i in range(0, len(tensors), 2):
        a = a @ tensors[i].T + tensors[i + 1]
        a = torch.tanh(a) if i < len(tensors) - 2 else a
    expected = torch.nn.functional.cross_entropy(a, torch.tensor(y))
    expected.backward()
    assert loss == pytest.approx(expected.item(), rel=1e-12)
    for mine, tensor in zip(gradients, tensors, strict=True):
        np.testing.assert_allclose(mine, tensor.grad.numpy(), rtol=1e-8, atol=1e-12)

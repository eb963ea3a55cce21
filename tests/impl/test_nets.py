"""Networks: gradients by differences, symmetry, and problems with known answers."""

import numpy as np
import pytest

from impl.activations import relu, tanh
from impl.checks import NotFittedError
from impl.convnet_arithmetic import Convolution, Dense, Pooling, total_parameters
from impl.core import ShapeError
from impl.layers.affine import affine
from impl.matrix_calculus import check_gradient
from impl.nets.autoencoder import TiedAutoencoder
from impl.nets.convnets import LeNet5, SmallConvNet
from impl.nets.mlp import MLPClassifier, MLPRegressor
from impl.nets.network import Layer, Network, minibatches
from impl.optimizers import SGD, Adam, Momentum, Nesterov
from impl.regularization import EarlyStopping


def rng(seed=0):
    return np.random.default_rng(seed)


def blobs(n=60, seed=0):
    """Two well separated clouds."""
    g = rng(seed)
    y = np.arange(n) % 2
    return g.normal(size=(n, 2)) * 0.3 + 4 * y[:, None], y


def bars(n=40, size=8, seed=0):
    """Images with one bright row (class 0) or one bright column (class 1)."""
    g = rng(seed)
    x, y = g.normal(size=(n, 1, size, size)) * 0.1, np.arange(n) % 2
    for i in range(n):
        at = g.integers(size)
        x[i, 0, at, :] += 1 - y[i]
        x[i, 0, :, at] += y[i]
    return x, y


def check_parameters(model, X, codes):
    _, gradients = model.loss_and_gradients(X, codes)
    for p, analytic in zip(model.network_.parameters, gradients, strict=True):

        def loss(moved, p=p):
            kept = p.copy()
            p[...] = moved
            value = model.loss_and_gradients(X, codes)[0]
            p[...] = kept
            return value

        assert check_gradient(loss, analytic, p.copy(), tolerance=1e-6).passed


@pytest.mark.parametrize("activation", ["relu", "sigmoid", "tanh"])
def test_the_gradient_of_an_mlp(activation):
    X, y = blobs(10)
    model = MLPClassifier((4, 3), activation, epochs=2, l2=0.1, rng=rng(1)).fit(X, y)
    check_parameters(model, X, y)


def test_the_penalty_leaves_biases_out():
    X, y = blobs(10)
    model = MLPClassifier((3,), epochs=5, rng=rng()).fit(X, y)
    plain = model.loss_and_gradients(X, y)[0]
    for p in model.network_.parameters:
        assert np.any(p)
    model.l2 = 0.5
    squares = sum(np.sum(p**2) for p in model.network_.parameters if p.ndim == 2)
    assert model.loss_and_gradients(X, y)[0] - plain == pytest.approx(0.25 * squares)


@pytest.mark.parametrize("model", [LeNet5, SmallConvNet])
def test_the_gradient_of_convolutional_networks(model):
    size = 28 if model is LeNet5 else 8
    X, y = bars(3, size)
    net = model(epochs=0, rng=rng(2)) if model is LeNet5 else model((2, 2), epochs=0, rng=rng(2))
    net.fit(X, y)
    _, gradients = net.loss_and_gradients(X, y)
    # One direction for all parameters at once: LeNet-5 has too many for one by one.
    directions = [rng(k).normal(size=p.shape) for k, p in enumerate(net.network_.parameters)]

    def along(t):
        for p, d in zip(net.network_.parameters, directions, strict=True):
            p += t * d
        value = net.loss_and_gradients(X, y)[0]
        for p, d in zip(net.network_.parameters, directions, strict=True):
            p -= t * d
        return value

    expected = sum(np.vdot(g, d) for g, d in zip(gradients, directions, strict=True))
    assert (along(1e-6) - along(-1e-6)) / 2e-6 == pytest.approx(expected, rel=1e-4)


def test_lenet_has_the_parameters_that_arithmetic_counts():
    X, y = np.zeros((10, 32, 32)), np.arange(10)
    net = LeNet5(epochs=0, rng=rng()).fit(X, y)
    counted = total_parameters(
        (
            Convolution("", 6, 5),
            Pooling("", 2, 2),
            Convolution("", 16, 5),
            Pooling("", 2, 2),
            Convolution("", 120, 5),
            Dense("", 84),
            Dense("", 10),
        ),
        (32, 32, 1),
    )
    assert sum(p.size for p in net.network_.parameters) == counted == 61_706
    shapes = [v.shape[1:] for v in net.network_.forward(np.zeros((1, 1, 32, 32)))]
    assert (6, 28, 28) in shapes
    assert (16, 5, 5) in shapes
    assert (120, 1, 1) in shapes


@pytest.mark.parametrize("optimizer", [None, SGD(0.5), Momentum(0.1), Nesterov(0.1), Adam(0.05)])
def test_separated_clouds_are_told_apart(optimizer):
    X, y = blobs()
    model = MLPClassifier((8,), optimizer=optimizer, epochs=300, rng=rng()).fit(X, y)
    assert model.score(X, y) == 1.0
    assert model.loss_curve_[-1] < model.loss_curve_[0]
    np.testing.assert_allclose(model.predict_proba(X).sum(axis=1), 1)


def test_xor_needs_a_hidden_layer():
    X, y = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])
    deep = MLPClassifier((8,), "tanh", epochs=300, optimizer=Adam(0.05), rng=rng(0)).fit(X, y)
    assert deep.score(X, y) == 1.0
    flat = MLPClassifier((), epochs=300, optimizer=Adam(0.05), rng=rng(0)).fit(X, y)
    assert flat.score(X, y) <= 0.75  # no line gets all four right
    assert flat.loss_curve_[-1] > np.log(2) - 0.05


def test_without_hidden_layers_it_is_convex():
    # Strictly convex with the penalty: any start ends at the one point where the gradient is 0.
    X, y = blobs(20)
    ends = []
    for seed in (0, 1):
        model = MLPClassifier((), epochs=800, batch_size=20, optimizer=SGD(0.2), l2=0.1)
        model.rng = rng(seed)
        model.fit(X, y)
        gradients = model.loss_and_gradients(X, y)[1]
        assert max(np.abs(g).max() for g in gradients) < 1e-3
        ends.append(model.network_.parameters[0])
    np.testing.assert_allclose(*ends, atol=5e-3)


def test_zero_weights_stay_symmetric():
    # CO-init-zeros: all hidden units receive one and the same gradient.
    layers = [Layer(affine, [np.full((3, 2), 0.5), np.zeros(3)]), Layer(tanh)]
    net = Network([*layers, Layer(affine, [np.full((2, 3), 0.5), np.zeros(2)])])
    values = net.forward(rng().normal(size=(5, 2)))
    gradient = net.backward(values, rng(1).normal(size=(5, 2)))[0]
    np.testing.assert_allclose(gradient, np.broadcast_to(gradient[0], (3, 2)))
    dead = Network([Layer(affine, [np.zeros((3, 2)), np.zeros(3)]), Layer(relu), layers[0]])
    dead.layers[2] = Layer(affine, [np.zeros((2, 3)), np.zeros(2)])
    values = dead.forward(rng().normal(size=(5, 2)))
    assert not np.any(dead.backward(values, np.ones((5, 2)))[0])


@pytest.mark.parametrize("channels", [1, 2])
def test_convolutional_networks_tell_rows_from_columns(channels):
    X, y = bars()
    X = np.repeat(X, channels, axis=1)
    net = SmallConvNet((4,), epochs=25, optimizer=Adam(0.01), rng=rng()).fit(X, y)
    other = np.repeat(bars(seed=9)[0], channels, axis=1)
    assert net.score(other, y) >= 0.95


def test_labels_and_types():
    X, y = blobs()
    names = np.array(["no", "yes"])[y]
    model = MLPClassifier((4,), epochs=30, optimizer=Adam(0.05), rng=rng()).fit(X, names)
    assert set(model.predict(X)) == {"no", "yes"}
    big = MLPClassifier((4,), epochs=30, optimizer=Adam(0.05), rng=rng()).fit(X, y * 10**12)
    assert big.score(X, y * 10**12) == 1.0
    single = MLPClassifier((4,), epochs=2, rng=rng()).fit(X.astype(np.float32), y)
    assert single.predict_proba(X.astype(np.float32)).dtype == np.float32
    fortran = MLPClassifier((4,), epochs=3, rng=rng()).fit(np.asfortranarray(X), y)
    again = MLPClassifier((4,), epochs=3, rng=rng()).fit(X, y)
    assert fortran.loss_curve_ == again.loss_curve_


def test_a_fit_leaves_the_optimizer_as_it_was():
    X, y = blobs(10)
    optimizer = Adam(0.1)
    MLPClassifier((2,), epochs=1, optimizer=optimizer, rng=rng()).fit(X, y)
    assert optimizer.t_ == 0


def test_refusals():
    X, y = blobs(10)
    with pytest.raises(NotFittedError, match="call fit first"):
        MLPClassifier().predict(X)
    with pytest.raises(ValueError, match=r"X must be finite; got nan at \(0, 1\)"):
        MLPClassifier().fit([[1.0, np.nan]], [0])
    with pytest.raises(ValueError, match="at least 2 classes"):
        MLPClassifier().fit(X, np.zeros(10, int))
    with pytest.raises(ShapeError, match="y must have shape"):
        MLPClassifier().fit(X, y[:5])
    with pytest.raises(ValueError, match="activation must be one of"):
        MLPClassifier(activation="step").fit(X, y)
    with pytest.raises(ShapeError, match="2 columns"):
        MLPClassifier(epochs=0, rng=rng()).fit(X, y).predict(np.zeros((1, 3)))
    with pytest.raises(ShapeError, match="28x28 or 32x32"):
        LeNet5().fit(np.zeros((2, 8, 8)), [0, 1])
    with pytest.raises(ShapeError, match="at least 4x4"):
        SmallConvNet().fit(np.zeros((2, 3, 3)), [0, 1])
    with pytest.raises(ShapeError, match="not empty"):
        SmallConvNet().fit(np.zeros((0, 1, 8, 8)), [])


def test_minibatches_go_through_everything_once():
    parts = list(minibatches(10, 4, rng()))
    assert [len(p) for p in parts] == [4, 4, 2]
    assert sorted(np.concatenate(parts)) == list(range(10))
    assert list(minibatches(0, 4, rng())) == []


# regression


def test_the_gradient_of_a_regression():
    X = rng().normal(size=(7, 3))
    y = rng(1).normal(size=(7, 2))
    model = MLPRegressor((4,), "tanh", epochs=1, l2=0.1, rng=rng(2)).fit(X, y)
    check_parameters(model, X, y)


@pytest.mark.parametrize("outputs", [None, 2])
def test_a_regression_without_hidden_layers_is_least_squares(outputs):
    X = rng().normal(size=(80, 3))
    y = (
        X @ rng(1).normal(size=(3, outputs or 1))
        + 40
        + 0.3 * rng(2).normal(size=(80, outputs or 1))
    )
    design = np.column_stack([X, np.ones(80)])
    best = design @ np.linalg.lstsq(design, y, rcond=None)[0]
    model = MLPRegressor((), epochs=400, optimizer=Adam(0.02), batch_size=80, rng=rng())
    model.fit(X, y if outputs else y[:, 0])
    wanted = best if outputs else best[:, 0]
    np.testing.assert_allclose(model.predict(X), wanted, atol=1e-3)
    spread = np.sum((y - y.mean(axis=0)) ** 2)
    assert model.score(X, y if outputs else y[:, 0]) == pytest.approx(
        1 - np.sum((y - best) ** 2) / spread, abs=1e-5
    )


def test_a_hidden_layer_bends_the_line():
    x = np.linspace(-1, 1, 64)[:, None]
    y = np.abs(x[:, 0])  # two rectified lines
    straight = MLPRegressor((), epochs=150, optimizer=Adam(0.02), rng=rng(0)).fit(x, y)
    bent = MLPRegressor((16,), epochs=150, optimizer=Adam(0.02), rng=rng(0)).fit(x, y)
    assert straight.score(x, y) < 0.01
    assert bent.score(x, y) > 0.99


def test_a_regression_refuses():
    X = np.eye(3)
    with pytest.raises(ShapeError, match=r"y must have shape \(3,\) or \(n, k\); got \(2,\)"):
        MLPRegressor().fit(X, [1.0, 2.0])
    with pytest.raises(ValueError, match="y must be finite"):
        MLPRegressor().fit(X, [1.0, 2.0, np.inf])
    with pytest.raises(NotFittedError, match="call fit first"):
        MLPRegressor().predict(X)
    with pytest.raises(ValueError, match=r"MLPRegressor\.fit: activation"):
        MLPRegressor(activation="step").fit(X, [1.0, 2.0, 3.0])


# early stopping


def noisy_labels(n=60):
    """Labels that say nothing of X, so that learning them by heart only does harm."""
    return rng().normal(size=(n, 5)), rng(1).integers(2, size=n)


@pytest.mark.parametrize("model", [MLPClassifier, MLPRegressor])
def test_early_stopping_keeps_the_best_epoch(model):
    X, y = noisy_labels()
    options = {"hidden": (30,), "optimizer": Adam(0.01), "validation_share": 0.3}
    fit = model(epochs=300, early_stopping=EarlyStopping(5), rng=rng(3), **options).fit(X, y)
    curve = fit.validation_curve_
    assert len(curve) == len(fit.loss_curve_) < 300
    assert fit.best_epoch_ == np.argmin(curve) == len(curve) - 1 - 5
    # The weights of that epoch: those of a fit that ends there.
    epochs = fit.best_epoch_ + 1
    short = model(epochs=epochs, early_stopping=EarlyStopping(500), rng=rng(3), **options).fit(X, y)
    assert short.validation_curve_ == curve[:epochs]
    for one, two in zip(fit.network_.parameters, short.network_.parameters, strict=True):
        np.testing.assert_array_equal(one, two)


def test_the_examples_held_out_are_not_learned_from():
    X, y = noisy_labels(20)
    held = rng(3).permutation(20)[:5]  # the first that the generator is asked for
    options = {"epochs": 3, "validation_share": 0.25, "early_stopping": EarlyStopping()}
    one = MLPClassifier((4,), rng=rng(3), **options).fit(X, y)
    moved = X.copy()
    moved[held] += 100
    two = MLPClassifier((4,), rng=rng(3), **options).fit(moved, y)
    assert one.loss_curve_ == two.loss_curve_
    assert one.validation_curve_ != two.validation_curve_


def test_early_stopping_may_be_used_again_and_needs_examples():
    X, y = noisy_labels(20)
    stopping = EarlyStopping(1)
    options = {"epochs": 50, "early_stopping": stopping}
    first = MLPClassifier((8,), rng=rng(), **options).fit(X, y)
    again = MLPClassifier((8,), rng=rng(), **options).fit(X, y)
    assert first.validation_curve_ == again.validation_curve_
    assert stopping.best_parameters_ is None
    for share, rows in ((0.0, 20), (1.0, 20)):
        model = MLPClassifier(validation_share=share, early_stopping=EarlyStopping())
        with pytest.raises(ValueError, match="validation_share between 0 and 1"):
            model.fit(X[:rows], y[:rows])
    with pytest.raises(TypeError, match=r"must be None or an EarlyStopping.*got True"):
        MLPRegressor(early_stopping=True).fit(X, y)
    with pytest.raises(ValueError, match="at least two examples"):
        MLPRegressor(early_stopping=EarlyStopping()).fit(X[:1], [1.0])


# the autoencoder


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "linear"])
def test_the_gradient_of_tied_weights(activation):
    X = rng().normal(size=(6, 4))
    model = TiedAutoencoder(3, activation, epochs=1, rng=rng(1)).fit(X)
    _, gradients = model.loss_and_gradients(X)
    for name, analytic in zip(
        ("weights_", "encoder_bias_", "decoder_bias_"), gradients, strict=True
    ):
        start = getattr(model, name)

        def loss(moved, name=name, start=start):
            setattr(model, name, moved)
            value = model.loss_and_gradients(X)[0]
            setattr(model, name, start)
            return value

        assert check_gradient(loss, analytic, start.copy()).passed


def test_a_linear_autoencoder_reaches_pca_and_no_further():
    g = rng(3)
    X = g.normal(size=(200, 5)) * [3, 2, 0.3, 0.2, 0.1] @ np.linalg.qr(g.normal(size=(5, 5)))[0]
    model = TiedAutoencoder(2, "linear", epochs=300, optimizer=Adam(0.01), rng=rng(0)).fit(X)
    error = np.mean(np.sum((model.reconstruct(X) - X) ** 2, axis=1))
    centred = X - X.mean(axis=0)
    best = np.sum(np.linalg.svd(centred, compute_uv=False)[2:] ** 2) / len(X)
    assert best <= error <= 1.05 * best
    assert model.transform(X).shape == (200, 2)


def test_the_autoencoder_refuses():
    with pytest.raises(NotFittedError):
        TiedAutoencoder().transform(np.zeros((1, 2)))
    with pytest.raises(ValueError, match="activation one of"):
        TiedAutoencoder(activation="relu").fit(np.zeros((2, 2)))
    with pytest.raises(ShapeError, match="2-D"):
        TiedAutoencoder().fit(np.zeros(3))
    with pytest.raises(ShapeError, match="2 columns"):
        TiedAutoencoder(2, epochs=1, rng=rng()).fit(np.eye(3)).inverse_transform(np.zeros((1, 3)))

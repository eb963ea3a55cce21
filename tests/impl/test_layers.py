"""Layers against loops written out, numbers of the notes, torch where it is, and NumPy vs Numba."""

import itertools

import numpy as np
import pytest

import impl.core
from impl.activations import relu
from impl.core import ShapeError
from impl.interpolation import bilinear_kernel, sample_bilinear
from impl.layers import batchnorm, pooling, upsampling
from impl.layers.affine import affine
from impl.layers.batchnorm import BatchNorm, batch_norm, batch_norm_inference, batch_statistics
from impl.layers.dropout import dropout, dropout_at_test, dropout_mask, inverted_dropout
from impl.layers.pooling import average_pool2d, max_pool2d
from impl.layers.reshaping import flatten
from impl.layers.residual import residual, residual_block
from impl.layers.transposed import transposed_conv2d
from impl.layers.upsampling import bilinear_upsample, interpolation_matrix
from impl.matrix_calculus import check_op
from impl.printed import dropout as printed_dropout


def draw(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


@pytest.fixture
def kernels(monkeypatch):
    """A switch: True sends all work to Numba, False none."""
    pytest.importorskip("numba", reason="the compiled kernels need numba")
    from impl._kernels import batchnorm as of_batchnorm
    from impl._kernels import layers
    from impl._kernels import pooling as of_pooling

    def switch(on):
        pairs = [(batchnorm, of_batchnorm), (pooling, of_pooling), (upsampling, layers)]
        for module, loops in pairs:
            monkeypatch.setattr(module, "kernels", lambda *_, loops=loops: loops if on else None)

    return switch


# affine and residual


def test_affine_of_the_notes():
    # XU-86: W (1 0 1; 1 -1 0; 0 0 2), b = (1 1 1), x = (2 1 2) gives z = (5 2 5).
    w = np.array([[1, 0, 1], [1, -1, 0], [0, 0, 2.0]])
    assert affine(np.array([[2, 1, 2.0]]), w, np.ones(3)).tolist() == [[5, 2, 5]]


def test_affine_takes_any_number_of_leading_axes():
    x, w, b = draw(2, 3, 4), draw(5, 4), draw(5)
    np.testing.assert_allclose(affine(x, w, b)[1, 2], w @ x[1, 2] + b)
    assert all(check.passed for check in check_op(affine, x, w, b).values())
    assert affine(np.zeros((0, 4)), w, b).shape == (0, 5)
    without = affine.backward(x, w, b, gradient=draw(2, 3, 5), to_input=False)
    assert without[0] is None
    with pytest.raises(ShapeError, match="must fit"):
        affine(x, w.T, b)
    with pytest.raises(ShapeError, match="bias"):
        affine(x, w, draw(4))


def test_a_residual_block_of_zeros_is_the_identity():
    x = draw(3, 4)
    zero = np.zeros((5, 4)), np.zeros(5), np.zeros((4, 5)), np.zeros(4)
    np.testing.assert_array_equal(residual_block(x, *zero), x)
    np.testing.assert_array_equal(residual_block.backward(x, *zero, gradient=x)[0], x)
    with pytest.raises(ShapeError, match="one shape"):
        residual(x, x[:, :2])


# dropout


def test_dropout_means():
    rng = np.random.default_rng(1)
    mask = dropout_mask((200_000,), 0.3, rng)
    assert set(np.unique(mask)) == {0.0, 1.0}
    # Five standard errors of a share of 0.7 over 200,000 draws.
    assert abs(mask.mean() - 0.7) < 5 * (0.21 / 200_000) ** 0.5
    x = np.full(200_000, 3.0)
    assert dropout(x, mask).mean() == pytest.approx(dropout_at_test(x, 0.3).mean(), rel=0.01)
    assert inverted_dropout(x, mask, p=0.3).mean() == pytest.approx(3.0, rel=0.01)
    assert inverted_dropout(np.array([2.0]), np.array([1.0]), p=0.75).tolist() == [8.0]


@pytest.mark.parametrize("op", [dropout, inverted_dropout, relu])
def test_gradients_written_into_an_array_that_is_given(op):
    x, g = draw(3, 4), draw(3, 4, seed=1)
    rest = () if op is relu else (dropout_mask((3, 4), 0.5, np.random.default_rng(0)),)
    g[0, 0] = np.inf if op is relu else 1.0
    expected = op.backward(x, *rest, gradient=g)
    out, kept = np.full((3, 4), 7.0), g.copy()
    assert op.backward(x, *rest, gradient=g, out=out) is out
    np.testing.assert_array_equal(out, expected)
    np.testing.assert_array_equal(g, kept)
    assert op.backward(x, *rest, gradient=g, out=g) is g
    np.testing.assert_array_equal(g, expected)
    with pytest.raises(ShapeError, match="out must have the result's shape"):
        op.backward(x, *rest, gradient=kept, out=np.empty((3, 3)))
    buffer = np.zeros((4, 4))
    with pytest.raises(ValueError, match="overlap in part"):
        op.backward(x, *rest, gradient=buffer[1:], out=buffer[:3])


def test_dropout_refuses():
    with pytest.raises(ValueError, match=r"\[0, 1\)"):
        dropout_mask((2,), 1.0, np.random.default_rng(0))
    with pytest.raises(ShapeError, match="mask"):
        dropout(np.zeros(3), np.zeros(2))
    assert dropout_mask((3,), 0.0, np.random.default_rng(0)).tolist() == [1, 1, 1]
    check = check_op(inverted_dropout, draw(3), np.array([1.0, 0, 1]), p=0.2)[0]
    assert check.passed
    assert check.analytic[1] == 0


def test_the_printed_inverted_dropout_forgets_its_input():
    h = np.array([5.0, 0.2, -3.0, 0.9])
    assert printed_dropout.inverted_dropout(h, 0.5).tolist() == [0, 2, 2, 0]
    right = inverted_dropout(h, np.array([1.0, 1, 0, 1]), p=0.5)
    assert right.tolist() == [10, 0.4, 0, 1.8]


# pooling


def test_the_notes_pooling():
    m = [[3.5, 9.5, 1.7, 6.2], [1.5, 2.5, 1.4, 3.2], [7.5, 6.5, 1.5, 5.2], [2.5, 10.0, 2.4, 0.1]]
    x = np.array(m)[None, None]
    assert max_pool2d(x)[0, 0].tolist() == [[9.5, 6.2], [10.0, 5.2]]
    np.testing.assert_allclose(average_pool2d(x)[0, 0], [[4.25, 3.125], [6.625, 2.3]])
    assert max_pool2d(np.zeros((1, 1, 224, 224))).shape == (1, 1, 112, 112)


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize(
    ("size", "stride"),
    [(2, 2), (2, 1), (3, 2), ((2, 2), (1, 2)), ((1, 3), (2, 1)), (3, None), (2, 3)],
)
def test_pooling_is_the_loops(size, stride, compiled, kernels):
    kernels(compiled)
    x = draw(2, 3, 7, 8)
    (r, s) = size if isinstance(size, tuple) else (size, size)
    (sy, sx) = (r, s) if stride is None else stride if isinstance(stride, tuple) else (stride,) * 2
    y, mean = max_pool2d(x, size, stride), average_pool2d(x, size, stride)
    assert y.shape == (2, 3, (7 - r) // sy + 1, (8 - s) // sx + 1)
    for a, c, i, j in np.ndindex(y.shape):
        window = x[a, c, i * sy : i * sy + r, j * sx : j * sx + s]
        assert y[a, c, i, j] == window.max()
        assert mean[a, c, i, j] == pytest.approx(window.mean())
    for op in (max_pool2d, average_pool2d):
        assert check_op(op, x, size=size, stride=stride)[0].passed


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("size", [2, 3])
def test_ties_and_nan_in_max_pooling(size, compiled, kernels):
    kernels(compiled)
    x = np.ones((1, 1, size, size))
    to_x = max_pool2d.backward(x, gradient=np.full((1, 1, 1, 1), 5.0), size=size)
    assert to_x.ravel().tolist() == [5.0] + [0.0] * (size**2 - 1)
    for place in np.ndindex(size, size):
        x = np.ones((1, 1, size, size))
        x[0, 0][place] = np.nan
        assert np.isnan(max_pool2d(x, size)).all()
        to_x = max_pool2d.backward(x, gradient=np.full((1, 1, 1, 1), np.inf), size=size)
        assert to_x[0, 0][place] == np.inf
        assert np.count_nonzero(to_x) == 1


@pytest.mark.parametrize("op", [max_pool2d, average_pool2d])
def test_pooling_nothing_and_refusals(op):
    assert op(np.zeros((0, 2, 4, 4))).shape == (0, 2, 2, 2)
    nothing = op.backward(np.zeros((0, 2, 4, 4)), gradient=np.zeros((0, 2, 2, 2)))
    assert nothing.shape == (0, 2, 4, 4)
    with pytest.raises(ShapeError, match="does not fit into images"):
        op(np.zeros((1, 1, 2, 5)), 3)
    with pytest.raises(ValueError, match="size must be whole and at least 1"):
        op(np.zeros((1, 1, 2, 5)), 0)


# batch normalisation


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("shape", [(6, 3), (4, 3, 5, 4)])
def test_batch_norm_has_mean_beta_and_variance_gamma_squared(shape, compiled, kernels):
    kernels(compiled)
    x, gamma, beta = 5 + 2 * draw(*shape), np.array([1.0, 2.0, -3.0]), np.array([0.0, 1.0, 2.0])
    y = batch_norm(x, gamma, beta, epsilon=0.0)
    axes = (0, 2, 3)[: 1 + 2 * (len(shape) == 4)]
    np.testing.assert_allclose(y.mean(axis=axes), beta, atol=1e-12)
    np.testing.assert_allclose(y.var(axis=axes), gamma**2, rtol=1e-12)
    checks = check_op(batch_norm, x, gamma, beta, epsilon=0.1)
    assert all(check.passed for check in checks.values())
    mean, variance = batch_statistics(x)
    np.testing.assert_allclose(mean, x.mean(axis=axes))
    np.testing.assert_allclose(variance, x.var(axis=axes))


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(8, 2, 16, 16), (500, 2)])
def test_batch_norm_far_from_zero(dtype, shape, compiled, kernels):
    kernels(compiled)
    near = draw(*shape)
    far = (near + 1e6).astype(dtype)
    exact = (far.astype(np.float64) - 1e6).astype(np.float64)  # what the rounded input holds
    one, zero = np.ones(2), np.zeros(2)
    expected = batch_norm(exact, one, zero)
    np.testing.assert_allclose(
        batch_norm(far, one, zero), expected, atol=2e-5 if dtype == np.float32 else 1e-9
    )


def test_batch_norm_backward_is_the_chain_of_the_notes():
    # SU-3.23a to SU-3.23d, line by line, for one feature.
    x, g, gamma, eps = draw(7), draw(7, seed=1), 1.7, 0.2
    mu, var, m = x.mean(), x.var(), 7
    to_hat = g * gamma
    to_var = -0.5 * np.sum(to_hat * (x - mu)) * (var + eps) ** -1.5
    to_mu = -np.sum(to_hat) / np.sqrt(var + eps) - to_var * 2 / m * np.sum(x - mu)
    to_x = to_hat / np.sqrt(var + eps) + 2 / m * to_var * (x - mu) + to_mu / m
    found = batch_norm.backward(
        x[:, None], np.array([gamma]), np.zeros(1), gradient=g[:, None], epsilon=eps
    )
    np.testing.assert_allclose(found[0][:, 0], to_x)


def test_batch_norm_degenerate_and_refused():
    one, zero = np.ones(2), np.zeros(2)
    constant = np.full((5, 2), 3.0)
    np.testing.assert_array_equal(batch_norm(constant, one, one), np.ones((5, 2)))
    assert batch_norm(draw(1, 2), one, zero).tolist() == [[0, 0]]
    with pytest.raises(ShapeError, match="not empty"):
        batch_norm(np.zeros((0, 2)), one, zero)
    with pytest.raises(ShapeError, match="gamma and beta"):
        batch_norm(constant, one, np.zeros(3))
    with pytest.raises(ValueError, match="epsilon"):
        batch_norm(constant, one, zero, epsilon=-1.0)
    with pytest.raises(ValueError, match="at least 2 values"):
        BatchNorm().train(draw(1, 2), one, zero)
    with pytest.raises(ValueError, match="train on a batch first"):
        BatchNorm().infer(constant, one, zero)


def test_running_statistics_are_those_of_the_notes():
    one, zero = np.ones(3), np.zeros(3)
    batches = [draw(4, 3, seed=s) for s in range(6)]
    layer = BatchNorm(epsilon=0.0)
    for x in batches:
        np.testing.assert_array_equal(layer.train(x, one, zero), batch_norm(x, one, zero, 0.0))
    mean = np.mean([x.mean(axis=0) for x in batches], axis=0)
    variance = np.mean([x.var(axis=0, ddof=1) for x in batches], axis=0)
    np.testing.assert_allclose(layer.running_mean_, mean)
    np.testing.assert_allclose(layer.running_variance_, variance)
    x = draw(2, 3, seed=9)
    np.testing.assert_allclose(layer.infer(x, one, zero), (x - mean) / np.sqrt(variance))
    running = BatchNorm(momentum=0.25)
    running.train(batches[0], one, zero)
    running.train(batches[1], one, zero)
    expected = 0.75 * batches[0].mean(axis=0) + 0.25 * batches[1].mean(axis=0)
    np.testing.assert_allclose(running.running_mean_, expected)


def test_inference_does_not_look_at_the_batch():
    x, one, zero = draw(5, 2), np.ones(2), np.zeros(2)
    whole = batch_norm_inference(x, one, zero, zero, one)
    np.testing.assert_array_equal(batch_norm_inference(x[:1], one, zero, zero, one), whole[:1])


# upsampling


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("factor", [1, 2, 3, (2, 5)])
@pytest.mark.parametrize("shape", [(3, 4), (1, 1), (1, 5), (2, 1)])
def test_upsampling_is_sampling_between_pixels(factor, shape, compiled, kernels):
    kernels(compiled)
    x = draw(2, 2, *shape)
    down, across = factor if isinstance(factor, tuple) else (factor, factor)
    y = bilinear_upsample(x, factor)
    rows = (np.arange(shape[0] * down) + 0.5) / down - 0.5
    columns = (np.arange(shape[1] * across) + 0.5) / across - 0.5
    grid = np.meshgrid(rows, columns, indexing="ij")
    for a, c in itertools.product(range(2), range(2)):
        np.testing.assert_allclose(y[a, c], sample_bilinear(x[a, c], *grid), atol=1e-12)
    assert check_op(bilinear_upsample, x, factor=factor)[0].passed


def test_upsampling_is_a_transposed_convolution_with_the_tent_inside():
    x = draw(1, 1, 6, 5)
    tent = bilinear_kernel(4)[None, None]
    by_kernel = transposed_conv2d(x, tent, np.zeros(1), stride=2, padding=1)
    y = bilinear_upsample(x, 2)
    assert by_kernel.shape == y.shape
    np.testing.assert_allclose(by_kernel[..., 1:-1, 1:-1], y[..., 1:-1, 1:-1])
    assert not np.allclose(by_kernel, y)  # at the edge the kernel sees zeros


def test_interpolation_weights_sum_to_one():
    matrix = interpolation_matrix(5, 3)
    assert matrix.shape == (15, 5)
    np.testing.assert_allclose(matrix.sum(axis=1), 1)
    np.testing.assert_allclose(matrix @ np.full(5, 2.0), 2.0)


def test_flatten():
    x = draw(2, 3, 4, 5)
    assert flatten(x).shape == (2, 60)
    assert flatten(np.zeros((0, 3))).shape == (0, 3)
    np.testing.assert_array_equal(flatten.backward(x, gradient=flatten(x)), x)


# NumPy against Numba, and against torch


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_numpy_and_numba_agree(dtype, kernels):
    x = draw(3, 4, 9, 10).astype(dtype)
    gamma = draw(4, seed=1).astype(dtype)
    tolerance = 1e-5 if dtype == np.float32 else 1e-12
    results = []
    for on in (False, True):
        kernels(on)
        up, norm = bilinear_upsample(x, 2), batch_norm(x, gamma, gamma)
        rows = x[:, :, 2, 3]
        pooled = max_pool2d(x, 3, 2)
        results.append(
            [
                up,
                norm,
                pooled,
                bilinear_upsample.backward(x, gradient=up, factor=2),
                *batch_norm.backward(x, gamma, gamma, gradient=x[::-1]),
                batch_norm(rows, gamma, gamma, epsilon=0.1),
                *batch_norm.backward(rows, gamma, gamma, gradient=rows[::-1], epsilon=0.1),
                max_pool2d.backward(x, gradient=pooled, size=3, stride=2),
                max_pool2d(x),
                max_pool2d.backward(x, gradient=max_pool2d(x)),
            ]
        )
    for by_numpy, by_numba in zip(*results, strict=True):
        assert by_numpy.dtype == by_numba.dtype == dtype
        np.testing.assert_allclose(by_numba, by_numpy, rtol=tolerance, atol=10 * tolerance)


def test_without_numba_the_layers_work(monkeypatch):
    monkeypatch.setattr(impl.core, "has_numba", lambda: False)
    x = draw(2, 8, 300, 300)
    assert max_pool2d(x).shape == (2, 8, 150, 150)
    assert batch_norm(x, np.ones(8), np.zeros(8)).shape == x.shape


def test_torch_agrees():
    torch = pytest.importorskip("torch", reason="torch is an optional comparison")
    f = torch.nn.functional
    x = draw(2, 3, 9, 8)
    up = f.interpolate(torch.tensor(x), scale_factor=3, mode="bilinear", align_corners=False)
    np.testing.assert_allclose(bilinear_upsample(x, 3), up.numpy(), atol=1e-12)

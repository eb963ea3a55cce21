"""Convolution and its transpose: loops written out, matrices, scipy, and the notes' numbers."""

from importlib import import_module

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import signal

from impl.core import ShapeError
from impl.layers import convolution, taps
from impl.layers.convolution import conv2d, convolution_matrix, correlate, rot180
from impl.layers.transposed import (
    transposed_by_matrix,
    transposed_by_padding,
    transposed_by_scatter,
    transposed_conv2d,
)
from impl.matrix_calculus import check_op
from impl.printed import convolution as printed_convolution


def draw(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


@pytest.fixture
def kernels(monkeypatch):
    """A switch: True sends all work to Numba, False none."""
    pytest.importorskip("numba", reason="the compiled kernels need numba")
    loops = import_module("impl._kernels.convolution")
    return lambda on: monkeypatch.setattr(taps, "compiled_loops", lambda *_: loops if on else None)


def conv_by_loops(x, kernels, bias, stride, padding):
    (sy, sx), (py, px) = stride, padding
    x = np.pad(x, ((0, 0), (0, 0), (py, py), (px, px)))
    n, _, h, w = x.shape
    o, _, r, s = kernels.shape
    z = np.empty((n, o, (h - r) // sy + 1, (w - s) // sx + 1))
    for a, b, i, j in np.ndindex(z.shape):
        window = x[a, :, i * sy : i * sy + r, j * sx : j * sx + s]
        z[a, b, i, j] = (window * kernels[b]).sum() + bias[b]
    return z


# convolution


def test_the_printed_bias_gradient_does_not_see_the_error():
    x, w, b = draw(1, 1, 3, 3), draw(1, 1, 2, 2, seed=1), np.array([0.25])
    delta = draw(1, 1, 2, 2, seed=2)
    right = conv2d.backward(x, w, b, gradient=delta)[2]
    assert right[0] == pytest.approx(delta.sum())
    assert printed_convolution.bias_gradient(b) == 0.25 != right[0]


def test_the_notes_convolutions():
    # The last entry is 2 * 1 + 1 * 0 + 2 * 1, which the notes print as 5.
    assert correlate([1, 0, -1, 2, 1, 2], [1, 0, 1]).tolist() == [0, 2, 0, 4]
    f = [[1, 0, -1, 2], [2, -1, 2, 1], [-1, 2, 0, 1], [1, -1, 1, 1]]
    expected = [[0, 2, 0], [4, -1, 3], [-2, 3, 1]]
    assert correlate(f, [[1, 0], [0, 1]]).tolist() == expected
    x = np.array(f, float)[None, None]
    assert conv2d(x, np.eye(2)[None, None], np.zeros(1))[0, 0].tolist() == expected


def test_the_notes_matrix_form():
    i = np.array([[4, 5, 8, 7], [1, 8, 8, 8], [3, 6, 6, 4], [6, 5, 7, 8]])
    k = np.array([[1, 4, 1], [1, 4, 3], [3, 3, 1]])
    matrix = convolution_matrix(k, i.shape)
    assert matrix.shape == (4, 16)
    assert (matrix @ i.ravel()).tolist() == [122, 148, 126, 134]
    assert correlate(i, k).ravel().tolist() == [122, 148, 126, 134]


def test_convolution_with_the_turned_kernel_is_the_mathematical_one():
    f, g = draw(6, 7), draw(3, 2, seed=1)
    np.testing.assert_allclose(correlate(f, rot180(g)), signal.convolve2d(f, g, mode="valid"))
    np.testing.assert_allclose(
        correlate(f[0], rot180(g[:, 0])), np.convolve(f[0], g[:, 0], "valid")
    )


SIZES = st.integers(1, 3)


@settings(deadline=None, max_examples=40)
@given(*[SIZES] * 4, st.tuples(SIZES, SIZES), st.tuples(st.integers(0, 2), st.integers(0, 2)))
def test_conv2d_is_the_loops(channels, filters, r, s, stride, padding):
    x, w, b = draw(2, channels, 5, 4), draw(filters, channels, r, s, seed=1), draw(filters, seed=2)
    expected = conv_by_loops(x, w, b, stride, padding)
    np.testing.assert_allclose(conv2d(x, w, b, stride, padding), expected, atol=1e-12)


@pytest.mark.parametrize("way", ["correlated", "NumPy", "Numba"])
@pytest.mark.parametrize(
    ("stride", "padding"), [(1, 0), (1, (0, 1)), (1, 4), (2, 1), ((2, 1), (0, 2)), (3, 2)]
)
def test_conv2d_backward_with_stride_and_padding(stride, padding, way, kernels, monkeypatch):
    kernels(way == "Numba")
    if way != "correlated":
        monkeypatch.setattr(convolution, "_FEW", 0)
    x, w, b = draw(2, 2, 6, 5), draw(3, 2, 3, 2, seed=1), draw(3, seed=2)
    checks = check_op(conv2d, x, w, b, stride=stride, padding=padding)
    assert all(check.passed for check in checks.values())
    out = conv2d(x, w, b, stride, padding)
    full = conv2d.backward(x, w, b, gradient=out, stride=stride, padding=padding)
    short = conv2d.backward(x, w, b, gradient=out, stride=stride, padding=padding, to_input=False)
    assert short[0] is None
    np.testing.assert_array_equal(full[1], short[1])


def test_error_of_a_convolution_is_the_padded_error_with_the_turned_kernel():
    # SU-3.13: a 2 by 2 error and a 3 by 3 kernel give back the 4 by 4 layer.
    w, delta = draw(3, 3), draw(2, 2, seed=1)
    back, _, _ = conv2d.backward(
        np.zeros((1, 1, 4, 4)), w[None, None], np.zeros(1), gradient=delta[None, None]
    )
    np.testing.assert_allclose(back[0, 0], correlate(np.pad(delta, 2), rot180(w)))


@pytest.mark.parametrize("images", [1, 5])
def test_conv2d_in_blocks(images, monkeypatch):
    # One image at a time gives what all at once give, up to rounding.
    x, w, b = draw(images, 2, 6, 5), draw(3, 2, 3, 2, seed=1), draw(3, seed=2)
    g = draw(images, 3, 4, 4, seed=3)
    whole = [conv2d(x, w, b), *conv2d.backward(x, w, b, gradient=g)]
    monkeypatch.setattr(convolution, "_BLOCK_BYTES", 1)
    monkeypatch.setattr(convolution, "_FEW", 0)
    parts = [conv2d(x, w, b), *conv2d.backward(x, w, b, gradient=g)]
    for one, other in zip(whole, parts, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-12)


# (images, channels, height, width), (filters, rows, columns), stride, padding: one plane for many
# images, planes of several strips, filters beyond eight, taps beyond twelve, strides beyond the
# window, and padding beyond it.
COMPILED = [
    ((70, 2, 5, 4), (3, 3, 2), 1, 0),
    ((70, 3, 6, 5), (9, 2, 2), (2, 1), (1, 0)),
    ((3, 2, 41, 37), (2, 3, 3), 1, 1),
    ((2, 5, 11, 9), (17, 5, 4), 2, 2),
    ((3, 2, 9, 8), (4, 2, 2), 3, 0),
    ((2, 1, 4, 5), (1, 1, 1), 1, 3),
    ((1, 3, 35, 600), (2, 2, 3), (1, 2), (0, 1)),
    ((3, 2, 4, 5), (2, 1, 2), (2, 3), (4, 3)),
    ((2, 2, 1, 2), (2, 11, 9), 1, (5, 4)),
    ((4, 2, 6, 7), (3, 4, 4), 2, (1, 3)),
]


@pytest.mark.parametrize(("images", "window", "stride", "padding"), COMPILED)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_compiled_convolution_is_numpys(images, window, stride, padding, dtype, kernels):
    x, w = draw(*images), draw(window[0], images[1], *window[1:], seed=1)
    b, options = draw(window[0], seed=2), {"stride": stride, "padding": padding}

    def results(dtype):
        arrays = [a.astype(dtype) for a in (x, w, b)]
        z = conv2d(*arrays, **options)
        g = draw(*z.shape, seed=3).astype(dtype)
        back = transposed_conv2d(g, arrays[1], np.ones(images[1], dtype), **options)
        return z, *conv2d.backward(*arrays, gradient=g, **options), back

    kernels(False)
    expected = results(np.float64)
    kernels(True)
    for found, value in zip(results(dtype), expected, strict=True):
        assert found.dtype == dtype
        within = 64 * np.finfo(dtype).eps * np.abs(value).max()
        np.testing.assert_allclose(found, value, rtol=0, atol=within)


def test_threads_share_the_images_and_change_nothing(kernels, monkeypatch):
    numba = pytest.importorskip("numba")
    kernels(True)
    x, w, b = draw(9, 2, 40, 33), draw(3, 2, 3, 3, seed=1), draw(3, seed=2)

    def results(threads):
        monkeypatch.setattr(numba.config, "NUMBA_NUM_THREADS", threads)
        z = conv2d(x, w, b, padding=1)
        return z, *conv2d.backward(x, w, b, gradient=z, padding=1)

    for one, several in zip(results(1), results(4), strict=True):
        np.testing.assert_array_equal(one, several)


@pytest.mark.parametrize("strange", [np.inf, np.nan])
@pytest.mark.parametrize("argument", ["x", "kernels", "gradient"])
def test_compiled_convolution_with_infinities_is_numpys(strange, argument, kernels):
    x, w, b, g = draw(2, 2, 5, 5), draw(3, 2, 3, 3, seed=1), draw(3), draw(2, 3, 3, 3, seed=2)
    {"x": x, "kernels": w, "gradient": g}[argument][0, 0, 1, 2] = strange
    found = []
    for on in (False, True):
        kernels(on)
        with np.errstate(invalid="ignore"):
            values = conv2d(x, w, b), *conv2d.backward(x, w, b, gradient=g)
            found.append((*values, transposed_conv2d(g, w, np.zeros(2))))
    for one, other in zip(*found, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-12)


def test_compiled_loops_are_for_much_work_of_float32_and_float64():
    pytest.importorskip("numba", reason="the compiled kernels need numba")
    w = np.zeros((8, 4, 3, 3))
    assert taps.compiled_loops(np.zeros((64, 4, 32, 32)), w, 1024) is not None
    assert taps.compiled_loops(np.zeros((64, 4, 32, 32), np.float16), w, 1024) is None
    assert taps.compiled_loops(np.zeros((1, 4, 3, 3)), w, 1) is None


def test_conv2d_sizes_and_refusals():
    x, w, b = np.zeros((1, 3, 32, 32)), np.zeros((100, 3, 4, 4)), np.zeros(100)
    assert conv2d(x, w, b).shape == (1, 100, 29, 29)  # CO-cnn-output
    assert conv2d(np.zeros((0, 3, 8, 8)), w, b).shape == (0, 100, 5, 5)
    for wrong, message in [
        ((x[0], w, b), "x must have shape"),
        ((x, w[:, :2], b), "kernels must have shape"),
        ((x, w, b[1:]), "bias must have shape"),
        ((x[:, :, :3], w, b), "does not fit"),
    ]:
        with pytest.raises(ShapeError, match=message):
            conv2d(*wrong)
    with pytest.raises(ShapeError, match="gradient must have the output's shape"):
        conv2d.backward(x, w, b, gradient=np.zeros((1, 100, 28, 29)))
    with pytest.raises(ValueError, match="stride must be whole and at least 1; got 0"):
        conv2d(x, w, b, stride=0)
    with pytest.raises(ValueError, match="padding must be whole"):
        conv2d(x, w, b, padding=(1, 0.5))


# transposed convolution


def test_the_notes_transposed_convolution_in_three_forms():
    for form in (transposed_by_matrix, transposed_by_padding, transposed_by_scatter):
        assert form([5, 8, 11], [1, 2]).tolist() == [5, 18, 27, 22]


@settings(deadline=None, max_examples=40)
@given(SIZES, SIZES, SIZES, SIZES, st.integers(1, 3))
def test_the_three_forms_and_the_layer_agree(h, w, r, s, stride):
    x, kernel = draw(h, w), draw(r, s, seed=1)
    expected = transposed_by_scatter(x, kernel, stride)
    assert expected.shape == ((h - 1) * stride + r, (w - 1) * stride + s)
    np.testing.assert_allclose(transposed_by_matrix(x, kernel, stride), expected, atol=1e-12)
    np.testing.assert_allclose(transposed_by_padding(x, kernel, stride), expected, atol=1e-12)
    layer = transposed_conv2d(x[None, None], kernel[None, None], np.zeros(1), stride)
    np.testing.assert_allclose(layer[0, 0], expected, atol=1e-12)


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (2, 1), ((3, 1), (1, 0))])
def test_transposed_convolution_is_the_transpose(stride, padding):
    # <conv(x), z> = <x, transposed(z)> for all x and z.
    x, w = draw(2, 3, 7, 6), draw(4, 3, 3, 2, seed=1)
    z = conv2d(x, w, np.zeros(4), stride, padding)
    y = draw(*z.shape, seed=2)
    back = transposed_conv2d(y, w, np.zeros(3), stride, padding)
    inside = x[:, :, : back.shape[2], : back.shape[3]]
    rest = conv2d(np.where(np.isin(x, inside), x, 0), w, np.zeros(4), stride, padding)
    assert np.sum(rest * y) == pytest.approx(np.sum(inside * back))
    checks = check_op(transposed_conv2d, y, w, draw(3, seed=4), stride=stride, padding=padding)
    assert all(check.passed for check in checks.values())


@pytest.mark.parametrize("strange", [None, np.inf])
@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (2, 1), ((3, 1), (1, 0)), (2, (1, 2))])
def test_few_numbers_give_what_many_give(stride, padding, strange, monkeypatch):
    x, w, b = draw(2, 3, 4, 5), draw(3, 2, 3, 2, seed=1), draw(2, seed=2)
    options = {"stride": stride, "padding": padding}
    if strange is not None:
        w[0, 1, 2, 1] = strange

    def results():
        z = transposed_conv2d(x, w, b, **options)
        g = draw(*z.shape, seed=3)
        with np.errstate(invalid="ignore"):
            return z, *transposed_conv2d.backward(x, w, b, gradient=g, **options)

    few = results()
    monkeypatch.setattr(convolution, "_FEW", 0)
    for one, other in zip(few, results(), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-12)


def test_transposed_convolution_refuses():
    x, w = np.zeros((1, 2, 2, 2)), np.zeros((2, 3, 2, 2))
    with pytest.raises(ShapeError, match=r"output's shape \(1, 3, 3, 3\); got \(1, 3, 3, 2\)"):
        transposed_conv2d.backward(x, w, np.zeros(3), gradient=np.zeros((1, 3, 3, 2)))
    with pytest.raises(ShapeError, match="leaves no output"):
        transposed_conv2d(x, w, np.zeros(3), padding=2)
    with pytest.raises(ShapeError, match="kernels must have shape"):
        transposed_conv2d(x, w.transpose(1, 0, 2, 3), np.zeros(2))
    with pytest.raises(ValueError, match="stride"):
        transposed_by_scatter([1.0], [1.0], 0)


def test_torch_agrees():
    torch = pytest.importorskip("torch", reason="torch is an optional comparison")
    f = torch.nn.functional
    x, w, b = draw(2, 3, 9, 8), draw(4, 3, 3, 3, seed=1), draw(4, seed=2)
    t = [torch.tensor(a, requires_grad=True) for a in (x, w, b)]
    y = f.conv2d(*t, stride=2, padding=1)
    y.backward(torch.ones_like(y))
    np.testing.assert_allclose(conv2d(x, w, b, 2, 1), y.detach().numpy())
    ours = conv2d.backward(x, w, b, gradient=np.ones(y.shape), stride=2, padding=1)
    for found, tensor in zip(ours, t, strict=True):
        np.testing.assert_allclose(found, tensor.grad.numpy(), atol=1e-12)
    y = f.conv_transpose2d(torch.tensor(x), torch.tensor(w[:3]), stride=2, padding=1)
    np.testing.assert_allclose(
        transposed_conv2d(x, w[:3], np.zeros(3), 2, 1), y.numpy(), atol=1e-12
    )

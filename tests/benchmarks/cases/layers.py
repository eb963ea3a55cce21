"""Layers with their backward passes, and the loss of classifiers, beside torch on one machine."""

import numpy as np

from impl.layers.batchnorm import batch_norm
from impl.layers.convolution import conv2d
from impl.layers.pooling import average_pool2d, max_pool2d
from impl.layers.transposed import transposed_conv2d
from impl.layers.upsampling import bilinear_upsample
from impl.softmax import cross_entropy
from tests.benchmarks.cases.case import Sides, case, relative_each, torch_here

BOTH = ("float64", "float32")


def draw(dtype, *shapes):
    rng = np.random.default_rng(0)
    return [rng.normal(size=shape).astype(dtype) for shape in shapes]


def forward_and_backward(op, arrays, gradient, theirs, **options):
    """The value and all gradients, from us and from torch."""

    def ours():
        value = op(*arrays, **options)
        found = op.backward(*arrays, gradient=gradient, **options)
        return value, *(found if isinstance(found, tuple) else (found,))

    def torch():
        lib = torch_here()
        tensors = [lib.from_numpy(a.copy()).requires_grad_() for a in arrays]
        above = lib.from_numpy(gradient.copy())

        def run():
            for tensor in tensors:
                tensor.grad = None
            value = theirs(lib, *tensors)
            value.backward(above)
            return value.detach(), *(tensor.grad for tensor in tensors)

        return run

    within = 1e-9 if gradient.dtype == np.float64 else 1e-3
    return Sides(ours, {"torch": torch}, relative_each, within)


def convolve(padding):
    return lambda lib, x, k, b: lib.nn.functional.conv2d(x, k, b, padding=padding)


@case("convolution 3x3, forward, 32x32x32x32 to 64", BOTH)
def conv_forward(dtype):
    x, k, b = draw(dtype, (32, 32, 32, 32), (64, 32, 3, 3), (64,))

    def torch():
        lib = torch_here()
        tensors = [lib.from_numpy(a) for a in (x, k, b)]

        def run():
            with lib.no_grad():
                return (convolve(1)(lib, *tensors),)

        return run

    within = 1e-9 if dtype == np.float64 else 1e-3
    return Sides(lambda: (conv2d(x, k, b, padding=1),), {"torch": torch}, relative_each, within)


@case("convolution 3x3, forward + backward, the same", BOTH)
def conv_both(dtype):
    *arrays, g = draw(dtype, (32, 32, 32, 32), (64, 32, 3, 3), (64,), (32, 64, 32, 32))
    return forward_and_backward(conv2d, arrays, g, convolve(1), padding=1)


@case("convolution 3x3, forward + backward, 1x1x8x8", BOTH, (1,))
def conv_small(dtype):
    *arrays, g = draw(dtype, (1, 1, 8, 8), (1, 1, 3, 3), (1,), (1, 1, 6, 6))
    return forward_and_backward(conv2d, arrays, g, convolve(0))


def transposed(lib, x, k, b):
    return lib.nn.functional.conv_transpose2d(x, k, b, stride=2, padding=1)


@case("transposed convolution 4x4 / 2, 32x32x16x16 to 16", BOTH)
def conv_transposed(dtype):
    *arrays, g = draw(dtype, (32, 32, 16, 16), (32, 16, 4, 4), (16,), (32, 16, 32, 32))
    return forward_and_backward(transposed_conv2d, arrays, g, transposed, stride=2, padding=1)


@case("transposed convolution 4x4 / 2, forward + backward, 1x1x8x8", BOTH, (1,))
def conv_transposed_small(dtype):
    *arrays, g = draw(dtype, (1, 1, 8, 8), (1, 1, 4, 4), (1,), (1, 1, 16, 16))
    return forward_and_backward(transposed_conv2d, arrays, g, transposed, stride=2, padding=1)


@case("batch norm, forward + backward, 64x64x32x32", BOTH)
def batchnorm(dtype):
    *arrays, g = draw(dtype, (64, 64, 32, 32), (64,), (64,), (64, 64, 32, 32))

    def theirs(lib, x, gamma, beta):
        return lib.nn.functional.batch_norm(x, None, None, gamma, beta, training=True)

    return forward_and_backward(batch_norm, arrays, g, theirs)


@case("batch norm, forward + backward, 32 x 16", BOTH, (1,), "batchnorm")
def batchnorm_small(dtype):
    *arrays, g = draw(dtype, (32, 16), (16,), (16,), (32, 16))

    def theirs(lib, x, gamma, beta):
        return lib.nn.functional.batch_norm(x, None, None, gamma, beta, training=True)

    return forward_and_backward(batch_norm, arrays, g, theirs)


def pooled(op, dtype, *shape):
    *around, height, width = shape
    x, g = draw(dtype, shape, (*around, height // 2, width // 2))
    theirs = {max_pool2d: "max_pool2d", average_pool2d: "avg_pool2d"}[op]
    return forward_and_backward(op, [x], g, lambda lib, x: getattr(lib.nn.functional, theirs)(x, 2))


@case("max pooling 2x2, forward + backward, 64x64x32x32", BOTH)
def maxpool(dtype):
    return pooled(max_pool2d, dtype, 64, 64, 32, 32)


@case("max pooling 2x2, forward + backward, 1x1x8x8", BOTH, (1,), "pooling")
def maxpool_small(dtype):
    return pooled(max_pool2d, dtype, 1, 1, 8, 8)


@case("average pooling 2x2, forward + backward, 64x64x32x32", BOTH)
def average_pool(dtype):
    return pooled(average_pool2d, dtype, 64, 64, 32, 32)


@case("average pooling 2x2, forward + backward, 1x1x8x8", BOTH, (1,), "pooling")
def average_pool_small(dtype):
    return pooled(average_pool2d, dtype, 1, 1, 8, 8)


def upsampled(dtype, *shape):
    *around, height, width = shape
    x, g = draw(dtype, shape, (*around, 2 * height, 2 * width))

    def theirs(lib, x):
        options = {"scale_factor": 2, "mode": "bilinear", "align_corners": False}
        return lib.nn.functional.interpolate(x, **options)

    return forward_and_backward(bilinear_upsample, [x], g, theirs)


@case("bilinear upsampling x2, forward + backward, 32x64x32x32", BOTH)
def bilinear(dtype):
    return upsampled(dtype, 32, 64, 32, 32)


@case("bilinear upsampling x2, forward + backward, 1x1x8x8", BOTH, (1,), "layers")
def bilinear_small(dtype):
    return upsampled(dtype, 1, 1, 8, 8)


def loss(n, classes, dtype):
    (z,) = draw(dtype, (n, classes))
    y = np.random.default_rng(1).integers(classes, size=n)
    share = np.full(n, 1 / n, dtype)

    def ours():
        return cross_entropy(z, y).mean(), cross_entropy.backward(z, y, gradient=share)

    def torch():
        lib = torch_here()
        logits, labels = lib.from_numpy(z).requires_grad_(), lib.from_numpy(y)

        def run():
            logits.grad = None
            value = lib.nn.functional.cross_entropy(logits, labels)
            value.backward()
            return value.detach(), logits.grad

        return run

    within = 1e-9 if dtype == np.float64 else 1e-4
    return Sides(ours, {"torch": torch}, relative_each, within)


@case("softmax cross-entropy, forward + backward, 100k x 10", BOTH)
def softmax_loss(dtype):
    return loss(100_000, 10, dtype)


@case("softmax cross-entropy, forward + backward, 32 x 10", BOTH, (1,))
def softmax_loss_small(dtype):
    return loss(32, 10, dtype)

"""A one-channel convolution in code, with both of its gradients."""

import numpy as np

from exercises.answers import Code, Gradient
from exercises.core import Exercise
from impl.layers.convolution import conv2d

ex = Exercise(
    "Convolution, forward and backward",
    claims=["XU-143.e1", "XU-144.e2", "XU-145", "XU-146", "SU-CONV-BP"],
    level=3,
    prerequisites=["convolution.gradient_by_hand"],
)


def inputs(rng):
    """A kernel as large as the image, a single weight, oblong ones, a strided view."""
    shapes = (((1, 1), (3, 2)), ((2, 2), (2, 2)), ((2, 3), (4, 5)), ((3, 1), (5, 4)))
    drawn = [(rng.normal(size=kernel), rng.normal(size=image)) for kernel, image in shapes]
    drawn.append((rng.normal(size=(2, 4))[:, ::2], rng.normal(size=(5, 3)).T))
    drawn.append((rng.normal(size=(3, 3)), rng.normal(size=(9, 7))))
    return drawn


def _out_shape(kernel, image):
    return tuple(n - k + 1 for n, k in zip(image.shape, kernel.shape, strict=True))


def inputs_with_gradient(rng):
    """The same, each with a gradient from above."""
    return [(*args, rng.normal(size=_out_shape(*args))) for args in inputs(rng)]


def _channels(kernel, image):
    """As a batch of one image with one channel, for one filter without bias."""
    return image[None, None], kernel[None, None], np.zeros(1)


def _forward(kernel, image):
    return conv2d(*_channels(kernel, image))[0, 0]


def _backward(kernel, image, gradient):
    to_image, to_kernel, _ = conv2d.backward(*_channels(kernel, image), gradient[None, None])
    return to_kernel[0, 0], to_image[0, 0]


@ex.part(points=3, answer=Code("slide", inputs, parameters=("kernel", "image")))
def forward():
    r"""Slide `kernel`, of shape `(r, s)`, over `image`, of shape `(h, w)`, with stride 1 and no
    padding: return the array of shape `(h - r + 1, w - s + 1)` with the entries
    $\sum_{p,q} w_{pq}\, a_{i+p,\,j+q}$, all indices from 0. Nothing is flipped.
    """
    return _forward


@forward.mistake(credit=2, help="You turned the kernel: read the indices of the formula again.")
def flipped():
    return lambda kernel, image: _forward(kernel[::-1, ::-1], image)


@forward.hint
def loop_over_the_kernel():
    "A loop over the kernel's entries is shorter than one over windows: what does each weigh?"


@ex.part(
    points=3, answer=Gradient("slide_gradient", "slide", inputs, parameters=("kernel", "image"))
)
def to_kernel():
    r"""Compute the gradient with respect to **`kernel`**, given the `gradient` from above, which
    has the shape of the output.
    """
    return lambda kernel, image, gradient: _backward(kernel, image, gradient)[0]


@to_kernel.mistake(credit=1, help="The gradient from above is not 1 everywhere.")
def ignored_upstream():
    return lambda kernel, image, gradient: _backward(kernel, image, np.ones_like(gradient))[0]


@to_kernel.mistake(credit=1, help="Here the gradient from above is not turned.")
def turned_gradient():
    return lambda kernel, image, gradient: _backward(kernel, image, gradient[::-1, ::-1])[0]


@to_kernel.hint
def which_part_of_the_image():
    "The derivative for one weight pairs the gradient with one window of the image: which?"


@ex.part(
    points=4,
    answer=Code("slide_to_image", inputs_with_gradient, parameters=("kernel", "image", "gradient")),
)
def to_image():
    r"""Compute the gradient with respect to **`image`**, an array of its shape, from the same
    `gradient`.
    """
    return lambda kernel, image, gradient: _backward(kernel, image, gradient)[1]


@to_image.mistake(credit=2, help="Nearly: on the way back the kernel is turned by half a turn.")
def kernel_not_turned():
    return lambda kernel, image, gradient: _backward(kernel[::-1, ::-1], image, gradient)[1]


@to_image.hint
def scatter():
    "Begin with zeros. Each weight sends the whole gradient to one window of the image."

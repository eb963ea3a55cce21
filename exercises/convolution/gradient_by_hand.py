"""The gradients of a tiny convolution by hand: of its kernel and of its input."""

import numpy as np
from sympy import Matrix, latex

from exercises.answers import Array
from exercises.core import Exercise
from impl.layers.convolution import correlate, rot180

ex = Exercise(
    "A convolution backwards is a convolution",
    claims=["SU-3.14", "SU-3.15b", "SU-CONV-BP2.end", "XU-145", "XU-144.e2"],
    level=3,
    prerequisites=["convolution.by_hand"],
)


@ex.variant
def draw(v):
    image = tuple(v.distinct_integers(-3, 5, n=3) for _ in range(3))
    kernel = tuple(v.distinct_integers(-2, 3, n=2) for _ in range(2))
    delta = tuple(v.distinct_integers(-2, 3, n=2) for _ in range(2))
    f, g, d = (np.array(k, dtype=float) for k in (image, kernel, delta))
    unlike = (
        (correlate(f, d), correlate(f, rot180(d))),
        (_back(d, g), _back(d, rot180(g))),
        (_back(d, g), _back(d, g.T)),
        (_back(d, rot180(g)), _back(d, g.T)),
    )
    if any(np.array_equal(one, other) for one, other in unlike):
        return draw(v)
    return {
        "image": image,
        "kernel": kernel,
        "delta": delta,
        "image_tex": latex(Matrix(image)),
        "kernel_tex": latex(Matrix(kernel)),
        "delta_tex": latex(Matrix(delta)),
    }


def _back(delta, kernel):
    return correlate(np.pad(np.array(delta, dtype=float), 1), rot180(np.array(kernel, dtype=float)))


@ex.part(points=3, answer=Array("kernel_gradient_by_hand"))
def to_kernel(image, delta):
    r"""A layer slides the kernel $w$ over the image $a$ without flipping it (no padding, stride 1).
    From above arrives $\delta = \partial L / \partial z$, one number for each output:
    $$a = {{ image_tex }},\quad w = {{ kernel_tex }},\quad \delta = {{ delta_tex }}.$$
    Give $\partial L / \partial w$, a matrix of the shape of $w$.
    """
    return correlate(np.array(image, dtype=float), np.array(delta, dtype=float))


@to_kernel.mistake(credit=1, help="Here nothing is turned: go back to which pixels a weight meets.")
def turned_delta(image, delta):
    return correlate(np.array(image, dtype=float), rot180(np.array(delta, dtype=float)))


@to_kernel.hint
def one_weight():
    "Take one weight. At each of the windows it meets one pixel. Which one, and what is it worth?"


@ex.part(points=4, answer=Array("image_gradient_by_hand"))
def to_image(delta, kernel):
    r"""And $\partial L / \partial a$, of the shape of the image?"""
    return _back(delta, kernel)


@to_image.mistake(credit=2, help="Nearly: the kernel is turned on the way back.")
def kernel_not_turned(delta, kernel):
    return _back(delta, rot180(np.array(kernel, dtype=float)))


@to_image.mistake(credit=2, help="Half a turn is not a transpose.")
def transposed_kernel(delta, kernel):
    return _back(delta, np.array(kernel, dtype=float).T)


@to_image.hint
def scatter():
    "Lay the kernel on the image once for each output, weighted with its error, and add it all up."

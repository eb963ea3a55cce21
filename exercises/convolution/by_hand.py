"""A small convolution by hand, as networks do it and as mathematics does."""

import numpy as np
from sympy import Matrix, latex

from exercises.answers import Array
from exercises.core import Exercise
from impl.layers.convolution import correlate, rot180

ex = Exercise(
    "Slide a kernel by hand", claims=["XU-129", "XU-131.d1", "XU-132", "SU-3.9a"], level=1
)


@ex.variant
def draw(v):
    image = tuple(tuple(v.integer(-2, 3) for _ in range(4)) for _ in range(3))
    kernel = v.choice((((1, 0), (-1, 2)), ((2, 1), (0, -1)), ((1, -1), (0, 2)), ((0, 1), (-2, 1))))
    if not _tells(image, kernel):
        return draw(v)
    return {
        "image": image,
        "kernel": kernel,
        "image_tex": latex(Matrix(image)),
        "kernel_tex": latex(Matrix(kernel)),
    }


def _tells(image, kernel):
    """Whether a turned and a transposed kernel give other results."""
    f, g = _floats(image, kernel)
    results = [correlate(f, k) for k in (g, rot180(g), g.T)]
    return all(not np.array_equal(results[0], other) for other in results[1:])


def _floats(image, kernel):
    return np.array(image, dtype=float), np.array(kernel, dtype=float)


@ex.part(points=3, answer=Array("convolution_by_hand"))
def output(image, kernel):
    r"""A convolution layer lays the kernel $g$ over every window of the image $f$ (no padding,
    stride 1), multiplies entry by entry and adds:
    $$f = {{ image_tex }},\quad g = {{ kernel_tex }}.$$
    Write down the output. As in every deep learning library, nothing is flipped.
    """
    return correlate(*_floats(image, kernel))


@output.mistake(credit=2, help="You turned the kernel by half a turn; a layer does not.")
def flipped(image, kernel):
    f, g = _floats(image, kernel)
    return correlate(f, rot180(g))


@output.mistake(credit=1, help="Rows of the kernel go over rows of the image.")
def transposed_kernel(image, kernel):
    f, g = _floats(image, kernel)
    return correlate(f, g.T)


@output.hint
def top_left():
    "Start with the window in the top left corner; it gives the top left entry."


@ex.part(points=2, answer=Array("true_convolution"))
def mathematical(image, kernel):
    r"""What mathematicians call the convolution of $f$ and $g$ is the same with the kernel turned
    by half a turn first. Write down that one, for the same windows.
    """
    f, g = _floats(image, kernel)
    return correlate(f, rot180(g))


@mathematical.mistake(credit=0, help="This is the output from before: the kernel was not turned.")
def not_turned(image, kernel):
    return correlate(*_floats(image, kernel))


@mathematical.hint
def both_directions():
    "Half a turn reverses the order of the rows and the order of the columns."

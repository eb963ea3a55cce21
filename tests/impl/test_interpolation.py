"""Interpolation: exact on bilinear functions, symmetric, and the notes' kernels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from impl.core import ShapeError
from impl.interpolation import (
    bilinear,
    bilinear_kernel,
    bilinear_weights,
    linear,
    sample_bilinear,
)

NUMBERS = st.floats(-10, 10)


@given(*[NUMBERS] * 4)
def test_linear_is_exact_on_lines(a, b, x, x1):
    line = lambda t: a + b * t  # noqa: E731
    assert linear(x, x1, x1 + 2, line(x1), line(x1 + 2)) == pytest.approx(line(x), abs=1e-10)


def test_linear_meets_both_ends():
    assert linear([0.1, 0.7, 0.4], 0.1, 0.7, 1 / 3, -5.0).tolist()[:2] == [1 / 3, -5.0]
    with pytest.raises(ValueError, match="must differ"):
        linear(0.0, 1.0, 1.0, 0, 0)


@given(*[NUMBERS] * 6)
def test_bilinear_is_exact_on_bilinear_functions(a, b, c, d, x, y):
    f = lambda s, t: a + b * s + c * t + d * s * t  # noqa: E731
    corner, opposite = (-1.0, 2.0), (3.0, 2.5)
    q = [[f(-1, 2), f(-1, 2.5)], [f(3, 2), f(3, 2.5)]]
    value = bilinear(x, y, corner, opposite, q)
    assert value == pytest.approx(f(x, y), abs=1e-8)
    weights = bilinear_weights(x, y, corner, opposite)
    assert np.sum(weights * q) == pytest.approx(f(x, y), abs=1e-8)
    assert weights.sum() == pytest.approx(1, abs=1e-10)


def test_the_middle_of_a_square():
    assert bilinear_weights(0.5, 0.5, (0, 0), (1, 1)).tolist() == [[0.25, 0.25], [0.25, 0.25]]
    # A quarter of the way in x, on the lower edge.
    assert bilinear(0.25, 0.0, (0, 0), (1, 1), [[4.0, 9], [8, 9]]) == 5.0
    with pytest.raises(ValueError, match="no rectangle"):
        bilinear_weights(0, 0, (0, 0), (0, 1))
    with pytest.raises(ShapeError, match=r"\(2, 2\)"):
        bilinear(0, 0, (0, 0), (1, 1), [1, 2, 3, 4])


def test_sampling_against_scipy():
    g = np.random.default_rng(0)
    image, at = g.normal(size=(5, 7)), g.uniform(-2, 8, size=(2, 50))
    expected = ndimage.map_coordinates(image, at, order=1, mode="nearest")
    np.testing.assert_allclose(sample_bilinear(image, *at), expected, atol=1e-12)
    assert sample_bilinear([[3.0]], 5.0, -1.0) == 3.0
    with pytest.raises(ShapeError, match="one shape"):
        sample_bilinear(image, np.zeros(2), np.zeros(3))
    with pytest.raises(ShapeError, match="not empty"):
        sample_bilinear(np.zeros((0, 2)), 0.0, 0.0)


def test_the_kernels_of_the_notes():
    four = [0.0625, 0.1875, 0.1875, 0.0625], [0.1875, 0.5625, 0.5625, 0.1875]
    np.testing.assert_array_equal(bilinear_kernel(4), [four[0], four[1], four[1], four[0]])
    six = bilinear_kernel(6)
    np.testing.assert_allclose(six[0, :3], [0.02777778, 0.08333333, 0.13888889], atol=5e-9)
    np.testing.assert_allclose(six[2, 2], 0.69444444, atol=5e-9)


@given(st.integers(1, 9))
def test_shifted_kernels_add_up_to_one(factor):
    # A constant image stays constant: all the taps that meet one output pixel sum to 1.
    size = 2 * factor - factor % 2
    kernel = bilinear_kernel(size)
    np.testing.assert_array_equal(kernel, kernel.T)
    np.testing.assert_allclose(kernel, kernel[::-1])
    for phase in range(factor):
        assert kernel[phase::factor].sum(axis=0).sum() == pytest.approx(kernel.sum() / factor)
    assert kernel.sum() == pytest.approx(factor**2)


def test_kernel_refuses_and_types():
    assert bilinear_kernel(1).tolist() == [[1.0]]
    assert bilinear_kernel(3, np.float32).dtype == np.float32
    with pytest.raises(ValueError, match="at least 1; got 0"):
        bilinear_kernel(0)

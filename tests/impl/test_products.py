"""Products of thin matrices: the sums written out, however they are cut into blocks."""

import math

import numpy as np
import pytest

from impl import products
from impl.products import cross_product, thin_product


def test_the_blocks_of_a_thin_product_leave_nothing_out():
    # Sums of whole numbers below 2^53 are exact: sum i^2 = n (n + 1) (2 n + 1) / 6.
    n = 300_001
    rows = np.stack([np.ones(n), np.arange(1.0, n + 1)])
    expected = [[n, n * (n + 1) // 2], [n * (n + 1) // 2, n * (n + 1) * (2 * n + 1) // 6]]
    assert n > products._ALONE // 4
    found = thin_product(rows, rows.T)
    assert found[0, 0] == expected[0][0]
    assert found[0, 1] == found[1, 0] == expected[0][1]
    assert found[1, 1] == pytest.approx(expected[1][1], rel=1e-12)


@pytest.mark.parametrize("shape", [(1, 1), (0, 3), (5, 0), (7, 90), (4000, 3)])
def test_cross_product_is_the_sum_of_outer_products(shape):
    rows = np.random.default_rng(0).normal(size=shape)
    found = cross_product(rows)
    assert found.shape == (shape[1], shape[1])
    for i, j in np.ndindex(*found.shape):
        expected = math.fsum(a * b for a, b in zip(rows[:, i], rows[:, j], strict=True))
        assert found[i, j] == pytest.approx(expected, abs=1e-10)


def test_blocks_of_float32_are_summed_in_float64():
    assert cross_product(np.ones((3, 2), np.float32)).dtype == np.float64

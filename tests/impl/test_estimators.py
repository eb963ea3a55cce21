"""Sample moments against exact fractions, and where the expanded formula fails."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from impl.core import ShapeError
from impl.estimators import (
    Moments,
    gaussian_mle,
    sample_covariance,
    sample_mean,
    sample_variance,
    standard_error,
)
from impl.printed.estimators import variance_by_squares

numbers = st.lists(st.integers(-1000, 1000), min_size=2, max_size=30)


def exact(data, ddof):
    values = [Fraction(v) for v in data]
    mean = sum(values) / len(values)
    return float(sum((v - mean) ** 2 for v in values) / (len(values) - ddof))


@given(numbers)
def test_exact_values(data):
    assert sample_mean(data) == pytest.approx(float(Fraction(sum(data), len(data))), abs=1e-12)
    assert sample_variance(data) == pytest.approx(exact(data, 1), abs=1e-9)
    mean, variance = gaussian_mle(data)
    assert mean == sample_mean(data)
    assert variance == pytest.approx(exact(data, 0), abs=1e-9)
    assert standard_error(data) == pytest.approx(math.sqrt(exact(data, 1) / len(data)), abs=1e-9)


@given(numbers, st.integers(0, 30))
def test_parts_merge_into_the_whole(data, cut):
    x = np.array(data, float) + 1e6
    whole = Moments.of(x)
    merged = Moments.of(x[:cut]).merged(Moments.of(x[cut:]))
    one_by_one = Moments()
    for value in x:
        one_by_one = one_by_one.with_value(value)
    for other in (merged, one_by_one):
        assert other.count == whole.count
        assert other.mean == pytest.approx(whole.mean, rel=1e-14)
        assert other.squares == pytest.approx(exact(data, 0) * len(data), rel=1e-8, abs=1e-8)


def test_a_large_mean_costs_no_digits():
    rng = np.random.default_rng(5)
    whole = rng.integers(-3, 4, size=100_000)
    expected = exact(whole.tolist(), 1)
    x = whole + 1e9
    assert sample_variance(x) == pytest.approx(expected, rel=1e-12)
    assert sample_variance(np.stack([x, whole], axis=1)) == pytest.approx([expected] * 2, rel=1e-12)
    one_by_one = Moments()
    for value in x[:20_000]:
        one_by_one = one_by_one.with_value(value)
    assert one_by_one.variance() == pytest.approx(exact(whole[:20_000].tolist(), 1), rel=1e-6)


def test_the_printed_expansion_fails_there():
    x = np.array([1e9, 1e9 + 1, 1e9 + 2])
    assert sample_variance(x, ddof=0) == pytest.approx(2 / 3, rel=1e-15)
    assert abs(variance_by_squares(x) - 2 / 3) > 0.5
    assert variance_by_squares([1, 2, 3]) == pytest.approx(2 / 3, rel=1e-14)


def test_columns_and_covariance():
    rng = np.random.default_rng(6)
    X = rng.normal(size=(50, 3)) @ rng.normal(size=(3, 3)) + 1e4
    np.testing.assert_allclose(sample_mean(X), X.mean(0), rtol=1e-14)
    np.testing.assert_allclose(sample_variance(X), X.var(0, ddof=1), rtol=1e-10)
    np.testing.assert_allclose(sample_covariance(X), np.cov(X.T), rtol=1e-8)
    np.testing.assert_allclose(sample_variance(np.asfortranarray(X)), sample_variance(X))


def test_degenerate_samples():
    assert sample_mean([7.0]) == 7.0
    assert sample_variance([4.0, 4.0]) == 0
    assert gaussian_mle([5.0]) == (5.0, 0.0)
    with pytest.raises(ValueError, match="more than 1 values"):
        sample_variance([1.0])
    with pytest.raises(ShapeError, match="at least one value"):
        sample_mean([])
    with pytest.raises(ShapeError, match="1-D or 2-D"):
        sample_mean(np.zeros((2, 2, 2)))
    with pytest.raises(ValueError, match=r"finite; got nan at \(1,\)"):
        sample_mean([0.0, math.nan])

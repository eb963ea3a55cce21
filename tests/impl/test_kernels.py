"""Kernels: by hand, positive definite, and the Gaussian's feature map with its error bound."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from impl.core import ShapeError
from impl.kernels import (
    gaussian_features,
    gaussian_kernel,
    linear_kernel,
    polynomial_kernel,
)

ALL = [linear_kernel, polynomial_kernel, gaussian_kernel]


def test_by_hand():
    X, Y = [[1.0, 2.0]], [[3.0, -1.0], [1.0, 2.0]]
    np.testing.assert_allclose(linear_kernel(X, Y), [[1, 5]])
    np.testing.assert_allclose(polynomial_kernel(X, Y, degree=2, scale=2.0, shift=1.0), [[9, 121]])
    np.testing.assert_allclose(
        gaussian_kernel(X, Y, sigma=2.0), [[np.exp(-13 / 8), 1.0]], rtol=1e-14
    )


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 8), st.integers(1, 4))
def test_gram_matrices_are_symmetric_and_positive(seed, n, d):
    X = np.random.default_rng(seed).normal(size=(n, d))
    for kernel in ALL:
        gram = kernel(X, X)
        np.testing.assert_allclose(gram, gram.T, rtol=1e-12, atol=1e-14)
        assert np.linalg.eigvalsh(gram)[0] >= -1e-10 * np.abs(gram).max()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.3, 5.0))
def test_gaussian_against_distances(seed, sigma):
    rng = np.random.default_rng(seed)
    X, Y = rng.normal(size=(6, 3)) + 100, rng.normal(size=(4, 3)) + 100
    expected = np.exp(-cdist(X, Y, "sqeuclidean") / (2 * sigma**2))
    np.testing.assert_allclose(gaussian_kernel(X, Y, sigma=sigma), expected, rtol=1e-11)
    assert gaussian_kernel(X, Y, sigma=sigma).max() <= 1


def test_features_of_one_column_by_hand():
    x, sigma = 1.5, 2.0
    t = x / sigma
    expected = np.exp(-(t**2) / 2) * np.array([1, t, t**2 / math.sqrt(2), t**3 / math.sqrt(6)])
    np.testing.assert_allclose(gaussian_features([x], sigma, 4), [expected])
    np.testing.assert_allclose(gaussian_features([[x]], sigma, 4), [expected])


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 3), st.integers(1, 12), st.floats(0.5, 3.0))
def test_features_approach_the_kernel_within_the_bound(seed, d, terms, sigma):
    rng = np.random.default_rng(seed)
    X, Y = rng.normal(size=(4, d)), rng.normal(size=(3, d))
    phi_x, phi_y = gaussian_features(X, sigma, terms), gaussian_features(Y, sigma, terms)
    assert phi_x.shape == (4, math.comb(terms - 1 + d, d))
    lengths = np.outer(np.linalg.norm(X, axis=1), np.linalg.norm(Y, axis=1)) / sigma**2
    bound = lengths**terms / math.factorial(terms)
    error = np.abs(phi_x @ phi_y.T - gaussian_kernel(X, Y, sigma=sigma))
    assert (error <= bound + 1e-13).all()


def test_finitely_many_features_are_never_all():
    x = np.array([3.0])
    for terms in (1, 5, 10):
        assert (gaussian_features(x, 1.0, terms) ** 2).sum() < 0.9
    assert (gaussian_features(x, 1.0, 60) ** 2).sum() == pytest.approx(1, abs=1e-12)


def test_extremes_and_float_types():
    far = gaussian_kernel([[1e200]], [[-1e200], [1e200]])
    assert far[0, 0] == 0
    assert gaussian_features(np.ones(2, np.float32), 1.0, 3).dtype == np.float32
    np.testing.assert_array_equal(linear_kernel(np.arange(2).reshape(1, 2), [[1, 1]]), [[1.0]])


def test_refusals():
    for kernel in ALL:
        with pytest.raises(ShapeError, match=r"shapes \(n, d\) and \(m, d\)"):
            kernel(np.zeros((2, 3)), np.zeros((2, 2)))
    with pytest.raises(ValueError, match="sigma must be positive"):
        gaussian_kernel([[1.0]], [[1.0]], sigma=-1.0)
    with pytest.raises(ValueError, match="degree must be a whole number"):
        polynomial_kernel([[1.0]], [[1.0]], degree=0)
    with pytest.raises(ValueError, match="terms must be at least 1"):
        gaussian_features([1.0], 1.0, 0)
    with pytest.raises(ShapeError, match="1-D or 2-D"):
        gaussian_features(np.zeros((1, 1, 1)))

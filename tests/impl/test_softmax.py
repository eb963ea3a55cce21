"""Softmax and cross-entropy beside the proven gradient, at extremes and at wrong shapes."""

import numpy as np
import pytest
import scipy.special
import sympy as sp

from derivations import D, decide, integer, natural
from impl.core import ShapeError
from impl.softmax import cross_entropy, log_softmax, softmax

Z = np.random.default_rng(3).normal(scale=5, size=(6, 5))


def test_softmax_is_that_of_scipy():
    np.testing.assert_allclose(softmax(Z), scipy.special.softmax(Z, axis=-1), rtol=1e-14)
    np.testing.assert_allclose(log_softmax(Z), scipy.special.log_softmax(Z, axis=-1), rtol=1e-13)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("n", "classes"), [(1500, 3), (12000, 3), (40, 32), (40, 33), (1200, 60)])
def test_tables_of_one_block_and_of_several(dtype, n, classes):
    z = np.random.default_rng(5).normal(scale=5, size=(n, classes)).astype(dtype)
    y, share = np.arange(n) % classes, np.linspace(-1, 1, n, dtype=dtype)
    eps = np.finfo(dtype).eps
    probabilities = scipy.special.softmax(z.astype(float), axis=-1)
    np.testing.assert_allclose(softmax(z), probabilities, rtol=40 * eps)
    logs = scipy.special.log_softmax(z.astype(float), axis=-1)
    np.testing.assert_allclose(log_softmax(z), logs, atol=40 * eps)
    np.testing.assert_allclose(cross_entropy(z, y), -logs[np.arange(n), y], atol=40 * eps)
    gradient = cross_entropy.backward(z, y, gradient=share)
    wanted = share[:, None] * (probabilities - np.eye(classes)[y])
    np.testing.assert_allclose(gradient, wanted, atol=10 * eps)
    assert gradient.dtype == dtype
    assert gradient.flags.c_contiguous
    one = cross_entropy.backward(z, y, gradient=1.0)
    np.testing.assert_allclose(one, probabilities - np.eye(classes)[y], atol=10 * eps)


def test_a_shift_of_all_logits_changes_nothing():
    z = np.array([0.0, 1.0, 2.0])
    np.testing.assert_array_equal(softmax(z + 1000), softmax(z))
    np.testing.assert_array_equal(log_softmax(z - 1000), log_softmax(z))


def test_extreme_logits():
    z = np.array([1e308, -1e308, 0.0])
    np.testing.assert_array_equal(softmax(z), [1, 0, 0])
    assert cross_entropy(z, 0) == 0
    assert cross_entropy(np.array([0.0, -1e4]), np.array([1.0, 0.0])) == 0
    assert cross_entropy(np.array([0.0, -1e4]), 1) == 1e4


def test_labels_are_one_hot_rows():
    labels = np.array([0, 4, 2, 2, 1, 3])
    np.testing.assert_array_equal(cross_entropy(Z, labels), cross_entropy(Z, np.eye(5)[labels]))
    assert cross_entropy(Z[0], 3) == cross_entropy(Z, np.full(6, 3))[0]


def test_cross_entropy_gradient_is_the_proven_one():
    (k, j, i), K = integer("k j i"), natural("K")
    z, y = (sp.IndexedBase(sp.Symbol(name, real=True)) for name in "zy")

    def p(c):
        return sp.exp(z[c]) / sp.Sum(sp.exp(z[j]), (j, 1, K))

    loss = -sp.Sum(y[k] * sp.log(p(k)), (k, 1, K))
    formula = p(i) * sp.Sum(y[k], (k, 1, K)) - y[i]
    assert decide(D(loss, z[i]), formula, given=[i >= 1, i <= K]).proved
    weights = np.random.default_rng(4).normal(size=5)
    scores = Z[0]
    want = scipy.special.softmax(scores) * weights.sum() - weights
    got = cross_entropy.backward(scores, weights, gradient=1.0)
    np.testing.assert_allclose(got, want, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: softmax(np.zeros((2, 3, 4))), r"must be 1-D or 2-D.*got shape \(2, 3, 4\)"),
        (lambda: softmax(1.0), r"got shape \(\)"),
        (lambda: softmax(np.zeros((2, 0))), "at least one class"),
        (lambda: cross_entropy(Z, [0, 1]), r"shape \(6,\) or weights of shape \(6, 5\)"),
        (lambda: cross_entropy(Z[0], 0.5), "whole class numbers"),
    ],
)
def test_wrong_shapes_are_named(call, said):
    with pytest.raises(ShapeError, match=said):
        call()


def test_wrong_classes_are_named():
    with pytest.raises(ValueError, match="from 0 to 4; got 5 to 5"):
        cross_entropy(Z[0], 5)

"""Numeric derivatives against the rules of matrix calculus."""

import numpy as np
import pytest

from impl.activations import relu, sigmoid
from impl.core import Op
from impl.matrix_calculus import (
    check_gradient,
    check_op,
    directional_derivative,
    gradient,
    hessian,
    jacobian,
)
from impl.softmax import softmax

RNG = np.random.default_rng(4)
A, B = RNG.normal(size=(3, 3)), RNG.normal(size=(2, 3))
X = RNG.normal(size=3)
METHODS = {"central": 1e-8, "forward": 1e-6, "complex": 1e-13}


@pytest.mark.parametrize(("method", "tolerance"), METHODS.items())
def test_first_derivatives(method, tolerance):
    np.testing.assert_allclose(jacobian(lambda x: B @ x, X, method), B, atol=tolerance)
    found = gradient(lambda x: x @ A @ x, X, method)
    np.testing.assert_allclose(found, (A + A.T) @ X, atol=10 * tolerance)
    along = directional_derivative(lambda x: np.exp(B @ x), X, [1.0, 2, 3], method)
    np.testing.assert_allclose(along, np.exp(B @ X) * (B @ [1, 2, 3]), rtol=100 * tolerance)


def test_the_gradient_of_the_notes():
    # CH-6.1.n1: the gradient of 3 x1^2 x2 is (6 x1 x2, 3 x1^2), which the notes print as 3 x1.
    found = gradient(lambda x: 3 * x[0] ** 2 * x[1], [2.0, 5.0], "complex")
    np.testing.assert_allclose(found, [60, 12], rtol=1e-15)


def test_layouts_are_transposes():
    f = lambda x: np.array([x[0] * x[1], x[2] ** 2])  # noqa: E731
    expected = [[X[1], X[0], 0], [0, 0, 2 * X[2]]]
    np.testing.assert_allclose(jacobian(f, X), expected, atol=1e-9)
    np.testing.assert_allclose(
        jacobian(f, X, layout="denominator"), np.transpose(expected), atol=1e-9
    )


def test_shapes():
    assert jacobian(lambda w: w @ X, B).shape == (2, 2, 3)
    assert jacobian(lambda w: w @ X, B, layout="denominator").shape == (2, 3, 2)
    assert jacobian(np.sin, 0.5).shape == ()
    assert jacobian(np.sin, np.zeros(0)).shape == (0, 0)
    w = jacobian(lambda w: w @ X, B)
    np.testing.assert_allclose(w[0, 0], X, atol=1e-8)
    np.testing.assert_allclose(w[0, 1], 0, atol=1e-8)


def test_traces_and_determinants():
    at = A + 4 * np.eye(3)
    np.testing.assert_allclose(gradient(lambda w: np.trace(w @ A), at), A.T, atol=1e-8)
    inverse = np.linalg.inv(at).T
    found = gradient(lambda w: np.linalg.slogdet(w)[1], at)
    np.testing.assert_allclose(found, inverse, atol=1e-8)


def test_hessians():
    np.testing.assert_allclose(hessian(lambda x: x @ A @ x / 2, X), (A + A.T) / 2, atol=1e-5)
    found = hessian(lambda x: np.exp(x[0] * x[1]) + x[2] ** 3, np.array([0.3, 0.5, 1.0]))
    e = np.exp(0.15)
    expected = [[0.25 * e, 1.15 * e, 0], [1.15 * e, 0.09 * e, 0], [0, 0, 6]]
    np.testing.assert_allclose(found, expected, atol=1e-5)
    np.testing.assert_array_equal(found, found.T)
    assert hessian(np.sum, B).shape == (6, 6)


def test_the_complex_step_has_all_digits_where_differences_cancel():
    f = lambda x: np.exp(x) / np.sqrt(np.sin(x) ** 3 + np.cos(x) ** 3)  # noqa: E731
    x, s, c = 1.5, np.sin(1.5), np.cos(1.5)
    exact = f(x) * (1 - 1.5 * (s * s * c - c * c * s) / (s**3 + c**3))
    assert abs(gradient(f, x, "complex") / exact - 1) < 1e-14
    assert abs(gradient(f, x) / exact - 1) < 1e-8


def test_checks_pass_and_fail():
    f = lambda x: np.sum(x**3)  # noqa: E731
    good = check_gradient(f, lambda x: 3 * x**2, X)
    assert good.passed
    assert good.error < 1e-8
    wrong = 3 * X**2
    wrong[1] += 1e-3
    bad = check_gradient(f, wrong, X)
    assert not bad.passed
    assert bad.place == (1,)
    assert bad.error == pytest.approx(1e-3 / max(1, abs(wrong[1])), rel=1e-3)
    assert not check_gradient(f, np.full(3, np.nan), X).passed
    assert check_gradient(f, np.zeros(0), np.zeros(0)).passed
    assert check_gradient(f, lambda x: 3 * x**2, X, "complex", tolerance=1e-13).passed
    with pytest.raises(ValueError, match="shape of x"):
        check_gradient(f, np.zeros(2), X)


def test_operations_are_checked():
    assert check_op(softmax, RNG.normal(size=(2, 4)))[0].passed


def test_a_wrong_backward_pass_is_found():
    def square(x):
        return np.square(x)

    op = Op(square, None, (), (0,))

    def half(x, gradient):
        return gradient * x

    op.backward(half)
    assert not check_op(op, np.array([1.0, 2.0]))[0].passed
    assert check_op(sigmoid, np.array([0.3, -2.0]))[0].passed
    assert check_op(relu, np.array([0.3, -2.0]))[0].passed


def test_refusals():
    with pytest.raises(ValueError, match="central, forward or complex"):
        jacobian(np.sin, X, "magic")
    with pytest.raises(ValueError, match="layout"):
        jacobian(np.sin, X, layout="mixed")
    with pytest.raises(ValueError, match="one value"):
        gradient(np.sin, X)
    with pytest.raises(ValueError, match="keep complex numbers"):
        jacobian(lambda x: np.abs(x), X, "complex")

"""Taylor polynomials: the functions lie within the bounds, and the bounds are not idle."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from impl.taylor import (
    cos_taylor,
    exp_degree,
    exp_taylor,
    lagrange_bound,
    log1p_taylor,
    remainder,
    sin_taylor,
    taylor_polynomial,
)

DEGREES = st.integers(0, 30)


def within(exact, expansion, scale=1.0):
    slack = 1e-13 * max(1.0, abs(exact), scale)
    return abs(exact - expansion.value) <= expansion.bound + slack


@given(st.floats(-8, 8), DEGREES)
def test_exponentials_sines_and_cosines(x, degree):
    largest = math.exp(abs(x))
    assert within(math.exp(x), exp_taylor(x, degree), largest)
    assert within(math.sin(x), sin_taylor(x, degree), largest)
    assert within(math.cos(x), cos_taylor(x, degree), largest)


@given(st.floats(-0.95, 2), DEGREES)
def test_logarithms(x, degree):
    assert within(math.log1p(x), log1p_taylor(x, degree), max(1.0, abs(x)) ** degree)


@pytest.mark.parametrize("expand", [exp_taylor, sin_taylor, cos_taylor])
def test_bounds_are_of_the_right_size(expand):
    exact = {exp_taylor: math.exp, sin_taylor: math.sin, cos_taylor: math.cos}[expand]
    for degree in range(1, 8):
        found = expand(1.0, degree)
        next_found = expand(1.0, degree + 1)
        left = max(abs(exact(1) - found.value), abs(exact(1) - next_found.value))
        assert left > 0.1 * next_found.bound


def test_polynomials():
    # 1 + 2 (x - 1) + 3/2 (x - 1)^2 at 3: 1 + 4 + 6.
    assert taylor_polynomial([1, 2, 3], 3.0, x0=1.0) == 11
    cubic = np.polynomial.Polynomial([4.0, -1.0, 2.0, 0.5])
    at = [cubic.deriv(k)(2.0) if k else cubic(2.0) for k in range(4)]
    x = np.linspace(-3, 3, 7)
    np.testing.assert_allclose(taylor_polynomial(at, x, 2.0), cubic(x))
    np.testing.assert_allclose(
        remainder(cubic, lambda t: taylor_polynomial(at, t, 2.0), x), 0, atol=1e-12
    )
    assert exp_taylor(np.array([1.0]), 4).value == pytest.approx(1 + 1 + 1 / 2 + 1 / 6 + 1 / 24)
    assert exp_taylor(0.0, 0) == (1.0, 0.0)
    assert sin_taylor(2.0, 3).value == pytest.approx(2 - 8 / 6)
    assert cos_taylor(2.0, 3).value == pytest.approx(1 - 4 / 2)
    assert log1p_taylor(0.5, 2).value == pytest.approx(0.5 - 0.125)


def test_high_degrees_do_not_overflow():
    value, bound = exp_taylor(100.0, 400)
    assert value == pytest.approx(math.exp(100), rel=1e-12)
    assert bound < 1e-20 * value
    assert exp_taylor(np.zeros((0,)), 3).value.shape == (0,)


def test_lagrange_bound():
    assert lagrange_bound(6.0, 2, 3.0, x0=1.0) == pytest.approx(6 * 8 / 6)
    with pytest.raises(ValueError, match="must not be negative"):
        lagrange_bound(1.0, -1, 0.0)
    with pytest.raises(ValueError, match="must not be negative"):
        lagrange_bound(math.nan, 1, 0.0)


@given(st.floats(-5, 5), st.floats(1e-12, 1))
def test_the_least_degree(x, tolerance):
    degree = exp_degree(x, tolerance)
    assert exp_taylor(x, degree).bound <= tolerance * (1 + 1e-9)
    if degree:
        assert exp_taylor(x, degree - 1).bound > tolerance * (1 - 1e-9)


def test_refusals():
    with pytest.raises(ValueError, match="begin with"):
        taylor_polynomial([], 1.0)
    with pytest.raises(ValueError, match="degree must not be negative"):
        exp_taylor(1.0, -1)
    with pytest.raises(ValueError, match="above -1"):
        log1p_taylor(-1.0, 3)
    with pytest.raises(ValueError, match="tolerance"):
        exp_degree(1.0, 0.0)

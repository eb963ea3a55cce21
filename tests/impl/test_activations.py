"""The numeric activations beside the proven formulas, at exact points and in exact arithmetic."""

import numpy as np
import pytest
import sympy as sp

from derivations import decide, real, relu, sigmoid, softplus
from derivations.functions import D
from impl import activations

x = real("x")
HALF, SLOPE, ALPHA = sp.Rational(1, 2), sp.Rational(1, 100), sp.Rational(3, 2)

FORMULAS = {
    "sigmoid": (sigmoid(x), sigmoid(x) * (1 - sigmoid(x)), {}),
    "tanh": (sp.tanh(x), 1 - sp.tanh(x) ** 2, {}),
    "relu": (relu(x), sp.Heaviside(x, 0), {}),
    "softplus": (softplus(x), sigmoid(x), {}),
    "leaky_relu": (sp.Max(SLOPE * x, x), sp.Piecewise((1, x > 0), (SLOPE, True)), {"slope": 0.01}),
    "elu": (
        sp.Piecewise((x, x > 0), (ALPHA * (sp.exp(x) - 1), True)),
        sp.Piecewise((1, x > 0), (ALPHA * sp.exp(x), True)),
        {"alpha": 1.5},
    ),
}
POINTS = [-30, -4, -HALF, -sp.Rational(1, 1000), sp.Rational(1, 1000), HALF, 4, 30]


@pytest.mark.parametrize("name", sorted(FORMULAS))
def test_value_and_gradient_are_those_of_the_formula(name):
    formula, derivative, options = FORMULAS[name]
    op = getattr(activations, name)
    points = np.array(POINTS, dtype=float)
    ones = np.ones_like(points)
    for ours, exact in (
        (op(points, **options), formula),
        (op.backward(points, gradient=ones, **options), derivative),
    ):
        want = [float(sp.N(exact.subs(x, sp.Rational(float(p))), 40)) for p in points]
        np.testing.assert_allclose(ours, want, rtol=4e-16 * 8, atol=0)


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "softplus"])
def test_the_gradient_formula_is_proved(name):
    formula, derivative, _ = FORMULAS[name]
    assert decide(D(formula, x), derivative).proved


def test_the_gradient_at_a_kink_is_that_of_the_left_side():
    zero = np.zeros(1)
    assert activations.relu.backward(zero, gradient=np.ones(1)) == 0
    assert activations.leaky_relu.backward(zero, gradient=np.ones(1), slope=0.25) == 0.25


def test_prelu_sums_the_gradient_of_shared_slopes():
    x = np.array([[-1.0, 2.0], [-3.0, -4.0]])
    to_x, to_slope = activations.prelu.backward(x, 0.5, gradient=np.ones((2, 2)))
    np.testing.assert_array_equal(to_x, [[0.5, 1], [0.5, 0.5]])
    assert to_slope == -8

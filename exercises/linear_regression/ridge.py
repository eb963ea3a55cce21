"""Ridge regression with one feature on paper, and with many in code."""

import numpy as np
from sympy import Rational, Symbol

from exercises.answers import Code, Expression, Number
from exercises.core import Exercise
from impl.linear.ridge import Ridge

ex = Exercise(
    "Least squares on a leash",
    claims=["SU-2.4", "SU-2.8", "CO-linreg-solution"],
    level=2,
    prerequisites=["linear_regression.normal_equations"],
)
a = Symbol("a", positive=True)


@ex.variant
def draw(v):
    choices = []
    for x in ((1, 2, 3), (1, 2, 4), (2, 3, 5), (1, 3, 4), (1, 2, 5), (1, 3, 5)):
        square = sum(k * k for k in x)
        choices += [(x, square)] if square % 3 else []
    x, square = v.choice(choices)
    y = v.distinct_integers(2, 9, n=3)
    mixed = sum(i * j for i, j in zip(x, y, strict=True))
    return {"x": x, "y": y, "square": square, "mixed": mixed, "parts": v.choice((4, 7))}


@ex.part(points=3, answer=Expression("ridge_weight", (a,)))
def weight(square, mixed):
    r"""One feature, no constant: $x = {{ x }}$, $y = {{ y }}$. A leash with strength $a > 0$ holds
    the coefficient back: minimise $\sum_i (y_i - w x_i)^2 + a w^2$. Give the best $w$ as a formula
    in $a$.
    """
    return mixed / (square + a)


@weight.mistake(credit=1, help="The penalty pulls towards zero; yours pushes away from it.")
def wrong_sign(square, mixed):
    return mixed / (square - a)


@weight.mistake(credit=1, help="Both squares give a factor of 2 when you differentiate: cancel it.")
def half(square, mixed):
    return mixed / (square + a / 2)


@weight.mistake(credit=0, help="There is no leash in it yet.")
def no_penalty(square, mixed):
    return Rational(mixed, square)


@weight.hint
def derivative():
    "Differentiate with respect to w and set it to zero. Both terms hold w."


@ex.part(points=2, answer=Number("ridge_strength"))
def strength(square, parts):
    r"""For which $a$ does the leash take exactly one part in {{ parts }} off the coefficient of
    least squares? Give it exactly.
    """
    return Rational(square, parts - 1)


@strength.mistake(credit=0, help="With this strength only that one part is left. Read again.")
def leaves_one_part(square, parts):
    return Rational(square * (parts - 1))


@strength.mistake(credit=1, help="Solve for it: the strength stands below the line, beside a sum.")
def direct_share(square, parts):
    return Rational(square, parts)


@strength.hint
def quotient():
    "Divide the formula with the leash by the one without. What should the quotient be?"


def inputs(rng):
    """One example, one feature, more features than examples, equal columns, a strided view."""
    return [
        (np.array([[2.0]]), np.array([3.0]), 1.0),
        (rng.normal(size=(4, 1)), rng.normal(size=4), 0.5),
        (rng.normal(size=(2, 4)), rng.normal(size=2), 0.1),
        (np.ones((3, 2)), np.array([1.0, 2.0, 6.0]), 2.0),
        (rng.normal(size=(8, 6))[:, ::2], rng.normal(size=16)[::2], 3.0),
        (5 + rng.normal(size=(40, 5)), rng.normal(size=40), 10.0),
    ]


@ex.part(
    points=3, answer=Code("ridge_weights", inputs, parameters=("X", "y", "a"), rtol=1e-6, atol=1e-9)
)
def code():
    r"""Now with many features: return the $w$, of shape `(d,)`, that minimises
    $|y - X w|^2 + a |w|^2$, for `X` of shape `(n, d)`, `y` of shape `(n,)` and `a` above 0. There
    is no constant, and there may be more features than examples.
    """
    return lambda X, y, a: Ridge(alpha=a, fit_intercept=False).fit(X, y).coef_


@code.mistake(credit=1, help="Features are not centred here: nothing asks for a constant.")
def with_constant():
    return lambda X, y, a: Ridge(alpha=a).fit(X, y).coef_


@code.mistake(credit=1, help="The penalty counts once, not once for each example.")
def mean_of_squares():
    return lambda X, y, a: Ridge(alpha=a * len(X), fit_intercept=False).fit(X, y).coef_


@code.hint
def what_changes():
    "Set the gradient to zero. What is added to the matrix of the normal equations?"

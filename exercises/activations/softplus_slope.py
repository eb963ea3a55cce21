"""The slope of a softplus unit, line by line, and its curvature."""

from sympy import Symbol

from derivations.functions import sigmoid
from exercises.answers import Chain, Derivation, Expression
from exercises.core import Exercise

ex = Exercise(
    "A ReLU with its corner sanded off", claims=["CO-softplus-def", "CO-softplus-deriv"], level=1
)
t = Symbol("t", real=True)


@ex.variant
def draw(v):
    return {"k": v.integer(2, 6)}


@ex.part(points=4, answer=Derivation("softplus_slope", (t,)))
def slope(k):
    r"""Softplus is the smooth cousin of ReLU. Show, step by step, that the derivative of
    $\log(1 + e^{ {{ k }} t})$ with respect to $t$ needs no function but the sigmoid
    $\sigma(x) = 1 / (1 + e^{-x})$.
    """
    return Chain(
        (
            f"D(log(1 + exp({k}*t)), t)",
            f"D(1 + exp({k}*t), t)/(1 + exp({k}*t))",
            f"{k}*exp({k}*t)/(1 + exp({k}*t))",
            f"{k}/(1 + exp(-{k}*t))",
            f"{k}*sigma({k}*t)",
        )
    )


@slope.hint
def logarithm_first():
    "What is the derivative of log(u), when u depends on t?"


@slope.hint
def divide_by_the_power():
    "The sigmoid has its exponential in the denominator alone: divide both by the same thing."


@ex.part(points=2, answer=Expression("softplus_curvature", (t,)))
def curvature(k):
    r"""Differentiate once more: give the **second** derivative of $\log(1 + e^{ {{ k }} t})$. It is
    never negative, which is why softplus is convex.
    """
    s = sigmoid(k * t)
    return k**2 * s * (1 - s)


@curvature.mistake(credit=1, help="The chain rule acts a second time: count the inner factors.")
def one_inner_factor(k):
    s = sigmoid(k * t)
    return k * s * (1 - s)


@curvature.mistake(credit=0, help="This is still the first derivative.")
def first_only(k):
    return k * sigmoid(k * t)


@curvature.hint
def slope_of_sigmoid():
    "The derivative of a sigmoid can be written with the sigmoid itself."

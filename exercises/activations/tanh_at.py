"""The derivative of tanh behind a linear map."""

from sympy import Symbol, tanh

from exercises.answers import Expression
from exercises.core import Exercise

ex = Exercise("tanh behind a linear map", claims=["CO-tanh-deriv"], level=1)
x = Symbol("x", real=True)


@ex.variant
def draw(v):
    return {"a": v.sign() * v.integer(2, 5), "b": v.integer(-3, 3, exclude=[0])}


@ex.part(points=2, answer=Expression("tanh_gradient", (x,)))
def gradient(a, b):
    r"""A unit computes $y = \tanh({{ a }} x {{ b | signed }})$. Give $dy/dx$ as a formula
    in $x$.
    """
    return a * (1 - tanh(a * x + b) ** 2)


@gradient.mistake(credit=1, help="The inner function has a derivative too: apply the chain rule.")
def forgot_inner(a, b):
    return 1 - tanh(a * x + b) ** 2


@gradient.mistake(
    credit=0, help="Square the value of tanh, and look up the sign between the terms."
)
def plus_for_minus(a, b):
    return a * (1 + tanh(a * x + b) ** 2)


@gradient.hint
def inside_and_outside():
    "The derivative of tanh can be written with tanh itself. What does the inside add?"

"""The derivative of a stretched sigmoid, line by line."""

from sympy import Symbol

from exercises.answers import Chain, Derivation
from exercises.core import Exercise

ex = Exercise("The slope of a sigmoid", claims=["XU-3", "CO-sigmoid-deriv"], level=1)
t = Symbol("t", real=True)


@ex.variant
def draw(v):
    return {"a": v.integer(1, 4)}


@ex.part(points=4, answer=Derivation("sigmoid_derivative", (t,)))
def chain(a):
    r"""Show, step by step, that the derivative of $\sigma({{ a | factor }} t)$ with respect to $t$
    can be written with $\sigma$ alone. Here $\sigma(x) = 1 / (1 + e^{-x})$.
    """
    u = "t" if a == 1 else f"{a}*t"
    front = "" if a == 1 else f"{a}*"
    return Chain(
        (
            f"D(1/(1 + exp(-{u})), t)",
            f"{front}exp(-{u})/(1 + exp(-{u}))^2",
            f"{front}1/(1 + exp(-{u}))*(1 - 1/(1 + exp(-{u})))",
            f"{front}sigma({u})*(1 - sigma({u}))",
        )
    )


@chain.hint
def outer_and_inner():
    "Write the fraction as a power and use the chain rule twice: outside in."


@chain.hint
def add_and_subtract():
    "Part of a fraction may be all of it less the rest: add and subtract 1 in the numerator."

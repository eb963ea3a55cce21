"""A misprint in the sigmoid of a negative weight."""

from sympy import Symbol

from exercises.answers import Erratum, Fault
from exercises.core import Exercise

ex = Exercise("The other class", claims=["XU-10", "XU-10.e1", "XU-10.e2", "XU-14"], level=1)
x = Symbol("x", real=True)


@ex.variant
def draw(v):
    return {"k": v.integer(2, 6)}


@ex.part(points=3, answer=Erratum("other_class_mended", (x,)))
def mended(k):
    r"""What is the probability of the **other** class, when a classifier gives
    $\sigma({{ k }} x)$ to the first? The notes simplify.
    """
    return Fault(
        lines=(
            f"1 - sigma({k}*x)",
            f"exp(-{k}*x)/(1 + exp(-{k}*x))",
            f"1/(1 + exp({k}*x))",
            f"sigma({k}*x)",
            f"exp({k}*x)/(1 + exp({k}*x))",
        ),
        wrong=4,
        right=f"sigma(-{k}*x)",
        why="the exponent of a sigmoid has a minus sign, so the argument is negative here",
    )


@mended.hint
def rise_or_fall():
    "Which of the lines rise with x, and which fall?"


@mended.hint
def definition():
    "Write down the definition of the sigmoid, and compare exponents."

"""A misprint in the derivative of the sigmoid."""

from sympy import Symbol

from exercises.answers import Erratum, Fault
from exercises.core import Exercise

ex = Exercise(
    "Copied from the blackboard", claims=["CO-sigmoid-deriv.s2", "CO-sigmoid-deriv"], level=1
)
x = Symbol("x", real=True)


@ex.variant
def draw(v):
    return {"k": v.integer(1, 5)}


@ex.part(points=3, answer=Erratum("sigmoid_slope_mended", (x,)))
def mended(k):
    r"""A lecturer differentiates $\sigma({{ k | factor }} x)$ at the blackboard. Everybody writes
    it down, and it ends up in the notes.
    """
    u = "x" if k == 1 else f"{k}*x"
    front = "" if k == 1 else f"{k}*"
    return Fault(
        lines=(
            f"D(1/(1 + exp(-{u})), x)",
            f"{front}exp(-{u})/(1 + exp(-{u}))^2",
            f"{front}1/(1 + exp(-{u}))*(exp(-{u})/(1 + exp(-{u})))^(-1)",
            f"{front}sigma({u})/(1 - sigma({u}))",
        ),
        wrong=3,
        right=f"{front}1/(1 + exp(-{u}))*(exp(-{u})/(1 + exp(-{u})))",
        why="the second fraction is turned upside down",
    )


@mended.hint
def try_zero():
    "Put a number into every line, zero for instance. Where does the value jump?"


@mended.hint
def split():
    "A fraction over a square is a product of two fractions."

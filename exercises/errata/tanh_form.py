"""A misprint in a closed form of tanh."""

from sympy import Symbol

from exercises.answers import Erratum, Fault
from exercises.core import Exercise

ex = Exercise("Fewer exponentials", claims=["XU-17", "XU-17.s2", "CO-tanh-closed"], level=1)
x = Symbol("x", real=True)


@ex.variant
def draw(v):
    return {"k": v.integer(1, 4)}


@ex.part(points=3, answer=Erratum("tanh_form_mended", (x,)))
def mended(k):
    r"""These lines look for a form of $\tanh({{ k | factor }} x)$ with fewer exponentials."""
    u, uu = "x" if k == 1 else f"{k}*x", f"{2 * k}*x"
    return Fault(
        lines=(
            f"tanh({u})",
            f"(exp({u}) - exp(-{u}))/(exp({u}) + exp(-{u}))",
            f"(exp({uu}) - 1)/(exp({uu}) + 1)*exp({u})",
            f"(1 - exp(-{uu}))/(1 + exp(-{uu}))*exp({u})",
        ),
        wrong=3,
        right=f"(exp({uu}) - 1)/(exp({uu}) + 1)",
        why="numerator and denominator are multiplied by the same exponential, which cancels",
    )


@mended.hint
def bounded():
    "All values of tanh lie between -1 and 1. Which line grows without bound?"


@mended.hint
def expand():
    "Expanding a fraction multiplies both of its halves by the same thing."

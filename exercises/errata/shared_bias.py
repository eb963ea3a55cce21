"""A misprint in the bias gradient of a convolution."""

from sympy import IndexedBase, Symbol

from exercises.answers import Erratum, Fault
from exercises.core import Exercise

ex = Exercise("One bias for all", claims=["SU-3.15c", "SU-CONV-BP4"], level=2)
g, z = IndexedBase("g"), IndexedBase("z")
b = Symbol("b", real=True)
n = Symbol("n", integer=True, positive=True)


@ex.variant
def draw(v):
    return {"k": v.integer(2, 6)}


@ex.part(points=3, answer=Erratum("shared_bias_mended", (g, z, b, n)))
def mended(k):
    r"""All $n$ outputs of a convolution share the bias $b$. With the gradients $g_i$ from above,
    the notes look for the derivative of ${{ k }} \sum_{i=1}^n g_i (z_i + b)$ with respect to $b$.
    """
    return Fault(
        lines=(
            f"D({k}*sum(g[i]*(z[i] + b), i, 1, n), b)",
            f"{k}*sum(D(g[i]*(z[i] + b), b), i, 1, n)",
            f"{k}*sum(g[i]*b, i, 1, n)",
            f"{k}*b*sum(g[i], i, 1, n)",
        ),
        wrong=3,
        right=f"{k}*sum(g[i], i, 1, n)",
        why="the terms are linear in the bias: it must not occur in the derivative",
    )


@mended.hint
def straight_line():
    "As a function of b this is a straight line. What do you know about its slope?"


@mended.hint
def one_term():
    "Differentiate one term of the sum by itself."

"""A misprint in the sum of squared losses."""

from sympy import IndexedBase, Symbol

from exercises.answers import Erratum, Fault
from exercises.core import Exercise

ex = Exercise("From one loss to the cost", claims=["XU-113", "XU-113.s2"], level=2)
y, f = IndexedBase("y"), IndexedBase("f")
n = Symbol("n", integer=True, positive=True)


@ex.variant
def draw(v):
    return {"k": v.integer(2, 5)}


@ex.part(points=3, answer=Erratum("cost_of_all_mended", (y, f, n)))
def mended(k):
    r"""The loss of one example is $\frac{1}{ {{ k }} }(y_i - f_i)^2$, and the cost of all of them
    is half of the sum. The notes tidy it up.
    """
    return Fault(
        lines=(
            f"sum((y[i] - f[i])^2/{k}, i, 1, n)/2",
            "sum((y[i] - f[i])^2, i, 1, n)/2",
            "sum(y[i]^2 - 2*y[i]*f[i] + f[i]^2, i, 1, n)/2",
            "sum(y[i]^2, i, 1, n)/2 - sum(y[i]*f[i], i, 1, n) + sum(f[i]^2, i, 1, n)/2",
        ),
        wrong=2,
        right=f"sum((y[i] - f[i])^2, i, 1, n)/{2 * k}",
        why="the factor of each loss and the one in front of the sum both count",
    )


@mended.hint
def one_example():
    "Take a single example. What does each line say?"


@mended.hint
def in_front():
    "A constant factor may be taken out of a sum, but it does not vanish on the way."

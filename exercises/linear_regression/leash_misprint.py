"""A ridge coefficient that grows with its penalty: find the wrong line."""

from sympy import Symbol

from exercises.answers import Erratum, Fault
from exercises.core import Exercise

ex = Exercise("A penalty that rewards", claims=["SU-2.1c", "SU-2.5a", "SU-2.5.s1"], level=1)
w, a = Symbol("w", real=True), Symbol("a", positive=True)


@ex.variant
def draw(v):
    return {"x": v.integer(2, 6), "y": v.integer(3, 9), "place": v.integer(2, 4)}


@ex.part(points=3, answer=Erratum("penalty_mended", (w, a)))
def mend(x, y, place):
    r"""For a single example, $x = {{ x }}$ and $y = {{ y }}$, somebody differentiates half the
    squared error plus a penalty on the coefficient $w$. Gradient descent with the last line runs
    away. Find the line, and mend it.
    """
    right = (
        f"-{x}*({y} - {x}*w) + a*w",
        f"-{x * y} + {x * x}*w + a*w",
        f"({x * x} + a)*w - {x * y}",
    )
    shown = {
        2: (f"{x}*({y} - {x}*w) + a*w", f"{x * y} - {x * x}*w + a*w", f"(a - {x * x})*w + {x * y}"),
        3: (right[0], f"-{x * y} - {x * x}*w + a*w", f"(a - {x * x})*w - {x * y}"),
        4: (right[0], right[1], f"-({x * x} + a)*w - {x * y}"),
    }[place]
    why = {
        2: "The residual falls when w grows: its inner derivative is negative.",
        3: "Minus times minus is plus.",
        4: "Both terms with w have a plus sign.",
    }[place]
    return Fault((f"D(({y} - {x}*w)^2/2 + a*w^2/2, w)", *shown), place, right[place - 2], why)


@mend.hint
def chain_rule():
    "Differentiate the square from outside to inside, and keep an eye on the signs."

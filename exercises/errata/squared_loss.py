"""A misprint in the derivative of a squared loss."""

from sympy import symbols

from exercises.answers import Erratum, Fault
from exercises.core import Exercise

ex = Exercise("Would you descend along it?", claims=["XU-85", "XU-85.s1", "XU-104.e1"], level=1)
y, f = symbols("y f", real=True)


@ex.variant
def draw(v):
    return {"a": v.integer(2, 5), "k": v.choice((3, 5, 7))}


@ex.part(points=3, answer=Erratum("squared_loss_mended", (y, f)))
def mended(a, k):
    r"""A network predicts ${{ a }} f$, the target is $y$, and the loss is
    $\frac{ {{ k }} }{2}(y - {{ a }} f)^2$. The notes want its derivative with respect to $f$.
    """
    return Fault(
        lines=(
            f"D({k}*(y - {a}*f)^2/2, f)",
            f"{k}*(y - {a}*f)*D(y - {a}*f, f)",
            f"{a * k}*(y - {a}*f)",
        ),
        wrong=3,
        right=f"-{a * k}*(y - {a}*f)",
        why="the inner derivative is negative",
    )


@mended.hint
def inner():
    "Carry out every derivative that is left standing."


@mended.hint
def too_small():
    "If the prediction is too small, what happens to the loss when it grows?"

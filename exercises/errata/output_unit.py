"""A misprint in the gradient of a mean squared error behind a sigmoid."""

from sympy import symbols

from exercises.answers import Erratum, Fault
from exercises.core import Exercise

ex = Exercise(
    "The gradient of an output unit", claims=["CO-out-mse-grad", "CO-out-mse-grad.s1"], level=2
)
y, z = symbols("y z", real=True)


@ex.variant
def draw(v):
    return {"k": v.choice((1, 3, 5, 7))}


@ex.part(points=3, answer=Erratum("output_unit_mended", (y, z)))
def mended(k):
    r"""An output unit $\sigma(z)$ is trained with the loss
    $\frac{ {{ k }} }{2} (y - \sigma(z))^2$. The notes differentiate it with respect to $z$.
    """
    loss = "(y - sigma(z))^2/2" if k == 1 else f"{k}*(y - sigma(z))^2/2"
    front = "" if k == 1 else f"{k}*"
    return Fault(
        lines=(
            f"D({loss}, z)",
            f"-{2 * k}*(y - sigma(z))*D(sigma(z), z)",
            f"-{2 * k}*(y - sigma(z))*sigma(z)*(1 - sigma(z))",
            f"{2 * k}*sigma(z)*(1 - sigma(z))*(sigma(z) - y)",
        ),
        wrong=2,
        right=f"-{front}(y - sigma(z))*D(sigma(z), z)",
        why="the 2 of the power cancels against the 1/2 of the loss",
    )


@mended.hint
def constants():
    "Keep an eye on the constants: where does each one go?"


@mended.hint
def a_point():
    "Compare the lines at one point, such as y = 0 and z = 0."

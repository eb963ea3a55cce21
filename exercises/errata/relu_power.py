"""A misprint on the way to He's initialisation."""

from sympy import Symbol

from exercises.answers import Erratum, Fault
from exercises.core import Exercise

ex = Exercise("The power behind a ReLU", claims=["SU-3.39", "SU-3.39.s5", "SU-3.39.end"], level=3)
r = Symbol("r", positive=True)


@ex.variant
def draw(v):
    return {"k": v.integer(2, 6)}


@ex.part(points=3, answer=Erratum("relu_power_mended", (r,)))
def mended(k):
    r"""A ReLU gets a signal $z$ that is uniform on $[-{{ k }} r, {{ k }} r]$. He's initialisation
    needs the mean square of what comes out. The notes use, rightly, that both halves of the
    interval weigh the same, but something slips. An integral is written `int(f, z, from, to)`.
    """
    return Fault(
        lines=(
            f"int(max(0, z)^2/({2 * k}*r), z, -{k}*r, {k}*r)",
            f"int(z^2/({2 * k}*r), z, 0, {k}*r)",
            f"int(z^2/({2 * k}*r), z, 0, {k}*r)/2",
            f"{k * k}*r^2/12",
        ),
        wrong=3,
        right=f"int(z^2/({2 * k}*r), z, -{k}*r, {k}*r)/2",
        why="half of the integral over the whole interval is meant: the lower limit has to change",
    )


@mended.hint
def compare():
    "Two of the lines look nearly the same. Can both be right?"


@mended.hint
def symmetry():
    "Symmetry says that one side is half of the whole. Which limits does the whole have?"

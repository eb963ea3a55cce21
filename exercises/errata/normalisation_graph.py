"""A misprint in the computation graph of batch normalisation."""

from sympy import symbols

from exercises.answers import Erratum, Fault
from exercises.core import Exercise

ex = Exercise(
    "A graph with many letters", claims=["CO-bn-bp-6", "CO-bn-bp-5", "CO-bn-bp-10"], level=2
)
c, b, u = symbols("c b u", real=True)
s = symbols("s", positive=True)


@ex.variant
def draw(v):
    return {"k": v.integer(2, 6)}


@ex.part(points=3, answer=Erratum("normalisation_graph_mended", (c, b, u, s)))
def mended(k):
    r"""In a batch normalisation the centred value $c$ is divided by $s$, scaled by {{ k }} and
    shifted by $b$; from above arrives $u$. The notes ask how the loss changes with $c$, while $s$
    is held fixed.
    """
    return Fault(
        lines=(
            f"D(u*({k}*c/s + b), c)",
            f"u*D({k}*c/s + b, c)",
            f"{k}*u*D(c/s, c)",
            f"-{k}*u*c/s^2",
        ),
        wrong=4,
        right=f"{k}*u/s",
        why="this is the derivative with respect to s: a letter was misread",
    )


@mended.hint
def held_fixed():
    "Which letter moves, and which ones are held fixed?"


@mended.hint
def linear():
    "Two lines may be about different questions: is the value linear in the letter that moves?"

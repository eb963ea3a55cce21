"""A misprint in the log-likelihood of a logistic regression."""

from sympy import symbols

from exercises.answers import Erratum, Fault
from exercises.core import Exercise

ex = Exercise("A likelihood made easy", claims=["CO-out-mle"], level=2)
y, z = symbols("y z", real=True)


@ex.variant
def draw(v):
    return {"k": v.integer(2, 5)}


@ex.part(points=3, answer=Erratum("label_likelihood_mended", (y, z)))
def mended(k):
    r"""A classifier says $\sigma({{ k }} z)$, the label is $y$. The notes turn the logarithm of the
    likelihood into something that is easy to differentiate.
    """
    p = f"sigma({k}*z)"
    return Fault(
        lines=(
            f"log({p}^y*(1 - {p})^(1 - y))",
            f"log({p}^y) + log((1 - {p})^(1 - y))",
            f"y*{p} + (1 - y)*(1 - {p})",
            f"(2*y - 1)*{p} + 1 - y",
        ),
        wrong=3,
        right=f"y*log({p}) + (1 - y)*log(1 - {p})",
        why="the exponents come down, and the logarithms stay",
    )


@mended.hint
def power():
    "What is the logarithm of a power?"


@mended.hint
def sign():
    "A logarithm of a probability is never positive. Which lines can be?"

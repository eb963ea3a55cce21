"""One entry of the softmax Jacobian, line by line."""

from sympy import Symbol

from exercises.answers import Chain, Derivation
from exercises.core import Exercise

ex = Exercise("p times (1 - p)", claims=["XU-67", "XU-68", "XU-72"], level=2)
z = Symbol("z", real=True)
c = Symbol("c", positive=True)


@ex.variant
def draw(v):
    return {"k": v.integer(2, 7)}


@ex.part(points=4, answer=Derivation("softmax_quotient_rule", (z, c)))
def chain(k):
    r"""In a softmax let $z$ be the logit of one class. The exponentials of all the others add up to
    a number $c$ that does not depend on $z$, so the class has probability
    $p = e^z / (e^z + c)$, and a loss that weighs it by {{ k }} has the term ${{ k }} p$. Show, step
    by step, that the derivative of this term is ${{ k }}$ times $p$ times what $p$ lacks to 1.
    """
    p = "exp(z)/(exp(z) + c)"
    return Chain(
        (
            f"D({k}*{p}, z)",
            f"{k}*(exp(z)*(exp(z) + c) - exp(z)*exp(z))/(exp(z) + c)^2",
            f"{k}*c*exp(z)/(exp(z) + c)^2",
            f"{k}*{p}*(1 - {p})",
        )
    )


@chain.hint
def quotient():
    "Numerator and denominator both depend on z: use the quotient rule."


@chain.hint
def two_fractions():
    "Split the square in the denominator between two fractions. What is one minus the first?"

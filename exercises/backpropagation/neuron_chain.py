"""The chain rule through one sigmoid neuron with a squared loss, line by line."""

from sympy import Symbol, symbols

from exercises.answers import Chain, Derivation
from exercises.core import Exercise

ex = Exercise(
    "One neuron, three links",
    claims=["XU-105", "SU-BP1", "SU-BP3"],
    level=2,
    prerequisites=["activations.sigmoid_derivative"],
)
w, b = symbols("w b", real=True)
y = Symbol("y", real=True)


@ex.variant
def draw(v):
    return {"x": v.integer(2, 6), "wanted": v.choice(("w", "b"))}


@ex.part(points=4, answer=Derivation("neuron_chain", (w, b, y)))
def chain(x, wanted):
    r"""A single neuron gets the input {{ x }} and answers $\sigma({{ x }} w + b)$. It should have
    answered $y$, and is charged $\frac12(\sigma({{ x }} w + b) - y)^2$. Derive the derivative of
    this loss with respect to ${{ wanted }}$, one link of the chain at a time.
    """
    z = f"{x}*w + b"
    inner = f"{x}*" if wanted == "w" else ""
    return Chain(
        (
            f"D((sigma({z}) - y)^2/2, {wanted})",
            f"(sigma({z}) - y)*D(sigma({z}), {wanted})",
            f"(sigma({z}) - y)*sigma({z})*(1 - sigma({z}))*D({z}, {wanted})",
            f"{inner}(sigma({z}) - y)*sigma({z})*(1 - sigma({z}))",
        )
    )


@chain.hint
def outermost_first():
    "Three functions are nested: a square, a sigmoid, a line. Differentiate from the outside in."


@chain.hint
def leave_the_rest():
    "You may leave an inner derivative standing as D(..., ...) while you work on the outer one."

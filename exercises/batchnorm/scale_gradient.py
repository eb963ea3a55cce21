"""The gradient of the learned scale and its place behind a square, line by line."""

from sympy import IndexedBase, Symbol

from exercises.answers import Chain, Derivation
from exercises.core import Exercise

ex = Exercise("What the scale learns", claims=["SU-3.22a", "SU-3.22-sum", "CO-bn-bp-4"], level=2)
h, y = IndexedBase("h"), IndexedBase("y")
c, b = Symbol("c", real=True), Symbol("b", real=True)
m = Symbol("m", integer=True, positive=True)


@ex.variant
def draw(v):
    return {"k": v.integer(2, 5)}


@ex.part(points=4, answer=Derivation("scale_gradient", (h, y, c, b, m)))
def chain(k):
    r"""A batch of $m$ examples was normalised to $h_1, \dots, h_m$ and leaves the layer as
    $c h_i + b$; here the scale is called $c$ and the shift $b$. A decoder wants to see $y_i$, and
    the loss is $\sum_{i=1}^m {{ k }} (c h_i + b - y_i)^2$. Show, step by step, how the loss changes
    with $c$. In text, $h_i$ is `h[i]` and a sum is `sum(..., i, 1, m)`.
    """
    error = "(c*h[i] + b - y[i])"
    return Chain(
        (
            f"D(sum({k}*{error}^2, i, 1, m), c)",
            f"sum(D({k}*{error}^2, c), i, 1, m)",
            f"sum({2 * k}*{error}*D({error}, c), i, 1, m)",
            f"{2 * k}*sum({error}*h[i], i, 1, m)",
        )
    )


@chain.hint
def sum_of_derivatives():
    "The derivative of a sum is the sum of the derivatives: move D inside."


@chain.hint
def shared_scale():
    "The scale occurs in every term; the normalised value is its factor there."

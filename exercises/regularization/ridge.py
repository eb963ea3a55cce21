"""Ridge regression with one weight: the gradient, line by line, and the minimum."""

from sympy import Symbol

from exercises.answers import Chain, Derivation, Expression
from exercises.core import Exercise

ex = Exercise("Ridge with a single weight", claims=["CO-l2-cost", "CO-l2-costgrad", "SU-2.27"])
w, y = Symbol("w", real=True), Symbol("y", real=True)
a = Symbol("a", positive=True)


@ex.variant
def draw(v):
    return {"x": v.integer(2, 6), "k": v.integer(2, 5)}


@ex.part(points=3, answer=Derivation("ridge_gradient", (w, y, a)))
def chain(x, k):
    r"""One example with input {{ x }} and target $y$ is fitted with a single weight $w$, and large
    weights cost extra: the loss is
    $\frac12 (y - {{ x }} w)^2 + \frac{ {{ k }} a}{2} w^2$. Derive its derivative with respect to
    $w$, and sort it by powers of $w$.
    """
    return Chain(
        (
            f"D((y - {x}*w)^2/2 + {k}*a*w^2/2, w)",
            f"(y - {x}*w)*D(y - {x}*w, w) + {k}*a*w",
            f"-{x}*(y - {x}*w) + {k}*a*w",
            f"({x * x} + {k}*a)*w - {x}*y",
        )
    )


@chain.hint
def two_terms():
    "Differentiate the two terms one after the other; the first one needs the chain rule."


@ex.part(points=2, answer=Expression("ridge_minimum", (y, a)))
def minimum(x, k):
    r"""Which $w$ makes the loss smallest? Give it as a formula in $y$ and $a$."""
    return x * y / (x**2 + k * a)


@minimum.mistake(credit=1, help="This is the best fit without the penalty.")
def unpenalised(x):
    return y / x


@minimum.mistake(credit=0, help="Solve once more: the penalty shrinks the weight.")
def grows(x, k):
    return x * y / (x**2 - k * a)


@minimum.hint
def zero_slope():
    "At the minimum the derivative is 0."

"""The derivative of the cross-entropy of one example, line by line."""

from sympy import Rational, Symbol, exp

from exercises.answers import Chain, Derivation, Number
from exercises.core import Exercise

ex = Exercise("Everything cancels", claims=["SU-2.11", "SU-2.15", "SU-2.16", "XU-27"], level=2)
z, y = Symbol("z", real=True), Symbol("y", real=True)


@ex.variant
def draw(v):
    return {"k": v.integer(2, 9), "tenths": v.choice((11, 12, 13, 14, 16, 17, 18, 19))}


@ex.part(points=4, answer=Derivation("everything_cancels", (z, y)))
def chain(k):
    r"""An example with score $z$ and target $y$ counts {{ k }}-fold. Differentiate its
    cross-entropy loss with respect to $z$, step by step: first the logarithms, then the sigmoids,
    then see what is left.
    """
    return Chain(
        (
            f"D(-{k}*y*log(sigma(z)) - {k}*(1 - y)*log(1 - sigma(z)), z)",
            f"-{k}*y*D(sigma(z), z)/sigma(z) + {k}*(1 - y)*D(sigma(z), z)/(1 - sigma(z))",
            f"-{k}*y*(1 - sigma(z)) + {k}*(1 - y)*sigma(z)",
            f"{k}*(sigma(z) - y)",
        )
    )


@chain.hint
def derivative_of_the_sigmoid():
    "The derivative of the sigmoid is a product of two factors. Each logarithm cancels one."


@chain.hint
def mixed_term():
    "Multiply out: one product comes up twice, with different signs."


@ex.part(points=2, answer=Number("compared_with_squares", digits=3))
def compared(tenths):
    r"""Take half the **squared** error $\frac12 (\sigma(z) - y)^2$ instead. For a hopeless example,
    $z = -{{ tenths / 10 }}$ and $y = 1$: how many times **smaller** is its derivative than that of
    the cross-entropy (both counted once)?
    """
    t = Rational(tenths, 10)
    return (1 + exp(-t)) * (1 + exp(t))


@compared.mistake(credit=1, help="Smaller by a factor above 1: turn it around.")
def inverted(tenths):
    t = Rational(tenths, 10)
    return 1 / ((1 + exp(-t)) * (1 + exp(t)))


@compared.mistake(credit=1, help="Of the sigmoid's derivative you have one factor only.")
def one_factor(tenths):
    return 1 + exp(Rational(tenths, 10))


@compared.hint
def what_remains():
    "The derivative of the sigmoid does not cancel here. How small is it?"

"""ELU on its bent side: slope, self-description, and fitting alpha."""

from sympy import Rational, Symbol, exp, latex

from exercises.answers import Expression, Number
from exercises.core import Exercise

ex = Exercise(
    "The gentle side of ELU",
    claims=["CO-elu-def", "SU-3.6-elu"],
    level=2,
    prerequisites=["activations.leaky_relu"],
)
x = Symbol("x", negative=True)
f = Symbol("f", real=True)


@ex.variant
def draw(v):
    a, k = v.integer(2, 5), v.integer(2, 5)
    value = Rational(v.integer(1, 4), v.choice((7, 11, 13)))
    return {"a": a, "k": k, "value": value, "shown": latex(value)}


@ex.part(points=2, answer=Expression("elu_slope", (x,)))
def slope(a):
    r"""ELU is $x$ for $x > 0$ and $\alpha (e^x - 1)$ elsewhere. Take $\alpha = {{ a }}$. Give the
    derivative for $x < 0$, as a formula in $x$.
    """
    return a * exp(x)


@slope.mistake(credit=0, help="Differentiate: a constant leaves no trace.")
def undifferentiated(a):
    return a * (exp(x) - 1)


@slope.mistake(credit=1, help="The factor in front stays when you differentiate.")
def lost_factor():
    return exp(x)


@slope.hint
def the_exponential():
    "Multiply out first. Which of the two terms depends on x?"


@ex.part(points=2, answer=Expression("elu_slope_from_value", (f,)))
def from_value(a):
    r"""A backward pass that has kept the output $f$ of this unit need not compute an exponential
    again. Still for $x < 0$ and $\alpha = {{ a }}$: write the derivative in terms of $f$ alone.
    """
    return f + a


@from_value.mistake(credit=1, help="Check it far to the left, where the slope dies out.")
def wrong_sign(a):
    return f - a


@from_value.mistake(credit=0, help="Solve for the exponential, and keep the factor in front.")
def scaled(a):
    return f / a + 1


@from_value.hint
def solve_for_it():
    "Both the value and the slope hold the same exponential. Eliminate it."


@ex.part(points=2, answer=Number("elu_alpha"))
def alpha(k, value):
    r"""Another unit answers $-{{ shown }}$ to the input $-\log {{ k }}$. What is its $\alpha$?
    Give it exactly.
    """
    return value * Rational(k, k - 1)


@alpha.mistake(credit=1, help="The exponential of a negative logarithm is a fraction.")
def upside_down(k, value):
    return -value / (k - 1)


@alpha.mistake(credit=0, help="Do not forget the 1 that is subtracted.")
def without_one(k, value):
    return -value * k


@alpha.hint
def undo_the_logarithm():
    "First turn the exponential of a logarithm into a plain number."

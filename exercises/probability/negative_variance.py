"""A derivation of the uniform variance that went wrong somewhere."""

from sympy import Rational, Symbol

from exercises.answers import Erratum, Fault, Number
from exercises.core import Exercise

ex = Exercise("A variance that cannot be", claims=["SU-1.12", "SU-1.13a", "SU-1.13c"], level=1)
b = Symbol("b", positive=True)

START = "int(x^2/b, x, 0, b) - (b/2)^2"
# The lines behind the start, the number of the wrong one, what it should be, and why.
SLIPS = (
    (
        ("b^2/3 - b^2/2", "(2*b^2 - 3*b^2)/6", "-b^2/6"),
        2,
        "b^2/3 - b^2/4",
        "The mean is squared as a whole, the 2 below the line, too.",
    ),
    (
        ("b^3/(3*b) - b^2/4", "b/3 - b^2/4", "(4*b - 3*b^2)/12", "b*(4 - 3*b)/12"),
        3,
        "b^2/3 - b^2/4",
        "Dividing by the length takes one power off the cube, not two.",
    ),
    (
        ("b^3/(3*b) - b^2/4", "b^2/3 - b^2/4", "(3*b^2 - 4*b^2)/12", "-b^2/12"),
        4,
        "(4*b^2 - 3*b^2)/12",
        "The two fractions were brought to a common denominator crosswise.",
    ),
    (
        ("b^3/(3*b) - b^2/4", "b^2/3 - b^2/4", "b^2/(3 - 4)", "-b^2"),
        4,
        "(4*b^2 - 3*b^2)/12",
        "A difference of fractions is not a fraction of a difference.",
    ),
)


@ex.variant
def draw(v):
    return {"slip": v.choice(SLIPS), "k": v.integer(4, 11, exclude=(6,))}


@ex.part(points=3, answer=Erratum("uniform_variance_mended", (b,)))
def mend(slip):
    r"""A train passes every $b$ minutes; you come without looking at the clock, so your wait $X$ is
    uniform on $[0, b]$. Somebody computes $\mathrm{Var}(X) = E(X^2) - E(X)^2$ with $E(X) = b/2$
    and gets what cannot be: look at its sign, at its size, or at its unit.
    """
    behind, wrong, right, why = slip
    return Fault((START, *behind), wrong, right, why)


@mend.hint
def one_at_a_time():
    "Every line should follow from the line before it, right or wrong. Test one with b = 1."


@ex.part(points=2, answer=Number("uniform_variance_value"))
def value(k):
    r"""Trains pass every {{ k }} minutes. What is the variance of your wait? Give it exactly."""
    return Rational(k * k, 12)


@value.mistake(credit=1, help="That is the mean of the square.")
def second_moment(k):
    return Rational(k * k, 3)


@value.mistake(credit=0, help="Squared minutes are asked for, so the length comes in squared.")
def not_squared(k):
    return Rational(k, 12)


@value.hint
def two_integrals():
    "Mend the derivation first, and put the number in at its end."

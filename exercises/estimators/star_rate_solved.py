"""The likeliest rate of a Poisson variable, solved for: equations, each equivalent to the last."""

from sympy import Rational, Symbol

from exercises.answers import Chain, Derivation
from exercises.core import Exercise

ex = Exercise("The rate that the stars suggest", claims=["SU-1.10"], level=2)
r = Symbol("r", positive=True)


@ex.variant
def draw(v):
    nights = v.integer(3, 9)
    return {"nights": nights, "stars": v.choice([k for k in range(20, 60) if k % nights])}


@ex.part(points=4, answer=Derivation("star_rate_solved", (r,)))
def chain(nights, stars):
    r"""In {{ nights }} nights you counted {{ stars }} shooting stars together; the number in each
    night is Poisson with rate $r$. Up to a constant, the logarithm of the likelihood is
    ${{ stars }} \log r - {{ nights }} r$. Where it is largest, its slope is 0: begin with this
    equation, and solve it for $r$, one equation a line, each equivalent to the one before.
    """
    return Chain(
        (
            f"D({stars}*log(r) - {nights}*r, r) = 0",
            f"{stars}/r - {nights} = 0",
            f"{stars}/r = {nights}",
            f"r = {Rational(stars, nights)}",
        ),
        arrow="<=>",
    )


@chain.hint
def slope():
    "Carry the derivative out first; what is a constant times the unknown worth?"


@chain.hint
def unknown_below():
    "The unknown stands below a line: multiply by it, which loses nothing, for it is positive."

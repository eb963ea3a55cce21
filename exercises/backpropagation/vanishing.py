"""How fast a gradient dies in a deep chain of sigmoids."""

from sympy import Rational, latex

from exercises.answers import Number
from exercises.core import Exercise

ex = Exercise(
    "The gradient that never arrived",
    claims=["XU-S4.5.3.p2", "XU-S4.5.3.p3", "SU-BP2.end", "XU-120"],
    level=2,
    prerequisites=["backpropagation.neuron_chain"],
)


@ex.variant
def draw(v):
    weight = v.choice((Rational(3, 2), Rational(2), Rational(5, 2), Rational(3)))
    return {"weight": weight, "shown": latex(weight), "depth": v.integer(4, 8)}


@ex.part(points=2, answer=Number("vanishing_factor"))
def factor(weight, depth):
    r"""A row of {{ depth }} sigmoid units: each multiplies what it gets by the weight ${{ shown
    }}$, applies the sigmoid and hands the result on. Give every unit the benefit of the doubt: it
    is at its steepest point. By which factor is a gradient multiplied on its way back, from the
    output of the last unit to the input of the first? Give it exactly.
    """
    return (weight / 4) ** depth


@factor.mistake(credit=1, help="The weights multiply the gradient, too.")
def slopes_alone(depth):
    return Rational(1, 4) ** depth


@factor.mistake(credit=0, help="A sigmoid is never as steep as a straight line of slope one half.")
def value_for_slope(weight, depth):
    return (weight / 2) ** depth


@factor.mistake(credit=1, help="Count again: every unit gives a slope, and every unit a weight.")
def one_short(weight, depth):
    return (weight / 4) ** (depth - 1)


@factor.hint
def per_unit():
    "What happens at one unit? The same happens at each."


@ex.part(points=2, answer=Number("vanishing_depth"))
def layers(weight):
    r"""How many such units in a row are needed, at least, to make the gradient **smaller than a
    thousandth** of what it was?
    """
    depth = 1
    while (weight / 4) ** depth >= Rational(1, 1000):
        depth += 1
    return depth


@layers.mistake(credit=1, help="Nearly: with one unit fewer it is not yet that small.")
def one_too_few(weight):
    return layers.reference({"weight": weight}) - 1


@layers.hint
def logarithms():
    "Try a few powers, or take logarithms and round to the safe side."

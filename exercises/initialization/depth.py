"""How a signal fares through many ReLU layers."""

from sympy import Rational, latex

from exercises.answers import Number
from exercises.core import Exercise

ex = Exercise(
    "Whisper down the lane",
    claims=["SU-3.40", "SU-3.40-fwd", "SU-3.39.end", "CO-xavier-relu", "CO-init-small"],
    level=2,
    prerequisites=["initialization.variance_through_layer"],
)


@ex.variant
def draw(v):
    units = v.choice((100, 200, 400))
    scale = v.choice((Rational(1, 2), Rational(3, 2), Rational(4, 5), Rational(5, 2)))
    variance = scale / units
    return {
        "units": units,
        "variance": variance,
        "shown": latex(variance),
        "depth": v.integer(4, 7),
    }


@ex.part(points=2, answer=Number("depth_factor"))
def factor(units, variance):
    r"""A deep network has {{ units }} ReLU units in every layer. The weights have mean 0 and
    variance ${{ shown }}$, the biases are 0. By which factor does the variance of the
    pre-activations change from one layer to the next? Give it exactly.
    """
    return units * variance / 2


@factor.mistake(credit=1, help="True without an activation; the ReLU in between costs something.")
def linear_units(units, variance):
    return units * variance


@factor.mistake(credit=0, help="One weight alone is not a layer: how many terms are added up?")
def one_weight(variance):
    return variance / 2


@factor.hint
def relu_in_between():
    "A symmetric signal loses half of its mean square in a ReLU; then many terms are added up."


@ex.part(points=2, answer=Number("depth_total", digits=3))
def total(units, variance, depth):
    r"""And from the first layer to the layer {{ depth }} steps further on?"""
    return (units * variance / 2) ** depth


@total.mistake(credit=1, help="Each step multiplies: the factors do not add up.")
def added(units, variance, depth):
    return depth * units * variance / 2


@total.mistake(credit=1, help="Take the ReLU into account at every step.")
def linear_units_again(units, variance, depth):
    return (units * variance) ** depth


@total.hint
def step_by_step():
    "Every step does the same to the variance."


@ex.part(points=1, answer=Number("depth_remedy"))
def remedy(units):
    r"""Which variance of the weights would keep the signal as loud as it was? Give it exactly."""
    return Rational(2, units)


@remedy.mistake(credit=0, help="Right for linear units, too small for these.")
def for_linear_units(units):
    return Rational(1, units)


@remedy.hint
def factor_one():
    "The factor from layer to layer should be 1."

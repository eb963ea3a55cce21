"""The first steps of Adam by hand, with and without bias correction."""

from sympy import Rational, sqrt

from exercises.answers import Number
from exercises.core import Exercise

ex = Exercise(
    "Adam's first steps",
    claims=["CO-adam", "CO-adam-nobias", "CO-adam-firststep", "CO-adam-vcorr"],
    level=3,
    prerequisites=["optimizers.momentum", "optimizers.rmsprop_steps"],
)
RATE = Rational(1, 10)


@ex.variant
def draw(v):
    first = v.sign() * v.integer(2, 6)
    b1 = v.choice((Rational(4, 5), Rational(9, 10)))
    return {
        "start": v.integer(1, 5),
        "first": first,
        # The second step is neither 0 nor as long as the first.
        "second": v.integer(1, 6, exclude=[abs(first), -b1 * first]),
        "b1": b1,
        "b2": v.choice((Rational(199, 200), Rational(999, 1000))),
    }


@ex.part(points=2, answer=Number("adam_first"))
def corrected(start, first):
    r"""Adam with learning rate $\frac{1}{10}$ starts at $\theta = {{ start }}$, with both of its
    means at 0. The first gradient is ${{ first }}$. Where is $\theta$ after one step **with** bias
    correction? Leave the tiny constant in the denominator out; the decays do not matter.
    """
    return start - RATE * (1 if first > 0 else -1)


@corrected.mistake(credit=0, help="Adam divides by a size of the gradient: what is left of it?")
def plain_descent(start, first):
    return start - RATE * first


@corrected.mistake(credit=1, help="The right length, but this climbs.")
def uphill(start, first):
    return start + RATE * (1 if first > 0 else -1)


@corrected.hint
def after_correction():
    "What are the two means after one step, once each has been divided by one minus its decay?"


@ex.part(points=2, answer=Number("adam_uncorrected_length", digits=3))
def uncorrected(b1, b2):
    r"""The decays are $\beta_1 = {{ b1 }}$ for the mean of the gradient and $\beta_2 = {{ b2 }}$
    for the mean of its square. Suppose that somebody forgets the bias correction. How many times
    **as long** is the first step then?
    """
    return (1 - b1) / sqrt(1 - b2)


@uncorrected.mistake(credit=1, help="The denominator of a step holds a root.")
def without_root(b1, b2):
    return (1 - b1) / (1 - b2)


@uncorrected.mistake(credit=0, help="The newest gradient enters with one minus the decay.")
def decays_themselves(b1, b2):
    return b1 / sqrt(b2)


@uncorrected.hint
def two_fractions():
    "Which fraction of the gradient is in one mean, and which fraction of its square in the other?"


@ex.part(points=3, answer=Number("adam_second", digits=4))
def second_step(first, second, b1, b2):
    r"""With bias correction again. The second gradient is ${{ second }}$. How long is the second
    step, that is $|\theta_2 - \theta_1|$?
    """
    mean = (b1 * (1 - b1) * first + (1 - b1) * second) / (1 - b1**2)
    square = (b2 * (1 - b2) * first**2 + (1 - b2) * second**2) / (1 - b2**2)
    return RATE * abs(mean) / sqrt(square)


@second_step.mistake(credit=1, help="At the second step the correction uses the decays squared.")
def first_correction_again(first, second, b1, b2):
    mean = b1 * first + second
    square = b2 * first**2 + second**2
    return RATE * abs(mean) / sqrt(square)


@second_step.mistake(credit=1, help="The means still carry the bias of their start at zero.")
def no_correction(first, second, b1, b2):
    mean = b1 * (1 - b1) * first + (1 - b1) * second
    square = b2 * (1 - b2) * first**2 + (1 - b2) * second**2
    return RATE * abs(mean) / sqrt(square)


@second_step.hint
def fresh_means():
    "Update both means first; correct copies of them afterwards."

"""How the notes write the activation functions, and what they say beyond formulas."""

from sympy import Max, exp, log

from derivations.claims import definition, not_checkable
from derivations.functions import relu, sigmoid, softplus
from derivations.symbols import real


def sinh_over_cosh(x):
    """The quotient that the notes call tanh."""
    return (exp(x) - exp(-x)) / (exp(x) + exp(-x))


def half_tanh(x):
    """(1 - e^-x) / (1 + e^-x), which the course prints as tanh(x); it is tanh(x/2)."""
    return (1 - exp(-x)) / (1 + exp(-x))


@definition("CO-sigmoid-def", "XU-91", "XU-90")
def sigma():
    """The logistic function, applied elementwise to a vector."""
    x = real("x")
    return sigmoid(x), 1 / (1 + exp(-x))


@definition("CO-relu-def", "XU-139", "XU-140")
def rectifier():
    """The larger of 0 and x, applied elementwise to an array."""
    x = real("x")
    return relu(x), Max(0, x)


@definition("CO-softplus-def")
def smooth_rectifier():
    """The logarithm of 1 + e^x."""
    x = real("x")
    return softplus(x), log(1 + exp(x))


not_checkable(
    {
        "CH-2.3": "a list of names; the formulas are checked where the notes print them",
        "CO-elu-cost": "a judgement of cost without a measure",
        "SU-3.6-nand": "'fit any linear function' is not made precise",
        "SU-3.6-nonlin": "'many problems' and 'necessary' are not made precise",
        "SU-3.6-relu11": "history of the literature",
        "SU-3.6-elu": "names of variants without formulas",
        "SU-3.6-weak": "a judgement about depth and fit without a statement to test",
        "SU-3.6-sol": "advice on training",
        "SU-3.6-bio": "a statement of biology",
        "XU-S2.3.3.p1": "announces a figure; the figure shows b = 3 and b = -3 instead of 1 and -1",
        "XU-S2.4.p2": "advice on the choice of labels",
        "XU-S4.p0": "rhetoric on the word activation",
        "XU-139.p2": "a comparison of training behaviour without a statement to test",
        "XU-139.p3": "a remark on implementation",
        "XU-139.p4": "a reported speed without its setting",
    }
)

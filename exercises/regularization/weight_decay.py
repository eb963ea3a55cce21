"""One step with an L2 and one with an L1 penalty, by hand."""

import numpy as np
from sympy import Rational, latex

from exercises.answers import Array
from exercises.core import Exercise
from impl.regularization import prox_l1, weight_decay_step

ex = Exercise(
    "Two ways to shrink",
    claims=["CO-l2-update", "CO-l2-costgrad", "CO-l1-sparse", "CO-l1-slope", "SU-2.29-sparse"],
    level=2,
)
RATE = Rational(1, 10)


@ex.variant
def draw(v):
    alpha = v.integer(2, 5)
    small = v.sign() * Rational(v.integer(1, alpha - 1), 20)
    weights = (v.integer(2, 5), -v.integer(2, 5), small)
    slopes = (v.integer(1, 4), -v.integer(1, 4), Rational(0))
    return {
        "weights": weights,
        "slopes": slopes,
        "alpha": alpha,
        "weights_tex": ", ".join(latex(w) for w in weights),
        "slopes_tex": ", ".join(latex(s) for s in slopes),
    }


def _floats(numbers):
    return np.array([float(k) for k in numbers])


@ex.part(points=2, answer=Array("weight_decay_step"))
def decay(weights, slopes, alpha):
    r"""The weights are $w = ({{ weights_tex }})$, the gradient of the loss there is
    $({{ slopes_tex }})$, and the learning rate is $\frac{1}{10}$. The penalty
    $\frac{\alpha}{2} \sum_i w_i^2$ with $\alpha = {{ alpha }}$ is added to the loss. Take one step
    of gradient descent.
    """
    return weight_decay_step(_floats(weights), _floats(slopes), float(RATE), alpha)


@decay.mistake(credit=1, help="Differentiate the penalty: the half cancels something.")
def decayed_twice(weights, slopes, alpha):
    return weight_decay_step(_floats(weights), _floats(slopes), float(RATE), 2 * alpha)


@decay.mistake(credit=1, help="The penalty acts on every weight, also where the loss is flat.")
def no_penalty(weights, slopes):
    return _floats(weights) - float(RATE) * _floats(slopes)


@decay.hint
def shrink_then_step():
    "The penalty multiplies each weight by the same factor, a little below 1."


@ex.part(points=3, answer=Array("proximal_step"))
def proximal(weights, slopes, alpha):
    r"""Instead of that penalty take $\alpha \sum_i |w_i|$ with the same $\alpha$. It has a corner
    at 0, so step as follows: first descend on the loss **alone**, then move every weight towards 0
    by the learning rate times $\alpha$, and let it stop there if it arrives.
    """
    moved = _floats(weights) - float(RATE) * _floats(slopes)
    return prox_l1(moved, float(RATE) * alpha)


@proximal.mistake(credit=2, help="A weight that arrives at zero stays; it does not walk through.")
def through_zero(weights, slopes, alpha):
    moved = _floats(weights) - float(RATE) * _floats(slopes)
    return moved - float(RATE) * alpha * np.sign(moved)


@proximal.mistake(credit=1, help="Towards zero means upwards for a negative weight.")
def always_down(weights, slopes, alpha):
    return _floats(weights) - float(RATE) * (_floats(slopes) + alpha)


@proximal.hint
def three_cases():
    "Look at each weight after the first half of the step: how far from 0 is it?"

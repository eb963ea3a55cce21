"""Optimizers: each step changes the parameters in place, given the gradients.

`step(parameters, gradients)` takes two lists of arrays of equal shapes, always in the same order,
for what an optimizer remembers belongs to a place in the list. A learning rate is a number or a
schedule, a function of the step's number. The names are the course's: epsilon the learning rate,
alpha and beta the decays, gamma what is added to a root.
"""

from impl.optimizers.adam import Adam
from impl.optimizers.base import Optimizer, descend
from impl.optimizers.clipping import clip_by_norm, clip_by_value
from impl.optimizers.first_order import SGD, AdaGrad, Momentum, Nesterov, RMSProp, RMSPropMomentum
from impl.optimizers.newton import Newton
from impl.optimizers.schedules import (
    cosine_decay,
    exponential_decay,
    inverse_time_decay,
    step_decay,
    warmup,
)

__all__ = [
    "SGD",
    "AdaGrad",
    "Adam",
    "Momentum",
    "Nesterov",
    "Newton",
    "Optimizer",
    "RMSProp",
    "RMSPropMomentum",
    "clip_by_norm",
    "clip_by_value",
    "cosine_decay",
    "descend",
    "exponential_decay",
    "inverse_time_decay",
    "step_decay",
    "warmup",
]

"""Learning rates over time: each schedule is a function of the step's number, from 0."""

from __future__ import annotations

import math
from collections.abc import Callable

Schedule = Callable[[int], float]


def step_decay(rate: float, factor: float, every: int) -> Schedule:
    """The rate times factor^k after k times `every` steps.

    Raises:
        ValueError: rate or factor is not positive, or every is below 1.
    """
    _positive("step_decay", rate=rate, factor=factor, every=every)
    return lambda t: float(rate * factor ** (t // every))


def exponential_decay(rate: float, factor: float) -> Schedule:
    """rate * factor^t.

    Raises:
        ValueError: rate or factor is not positive.
    """
    _positive("exponential_decay", rate=rate, factor=factor)
    return lambda t: float(rate * factor**t)


def inverse_time_decay(rate: float, decay: float) -> Schedule:
    """rate / (1 + decay t): its sum diverges and its squares' converges (Robbins and Monro, 1951).

    Raises:
        ValueError: rate or decay is not positive.
    """
    _positive("inverse_time_decay", rate=rate, decay=decay)
    return lambda t: rate / (1 + decay * t)


def cosine_decay(rate: float, steps: int, least: float = 0.0) -> Schedule:
    """Half a cosine from the rate down to `least` over so many steps, and `least` from then on.

    Raises:
        ValueError: rate or steps is not positive.
    """
    _positive("cosine_decay", rate=rate, steps=steps)
    return lambda t: least + (rate - least) * (1 + math.cos(math.pi * min(t / steps, 1))) / 2


def warmup(schedule: Schedule, steps: int) -> Schedule:
    """Another schedule whose first `steps` rates rise in equal parts: 1/steps, 2/steps, ..., all.

    Raises:
        ValueError: steps is below 1.
    """
    _positive("warmup", steps=steps)
    return lambda t: schedule(t) * min((t + 1) / steps, 1)


def _positive(where: str, **numbers: float) -> None:
    for name, number in numbers.items():
        if not number > 0:
            raise ValueError(f"{where}: {name} must be positive; got {number}")

"""What a timed case is: our call, the libraries' calls on the same data, and how far they agree."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

CASES: dict[str, "Case"] = {}
TOLERANCES = [10.0**-k for k in range(1, 9)]
SAME = 1e-6  # objectives within this share of each other are the same


@dataclass(frozen=True)
class Sides:
    """One problem, and who solves it.

    Attributes:
        ours: what is timed of us.
        libraries: for each way a user would do it, a function that imports, prepares and returns
            what is timed. A missing library raises ImportError.
        distance: between our result and a library's; None when nothing is to be compared.
        within: the largest distance at which the results count as the same.
    """

    ours: Callable[[], Any]
    libraries: Mapping[str, Callable[[], Callable[[], Any]]]
    distance: Callable[[Any, Any], float] | None = None
    within: float = 1e-6


@dataclass(frozen=True)
class Case:
    title: str
    sides: Callable[[np.dtype], Sides]
    dtypes: tuple[str, ...]
    threads: tuple[int, ...]
    kernels: str = ""


def case(
    title: str,
    dtypes: tuple[str, ...] = ("float64",),
    threads: tuple[int, ...] = (1, 2),
    kernels: str = "",
) -> Callable[[Callable[[np.dtype], Sides]], Callable[[np.dtype], Sides]]:
    """Declare a case; the function draws the data and returns both sides.

    Args:
        title: what the table says.
        dtypes: of the data.
        threads: how many to run with.
        kernels: a module of `impl._kernels`. Little work does not load compiled kernels but uses
            them when something else has. With this the case is timed twice: as a fresh process
            does it, and with the kernels loaded.
    """

    def declare(sides):
        CASES[sides.__name__] = Case(title, sides, dtypes, threads)
        if kernels:
            loaded = Case(f"{title}, kernels loaded", sides, dtypes, threads, kernels)
            CASES[f"{sides.__name__}_loaded"] = loaded
        return sides

    return declare


def thread_count() -> int:
    """How many threads this process may use."""
    return int(os.environ.get("OMP_NUM_THREADS", "1"))


def torch_here():
    import torch

    torch.set_num_threads(thread_count())
    return torch


def relative(a: Any, b: Any) -> float:
    """The largest difference of two arrays, as a share of the largest value."""
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    return float(np.abs(a - b).max() / max(float(np.abs(b).max()), 1e-300))


def relative_each(ours: Any, theirs: Any) -> float:
    """The same, for results of several arrays."""
    return max(relative(a, b) for a, b in zip(ours, theirs, strict=True))


def to_same_objective(
    ours: Callable[[float], Any],
    libraries: Mapping[str, Callable[[], Callable[[float], Any]]],
    objective: Callable[[Any], float],
) -> Sides:
    """Sides that stop at the same objective.

    Libraries mean different things by a tolerance. Each side gets its loosest tolerance with which
    it comes within `SAME` of the best value that any side finds with the tightest one.

    Args:
        ours: from a tolerance to a fitted model.
        libraries: for each, a function that imports and returns such a function.
        objective: of a fitted model of any side.
    """
    fits = {None: ours}
    missing = {}
    for name, prepare in libraries.items():
        try:
            fits[name] = prepare()
        except ImportError:
            missing[name] = prepare
    best = min(objective(fit(TOLERANCES[-1])) for fit in fits.values())
    goal = best + SAME * abs(best)

    def timed(name):
        tol = next(
            (tol for tol in TOLERANCES[:-1] if objective(fits[name](tol)) <= goal), TOLERANCES[-1]
        )
        return lambda: fits[name](tol)

    ready = {name: partial(timed, name) for name in fits if name is not None}
    return Sides(
        timed(None),
        {**missing, **ready},
        lambda a, b: max(objective(a) - best, objective(b) - best) / abs(best),
        2 * SAME,
    )

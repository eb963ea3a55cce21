"""When the compiled loops of a family are worth loading."""

from __future__ import annotations

import sys
import threading
from importlib import import_module
from types import ModuleType

import numpy as np

from impl.core import Array, compiled, has_numba

# Loading takes about as long as NumPy needs for so much work in small pieces. Who loads when the
# work done without has reached the price never pays more than twice what was needed.
PRICE = 1e8

# Half precision, extended precision and the other byte order stay with NumPy.
_COMPILED = {np.dtype(np.float32), np.dtype(np.float64)}

_done: dict[str, float] = {}
_lock = threading.Lock()


def kernels(family: str, work: float, *arrays: Array) -> ModuleType | None:
    """The compiled loops of a family, or nothing when NumPy alone should do the work.

    They are used when they are loaded already, for then even little work is worth it; when this
    call alone is worth loading them (`impl.core.compiled`); and when the calls of this process
    together are, so that a loop of many small problems does not stay with NumPy for ever.

    Args:
        family: the module's name in `impl._kernels`.
        work: the floating-point operations at hand.
        arrays: of floats whose type the caller has not fixed; nothing when the compiled loops do
            not know one of them.
    """
    if not all(array.dtype in _COMPILED for array in arrays):
        return None
    name = f"impl._kernels.{family}"
    if name in sys.modules or compiled(work):
        return import_module(name)
    with _lock:
        _done[family] = _done.get(family, 0.0) + work
        due = _done[family] >= PRICE
    return import_module(name) if due and has_numba() else None

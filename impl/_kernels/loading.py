"""When the compiled loops of a family are worth loading."""

from __future__ import annotations

import sys
import threading
from importlib import import_module
from types import ModuleType

from impl.core import compiled, has_numba

# Loading takes about as long as NumPy needs for so much work in small pieces. Who loads when the
# work done without has reached the price never pays more than twice what was needed.
PRICE = 1e8

_done: dict[str, float] = {}
_lock = threading.Lock()


def kernels(family: str, work: float) -> ModuleType | None:
    """The compiled loops of a family, or nothing when NumPy alone should do the work.

    They are used when they are loaded already, for then even little work is worth it; when this
    call alone is worth loading them (`impl.core.compiled`); and when the calls of this process
    together are, so that a loop of many small problems does not stay with NumPy for ever.

    Args:
        family: the module's name in `impl._kernels`.
        work: the floating-point operations at hand.
    """
    name = f"impl._kernels.{family}"
    if name in sys.modules or compiled(work):
        return import_module(name)
    with _lock:
        _done[family] = _done.get(family, 0.0) + work
        due = _done[family] >= PRICE
    return import_module(name) if due and has_numba() else None

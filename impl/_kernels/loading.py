"""When the compiled loops of a family are worth loading."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType

from impl.core import compiled


def kernels(family: str, work: float) -> ModuleType | None:
    """The compiled loops of a family, or nothing when NumPy alone should do the work.

    Args:
        family: the module's name in `impl._kernels`.
        work: the floating-point operations at hand. What is loaded already costs nothing, so
            then even little work is worth it.
    """
    name = f"impl._kernels.{family}"
    if name in sys.modules or compiled(work):
        return import_module(name)
    return None

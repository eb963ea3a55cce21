"""The equality kernel, and every claim of the notes as a symbolic derivation.

The public names load on first use, so that `import derivations` costs nothing.
"""

from importlib import import_module
from typing import Any

_HOMES = {
    "derivations.kernel": ("decide", "Verdict", "Witness"),
    "derivations.kernel.diagnosis": ("diagnose",),
    "derivations.kernel.implications": ("compare", "follows"),
    "derivations.kernel.optimality": ("stationary", "extremum", "multipliers"),
    "derivations.claims": ("claim", "run", "definition", "not_checkable"),
    "derivations.steps": (
        *("start", "eq", "le", "ge", "lt", "gt", "implies", "via", "misprint", "rounds"),
    ),
    "derivations.symbols": (
        *("real", "positive", "negative", "nonnegative", "nonpositive", "integer", "natural"),
    ),
    "derivations.functions": ("D", "sigmoid", "softplus", "relu"),
    "derivations.parse": (
        "parse_expression",
        "parse_chain",
        "parse_equations",
        "parse_array",
        "ParseError",
    ),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = sorted(_HOME_OF)


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'derivations' has no attribute {name!r}")
    return getattr(import_module(_HOME_OF[name]), name)


def __dir__() -> list[str]:
    return sorted(_HOME_OF)

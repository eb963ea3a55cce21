"""The words of formulas: functions, what binds a variable, constants, and what is nearly one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any

import sympy as sp

from derivations import functions


def _log(x: Any, base: Any = None) -> Any:
    return sp.log(x) if base is None else sp.log(x) / sp.log(base)


_ALIKE = """
exp sin cos tan cot sec csc sinh cosh tanh coth sech csch asin acos atan acot asinh acosh atanh
"""
_ALSO = {
    **{f"arc{name}": f"a{name}" for name in ("sin", "cos", "tan", "cot")},
    **{f"ar{name}": f"a{name}" for name in ("sinh", "cosh", "tanh")},
    "ln": "log",
    "sigma": "sigmoid",
    "logistic": "sigmoid",
    "ReLU": "relu",
    "sgn": "sign",
    "Gamma": "gamma",
    "choose": "binomial",
    "comb": "binomial",
    "kronecker": "delta",
}
_ONE_NAME: Mapping[str, tuple[Callable[..., Any], int, int]] = {
    **{name: (getattr(sp, name), 1, 1) for name in _ALIKE.split()},
    "log": (_log, 1, 2),
    "log2": (lambda x: sp.log(x) / sp.log(2), 1, 1),
    "log10": (lambda x: sp.log(x) / sp.log(10), 1, 1),
    "sqrt": (sp.sqrt, 1, 1),
    "sigmoid": (functions.sigmoid, 1, 1),
    "softplus": (functions.softplus, 1, 1),
    "relu": (functions.relu, 1, 1),
    "abs": (sp.Abs, 1, 1),
    "sign": (sp.sign, 1, 1),
    "max": (sp.Max, 1, 12),
    "min": (sp.Min, 1, 12),
    "floor": (sp.floor, 1, 1),
    "ceil": (sp.ceiling, 1, 1),
    "gamma": (sp.gamma, 1, 1),
    "beta": (sp.beta, 2, 2),
    "factorial": (sp.factorial, 1, 1),
    "binomial": (sp.binomial, 2, 2),
    "erf": (sp.erf, 1, 1),
    "delta": (sp.KroneckerDelta, 2, 2),
}
# Each function with the fewest and the most arguments that it takes.
FUNCTIONS = {**_ONE_NAME, **{also: _ONE_NAME[name] for also, name in _ALSO.items()}}
# The forms whose second argument is a variable of their own.
BINDERS = {
    **dict.fromkeys(("D", "diff", "derivative"), "derivative"),
    "sum": "sum",
    **dict.fromkeys(("prod", "product"), "product"),
    **dict.fromkeys(("int", "integral", "integrate"), "integral"),
}
CALLABLE = (*FUNCTIONS, *BINDERS)
# What a real argument of a function must satisfy for a real value.
DOMAINS: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("log", "ln", "log2", "log10"), lambda x: x > 0),
    "sqrt": lambda x: x >= 0,
}
# What has an own sign in books, and is written out here.
WRITTEN_OUT = {
    "softmax": "write its entry out, exp(z_i) divided by the sum of all exp(z_j)",
    **dict.fromkeys(("argmax", "argmin"), "write the condition that the best value meets"),
    "Pr": "a probability is written with the names of the question",
    **dict.fromkeys(("tr", "det", "diag"), "write it with the entries"),
}
CONSTANTS = {"e": sp.E, "pi": sp.pi}


def unknown(name: str, names: Mapping[str, Any]) -> str:
    """What is said of a name that is none of the question's, nor a word.

    Args:
        name: the name.
        names: what the question calls by name.
    """
    if name in WRITTEN_OUT:
        return f"{name} is not known here; {WRITTEN_OUT[name]}"
    if (joined := _product(name, names)) is not None:
        return f"{name} is not known here; did you mean {joined}?"
    if name == "d":
        return "d is not known here; write derivatives as D(f, x)"
    known = [n for n in names if not n.startswith("_")]
    close = get_close_matches(name, [*known, *CALLABLE, *CONSTANTS], n=1, cutoff=0.6)
    listed = f"this question uses {', '.join(sorted(known)) or 'no variables'}"
    if close:
        return f"{name} is not known here; did you mean {close[0]}? {listed}"
    return f"{name} is not known here; {listed}"


def _product(name: str, names: Mapping[str, Any]) -> str | None:
    """`ax` as `a*x`, and `EX` as `E(X)`, when both are known."""
    applied = {*(n for n, value in names.items() if callable(value)), *CALLABLE}
    known = {*names, *CONSTANTS} - applied
    if 1 < len(name) <= 4 and all(letter in known for letter in name):
        return "*".join(name)
    for cut in range(1, len(name)):
        first, last = name[:cut], name[cut:]
        if first in known and (last in known or last in applied):
            return f"{first}*{last}{'(...)' * (last in applied)}"
        if first in names and first in applied and last in known:
            return f"{first}({last})"
    return None

"""E, Var and Cov: words of formulas where the question has random variables, and there alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_HOME = "derivations.random"


def random_variables(names: Mapping[str, Any]) -> list[str]:
    """What the question calls its random variables, and its families of them."""
    # The class is known by its home, so that other questions load nothing of it.
    return [n for n, s in names.items() if type(getattr(s, "label", s)).__module__ == _HOME]


def operators(names: Mapping[str, Any]) -> dict[str, Any]:
    """The operators on random variables, by name; none without random variables.

    What the question itself calls E (an error, an energy) stays what it is.
    """
    if not random_variables(names):
        return {}
    from derivations.random import Cov, E, Var

    found = {"E": E, "Var": Var, "Cov": Cov}
    return {name: found[name] for name in found if name not in names}

"""Rung 1: the same tree, after SymPy's canonical ordering."""

from typing import Any


def same(lhs: Any, rhs: Any) -> bool:
    """Whether both sides are one tree."""
    return bool(lhs == rhs)

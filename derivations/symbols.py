"""Makers of symbols that carry their assumptions, as the notes introduce them."""

from typing import Any

import sympy as sp


def real(names: str) -> Any:
    """Real numbers, one symbol for each name: "x y" gives two."""
    return sp.symbols(names, real=True)


def positive(names: str) -> Any:
    """Real numbers above zero."""
    return sp.symbols(names, positive=True)


def integer(names: str) -> Any:
    """Integers of any sign."""
    return sp.symbols(names, integer=True)


def natural(names: str) -> Any:
    """Integers from one: sizes and upper limits of sums."""
    return sp.symbols(names, integer=True, positive=True)


def negative(names: str) -> Any:
    """Real numbers below zero."""
    return sp.symbols(names, negative=True)


def nonnegative(names: str) -> Any:
    """Real numbers from zero up."""
    return sp.symbols(names, nonnegative=True)


def nonpositive(names: str) -> Any:
    """Real numbers from zero down."""
    return sp.symbols(names, nonpositive=True)

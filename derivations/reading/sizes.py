"""How large an expression is, or would become: asked before SymPy builds it."""

from __future__ import annotations

from typing import Any

import sympy as sp

MAX_SIZE = 3_000  # parts of what one substitution or one product of matrices makes
MAX_DEFINED = 300  # parts of what a name of one's own stands for
MAX_USED = 20_000  # parts of all uses of such names in one text


def size(expression: Any, most: int = MAX_USED) -> int:
    """The number of parts of an expression, or a little over `most` if it has more."""
    counted = 0
    for counted, _ in enumerate(sp.preorder_traversal(expression), start=1):
        if counted > most:
            break
    return counted


def size_with(expression: Any, symbol: Any, value: Any) -> int:
    """The number of parts once a value stands for each occurrence of a symbol."""
    places, counted = 0, 0
    for counted, part in enumerate(sp.preorder_traversal(expression), start=1):
        places += part == symbol
        if counted > MAX_SIZE:
            return counted
    return counted + places * size(value, MAX_SIZE)

"""Which one small change turns a wrong line into a right one: a sign or a factor."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import sympy as sp

from derivations import decide

SECONDS = 0.3
FACTORS = (2, sp.Rational(1, 2), 3, sp.Rational(1, 3), 4, sp.Rational(1, 4))


def diagnose(before: Any, line: Any, seconds: float = SECONDS) -> str:
    """The slip that one line probably is, in words, or nothing.

    Args:
        before: the line before, which is right.
        line: the line that does not follow.
        seconds: the time after which the search gives up.
    """
    until = time.perf_counter() + seconds
    for repaired, said in _repairs(line):
        left = until - time.perf_counter()
        if left <= 0:
            return ""
        if decide(before, repaired, budget=min(left, 0.1)).proved:
            return said
    return ""


def _repairs(line: Any) -> Iterator[tuple[Any, str]]:
    yield -line, "a sign: the whole line should have the other sign"
    for node in _nodes(line):
        if isinstance(node, sp.Add):
            for term in node.args:
                swapped = node - 2 * term
                if swapped != node:
                    said = f"a sign: the term {term} in {node} should have the other sign"
                    yield line.xreplace({node: swapped}), said
        elif isinstance(node, sp.exp):
            said = f"a sign: the exponent of {node} should have the other sign"
            yield line.xreplace({node: sp.exp(-node.args[0])}), said
        elif isinstance(node, sp.Pow) and node.exp.is_Integer:
            for change in (1, -1):
                power = node.exp + change
                said = f"a power: ({node.base}) should have the exponent {power}, not {node.exp}"
                yield line.xreplace({node: node.base**power}), said
    for factor in FACTORS:
        yield factor * line, f"a factor: the line should be {factor} times what it is"


def _nodes(line: Any) -> Iterator[Any]:
    seen = set()
    for node in sp.preorder_traversal(line):
        if node not in seen and node.args:
            seen.add(node)
            yield node

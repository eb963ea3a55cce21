"""How far a line of a derivation has come: what it has of the lines that the model goes through.

Formulas are compared by their build, without numbers and signs: a line with a slip in it has come
as far as the line without it.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

import sympy as sp

from grader.kinds.padding import bare, undressed

Build: TypeAlias = Hashable
KINSHIP = 0.3  # of the parts that two lines have, those in common, where one comes from the other
_UNDONE = (sp.Derivative, sp.Integral, sp.Sum, sp.Product)


@lru_cache(maxsize=4096)
def build(expression: Any) -> Build:
    """What a formula is made of and how, whatever its numbers and signs; exponents are kept."""
    if expression.is_Number:
        return None
    if not expression.args or isinstance(expression, sp.Indexed):
        return str(expression)
    if isinstance(expression, sp.Pow):
        base, power = expression.args
        return ("Pow", build(base), str(power) if power.is_Number else build(power))
    parts = [build(part) for part in expression.args]
    if isinstance(expression, sp.Mul):
        parts = [part for part in parts if part is not None]
        if len(parts) == 1:
            return parts[0]
    if isinstance(expression, sp.Add | sp.Mul):
        return (expression.func.__name__, frozenset(parts))
    if isinstance(expression, sp.Rel):
        return ("Rel", frozenset(parts))
    return (expression.func.__name__, *parts)


@lru_cache(maxsize=1024)
def parts_of(expression: Any) -> frozenset[Build]:
    """The builds of all that a formula is made of, without single symbols."""
    found = {build(node) for node in sp.preorder_traversal(expression) if node.args}
    return frozenset(part for part in found if isinstance(part, tuple))


@lru_cache(maxsize=1024)
def undone(expression: Any) -> int:
    """How many derivatives, integrals, sums and products are left to work out."""
    return sum(isinstance(node, _UNDONE) for node in sp.preorder_traversal(expression))


class Progress:
    """How far the lines of one derivation have come.

    Args:
        model: the expressions of the reference, from the start to the end.
        strict: whether the last step only multiplies out, collects or renames.
    """

    def __init__(self, model: Sequence[Any], *, strict: bool) -> None:
        self._model = [(build(line), parts_of(line)) for line in model]
        self._plain = undressed if strict else bare
        self._end = build(self._plain(model[-1]))
        self._left = undone(model[0])
        self._met = set(self._model[0][1])
        self._builds = {build(self._plain(model[0])), self._end}
        self._furthest = 0

    def is_like_the_end(self, line: Any) -> bool:
        """Whether a line differs from the end in signs and numbers at most."""
        between = {built for built, _ in self._model[:-1]}
        return build(self._plain(line)) == self._end and build(line) not in between

    def is_new(self, line: Any) -> bool:
        """Whether a line differs in more than signs and numbers from those noted, and the end."""
        return build(self._plain(line)) not in self._builds

    def is_alike(self, line: Any, before: Any) -> bool:
        """Whether a line is the line before, or one of the model's, but for numbers."""
        return build(line) in {build(before), *(built for built, _ in self._model)}

    def is_kin(self, line: Any, before: Any) -> bool:
        """Whether a line that is wrong comes from the line before, or from one of the model's."""
        if self.is_alike(line, before):
            return True
        mine = parts_of(line)
        others = [parts_of(before), *(parts for _, parts in self._model)]
        return any(len(mine & other) > KINSHIP * len(mine | other) for other in others)

    def is_nearer(self, line: Any) -> bool:
        """Whether a line has come nearer to the end than all lines before it, and note it.

        It has when it is a later line of the model's, has a part of one that was not there before,
        or has less left to work out.
        """
        built, parts, left = build(line), parts_of(line), undone(line)
        reached = [k for k, (other, _) in enumerate(self._model) if other == built]
        ahead = self._ahead()
        nearer = (
            any(k > self._furthest for k in reached)
            or bool((parts & ahead) - self._met)
            or left < self._left
        )
        self._furthest = max([self._furthest, *reached])
        self._left = min(self._left, left)
        self._met |= parts
        self._builds.add(build(self._plain(line)))
        return nearer

    def gains(self, line: Any) -> bool:
        """Whether a line has a part of a later line of the model's that was not there before."""
        return bool((parts_of(line) & self._ahead()) - self._met)

    def _ahead(self) -> frozenset[Build]:
        return frozenset().union(*(parts for _, parts in self._model[self._furthest + 1 :]))

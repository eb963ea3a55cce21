r"""`\text{for } x > 0` behind a line: left out where the question assumes it anyway."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import sympy as sp

from derivations.reading.grammar import Reader
from derivations.reading.tokens import ParseError, Token

if TYPE_CHECKING:
    from derivations.reading.meaning import Meaning

MAKES = {"=": sp.Eq, "<=": sp.Le, ">=": sp.Ge, "<": sp.Lt, ">": sp.Gt, "!=": sp.Ne}


def pass_over(reader: Reader, meaning: Meaning, given: Sequence[Any] = ()) -> None:
    """Go past the condition that comes next, if one does.

    A line is marked for all values that the question allows. One that is claimed for some of them
    only would be judged for more than it says, so it is not read.

    Args:
        reader: stands behind the formula.
        meaning: what the formula's names are.
        given: relations that hold throughout.

    Raises:
        ParseError: the condition does not follow from what the question assumes of its symbols.
    """
    opening = reader.peek()
    if opening.kind != "condition":
        return
    reader.take()
    # The words in between join conditions, "and"; nothing else does.
    while True:
        _one(reader, meaning, opening, given)
        while reader.is_next(",", ".", ";"):
            reader.take()
        if reader.peek().kind in ("newline", "end"):
            return


def relations(reader: Reader, meaning: Meaning) -> tuple[Any, ...]:
    """The relations of `0 < x < 1`, none for a formula alone.

    Raises:
        ParseError: a side is no formula.
    """
    sides, signs = [meaning.of(reader.formula())], []
    while reader.is_next(*MAKES):
        signs.append(reader.take().value)
        sides.append(meaning.of(reader.formula()))
    return tuple(MAKES[sign](*pair) for sign, pair in zip(signs, pairwise(sides), strict=True))


def _one(reader: Reader, meaning: Meaning, opening: Token, given: Sequence[Any]) -> None:
    try:
        reader.depth = 0
        kept = list(meaning.needs)
        place = reader.place
        found = relations(reader, meaning)
        meaning.needs = kept
        known = {sp.true, *(r.canonical for r in given if isinstance(r, sp.Rel))}
        holds = all(getattr(relation, "canonical", relation) in known for relation in found)
        if not found:
            holds = _any_number(reader, meaning, reader.tokens[place])
    except ParseError as error:
        said = "this condition is not read; leave it out: what the question assumes always holds"
        raise reader.error(opening, said) from error
    if not holds:
        said = (
            "this line is said to hold under a condition that does not follow from what the "
            "question assumes of its symbols; leave the condition out, or write a line that holds "
            "for all of their values"
        )
        raise reader.error(opening, said)


def _any_number(reader: Reader, meaning: Meaning, name: Token) -> bool:
    r"""Whether `x`, or `x \in \mathbb{R}`, says no more than the question."""
    symbol = meaning.names.get(name.value)
    if not reader.is_next("\\in"):
        return symbol is not None
    reader.take()
    of = {"R": "is_real", "Z": "is_integer"}.get(reader.take().value, "")
    return bool(getattr(symbol, of, False))

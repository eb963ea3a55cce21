r"""Words within LaTeX: remarks and reasons are left out, `\text{for } x > 0` is a condition."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from derivations.reading.tokens import Source, Token

GRIDS = ("matrix", "cases")
ENDS = tuple(f"end {grid}" for grid in GRIDS)
_ORDER = {"<", ">", "<=", ">="}
_OPENING, _CLOSING = ("(", "[", "{", "\\{", "|(", ".("), (")", "]", "}", "\\}", "|)")
_RELATIONS = ("=", "<=", ">=", "<", ">", "=>", "<=>")
_REASON = re.compile(
    r"(because|since|as|by|using|due|from|thanks|note|recall|via|see|remember"
    r"|dividing|divide|multiplying|multiply|adding|add|subtracting|taking|applying|expanding|"
    r"factoring|collecting|cancel(?:l?ing)?|substituting|inserting|plugging|after|we)\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"(for|if|when|whenever|provided|assuming|on|valid)\b", re.IGNORECASE)


_DEFINITION = re.compile(r"(where|let|with|set|put|define|denote)\b", re.IGNORECASE)
_WITHIN = "a remark stands within a formula; put it at the end of the line"
_DEFINES = (
    "what a name stands for belongs before the start, on a line of its own; or write it out in the "
    "formula"
)


def without_remarks(source: Source, tokens: Sequence[Token]) -> Iterator[Token]:
    r"""The tokens without remarks, and without the full stop at the end of a line.

    A reason behind a line, `\text{since } a > 0`, goes with what it says. A condition becomes a
    token of its own. What stands in a matrix or in cases is left as it is.

    Raises:
        ParseError: a remark stands within a formula: `a \text{ or } b` is no product.
    """
    row: list[Token] = []
    depth = 0
    for token in tokens:
        depth += (token.kind in GRIDS) - (token.kind in ENDS)
        row.append(token)
        if token.kind == "newline" and depth <= 0:
            yield from _row(source, row)
            row, depth = [], 0
    yield from _row(source, row)


def explains(text: str) -> bool:
    """Whether words begin a reason, a condition or a definition."""
    return any(words.match(text) for words in (_REASON, _CONDITION, _DEFINITION))


def _row(source: Source, row: Sequence[Token]) -> Iterator[Token]:
    """The tokens of one line; the last one is the newline."""
    after: list[Token | None] = [None] * len(row)  # what comes next that is no aside
    for k in range(len(row) - 2, -1, -1):
        after[k] = after[k + 1] if _is_aside(row[k + 1]) else row[k + 1]
    before: Token | None = None
    depth, k, ranged = 0, 0, _range_at(row)
    while k < len(row):
        token, following = row[k], after[k]
        k += 1
        depth += (token.kind in GRIDS) - (token.kind in ENDS)
        if depth or not _is_aside(token):
            before = token
            yield token
        elif token.kind == "remark":
            if _is_edge(before):
                continue
            said = token.value.strip(" (,;:~")
            if _CONDITION.match(said) and not _is_edge(following):
                yield replace(token, kind="condition")
                yield from map(_joined, row[k:])
                return
            if _is_edge(following):
                continue
            if not (_REASON.match(said) and _is_one_claim(row[k:])):
                raise source.at(token, _DEFINES if _DEFINITION.match(said) else _WITHIN)
            yield row[-1]
            return
        elif k - 1 == ranged:
            yield replace(token, kind="condition")
        elif not _is_end(following) and not _begins_reason(row[k:]):
            yield token


def _joined(token: Token) -> Token:
    """A token of a condition; the word between two of them is a comma."""
    if token.kind != "remark":
        return token
    word = token.value.strip(" ,;.:)~").lower()
    if word in ("and", ""):
        return replace(token, kind="sign", value=",")
    return replace(token, kind="unread", value="this word is not read in a condition")


def _range_at(row: Sequence[Token]) -> int:
    """The place of the comma behind which inequalities alone come, `, 0 < p < 1`; or -1."""
    depth, comma = 0, -1
    for k, token in enumerate(row):
        sign = token.value if token.kind == "sign" else ""
        depth += (sign in _OPENING) - (sign in _CLOSING)
        if token.kind == "remark" or (sign in _RELATIONS and sign not in _ORDER):
            comma = -1
        elif sign in _ORDER and comma < 0:
            return -1
        elif sign == "," and depth == 0 and comma < 0:
            comma = k
    ordered = any(t.kind == "sign" and t.value in _ORDER for t in row[comma:])
    return comma if comma >= 0 and ordered else -1


def _begins_reason(rest: Sequence[Token]) -> bool:
    """Whether words come next, with which a comma goes."""
    return bool(rest) and rest[0].kind == "remark"


def _is_one_claim(reason: Sequence[Token]) -> bool:
    """Whether a reason says one thing, so that no line of the chain hides behind it."""
    signs = [t.value for t in reason if t.kind == "sign" and t.value in _RELATIONS]
    equalities = [k for k, sign in enumerate(signs) if sign in ("=", "=>", "<=>")]
    return not equalities or (equalities == [0] and signs[0] == "=")


def _is_end(token: Token | None) -> bool:
    return token is None or token.kind == "newline"


def _is_aside(token: Token) -> bool:
    return token.kind == "remark" or (token.kind == "sign" and token.value in (".", ",", ";"))


def _is_edge(token: Token | None) -> bool:
    """Whether a formula begins or ends at a token."""
    return (
        token is None
        or token.kind == "newline"
        or (token.kind == "sign" and token.value in _RELATIONS)
    )

"""Text to expression, for what people type: `2x`, `e^(-t)`, `sigma(t)`, `sum(x[i], i, 1, n)`.

The grammar is our own and bounded; text is never evaluated as Python. Every cap is checked before
SymPy computes anything, and every error says where it is and what to write instead. Python's own
parser was not used: it knows no columns after rewriting, no juxtaposition and no relation chains.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from derivations.reading.grammar import RELATIONS, Node, Reader
from derivations.reading.meaning import CALLABLE, Meaning
from derivations.reading.tokens import ParseError, Source

__all__ = ["Line", "ParseError", "parse_chain", "parse_expression"]

MAX_FORMULA = 4_000
MAX_CHAIN = 20_000
MAX_LINES = 200
_WRONG_RELATIONS = {
    "!=": "a chain is made of =, <= and >=; != is not one of them",
    ":=": "write = for equality",
    "=>": "=> between lines is not read here; write each line as = ...",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chain.

    Attributes:
        relation: how it follows from the line before: =, <=, >=, < or >; empty on the first.
        expression: what stands behind the relation, as SymPy.
        text: the same, as typed.
        line: the line of the text, from 1.
    """

    relation: str
    expression: Any
    text: str
    line: int


def parse_expression(text: str, names: Mapping[str, Any]) -> Any:
    """The expression that a text stands for.

    Args:
        text: one formula; it may run over several lines.
        names: what the question calls by name: symbols, indexed families, functions.

    Raises:
        ParseError: it is not a formula in these names, or it is too large.
    """
    source = _source(text, MAX_FORMULA, 1)
    reader = Reader(source, names, CALLABLE)
    reader.brackets += 1  # a single formula has no lines of its own
    if reader.peek().kind == "end":
        raise source.error("there is no formula here", 1, 1)
    tree = _formula(reader)
    token = reader.peek()
    if token.kind == "sign" and token.value in RELATIONS:
        raise reader.error(token, f"one formula is expected, without {token.value}")
    if token.kind != "end":
        raise reader.error(token, f"expected an operator; {reader.found(token)}")
    return _meaning(Meaning(reader), tree)


def parse_chain(text: str, names: Mapping[str, Any], first_line: int = 1) -> tuple[Line, ...]:
    """The lines of a chain `a = b = c`, on one line or on many.

    A line begins with its relation, or goes on from an operator or an open bracket. Text behind
    `#` is a comment.

    Args:
        text: the chain.
        names: as in `parse_expression`.
        first_line: the number of the text's first line, for messages.

    Raises:
        ParseError: a line is not a formula, or does not follow with a relation; its `before` holds
            the lines that were read.
    """
    lines: list[Line] = []
    try:
        _read_chain(text, names, first_line, lines)
    except ParseError as error:
        error.before = tuple(lines)
        raise
    return tuple(lines)


def _read_chain(text: str, names: Mapping[str, Any], first_line: int, lines: list[Line]) -> None:
    source = _source(text, MAX_CHAIN, first_line)
    reader = Reader(source, names, CALLABLE)
    meaning = Meaning(reader)
    relation = ""
    reader.skip_newlines()
    if reader.peek().kind == "end":
        raise source.error("there is no formula here", first_line, 1)
    if reader.is_next(*RELATIONS):
        raise reader.error(reader.peek(), "the first line is the start; it has no = before it")
    while True:
        reader.skip_newlines()
        begin = reader.place
        reader.nodes = 0
        tree = _formula(reader)
        if len(lines) >= MAX_LINES:
            raise reader.error(reader.peek(), f"a derivation may have {MAX_LINES} lines")
        written = _written(source, reader, begin)
        lines.append(Line(relation, _meaning(meaning, tree), written, reader.tokens[begin].line))
        broken = reader.peek().kind == "newline"
        reader.skip_newlines()
        token = reader.take()
        if token.kind == "end":
            return
        if token.kind == "sign" and token.value in RELATIONS:
            relation = token.value
        elif token.kind == "sign" and token.value in _WRONG_RELATIONS:
            raise reader.error(token, _WRONG_RELATIONS[token.value])
        elif broken:
            said = f"this line does not follow: begin it with =, as in = {token.value}..."
            raise reader.error(token, said)
        else:
            raise reader.error(token, f"expected an operator or =; {reader.found(token)}")


def _source(text: str, cap: int, first_line: int) -> Source:
    if len(text) > cap:
        raise ParseError(f"the text has {len(text)} characters; at most {cap} are read", first_line)
    return Source(text, first_line)


def _formula(reader: Reader) -> Node:
    reader.depth = 0
    return reader.formula()


def _meaning(meaning: Meaning, tree: Node) -> Any:
    try:
        return meaning.of(tree)
    except RecursionError as error:
        raise meaning.reader.error(tree.token, "the formula is nested too deeply") from error


def _written(source: Source, reader: Reader, begin: int) -> str:
    """What stood from one token to the one that comes next, on one line."""
    first, after = reader.tokens[begin], reader.peek()
    lines = source.lines[first.line - source.first_line : after.line - source.first_line + 1]
    lines[-1] = lines[-1][: after.column - 1]
    lines[0] = lines[0][first.column - 1 :]
    return " ".join(line.partition("#")[0].strip() for line in lines).strip()

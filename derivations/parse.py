"""Text to expression, for what people type: `2x`, `e^(-t)`, `sigma(t)`, `sum(x[i], i, 1, n)`.

The grammar is our own and bounded; text is never evaluated as Python. Every cap is checked before
SymPy computes anything, and every error says where it is and what to write instead. Python's own
parser was not used: it knows no columns after rewriting, no juxtaposition and no relation chains.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp

from derivations.reading.grammar import RELATIONS, Node, Reader
from derivations.reading.latex_text import is_latex
from derivations.reading.meaning import Meaning
from derivations.reading.tokens import ParseError, Source
from derivations.reading.vocabulary import CALLABLE

__all__ = [
    "Line",
    "ParseError",
    "parse_array",
    "parse_chain",
    "parse_equations",
    "parse_expression",
]

MAX_FORMULA = 4_000
MAX_CHAIN = 20_000
MAX_LINES = 200
_WRONG_RELATIONS = {
    "!=": "a chain is made of =, <= and >=; != is not one of them",
    ":=": "write = for equality",
    "=>": "=> joins equations; between expressions write =, each line as = ...",
    "<=>": "<=> joins equations; between expressions write =, each line as = ...",
}
ARROWS = ("<=>", "=>")
_MAKES = {"=": sp.Eq, "<=": sp.Le, ">=": sp.Ge, "<": sp.Lt, ">": sp.Gt}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chain.

    Attributes:
        relation: how it follows from the line before: =, <=, >=, < or >, or the arrow <=> or =>
            before an equation; empty on the first.
        expression: what stands behind the relation, as SymPy; behind an arrow a relation.
        text: the same, as typed.
        line: the line of the text, from 1.
        needs: what must hold for it to have a value, as typed: of x/x that x is not 0.
        terms: the terms as typed, where SymPy puts some together: 3*x and -x for 3*x - x.
    """

    relation: str
    expression: Any
    text: str
    line: int
    needs: tuple[Any, ...] = ()
    terms: tuple[Any, ...] = ()


def parse_expression(text: str, names: Mapping[str, Any], first_line: int = 1) -> Any:
    """The expression that a text stands for, typed or in LaTeX.

    Args:
        text: one formula; it may run over several lines.
        names: what the question calls by name: symbols, indexed families, functions.
        first_line: the number of the text's first line, for messages.

    Raises:
        ParseError: it is not a formula in these names, or it is too large.
    """
    reader = _reader(text, names, MAX_FORMULA, first_line)
    reader.brackets += 1  # a single formula has no lines of its own
    if reader.peek().kind == "end":
        raise reader.source.error("there is no formula here", first_line, 1)
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
    return _lines(_read_chain, text, names, first_line)


def parse_equations(text: str, names: Mapping[str, Any], first_line: int = 1) -> tuple[Line, ...]:
    """The lines of a chain of equations, `a = b <=> c = d => ...`, on one line or on many.

    Args:
        text: the chain.
        names: as in `parse_expression`.
        first_line: the number of the text's first line, for messages.

    Raises:
        ParseError: a line is not an equation (or an inequality), or no arrow stands before it; its
            `before` holds the lines that were read.
    """
    return _lines(_read_equations, text, names, first_line)


def parse_array(text: str, first_line: int = 1) -> Any:
    r"""The nested lists of floats that a text stands for: `[[1, 2], [3, 1/4]]`, or a `pmatrix`.

    Args:
        text: the array; a matrix of one row or one column is a vector.
        first_line: the number of the text's first line, for messages.

    Raises:
        ParseError: it is no array of numbers, or it is too large.
    """
    from derivations.reading.arrays import rows

    reader = _reader(text, {}, MAX_CHAIN, first_line)
    try:
        return rows(reader)
    except RecursionError as error:
        raise reader.source.error("the array is nested too deeply", first_line, 1) from error


def _lines(
    read: Callable[[str, Mapping[str, Any], int, list[Line]], None],
    text: str,
    names: Mapping[str, Any],
    first_line: int,
) -> tuple[Line, ...]:
    lines: list[Line] = []
    try:
        read(text, names, first_line, lines)
    except ParseError as error:
        error.before = tuple(lines)
        raise
    return tuple(lines)


def _begun(text: str, names: Mapping[str, Any], first_line: int) -> Reader:
    """A reader that stands before the first formula."""
    reader = _reader(text, names, MAX_CHAIN, first_line)
    reader.skip_newlines()
    token = reader.peek()
    if token.kind == "end":
        raise reader.source.error("there is no formula here", first_line, 1)
    if reader.is_next(*RELATIONS, *ARROWS):
        said = f"the first line is the start; it has no {token.value} before it"
        raise reader.error(token, said)
    return reader


def _read_equations(
    text: str, names: Mapping[str, Any], first_line: int, lines: list[Line]
) -> None:
    reader = _begun(text, names, first_line)
    meaning = Meaning(reader)
    arrow = ""
    while True:
        reader.skip_newlines()
        begin = reader.place
        reader.nodes = 0
        left = _formula(reader)
        reader.skip_newlines()
        middle = reader.peek()
        if not reader.is_next(*_MAKES):
            raise reader.error(
                middle, f"an equation is expected, as in x = 2; {reader.found(middle)}"
            )
        reader.take()
        reader.skip_newlines()
        right = _formula(reader)
        if len(lines) >= MAX_LINES:
            raise reader.error(reader.peek(), f"a derivation may have {MAX_LINES} lines")
        sides = (_meaning(meaning, left), _meaning(meaning, right))
        relation = _MAKES[middle.value](*sides, evaluate=False)
        written = _written(reader.source, reader, begin)
        place = reader.tokens[begin].line
        lines.append(Line(arrow, relation, written, place, meaning.needed()))
        reader.skip_newlines()
        token = reader.take()
        if token.kind == "end":
            return
        if token.kind != "sign" or token.value not in ARROWS:
            said = "begin the next equation with <=> (equivalent) or => (follows)"
            raise reader.error(token, said)
        arrow = token.value


def _read_chain(text: str, names: Mapping[str, Any], first_line: int, lines: list[Line]) -> None:
    reader = _begun(text, names, first_line)
    meaning = Meaning(reader)
    relation = ""
    while True:
        reader.skip_newlines()
        begin = reader.place
        reader.nodes = 0
        tree = _formula(reader)
        if len(lines) >= MAX_LINES:
            raise reader.error(reader.peek(), f"a derivation may have {MAX_LINES} lines")
        written = _written(reader.source, reader, begin)
        expression = _meaning(meaning, tree)
        terms = _uncollected(meaning, tree, expression)
        place = reader.tokens[begin].line
        lines.append(Line(relation, expression, written, place, meaning.needed(), terms))
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


def _reader(text: str, names: Mapping[str, Any], cap: int, first_line: int) -> Reader:
    if is_latex(text):
        from derivations.reading.latex import LatexReader
        from derivations.reading.latex_tokens import LatexSource

        return LatexReader(LatexSource(text, first_line, cap), names)
    if (size := len(text.strip())) > cap:
        raise ParseError(f"the text has {size} characters; at most {cap} are read", first_line)
    return Reader(Source(text, first_line), names, CALLABLE)


def _formula(reader: Reader) -> Node:
    reader.depth = 0
    return reader.formula()


def _meaning(meaning: Meaning, tree: Node) -> Any:
    try:
        return meaning.of(tree)
    except RecursionError as error:
        raise meaning.reader.error(tree.token, "the formula is nested too deeply") from error


def _uncollected(meaning: Meaning, tree: Node, expression: Any) -> tuple[Any, ...]:
    """The terms as typed, when the expression has fewer."""
    typed = tuple(_addends(tree))
    if len(typed) <= len(sp.Add.make_args(expression)):
        return ()
    return tuple(-_meaning(meaning, n) if minus else _meaning(meaning, n) for n, minus in typed)


def _addends(tree: Node, minus: bool = False) -> Iterator[tuple[Node, bool]]:
    """The terms of a sum, each with whether it is taken off."""
    if tree.kind == "neg":
        yield from _addends(tree.parts[0], not minus)
    elif tree.kind in ("+", "-"):
        left, right = tree.parts
        yield from _addends(left, minus)
        yield from _addends(right, minus != (tree.kind == "-"))
    else:
        yield tree, minus


def _written(source: Source, reader: Reader, begin: int) -> str:
    """What stood from one token to the one that comes next, on one line."""
    first, after = reader.tokens[begin], reader.peek()
    lines = source.lines[first.line - source.first_line : after.line - source.first_line + 1]
    lines[-1] = lines[-1][: after.column - 1]
    lines[0] = lines[0][first.column - 1 :]
    return source.quoted(lines)

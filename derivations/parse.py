"""Text to expression, for what people type: `2x`, `e^(-t)`, `sigma(t)`, `sum(x[i], i, 1, n)`.

The grammar is our own and bounded; text is never evaluated as Python. Every cap is checked before
SymPy computes anything, and every error says where it is and what to write instead. Python's own
parser was not used: it knows no columns after rewriting, no juxtaposition and no relation chains.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from derivations.reading.chains import Equations, Expressions, Line, formula, value
from derivations.reading.conditions import pass_over
from derivations.reading.grammar import RELATIONS, Reader
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
    tree = formula(reader)
    meaning = Meaning(reader)
    pass_over(reader, meaning)
    token = reader.peek()
    if token.kind == "sign" and token.value in RELATIONS:
        raise reader.error(token, f"one formula is expected, without {token.value}")
    if token.kind != "end":
        raise reader.error(token, f"expected an operator; {reader.found(token)}")
    return value(meaning, tree)


def parse_chain(
    text: str, names: Mapping[str, Any], first_line: int = 1, given: Sequence[Any] = ()
) -> tuple[Line, ...]:
    """The lines of a chain `a = b = c`, on one line or on many.

    A line begins with its relation, or goes on from an operator or an open bracket. Text behind
    `#` is a comment. A line may also repeat the start, or the line before, on its left; and before
    the start, names of the student's own may be given a meaning, or the start a name.

    Args:
        text: the chain.
        names: as in `parse_expression`.
        first_line: the number of the text's first line, for messages.
        given: relations that hold throughout, which a line may name as its condition.

    Raises:
        ParseError: a line is not a formula, or does not follow with a relation; its `before` holds
            the lines that were read.
    """
    return _lines(Expressions, text, names, first_line, given)


def parse_equations(
    text: str, names: Mapping[str, Any], first_line: int = 1, given: Sequence[Any] = ()
) -> tuple[Line, ...]:
    """The lines of a chain of equations, `a = b <=> c = d => ...`, on one line or on many.

    An equation on a line of its own, with no arrow before it, follows from the one before: `=>`.

    Args:
        text: the chain.
        names: as in `parse_expression`.
        first_line: the number of the text's first line, for messages.
        given: relations that hold throughout, which a line may name as its condition.

    Raises:
        ParseError: a line is not an equation (or an inequality); its `before` holds the lines that
            were read.
    """
    return _lines(Equations, text, names, first_line, given)


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
    kind: type[Expressions] | type[Equations],
    text: str,
    names: Mapping[str, Any],
    first_line: int,
    given: Sequence[Any],
) -> tuple[Line, ...]:
    lines: list[Line] = []
    try:
        kind(_reader(text, names, MAX_CHAIN, first_line), lines, given).read()
    except ParseError as error:
        error.before = tuple(lines)
        raise
    return tuple(lines)


def _reader(text: str, names: Mapping[str, Any], cap: int, first_line: int) -> Reader:
    if is_latex(text):
        from derivations.reading.latex import LatexReader
        from derivations.reading.latex_tokens import LatexSource

        return LatexReader(LatexSource(text, first_line, cap), names)
    if (size := len(text.strip())) > cap:
        raise ParseError(f"the text has {size} characters; at most {cap} are read", first_line)
    return Reader(Source(text, first_line), names, CALLABLE)

r"""Numbers in rows: `[[1, 2], [3, 1/4]]`, `(1, 2, 3)`, or a LaTeX matrix such as `pmatrix`."""

from __future__ import annotations

from typing import Any

from derivations.reading.grammar import RELATIONS, Reader
from derivations.reading.meaning import Meaning

MAX_ENTRIES = 2_000
MAX_NESTED = 4


class _Rows:
    def __init__(self, reader: Reader) -> None:
        self.reader, self.meaning = reader, Meaning(reader)
        self.entries = 0

    def matrix(self) -> list[Any]:
        """The rows of a matrix; one row or one column is a vector."""
        reader = self.reader
        opening = reader.take()
        rows: list[list[Any]] = [[]]
        while True:
            reader.skip_newlines()
            if reader.peek().kind == "end matrix":
                break
            rows[-1].append(self.entry())
            token = reader.take()
            if token.kind == "newline":
                rows.append([])
            elif token.kind == "end matrix":
                reader.place -= 1
            elif not (token.kind == "sign" and token.value == "&"):
                raise reader.error(token, f"expected & or \\\\; {reader.found(token)}")
        reader.take()
        rows = [row for row in rows if row]
        if not rows or len({len(row) for row in rows}) != 1:
            raise reader.error(opening, "the rows of the matrix are not equally long")
        columns = len(rows[0])
        return rows[0] if len(rows) == 1 else [r[0] for r in rows] if columns == 1 else rows

    def bracketed(self, nested: int) -> list[Any]:
        """A list in brackets; lists in it have square ones."""
        reader = self.reader
        opening = reader.take()
        if nested > MAX_NESTED:
            raise reader.error(opening, f"lists may be nested {MAX_NESTED} deep")
        closing = ")" if opening.value == "(" else "]"
        items: list[Any] = []
        reader.brackets += 1
        while True:
            items.append(self.bracketed(nested + 1) if reader.is_next("[") else self.entry())
            token = reader.peek()
            if not reader.is_next(",", closing):
                said = f"expected a comma or {closing}; {reader.found(token)}"
                raise reader.error(token, said)
            reader.brackets -= token.value == closing
            reader.take()
            if token.value == closing:
                return items

    def entry(self) -> float:
        """One number."""
        reader = self.reader
        token = reader.peek()
        self.entries += 1
        if self.entries > MAX_ENTRIES:
            raise reader.error(token, f"more than {MAX_ENTRIES} entries are not read")
        reader.nodes = reader.depth = 0
        value = self.meaning.of(reader.formula())
        if not (value.is_number and value.is_real):
            raise reader.error(token, "each entry must be a number")
        return float(value)


def rows(reader: Reader) -> Any:
    """The nested lists of numbers that a text stands for, or one number.

    Raises:
        ParseError: it is something else.
    """
    reading = _Rows(reader)
    reader.skip_newlines()
    if reader.peek().kind == "matrix":
        found: Any = reading.matrix()
    elif reader.is_next("[") or (reader.is_next("(") and _lists(reader)):
        found = reading.bracketed(1)
    else:
        found = reading.entry()
    reader.skip_newlines()
    token = reader.peek()
    if token.kind != "end":
        alone = "write the array alone, without a name and ="
        said = alone if token.value in RELATIONS else reader.found(token)
        raise reader.error(token, f"expected the end after the array; {said}")
    return found


def _lists(reader: Reader) -> bool:
    """Whether the bracket that comes next holds a list: there is a comma at its level."""
    depth = 0
    for token in reader.tokens[reader.place :]:
        if token.kind == "sign":
            depth += (token.value in ("(", "[", "{")) - (token.value in (")", "]", "}"))
            if not depth:
                return False
            if depth == 1 and token.value == ",":
                return True
    return False

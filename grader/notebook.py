"""A notebook: its code, as the text of a submission, and the answers in its Markdown cells.

A notebook is data: JSON with caps on its size. Its code cells follow each other; lines that only a
notebook understands (`%matplotlib inline`, `!pip install`) become comments.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from grader.submission import SubmissionError
from grader.written import markdown
from grader.written.document import Document, IsName, Passage, head_of, said

MAX_CELLS = 500


def read(name: str, text: str) -> Document:
    """The code of a notebook, and the answers in its Markdown cells.

    Raises:
        SubmissionError: it is not a notebook, has too many cells, or holds no answer.
    """
    cells = _cells(name, text)
    code = _joined(cells)
    prose = [_source(cell, "markdown") for cell in cells]
    if not code.strip() and not any("#" in cell for cell in prose):
        raise SubmissionError(f"{name}: has no code cell, and no text cell with a heading")

    def pieces(is_name: IsName) -> Iterator[tuple[str, Passage]]:
        for number, cell in enumerate(prose, start=1):
            yield from markdown.passages(cell, is_name, f"cell {number}, ")

    head = head_of("\n".join(cell for cell in prose if cell))
    sheet, seed = said(head, "sheet"), said(head, "seed")
    return Document(name, sheet, seed, code, pieces, codes="a code cell")


def _cells(name: str, text: str) -> list[Any]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SubmissionError(f"{name}: is not a notebook: {error}") from error
    cells = data.get("cells") if isinstance(data, dict) else None
    if not isinstance(cells, list):
        raise SubmissionError(f"{name}: is not a notebook; it has no cells")
    if len(cells) > MAX_CELLS:
        raise SubmissionError(f"{name}: has {len(cells)} cells; at most {MAX_CELLS} are read")
    return cells


def _joined(cells: Sequence[Any]) -> str:
    found = [_code(cell) for cell in cells]
    return "\n\n".join(cell for cell in found if cell)


def _source(cell: Any, kind: str) -> str:
    """The text of a cell of a kind; nothing for the others."""
    if not isinstance(cell, dict) or cell.get("cell_type") != kind:
        return ""
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    # JSON may hold half of a surrogate pair, which no file could.
    return source.encode("utf-8", "replace").decode() if isinstance(source, str) else ""


def _code(cell: Any) -> str:
    source = _source(cell, "code")
    if source.lstrip().startswith("%%"):
        return ""
    return "\n".join(_plain(line) for line in source.splitlines())


def _plain(line: str) -> str:
    """The line; commands to the notebook become comments, so that line numbers stay."""
    return f"# {line}" if line.lstrip()[:1] in ("%", "!", "?") else line

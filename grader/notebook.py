"""The code of a notebook, as the text of a submission.

A notebook is data: JSON with caps on its size. Its code cells follow each other; lines that only a
notebook understands (`%matplotlib inline`, `!pip install`) become comments.
"""

from __future__ import annotations

import json
from typing import Any

from grader.submission import SubmissionError

MAX_CELLS = 500


def code_of(name: str, text: str) -> str:
    """The code cells of a notebook, one after the other.

    Raises:
        SubmissionError: it is not a notebook, or has too many cells.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SubmissionError(f"{name}: is not a notebook: {error}") from error
    cells = data.get("cells") if isinstance(data, dict) else None
    if not isinstance(cells, list):
        raise SubmissionError(f"{name}: is not a notebook; it has no cells")
    if len(cells) > MAX_CELLS:
        raise SubmissionError(f"{name}: has {len(cells)} cells; at most {MAX_CELLS} are read")
    found = [_code(cell) for cell in cells]
    code = "\n\n".join(cell for cell in found if cell)
    if not code.strip():
        raise SubmissionError(f"{name}: has no code cell")
    return code


def _code(cell: Any) -> str:
    if not isinstance(cell, dict) or cell.get("cell_type") != "code":
        return ""
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    if not isinstance(source, str) or source.lstrip().startswith("%%"):
        return ""
    return "\n".join(_plain(line) for line in source.splitlines())


def _plain(line: str) -> str:
    """The line; commands to the notebook become comments, so that line numbers stay."""
    return f"# {line}" if line.lstrip()[:1] in ("%", "!", "?") else line

r"""LaTeX: answers below sectioning commands with their names, `\section*{softmax\_slope}`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grader.written.document import Document, IsName, Passage, answer_of, blanked, head_of, said

_NAMES = ("chapter", "section", "subsection", "subsubsection", "paragraph", "subparagraph")
_LEVELS = {name: level for level, name in enumerate(_NAMES, start=1)}
_INNER = r"(?:[^{}]|\{[^{}]{0,200}\}){0,300}"
_HEADING = re.compile(rf"\\({'|'.join(_NAMES)})\*?\s*\{{({_INNER})\}}")
_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*")
_DRESS = re.compile(r"\\(?:texttt|textbf|textrm|emph|verb)\*?\b|[{}|+!]")


def read(name: str, text: str) -> Document:
    """The submission in a LaTeX file."""
    text = text.replace("\r\n", "\n")
    head = head_of(text)
    return Document(
        name,
        said(head, "sheet"),
        said(head, "seed"),
        "",
        lambda is_name: _passages(text, is_name),
        tells="% {}",
    )


def _passages(text: str, is_name: IsName) -> Iterator[tuple[str, Passage]]:
    plain = _COMMENT.sub(lambda m: m[1] + " " * (len(m[0]) - len(m[1])), text)
    plain = plain.partition("\\end{document}")[0]
    current: tuple[str, int, int] | None = None  # the answer's name, its level and where it begins
    pieces: list[str] = []
    place = 0
    for heading in [*_HEADING.finditer(plain), None]:
        until = len(plain) if heading is None else heading.start()
        pieces.append(plain[place:until])
        level = 0 if heading is None else _LEVELS[heading[1]]
        name = "" if heading is None else _named(heading[2])
        name = name if name and is_name(name) else ""
        if current is not None and (name or level <= current[1]):
            yield current[0], Passage("".join(pieces), plain.count("\n", 0, current[2]) + 1)
            current = None
        if heading is not None:
            place = heading.end()
            # A heading within an answer is prose; what follows one keeps its column.
            line = plain.rfind("\n", 0, place) + 1
            pieces.append(blanked(heading[0]) if current else blanked(plain[line:place]))
            if name:
                current, pieces = (name, level, line), pieces[-1:]


def _named(heading: str) -> str:
    return answer_of(_DRESS.sub("", heading.replace("\\_", "_")))

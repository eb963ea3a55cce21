"""Markdown: answers below headings with their names, in LaTeX or as typed; code in fences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from grader.written.document import Document, IsName, Passage, answer_of, head_of, said

LONGEST = 300  # characters of a heading, or of a line that opens a fence
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t](.*)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})([^`\n]*)")
_PYTHON = ("python", "py", "python3", "ipython")


@dataclass
class _Answer:
    """One answer while it is read."""

    name: str
    level: int
    line: int
    prose: list[str] = field(default_factory=list)  # with what is fenced blanked
    fenced: list[str] = field(default_factory=list)  # with the rest blanked


def read(name: str, text: str) -> Document:
    """The submission in a Markdown file."""
    text = text.replace("\r\n", "\n")
    head = head_of(text)
    return Document(
        name,
        said(head, "sheet"),
        said(head, "seed"),
        python(text),
        lambda is_name: passages(text, is_name),
        tells="`{}`",
        codes="a ```python block",
    )


def passages(text: str, is_name: IsName, where: str = "") -> Iterator[tuple[str, Passage]]:
    """The answers with their names, in order.

    A heading with a name begins an answer; the next such heading ends it, and so does any other
    that is not of a lower level.
    """
    answers: list[_Answer] = []
    current: _Answer | None = None
    for number, line, kind in _lines(text):
        heading = _HEADING.fullmatch(line[:LONGEST]) if kind == "prose" else None
        if heading is not None:
            level, name = len(heading[1]), answer_of(heading[2].strip().rstrip("#"))
            if name and is_name(name):
                current = _Answer(name, level, number + 1)
                answers.append(current)
                continue
            if current is not None and level <= current.level:
                current = None
            line = ""
        if current is not None:
            current.prose.append(line if kind == "prose" else "")
            current.fenced.append(line if kind == "text" else "")
    for answer in answers:
        yield answer.name, Passage(_written(answer), answer.line, where)


def python(text: str) -> str:
    """The code of all Python fences, each line where it stands."""
    lines = [line if kind == "python" else "" for _, line, kind in _lines(text)]
    return "\n".join(lines) if any(line.strip() for line in lines) else ""


def _written(answer: _Answer) -> str:
    """The answer's text: what is fenced, and without a fence all of it."""
    fenced = "\n".join(answer.fenced)
    prose = "\n".join(answer.prose)
    if fenced.strip() and "$" not in prose:
        return fenced
    return prose if "$" in prose else prose.replace("`", " ")


def _lines(text: str) -> Sequence[tuple[int, str, str]]:
    """Each line with its number and what it is: prose, text or python in a fence, or a fence."""
    found: list[tuple[int, str, str]] = []
    closing, kind, commented = "", "prose", False
    for number, typed in enumerate(text.split("\n"), start=1):
        line = typed
        if not closing:
            line, commented = _uncommented(typed, commented)
        fence = _FENCE.fullmatch(line) if len(line) <= LONGEST else None
        if closing:
            ends = fence is not None and fence[1].startswith(closing) and not fence[2].strip()
            found.append((number, line, "fence" if ends else kind))
            closing, kind = ("", "prose") if ends else (closing, kind)
        elif fence is not None:
            language = re.split(r"[\s,}]", fence[2].strip(" \t{.}").lower())[0]
            closing, kind = fence[1], "python" if language in _PYTHON else "text"
            found.append((number, line, "fence"))
        else:
            found.append((number, line, "prose"))
    return found


def _uncommented(line: str, commented: bool) -> tuple[str, bool]:
    """A line with its HTML comments blanked, and whether one goes on behind it."""
    pieces = re.split(r"(<!--|-->)", line)
    kept = []
    for piece in pieces:
        opens, closes = piece == "<!--", piece == "-->" and commented
        kept.append(" " * len(piece) if commented or opens else piece)
        commented = opens or (commented and not closes)
    return "".join(kept), commented

"""The Markdown that questions are written in, read into blocks that every format can set.

It is a small part of Markdown on purpose: paragraphs, lists, tables, fenced code, formulas between
dollar signs, `code`, **strong** and *emphasis*. What looks like more is an error, not a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

Style: TypeAlias = Literal["text", "code", "math", "strong", "emphasis"]


class MarkupError(ValueError):
    """A text uses markup that not every format can set; the message quotes it."""


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style; strong and emphasised text holds spans of its own."""

    style: Style
    text: str = ""
    inner: tuple[Span, ...] = ()


Line: TypeAlias = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    line: Line


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula on a line of its own, as LaTeX."""

    latex: str


@dataclass(frozen=True, slots=True)
class Listing:
    """Text set as typed."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Items:
    """A list, with numbers or with bullets."""

    lines: tuple[Line, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first row is its head."""

    rows: tuple[tuple[Line, ...], ...]


Block: TypeAlias = Paragraph | Formula | Listing | Items | Table

_SPAN = re.compile(
    r"""(?P<code>`[^`]+`)
      | (?P<math>\$(?:\\.|[^$\\])+\$)
      | (?P<strong>\*\*(?=\S).+?(?<=\S)\*\*)
      | (?P<emphasis>\*(?=[^\s*])[^*]*(?<=\S)\*)
      | (?P<escaped>\\[\\`*_{}\[\]()#+\-.!$|])""",
    re.X | re.S,
)
_ITEM = re.compile(r"(?:[-*]|(?P<number>\d+)[.)])\s+(?P<text>.*)")
_FENCE = re.compile(r"```(?P<language>\w*)\s*$")
_RULE = re.compile(r"\|?(\s*:?-+:?\s*\|)+(\s*:?-+:?\s*)?")


def blocks(text: str) -> tuple[Block, ...]:
    """The blocks of a text.

    Raises:
        MarkupError: a fence or a formula is not closed, or a heading or an image occurs.
    """
    return tuple(_blocks(text.splitlines()))


def spans(text: str) -> Line:
    """The spans of one paragraph, its line breaks as spaces.

    Raises:
        MarkupError: a dollar sign or a backtick has no partner.
    """
    found, place = [], 0
    for match in _SPAN.finditer(text):
        found += _plain(text[place : match.start()])
        found.append(_span(str(match.lastgroup), match[0]))
        place = match.end()
    return tuple(found + _plain(text[place:]))


def _span(kind: str, text: str) -> Span:
    if kind == "code":
        return Span("code", " ".join(text[1:-1].split()))
    if kind == "math":
        return Span("math", " ".join(text[1:-1].split()))
    if kind == "strong":
        return Span("strong", inner=spans(text[2:-2]))
    if kind == "emphasis":
        return Span("emphasis", inner=spans(text[1:-1]))
    return Span("text", text[1:])


def _plain(text: str) -> list[Span]:
    if lonely := re.search(r"[`$]", text):
        raise MarkupError(f"{lonely[0]!r} has no partner in {text.strip()[:60]!r}")
    flat = re.sub(r"\s+", " ", text)
    return [Span("text", flat)] if flat else []


def _blocks(lines: list[str]) -> Iterator[Block]:
    place = 0
    while place < len(lines):
        line = lines[place].strip()
        if not line:
            place += 1
        elif fence := _FENCE.fullmatch(line):
            end = _closing(lines, place, "```")
            yield Listing(_dedented(lines[place + 1 : end]), fence["language"])
            place = end + 1
        elif line.startswith("$$"):
            end = place if line.endswith("$$") and len(line) > 3 else _closing(lines, place, "$$")
            whole = " ".join(part.strip() for part in lines[place : end + 1])
            yield from _formula(whole)
            place = end + 1
        else:
            end = _paragraph_end(lines, place)
            yield from _running(lines[place:end])
            place = end


def _formula(text: str) -> Iterator[Block]:
    latex, _, rest = text[2:].partition("$$")
    yield Formula(latex.strip())
    if rest.strip(" .,;"):
        raise MarkupError(f"a formula between $$ ends its line; after it came {rest.strip()!r}")


def _closing(lines: list[str], place: int, mark: str) -> int:
    for end in range(place + 1, len(lines)):
        if mark in lines[end]:
            return end
    raise MarkupError(f"{mark} is opened and never closed: {lines[place].strip()!r}")


def _paragraph_end(lines: list[str], place: int) -> int:
    """The first line after a paragraph, a list or a table."""
    in_list = _ITEM.fullmatch(lines[place].strip()) is not None
    for end in range(place + 1, len(lines)):
        line = lines[end].strip()
        begins = line.startswith(("```", "$$"))
        if not line or begins or (not in_list and _is_item(line)):
            return end
    return len(lines)


def _is_item(line: str) -> bool:
    found = _ITEM.fullmatch(line)
    return found is not None and found["number"] in (None, "1")


def _running(lines: list[str]) -> Iterator[Block]:
    first = lines[0].strip()
    if first.startswith(("# ", "## ", "### ", "![", "> ")):
        raise MarkupError(f"headings, images and quotations cannot be set here: {first!r}")
    if first.startswith("|"):
        rows = [row.strip().strip("|") for row in lines if not _RULE.fullmatch(row.strip())]
        yield Table(tuple(tuple(spans(cell.strip()) for cell in _cells(row)) for row in rows))
    elif item := _ITEM.fullmatch(first):
        yield Items(tuple(spans(text) for text in _items(lines)), item["number"] is not None)
    else:
        yield Paragraph(spans(" ".join(line.strip() for line in lines)))


def _cells(row: str) -> list[str]:
    """The cells of a row; a bar inside a formula or code separates nothing."""
    kept = re.sub(r"\$[^$]*\$|`[^`]*`", lambda m: m[0].replace("|", "\0"), row)
    return [cell.replace("\0", "|") for cell in re.split(r"(?<!\\)\|", kept)]


def _items(lines: list[str]) -> list[str]:
    texts: list[str] = []
    for line in lines:
        if found := _ITEM.fullmatch(line.strip()):
            texts.append(found["text"])
        else:
            texts[-1] += f" {line.strip()}"
    return texts


def _dedented(lines: list[str]) -> str:
    from textwrap import dedent

    return dedent("\n".join(lines)).strip("\n")

"""Typst source: what the PDF is made of, for those who want to change its looks."""

from __future__ import annotations

import re

from exercises.formats.markup import (
    Block,
    Formula,
    Items,
    Line,
    Listing,
    Paragraph,
    Span,
    Table,
    blocks,
    spans,
)
from exercises.formats.page import Page
from exercises.formats.render import filled, intro
from exercises.formats.typst_math import typst_math

FILE = "sheet.typ"


def render(page: Page) -> str:
    """The page as Typst source."""
    filters = {"blocks": body, "line": line, "plain": _escaped, "string": string}
    return filled("sheet.typ.j2", filters, page=page, intro=intro())


def body(text: str) -> str:
    """Markdown as Typst."""
    return "\n\n".join(_block(block) for block in blocks(text))


def line(text: str) -> str:
    """Markdown without blocks as Typst."""
    return _line(spans(text))


def string(text: str) -> str:
    """Text as a string of Typst's, quotes included."""
    quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{quoted}"'


def _block(block: Block) -> str:
    if isinstance(block, Paragraph):
        return _line(block.line)
    if isinstance(block, Formula):
        return f"$ {typst_math(block.latex)} $"
    if isinstance(block, Listing):
        return f"#raw({string(block.text)}, block: true, lang: {string(block.language)})"
    if isinstance(block, Items):
        return f"#{'enum' if block.numbered else 'list'}({', '.join(map(_cell, block.lines))})"
    return _table(block)


def _table(table: Table) -> str:
    head, *rest = table.rows
    cells = ", ".join(_cell(cell) for row in rest for cell in row)
    heads = ", ".join(f"strong{_cell(cell)}" for cell in head)
    return f"#table(columns: {len(head)}, table.header({heads}), {cells})"


def _cell(line: Line) -> str:
    return f"[{_line(line)}]"


def _line(line: Line) -> str:
    return "".join(_span(span) for span in line)


def _span(span: Span) -> str:
    if span.style == "math":
        return f"${typst_math(span.text)}$"
    if span.style == "code":
        return f"#raw({string(span.text)});"
    if span.style in ("strong", "emphasis"):
        return f"#{'strong' if span.style == 'strong' else 'emph'}[{_line(span.inner)}];"
    return _escaped(span.text)


def _escaped(text: str) -> str:
    # Behind a backslash every sign is itself; quotes are left for Typst to curl.
    return re.sub(r"""([\\#$*_`<>@\[\]~/=+\-])""", r"\\\1", text)

"""Typst source: what the PDF is made of, for those who want to change its looks."""

from __future__ import annotations

import re

from exercises.formats.markup import Items, Line, Listing, Table
from exercises.formats.page import Page, Section
from exercises.formats.render import filled, intro
from exercises.formats.setter import Setter
from exercises.formats.typst_math import typst_math

FILE = "sheet.typ"


def render(page: Page) -> str:
    """The page as Typst source."""
    filters = {"blocks": body, "line": line, "plain": _escaped, "string": string, "figure": figure}
    return filled("sheet.typ.j2", filters, page=page, intro=intro(page))


def figure(section: Section) -> str:
    """The picture of an exercise as SVG."""
    return section.drawn("svg").decode()


def string(text: str) -> str:
    """Text as a string of Typst's, quotes included."""
    quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{quoted}"'


class _Typst(Setter):
    def math(self, latex: str, *, display: bool) -> str:
        return f"$ {typst_math(latex)} $" if display else f"${typst_math(latex)}$"

    def listing(self, block: Listing) -> str:
        return f"#raw({string(block.text)}, block: true, lang: {string(block.language)})"

    def items(self, block: Items) -> str:
        return f"#{'enum' if block.numbered else 'list'}({', '.join(map(self._cell, block.lines))})"

    def table(self, block: Table) -> str:
        head, *rest = block.rows
        cells = ", ".join(self._cell(cell) for row in rest for cell in row)
        heads = ", ".join(f"strong{self._cell(cell)}" for cell in head)
        return f"#table(columns: {len(head)}, table.header({heads}), {cells})"

    def _cell(self, line: Line) -> str:
        return f"[{self.spans(line)}]"

    def code(self, text: str) -> str:
        return f"#raw({string(text)});"

    def stressed(self, inner: str, *, strong: bool) -> str:
        return f"#{'strong' if strong else 'emph'}[{inner}];"

    def text(self, text: str) -> str:
        return _escaped(text)


def _escaped(text: str) -> str:
    # Behind a backslash every sign is itself; quotes are left for Typst to curl.
    return re.sub(r"""([\\#$*_`<>@\[\]~/=+\-])""", r"\\\1", text)


_TYPST = _Typst()
body, line = _TYPST.body, _TYPST.line

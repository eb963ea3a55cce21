"""A page for browsers that needs no other file and runs no script; formulas are MathML."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from typing import Any, TypeAlias

from exercises.formats.markup import (
    Block,
    Formula,
    Items,
    Line,
    Listing,
    Paragraph,
    Span,
    blocks,
    spans,
)
from exercises.formats.mathml import mathml
from exercises.formats.page import Page, Section
from exercises.formats.render import filled, intro

Math: TypeAlias = Callable[[str, bool], str]

FILE = "sheet.html"


def render(page: Page) -> str:
    """The page as HTML."""
    filters = {"blocks": body, "line": line, "figure": figure}
    return filled("sheet.html.j2", filters, page=page, intro=intro())


def figure(section: Section) -> Any:
    """The picture of an exercise as an element of the page, with words for those who cannot see."""
    from markupsafe import Markup

    from exercises.gallery.palette import dark_scheme

    svg = section.drawn("svg").decode()
    _, _, element = svg.partition("<svg ")
    opening, _, rest = element.partition(">")
    # Names inside the picture must differ from those of the next one on the page.
    rest = re.sub(r"""(id="|url\(#|href="#)""", rf"\g<1>{section.number}-", rest)
    label = escape(section.alt)
    return Markup(f'<svg role="img" aria-label="{label}" {opening}>{dark_scheme()}{rest}')


def body(text: str, math: Math | None = None) -> Any:
    """Markdown as HTML.

    Args:
        text: the Markdown.
        math: sets a formula, in a line of its own or not; without it, as MathML.
    """
    from markupsafe import Markup

    setter = _Setter(math or mathml)
    return Markup("\n".join(setter.block(block) for block in blocks(text)))


def line(text: str) -> Any:
    """Markdown without blocks as HTML."""
    from markupsafe import Markup

    return Markup(_Setter(mathml).line(spans(text)))


class _Setter:
    def __init__(self, math: Math) -> None:
        self.math = math

    def block(self, block: Block) -> str:
        if isinstance(block, Paragraph):
            return f"<p>{self.line(block.line)}</p>"
        if isinstance(block, Formula):
            return f'<div class="formula">{self.math(block.latex, True)}</div>'
        if isinstance(block, Listing):
            return f"<pre><code>{escape(block.text)}</code></pre>"
        if isinstance(block, Items):
            tag = "ol" if block.numbered else "ul"
            return (
                f"<{tag}>{''.join(f'<li>{self.line(item)}</li>' for item in block.lines)}</{tag}>"
            )
        head, *rest = block.rows
        rows = "".join(f"<tr>{self._cells(row, 'td')}</tr>" for row in rest)
        return (
            f'<div class="table"><table><thead><tr>{self._cells(head, "th")}</tr></thead>'
            f"<tbody>{rows}</tbody></table></div>"
        )

    def _cells(self, row: tuple[Line, ...], tag: str) -> str:
        return "".join(f"<{tag}>{self.line(cell)}</{tag}>" for cell in row)

    def line(self, line: Line) -> str:
        return "".join(self._span(span) for span in line)

    def _span(self, span: Span) -> str:
        if span.style == "math":
            return self.math(span.text, False)
        if span.style == "code":
            return f"<code>{escape(span.text)}</code>"
        if span.style == "strong":
            return f"<strong>{self.line(span.inner)}</strong>"
        if span.style == "emphasis":
            return f"<em>{self.line(span.inner)}</em>"
        return escape(span.text, quote=False)

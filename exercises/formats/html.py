"""A page for browsers that needs no other file and runs no script; formulas are MathML."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from typing import Any, TypeAlias

from exercises.formats.markup import Items, Line, Listing, Table
from exercises.formats.mathml import mathml
from exercises.formats.page import Page, Section
from exercises.formats.render import filled, intro
from exercises.formats.setter import Setter

Math: TypeAlias = Callable[[str, bool], str]

FILE = "sheet.html"


def render(page: Page) -> str:
    """The page as HTML."""
    filters = {"blocks": body, "line": line, "figure": figure}
    return filled("sheet.html.j2", filters, page=page, intro=intro(page))


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

    return Markup(_Html(math or mathml).body(text))


def line(text: str) -> Any:
    """Markdown without blocks as HTML."""
    from markupsafe import Markup

    return Markup(_Html(mathml).line(text))


class _Html(Setter):
    def __init__(self, math: Math) -> None:
        self._math = math

    def paragraph(self, inner: str) -> str:
        return f"<p>{inner}</p>"

    def math(self, latex: str, *, display: bool) -> str:
        made = self._math(latex, display)
        return f'<div class="formula">{made}</div>' if display else made

    def listing(self, block: Listing) -> str:
        return f"<pre><code>{escape(block.text)}</code></pre>"

    def items(self, block: Items) -> str:
        tag = "ol" if block.numbered else "ul"
        items = "".join(f"<li>{self.spans(item)}</li>" for item in block.lines)
        return f"<{tag}>{items}</{tag}>"

    def table(self, block: Table) -> str:
        head, *rest = block.rows
        rows = "".join(f"<tr>{self._cells(row, 'td')}</tr>" for row in rest)
        return (
            f'<div class="table"><table><thead><tr>{self._cells(head, "th")}</tr></thead>'
            f"<tbody>{rows}</tbody></table></div>"
        )

    def _cells(self, row: tuple[Line, ...], tag: str) -> str:
        return "".join(f"<{tag}>{self.spans(cell)}</{tag}>" for cell in row)

    def code(self, text: str) -> str:
        return f"<code>{escape(text)}</code>"

    def stressed(self, inner: str, *, strong: bool) -> str:
        tag = "strong" if strong else "em"
        return f"<{tag}>{inner}</{tag}>"

    def text(self, text: str) -> str:
        return escape(text, quote=False)

"""LaTeX source, for those who typeset sheets with their own preamble."""

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

FILE = "sheet.tex"

_SIGNS = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "'": r"\textquotesingle{}",
    "`": r"\textasciigrave{}",
}


def render(page: Page) -> str:
    """The page as a LaTeX document."""
    filters = {"blocks": body, "line": line, "plain": _escaped, "code": code}
    return filled("sheet.tex.j2", filters, page=page, intro=intro())


def body(text: str) -> str:
    """Markdown as LaTeX."""
    return "\n\n".join(_block(block) for block in blocks(text))


def line(text: str) -> str:
    """Markdown without blocks as LaTeX."""
    return _line(spans(text))


def code(text: str) -> str:
    """Text as typed, in a running line; it may break behind underscores."""
    escaped = _escaped(text).replace(r"\_", r"\_\allowbreak{}")
    return rf"\texttt{{{escaped}}}"


def _block(block: Block) -> str:
    if isinstance(block, Paragraph):
        return _line(block.line)
    if isinstance(block, Formula):
        return f"\\[\n{block.latex}\n\\]"
    if isinstance(block, Listing):
        return f"\\begin{{verbatim}}\n{block.text}\n\\end{{verbatim}}"
    if isinstance(block, Items):
        kind = "enumerate" if block.numbered else "itemize"
        items = "\n".join(rf"\item {_line(item)}" for item in block.lines)
        return f"\\begin{{{kind}}}\n{items}\n\\end{{{kind}}}"
    return _table(block)


def _table(table: Table) -> str:
    head, *rest = (" & ".join(_line(cell) for cell in row) for row in table.rows)
    rows = " \\\\\n".join(rest)
    columns = "l" * len(table.rows[0])
    return (
        f"\\begin{{center}}\n\\begin{{tabular}}{{{columns}}}\n{head} \\\\ \\hline\n{rows}\n"
        "\\end{tabular}\n\\end{center}"
    )


def _line(line: Line) -> str:
    return "".join(_span(span) for span in line)


def _span(span: Span) -> str:
    if span.style == "math":
        return f"${span.text}$"
    if span.style == "code":
        return code(span.text)
    if span.style in ("strong", "emphasis"):
        return rf"\{'textbf' if span.style == 'strong' else 'emph'}{{{_line(span.inner)}}}"
    return _escaped(span.text).replace(r"\textquotesingle{}", "'")


def _escaped(text: str) -> str:
    return re.sub(r"""[\\~^<>|"'`#$%&_{}]""", lambda m: _SIGNS.get(m[0], "\\" + m[0]), text)

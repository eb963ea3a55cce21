"""LaTeX source, for those who typeset sheets with their own preamble."""

from __future__ import annotations

import re

from exercises.formats.markup import Items, Listing, Table
from exercises.formats.page import Page
from exercises.formats.render import filled, intro
from exercises.formats.setter import Setter

FILE = "sheet.tex"
BESIDE = "pdf"

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
    filters = {"blocks": body, "line": line, "plain": _breakable, "code": code}
    return filled("sheet.tex.j2", filters, page=page, intro=intro(page))


def code(text: str) -> str:
    """Text as typed, in a running line; it may break behind underscores."""
    return rf"\texttt{{{_breakable(text)}}}"


class _Tex(Setter):
    def math(self, latex: str, *, display: bool) -> str:
        return f"\\[\n{latex}\n\\]" if display else f"${latex}$"

    def listing(self, block: Listing) -> str:
        # Only verbatim sets every character; only `typed`, made in the template, breaks long lines.
        kind = "typed" if block.text.isascii() else "verbatim"
        return f"\\begin{{{kind}}}\n{block.text}\n\\end{{{kind}}}"

    def items(self, block: Items) -> str:
        kind = "enumerate" if block.numbered else "itemize"
        items = "\n".join(rf"\item {self.spans(item)}" for item in block.lines)
        return f"\\begin{{{kind}}}\n{items}\n\\end{{{kind}}}"

    def table(self, block: Table) -> str:
        head, *rest = (" & ".join(self.spans(cell) for cell in row) for row in block.rows)
        rows = " \\\\\n".join(rest)
        columns = "l" * len(block.rows[0])
        return (
            f"\\begin{{center}}\n\\begin{{tabular}}{{{columns}}}\n{head} \\\\ \\hline\n{rows}\n"
            "\\end{tabular}\n\\end{center}"
        )

    def code(self, text: str) -> str:
        return code(text)

    def stressed(self, inner: str, *, strong: bool) -> str:
        return rf"\{'textbf' if strong else 'emph'}{{{inner}}}"

    def text(self, text: str) -> str:
        return _escaped(text).replace(r"\textquotesingle{}", "'")


def _escaped(text: str) -> str:
    return re.sub(r"""[\\~^<>|"'`#$%&_{}]""", lambda m: _SIGNS.get(m[0], "\\" + m[0]), text)


def _breakable(text: str) -> str:
    return _escaped(text).replace(r"\_", r"\_\allowbreak{}")


_TEX = _Tex()
body, line = _TEX.body, _TEX.line

"""The walk over a question's blocks and spans that every text format shares."""

from __future__ import annotations

from abc import ABC, abstractmethod

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


class Setter(ABC):
    """Sets Markdown in a language of its own; a format says how each piece is written."""

    def body(self, text: str) -> str:
        """Markdown, its blocks apart by an empty line."""
        return "\n\n".join(self._block(block) for block in blocks(text))

    def paragraph(self, inner: str) -> str:
        """A paragraph, whose spans are set already."""
        return inner

    def line(self, text: str) -> str:
        """Markdown without blocks."""
        return self.spans(spans(text))

    def spans(self, line: Line) -> str:
        """The spans of a line, one after the other."""
        return "".join(self._span(span) for span in line)

    def _block(self, block: Block) -> str:
        if isinstance(block, Paragraph):
            return self.paragraph(self.spans(block.line))
        if isinstance(block, Formula):
            return self.math(block.latex, display=True)
        if isinstance(block, Listing):
            return self.listing(block)
        if isinstance(block, Items):
            return self.items(block)
        return self.table(block)

    def _span(self, span: Span) -> str:
        if span.style == "math":
            return self.math(span.text, display=False)
        if span.style == "code":
            return self.code(span.text)
        if span.style in ("strong", "emphasis"):
            return self.stressed(self.spans(span.inner), strong=span.style == "strong")
        return self.text(span.text)

    @abstractmethod
    def math(self, latex: str, *, display: bool) -> str:
        """A formula, in a line of its own or not."""

    @abstractmethod
    def listing(self, block: Listing) -> str:
        """Text set as typed."""

    @abstractmethod
    def items(self, block: Items) -> str:
        """A list."""

    @abstractmethod
    def table(self, block: Table) -> str:
        """A table; the first row is its head."""

    @abstractmethod
    def code(self, text: str) -> str:
        """Text as typed, in a running line."""

    @abstractmethod
    def stressed(self, inner: str, *, strong: bool) -> str:
        """Strong or emphasised text, set already."""

    @abstractmethod
    def text(self, text: str) -> str:
        """Running text, every sign in it as itself."""

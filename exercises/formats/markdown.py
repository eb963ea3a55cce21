"""Markdown, with LaTeX between dollar signs."""

from __future__ import annotations

from exercises.formats.page import Page
from exercises.formats.render import filled, intro

FILE = "sheet.md"
BESIDE = "svg"


def render(page: Page) -> str:
    """The page as Markdown."""
    return filled("sheet.md.j2", {}, page=page, intro=intro(page))

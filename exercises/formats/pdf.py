"""A PDF for paper, set by Typst with the fonts it carries: the same bytes on every machine."""

from __future__ import annotations

from functools import cache
from typing import Any

from exercises.formats.page import Page
from exercises.formats.render import FormatError, needed
from exercises.formats.typst import render as source

FILE = "sheet.pdf"


def render(page: Page) -> bytes:
    """The page as PDF.

    Raises:
        FormatError: Typst is not installed, or cannot set the page.
    """
    typst = needed("typst", "pdf")
    try:
        made, warnings = typst.compile_with_warnings(source(page).encode(), font_paths=_fonts())
    except typst.TypstError as error:
        raise FormatError(f"Typst cannot set the sheet: {error}") from error
    if warnings:
        raise FormatError(f"Typst warns of the sheet: {warnings[0].message}")
    return bytes(made)


@cache
def _fonts() -> Any:
    return needed("typst", "pdf").Fonts(include_system_fonts=False, include_embedded_fonts=True)

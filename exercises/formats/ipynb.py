"""A Jupyter notebook: questions in text cells, one tagged code cell for each answer.

It is a submission as it is, and so is the script that Jupyter exports from it: the cell that names
sheet and seed comes first.
"""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from exercises.formats.page import Page, Section
from exercises.formats.render import filled, intro, needed

FILE = "sheet.ipynb"


def render(page: Page) -> str:
    """The page as a notebook; as a solution sheet with the answers filled in."""
    form = needed("nbformat", "ipynb")
    book = form.v4.new_notebook(
        metadata={
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python", "file_extension": ".py"},
            "title": page.title,
        }
    )
    book.cells = list(_cells(page, form.v4))
    for number, cell in enumerate(book.cells):
        cell.id = f"cell-{number}"  # nbformat's own ids are drawn anew each time
    form.validate(book)
    return f"{form.writes(book)}\n"


def script(notebook: str) -> str:
    """The code cells of a notebook, one after the other, as Jupyter exports them.

    Raises:
        FormatError: nbformat is not installed.
    """
    form = needed("nbformat", "ipynb")
    book = form.reads(notebook, as_version=4)
    code = [cell.source for cell in book.cells if cell.cell_type == "code"]
    return "\n\n\n".join(["#!/usr/bin/env python", "# coding: utf-8", *code]) + "\n"


def _cells(page: Page, v4: Any) -> Any:
    head = filled("head.ipynb.j2", {}, page=page, intro=intro(page, "ipynb"))
    yield v4.new_markdown_cell(head.strip())
    identity = f"SHEET = {page.sheet.name!r}\nSEED = {page.seed!r}"
    yield v4.new_code_cell(identity, metadata={"tags": ["sheet"], "deletable": False})
    for section in page.sections:
        yield from _section(page, section, v4)
    hints = "\n".join(f"- `{name}`: {hint}" for name, hint in page.hints) or page.hints_asked
    if hints:
        yield v4.new_markdown_cell(f"## Hints\n\n{hints}")


def _heading(page: Page, section: Section, v4: Any) -> Any:
    lines = [f"## {section.number}. {section.title}"]
    lines += [section.about] if page.solutions else []
    if not section.picture:
        return v4.new_markdown_cell("\n\n".join(lines))
    name = section.file("png")
    picture = {"image/png": b64encode(section.drawn("png")).decode()}
    lines.append(f"![{section.alt}](attachment:{name})")
    return v4.new_markdown_cell("\n\n".join(lines), attachments={name: picture})


def _section(page: Page, section: Section, v4: Any) -> Any:
    yield _heading(page, section, v4)
    for question in section.questions:
        heading = f"**`{question.name}`** ({question.worth})"
        yield v4.new_markdown_cell(f"{heading}\n\n{question.text}\n\n{question.instruction}")
        blank = question.part.answer.blank
        source = question.answer if page.solutions else blank
        tags = ["answer", f"points-{question.part.points}"]
        yield v4.new_code_cell(source, metadata={"tags": tags, "name": question.name})

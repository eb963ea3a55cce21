"""The one door to the formats: a page and the name of a format give the file's name and bytes.

A format is a module of this folder with `FILE`, the name of its file, and
`render(page) -> str | bytes`. `SOLUTIONS = False` says that it cannot hold a solution sheet,
`ANSWERS = True` that it always holds the answers, `BESIDE = "svg"` that pictures are files beside
its own.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

from exercises.formats.page import Page, template

FORMATS = {
    "md": "markdown",
    "html": "html",
    "pdf": "pdf",
    "ipynb": "ipynb",
    "tex": "tex",
    "typst": "typst",
    "moodle": "moodle",
}


class FormatError(RuntimeError):
    """A sheet cannot be written in a format; the message says why, and what to do."""


def render(page: Page, form: str) -> bytes:
    """The page in a format, as the bytes of its file.

    Raises:
        FormatError: the format needs a package that is missing, or cannot hold the page.
    """
    module = _module(form)
    if page.solutions and not getattr(module, "SOLUTIONS", True):
        raise FormatError(f"{form} holds no solution sheet; choose md, html, pdf, tex or typst")
    text: str | bytes = module.render(page)
    return text.encode() if isinstance(text, str) else text


def beside(page: Page, form: str) -> dict[str, bytes]:
    """The pictures that a format has in files beside its own, by name.

    Raises:
        FormatError: there is nothing to draw them with.
    """
    kind = getattr(_module(form), "BESIDE", None)
    return page.pictures(kind) if kind else {}


def file_name(form: str, solutions: bool = False) -> str:
    """The name of the file that a format is written to."""
    name: str = _module(form).FILE
    return name.replace("sheet", "solutions") if solutions else name


def holds_answers(form: str) -> bool:
    """Whether every file of a format holds the answers, and is for teachers alone."""
    return bool(getattr(_module(form), "ANSWERS", False))


def needed(package: str, form: str) -> Any:
    """A package that one format needs.

    Raises:
        FormatError: it is not installed.
    """
    try:
        return import_module(package)
    except ImportError as error:
        raise FormatError(
            f"{form} needs the package {package}; run: pip install 'workings[sheets]'"
        ) from error


def filled(name: str, filters: dict[str, Any], /, **values: Any) -> str:
    """A template with its gaps filled.

    Args:
        name: its file name; one that ends in .html.j2 escapes what it is given.
        filters: what it may apply to values.
        values: what it is given.
    """
    environment = _environment(name.endswith(".html.j2"), _delimiters(name))
    environment.filters |= {"python": repr, "quoted": _quoted, **filters}
    return str(environment.get_template(name).render(values))


def intro(page: Page, form: str = "") -> str:
    """How answers are typed and where they go, as Markdown.

    Args:
        page: the page; it says in which form the blank submission was given out.
        form: another form, of a page that is a submission itself.
    """
    return filled("intro.md.j2", {}, page=page, form=form or page.starter).strip()


def _quoted(value: object) -> str:
    """A value as Python source, with the quotes that the formatter prefers."""
    import json

    return json.dumps(value, ensure_ascii=False)


def _module(form: str) -> Any:
    return import_module(f"exercises.formats.{FORMATS[form]}")


def _delimiters(name: str) -> str:
    # Braces and percent signs are LaTeX's own.
    return "tex" if name.endswith(".tex.j2") else ""


@cache
def _environment(escape: bool, delimiters: str) -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    signs: dict[str, Any] = {}
    if delimiters:
        signs = {
            "variable_start_string": "<<",
            "variable_end_string": ">>",
            "block_start_string": "<%",
            "block_end_string": "%>",
            "comment_start_string": "<#",
            "comment_end_string": "#>",
        }
    return Environment(
        loader=FileSystemLoader(template(""), encoding="utf-8"),
        undefined=StrictUndefined,
        autoescape=escape,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        **signs,
    )

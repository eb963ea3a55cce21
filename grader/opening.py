"""From a file to what is marked: code in its sandbox, and what is written beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.grading import sheet_and_seed

if TYPE_CHECKING:
    from grader.sandbox import Sandbox
    from grader.written.document import Document
    from grader.written.student import Written


def opened(
    name: str, file: str, text: str, sheet: str | None, seed: str | None, *, allow_weak: bool
) -> tuple[str, str, Sandbox | Written]:
    """The sheet, the seed, and the submission, whose code has been started.

    Args:
        name: what the submission is called in messages.
        file: its file's name; the ending says how it is read.
        text: its text.
        sheet: which sheet, if not the one it names.
        seed: which variant, if not the one it names.
        allow_weak: run code even where it cannot be kept apart.

    Raises:
        SubmissionError: it cannot be graded.
    """
    from grader.sandbox import Sandbox

    document = _document(name, file, text)
    if document is None:
        sheet, seed = sheet_and_seed(name, text, sheet, seed)
        return sheet, seed, Sandbox(text, allow_weak=allow_weak or None)
    from grader.written.student import Written

    if document.tells:
        sheet, seed = document.sheet_and_seed(sheet, seed)
    else:
        sheet, seed = sheet_and_seed(
            name, document.code, sheet or document.sheet or None, seed or document.seed or None
        )
    # The child starts before the sheet is read: both take about as long.
    runs = bool(document.code.strip())
    code = Sandbox(document.code, allow_weak=allow_weak or None) if runs else None
    try:
        return sheet, seed, Written(document, _names(sheet), code)
    except BaseException:
        if code is not None:
            code.close()
        raise


def _names(sheet: str) -> tuple[str, ...]:
    """What a sheet asks for; nothing of one that is unknown, which is said when it is graded."""
    from exercises.sheet import SheetError, load_sheet

    try:
        return tuple(part.name for part in load_sheet(sheet).parts)
    except SheetError:
        return ()


def _document(name: str, file: str, text: str) -> Document | None:
    """What is written in a file, or nothing when it is code alone."""
    if file.endswith(".md"):
        from grader.written import markdown

        return markdown.read(name, text)
    if file.endswith(".tex"):
        from grader.written import tex

        return tex.read(name, text)
    if file.endswith(".ipynb"):
        from grader import notebook

        return notebook.read(name, text)
    return None
